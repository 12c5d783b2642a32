//! An item as data: the members of a struct or the variants of an enum.

use proc_macro2::TokenStream;
use syn::Ident;

/// A type to which serde's traits are given.
pub(super) struct Derived {
    pub(super) name: Ident,
    /// The items that the implementation names.
    pub(super) support: TokenStream,
    pub(super) kind: DerivedKind,
}

/// Its members.
pub(super) enum DerivedKind {
    Struct(Vec<DerivedMember>),
    Texts {
        /// Variants with their texts.
        known: Vec<(Ident, String)>,
        /// The variant of all other texts.
        other: Option<Ident>,
    },
    /// Variants that a member of an object tells apart.
    Tagged {
        /// The name of the member.
        tag: String,
        known: Vec<TaggedVariant>,
        /// The variant of everything else.
        other: Option<Ident>,
    },
    /// Variants of which the first that fits is taken.
    Untagged(Vec<Ident>),
}

/// A variant and the texts that tell it: it is written with the first.
pub(super) struct TaggedVariant {
    pub(super) name: Ident,
    pub(super) texts: Vec<String>,
}

/// A field.
pub(super) struct DerivedMember {
    pub(super) field: Ident,
    /// Its name on the wire.
    pub(super) name: String,
    /// True if it is left out where it is `None`.
    pub(super) skips_none: bool,
}
