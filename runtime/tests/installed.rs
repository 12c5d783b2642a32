//! Connections that begin on the vendor's side, against a mock: no browser was sent away, so a token request has
//! neither the redirect URI nor the verifier of one, whatever the quirks of its entry.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it
#![allow(clippy::large_types_passed_by_value, clippy::unnecessary_wraps)] // the table below reads like the data

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyway::fields::Trust;
use keyway::{ConnectionKey, Keyway};
use keyway_spec::auth::{Authorization, OAuth2, Outbound};
use keyway_spec::quirks::{ExchangeQuirks, FollowUp, GrantType, Quirks, RequestQuirks};
use keyway_spec::{Auth, Entry, Field, Node, Position, ProviderSpec, Reference, Root, Template, Value};
use ring::hmac;
use std::net::SocketAddr;
use support::{Hand, Mock, keyway, oauth2, reply};

const WEBHOOK_SECRET: &str = "webhook-secret";
const CODE: RequestQuirks = RequestQuirks { grant: GrantType::AuthorizationCode, ..RequestQuirks::EMPTY };
const REFRESH: RequestQuirks = RequestQuirks { grant: GrantType::RefreshToken, ..RequestQuirks::EMPTY };

/// Parameters with a redirect URI among them.
const REDIRECTING: &[Entry] = &[
    Entry {
        name: "redirect",
        value: Value::Text(Template::Nodes(&[Node::Reference(Reference {
            root: Root::RedirectUri,
            path: "",
            position: Position::Text,
        })])),
    },
    Entry { name: "tenant", value: Value::Text(Template::Text("t-1")) },
];

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn exchange(request: RequestQuirks, then: &'static [FollowUp]) -> Option<ExchangeQuirks> {
    Some(ExchangeQuirks { request, then })
}

/// A provider whose webhook brings the code; `with_page` says that it has an authorization page as well.
fn spec(address: SocketAddr, quirks: Option<Quirks>, with_page: bool) -> &'static ProviderSpec {
    let spec = oauth2(address);
    let Auth::OAuth2(mode) = spec.auth else { panic!("the support's provider has a code flow") };
    let url = mode.authorization.url.filter(|_| with_page);
    let authorization = Authorization { url, pkce: true, ..mode.authorization };
    let outbound = Some(Outbound { code_path: "code", metadata: &[] });
    let connection_config = leak([Field { name: "actor", title: "User", ..Field::EMPTY }]);
    let quirks = quirks.map(leak);
    let auth = Auth::OAuth2(OAuth2 { authorization, outbound, ..mode });
    leak(ProviderSpec { auth, quirks, connection_config, ..*spec })
}

async fn install(keyway: &Keyway) {
    let record = keyway.get_integration("acme").await.unwrap();
    let custom = [("webhookSecret".to_owned(), WEBHOOK_SECRET.into())].into();
    keyway.update_integration("acme", record.custom(custom)).await.unwrap();
    let config = [("actor".to_owned(), "a-1".to_owned())].into();
    keyway.begin_outbound(ConnectionKey::new("acme", "c"), config, Trust::User).await.unwrap();
    let body = r#"{"actor":"a-1","code":"code-1"}"#;
    let key = hmac::Key::new(hmac::HMAC_SHA256, WEBHOOK_SECRET.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, body.as_bytes()));
    keyway.complete_outbound("acme", body.as_bytes(), &[&signature]).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_code_that_came_by_webhook_is_redeemed_without_a_redirect_uri_and_a_verifier() {
    let redirecting = RequestQuirks { params: REDIRECTING, ..CODE };
    let in_query = RequestQuirks { query: REDIRECTING, ..CODE };
    let next = leak([FollowUp { request: redirecting, optional: false }]).as_slice();
    let refreshing = exchange(RequestQuirks { params: REDIRECTING, ..REFRESH }, &[]);
    for (what, quirks, has_tenant) in [
        ("no quirk", None, false),
        ("a quirk of something else", Some(Quirks::EMPTY), false),
        ("a custom request", Some(Quirks { code: exchange(CODE, &[]), ..Quirks::EMPTY }), false),
        ("a redirect URI by another name", Some(Quirks { code: exchange(redirecting, &[]), ..Quirks::EMPTY }), true),
        ("one in the query", Some(Quirks { code: exchange(in_query, &[]), ..Quirks::EMPTY }), true),
        ("one in what follows", Some(Quirks { code: exchange(CODE, next), ..Quirks::EMPTY }), true),
        ("one in the refresh", Some(Quirks { refresh: refreshing, ..Quirks::EMPTY }), true),
    ] {
        for with_page in [false, true] {
            let answer = r#"{"access_token":"at","refresh_token":"rt","expires_in":3600}"#;
            let mock = Mock::start(move |_| reply(200, answer)).await;
            let keyway = keyway(spec(mock.address, quirks, with_page), &Hand::new());
            install(&keyway).await;
            if !with_page {
                keyway.refresh(&ConnectionKey::new("acme", "c")).await.unwrap();
            }
            let sent: Vec<String> =
                mock.seen().iter().map(|seen| [seen.target.as_str(), "?", seen.body.as_str()].concat()).collect();
            assert!(sent.iter().any(|sent| sent.contains("code=code-1")), "{what}: {sent:?}");
            for name in ["redirect", "verifier"] {
                assert!(sent.iter().all(|sent| !sent.contains(name)), "{what}: {sent:?}");
            }
            let tenant = sent.iter().any(|sent| sent.contains("tenant=t-1"));
            assert_eq!(tenant, has_tenant && !(with_page && what == "one in the refresh"), "{what}: {sent:?}");
        }
    }
}
