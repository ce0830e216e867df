// edition: 2018
type A = for<'a> fn(&'a mut [T; 1 + 2], _: *const (dyn B + 'a)) -> !;
type C = Box<dyn for<'b> Fn(&'b u8) -> Vec<Vec<u8>>>;
type D = (u8, (B), ()) ;
//> file
//>   type_item (2)
//>     name A
//>     fn_type
//>       for_binder
//>         generic_params
//>           lifetime_param 'a
//>       params
//>         ref_type (1)
//>           lifetime 'a
//>           array_type
//>             name T
//>             binary +
//>               literal 1
//>               literal 2
//>         param
//>           wild
//>           pointer_type (4)
//>             paren_type
//>               dyn_type
//>                 name B
//>                 lifetime 'a
//>       ret
//>         never_type
//>   type_item (2)
//>     name C
//>     generic
//>       name Box
//>       generic_args
//>         dyn_type
//>           bound
//>             for_binder
//>               generic_params
//>                 lifetime_param 'b
//>             generic
//>               name Fn
//>               paren_args
//>                 ref_type
//>                   lifetime 'b
//>                   name u8
//>               ret
//>                 generic
//>                   name Vec
//>                   generic_args
//>                     generic
//>                       name Vec
//>                       generic_args
//>                         name u8
//>   type_item (2)
//>     name D
//>     tuple_type
//>       name u8
//>       paren_type
//>         name B
//>       tuple_type
