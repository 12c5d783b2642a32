//! The three providers that the tables build on, and how a request is built from one.

use http::header::{HeaderName, HeaderValue};
use keyway::Error;
use keyway::clock::Moment;
use keyway::credentials::Credentials;
use keyway::egress::EgressPolicy;
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::planned::PlannedHeader;
use keyway::request::{Call, Plan, USER_AGENT, egress, plan};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::{
    Auth, Field, HostClass, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template,
};

pub(super) const fn config(path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root: Root::ConnectionConfig, path, position })
}

pub(super) const fn root(root: Root, path: &'static str) -> Node {
    Node::Reference(Reference { root, path, position: Position::Text })
}

pub(super) const fn hosts(class: HostClass, patterns: &'static [&'static str]) -> Hosts {
    Hosts { api: HostSet::new(class, patterns), ..Hosts::EMPTY }
}

/// A fixed host with a path, a header, a query parameter and body values that need the key.
pub(super) const FIXED: ProviderSpec = ProviderSpec {
    key: "fixed",
    auth: Auth::ApiKey,
    connection_config: &[Field { name: "version", optional: true, ..Field::EMPTY }],
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.vendor.com/v1/"),
        headers: &[
            ("x-key", Template::Nodes(&[root(Root::Credentials, "apiKey")])),
            ("x-version", Template::Nodes(&[config("version", Position::Text)])),
            ("user-agent", Template::Text("App")),
        ],
        query: &[("key", Template::Nodes(&[root(Root::Credentials, "apiKey")]))],
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Fixed, &["api.vendor.com"]),
    ..ProviderSpec::EMPTY
};

/// A customer's label under the vendor's domain, HTTP Basic.
pub(super) const CONFINED: ProviderSpec = ProviderSpec {
    key: "confined",
    auth: Auth::Basic,
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[
            Node::Text("https://"),
            config("subdomain", Position::HostLabel),
            Node::Text(".vendor.com/api/"),
            config("account", Position::Segment),
        ]),
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Confined, &["*.vendor.com"]),
    ..ProviderSpec::EMPTY
};

/// A customer's own server.
pub(super) const OPEN: ProviderSpec = ProviderSpec {
    key: "open",
    auth: Auth::None,
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[config("url", Position::Origin), Node::Text("/api")]),
        ..Proxy::EMPTY
    }),
    hosts: hosts(HostClass::Open, &["*:*"]),
    ..ProviderSpec::EMPTY
};

pub(super) const OAUTH2: OAuth2 =
    OAuth2 { authorization: Authorization::EMPTY, token: TokenEndpoint::EMPTY, outbound: None };

pub(super) fn build(
    spec: &ProviderSpec,
    values: &[(&str, &str)],
    credentials: &Credentials,
    call: &Call,
) -> Result<Plan, Error> {
    let config = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let integration = IntegrationRecord::default().allowed_hosts(["other.com"]);
    let moment =
        Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: "11111111-2222-4333-8444-555555555555".into() };
    let inputs = Inputs {
        spec,
        integration: &integration,
        config: &config,
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials,
        moment: &moment,
    };
    let plan = plan(&inputs, call)?;
    egress(&inputs, EgressPolicy::default(), call).check_url(&plan.url.0)?;
    Ok(plan)
}

pub(super) fn call(method: &str, endpoint: &str) -> Call {
    Call::new(method.parse().unwrap(), endpoint)
}

pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn passing(pairs: &[(&'static str, &'static str)]) -> Vec<(HeaderName, HeaderValue)> {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

pub(super) fn fixed(call: &Call) -> Result<Plan, Error> {
    build(&FIXED, &[], &Credentials::api_key("s3cret"), call)
}

/// The headers that are sent besides those of every request.
pub(super) fn sent(plan: &Plan) -> Vec<(&str, &str, bool)> {
    let own = |header: &&PlannedHeader| [USER_AGENT, "*/*"].contains(&header.value.expose());
    let said = plan.headers.iter().filter(|header| !own(header));
    said.map(|header| (&*header.name, header.value.expose(), header.injected)).collect()
}
