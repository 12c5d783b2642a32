//! The providers that a program knows, by key.
//!
//! Specs are borrowed for ever: generated ones are statics, a long-running server leaks its own once.

use crate::error::{Error, ErrorKind, Result};
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::fmt;

/// Providers by key.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # const PROVIDERS: &[&keyway::spec::ProviderSpec] = &[<acme::Acme as keyway::Provider>::SPEC];
/// use keyway::Catalogue;
///
/// let catalogue = Catalogue::new(PROVIDERS); // `PROVIDERS` is in generated code
/// assert_eq!(catalogue.get("acme").map(|spec| spec.auth.mode()), Some("API_KEY"));
/// assert!(catalogue.require("other").is_err());
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Default)]
pub struct Catalogue(BTreeMap<&'static str, &'static ProviderSpec>);

impl Catalogue {
    /// The providers of a list, such as the `PROVIDERS` of generated code.
    pub fn new(providers: &'static [&'static ProviderSpec]) -> Catalogue {
        providers.iter().copied().collect()
    }

    /// A provider.
    pub fn get(&self, key: &str) -> Option<&'static ProviderSpec> {
        self.0.get(key).copied()
    }

    /// All providers, by key.
    pub fn iter(&self) -> impl Iterator<Item = &'static ProviderSpec> + '_ {
        self.0.values().copied()
    }

    /// Adds a provider; one with the same key is replaced.
    pub fn insert(&mut self, provider: &'static ProviderSpec) {
        self.0.insert(provider.key, provider);
    }

    /// A provider that has to be there; an error that says so where it is not.
    pub fn require(&self, key: &str) -> Result<&'static ProviderSpec> {
        self.get(key).ok_or_else(|| {
            let message = format!("the catalogue has no provider `{key}`: add it, or correct the integration");
            Error::new(ErrorKind::UnknownProvider, message)
        })
    }
}

impl FromIterator<&'static ProviderSpec> for Catalogue {
    fn from_iter<I: IntoIterator<Item = &'static ProviderSpec>>(providers: I) -> Catalogue {
        Catalogue(providers.into_iter().map(|provider| (provider.key, provider)).collect())
    }
}

impl Extend<&'static ProviderSpec> for Catalogue {
    fn extend<I: IntoIterator<Item = &'static ProviderSpec>>(&mut self, providers: I) {
        self.0.extend(providers.into_iter().map(|provider| (provider.key, provider)));
    }
}

impl IntoIterator for Catalogue {
    type Item = &'static ProviderSpec;
    type IntoIter = std::collections::btree_map::IntoValues<&'static str, &'static ProviderSpec>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_values()
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({} providers)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_found_by_key_and_listed_in_order() {
        static B: ProviderSpec = ProviderSpec { key: "b", ..ProviderSpec::EMPTY };
        static A: ProviderSpec = ProviderSpec { key: "a", ..ProviderSpec::EMPTY };
        let catalogue: Catalogue = [&B, &A].into_iter().collect();
        assert_eq!(catalogue.iter().map(|spec| spec.key).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(catalogue.get("b").map(|spec| spec.key), Some("b"));
        assert_eq!(catalogue.require("c").unwrap_err().kind(), ErrorKind::UnknownProvider);
    }
}
