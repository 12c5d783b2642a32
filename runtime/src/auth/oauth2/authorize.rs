//! The authorization URL (RFC 6749 section 4.1.1): where the customer's browser is sent.
//!
//! A pure function. The order of the steps is the format's: parameters, raw scopes, fragment, renamed parameters.
//! Absent here: making up state and verifier.

use crate::auth::pkce;
use crate::auth::token_request::{Parameters, text};
use crate::error::{Error, ErrorKind, Result};
use crate::request::Inputs;
use form_urlencoded::Serializer;
use keyway_spec::auth::OAuth2;
use url::Url;

/// What one flow asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) redirect_uri: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) state: &'a str,
    /// The PKCE verifier; only its challenge goes into the URL.
    pub(crate) verifier: &'a str,
}

/// The URL. It is a page for a person and carries no secret, so it may be on any host that the entry names.
pub(crate) fn url(inputs: &Inputs<'_>, mode: &OAuth2<'_>, ask: Ask<'_>) -> Result<String> {
    let base = base(inputs, mode)?;
    let parameters = parameters(inputs, mode, ask)?;
    let mut query = encode(&parameters, mode, ask);
    for (from, to) in mode.authorization.replacements {
        query = rename(&query, from, to);
    }
    Ok(join(&base, mode.authorization.fragment, &query))
}

fn base(inputs: &Inputs<'_>, mode: &OAuth2<'_>) -> Result<Url> {
    let Some(template) = &mode.authorization.url else {
        let message = "this provider is connected from the vendor's side: there is no authorization URL";
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let url = Url::parse(&text(template, &inputs.scope())?).ok();
    url.filter(|url| matches!(url.scheme(), "https" | "http")).ok_or_else(|| {
        let message = "the authorization URL is not a web address: check the connection's configuration";
        Error::new(ErrorKind::InvalidValue, message)
    })
}

fn parameters(inputs: &Inputs<'_>, mode: &OAuth2<'_>, ask: Ask<'_>) -> Result<Parameters> {
    let client = super::client(inputs.integration)?;
    let mut parameters = Parameters::default();
    parameters.set("response_type", "code");
    parameters.set("client_id", client.id);
    parameters.set("redirect_uri", ask.redirect_uri);
    parameters.set("scope", ask.scopes.join(mode.authorization.scope_separator));
    parameters.set("state", ask.state);
    parameters.set_all(mode.authorization.params, &inputs.scope())?;
    if mode.authorization.pkce {
        parameters.set("code_challenge", pkce::challenge(ask.verifier));
        parameters.set("code_challenge_method", "S256");
    }
    Ok(parameters)
}

fn encode(parameters: &Parameters, mode: &OAuth2<'_>, ask: Ask<'_>) -> String {
    let rules = &mode.authorization;
    let pairs = parameters
        .pairs()
        .filter(|(name, value)| !(rules.skip_empty && value.is_empty() || rules.raw_scopes && *name == "scope"));
    let mut query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    if rules.raw_scopes && !(rules.skip_empty && ask.scopes.is_empty()) {
        query.push_str("&scope=");
        query.push_str(&ask.scopes.join(rules.scope_separator));
    }
    query
}

/// Renames the first parameter that begins with `from`. Never touches the host, the path or a value.
fn rename(query: &str, from: &str, to: &str) -> String {
    let mut done = false;
    let pairs = query.split('&').map(|pair| match pair.strip_prefix(from) {
        Some(rest) if !done => {
            done = true;
            format!("{to}{rest}")
        }
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Joins by hand where a fragment holds the query; else lets the URL escape what the raw scopes brought in.
fn join(base: &Url, fragment: Option<&str>, query: &str) -> String {
    let mut url = base.clone();
    url.set_fragment(None);
    if let Some(fragment) = fragment {
        url.set_query(None);
        return format!("{url}#{fragment}?{query}");
    }
    match base.query().filter(|own| !own.is_empty()) {
        Some(own) => url.set_query(Some(&format!("{own}&{query}"))),
        None => url.set_query(Some(query)),
    }
    url.into()
}
