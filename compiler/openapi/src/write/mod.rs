//! Types and methods to Rust text.
//!
//! [`rust`] says types, [`items`] and [`methods`] what is made of them, [`layout`] breaks lines, [`mod@file`] the
//! written file with the part that belongs to its user. All of it is total.

pub mod file;
mod items;
mod layout;
mod methods;
mod rust;
mod style;

pub use style::TypeStyle;

use crate::method::TraitMethod;
use crate::shape::Item;

/// A trait with its types, for an entry.
#[derive(Clone, Copy, Debug)]
pub struct WrittenTrait<'w> {
    /// The name of the trait.
    pub trait_name: &'w str,
    /// The provider's generated module, or its type.
    pub provider: &'w str,
    /// The methods.
    pub methods: &'w [TraitMethod],
    /// The items.
    pub items: &'w [Item],
    /// The numbers of the items that the methods use, in order.
    pub used: &'w [usize],
    /// Wishes about the text.
    pub style: TypeStyle,
}

/// The code: the trait, then the types.
pub fn code(written: WrittenTrait<'_>) -> String {
    let mut parts = vec![methods::text(&written)];
    for index in written.used {
        parts.push(items::text(&written.items[*index], written.items, written.style));
    }
    if parts.iter().any(|part| part.contains(items::ISO_DATE_WITH)) {
        parts.push(items::ISO_DATE.to_owned());
    }
    parts.join("\n")
}
