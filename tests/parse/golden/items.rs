#![allow(unused)]
//! A crate.
use a::{b as c, d::*, self};
pub(crate) struct S<'a, T: ?Sized + 'a, const N: usize = 3>(pub &'a T, [u8; N]) where T: Copy;
/// An enum.
enum E { A = 1, B { x: u8 }, #[x] C(i32) }
unsafe extern "C" fn f<T>(self: &Self, (a, b): (u8, u16), ...) -> impl Fn(u8) -> u8 + Send where for<'a> T: Tr<'a, Item = u8> { a }
trait Tr: A + 'static { type T<'a>: B where Self: 'a; const C: u8 = 1; fn g(&mut self); }
impl<T> !Send for Vec<<T as Tr>::T> {}
macro_rules! m { ($x:expr) => { $x } }
m!(1 + 2);
//> file
//>   attribute (1)
//>   doc (1)
//>   use_item
//>     use_group (1)
//>       name a
//>       use_rename
//>         name b
//>         name c
//>       use_glob
//>         name d
//>       name self
//>   struct_item
//>     visibility
//>       name crate
//>     name S
//>     generic_params
//>       lifetime_param 'a
//>       type_param T
//>         bounds
//>           bound (1)
//>             name Sized
//>           lifetime 'a
//>       const_param (2)
//>         name N
//>         name usize
//>         literal 3
//>     tuple_fields
//>       tuple_field
//>         visibility
//>         ref_type
//>           lifetime 'a
//>           name T
//>       tuple_field
//>         array_type
//>           name u8
//>           name N
//>     where_clause
//>       where_predicate
//>         name T
//>         name Copy
//>   enum_item
//>     doc
//>     name E
//>     variants
//>       variant A
//>         discriminant
//>           literal 1
//>       variant B
//>         record_fields
//>           field x
//>             name u8
//>       variant C
//>         attribute
//>         tuple_fields
//>           tuple_field
//>             name i32
//>   fn_item (68)
//>     abi "C"
//>     name f
//>     generic_params
//>       type_param T
//>     params
//>       self_param
//>         ref_type
//>           name Self
//>       param
//>         tuple_pattern
//>           binding a
//>           binding b
//>         tuple_type
//>           name u8
//>           name u16
//>       variadic
//>     ret
//>       impl_type
//>         generic
//>           name Fn
//>           paren_args
//>             name u8
//>           ret
//>             name u8
//>         name Send
//>     where_clause
//>       where_predicate
//>         for_binder
//>           generic_params
//>             lifetime_param 'a
//>         name T
//>         generic
//>           name Tr
//>           generic_args
//>             lifetime 'a
//>             assoc_type
//>               name Item
//>               name u8
//>     block
//>       name a
//>   trait_item
//>     name Tr
//>     bounds
//>       name A
//>       lifetime 'static
//>     item_list
//>       type_item
//>         name T
//>         generic_params
//>           lifetime_param 'a
//>         bounds
//>           name B
//>         where_clause
//>           where_predicate
//>             name Self
//>             lifetime 'a
//>       const_item (2)
//>         name C
//>         name u8
//>         literal 1
//>       fn_item
//>         name g
//>         params
//>           self_param (3)
//>   impl_item (3)
//>     generic_params
//>       type_param T
//>     name Send
//>     generic
//>       name Vec
//>       generic_args
//>         path
//>           qualified_self (1)
//>             name T
//>             name Tr
//>           name T
//>     item_list
//>   macro_rules
//>     name m
//>     token_tree
//>   macro_call
//>     name m
//>     token_tree
