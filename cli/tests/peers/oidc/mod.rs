//! `oidc-provider`: the code flow with PKCE under every client authentication, `iss`, refusals, a grant that is taken
//! back. In [`renewal`] tokens are renewed, lost and asked about, in [`registration`] a client registers itself.

mod registration;
pub(crate) mod renewal;

use crate::browser::Browser;
use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::{Value, json};

const SECRET: &str = "a secret: of + odd / characters%";

/// An entry of the provider; `token` is the origin of its token endpoint, `more` further keys.
fn oidc(key: &str, url: &str, token: &str, more: &str) -> String {
    let page =
        if more.contains("authorization_url") { String::new() } else { format!("    authorization_url: {url}/auth\n") };
    let rest = format!(
        "    auth_mode: OAUTH2
{page}    authorization_params:
        response_type: code
        prompt: consent
    token_url: {token}/token
    token_params:
        grant_type: authorization_code
    refresh_params:
        grant_type: refresh_token
    proxy:
        base_url: {url}
{more}"
    );
    entry(key, &rest)
}

/// A client that sends its secret in the body.
fn posted() -> Value {
    json!({"method": "client_secret_post"})
}

/// Makes the integration, then the client at the server for the integration's redirect URI: `about` says how it proves
/// itself (`method`, `alg`), and `more` of its metadata.
async fn client(keyway: &Keyway, peer: &mut Peer, key: &str, mut about: Value) {
    let secret = about.get("secret").cloned().unwrap_or_else(|| SECRET.into());
    let settings = json!({"client_id": key, "client_secret": secret, "scopes": ["openid", "offline_access", "email"]});
    about["redirect_uri"] = keyway.integration_of(key, settings.clone()).await.into();
    about["id"] = key.into();
    about["secret"] = settings["client_secret"].clone();
    if let Some(private_key) = peer.ask("client", about)["key"].as_str() {
        keyway.change(key, json!({"client_secret": private_key})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_used_renewed_and_revoked_under_every_client_authentication() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let assertion = |alg: &str| {
        format!(
            "    keyway:
        token:
            code: &{alg}
                client_auth: private_key_jwt
                client_assertion:
                    protocol: RSA
                    signing_key: ${{clientSecret}}
                    expires_in_ms: 60000
                    header:
                        alg: {alg}
                    payload:
                        iss: ${{clientId}}
                        sub: ${{clientId}}
                        aud: {url}
                        jti: ${{random}}
            refresh: *{alg}"
        )
    };
    let basic = |secret: &str| json!({"method": "client_secret_basic", "secret": secret});
    let signed = |alg: &str| json!({"method": "private_key_jwt", "alg": alg});
    let cases = [
        ("post", posted(), String::new()),
        // The provider refuses a request that has the secret in the body besides the header. It reads the header as RFC
        // 6749 section 2.3.1 has it, so only `header`, which is encoded so, can bring every character.
        ("basic", basic("plain-secret"), "    token_request_auth_method: basic".to_owned()),
        ("header", basic(SECRET), "    authorization_method: header".to_owned()),
        // The provider refuses a parameter that is there twice (RFC 6749 section 3.1).
        ("query", posted(), format!("    authorization_url: {url}/auth?response_type=code")),
        ("rs256", signed("RS256"), assertion("RS256")),
        ("ps256", signed("PS256"), assertion("PS256")),
    ];
    let catalogue: String = cases.iter().map(|(key, _, more)| oidc(key, &url, &url, more)).collect();
    let keyway = Keyway::start(&catalogue);
    for (key, about, _) in cases {
        let in_header = about["method"] == "client_secret_basic";
        client(&keyway, &mut peer, key, about).await;
        let browser = keyway.connect(key, "user-1", &[]).await;
        let asked = browser.passed("/auth");
        assert_eq!(asked["code_challenge_method"], "S256", "{key}");
        let (back, returned) = browser.came_back();
        assert_eq!(returned["iss"], url, "{key}: RFC 9207");
        assert_eq!(asked["redirect_uri"], back.as_str().split('?').next().unwrap(), "{key}");

        let user = keyway.as_connection(key, "user-1");
        let called = user.get("/proxy/me").await.unwrap();
        assert_eq!(
            (called.status.as_u16(), &called.json()["sub"]),
            (200, &json!("someone")),
            "{key}: {}",
            called.text()
        );

        let first = keyway.connection(key, "user-1").await.json()["credentials"].clone();
        let second = keyway.renewed(key, "user-1").await;
        let third = keyway.renewed(key, "user-1").await;
        for name in ["access_token", "refresh_token"] {
            assert!(first[name] != second[name] && second[name] != third[name], "{key}: {name} does not rotate");
        }
        let requests = peer.ask("requests", json!({}));
        let proofs: Vec<&Value> = requests.as_array().unwrap().iter().map(|request| &request["basic"]).collect();
        assert_eq!(proofs, vec![&json!(in_header); 3], "{key}: {requests}");

        assert_eq!(peer.ask("revoke", json!({"client": key})), 1, "{key}");
        keyway.must_reconnect(key, "user-1").await;
        keyway.connect(key, "user-1", &[]).await;
        assert!(!keyway.reconnect_needed(key, "user-1").await, "{key}");
        assert_eq!(user.get("/proxy/me").await.unwrap().status, 200, "{key}");
        peer.ask("requests", json!({}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_says_about_a_refusal_is_shown() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("wrong", &url, &url, ""));
    client(&keyway, &mut peer, "wrong", posted()).await;
    keyway.connect("wrong", "user-1", &[]).await;

    // The operator has to correct a wrong secret: the grant is good, and no customer has to connect again.
    keyway.change("wrong", json!({"client_secret": "not-the-secret"})).await;
    let refused = keyway.renew("wrong", "user-1").await;
    assert_eq!(refused.status, 424, "{}", refused.text());
    assert!(refused.text().contains("invalid_client"), "{}", refused.text());
    assert!(refused.text().contains("client authentication failed"), "{}", refused.text());
    assert!(!refused.text().contains("not-the-secret"), "{}", refused.text());
    assert!(!keyway.reconnect_needed("wrong", "user-1").await);
    keyway.change("wrong", json!({"client_secret": SECRET})).await;
    keyway.renewed("wrong", "user-1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_wants_pushed_requests_is_understood() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("pushed", &url, &url, ""));
    let more = json!({"require_pushed_authorization_requests": true});
    client(&keyway, &mut peer, "pushed", json!({"method": "client_secret_post", "more": more})).await;
    let link = keyway.link("pushed", "user-1", &[]).await;
    let page = Browser::new().sign_in(&link).await;
    assert!(page.url.as_str().starts_with(&keyway.url), "it ended at {}", page.url);
    assert_eq!(page.answer.status, 400, "{}", page.answer.text());
    assert!(page.answer.text().contains("Pushed Authorization Request"), "{}", page.answer.text());
}
