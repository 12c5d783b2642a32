//! Facts that options say.

use super::checked;
use crate::exit::Failure;
use keyway_scaffold::facts::{ApiFacts, Fact, Placement};
use keyway_spec::Mode;

/// ApiFacts on the command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct GivenFacts {
    /// The API's name, as people know it
    #[arg(long, value_name = "TEXT")]
    pub(super) name: Option<String>,
    /// The vendor's page about signing in
    #[arg(long, value_name = "URL", value_parser = checked::page)]
    docs: Option<String>,
    /// A category; may be given several times
    #[arg(long, value_name = "WORD", value_parser = checked::category)]
    category: Vec<String>,
    /// The way to sign in: api-key, basic, oauth2, oauth2-cc, two-step, oauth1, jwt, none, ...
    #[arg(long, value_name = "MODE")]
    auth: Option<String>,
    /// The header that carries the key or the token
    #[arg(long, value_name = "NAME", conflicts_with = "query", value_parser = checked::header)]
    header: Option<String>,
    /// The text before it in the header, such as `Bearer` or `Token token=`
    #[arg(long, value_name = "TEXT", requires = "header")]
    prefix: Option<String>,
    /// The query parameter that carries it
    #[arg(long, value_name = "NAME")]
    query: Option<String>,
    /// The key is the user name of HTTP Basic
    #[arg(long, conflicts_with_all = ["header", "query"])]
    key_as_user: bool,
    /// The beginning of the URL of every call
    #[arg(long, value_name = "URL", value_parser = checked::url)]
    base_url: Option<String>,
    /// The authorization endpoint
    #[arg(long, value_name = "URL", value_parser = checked::url)]
    authorization_url: Option<String>,
    /// The token endpoint, or that of the login
    #[arg(long, value_name = "URL", value_parser = checked::url)]
    token_url: Option<String>,
    /// A scope that the vendor documents; may be given several times
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The separator between scopes
    #[arg(long, value_name = "TEXT")]
    scope_separator: Option<String>,
    /// Say if the server takes a `code_challenge` (PKCE)
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    pkce: Option<bool>,
    /// Say if a refresh token comes with the token
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    refresh_token: Option<bool>,
    /// A header that holds the seconds to wait
    #[arg(long, value_name = "HEADER", value_parser = checked::header)]
    retry_after: Vec<String>,
    /// A header that holds the instant to wait for
    #[arg(long, value_name = "HEADER", value_parser = checked::header)]
    retry_at: Vec<String>,
    /// The path of a read that proves a credential
    #[arg(long, value_name = "PATH")]
    probe: Option<String>,
}

impl GivenFacts {
    /// The facts.
    pub(super) fn facts(&self) -> Result<ApiFacts, Failure> {
        let said = |text: &Option<String>| text.clone().map(Fact::said);
        let headers = |names: &[String]| names.iter().map(|name| Fact::said(name.to_lowercase())).collect();
        let mode = self.auth.as_deref().map(mode).transpose()?;
        let assumed = (self.key_as_user.then_some(Mode::Basic))
            .or((self.header.is_some() || self.query.is_some()).then_some(Mode::ApiKey))
            .or(self.authorization_url.is_some().then_some(Mode::OAuth2));
        Ok(ApiFacts {
            display_name: said(&self.name),
            docs: said(&self.docs),
            categories: self.category.clone(),
            mode: mode.or(assumed).map(Fact::said),
            placement: self.placement().map(Fact::said),
            authorization_url: said(&self.authorization_url),
            token_url: said(&self.token_url),
            pkce: self.pkce.map(Fact::said),
            refreshes: self.refresh_token.map(Fact::said),
            scopes: self.scope.clone(),
            scope_separator: said(&self.scope_separator),
            base_url: said(&self.base_url),
            retry_after: headers(&self.retry_after),
            retry_at: headers(&self.retry_at),
            probe: said(&self.probe),
            ..ApiFacts::default()
        })
    }

    fn placement(&self) -> Option<Placement> {
        if self.key_as_user {
            return Some(Placement::BasicUser);
        }
        if let Some(name) = &self.query {
            return Some(Placement::Query(name.clone()));
        }
        let name = self.header.as_ref()?.to_lowercase();
        let prefix = self.prefix.clone().map_or_else(String::new, spaced);
        Some(Placement::Header { name, prefix })
    }
}

/// A word of a person: `yes`, `no`, or their first letter.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" => Ok(true),
        "no" | "n" => Ok(false),
        _ => Err("say `yes` or `no`".to_owned()),
    }
}

/// A scheme is one word and a space before the key; a prefix that ends with a sign is as it is.
fn spaced(prefix: String) -> String {
    if prefix.ends_with(|last: char| last.is_ascii_alphanumeric()) { format!("{prefix} ") } else { prefix }
}

/// A mode by its name, however it is spelt: `api-key`, `OAUTH2_CC`.
pub(super) fn mode(text: &str) -> Result<Mode, Failure> {
    let name = text.to_uppercase().replace('-', "_");
    Mode::parse(&name).ok_or_else(|| {
        let names: Vec<String> = Mode::ALL.iter().map(|mode| mode.name().to_lowercase().replace('_', "-")).collect();
        let near = keyway_compiler::diagnostic::nearest(&text.to_lowercase(), names.iter().map(String::as_str));
        let next =
            near.map_or_else(|| format!("it is one of {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        Failure::usage(format!("there is no way to sign in `{text}`; {next}"))
    })
}
