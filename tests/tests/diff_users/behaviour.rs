//! What the runtime does with a provider, as texts: what it takes and stores, what it asks for, where it may go, and
//! every part of the requests that it makes.
//!
//! What is only added by a change is not a loss, so every part is a text of its own.

use http::HeaderMap;
use keyway::auth::exchange::{Answer, Ask, Callback, Grant, Returned, Step};
use keyway::auth::token_request::TokenRequest;
use keyway::clock::Moment;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::credentials::{Credentials, Token};
use keyway::egress::{Egress, EgressPolicy};
use keyway::fields::{self, Trust};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{self, Call, CallBody};
use keyway::secret::Secret;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Catalogue, Keyway, auth, mask};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// Each with its name.
pub(super) type Observed = BTreeMap<String, String>;

/// What people give, by provider: the program's own values, and others that were taken.
/// A mode, and the sets of fields that are tried in it.
type Given = (&'static str, &'static [&'static [(&'static str, &'static str)]]);

const GIVEN: [Given; 5] = [
    (
        "shop",
        &[
            &[("team", "globex"), ("region", "live")],
            &[("team", "a1"), ("region", "LIVE"), ("version", "7"), ("tier", "pro")],
            &[("team", "b"), ("region", "us-east-1"), ("account", "7")],
        ],
    ),
    ("ledger", &[&[]]),
    ("plane", &[&[]]),
    ("drive", &[&[], &[("plan", "gold")]]),
    ("mail", &[&[("kind", "cloud")], &[("kind", "cloud"), ("label", "x"), ("serial", "1")], &[("kind", "own")]]),
];

/// Everything of one provider.
pub(super) async fn of(spec: &ProviderSpec) -> Observed {
    let mut seen = Observed::new();
    let mut see = |what: String, value: String| _ = seen.insert(format!("{} {what}", spec.key), value);
    asked(spec, &mut see);
    let given = GIVEN.iter().find(|(key, _)| *key == spec.key).map_or(&[][..], |(_, given)| given);
    for (index, values) in given.iter().enumerate() {
        let given = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let Ok(config) = fields::validate::<String>(spec.connection_config, &given, Trust::User) else { continue };
        see(format!("takes {index}"), "yes".to_owned());
        for field in spec.connection_config {
            let stored = config.get(field.name).map_or("nothing", String::as_str);
            see(format!("stores {index} {}", field.name), stored.to_owned());
        }
        requests(spec, index, &config, &mut see);
        pages(spec, index, &config, &mut see).await;
    }
    seen
}

type See<'s> = dyn FnMut(String, String) + 's;

/// What a form asks for, what is shown afterwards, where requests may go, and what stands beside them.
fn asked(spec: &ProviderSpec, see: &mut See<'_>) {
    for field in spec.connection_config.iter().chain(spec.credentials) {
        if !field.hidden && !field.automated {
            see(format!("asks for {}", field.name), "yes".to_owned());
        }
    }
    for field in spec.connection_config {
        see(format!("shows {}", field.name), (!field.secret).to_string());
    }
    for scope in spec.default_scopes {
        see(format!("default scope {scope}"), String::new());
    }
    for category in spec.categories {
        see(format!("is built with {category}"), String::new());
    }
    let integration = IntegrationRecord::default();
    let policy = EgressPolicy::default();
    let secret = Egress::for_operator_secret(spec, &integration, policy.clone());
    for url in ["https://partner.drive-cloud.com/", "https://login.drive-cloud.com/"] {
        if secret.check_url(&Url::parse(url).unwrap()).is_ok() {
            see(format!("trusts {url}"), String::new());
        }
    }
    let api = Egress::for_api(spec, &integration, policy);
    for host in ["a.shop-api.com", "api.mail-cloud.com", "api.drive-cloud.com"] {
        if api.check_url(&Url::parse(&format!("https://{host}/")).unwrap()).is_ok() {
            see(format!("reaches {host}"), String::new());
        }
    }
}

const SUBMITTED: [&str; 5] = ["apiKey", "username", "user", "client_id", "client_secret"];

/// The credentials that are submitted, with the entry's own defaults.
fn credentials(spec: &ProviderSpec) -> Credentials {
    let given = spec.credentials.iter().filter(|field| SUBMITTED.contains(&field.name));
    let given = given.map(|field| (field.name.to_owned(), Secret::from("given"))).collect();
    let inputs = fields::validate::<Secret>(spec.credentials, &given, Trust::User).unwrap_or(given);
    let has_token = !matches!(spec.auth, Auth::ApiKey | Auth::Basic | Auth::None);
    let token = Token::new("access").refresh(Secret::from("refresh"));
    Credentials::submitted(inputs).token(has_token.then_some(token))
}

fn requests(spec: &ProviderSpec, index: usize, config: &ConfigMap, see: &mut See<'_>) {
    let integration = IntegrationRecord::without_scopes(spec.key, spec.key).client_id("client").client_secret("secret");
    let (credentials, metadata) = (credentials(spec), Map::new());
    let moment = Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: String::new() };
    let inputs = Inputs {
        spec,
        integration: &integration,
        config,
        connection_id: "one",
        metadata: &metadata,
        credentials: &credentials,
        moment: &moment,
    };
    let body = CallBody::JsonText(r#"{"own": true}"#.to_owned().into());
    let call = Call::new(http::Method::POST, "/things").body(body);
    if let Ok(plan) = request::plan(&inputs, &call) {
        let shown = mask::reveal(&plan);
        url(&format!("call {index}"), &Url::parse(&shown.url).unwrap(), see);
        for (name, value) in shown.headers {
            see(format!("call {index} header {name}"), value);
        }
        body_of(&format!("call {index}"), &shown.body.unwrap_or_default(), see);
    }
    match spec.auth {
        Auth::OAuth2(_) => sign_in(&inputs, index, see),
        Auth::TwoStep(_) | Auth::OAuth2ClientCredentials(_) => {
            exchange(&inputs, &format!("login {index}"), Grant::Login, see);
        }
        _ => {}
    }
}

fn sign_in(inputs: &Inputs<'_>, index: usize, see: &mut See<'_>) {
    let verifier = Secret::from("verifier-verifier-verifier-verifier-verifier");
    let redirect_uri = "https://app.example/callback";
    let scopes = ["one".to_owned(), "two".to_owned()];
    let ask = Ask { redirect_uri, scopes: &scopes, state: "state", verifier: verifier.expose() };
    let Ok(Step::Done(page)) = auth::page(inputs, ask, &[]) else { return };
    url(&format!("page {index}"), &Url::parse(&page.url).unwrap(), see);
    let callback = Callback::parse("code=c&state=state&realm=r&other=o");
    let returned = Returned { callback: &callback, redirect_uri, verifier: &verifier, kept: &page.kept };
    if let Auth::OAuth2(mode) = inputs.spec.auth {
        for (name, value) in callback.metadata(mode.authorization.redirect_uri_metadata) {
            see(format!("keeps of the callback {name}"), value);
        }
    }
    for (name, grant) in [("exchange", Grant::Returned(returned)), ("refresh", Grant::Renewal)] {
        exchange(inputs, &format!("{name} {index}"), grant, see);
    }
}

/// A request for a token, and what of its answer is kept.
fn exchange(inputs: &Inputs<'_>, name: &str, grant: Grant<'_>, see: &mut See<'_>) {
    let Ok(Step::Send(request)) = auth::step(inputs, grant, &[]) else { return };
    sent(name, &request, see);
    let body = r#"{"access_token": "a", "refresh_token": "r", "expires_in": 60, "instance": "i", "team": "t",
        "jwt": "j", "token": "k", "book": "b"}"#;
    let (headers, received) = (HeaderMap::new(), inputs.moment.now);
    let answer = Answer { status: 200, headers, body: body.into(), received, secrets: Vec::new(), kept: false };
    let Ok(Step::Done(granted)) = auth::step(inputs, grant, &[answer]) else { return };
    see(format!("{name} token"), granted.token.unwrap().access.expose().to_owned());
    for (key, value) in granted.metadata {
        see(format!("{name} keeps {key}"), value);
    }
}

fn sent(what: &str, request: &TokenRequest, see: &mut See<'_>) {
    url(what, &request.url.0, see);
    see(format!("{what} method"), request.method.to_string());
    for header in &request.headers {
        see(format!("{what} header {}", header.name), header.value.expose().to_owned());
    }
    body_of(what, request.body.expose(), see);
}

fn url(what: &str, url: &Url, see: &mut See<'_>) {
    see(format!("{what} scheme"), url.scheme().to_owned());
    see(format!("{what} host"), url.host_str().unwrap().to_owned());
    see(format!("{what} path"), url.path().to_owned());
    for (name, value) in url.query_pairs() {
        see(format!("{what} query {name}"), value.into_owned());
    }
}

fn body_of(what: &str, body: &str, see: &mut See<'_>) {
    match serde_json::from_str::<Map<String, Value>>(body) {
        Ok(members) => members.iter().for_each(|(name, value)| see(format!("{what} body {name}"), value.to_string())),
        Err(_) => {
            for (name, value) in form_urlencoded::parse(body.as_bytes()) {
                see(format!("{what} form {name}"), value.into_owned());
            }
        }
    }
}

/// Answers with a list that has a second page by several rules, and keeps the targets that it is asked for.
#[derive(Debug, Default, Clone)]
struct Vendor(Arc<Mutex<Vec<String>>>);

impl Transport for Vendor {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        _: &'a Egress,
    ) -> BoxFuture<'a, keyway::Result<http::Response<Body>>> {
        let uri = request.uri().clone();
        self.0.lock().unwrap().push(uri.to_string());
        Box::pin(async move {
            let next = if uri.to_string().contains("second") { "" } else { "second" };
            let target = format!("https://{}/things?second=yes", uri.authority().unwrap());
            let body = format!(r#"{{"items": [1], "data": [2, 3], "next": {next:?}}}"#);
            let answer = http::Response::builder().header("content-type", "application/json");
            let answer =
                if next.is_empty() { answer } else { answer.header("link", format!("<{target}>; rel=\"next\"")) };
            Ok(answer.body(Body::full(body)).unwrap())
        })
    }
}

/// How a list is walked.
async fn pages(spec: &ProviderSpec, index: usize, config: &ConfigMap, see: &mut See<'_>) {
    let vendor = Vendor::default();
    let spec: &'static ProviderSpec = Box::leak(Box::new(*spec));
    let mut catalogue = Catalogue::new(&[]);
    catalogue.insert(spec);
    let integration = IntegrationRecord::without_scopes(spec.key, spec.key).client_id("client").client_secret("secret");
    let builder = Keyway::builder().catalogue(catalogue).transport(vendor.clone()).integration_record(integration);
    let keyway = builder.build().unwrap();
    let key = ConnectionKey::new(spec.key, "one");
    let imported = keyway.import_unverified(key.clone(), config.clone(), Map::new(), credentials(spec)).await;
    if imported.is_err() {
        return;
    }
    let call = Call::get("/things");
    let mut pages = keyway.pages(&key, call).limit(5);
    for page in 1..=2 {
        let Ok(Some(items)) = pages.next().await else { break };
        see(format!("list {index} page {page}"), format!("{items:?}"));
    }
    let asked = vendor.0.lock().unwrap().clone();
    for (number, target) in asked.iter().enumerate() {
        for (name, value) in Url::parse(target).unwrap().query_pairs() {
            see(format!("list {index} request {number} query {name}"), value.into_owned());
        }
    }
}
