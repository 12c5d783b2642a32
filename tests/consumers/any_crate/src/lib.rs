//! Generated code in a crate that is as strict as crates are.
#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations)]
#![deny(unreachable_pub, unnameable_types, unused_qualifications, rust_2018_idioms, unused, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(clippy::allow_attributes, clippy::allow_attributes_without_reason, clippy::exhaustive_structs)]
#![deny(clippy::missing_docs_in_private_items, clippy::absolute_paths, clippy::unseparated_literal_suffix)]

pub mod fragments;
pub mod without_prelude;

/// A program names few of the providers that it compiles.
mod private {
    keyway::include_providers!();
}

/// The same in a module that the macro makes.
mod inner {
    keyway::include_providers!(mod modes, "modes");
}

/// The same by a macro alone.
mod file {
    keyway::providers!("acme.yaml");
}

/// What is named here.
#[must_use]
pub fn named() -> [&'static str; 3] {
    [private::github::SPEC.key, inner::modes::code::SPEC.key, file::acme::SPEC.key]
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_named_is_there() {
        assert_eq!(crate::named(), ["github", "code", "acme"]);
    }
}
