//! What the browser brings back (RFC 6749 section 4.1.2): a code, or a reason.
//!
//! Only what the entry names is taken from the query. Absent here: whether the state is known.

use crate::auth::token_response::hide;
use crate::connection::ConfigMap;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use keyway_spec::auth::OAuth2;
use keyway_spec::{Field, ProviderSpec};

/// The parameters of a callback. The first of a name counts.
pub(crate) struct Callback(Vec<(String, String)>);

/// More parameters than this are somebody's mischief.
const MOST: usize = 100;

impl Callback {
    /// Reads a query, with or without its `?`.
    pub(crate) fn parse(query: &str) -> Callback {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = form_urlencoded::parse(query.as_bytes()).take(MOST);
        Callback(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The state, under any of the names that authorization servers give it.
    pub(crate) fn state(&self) -> Result<&str> {
        let state = ["state", "payload", "customField"].iter().find_map(|name| self.get(name));
        state.ok_or_else(|| Error::new(ErrorKind::InvalidState, "the callback has no state: start again"))
    }

    /// The code, or why there is none.
    pub(crate) fn code(&self, mode: &OAuth2<'_>) -> Result<Secret> {
        if let Some(code) = self.get(mode.authorization.code_param) {
            return Ok(Secret::new(code));
        }
        let Some(error) = self.get("error") else {
            let name = mode.authorization.code_param;
            let message = format!("the authorization server sent neither `{name}` nor an error: start again");
            return Err(Error::new(ErrorKind::AuthorizationDenied, message));
        };
        let error = hide(error, &[]);
        let message = match self.get("error_description") {
            Some(description) => format!("the authorization server said `{error}`: {}", hide(description, &[])),
            None => format!("the authorization server said `{error}`"),
        };
        Err(Error::new(ErrorKind::AuthorizationDenied, message))
    }

    /// The values that the entry asks for, and no others.
    pub(crate) fn metadata(&self, mode: &OAuth2<'_>) -> ConfigMap {
        let names = mode.authorization.redirect_uri_metadata.iter();
        names.filter_map(|name| Some(((*name).to_owned(), self.get(name)?.to_owned()))).collect()
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        values.next().filter(|value| !value.is_empty())
    }
}

/// The configuration of a connection: what the customer entered, completed by what the provider said.
///
/// A customer's non-empty value wins for a field that people fill in; for any other name the provider's does.
pub(crate) fn merge(spec: &ProviderSpec<'_>, entered: ConfigMap, said: ConfigMap) -> ConfigMap {
    let asked =
        |name: &str| spec.connection_config.iter().any(|field: &Field<'_>| field.name == name && !field.automated);
    let mut merged = entered;
    for (name, value) in said {
        let keep = asked(&name) && merged.get(&name).is_some_and(|entered| !entered.is_empty());
        if !keep {
            merged.insert(name, value);
        }
    }
    merged
}
