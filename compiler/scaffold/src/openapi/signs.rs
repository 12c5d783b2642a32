//! Security schemes: the way in that most operations take.

use super::{Api, ApiFacts, At, Fact, MAX_SCOPES, Mode, Placement, Version, at, security};
use std::collections::BTreeMap;

/// Reads the schemes.
pub(super) fn read(root: &At<'_>, api: &Api<'_>, facts: &mut ApiFacts) {
    let declared = match api.version {
        Version::Two => root.get("securityDefinitions"),
        Version::Three => root.path(&["components", "securitySchemes"]),
    };
    let declared: Vec<(&str, At<'_>)> = declared.iter().flat_map(At::members).collect();
    let Some((name, scheme)) = chosen(root, api, &declared) else {
        facts.notes.push("the document names no way to sign in".to_owned());
        return;
    };
    let others: Vec<&str> = declared.iter().map(|(other, _)| *other).filter(|other| *other != name).collect();
    if !others.is_empty() {
        facts
            .notes
            .push(format!("`{name}` is used; the document has other ways to sign in too: {}", others.join(", ")));
    }
    let from = at(&scheme);
    let asked = |mode: Mode, placement: Option<Placement>, facts: &mut ApiFacts| {
        facts.mode = Some(Fact::read(mode, from.clone()));
        facts.placement = placement.map(|placement| Fact::read(placement, from.clone()));
    };
    let header = |name: &str, prefix: &str| Placement::Header { name: name.to_lowercase(), prefix: prefix.to_owned() };
    match scheme.text("type").unwrap_or_default() {
        "apiKey" => {
            let parameter = scheme.text("name").unwrap_or("x-api-key");
            let placement = match scheme.text("in") {
                Some("query") => Placement::Query(parameter.to_owned()),
                _ => header(parameter, ""),
            };
            let is_bare = matches!(&placement, Placement::Header { name, .. } if name == "authorization");
            asked(Mode::ApiKey, Some(placement), facts);
            if let Some(fact) = facts.placement.as_mut().filter(|_| is_bare) {
                fact.question = Some("does a word such as `Bearer ` stand before the key?".to_owned());
            }
        }
        "http" if scheme.text("scheme").is_some_and(|word| word.eq_ignore_ascii_case("basic")) => {
            asked(Mode::Basic, None, facts);
        }
        "basic" => asked(Mode::Basic, None, facts),
        "http" => asked(Mode::ApiKey, Some(header("authorization", "Bearer ")), facts),
        "oauth2" => oauth(&scheme, api.version, facts),
        "openIdConnect" => {
            asked(Mode::OAuth2, None, facts);
            let url = scheme.text("openIdConnectUrl").unwrap_or_default();
            facts.notes.push(format!("the document leaves sign-in to discovery: `--from-openid` of {url} says more"));
        }
        _ => facts.notes.push(format!("`{name}` is a way to sign in that no auth mode is like")),
    }
}

/// The scheme that most operations name.
fn chosen<'d>(root: &At<'d>, api: &Api<'d>, declared: &[(&'d str, At<'d>)]) -> Option<(&'d str, At<'d>)> {
    let of_document = security(root).unwrap_or_default();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in &api.operations {
        for name in operation.security.as_ref().unwrap_or(&of_document).iter().flatten() {
            *uses.entry(name).or_default() += 1;
        }
    }
    let used = |name: &str| uses.get(name).copied().unwrap_or(0);
    // The first of the document's own order among those that are used as much.
    let most = declared.iter().map(|(name, _)| used(name)).max()?;
    let (name, at) = declared.iter().find(|(name, _)| used(name) == most)?;
    Some((name, at.resolved().ok()?))
}

/// The flow of a person's consent, else that of the client alone.
fn oauth(scheme: &At<'_>, version: Version, facts: &mut ApiFacts) {
    let flow = match version {
        Version::Two => Some((scheme.text("flow").unwrap_or_default(), scheme.clone())),
        Version::Three => {
            let flows: Vec<(&str, At<'_>)> = scheme.get("flows").iter().flat_map(At::members).collect();
            let of = |word: &str| flows.iter().find(|(name, _)| *name == word).cloned();
            of("authorizationCode").or_else(|| of("clientCredentials")).or_else(|| flows.first().cloned())
        }
    };
    let Some((name, flow)) = flow else {
        facts.notes.push("the document's OAuth 2.0 scheme has no flow".to_owned());
        return;
    };
    let is_client_alone = matches!(name, "clientCredentials" | "application");
    let mode = if is_client_alone { Mode::OAuth2ClientCredentials } else { Mode::OAuth2 };
    facts.mode = Some(Fact::read(mode, at(&flow)));
    facts.authorization_url = super::text(&flow, "authorizationUrl").filter(|_| !is_client_alone).and_then(secure);
    facts.token_url = super::text(&flow, "tokenUrl").and_then(secure);
    let scopes = flow.get("scopes").map(|scopes| scopes.members()).unwrap_or_default();
    facts.scopes = scopes.into_iter().map(|(scope, _)| scope.to_owned()).take(MAX_SCOPES).collect();
}

/// Only whole URLs say where an endpoint is.
fn secure(fact: Fact<String>) -> Option<Fact<String>> {
    fact.value.starts_with("https://").then_some(fact)
}
