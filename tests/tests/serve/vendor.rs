//! A vendor of apps and plugins: it checks the app's JWT with OpenSSL, knows one installation, and hands out tokens.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::catalogue::Catalogue;
use keyway_spec::auth::{App, Authorization, Custom, InstallPlugin, OAuth2, Outbound, TokenEndpoint};
use keyway_spec::proxy::Verification;
use keyway_spec::{Auth, Field, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use serde_json::Value;
use std::net::SocketAddr;
use std::process::Command;
use tokio::net::TcpListener;

pub(crate) const PRIVATE_KEY: &str = include_str!("../../../runtime/core/tests/keys/rsa.pkcs1.pem");
const PUBLIC_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/core/tests/keys/rsa.public.pem");

pub(crate) async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/app/{installation}/tokens", post(installation_token))
        .route("/user/token", post(|| async { r#"{"access_token":"user-token","expires_in":28800}"# }))
        .route("/outbound/{installation}/token", post(outbound_token))
        .route("/api/me", get(me));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A token for the one installation, if the JWT is the app's, in time, and short.
async fn installation_token(Path(installation): Path<String>, headers: HeaderMap) -> (StatusCode, String) {
    let jwt = headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
    if !is_the_apps(&jwt) {
        return (StatusCode::UNAUTHORIZED, r#"{"message":"A JSON web token could not be decoded"}"#.to_owned());
    }
    if installation != "7" {
        return (StatusCode::NOT_FOUND, r#"{"message":"Not Found"}"#.to_owned());
    }
    (StatusCode::CREATED, r#"{"token":"installation-token","expires_at":"2100-01-01T00:00:00Z"}"#.to_owned())
}

async fn outbound_token(Path(installation): Path<String>, body: String) -> (StatusCode, String) {
    let right = installation == "uuid-1" && body.contains("code=code-1") && !body.contains("redirect_uri");
    if right {
        (StatusCode::OK, r#"{"access_token":"outbound-token"}"#.to_owned())
    } else {
        (StatusCode::BAD_REQUEST, body)
    }
}

async fn me(headers: HeaderMap) -> (StatusCode, String) {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = ["Bearer installation-token", "Bearer outbound-token", "Basic cGx1Z2luOnNlc2FtZQ=="];
    let status = if known.contains(&authorization) { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    (status, authorization.to_owned())
}

fn is_the_apps(jwt: &str) -> bool {
    let Some(claims) = claims(jwt) else { return false };
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let (issued, expires) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    let in_time = issued <= now && now < expires && expires <= now + 600 && expires - issued <= 600;
    claims["iss"] == "42" && in_time
}

/// The claims of a JWT that was signed with the private key.
pub(crate) fn claims(jwt: &str) -> Option<Value> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.')?.1).ok()?;
    let folder = tempfile::tempdir().unwrap();
    let (message, proof) = (folder.path().join("message"), folder.path().join("signature"));
    std::fs::write(&message, signed).unwrap();
    std::fs::write(&proof, URL_SAFE_NO_PAD.decode(signature).ok()?).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256", "-verify", PUBLIC_KEY, "-signature"]).arg(proof).arg(message);
    openssl.output().unwrap().status.success().then(|| serde_json::from_slice(&claims).unwrap())
}

/// The vendor's entries: an app, an app with users, a plugin, an installation from the vendor's side.
pub(crate) fn providers(vendor: SocketAddr) -> Catalogue {
    let host: &'static str = leak(vendor.to_string());
    let set = HostSet::Fixed(Vec::leak(vec![host]));
    let text = |path: &str| Node::Text(leak(format!("http://{vendor}{path}")));
    let config = |path| Node::Reference(Reference { root: Root::ConnectionConfig, path, position: Position::Segment });
    let link = Node::Reference(Reference { root: Root::AppPublicLink, path: "", position: Position::Origin });
    let page = Template::Nodes(Vec::leak(vec![link, Node::Text("/installations/new")]));
    let app_token = Template::Nodes(Vec::leak(vec![text("/app/"), config("installation_id"), Node::Text("/tokens")]));
    let outbound_token =
        Template::Nodes(Vec::leak(vec![text("/outbound/"), config("installation.uuid"), Node::Text("/token")]));
    let one = |node| Template::Nodes(Vec::leak(vec![node]));
    let me = Vec::leak(vec![Template::Text("/me")]);
    let proxy = Proxy { base_url: one(text("/api")), ..Proxy::EMPTY };
    let verification = Verification { method: "GET", endpoints: me, base_url_override: None, headers: &[], data: &[] };
    let user = TokenEndpoint { url: one(text("/user/token")), ..TokenEndpoint::EMPTY };
    let base = ProviderSpec {
        hosts: Hosts { authorize: set, token: set, api: set, ..Hosts::EMPTY },
        proxy: Some(proxy),
        ..ProviderSpec::EMPTY
    };
    let automated = Field { automated: true, ..Field::EMPTY };
    let actor = Field { name: "actor", title: "User ID", ..Field::EMPTY };
    let specs = vec![
        ProviderSpec {
            key: "vendor-app",
            auth: Auth::App(App { authorization_url: page, token_url: app_token }),
            connection_config: Vec::leak(vec![Field { name: "installation_id", ..automated }]),
            ..base
        },
        ProviderSpec {
            key: "vendor-user-app",
            auth: Auth::Custom(Custom {
                authorization: Authorization { url: Some(page), ..Authorization::EMPTY },
                token: user,
                app_token_url: app_token,
            }),
            ..base
        },
        ProviderSpec {
            key: "vendor-plugin",
            auth: Auth::InstallPlugin(InstallPlugin {
                authorization_url: None,
                redirect_uri_metadata: &["website_id"],
            }),
            proxy: Some(Proxy { verification: Some(verification), ..proxy }),
            ..base
        },
        ProviderSpec {
            key: "vendor-outbound",
            auth: Auth::OAuth2(OAuth2 {
                authorization: Authorization::EMPTY,
                token: TokenEndpoint { url: outbound_token, ..TokenEndpoint::EMPTY },
                outbound: Some(Outbound { code_path: "data.installation.code", metadata: &["installation.uuid"] }),
            }),
            connection_config: Vec::leak(vec![actor, Field { name: "installation.uuid", ..automated }]),
            ..base
        },
    ];
    specs.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect()
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
