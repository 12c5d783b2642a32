//! `GET /console/providers/{key}`: what one entry of the catalogue asks for, says and does.

use super::frame::{Frame, page};
use super::guard::{Operator, Unanswered};
use super::named::NamedKey;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::link::server_url;
use crate::pages::web_link;
use crate::providers::needs_client;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use keyway_portrait::described;
use keyway_portrait::snippets::{self, Snippet};
use keyway_spec::provider::KnownScope;
use keyway_spec::{Field, HostClass, ProviderSpec};

/// The page.
pub(super) async fn show(
    State(app): AppState,
    operator: Operator,
    NamedKey(key): NamedKey,
) -> Result<Response, Unanswered> {
    let spec = find(&app, &key)?;
    let facts = described::described(spec).into_iter();
    let facts = facts.filter_map(|fact| Some((fact.name, fact.words?.replace('`', ""))));
    let uses = [("signing in", &spec.hosts.authorize), ("tokens", &spec.hosts.token), ("calls", &spec.hosts.api)];
    let hosts = uses.into_iter().filter(|(_, set)| !set.patterns().is_empty()).map(|(name, set)| {
        let note = if set.class() == HostClass::Open { " (an operator has to allow the host)" } else { "" };
        format!("{name}: {}{note}", set.patterns().join(", "))
    });
    let proxy = server_url(&app.config.public_url, &["proxy"]);
    Ok(page(&ProviderPage {
        frame: &operator.frame,
        spec,
        title: spec.auth.facts().title,
        create: operator.frame.asking(&["console", "integrations", "new"], &[("provider", spec.key)]),
        connect: operator.frame.asking(&["console", "connect"], &[("integration", spec.key)]),
        needs_client: needs_client(spec),
        docs: web_link(spec.docs, ""),
        setup: spec.setup_guide_url.and_then(|url| web_link(url, "")),
        customer: fields(&[spec.connection_config, spec.credentials, spec.assertion_option]),
        operator: fields(&[spec.integration_config]),
        hosts: hosts.collect(),
        facts: facts.collect(),
        scopes: spec.known_scopes,
        operations: spec.operations.len(),
        calls: snippets::calls(spec, proxy.as_str().trim_end_matches('/')),
    }))
}

/// The entry of a key.
pub(super) fn find<'a>(app: &'a App, key: &str) -> Result<&'a ProviderSpec, ApiError> {
    app.keyway.catalogue().get(key).ok_or_else(|| {
        let message = format!("the catalogue of this server has no provider `{key}`");
        ApiError::new(StatusCode::NOT_FOUND, "unknown_provider", message)
    })
}

#[derive(Template)]
#[template(path = "console/provider.html")]
struct ProviderPage<'a> {
    frame: &'a Frame,
    spec: &'a ProviderSpec,
    title: &'static str,
    create: String,
    connect: String,
    needs_client: bool,
    docs: Option<String>,
    setup: Option<String>,
    customer: Vec<AskedField>,
    operator: Vec<AskedField>,
    hosts: Vec<String>,
    facts: Vec<(&'static str, String)>,
    scopes: &'a [KnownScope],
    operations: usize,
    calls: Vec<Snippet>,
}

/// A field that is asked for.
struct AskedField {
    title: &'static str,
    name: &'static str,
    description: &'static str,
    optional: bool,
    secret: bool,
}

fn fields(lists: &[&'static [Field]]) -> Vec<AskedField> {
    let shown = lists.iter().copied().flatten().filter(|field| !field.hidden && !field.automated);
    let asked = shown.map(|field| AskedField {
        title: if field.title.is_empty() { field.name } else { field.title },
        name: field.name,
        description: field.description,
        optional: field.optional || field.default_value.is_some(),
        secret: field.secret,
    });
    asked.collect()
}
