//! Overrides of one connection: other scopes, further parameters of the authorization request.
//!
//! They stand in the connection's configuration under fixed names, whatever the entry declares.

use crate::auth::token_request::Parameters;
use crate::connection::ConfigMap;
use crate::error::{Error, ErrorKind, Result};

/// Scopes that take the place of the integration's, separated by commas.
pub(crate) const SCOPES: &str = "oauth_scopes_override";
/// Scopes of the user's own token, where an authorization server tells them from the app's.
pub(crate) const USER_SCOPE: &str = "user_scope";
/// Before the name of a further parameter.
pub(crate) const PARAM: &str = "authorization_params.";

/// Parameters that the flow decides: what binds it to the browser, the client and the redirect URI, what it asks for,
/// and what would take the place of all of these (a request object, RFC 9101) or of the way back (`response_mode`).
const FIXED: [&str; 10] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Refuses a parameter that the flow itself depends on, and a name that is none (RFC 6749 section 8.2).
pub(crate) fn check(config: &ConfigMap) -> Result<()> {
    for (name, _) in params(config) {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
            let message = format!(
                "the authorization parameter `{name}` has no name that one can have: use letters, \
                                   digits, `-`, `.` and `_`"
            );
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
        if is_fixed(name) {
            let message = format!("the authorization parameter `{name}` cannot be set: the flow decides it");
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
    }
    Ok(())
}

/// Refuses a parameter that the authorization URL has already: each is sent once (RFC 6749 section 3.1).
pub(in crate::auth) fn check_taken(config: &ConfigMap, taken: &[String]) -> Result<()> {
    match params(config).find(|(name, _)| taken.iter().any(|other| normal(other) == normal(name))) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!("the authorization parameter `{name}` cannot be set: the provider's URL sets it");
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
    }
}

/// True if the flow decides a parameter, in any spelling that a server might take for its name.
fn is_fixed(name: &str) -> bool {
    FIXED.contains(&normal(name).as_str())
}

/// Some frameworks read names without regard to case, and dots and hyphens as underscores.
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['.', '-'], "_")
}

/// The further parameters.
pub(crate) fn params(config: &ConfigMap) -> impl Iterator<Item = (&str, &str)> {
    config.iter().filter_map(|(name, value)| Some((name.strip_prefix(PARAM)?, value.as_str())))
}

/// Applies the overrides to an authorization request. The text `undefined` removes a parameter.
pub(in crate::auth) fn apply(config: &ConfigMap, parameters: &mut Parameters) {
    if let Some(scope) = config.get(USER_SCOPE).filter(|scope| !scope.is_empty()) {
        parameters.set(USER_SCOPE, scope.as_str());
    }
    for (name, value) in params(config).filter(|(name, _)| !is_fixed(name)) {
        if value == "undefined" { parameters.remove(name) } else { parameters.set(name, value) }
    }
}

/// The scopes of a flow, where the connection has its own.
pub fn scopes(config: &ConfigMap) -> Option<Vec<String>> {
    let own = config.get(SCOPES)?;
    Some(own.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> ConfigMap {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn wishes_come_last_and_undefined_takes_a_parameter_out() {
        let mut parameters = Parameters::default();
        parameters.set("state", "s");
        parameters.set("prompt", "consent");
        parameters.set("access_type", "offline");
        let overrides = config(&[
            ("authorization_params.prompt", "login"),
            ("authorization_params.access_type", "undefined"),
            ("authorization_params.state", "stolen"),
            ("user_scope", "chat:write"),
            ("subdomain", "acme"),
        ]);
        apply(&overrides, &mut parameters);
        let pairs: Vec<(&str, String)> = parameters.pairs().collect();
        let expected = [("state", "s"), ("prompt", "login"), ("user_scope", "chat:write")];
        assert_eq!(pairs, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn what_binds_a_flow_cannot_be_wished_for() {
        for name in FIXED {
            let error = check(&config(&[(&format!("{PARAM}{name}"), "x")])).unwrap_err();
            assert!(error.message().contains(name), "{error}");
        }
        for name in ["", "State", "REQUEST_URI", "redirect-uri", "client.id", "state[]", "re quest", "st%61te", "státe"]
        {
            let error = check(&config(&[(&format!("{PARAM}{name}"), "x")])).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{name}");
        }
        check(&config(&[("authorization_params.prompt", "login"), ("state", "CA")])).unwrap();
    }

    #[test]
    fn what_the_url_sets_cannot_be_wished_for() {
        let overrides = config(&[("authorization_params.Audience", "x"), ("authorization_params.prompt", "login")]);
        check_taken(&overrides, &["owner".to_owned()]).unwrap();
        let error = check_taken(&overrides, &["owner".to_owned(), "audience".to_owned()]).unwrap_err();
        assert!(error.message().contains("Audience"), "{error}");
    }

    #[test]
    fn scopes_are_separated_by_commas() {
        assert_eq!(scopes(&config(&[(SCOPES, "a, b:c,,")])), Some(vec!["a".to_owned(), "b:c".to_owned()]));
        assert_eq!(scopes(&config(&[(SCOPES, "")])), Some(Vec::new()));
        assert_eq!(scopes(&ConfigMap::new()), None);
    }
}
