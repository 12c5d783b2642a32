//! The configuration of a request that is shown: of its secret fields the names, as of credentials.

use super::by_name::references_of_calls;
use super::hint;
use super::stand_in::StandIns;
use crate::commands::pairs::{Pair, config};
use crate::exit::Failure;
use keyway::connection::ConfigMap;
use keyway::fields::{self, Trust};
use keyway::secret::Secret;
use keyway_spec::{Field, Position, ProviderSpec, Root};
use std::collections::BTreeSet;

/// The values given on the command line, checked.
pub(super) struct GivenConfig {
    values: ConfigMap,
    /// The secret fields that were given.
    secret: BTreeSet<&'static str>,
    /// The secret fields that are needed and were not given; each has some value.
    missing: BTreeSet<&'static str>,
}

impl GivenConfig {
    /// Checks the values. A secret that is needed may be left out, since it is shown by name anyway.
    pub(super) fn of(spec: &ProviderSpec, pairs: &[Pair]) -> Result<GivenConfig, Failure> {
        let mut values = config(pairs);
        let is_given = |field: &&Field| values.get(field.name).is_some_and(|value| !value.is_empty());
        let (given, left_out): (Vec<&Field>, Vec<&Field>) =
            spec.connection_config.iter().filter(|field| field.secret).partition(is_given);
        let needed = left_out.iter().filter(|field| !field.optional && field.default_value.is_none());
        let missing: BTreeSet<&'static str> = needed.map(|field| field.name).collect();
        values.extend(missing.iter().map(|name| ((*name).to_owned(), "-".to_owned())));
        let unshaped = |field: &Field| {
            if missing.contains(field.name) {
                Field { pattern: None, choices: &[], format: None, ..*field }
            } else {
                *field
            }
        };
        let fields: Vec<Field> = spec.connection_config.iter().map(unshaped).collect();
        let values = fields::validate(&fields, &values, Trust::Operator)
            .map_err(|error| Failure::usage(hint(&error, "--config")))?;
        let secret = given.into_iter().map(|field| field.name).collect();
        // A field that is not asked for beside the others is not needed.
        let missing = missing.into_iter().filter(|name| values.contains_key(*name)).collect();
        Ok(GivenConfig { values, secret, missing })
    }

    /// Every value that must not be shown.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.secret.iter().filter_map(|name| self.values.get(*name)).map(|text| Secret::from(text.as_str())).collect()
    }

    /// The fields that were not given and are needed.
    pub(super) fn missing(&self) -> impl Iterator<Item = &'static str> {
        self.missing.iter().copied()
    }

    /// The fields whose values are stand-ins. `open` says that values which were given are shown as they are.
    pub(super) fn hidden(&self, open: bool) -> BTreeSet<&'static str> {
        let given = self.secret.iter().filter(|_| !open);
        given.chain(&self.missing).copied().collect()
    }

    /// The values, with stand-ins for those that are hidden.
    pub(super) fn values(&self, spec: &ProviderSpec, open: bool, stand_ins: &mut StandIns) -> ConfigMap {
        let mut origins = BTreeSet::new();
        references_of_calls(&spec.auth, spec.proxy.as_ref(), &mut |reference| {
            if reference.root == Root::ConnectionConfig && reference.position == Position::Origin {
                origins.insert(reference.path);
            }
        });
        let mut values = self.values.clone();
        for name in self.hidden(open) {
            let stand_in = stand_ins.of(format!("<{name}>"));
            let value = if origins.contains(name) { format!("https://{stand_in}") } else { stand_in };
            values.insert(name.to_owned(), value);
        }
        values
    }
}
