//! Enums whose variants entries write as words: the enum and its words from one listing.

/// Adds `name` and `from_name` to an enum. A variant is one word, whichever key has it; a key whose words are others
/// lists them itself, in the compiler's model.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $name {
            /// The word, as entries write it.
            pub const fn name(self) -> &'static str {
                match self { $( $name::$variant => $word, )+ }
            }

            /// The value of a word; `None` for another word.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $( $word => Some($name::$variant), )+ _ => None }
            }
        }
    };
}
