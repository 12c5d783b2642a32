//! The authorization URL (RFC 6749 section 4.1.1): where the customer's browser is sent.
//!
//! A pure function. The order of the steps is the format's: parameters, raw scopes, fragment, renamed parameters. The
//! state and the verifier are arguments.

use crate::auth::exchange::Ask;
use crate::auth::pkce;
use crate::auth::token_request::{Parameters, SCOPE, text};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::template::position;
use form_urlencoded::Serializer;
use keyway_spec::auth::Authorization;
use url::Url;

/// The URL for a client. It is a page for a person and carries no secret, so it may be on any host that the entry
/// names. `adjust` has the last word about the parameters.
pub(in crate::auth) fn url(
    inputs: &Inputs<'_>,
    rules: &Authorization,
    client_id: &str,
    ask: Ask<'_>,
    adjust: impl FnOnce(&mut Parameters),
) -> Result<String> {
    let base = base(inputs, rules)?;
    let mut parameters = parameters(inputs, rules, client_id, ask)?;
    adjust(&mut parameters);
    parameters.leave_out_empty_scope();
    let mut query = encode(&parameters, rules, ask);
    for (from, to) in rules.replacements {
        query = rename(&query, from, to);
    }
    Ok(join(&base, rules.fragment, &query))
}

/// The names that the authorization URL has parameters for, before and after renaming: a customer cannot set these too.
pub(in crate::auth) fn taken(inputs: &Inputs<'_>, rules: &Authorization) -> Result<Vec<String>> {
    let base = base(inputs, rules)?;
    let own = base.query_pairs().map(|(name, _)| name.into_owned());
    let renamed = rules.replacements.iter().map(|(_, to)| to.split('=').next().unwrap_or_default().to_owned());
    Ok(own.chain(renamed).collect())
}

/// The authorization URL of the entry.
pub(in crate::auth) fn base(inputs: &Inputs<'_>, rules: &Authorization) -> Result<Url> {
    let Some(template) = &rules.url else {
        let message = "this provider is connected from the vendor's context: there is no authorization URL";
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let url = position::url(&text(template, &inputs.scope())?);
    url.filter(|url| matches!(url.scheme(), "https" | "http")).ok_or_else(|| {
        let message = "the authorization URL is not a web address: check the entry, and the connection's configuration";
        Error::new(ErrorKind::InvalidValue, message)
    })
}

fn parameters(inputs: &Inputs<'_>, rules: &Authorization, client_id: &str, ask: Ask<'_>) -> Result<Parameters> {
    let mut parameters = Parameters::default();
    parameters.set("response_type", "code");
    parameters.set("client_id", client_id);
    parameters.set("redirect_uri", ask.redirect_uri);
    parameters.set(SCOPE, ask.scopes.join(rules.scope_separator));
    parameters.set("state", ask.state);
    parameters.set_all(rules.params, inputs, &inputs.scope())?;
    if rules.pkce {
        parameters.set("code_challenge", pkce::challenge(ask.verifier));
        parameters.set("code_challenge_method", "S256");
    }
    Ok(parameters)
}

fn encode(parameters: &Parameters, rules: &Authorization, ask: Ask<'_>) -> String {
    let pairs = parameters
        .pairs()
        .filter(|(name, value)| !(rules.skip_empty && value.is_empty() || rules.raw_scopes && *name == SCOPE));
    let mut query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let scopes = ask.scopes.join(rules.scope_separator);
    if rules.raw_scopes && !scopes.is_empty() {
        query.push_str("&scope=");
        query.push_str(&scopes);
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
///
/// Each parameter is sent once (RFC 6749 section 3.1): one that the query has is left out of the URL's own.
pub(in crate::auth) fn join(base: &Url, fragment: Option<&str>, query: &str) -> String {
    let mut url = base.clone();
    url.set_fragment(None);
    if let Some(fragment) = fragment {
        url.set_query(None);
        return format!("{url}#{fragment}?{query}");
    }
    let own = unless_repeated(base.query().unwrap_or_default(), query);
    url.set_query(Some(&if own.is_empty() { query.to_owned() } else { format!("{own}&{query}") }));
    url.into()
}

/// The pairs of `own`, as they are written, whose names `query` does not have.
fn unless_repeated(own: &str, query: &str) -> String {
    let name = |pair: &str| form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned());
    let said: Vec<Option<String>> = query.split('&').map(name).collect();
    let kept: Vec<&str> = own.split('&').filter(|pair| !said.contains(&name(pair))).collect();
    kept.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Moment, Timestamp};
    use crate::credentials::Credentials;
    use crate::integration::IntegrationRecord;
    use keyway_spec::{Entry, ProviderSpec, Template, Value};

    const BASE: Authorization =
        Authorization { url: Some(Template::Text("https://acme.test/")), pkce: false, ..Authorization::EMPTY };
    const PARAMS: &[Entry] = &[
        Entry { name: "scope", value: Value::Text(Template::Text("own")) },
        Entry { name: "force", value: Value::Bool(true) },
    ];

    #[track_caller]
    fn check(authorization: Authorization, scopes: &[&str], expected: &str) {
        let integration = IntegrationRecord::default();
        let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: String::new() };
        let inputs = Inputs {
            spec: &ProviderSpec::EMPTY,
            integration: &integration,
            config: &std::collections::BTreeMap::new(),
            connection_id: "c",
            metadata: &serde_json::Map::new(),
            credentials: &Credentials::default(),
            moment: &moment,
        };
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let ask = Ask { redirect_uri: "https://a/b", scopes: &scopes, state: "s", verifier };
        let built = url(&inputs, &authorization, "c i", ask, |_| ()).unwrap_or_else(|error| error.to_string());
        assert_eq!(built, expected);
    }

    #[test]
    fn parameters_stand_in_order_and_later_values_replace_earlier_ones() {
        let standard = "https://acme.test/?response_type=code&client_id=c+i&redirect_uri=https%3A%2F%2Fa%2Fb";
        check(BASE, &["a", "b+"], &format!("{standard}&scope=a+b%2B&state=s"));
        check(BASE, &[], &format!("{standard}&state=s"));
        check(Authorization { skip_empty: true, ..BASE }, &[], &format!("{standard}&state=s"));
        check(Authorization { scope_separator: ",", ..BASE }, &["a", "b"], &format!("{standard}&scope=a%2Cb&state=s"));
        check(Authorization { params: PARAMS, ..BASE }, &["a"], &format!("{standard}&scope=own&state=s&force=true"));
        check(Authorization { raw_scopes: true, ..BASE }, &["a:b", "c"], &format!("{standard}&state=s&scope=a:b%20c"));
        let challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        check(Authorization { pkce: true, ..BASE }, &[], &format!("{standard}&state=s&{challenge}"));
    }

    #[test]
    fn only_names_of_parameters_are_replaced_and_a_fragment_takes_the_query() {
        let replaced = Authorization { replacements: &[("state=", "custom="), ("s", "S"), ("acme", "evil")], ..BASE };
        let rest = "response_type=code&client_id=c+i&redirect_uri=https%3A%2F%2Fa%2Fb";
        check(replaced, &["state=x"], &format!("https://acme.test/?{rest}&Scope=state%3Dx&custom=s"));
        let fragment = Authorization { fragment: Some("/oauth"), ..BASE };
        check(fragment, &[], &format!("https://acme.test/#/oauth?{rest}&state=s"));
    }

    #[test]
    fn a_scope_without_a_value_is_left_out_and_other_parameters_are_sent_empty() {
        const EMPTY: &[Entry] = &[
            Entry { name: "scope", value: Value::Text(Template::Text("")) },
            Entry { name: "prompt", value: Value::Text(Template::Text("")) },
        ];
        let standard = "https://acme.test/?response_type=code&client_id=c+i&redirect_uri=https%3A%2F%2Fa%2Fb";
        check(Authorization { raw_scopes: true, ..BASE }, &[], &format!("{standard}&state=s"));
        check(Authorization { raw_scopes: true, ..BASE }, &[""], &format!("{standard}&state=s"));
        check(Authorization { params: EMPTY, ..BASE }, &["a"], &format!("{standard}&state=s&prompt="));
        check(Authorization { params: EMPTY, skip_empty: true, ..BASE }, &["a"], &format!("{standard}&state=s"));
    }

    #[test]
    fn each_parameter_is_sent_once() {
        let rest = "response_type=code&client_id=c+i&redirect_uri=https%3A%2F%2Fa%2Fb&state=s";
        let url = "https://acme.test/?owner=user&state=theirs&r%65sponse_type=token&&flag";
        check(
            Authorization { url: Some(Template::Text(url)), ..BASE },
            &[],
            &format!("https://acme.test/?owner=user&&flag&{rest}"),
        );
        let forced = "https://acme.test/?force=false";
        check(
            Authorization { url: Some(Template::Text(forced)), params: PARAMS, ..BASE },
            &[],
            "https://acme.test/?response_type=code&client_id=c+i&redirect_uri=https%3A%2F%2Fa%2Fb&scope=own&state=s\
             &force=true",
        );
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        let script = Authorization { url: Some(Template::Text("javascript:alert(1)")), ..BASE };
        let message = "the authorization URL is not a web address: check the entry, and the connection's configuration";
        check(script, &[], message);
        let outbound = Authorization { url: None, ..BASE };
        check(outbound, &[], "this provider is connected from the vendor's context: there is no authorization URL");
    }
}
