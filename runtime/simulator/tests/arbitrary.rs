//! Requests that nobody would send: the simulator answers every one.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use bytes::Bytes;
use http::Request;
use keyway_simulator::ConsentDecision;
use keyway_spec::ProviderSpec;
use proptest::prelude::*;
use vendor::*;

const ALL: [&ProviderSpec; 12] =
    [&CODE, &TENANT, &KEY, &BASIC, &CLIENT, &LOGIN, &PHOTOS, &PLAIN, &TOKENS, &SIGNED, &DIGESTED, &SESSION];

const URLS: [&str; 8] = [
    "https://vendor.example/login/oauth/access_token",
    "https://acme.desk.example/oauth/tokens",
    "https://api.key.example/keyway-simulator/items",
    "https://auth.client.example/token",
    "https://api.login.example/login",
    "https://photos.example.net/initiate",
    "https://tba.example/keyway-simulator/limited",
    "https://session.example/login",
];

proptest! {
    #[test]
    fn an_arbitrary_request_is_answered(
        url in 0..URLS.len(),
        query in "[ -~]{0,30}",
        method in "[A-Z]{1,7}",
        name in "(authorization|content-type|cookie|x-digest|host|accept)",
        value in proptest::collection::vec(32_u8..=255, 0..60),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        now in any::<i64>(),
    ) {
        let query = query.replace(['#', ' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}'], "%");
        let request = Request::builder().method(method.as_str()).uri(format!("{}?{query}", URLS[url]));
        let Ok(request) = request.header(name, value).body(Bytes::from(body)) else { return Ok(()) };
        for spec in ALL {
            let mut vendor = vendor(spec);
            let answer = vendor.answer(request.clone(), now);
            prop_assert_eq!(vendor.requests().len(), 1);
            prop_assert_eq!(vendor.requests()[0].status, answer.status().as_u16());
        }
    }

    #[test]
    fn instants_of_callers_may_be_any(at in instants(), now in instants()) {
        let part = |text: String| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
        let claims = part(format!("{{\"aud\":\"/admin\",\"iat\":{at},\"exp\":{at}}}"));
        let jwt = format!("Bearer {}.{claims}.AAAA", part("{\"alg\":\"HS256\"}".into()));
        let signed = Draft::new("GET", "https://signed.example/a").header("authorization", &jwt);
        prop_assert_eq!(signed.send(&mut vendor(&SIGNED), now).status(), 401);
        let tba = format!("OAuth oauth_timestamp=\"{at}\", oauth_nonce=\"n\"");
        let tba = Draft::new("GET", "https://tba.example/a").header("authorization", &tba);
        prop_assert_eq!(tba.send(&mut vendor(&TOKENS), now).status(), 401);
    }

    #[test]
    fn an_arbitrary_page_is_answered(url in "(https://vendor.example/login/oauth/authorize[?]|\\PC{0,20})\\PC{0,40}", now in any::<i64>()) {
        for spec in ALL {
            let mut vendor = vendor(spec);
            prop_assert!(vendor.consent(&url, ConsentDecision::Approve, now).is_err());
        }
    }

    /// A request that is right but for one byte of its body or of a header.
    #[test]
    fn one_other_byte_is_refused_or_means_the_same(at in 0_usize..400, byte in 33_u8..127) {
        let mut vendor = vendor(&CODE);
        let mut draft = redeem(&consent(&mut vendor));
        let right = draft.clone();
        let mut body = draft.body.clone().into_bytes();
        let at = at % body.len();
        body[at] = byte;
        draft.body = String::from_utf8(body).unwrap();
        let pairs = |text: &str| -> Vec<(String, String)> { url::form_urlencoded::parse(text.as_bytes()).into_owned().collect() };
        let is_same = pairs(&draft.body) == pairs(&right.body);
        prop_assert_eq!(draft.send(&mut vendor, NOW).status() == 200, is_same, "{}", draft.body);
    }
}

/// Any instant, and often one at which arithmetic ends.
fn instants() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()]
}
