//! Names that a field knows under two spellings, one of which belongs to other fields.
//!
//! `${apiKey}` and `${credentials.apiKey}` are one credential. Both have a value wherever either is in scope, but the
//! catalogue writes one of them in each place, and so do those who search for it.

use super::{Field, Names, Scope};
use crate::diagnostic::Near;
use crate::template::{Problem, UNKNOWN_TEMPLATE_ROOT};
use keyway_spec::Mode;
use std::ops::Range;

impl Scope<'_> {
    /// The problem of a name in the spelling of another field, where it has one of its own here: a note.
    pub fn respelt(&self, name: &str, placeholder: &Range<usize>) -> Option<Problem> {
        let usual = self.usual(name)?;
        let range = placeholder.start + 2..placeholder.end.saturating_sub(1);
        let message = format!("`{name}` is spelt `{usual}` in `{}` of `{}`", self.field.name(), self.declared.mode);
        let problem = Problem::new(&UNKNOWN_TEMPLATE_ROOT, range, message).label("the spelling of another field");
        Some(problem.did_you_mean(Near { name: &usual, clear: true }))
    }

    fn usual(&self, name: &str) -> Option<String> {
        let mode = self.declared.mode;
        let found = self.names.iter().find(|names| self.look_up(**names, name).is_some())?;
        let proxied = matches!(self.field, Field::ProxyHeader | Field::ProxyQuery | Field::ProxyBody);
        let bare = name.strip_prefix("credentials.").unwrap_or(name);
        let is_token = bare == if mode == Mode::TwoStep { "token" } else { "access_token" };
        match found {
            Names::Credentials | Names::BareCredentials if is_token && self.names.contains(&super::ACCESS_TOKEN) => {
                Some("accessToken".to_owned())
            }
            Names::Credentials => (mode == Mode::ApiKey && proxied && bare == "apiKey").then(|| bare.to_owned()),
            // A URL writes what it inserts in the short form as well.
            Names::BareCredentials
                if matches!(mode, Mode::Basic | Mode::TwoStep | Mode::Jwt) && !self.field.is_url() =>
            {
                Some(format!("credentials.{bare}"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::template::scope::{Declared, Field, Scope};
    use keyway_spec::Mode;

    #[test]
    fn a_credential_has_one_spelling_in_each_place() {
        for (field, mode, name, expected) in [
            (Field::ProxyHeader, Mode::ApiKey, "credentials.apiKey", Some("apiKey")),
            (Field::ProxyQuery, Mode::ApiKey, "credentials.apiKey", Some("apiKey")),
            (Field::ProxyBody, Mode::ApiKey, "credentials.apiKey", Some("apiKey")),
            (Field::ProxyHeader, Mode::Basic, "username", Some("credentials.username")),
            (Field::ProxyQuery, Mode::Basic, "password", Some("credentials.password")),
            (Field::ProxyHeader, Mode::OAuth2, "credentials.access_token", Some("accessToken")),
            (Field::ProxyHeader, Mode::OAuth2, "access_token", Some("accessToken")),
            (Field::ProxyHeader, Mode::TwoStep, "credentials.token", Some("accessToken")),
            (Field::ProxyHeader, Mode::TwoStep, "token", Some("accessToken")),
            (Field::TokenParam, Mode::TwoStep, "email", Some("credentials.email")),
            (Field::TokenHeader, Mode::TwoStep, "email", Some("credentials.email")),
            // The spelling of the place, what is declared beside it, and another value of the same name.
            (Field::ProxyHeader, Mode::ApiKey, "apiKey", None),
            (Field::ProxyHeader, Mode::ApiKey, "credentials.email", None),
            (Field::ProxyUrl, Mode::ApiKey, "credentials.apiKey", None),
            (Field::ProxyUrl, Mode::Basic, "username", None),
            (Field::ProxyHeader, Mode::Basic, "credentials.username", None),
            (Field::ProxyHeader, Mode::OAuth2, "accessToken", None),
            (Field::TokenParam, Mode::TwoStep, "token", None),
            (Field::TokenParam, Mode::TwoStep, "credentials.email", None),
            (Field::TokenUrl, Mode::TwoStep, "email", None),
            (Field::ProxyHeader, Mode::TwoStep, "credentials.raw.account", None),
        ] {
            let mut declared = Declared::of(mode);
            declared.credentials.push("email");
            let found = Scope::new(field, &declared).respelt(name, &(0..name.len() + 3));
            assert_eq!(found.and_then(|found| found.replacement).as_deref(), expected, "{field:?} {mode} {name}");
        }
    }
}
