//! ApiFacts from a provider of Auth.js, as JSON.
//!
//! A provider there is a function in TypeScript that returns an object. Node evaluates it, so that nothing is guessed
//! of the code, and prints the object; functions in it, such as `profile`, are not printed. What an entry has a key for
//! is read, as a guess that the vendor's page has to settle, as everything of another catalogue.

use crate::catalogues::{asked, templated};
use crate::facts::{ApiFacts, ClientAuth, ConfigField, Fact};
use keyway_spec::Mode;
use serde_json::{Map, Value};

/// Members of an object of Auth.js about its own pages and users.
const NO_FACTS: [&str; 12] = [
    "id",
    "name",
    "type",
    "style",
    "options",
    "profile",
    "idToken",
    "account",
    "allowDangerousEmailAccountLinking",
    "issuer",
    "wellKnown",
    "userinfo",
];
/// The text that JavaScript makes of an option that was not given.
const NOT_GIVEN: &str = "undefined";

/// The facts of an object, from a file of this name. The error is a sentence.
pub fn facts(file: &str, document: &Value) -> Result<ApiFacts, String> {
    let members = document.as_object().ok_or_else(|| format!("`{file}` is no object of a provider"))?;
    let kind = members.get("type").and_then(Value::as_str);
    if !matches!(kind, Some("oauth" | "oidc")) {
        return Err(match kind {
            Some(kind) => {
                format!("`{file}` is a provider of the type `{kind}`; only `oauth` and `oidc` sign in at an API")
            }
            None => format!("`{file}` has no `type`: it is no provider of Auth.js"),
        });
    }
    let mut facts = ApiFacts { mode: Some(Fact::read(Mode::OAuth2, format!("{file}#/type"))), ..ApiFacts::default() };
    facts.display_name = text(members, "name").map(|name| Fact::read(name.to_owned(), format!("{file}#/name")));
    let mut notes = Vec::new();
    let mut config: Vec<ConfigField> = Vec::new();
    let mut scopes = Vec::new();
    for (member, place) in [("authorization", 0), ("token", 1)] {
        let Some((url, params)) = endpoint(members.get(member)) else { continue };
        for (name, value) in params {
            match name.as_str() {
                "scope" => {
                    scopes.extend(value.split([' ', ',', '+']).filter(|scope| !scope.is_empty()).map(str::to_owned));
                }
                "response_type" | "client_id" | "redirect_uri" | "state" => {}
                _ => notes.push(format!("`{member}` has the parameter `{name}={value}`")),
            }
        }
        let Some(url) = url else { continue };
        if url.contains(NOT_GIVEN) {
            notes.push(format!(
                "`{member}` needs an option that was not given: {url}; pass it, such as `p({{domain: '{{domain}}'}})`"
            ));
            continue;
        }
        let fact = Some(asked(templated(&url, &mut config), &format!("{file}#/{member}")));
        if place == 0 { facts.authorization_url = fact } else { facts.token_url = fact }
    }
    let options = members.get("options").and_then(Value::as_object);
    let issuer = text(members, "issuer").or_else(|| options.and_then(|options| text(options, "issuer")));
    if facts.token_url.is_none() {
        notes.push(match (text(members, "wellKnown"), issuer) {
            (Some(url), _) => format!("the endpoints are in `{url}`: add `--from-openid {url}`"),
            (None, Some(issuer)) => {
                let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
                format!("the endpoints are in `{url}`: add `--from-openid {url}`")
            }
            (None, None) => {
                "the endpoints follow from the option `issuer`: pass it, such as `p({issuer: 'https://{domain}'})`"
                    .to_owned()
            }
        });
    }
    let userinfo = endpoint(members.get("userinfo")).and_then(|(url, _)| url);
    if let Some(url) = userinfo {
        notes.push(format!("`{url}` tells who signed in: it may be the base of the API, and the probe"));
    }
    let client = members.get("client").and_then(Value::as_object);
    let method = client.and_then(|client| text(client, "token_endpoint_auth_method"));
    facts.client_auth = method.and_then(client_auth).map(|method| asked(method, &format!("{file}#/client")));
    // Without `checks` it is the default of Auth.js that holds, which says nothing of the vendor.
    let checks = members.get("checks").and_then(Value::as_array);
    let pkce = checks.map(|checks| checks.iter().any(|check| check == "pkce"));
    facts.pkce = pkce.map(|pkce| asked(pkce, &format!("{file}#/checks")));
    let read = ["authorization", "token", "client", "checks"];
    let unread = members.keys().filter(|name| !read.contains(&name.as_str()) && !NO_FACTS.contains(&name.as_str()));
    notes.extend(unread.map(|name| format!("no key of an entry is for `{name}`")));
    Ok(ApiFacts { scopes, config, notes, ..facts })
}

/// Parameters of a URL, in order.
type Parameters = Vec<(String, String)>;

/// The URL of an endpoint without its query, and the parameters of both: a text, or an object.
fn endpoint(value: Option<&Value>) -> Option<(Option<String>, Parameters)> {
    let (url, listed) = match value? {
        Value::String(url) => (Some(url.as_str()), None),
        Value::Object(members) => (text(members, "url"), members.get("params").and_then(Value::as_object)),
        _ => return None,
    };
    let (url, query) = url.map_or((None, ""), |url| {
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        (Some(url.to_owned()), query)
    });
    let of_query = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let listed = listed.into_iter().flatten().filter_map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!value.is_empty()).then(|| (name.clone(), value))
    });
    Some((url.filter(|url| url.starts_with("https://")), of_query.chain(listed).collect()))
}

fn client_auth(method: &str) -> Option<ClientAuth> {
    match method {
        "client_secret_basic" => Some(ClientAuth::Basic),
        "client_secret_post" => Some(ClientAuth::Body),
        "private_key_jwt" => Some(ClientAuth::PrivateKeyJwt),
        "none" => Some(ClientAuth::None),
        _ => None,
    }
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(document: &Value) -> ApiFacts {
        facts("acme.json", document).unwrap()
    }

    #[test]
    fn endpoints_are_read_in_both_of_their_forms() {
        let of_texts = json!({
            "id": "acme", "name": "Acme", "type": "oauth", "checks": ["pkce", "state"],
            "authorization": "https://acme.example/authorize?scope=read+write", "token": "https://acme.example/token",
        });
        let of_objects = json!({
            "id": "acme", "name": "Acme", "type": "oauth", "checks": ["pkce"],
            "authorization": {"url": "https://acme.example/authorize", "params": {"scope": "read write"}},
            "token": {"url": "https://acme.example/token"},
        });
        for document in [of_texts, of_objects] {
            let facts = read(&document);
            let url = |fact: &Option<Fact<String>>| fact.as_ref().unwrap().value.clone();
            assert_eq!(url(&facts.display_name), "Acme");
            assert_eq!(url(&facts.authorization_url), "https://acme.example/authorize");
            assert_eq!(url(&facts.token_url), "https://acme.example/token");
            assert_eq!(facts.token_url.unwrap().from.as_deref(), Some("acme.json#/token"));
            assert_eq!((facts.scopes, facts.pkce.unwrap().value), (vec!["read".to_owned(), "write".to_owned()], true));
            assert_eq!(facts.notes, Vec::<String>::new());
        }
    }

    #[test]
    fn what_an_entry_needs_besides_is_told() {
        for (document, expected) in [
            (
                json!({"type": "oidc", "issuer": "https://acme.example/"}),
                "add `--from-openid https://acme.example/.well-known/",
            ),
            (
                json!({"type": "oidc", "wellKnown": "https://acme.example/wk"}),
                "add `--from-openid https://acme.example/wk`",
            ),
            (json!({"type": "oidc", "options": {"issuer": "https://a.example"}}), "https://a.example/.well-known/"),
            (json!({"type": "oidc"}), "the endpoints follow from the option `issuer`"),
            (
                json!({"type": "oauth", "token": "https://undefined.acme.example/token"}),
                "needs an option that was not given",
            ),
            (
                json!({"type": "oauth", "authorization": {"params": {"audience": "api"}}}),
                "the parameter `audience=api`",
            ),
            (
                json!({"type": "oauth", "token": "https://a.example/t", "userinfo": "https://a.example/me"}),
                "tells who signed in",
            ),
            (json!({"type": "oauth", "token": "https://a.example/t", "odd": 1}), "no key of an entry is for `odd`"),
        ] {
            let notes = read(&document).notes;
            assert!(notes.iter().any(|note| note.contains(expected)), "{document}: {notes:?}");
        }
    }

    #[test]
    fn placeholders_are_fields_and_client_authentication_is_ours() {
        let facts = read(&json!({
            "type": "oauth", "token": "https://{domain}.acme.example/token",
            "client": {"token_endpoint_auth_method": "client_secret_post"},
        }));
        assert_eq!(facts.token_url.unwrap().value, "https://${connectionConfig.domain}.acme.example/token");
        assert_eq!((facts.config[0].name.as_str(), facts.client_auth.unwrap().value), ("domain", ClientAuth::Body));
        assert!(facts.pkce.is_none());
    }

    #[test]
    fn what_is_no_provider_is_refused() {
        for (document, expected) in [
            (json!([]), "is no object"),
            (json!({}), "has no `type`"),
            (json!({"type": "email"}), "of the type `email`"),
        ] {
            let error = facts("acme.json", &document).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
