//! A provider as generated code has it, and a client of it over any transport.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it
#![allow(dead_code)] // each test binary uses its own part

use keyway::client::Client;
use keyway::provider::{Fields, NoConfig, Pairs, mode};
use keyway::transport::Transport;
use keyway::{Integration, Keyway, Provider, Secret};
use keyway_spec::proxy::{Paginate, PaginateKind};
use keyway_spec::{Auth, HostSet, Hosts, Node, ProviderSpec, Proxy, Retry, Root, Template};
use keyway_spec::{Position, Reference};

/// The marker type of a provider with an API key.
pub(crate) struct Vendor;

/// Its credentials.
pub(crate) struct Key(pub(crate) Secret);

impl Fields<Secret> for Key {
    fn pairs(self) -> Pairs<Secret> {
        Pairs::of([("apiKey", self.0)])
    }
}

const KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };

impl Provider for Vendor {
    const SPEC: &'static ProviderSpec = &ProviderSpec {
        key: "vendor",
        default_scopes: &["read", "write"],
        auth: Auth::ApiKey,
        proxy: Some(Proxy {
            base_url: Template::Text("https://api.vendor.com"),
            headers: &[("x-key", Template::Nodes(&[Node::Reference(KEY)]))],
            retry: Retry { after: &["retry-after"], ..Retry::EMPTY },
            paginate: Some(Paginate {
                kind: PaginateKind::LinkHeader { rel: "next" },
                limit_name: Some("per_page"),
                response_path: None,
                ..Paginate::EMPTY
            }),
            ..Proxy::EMPTY
        }),
        hosts: Hosts { api: HostSet::Fixed(&["api.vendor.com", "uploads.vendor.com"]), ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    };
    type Auth = mode::ApiKey;
    type Config = NoConfig;
    type Credentials = Key;
}

/// A client of the connection `user-1`, whose key is `vendor-key-canary`.
pub(crate) async fn client(transport: impl Transport) -> Client<Vendor> {
    let keyway =
        Keyway::builder().transport(transport).integration(Integration::<Vendor>::new("vendor")).build().unwrap();
    let vendor = keyway.integration::<Vendor>("vendor").unwrap();
    vendor.connect("user-1", NoConfig {}, Key("vendor-key-canary".into())).import().await.unwrap();
    vendor.client("user-1").await.unwrap()
}
