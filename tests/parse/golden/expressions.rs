fn f() {
    a + b * c - -(d as u8) << 1 == e && f || g..=h;
    x = y += z?;
    if let Some(x) = y && z { 1 } else if S == (S {}) { 2 } else { 3 }
    match x { 1..=2 | 3 if a => b, A { b, ref c, d: _, .. } => {} _ => return }
    { 1 } - 2;
    'a: loop { break 'a |x: u8, _| -> u8 { x } }
    v.iter().map::<T>(|&x| move || x + 1).0.1.await[..];
    let Ok(S { x, .. }) = &raw mut *z else { panic!("a") };
    vec![1; 2].len()
}
//> file
//>   fn_item
//>     name f
//>     params
//>     block
//>       expr_statement
//>         range (7)
//>           binary ||
//>             binary &&
//>               binary ==
//>                 binary <<
//>                   binary -
//>                     binary +
//>                       name a
//>                       binary *
//>                         name b
//>                         name c
//>                     unary -
//>                       paren
//>                         cast
//>                           name d
//>                           name u8
//>                   literal 1
//>                 name e
//>               name f
//>             name g
//>           name h
//>       expr_statement
//>         assign =
//>           name x
//>           assign +=
//>             name y
//>             try_
//>               name z
//>       if_
//>         binary &&
//>           let
//>             tuple_struct
//>               name Some
//>               binding x
//>             name y
//>           name z
//>         block
//>           literal 1
//>         else_
//>           if_
//>             binary ==
//>               name S
//>               paren
//>                 struct_literal
//>                   name S
//>             block
//>               literal 2
//>             else_
//>               block
//>                 literal 3
//>       match_
//>         name x
//>         match_arms
//>           arm (2)
//>             or_pattern (1)
//>               range_pattern (7)
//>                 literal 1
//>                 literal 2
//>               literal 3
//>             guard
//>               name a
//>             name b
//>           arm (2)
//>             struct_pattern
//>               name A
//>               field_pattern b
//>               field_pattern c
//>               field_pattern d
//>                 wild
//>               rest
//>             block
//>           arm (2)
//>             wild
//>             return_
//>       block
//>         literal 1
//>       expr_statement
//>         unary -
//>           literal 2
//>       labeled
//>         label 'a
//>         loop
//>           block
//>             break_
//>               label 'a
//>               closure
//>                 closure_params
//>                   param
//>                     binding x
//>                     name u8
//>                   wild
//>                 ret
//>                   name u8
//>                 block
//>                   name x
//>       expr_statement
//>         index
//>           await
//>             field_access
//>               method_call
//>                 method_call
//>                   name v
//>                   name iter
//>                   arguments
//>                 generic
//>                   name map
//>                   generic_args
//>                     name T
//>                 arguments
//>                   closure
//>                     closure_params
//>                       ref_pattern
//>                         binding x
//>                     closure (128)
//>                       closure_params
//>                       binary +
//>                         name x
//>                         literal 1
//>               literal 0.1
//>           range
//>       let_statement (6)
//>         tuple_struct
//>           name Ok
//>           struct_pattern
//>             name S
//>             field_pattern x
//>             rest
//>         borrow (9)
//>           unary *
//>             name z
//>         block
//>           macro_call
//>             name panic
//>             token_tree
//>       method_call
//>         macro_call
//>           name vec
//>           token_tree
//>         name len
//>         arguments
