//! The doors that only the whole library has: what a stored connection, an import with its probe and hooks, a list and
//! the way to the vendor's page, and the vendor's webhook really send, as a transport sees it.
//!
//! What goes in is past the checks of the entry's own patterns where it is stored, and what a customer may enter where
//! it is imported. Nothing is sent; the transport answers by itself.

use super::{Account, Door, EVIL, SECRET, TRIES, integration, reaches};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyway::ConnectionQuery;
use keyway::client::Authorize;
use keyway::clock::Timestamp;
use keyway::connection::{ConfigMap, Connection, ConnectionKey};
use keyway::egress::{Egress, SecretOwner};
use keyway::fields::Trust;
use keyway::hooks::{Context, Hook};
use keyway::response::paginate::Paginate;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Call, Catalogue, Error, ErrorKind, Keyway, Result};
use keyway_spec::auth::{Authorization, OAuth2, Outbound};
use keyway_spec::provider::Scripts;
use keyway_spec::{Auth, Field, ProviderSpec};
use ring::hmac;
use std::sync::{Arc, Mutex};
use url::Url;

pub(crate) const NAMES: [&str; 7] =
    ["stored call", "stored page link", "stored refresh", "import", "hook", "vendor's page", "vendor's webhook"];

/// A transport that keeps what it was given, and whether an operator's secret was in it. It obeys the egress, as every
/// transport must, and answers that the host is unreachable.
#[derive(Clone, Debug, Default)]
struct Watching {
    sent: Arc<Mutex<Vec<(Url, bool)>>>,
    /// Where the list goes on, if it does.
    next: Arc<Mutex<Option<String>>>,
}

impl Transport for Watching {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            let url: Url = request.uri().to_string().parse().unwrap();
            egress.check_url(&url)?;
            let (head, body) = request.into_parts();
            let body = body.collect(1 << 20).await.unwrap_or_default();
            let secret = format!(
                "{url} {:?}",
                head.headers.values().map(|v| v.as_bytes().escape_ascii().to_string()).collect::<Vec<_>>()
            );
            let holds = secret.contains(SECRET) || String::from_utf8_lossy(&body).contains(SECRET);
            self.sent.lock().unwrap().push((url, holds));
            match self.next.lock().unwrap().take() {
                Some(next) => {
                    Ok(http::Response::new(Body::full(serde_json::json!({"data": [1], "next": next}).to_string())))
                }
                None => Err(Error::new(ErrorKind::Unreachable, "nobody is there").sent(false)),
            }
        })
    }
}

/// A hook that calls.
#[derive(Debug)]
struct Calls;

impl Hook for Calls {
    fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<ConfigMap>> {
        Box::pin(async move {
            let call = Call::get("/hooked");
            context.send(&call).await.map(|_| ConfigMap::new())
        })
    }
}

/// Tries one field of one entry through every door of this file.
pub(crate) async fn through(doors: &mut [Door; 7], spec: &ProviderSpec, field: &str, recorded: Option<&str>) {
    let plain: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec { scripts: Scripts::EMPTY, ..*spec }));
    let scripts = Scripts { credentials_verification: Some("calls"), ..Scripts::EMPTY };
    let hooked: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec { scripts, ..*spec }));
    let transport = Watching::default();
    let of = |spec: &'static ProviderSpec| {
        let builder = Keyway::builder().catalogue([spec].into_iter().collect::<Catalogue>()).hook("calls", Calls);
        builder.transport(transport.clone()).integration_record(integration(spec)).build()
    };
    // An integration that its provider refuses (an app without a key) has no door.
    let (Ok(plain_keyway), Ok(hooked_keyway)) = (of(plain), of(hooked)) else { return };
    let key = ConnectionKey::new("acme", "c");
    for value in TRIES.into_iter().chain(recorded) {
        let line = format!("{} `{field}` = {value}", spec.key);
        let account = Account::of(spec, Some((field, value)));
        let judge = |door: &mut Door, error: Option<Error>| {
            let sent = std::mem::take(&mut *transport.sent.lock().unwrap());
            if sent.is_empty()
                && let Some(error) = error
            {
                door.count(&line, Err(error), SecretOwner::Customer, &[]);
            }
            for (url, holds_operators) in sent {
                let owner = if holds_operators { SecretOwner::Operator } else { SecretOwner::Customer };
                let host = url.host_str().unwrap_or_default().to_owned();
                let sets: [&[&str]; 3] = [spec.hosts.api.patterns(), spec.hosts.token.patterns(), spec.hosts.trusted];
                let set = sets.into_iter().find(|set| reaches(set, &host)).unwrap_or_default();
                door.count(&line, Ok(url), owner, set);
            }
        };
        let [call, page, refresh, import, hook, vendors_page, webhook] = doors;

        let stored = Connection::new(key.clone(), spec.key, Timestamp::UNIX_EPOCH)
            .config(account.config.clone())
            .metadata(account.metadata.clone())
            .credentials(account.credentials.clone());
        let Ok(_) = plain_keyway.list_connections(ConnectionQuery::first(1)).await else { return };
        plain_keyway.delete_connection(&key).await.unwrap();
        transport.sent.lock().unwrap().clear();
        plain_keyway.store().put_connection(stored, None).await.unwrap();
        let things = Call::get("/v1/things");
        let outcome = plain_keyway.send(&key, things.clone(), None).await;
        judge(call, outcome.err());

        *transport.next.lock().unwrap() = Some(format!("https://{EVIL}/next"));
        let mut pages = plain_keyway.pages(&key, things).rule(Paginate::link_body("next").response_path("data"));
        let _first = pages.next().await;
        transport.next.lock().unwrap().take();
        transport.sent.lock().unwrap().clear();
        let second = pages.next().await;
        let outside: Vec<Url> = transport.sent.lock().unwrap().iter().map(|(url, _)| url.clone()).collect();
        judge(page, second.err());
        // The customer may have named that very host; else the upstream's word opens nothing.
        let own = value.contains(EVIL);
        assert!(own || outside.iter().all(|url| url.host_str() != Some(EVIL)), "{line}: a link led outside");

        let outcome = plain_keyway.refresh(&key).await;
        judge(refresh, outcome.err());

        for (keyway, door) in [(&plain_keyway, import), (&hooked_keyway, hook)] {
            let (config, metadata) = (account.config.clone(), account.metadata.clone());
            let mut credentials = account.credentials.clone();
            let outcome =
                keyway.import(key.clone(), config.clone(), metadata.clone(), credentials.clone(), Trust::User).await;
            judge(door, outcome.err());
            credentials.token = None;
            let outcome = keyway.import(key.clone(), config, metadata, credentials, Trust::User).await;
            judge(door, outcome.err());
        }

        let request = Authorize::new(key.clone(), "https://app.test/callback").config(account.config.clone());
        match plain_keyway.authorize(request).await {
            Ok(started) => {
                let url: Url = started.url.parse().unwrap();
                vendors_page.count(&line, Ok(url), SecretOwner::None, spec.hosts.authorize.patterns());
            }
            Err(error) => judge(vendors_page, Some(error)),
        }
        transport.sent.lock().unwrap().clear();

        match outbound(spec, field) {
            Some(outbound) => judge(webhook, installed(outbound, &transport, (field, value)).await.err()),
            None => webhook.none += 1,
        }
    }
}

/// The field of an account that a webhook repeats.
const ACTOR: &str = "actor";

/// The entry as one that is installed from the vendor's side, whose webhook says what the field is.
fn outbound(spec: &ProviderSpec, field: &str) -> Option<&'static ProviderSpec> {
    let Auth::OAuth2(mode) = spec.auth else { return None };
    let said: &'static str = field.to_owned().leak();
    let rules = Outbound { code_path: "code", metadata: vec![said].leak() };
    let authorization = Authorization { url: None, ..mode.authorization };
    let auth = Auth::OAuth2(OAuth2 { authorization, token: mode.token, outbound: Some(rules) });
    let asked = Account::of(spec, None).config.into_keys().filter(|name| name != field);
    let asked = asked.map(|name| Field { name: name.leak(), optional: true, ..Field::EMPTY });
    let own = [Field { name: ACTOR, ..Field::EMPTY }, Field { name: said, automated: true, ..Field::EMPTY }];
    let connection_config = asked.chain(own).collect::<Vec<_>>().leak();
    let scripts = Scripts::EMPTY;
    Some(Box::leak(Box::new(ProviderSpec { auth, connection_config, scripts, ..*spec })))
}

/// An honest customer waits; the vendor's authentic webhook brings the code and the value.
async fn installed(spec: &'static ProviderSpec, transport: &Watching, (field, value): (&str, &str)) -> Result<()> {
    let secret = "webhook-secret";
    let record = integration(spec).custom([("webhookSecret".to_owned(), secret.into())].into());
    let builder = Keyway::builder().catalogue([spec].into_iter().collect::<Catalogue>());
    let keyway = builder.transport(transport.clone()).integration_record(record).build()?;
    let mut config = Account::of(spec, None).config;
    config.retain(|name, _| name != field);
    config.insert(ACTOR.to_owned(), "a-1".to_owned());
    keyway.begin_outbound(ConnectionKey::new("acme", "c"), config, Trust::Operator).await.unwrap();
    let body = serde_json::json!({"code": "code", ACTOR: "a-1", field: value}).to_string();
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body.as_bytes());
    let signature = STANDARD.encode(signature);
    keyway.complete_outbound("acme", body.as_bytes(), &[&signature]).await.map(|_| ())
}
