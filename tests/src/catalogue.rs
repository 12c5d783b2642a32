//! Providers that live at a mock: by hand, so that the server's tests need no compiler.
//!
//! Their data is leaked, as a long-running command does with a catalogue it was given.

use crate::operations::OPERATIONS;
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::hosts::{HostSet, Hosts};
use keyway_spec::{Auth, Entry, Field, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value};
use std::net::SocketAddr;

/// Signs in by OAuth 2.0 with PKCE; the API wants the bearer token.
pub const OAUTH: &str = "mock-oauth";
/// Wants an API key that begins with `mock-`, in the header `x-api-key`.
pub const KEY: &str = "mock-key";
/// Wants a tenant name, which goes into a header.
pub const TENANT: &str = "mock-tenant";
/// The customer names the whole host, authorization server included.
pub const HOSTED: &str = "mock-hosted";
/// Nothing listens there.
pub const DOWN: &str = "mock-down";
/// Adds a value to the body.
pub const BODY: &str = "mock-body";

/// The providers of a mock, by key.
pub fn providers(mock: SocketAddr, nobody: SocketAddr) -> Vec<ProviderSpec> {
    let api = Proxy { base_url: text(format!("http://{mock}/api")), ..Proxy::EMPTY };
    let base = ProviderSpec { hosts: hosts(mock), docs: "https://example.com", ..ProviderSpec::EMPTY };
    let key_header = leak([("x-api-key", reference(Root::Credentials, "apiKey", Position::Text))]);
    let tenant_header = leak([("x-tenant", reference(Root::ConnectionConfig, "tenant", Position::Text))]);
    let api_key = Field { name: "apiKey", title: "API key", secret: true, ..Field::EMPTY };
    let tenant = Field { name: "tenant", title: "Tenant", ..Field::EMPTY };
    let host = Field { name: "host", title: "Host", ..Field::EMPTY };
    let injected = leak([Entry { name: "from", value: Value::Text(Template::Nodes(leak([Node::Text("provider")]))) }]);
    let open = HostSet::Open(leak(["*"]));
    vec![
        ProviderSpec { key: BODY, display_name: "Body", proxy: Some(Proxy { body: injected, ..api }), ..base },
        ProviderSpec {
            key: DOWN,
            display_name: "Down",
            proxy: Some(Proxy { base_url: text(format!("http://{nobody}")), ..Proxy::EMPTY }),
            hosts: hosts(nobody),
            ..base
        },
        ProviderSpec {
            key: HOSTED,
            display_name: "Hosted",
            auth: oauth(on_host("authorize"), on_host("token")),
            connection_config: leak([host]),
            hosts: Hosts { authorize: open, token: open, api: open, ..Hosts::EMPTY },
            proxy: Some(Proxy { base_url: on_host("api"), ..Proxy::EMPTY }),
            ..base
        },
        ProviderSpec {
            key: KEY,
            display_name: "Key",
            auth: Auth::ApiKey,
            credentials: leak([Field { pattern: Some("^mock-"), ..api_key }]),
            proxy: Some(Proxy { headers: key_header, ..api }),
            operations: OPERATIONS,
            ..base
        },
        ProviderSpec {
            key: OAUTH,
            display_name: "OAuth",
            default_scopes: leak(["mock.read"]),
            auth: oauth(text(format!("http://{mock}/authorize")), text(format!("http://{mock}/token"))),
            token_expiration_buffer: 60,
            proxy: Some(api),
            ..base
        },
        ProviderSpec {
            key: TENANT,
            display_name: "Tenant",
            connection_config: leak([tenant]),
            proxy: Some(Proxy { headers: tenant_header, ..api }),
            ..base
        },
    ]
}

fn oauth(authorize: Template, token: Template) -> Auth {
    Auth::OAuth2(OAuth2 {
        authorization: Authorization { url: Some(authorize), ..Authorization::EMPTY },
        token: TokenEndpoint { url: token, ..TokenEndpoint::EMPTY },
        outbound: None,
    })
}

fn hosts(address: SocketAddr) -> Hosts {
    let host: &'static str = Box::leak(address.to_string().into_boxed_str());
    let set = HostSet::Fixed(leak([host]));
    Hosts { authorize: set, token: set, api: set, ..Hosts::EMPTY }
}

fn on_host(path: &'static str) -> Template {
    let host = Node::Reference(Reference { root: Root::ConnectionConfig, path: "host", position: Position::Host });
    Template::Nodes(leak([Node::Text("https://"), host, Node::Text("/"), Node::Text(path)]))
}

fn reference(root: Root, path: &'static str, position: Position) -> Template {
    Template::Nodes(leak([Node::Reference(Reference { root, path, position })]))
}

fn text(text: String) -> Template {
    Template::Nodes(leak([Node::Text(Box::leak(text.into_boxed_str()))]))
}

fn leak<T, const N: usize>(items: [T; N]) -> &'static [T] {
    Box::leak(Box::new(items))
}
