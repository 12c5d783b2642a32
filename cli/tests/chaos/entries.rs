//! The vendors of a run: an entry for each way to sign in, the connections that it has, and what these sign in with.

use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_simulator::{EndpointKind, SimulatedAccount};
use keyway_spec::ProviderSpec;
use serde_json::{Map, Value, json};

/// The client that the operator registered.
pub(crate) const CLIENT_ID: &str = "client-of-the-operator";
pub(crate) const CLIENT_SECRET: &str = "canary-secret-of-the-operator";

/// The number of connections.
pub(crate) const CONNECTIONS: usize = 200;

/// The vendors, by what they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VendorKind {
    /// Each refresh gives a new refresh token; one that is used twice ends the grant.
    Rotating,
    /// The same, but a refresh token is honoured for half a minute after its first use.
    Windowed,
    /// The refresh token stays.
    Steady,
    /// The client itself is the grant.
    Client,
    /// A login gives a token.
    Login,
    Key,
    Basic,
    OAuth1,
    Jwt,
    Wsse,
}

/// The connections of each: 200 in all.
const SHARES: [(VendorKind, usize); 10] = [
    (VendorKind::Rotating, 45),
    (VendorKind::Windowed, 40),
    (VendorKind::Steady, 25),
    (VendorKind::Client, 25),
    (VendorKind::Login, 15),
    (VendorKind::Key, 15),
    (VendorKind::Basic, 10),
    (VendorKind::OAuth1, 10),
    (VendorKind::Jwt, 10),
    (VendorKind::Wsse, 5),
];

impl VendorKind {
    /// The kind of a connection's vendor.
    pub(crate) fn of(connection: usize) -> VendorKind {
        let mut before = 0;
        for (kind, share) in SHARES {
            before += share;
            if connection < before {
                return kind;
            }
        }
        panic!("there is no connection {connection}")
    }

    pub(crate) fn all() -> impl Iterator<Item = VendorKind> {
        SHARES.into_iter().map(|(kind, _)| kind)
    }

    /// The key of its entry and of its integration.
    pub(crate) fn key(self) -> &'static str {
        match self {
            VendorKind::Rotating => "rotating",
            VendorKind::Windowed => "windowed",
            VendorKind::Steady => "steady",
            VendorKind::Client => "client",
            VendorKind::Login => "login",
            VendorKind::Key => "key",
            VendorKind::Basic => "basic",
            VendorKind::OAuth1 => "oauth1",
            VendorKind::Jwt => "jwt",
            VendorKind::Wsse => "wsse",
        }
    }

    /// The endpoint that renews its tokens, where one does.
    pub(crate) fn renewed_at(self) -> Option<EndpointKind> {
        match self {
            VendorKind::Rotating | VendorKind::Windowed | VendorKind::Steady => Some(EndpointKind::TokenRefresh),
            VendorKind::Client => Some(EndpointKind::TokenClient),
            VendorKind::Login => Some(EndpointKind::LogIn),
            VendorKind::Key | VendorKind::Basic | VendorKind::OAuth1 | VendorKind::Jwt | VendorKind::Wsse => None,
        }
    }

    /// True if a refresh token is used up by its use.
    pub(crate) fn rotates(self) -> bool {
        matches!(self, VendorKind::Rotating | VendorKind::Windowed)
    }

    /// True if a browser goes to its pages.
    pub(crate) fn is_interactive(self) -> bool {
        matches!(self, VendorKind::Rotating | VendorKind::Windowed | VendorKind::Steady)
    }

    /// True if the operator registers a client with it.
    pub(crate) fn has_operators_client(self) -> bool {
        self.is_interactive() || self == VendorKind::OAuth1
    }
}

/// The name of a connection and of its account, which is the first segment of the vendor's paths.
pub(crate) fn account(connection: usize) -> String {
    format!("c{connection:03}")
}

/// The credentials that a customer submits, or an operator imports. Each secret has the name of its account in it.
pub(crate) fn credentials(connection: usize) -> Map<String, Value> {
    let account = account(connection);
    let secret = |what: &str| format!("canary-{account}-{what}");
    let user = |what: &str| json!({"username": format!("user-{account}"), "password": secret(what)});
    let credentials = match VendorKind::of(connection) {
        VendorKind::Rotating | VendorKind::Windowed | VendorKind::Steady => json!({}),
        VendorKind::Client => json!({"client_id": format!("client-{account}"), "client_secret": secret("client")}),
        VendorKind::Login => user("login"),
        VendorKind::Key => json!({"apiKey": secret("key")}),
        VendorKind::Basic => user("basic"),
        VendorKind::OAuth1 => json!({"oauth_token": secret("token"), "oauth_token_secret": secret("token-secret")}),
        VendorKind::Jwt => json!({"secret": secret("jwt")}),
        VendorKind::Wsse => user("wsse"),
    };
    credentials.as_object().cloned().unwrap_or_default()
}

/// The account as its vendor knows it.
pub(crate) fn simulated(connection: usize) -> SimulatedAccount {
    let credentials = credentials(connection).into_iter();
    SimulatedAccount {
        config: [("account".to_owned(), account(connection))].into(),
        credentials: credentials.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect(),
        connection_id: account(connection),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        ..SimulatedAccount::default()
    }
}

/// The entries, for vendors at an origin.
pub(crate) fn catalogue(origin: &str) -> String {
    VendorKind::all().map(|kind| entry(kind, &format!("{origin}/${{connectionConfig.account}}"))).collect()
}

/// The entries as the simulator reads them, by the compiler that the servers have too.
pub(crate) fn specs(catalogue: &str) -> &'static [ProviderSpec] {
    let mut sources = Sources::default();
    let catalogue = sources.add("vendor.yaml".to_owned(), catalogue.to_owned());
    Vec::leak(pipeline::load(&sources, Input { catalogue, overlays: Vec::new() }).1)
}

fn entry(kind: VendorKind, vendor: &str) -> String {
    let key = kind.key();
    let field = |name: &str, secret: bool| {
        let title = format!("title: The {name}, description: It is in the settings of the account.");
        format!("    {name}: {{type: string, {title}, secret: {secret}}}\n")
    };
    let user = || field("username", false) + &field("password", true);
    let (mode, own, fields, placed) = match kind {
        VendorKind::Rotating | VendorKind::Windowed | VendorKind::Steady => {
            let own = format!("  authorization_url: {vendor}/authorize\n  token_url: {vendor}/token\n");
            ("OAUTH2", own, String::new(), "")
        }
        VendorKind::Client => {
            let own = format!("  token_url: {vendor}/token\n  token_params: {{grant_type: client_credentials}}\n");
            ("OAUTH2_CC", own, field("client_id", false) + &field("client_secret", true), "")
        }
        VendorKind::Login => ("TWO_STEP", LOGIN.replace("VENDOR", vendor), user(), ""),
        VendorKind::Key => ("API_KEY", String::new(), field("apiKey", true), "    headers: {x-key: '${apiKey}'}\n"),
        VendorKind::Basic => ("BASIC", String::new(), user(), ""),
        VendorKind::OAuth1 => ("OAUTH1", OAUTH1.replace("VENDOR", "https://vendor.example"), String::new(), ""),
        VendorKind::Jwt => ("JWT", JWT.to_owned(), field("secret", true), ""),
        VendorKind::Wsse => ("SIGNATURE", WSSE.to_owned(), String::new(), "    headers: {x-wsse: '${accessToken}'}\n"),
    };
    let proved = matches!(kind, VendorKind::Key | VendorKind::Basic | VendorKind::Jwt | VendorKind::Wsse);
    let probe = if proved { "    verification: {method: GET, endpoints: [/me]}\n" } else { "" };
    let fields = if fields.is_empty() { String::new() } else { format!("  credentials:\n{fields}") };
    format!(
        "{key}:
  display_name: Vendor {key}
  docs: https://vendor.example/docs
  categories: [dev-tools]
  auth_mode: {mode}
{own}{fields}  connection_config:
    account: {{type: string, title: Account, description: Its name., example: c000, pattern: '^c[0-9]{{3}}$'}}
  proxy:
    base_url: {vendor}/api
    retry: {{after: [retry-after]}}
{placed}{probe}
"
    )
}

const LOGIN: &str = "  token_url: VENDOR/login
  token_request_method: POST
  body_format: json
  token_headers: {content-type: application/json}
  token_params: {username: '${credentials.username}', password: '${credentials.password}'}
  token_response: {token: data.token, token_expiration: data.expires_in, token_expiration_strategy: expireIn}
";

const OAUTH1: &str = "  request_url: VENDOR/request-token
  authorization_url: VENDOR/authorize
  token_url: {OAUTH1: VENDOR/access-token}
  signature_method: HMAC-SHA1
";

const JWT: &str = "  signature: {protocol: HMAC, hmac_secret_encoding: utf8}
  token:
    signing_key: ${credentials.secret}
    expires_in_ms: 60000
    header: {alg: HS256}
    payload: {aud: /api}
";

const WSSE: &str = "  signature: {protocol: WSSE}
  token: {expires_in_ms: 60000}
";

#[test]
fn there_are_200_connections_and_an_entry_for_each_kind() {
    assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<usize>(), CONNECTIONS);
    let keys: Vec<&str> = specs(&catalogue("http://127.0.0.1:1")).iter().map(|spec| spec.key).collect();
    assert_eq!(keys, VendorKind::all().map(VendorKind::key).collect::<Vec<_>>());
}
