//! Entries to simulate, and requests that are written by hand. Long, because each entry is a whole one in the words of
//! the spec: there is one for each way to sign in, and the tables beside it read them side by side.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

pub mod aws;

use bytes::Bytes;
use http::{Request, Response};
use keyway_simulator::{ConsentDecision, SeenRequest, SimulatedAccount, Simulator};
use keyway_spec::auth::{
    Authorization, Bill, BodyFormat, ClientAuth, ClientCredentials, Jwt, KeyKind, LoginRequest, OAuth1, OAuth2,
    Signature, SignatureMethod, TokenEndpoint, TokenResponse, TwoStep,
};
use keyway_spec::proxy::{ErrorAnswer, OffsetCount, PaginateKind, StatusRange, Verification};
use keyway_spec::template::{Function, Node, Position, Reference, Root, Template};
use keyway_spec::{Auth, Entry, Paginate, ProviderSpec, Proxy, Retry, Value};

/// 3 July 2026, in milliseconds.
pub const NOW: i64 = 1_783_036_800_000;

/// The example of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const fn name(root: Root, path: &'static str) -> Node {
    Node::Reference(Reference { root, path, position: Position::Text })
}

const fn in_url(root: Root, path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root, path, position })
}

const fn text(name: &'static str, value: &'static str) -> Entry {
    Entry { name, value: Value::Text(Template::Text(value)) }
}

const API_KEY: Node = name(Root::Credentials, "apiKey");
const ACCESS_TOKEN: Node = name(Root::AccessToken, "");

/// A code flow with PKCE, the client in the body, pages by `Link`, limits by an instant.
pub static CODE: ProviderSpec = ProviderSpec {
    key: "code",
    auth: Auth::OAuth2(OAuth2 {
        authorization: Authorization {
            url: Some(Template::Text("https://vendor.example/login/oauth/authorize")),
            params: &[text("prompt", "consent")],
            ..Authorization::EMPTY
        },
        token: TokenEndpoint {
            url: Template::Text("https://vendor.example/login/oauth/access_token"),
            ..TokenEndpoint::EMPTY
        },
        outbound: None,
    }),
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.vendor.example/v1/"),
        headers: &[("x-api-version", Template::Text("2022-11-28"))],
        retry: Retry { at: &["x-ratelimit-reset"], remaining: Some("x-ratelimit-remaining"), ..Retry::EMPTY },
        paginate: Some(Paginate {
            kind: PaginateKind::LinkHeader { rel: "next" },
            limit_name: Some("per_page"),
            response_path: None,
            ..Paginate::EMPTY
        }),
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// A code flow below a customer's own name, in JSON, with HTTP Basic, no PKCE, scopes with commas and pages by cursor.
pub static TENANT: ProviderSpec = ProviderSpec {
    key: "tenant",
    auth: Auth::OAuth2(OAuth2 {
        authorization: Authorization {
            url: Some(Template::Nodes(TENANT_AUTHORIZE)),
            scope_separator: ",",
            pkce: false,
            ..Authorization::EMPTY
        },
        token: TokenEndpoint {
            url: Template::Nodes(TENANT_TOKEN),
            params: &[text("grant_type", "authorization_code"), Entry { name: "expires", value: Value::Bool(true) }],
            refresh_params: &[Entry { name: "expires", value: Value::Bool(true) }],
            body_format: BodyFormat::Json,
            client_auth: ClientAuth::Basic,
            ..TokenEndpoint::EMPTY
        },
        outbound: None,
    }),
    proxy: Some(Proxy {
        base_url: Template::Nodes(TENANT_BASE),
        retry: Retry { after: &["retry-after"], ..Retry::EMPTY },
        paginate: Some(Paginate {
            kind: PaginateKind::Cursor { name: "page[after]", path: "meta.after_cursor" },
            limit_name: Some("page[size]"),
            response_path: Some("tickets"),
            ..Paginate::EMPTY
        }),
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};
const TENANT_HOST: Node = in_url(Root::ConnectionConfig, "subdomain", Position::HostLabel);
const TENANT_AUTHORIZE: &[Node] = &[Node::Text("https://"), TENANT_HOST, Node::Text(".desk.example/oauth/new")];
const TENANT_TOKEN: &[Node] = &[Node::Text("https://"), TENANT_HOST, Node::Text(".desk.example/oauth/tokens")];
const TENANT_BASE: &[Node] = &[Node::Text("https://"), TENANT_HOST, Node::Text(".desk.example")];

/// A key in a header and in the body, an account in the URL, with a probe and pages by page number.
pub static KEY: ProviderSpec = ProviderSpec {
    key: "key",
    auth: Auth::ApiKey,
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.key.example"),
        headers: &[("authorization", Template::Nodes(&[Node::Text("Bearer "), API_KEY]))],
        query: &[("account", Template::Nodes(&[name(Root::ConnectionConfig, "account")]))],
        body: &[Entry { name: "key", value: Value::Text(Template::Nodes(&[API_KEY])) }],
        paginate: Some(Paginate {
            kind: PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages },
            limit_name: None,
            response_path: Some("data.items"),
            ..Paginate::EMPTY
        }),
        verification: Some(Verification { endpoints: &[Template::Text("/me")], ..Verification::EMPTY }),
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// Errors come with 200, limits with 400, and say so in members; the offset grows by what a page says.
pub static TELLING: ProviderSpec = ProviderSpec {
    key: "telling",
    proxy: Some(Proxy {
        errors: &[
            ErrorAnswer { statuses: BAD_REQUEST, has: None, when: &[text("code", "limited")], counts_as: 429 },
            ErrorAnswer { statuses: SUCCESS, has: Some("errors"), when: FAILED, counts_as: 401 },
        ],
        paginate: Some(Paginate {
            kind: PaginateKind::Offset { name: "offset", start: 0, count: OffsetCount::Items },
            limit_name: Some("limit"),
            response_path: Some("entries"),
            offset_step: Some("limit"),
            ..Paginate::EMPTY
        }),
        base_url: Template::Text("https://api.telling.example"),
        ..KEY_PROXY
    }),
    auth: Auth::ApiKey,
    ..ProviderSpec::EMPTY
};
const SUCCESS: &[StatusRange] = &[StatusRange { first: 200, last: 299 }];
const BAD_REQUEST: &[StatusRange] = &[StatusRange { first: 400, last: 400 }];
const FAILED: &[Entry] = &[Entry { name: "ok", value: Value::Bool(false) }];
const KEY_PROXY: Proxy = Proxy {
    headers: &[("authorization", Template::Nodes(&[Node::Text("Bearer "), API_KEY]))],
    verification: Some(Verification { endpoints: &[Template::Text("/me")], ..Verification::EMPTY }),
    ..Proxy::EMPTY
};

pub static BASIC: ProviderSpec = ProviderSpec {
    key: "basic",
    auth: Auth::Basic,
    proxy: Some(Proxy { base_url: Template::Text("https://api.basic.example"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

/// The client is the customer's; lifetimes are in milliseconds.
pub static CLIENT: ProviderSpec = ProviderSpec {
    key: "client",
    auth: Auth::OAuth2ClientCredentials(ClientCredentials {
        token: TokenEndpoint {
            url: Template::Text("https://auth.client.example/token"),
            params: &[text("grant_type", "client_credentials"), text("audience", "api")],
            client_auth: ClientAuth::BasicRaw,
            ..TokenEndpoint::EMPTY
        },
        expires_in_milliseconds: true,
        ..ClientCredentials::EMPTY
    }),
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.client.example"),
        headers: &[("x-token", Template::Nodes(&[ACCESS_TOKEN]))],
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// Two requests to log in; the token is sent in the session's cookie.
pub static LOGIN: ProviderSpec = ProviderSpec {
    key: "login",
    auth: Auth::TwoStep(TwoStep {
        login: LoginRequest {
            url: Template::Text("https://api.login.example/login"),
            params: &[
                Entry {
                    name: "user",
                    value: Value::Map(&[Entry {
                        name: "name",
                        value: Value::Text(Template::Nodes(&[name(Root::Credentials, "username")])),
                    }]),
                },
                Entry { name: "password", value: Value::Text(Template::Nodes(&[name(Root::Credentials, "password")])) },
            ],
            headers: &[("x-digest", Template::Nodes(DIGEST)), ("x-request", Template::Nodes(&[Node::Random]))],
            ..LoginRequest::EMPTY
        },
        additional_steps: &[LoginRequest {
            url: Template::Nodes(&[
                Node::Text("https://api.login.example/tenants/"),
                in_url(Root::Step(1), "tenant.id", Position::Segment),
                Node::Text("/token"),
            ]),
            get: true,
            ..LoginRequest::EMPTY
        }],
        response: TokenResponse {
            token: "data.token",
            expiration: Some("data.valid_until"),
            expiration_is_duration: false,
            refresh_token: None,
        },
        response_headers: &["set-cookie"],
        ..TwoStep::EMPTY
    }),
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.login.example"),
        headers: &[("cookie", Template::Nodes(&[name(Root::Credentials, "_cookies")]))],
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};
/// `sha256Hex(${random}${credentials.password})`.
const DIGEST: &[Node] =
    &[Node::Call(Function::Sha256Hex, &[Template::Nodes(&[Node::Random, name(Root::Credentials, "password")])])];

/// The service of RFC 5849 section 1.2.
pub static PHOTOS: ProviderSpec = ProviderSpec {
    key: "photos",
    auth: Auth::OAuth1(OAuth1 {
        request_url: "https://photos.example.net/initiate",
        authorization_url: "https://photos.example.net/authorize",
        token_url: "https://photos.example.net/token",
        signature_method: SignatureMethod::HmacSha1,
        ..OAuth1::EMPTY
    }),
    proxy: Some(Proxy { base_url: Template::Text("http://photos.example.net"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

pub static PLAIN: ProviderSpec = ProviderSpec {
    key: "plain",
    auth: Auth::OAuth1(OAuth1 {
        request_url: "https://plain.example/initiate",
        authorization_url: "https://plain.example/authorize",
        token_url: "https://plain.example/token",
        signature_method: SignatureMethod::Plaintext,
        ..OAuth1::EMPTY
    }),
    proxy: Some(Proxy { base_url: Template::Text("https://plain.example"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

pub static TOKENS: ProviderSpec = ProviderSpec {
    key: "tokens",
    auth: Auth::Tba,
    proxy: Some(Proxy { base_url: Template::Text("https://tba.example"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

pub static SIGNED: ProviderSpec = ProviderSpec {
    key: "signed",
    auth: Auth::Jwt(Jwt {
        key_kind: KeyKind::HmacUtf8,
        signing_key: Template::Nodes(&[name(Root::Credentials, "secret")]),
        expires_in_ms: 300_000,
        header: &[text("alg", "HS256")],
        payload: &[text("aud", "/admin")],
    }),
    proxy: Some(Proxy { base_url: Template::Text("https://signed.example"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

pub static DIGESTED: ProviderSpec = ProviderSpec {
    key: "digested",
    auth: Auth::Signature(Signature { expires_in_ms: 300_000 }),
    proxy: Some(Proxy {
        base_url: Template::Text("https://digested.example"),
        headers: &[("authorization", Template::Nodes(&[ACCESS_TOKEN]))],
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

pub static SESSION: ProviderSpec = ProviderSpec {
    key: "session",
    auth: Auth::Bill(Bill { token_url: "https://session.example/login" }),
    proxy: Some(Proxy { base_url: Template::Text("https://session.example/v3"), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

const BOT_URL: &[Node] =
    &[Node::Text("https://api.bot.example/bot"), in_url(Root::Credentials, "apiKey", Position::Segment)];

/// The key is a segment of the base URL.
pub static BOT: ProviderSpec = ProviderSpec {
    key: "bot",
    auth: Auth::ApiKey,
    proxy: Some(Proxy { base_url: Template::Nodes(BOT_URL), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

/// The probe has another `accept` than calls.
pub static PROBED: ProviderSpec = ProviderSpec {
    key: "probed",
    auth: Auth::ApiKey,
    proxy: Some(Proxy {
        base_url: Template::Nodes(BOT_URL),
        headers: &[("accept", Template::Text("application/vnd.api+json"))],
        verification: Some(Verification {
            endpoints: &[Template::Text("/me")],
            headers: &[("accept", "application/json")],
            ..Verification::EMPTY
        }),
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// A login without parameters.
pub static BARE: ProviderSpec = ProviderSpec {
    key: "bare",
    auth: Auth::TwoStep(TwoStep {
        login: LoginRequest { url: Template::Text("https://api.bare.example/login"), ..LoginRequest::EMPTY },
        response: TokenResponse { token: "token", ..TokenResponse::EMPTY },
        ..TwoStep::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// The entry writes a scope.
pub static SCOPED: ProviderSpec = ProviderSpec {
    key: "scoped",
    auth: Auth::OAuth2ClientCredentials(ClientCredentials {
        token: TokenEndpoint {
            url: Template::Text("https://auth.scoped.example/token"),
            params: &[text("scope", "token")],
            ..TokenEndpoint::EMPTY
        },
        ..ClientCredentials::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// An account that every entry here can be connected with.
pub fn account() -> SimulatedAccount {
    let texts = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    SimulatedAccount {
        config: texts(&[("subdomain", "acme"), ("account", "4711"), ("accountId", "123-sb1")]),
        credentials: texts(&[
            ("apiKey", "key-of-the-customer"),
            ("username", "jane@acme.example"),
            ("password", "pass:word of jane"),
            ("secret", "shared-secret-of-jane"),
            ("token_id", "tba-token"),
            ("token_secret", "tba-token-secret"),
            ("organization_id", "org-1"),
            ("dev_key", "developer-key-1"),
        ]),
        client_id: "client 1".into(),
        client_secret: "se+cret:of/client".into(),
        scopes: vec!["repo".into(), "user:email".into()],
        redirect_uri: "https://app.example/callback".into(),
        ..SimulatedAccount::default()
    }
}

pub fn vendor(spec: &'static ProviderSpec) -> Simulator {
    Simulator::new(spec, account()).unwrap()
}

/// A request before it is one.
#[derive(Clone, Debug)]
pub struct Draft {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Draft {
    pub fn new(method: &'static str, url: &str) -> Draft {
        Draft { method, url: url.into(), headers: vec![("user-agent".into(), "test".into())], body: String::new() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Draft {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(mut self, media_type: &str, body: &str) -> Draft {
        body.clone_into(&mut self.body);
        self.header("content-type", media_type)
    }

    pub fn form(self, pairs: &[(&str, &str)]) -> Draft {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body("application/x-www-form-urlencoded", &body)
    }

    /// Replaces a text that is there in a header, the URL or the body.
    pub fn replace(&mut self, from: &str, to: &str) {
        let before = format!("{self:?}");
        self.url = self.url.replacen(from, to, 1);
        self.body = self.body.replacen(from, to, 1);
        for (name, value) in &mut self.headers {
            *name = name.replacen(from, to, 1);
            *value = value.replacen(from, to, 1);
        }
        assert_ne!(before, format!("{self:?}"), "`{from}` is not there");
    }

    pub fn without(&mut self, header: &str) {
        self.headers.retain(|(name, _)| name != header);
    }

    pub fn send(&self, vendor: &mut Simulator, now: i64) -> Response<Bytes> {
        let mut request = Request::builder().method(self.method).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        vendor.answer(request.body(Bytes::from(self.body.clone())).unwrap(), now)
    }
}

pub fn json(answer: &Response<Bytes>) -> serde_json::Value {
    serde_json::from_slice(answer.body()).unwrap()
}

/// The checks that failed, as text.
pub fn wrong(seen: &SeenRequest) -> String {
    seen.wrong().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The value of a parameter of a URL.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

pub fn authorize_url() -> String {
    let query = [
        ("response_type", "code"),
        ("client_id", "client 1"),
        ("redirect_uri", "https://app.example/callback"),
        ("scope", "repo user:email"),
        ("state", "0123456789abcdef0123"),
        ("prompt", "consent"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("https://vendor.example/login/oauth/authorize?{query}")
}

/// A code of `CODE`.
pub fn consent(vendor: &mut Simulator) -> String {
    let callback = vendor.consent(&authorize_url(), ConsentDecision::Approve, NOW).unwrap();
    parameter(&callback, "code").unwrap()
}

/// The request that redeems a code of `CODE` (RFC 6749 section 4.1.3).
pub fn redeem(code: &str) -> Draft {
    Draft::new("POST", "https://vendor.example/login/oauth/access_token").form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", "https://app.example/callback"),
        ("code_verifier", VERIFIER),
        ("client_id", "client 1"),
        ("client_secret", "se+cret:of/client"),
    ])
}

/// The request that redeems a refresh token of `CODE` (RFC 6749 section 6).
pub fn refresh(token: &str) -> Draft {
    Draft::new("POST", "https://vendor.example/login/oauth/access_token").form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "client 1"),
        ("client_secret", "se+cret:of/client"),
    ])
}

/// A call of `CODE`.
pub fn call(token: &str) -> Draft {
    Draft::new("GET", "https://api.vendor.example/v1/user")
        .header("authorization", &format!("Bearer {token}"))
        .header("x-api-version", "2022-11-28")
}

/// The access and the refresh token of `CODE`.
pub fn tokens(vendor: &mut Simulator) -> (String, String) {
    let code = consent(vendor);
    let answer = json(&redeem(&code).send(vendor, NOW));
    let member = |name: &str| answer[name].as_str().unwrap().to_owned();
    (member("access_token"), member("refresh_token"))
}
