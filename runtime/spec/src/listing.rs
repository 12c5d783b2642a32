//! Structs that another crate walks over field by field: the struct, its `EMPTY` and the list of its fields, from one
//! listing.

/// Adds `EMPTY` to a struct, and a macro that hands its name and its fields to another macro: with `fields_of_x` as its
/// name, `fields_of_x!(print)` is `print! { update X { a, b } }`. So the crate that prints a spec has no list of its
/// own to keep. The first argument is a `$`, which a macro cannot write into the macro that it makes.
macro_rules! listing {
    (
        ($d:tt) $list:ident
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* pub $field:ident: $type:ty = $empty:expr, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name { $( $(#[$field_meta])* pub $field: $type, )+ }

        impl $name {
            /// What stands where an entry says nothing; the base of `..EMPTY` in generated code.
            pub const EMPTY: $name = $name { $( $field: $empty, )+ };
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $list {
            ($d then:ident) => { $d then! { update $name { $($field),+ } } };
        }
    };
}
