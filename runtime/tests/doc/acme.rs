// What the examples of the documentation stand on: two providers as generated modules have them, and their server.
// Each example includes this file as its module `acme`, so that the examples show what is theirs and send nothing.

use keyway::egress::Egress;
pub use keyway::provider::{ApiKeyCredentials as Credentials, NoConfig as Config};
use keyway::provider::{NoConfig, NoCredentials, mode};
use keyway::spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway::spec::proxy::{Paginate, PaginateKind};
use keyway::spec::{Auth, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Integration, Keyway, Provider};

/// An API with a key in a header.
pub enum Acme {}

const KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };

impl Provider for Acme {
    const SPEC: &'static ProviderSpec = &ProviderSpec {
        key: "acme",
        auth: Auth::ApiKey,
        proxy: Some(Proxy {
            base_url: Template::Text("https://api.acme.example"),
            headers: &[("x-api-key", Template::Nodes(&[Node::Reference(KEY)]))],
            paginate: Some(Paginate { kind: PaginateKind::LinkHeader { rel: "next" }, ..Paginate::EMPTY }),
            ..Proxy::EMPTY
        }),
        hosts: Hosts { api: HostSet::Fixed(&["api.acme.example"]), ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    };
    type Auth = mode::ApiKey;
    type Config = NoConfig;
    type Credentials = keyway::provider::ApiKeyCredentials;
}

/// Its operations, as generated code has them.
pub mod endpoints {
    use keyway::provider::{Endpoint, EndpointValue, Paged};
    use keyway::spec::operation::{Operation, OperationParameter};
    use keyway::spec::proxy::{Paginate, PaginateKind};

    /// `GET /tickets`
    pub struct TicketsList<'a> {
        /// The state of the tickets.
        pub state: Option<&'a str>,
    }

    impl TicketsList<'_> {
        /// All of them.
        pub const fn new() -> Self {
            TicketsList { state: None }
        }
    }

    impl Endpoint for TicketsList<'_> {
        type Provider = super::Acme;
        const OPERATION: &'static Operation = &Operation {
            name: "tickets.list",
            path: "/tickets",
            parameters: &[OperationParameter { name: "state", values: &["open"], ..OperationParameter::EMPTY }],
            paginate: Some(Paginate { kind: PaginateKind::LinkHeader { rel: "next" }, ..Paginate::EMPTY }),
            ..Operation::EMPTY
        };

        fn values(&self) -> Vec<EndpointValue<'_>> {
            vec![self.state.into()]
        }
    }

    impl Paged for TicketsList<'_> {}
}

/// An API with a page where customers agree.
pub mod forge {
    pub use keyway::provider::{NoConfig as Config, NoCredentials as Credentials};
    /// The API.
    pub enum Forge {}
}

const HOST: HostSet = HostSet::Fixed(&["forge.example"]);

impl Provider for forge::Forge {
    const SPEC: &'static ProviderSpec = &ProviderSpec {
        key: "forge",
        auth: Auth::OAuth2(OAuth2 {
            authorization: Authorization {
                url: Some(Template::Text("https://forge.example/authorize")),
                ..Authorization::EMPTY
            },
            token: TokenEndpoint { url: Template::Text("https://forge.example/token"), ..TokenEndpoint::EMPTY },
            outbound: None,
        }),
        proxy: Some(Proxy { base_url: Template::Text("https://forge.example"), ..Proxy::EMPTY }),
        hosts: Hosts { authorize: HOST, token: HOST, api: HOST, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    };
    type Auth = mode::OAuth2;
    type Config = NoConfig;
    type Credentials = NoCredentials;
}

/// Answers for both.
#[derive(Clone, Debug)]
pub struct Server;

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        _: &'a Egress,
    ) -> BoxFuture<'a, keyway::Result<http::Response<Body>>> {
        let (status, body) = match request.uri().path() {
            "/me" => (200, r#"{"name": "Ada"}"#),
            "/tickets" if request.method() == "GET" => (200, r#"[{"id": 1}, {"id": 2}]"#),
            "/tickets" => (201, r#"{"id": 3}"#),
            "/token" => (200, r#"{"access_token": "at", "refresh_token": "rt", "expires_in": 3600}"#),
            _ => (404, r#"{"error": "not found"}"#),
        };
        let mut response = http::Response::new(Body::full(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        Box::pin(async move { Ok(response) })
    }
}

/// A program with an integration of each.
pub fn keyway() -> Keyway {
    let forge = Integration::<forge::Forge>::new("forge").oauth_app("client", "client-secret");
    let builder = Keyway::builder().transport(Server).integration(Integration::<Acme>::new("acme")).integration(forge);
    builder.build().expect("the set-up of the examples fits")
}

/// The same with the connection `customer-42` at `acme`.
pub async fn connected() -> keyway::Result<Keyway> {
    let keyway = keyway();
    let credentials = Credentials { api_key: "a-customers-key".into() };
    keyway.integration::<Acme>("acme")?.connect("customer-42", Config {}, credentials).import().await?;
    Ok(keyway)
}

/// Runs an example.
pub fn run(example: impl Future<Output = Result<(), Box<dyn std::error::Error>>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(example).expect("the example works");
}
