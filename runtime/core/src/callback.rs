//! The parameters with which a browser comes back from a provider's pages.
//!
//! [`crate::auth`] decides what they mean.

use crate::connection::ConfigMap;
use std::fmt;

/// The parameters of a callback. The first of a name counts.
#[derive(Clone)]
pub struct Callback(Vec<(String, String)>);

/// Ignore anything beyond this many callback parameters.
const MAX_PARAMETERS: usize = 100;

impl Callback {
    /// Reads a query, with or without its `?`.
    pub fn parse(query: &str) -> Callback {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = form_urlencoded::parse(query.as_bytes()).take(MAX_PARAMETERS);
        Callback(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// A callback with one value that no browser brought.
    pub fn of(name: &str, value: &str) -> Callback {
        Callback(vec![(name.to_owned(), value.to_owned())])
    }

    /// The value of a parameter, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        values.next().filter(|value| !value.is_empty())
    }

    /// The values of these parameters, as configuration.
    pub fn metadata(&self, names: &[&str]) -> ConfigMap {
        names.iter().filter_map(|name| Some(((*name).to_owned(), self.get(name)?.to_owned()))).collect()
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
