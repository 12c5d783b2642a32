//! Requests that are written as the RFCs and the reference say are accepted.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use keyway_simulator::{ConsentDecision, CutShort, Delay, EndpointKind, InjectedFault, Simulator};
use serde_json::json;
use vendor::*;

fn last(vendor: &Simulator) -> &keyway_simulator::SeenRequest {
    vendor.requests().last().unwrap()
}

/// Sends a request that must be accepted.
fn accepted(draft: &Draft, vendor: &mut Simulator, now: i64) -> serde_json::Value {
    let answer = draft.send(vendor, now);
    assert_eq!(answer.status(), 200, "{}", wrong(last(vendor)));
    json(&answer)
}

#[test]
fn a_code_is_redeemed_and_refreshed_and_calls_are_answered() {
    let mut vendor = vendor(&CODE);
    let (access, refresh_token) = tokens(&mut vendor);
    assert_eq!(last(&vendor).endpoint, EndpointKind::TokenCode);
    assert_eq!(accepted(&call(&access), &mut vendor, NOW)["ok"], true);
    let next = accepted(&refresh(&refresh_token), &mut vendor, NOW + 1000);
    assert_eq!((next["expires_in"].as_i64(), last(&vendor).endpoint), (Some(3600), EndpointKind::TokenRefresh));
    let second = next["refresh_token"].as_str().unwrap();
    assert_ne!(second, refresh_token, "rotated");
    accepted(&call(next["access_token"].as_str().unwrap()), &mut vendor, NOW);
    accepted(&refresh(second), &mut vendor, NOW);
    let shown = format!("{:?}", vendor.requests());
    for secret in [access.as_str(), second, refresh_token.as_str(), "se+cret:of/client", "se%2Bcret", VERIFIER] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}

#[test]
fn a_customer_who_denies_is_sent_back_with_the_error() {
    let mut vendor = vendor(&CODE);
    let back = vendor.consent(&authorize_url(), ConsentDecision::Deny, NOW).unwrap();
    assert_eq!(back, "https://app.example/callback?error=access_denied&state=0123456789abcdef0123");
}

#[test]
fn a_tenant_takes_json_and_basic_and_refreshes_with_rotation_off() {
    let mut vendor = vendor(&TENANT);
    vendor.set_rotation(false);
    let url = "https://acme.desk.example/oauth/new?response_type=code&client_id=client+1&scope=repo%2Cuser%3Aemail\
               &redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=0123456789abcdef";
    let back = vendor.consent(url, ConsentDecision::Approve, NOW).unwrap();
    let token = |body: serde_json::Value| {
        // `client+1:se%2Bcret%3Aof%2Fclient` in Base64.
        Draft::new("POST", "https://acme.desk.example/oauth/tokens")
            .header("authorization", "Basic Y2xpZW50KzE6c2UlMkJjcmV0JTNBb2YlMkZjbGllbnQ=")
            .body("application/json", &body.to_string())
    };
    let code = json!({
        "grant_type": "authorization_code", "code": parameter(&back, "code"), "expires": true,
        "redirect_uri": "https://app.example/callback",
    });
    let answer = accepted(&token(code), &mut vendor, NOW);
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": answer["refresh_token"], "expires": true});
    let again = accepted(&token(refresh.clone()), &mut vendor, NOW);
    assert_eq!(again.get("refresh_token"), None);
    accepted(&token(refresh), &mut vendor, NOW);
}

#[test]
fn a_key_is_accepted_where_the_entry_places_it() {
    let mut vendor = vendor(&KEY);
    let call = |method, url: &str| Draft::new(method, url).header("authorization", "Bearer key-of-the-customer");
    accepted(&call("GET", "https://api.key.example/me?account=4711"), &mut vendor, NOW);
    assert_eq!(last(&vendor).endpoint, EndpointKind::Probe);
    let post = call("POST", "https://api.key.example/things?account=4711");
    accepted(&post.body("application/json", r#"{"key": "key-of-the-customer", "a": 1}"#), &mut vendor, NOW);
    assert_eq!(last(&vendor).endpoint, EndpointKind::Call);
}

#[test]
fn other_modes_are_accepted_as_their_standards_have_them() {
    // `jane@acme.example:pass:word of jane`
    let basic = "Basic amFuZUBhY21lLmV4YW1wbGU6cGFzczp3b3JkIG9mIGphbmU=";
    accepted(
        &Draft::new("GET", "https://api.basic.example/a").header("authorization", basic),
        &mut vendor(&BASIC),
        NOW,
    );

    let mut client = vendor(&CLIENT);
    let token = Draft::new("POST", "https://auth.client.example/token")
        // `client 1:se+cret:of/client`
        .header("authorization", "Basic Y2xpZW50IDE6c2UrY3JldDpvZi9jbGllbnQ=")
        .form(&[("grant_type", "client_credentials"), ("scope", "repo user:email"), ("audience", "api")]);
    let answer = accepted(&token, &mut client, NOW);
    assert_eq!(answer["expires_in"], 3_600_000, "milliseconds");
    let token = answer["access_token"].as_str().unwrap();
    let call = Draft::new("GET", "https://api.client.example/a").header("x-token", token);
    accepted(&call.header("authorization", &format!("Bearer {token}")), &mut client, NOW);

    let mut session = vendor(&SESSION);
    let login = json!({
        "username": "jane@acme.example", "password": "pass:word of jane", "organizationId": "org-1",
        "devKey": "developer-key-1",
    });
    let login = Draft::new("POST", "https://session.example/login").body("application/json", &login.to_string());
    let answer = accepted(&login, &mut session, NOW);
    let call = Draft::new("GET", "https://session.example/v3/bills").header("devkey", "developer-key-1");
    accepted(&call.header("sessionid", answer["sessionId"].as_str().unwrap()), &mut session, NOW);
}

/// Found by sending the runtime's own requests here, each of which was refused once.
#[test]
fn what_the_reference_allows_is_not_refused() {
    // A key with a colon in the path of the base URL, encoded or not.
    let mut account = account();
    account.credentials.insert("apiKey".into(), "123:abc".into());
    let mut bot = Simulator::new(&BOT, account.clone()).unwrap();
    accepted(&Draft::new("GET", "https://api.bot.example/bot123:abc/getMe"), &mut bot, NOW);
    accepted(&Draft::new("GET", "https://api.bot.example/bot123%3Aabc/getMe"), &mut bot, NOW);
    assert_eq!(Draft::new("GET", "https://api.bot.example/bot123:abd/getMe").send(&mut bot, NOW).status(), 404);
    // A header of the probe wins over the entry's, and only there.
    let probe = Draft::new("GET", "https://api.bot.example/bot123:abc/me").header("accept", "application/json");
    let mut probed = Simulator::new(&PROBED, account).unwrap();
    accepted(&probe, &mut probed, NOW);
    let mut call = probe.clone();
    call.replace("/me", "/you");
    assert_eq!(call.send(&mut probed, NOW).status(), 400);
    // A login without parameters sends an object without members, or nothing.
    for body in ["{}", ""] {
        let login = Draft::new("POST", "https://api.bare.example/login").body("application/json", body);
        accepted(&login, &mut vendor(&BARE), NOW);
    }
    // Scopes that are asked for take the place of one that the entry writes.
    let token = Draft::new("POST", "https://auth.scoped.example/token").form(&[
        ("scope", "repo user:email"),
        ("client_id", "client 1"),
        ("client_secret", "se+cret:of/client"),
    ]);
    accepted(&token, &mut vendor(&SCOPED), NOW);
}

#[test]
fn two_steps_lead_to_a_token_and_cookies() {
    let mut vendor = vendor(&LOGIN);
    let uuid = "6fa459ea-ee8a-4ca1-8f64-b3a7a2e4f9d1";
    // SHA-256 of the UUID and the password.
    let digest = "0e0fd79ebe7b9e26b4798d8979baae566df0546f6f47d67d25459990b2b9599d";
    let login = Draft::new("POST", "https://api.login.example/login")
        .header("x-digest", digest)
        .header("x-request", uuid)
        .body("application/json", r#"{"user": {"name": "jane@acme.example"}, "password": "pass:word of jane"}"#);
    let first = accepted(&login, &mut vendor, NOW);
    let tenant = first["tenant"]["id"].as_str().unwrap();
    let step = Draft::new("GET", &format!("https://api.login.example/tenants/{tenant}/token")).send(&mut vendor, NOW);
    assert_eq!(step.status(), 200, "{}", wrong(last(&vendor)));
    assert_eq!(json(&step)["data"]["valid_until"], "2026-07-03T01:00:00.000Z");
    let cookies: Vec<&str> = step.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let cookies: Vec<&str> = cookies.iter().map(|cookie| cookie.split(';').next().unwrap()).collect();
    let call = Draft::new("GET", "https://api.login.example/a").header("cookie", &cookies.join("; "));
    accepted(&call, &mut vendor, NOW);
}

/// The requests of RFC 5849 section 1.2, and the secrets of section 3.4.4.
#[test]
fn signatures_of_oauth_1_are_those_of_its_rfc() {
    let mut account = account();
    account.client_id = "dpf43f3p2l4k3l03".into();
    account.client_secret = "kd94hf93k423kf44".into();
    account.redirect_uri = "http://printer.example.com/ready".into();
    account.scopes = Vec::new();
    account.credentials.insert("oauth_token".into(), "nnch734d00sl2jdk".into());
    account.credentials.insert("oauth_token_secret".into(), "pfkkdhi9sl3r4s00".into());
    let mut photos = Simulator::new(&PHOTOS, account.clone()).unwrap();
    let then = 137_131_202_000;
    let initiate = Draft::new("POST", "https://photos.example.net/initiate").header(
        "authorization",
        "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"137131200\", oauth_nonce=\"wIjqoS\", \
         oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\", oauth_signature=\"74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D\"",
    );
    let answer = initiate.send(&mut photos, then);
    assert_eq!(answer.status(), 200, "{}", wrong(last(&photos)));
    assert_eq!(initiate.send(&mut photos, then).status(), 401, "a nonce counts once");
    let photo = Draft::new("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original").header(
        "authorization",
        "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", \
         oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\", \
         oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"",
    );
    accepted(&photo, &mut photos, then);

    account.credentials.insert("oauth_token".into(), "jjd999tj88uiths3".into());
    account.credentials.insert("oauth_token_secret".into(), "djr9rjt0jd78jf88".into());
    account.client_id = "jd83jd92dhsh93js".into();
    account.client_secret = "ja893SD9".into();
    let mut plain = Simulator::new(&PLAIN, account).unwrap();
    let call = Draft::new("GET", "https://plain.example/a").header(
        "authorization",
        "OAuth oauth_consumer_key=\"jd83jd92dhsh93js\", oauth_token=\"jjd999tj88uiths3\", \
         oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"ja893SD9%26djr9rjt0jd78jf88\"",
    );
    accepted(&call, &mut plain, NOW);
}

#[test]
fn a_handshake_of_oauth_1_leads_from_temporary_credentials_to_token_credentials() {
    let mut vendor = vendor(&PLAIN);
    let signed = |url: &str, own: &str, secret: &str| {
        let signature = format!("se%252Bcret%253Aof%252Fclient%26{secret}");
        let header = format!(
            "OAuth oauth_consumer_key=\"client%201\", oauth_signature_method=\"PLAINTEXT\", {own}, \
             oauth_signature=\"{signature}\""
        );
        Draft::new("POST", url).header("authorization", &header)
    };
    let pair = |answer: &http::Response<bytes::Bytes>| {
        let pairs: std::collections::BTreeMap<String, String> =
            url::form_urlencoded::parse(answer.body()).into_owned().collect();
        (pairs["oauth_token"].clone(), pairs["oauth_token_secret"].clone())
    };
    let callback = "oauth_callback=\"https%3A%2F%2Fapp.example%2Fcallback%3Fstate%3D1\"";
    let answer = signed("https://plain.example/initiate", callback, "").send(&mut vendor, NOW);
    assert_eq!(answer.status(), 200, "{}", wrong(last(&vendor)));
    let (token, secret) = pair(&answer);
    let page = format!("https://plain.example/authorize?oauth_token={token}&scope=repo+user%3Aemail");
    let back = vendor.consent(&page, ConsentDecision::Approve, NOW).unwrap();
    assert!(back.starts_with("https://app.example/callback?state=1&oauth_token="), "{back}");
    let own = format!("oauth_token=\"{token}\", oauth_verifier=\"{}\"", parameter(&back, "oauth_verifier").unwrap());
    let answer = signed("https://plain.example/token", &own, &secret).send(&mut vendor, NOW);
    assert_eq!(answer.status(), 200, "{}", wrong(last(&vendor)));
    assert_eq!(signed("https://plain.example/token", &own, &secret).send(&mut vendor, NOW).status(), 401, "once");
    let (token, secret) = pair(&answer);
    let mut call = signed("https://plain.example/a", &format!("oauth_token=\"{token}\""), &secret);
    call.method = "GET";
    accepted(&call, &mut vendor, NOW);
}

#[test]
fn made_tokens_are_verified() {
    // Made at `NOW` by another program.
    let jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiIvYWRtaW4iLCJpYXQiOjE3ODMwMzY4MDAsImV4cCI6MTc4MzAzNzEwMH0.AdDdnY_RT4jVIfH1KDpSK-uADWXDRUHvaRGa8Tz_H0w";
    let call = Draft::new("GET", "https://signed.example/a").header("authorization", &format!("Bearer {jwt}"));
    accepted(&call, &mut vendor(&SIGNED), NOW);
    assert_eq!(call.send(&mut vendor(&SIGNED), NOW + 301_000).status(), 401, "expired");

    let mut tampered = call.clone();
    tampered.replace("Bearer ey", "Bearer ez");
    assert_eq!(tampered.send(&mut vendor(&SIGNED), NOW).status(), 401);

    let wsse = "UsernameToken Username=\"jane@acme.example\", PasswordDigest=\"MDc2NTA2ZmM1YjE4NTZlY2RjNjAzZDBkMmFmYjE5MTZiYThhYjhmMA==\", Nonce=\"0123456789abcdef\", \
                Created=\"2026-07-03T00:00:00.000Z\"";
    let call = Draft::new("GET", "https://digested.example/a").header("authorization", wsse);
    accepted(&call, &mut vendor(&DIGESTED), NOW);
    assert_eq!(call.send(&mut vendor(&DIGESTED), NOW + 400_000).status(), 401, "too old");

    let tba = "OAuth realm=\"123_SB1\", oauth_consumer_key=\"client%201\", oauth_token=\"tba-token\", \
               oauth_signature_method=\"HMAC-SHA256\", oauth_timestamp=\"1783036800\", oauth_nonce=\"n1\", \
               oauth_version=\"1.0\", oauth_signature=\"vBI6DaIXMek98uCooo6J%2FeZzym4%2BdMWjfNoghDrmI%2BU%3D\"";
    let call = Draft::new("GET", "https://tba.example/a?b=c%20d").header("authorization", tba);
    accepted(&call, &mut vendor(&TOKENS), NOW);
}

#[test]
fn three_pages_follow_each_other_by_the_rule_of_the_entry() {
    let mut vendor = vendor(&CODE);
    let (access, _) = tokens(&mut vendor);
    let mut url = "https://api.vendor.example/v1/keyway-simulator/items?per_page=3".to_owned();
    let mut counts = Vec::new();
    loop {
        let mut draft = call(&access);
        draft.url = url;
        let answer = draft.send(&mut vendor, NOW);
        assert_eq!(answer.status(), 200, "{}", wrong(last(&vendor)));
        counts.push((last(&vendor).endpoint, json(&answer).as_array().unwrap().len()));
        let Some(link) = answer.headers().get("link") else { break };
        url = link.to_str().unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    }
    assert_eq!(counts, [(EndpointKind::Page(1), 3), (EndpointKind::Page(2), 3), (EndpointKind::Page(3), 1)]);

    let mut numbered = vendor::vendor(&KEY);
    let page = |page: &str| {
        let url = format!("https://api.key.example/keyway-simulator/items?account=4711{page}");
        Draft::new("GET", &url).header("authorization", "Bearer key-of-the-customer")
    };
    let lengths = ["&page=1", "&page=2", "&page=3"]
        .map(|number| accepted(&page(number), &mut numbered, NOW)["data"]["items"].as_array().unwrap().len());
    assert_eq!(lengths, [2, 2, 0]);
    assert_eq!(page("&page=5").send(&mut numbered, NOW).status(), 400, "no such page");
    assert_eq!(page("&page=1").send(&mut numbered, NOW).status(), 200);
    assert_eq!(page("&page=3").send(&mut numbered, NOW).status(), 400, "a page was left out");
}

#[test]
fn a_limit_is_told_in_the_header_of_the_entry_and_holds() {
    let mut vendor = vendor(&CODE);
    let (access, _) = tokens(&mut vendor);
    let mut limited = call(&access);
    limited.url = "https://api.vendor.example/v1/keyway-simulator/limited".into();
    let answer = limited.send(&mut vendor, NOW);
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-ratelimit-reset"]),
        (429, &"1783036807".parse().unwrap())
    );
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "0");
    assert_eq!(limited.send(&mut vendor, NOW + 6000).status(), 429);
    assert_eq!(wrong(last(&vendor)), "the wait: expected no earlier than told, got 1000 ms early");
    accepted(&limited, &mut vendor, NOW + 7000);
}

#[test]
fn faults_happen_to_the_next_request_of_their_kind() {
    let mut vendor = vendor(&CODE);
    let (access, token) = tokens(&mut vendor);
    vendor.next(EndpointKind::TokenRefresh, InjectedFault::Unavailable(503));
    vendor.next(EndpointKind::Call, InjectedFault::Slow(1500));
    vendor.next(EndpointKind::Call, InjectedFault::CutShort);
    vendor.next(EndpointKind::Call, InjectedFault::Limited(30));
    let answer = call(&access).send(&mut vendor, NOW);
    assert_eq!((answer.status().as_u16(), answer.extensions().get()), (200, Some(&Delay(1500))));
    let answer = call(&access).send(&mut vendor, NOW);
    assert!(answer.extensions().get::<CutShort>().is_some());
    assert!(answer.headers()["content-length"].to_str().unwrap().parse::<usize>().unwrap() > answer.body().len());
    assert_eq!(call(&access).send(&mut vendor, NOW).status(), 429);
    assert_eq!(refresh(&token).send(&mut vendor, NOW).status(), 503);
    vendor.next(EndpointKind::TokenRefresh, InjectedFault::LostAnswer(502));
    assert_eq!(refresh(&token).send(&mut vendor, NOW).status(), 502, "the first was not processed");
    let again = refresh(&token).send(&mut vendor, NOW);
    assert_eq!((again.status().as_u16(), json(&again)["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(call(&access).send(&mut vendor, NOW).status(), 401, "the family ended");
}

#[test]
fn faults_that_are_forgotten_do_not_happen() {
    let mut vendor = vendor(&CODE);
    let (access, _) = tokens(&mut vendor);
    vendor.next(EndpointKind::Call, InjectedFault::Unavailable(503));
    vendor.clear_faults();
    accepted(&call(&access), &mut vendor, NOW);
}

#[test]
fn a_refresh_token_is_honoured_once_more_within_the_window_that_was_set_and_no_later() {
    // By default there is none, and a token that is used twice ends its grant.
    for (window, after, honoured) in [(0, 1, false), (30_000, 29_999, true), (30_000, 30_000, false)] {
        let mut vendor = vendor(&CODE);
        vendor.set_reuse_window(window);
        let (_, token) = tokens(&mut vendor);
        let lost = accepted(&refresh(&token), &mut vendor, NOW);
        let again = refresh(&token).send(&mut vendor, NOW + after);
        assert_eq!(again.status() == 200, honoured, "{window} {after}");
        // The window begins with the first use, however often the token is used in it.
        let late = refresh(&token).send(&mut vendor, NOW + window + after);
        assert_eq!(late.status(), 400, "{window} {after}");
        let other = lost["refresh_token"].as_str().unwrap();
        assert_eq!(refresh(other).send(&mut vendor, NOW).status(), 400, "its grant has ended");
    }
}

#[test]
fn tokens_of_two_vendors_of_one_entry_differ_by_the_name_that_was_set() {
    let access = |name: Option<&str>| {
        let mut vendor = vendor(&CODE);
        if let Some(name) = name {
            vendor.set_name(name);
        }
        tokens(&mut vendor).0
    };
    assert_eq!(access(None), access(None));
    assert!(access(Some("ann")).contains("_ann_"), "{}", access(Some("ann")));
    assert_ne!(access(Some("ann")), access(Some("bob")));
}

#[test]
fn tokens_expire_and_grants_are_revoked() {
    let mut vendor = vendor(&CODE);
    let (access, token) = tokens(&mut vendor);
    assert_eq!(call(&access).send(&mut vendor, NOW + 3_599_000).status(), 200);
    assert_eq!(call(&access).send(&mut vendor, NOW + 3_600_000).status(), 401);
    vendor.expire_tokens(NOW);
    assert_eq!(call(&access).send(&mut vendor, NOW).status(), 401);
    vendor.revoke();
    assert_eq!(json(&refresh(&token).send(&mut vendor, NOW))["error"], "invalid_grant");
}

#[test]
fn errors_are_told_in_the_words_of_the_entry() {
    let call = |path: &str, key: &str| {
        Draft::new("GET", &format!("https://api.telling.example{path}"))
            .header("authorization", &format!("Bearer {key}"))
    };
    let mut vendor = vendor(&TELLING);
    let refused = call("/me", "another-key").send(&mut vendor, NOW);
    assert_eq!((refused.status().as_u16(), &json(&refused)["ok"]), (200, &json!(false)));
    assert!(!json(&refused)["errors"].as_array().unwrap().is_empty());
    assert!(wrong(last(&vendor)).contains("`authorization`"), "{}", wrong(last(&vendor)));
    let right = accepted(&call("/me", "key-of-the-customer"), &mut vendor, NOW);
    assert_eq!((&right["ok"], right.get("errors")), (&json!(true), None));
    let limited = call("/keyway-simulator/limited", "key-of-the-customer");
    let told = limited.send(&mut vendor, NOW);
    assert_eq!((told.status().as_u16(), &json(&told)["code"]), (400, &json!("limited")));
    accepted(&limited, &mut vendor, NOW + 7000);
}

#[test]
fn an_offset_grows_by_what_the_page_says_and_pages_fall_short_of_it() {
    let mut vendor = vendor(&TELLING);
    let page = |offset: u64| {
        let url = format!("https://api.telling.example/keyway-simulator/items?offset={offset}&limit=5");
        Draft::new("GET", &url).header("authorization", "Bearer key-of-the-customer")
    };
    let first = accepted(&page(0), &mut vendor, NOW);
    assert_eq!((first["entries"].as_array().unwrap().len(), &first["limit"]), (4, &json!(5)));
    // By the number of items it would be this one.
    assert_eq!(page(4).send(&mut vendor, NOW).status(), 400);
    assert!(wrong(last(&vendor)).contains("pages begin at 0, 5, 10"), "{}", wrong(last(&vendor)));
    accepted(&page(5), &mut vendor, NOW);
    assert_eq!(accepted(&page(10), &mut vendor, NOW)["entries"], json!([]));
}
