//! The operators' pages: who sees them, what their forms do, and what they never show.

use crate::setup::{SERVER_KEY, Server, start, start_with_config};
use form_urlencoded::Serializer;
use keyway_tests::catalogue::{KEY, OAUTH};
use keyway_tests::client::{Answer, Client};
use keyway_tests::mock::{API_KEY, CLIENT_SECRET};
use serde_json::json;

/// Becomes markup wherever it is not escaped.
pub(crate) const HOSTILE: &str = "\"><img src=x onerror=alert(1)>'&lt;";

/// A browser that is signed in.
pub(crate) struct Signed {
    browser: Client,
    cookie: String,
}

pub(crate) async fn sign_in(server: &Server) -> Signed {
    let answer = form(&server.browser, "/sign-in", &[("api_key", SERVER_KEY)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"), "{}", answer.text());
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Signed { browser: server.browser.with("cookie", &cookie), cookie }
}

async fn form(browser: &Client, target: &str, values: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(values).finish();
    let browser = browser.with("content-type", "application/x-www-form-urlencoded");
    browser.send("POST", target, body).await.unwrap()
}

impl Signed {
    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.browser.get(target).await.unwrap()
    }

    /// The token that the forms of its session carry.
    async fn token(&self) -> String {
        let page = self.get("/").await.text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
        token.split('"').next().unwrap().to_owned()
    }

    pub(crate) async fn post(&self, target: &str, values: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let values = [&[("form_token", token.as_str())], values].concat();
        form(&self.browser, target, &values).await
    }
}

const PAGES: [&str; 7] = [
    "/",
    "/console/providers",
    "/console/integrations",
    "/console/integrations/mock-key",
    "/console/connections",
    "/console/connections/mock-key/acme",
    "/console/connect",
];

const FORMS: [&str; 9] = [
    "/sign-out",
    "/console/integrations",
    "/console/integrations/mock-key",
    "/console/integrations/mock-key/delete",
    "/console/connections/mock-key/acme/metadata",
    "/console/connections/mock-key/acme/renew",
    "/console/connections/mock-key/acme/delete",
    "/console/connections/mock-key/acme/call",
    "/console/connect",
];

#[tokio::test]
async fn without_a_session_a_page_leads_to_the_sign_in_and_a_form_does_nothing() {
    let server = start().await;
    for page in PAGES {
        let answer = server.browser.get(page).await.unwrap();
        assert_eq!(answer.status.as_u16(), 303, "{page}");
        assert!(answer.header("location").starts_with("/sign-in"), "{page}: {}", answer.header("location"));
        let forged = server.browser.with("cookie", "keyway_operator=AAAA").get(page).await.unwrap();
        assert_eq!(forged.status, 303, "{page}");
    }
    for target in FORMS {
        let answer = form(&server.browser, target, &[("typed", "mock-key")]).await;
        assert_eq!(answer.status.as_u16(), 401, "{target}");
    }
    // The key that callers send is no session, and a session is no key.
    assert_eq!(server.client.get("/").await.unwrap().status, 303);
    let signed = sign_in(&server).await;
    for route in ["/connections", "/integrations", "/providers", "/proxy/key"] {
        assert_eq!(signed.get(route).await.status, 401, "{route}");
    }
}

#[tokio::test]
async fn the_api_key_signs_in_and_a_wrong_one_does_not() {
    let server = start().await;
    let begun = std::time::Instant::now();
    let refused = form(&server.browser, "/sign-in", &[("api_key", "wrong-server-api-key")]).await;
    assert_eq!((refused.status.as_u16(), refused.header("set-cookie")), (401, ""));
    assert!(refused.text().contains("this is not the API key") && !refused.text().contains("wrong-server-api-key"));
    assert!(begun.elapsed().as_millis() >= 1000, "a wrong key is answered slowly");
    let elsewhere = server.browser.with("sec-fetch-site", "cross-site");
    assert_eq!(form(&elsewhere, "/sign-in", &[("api_key", SERVER_KEY)]).await.status, 403);
    let to = form(&server.browser, "/sign-in", &[("api_key", SERVER_KEY), ("to", "//evil.example")]).await;
    assert_eq!(to.header("location"), "/");
    let signed = sign_in(&server).await;
    for page in PAGES.iter().filter(|page| !page.contains("mock-key")) {
        let answer = signed.get(page).await;
        assert_eq!(answer.status.as_u16(), 200, "{page}: {}", answer.text());
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{page}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    }
}

#[tokio::test]
async fn many_attempts_at_once_wait_for_one_another() {
    let server = start().await;
    let attempts: Vec<_> = (0..24)
        .map(|_| {
            let browser = server.browser.with("x-attempt", "wrong");
            tokio::spawn(async move {
                form(&browser, "/sign-in", &[("api_key", "wrong-server-api-key")]).await.status.as_u16()
            })
        })
        .collect();
    let mut busy = 0;
    for attempt in attempts {
        let status = attempt.await.unwrap();
        assert!(matches!(status, 401 | 429), "{status}");
        busy += usize::from(status == 429);
    }
    assert!(busy >= 8, "{busy} of 24 were turned away");
    assert_eq!(form(&server.browser, "/sign-in", &[("api_key", SERVER_KEY)]).await.status, 303);
}

#[tokio::test]
async fn a_form_of_another_site_or_session_changes_nothing() {
    let server = start().await;
    server.key_connection("acme").await;
    let (signed, other) = (sign_in(&server).await, sign_in(&server).await);
    let (own, foreign) = (signed.token().await, other.token().await);
    assert_ne!(own, foreign);
    for target in FORMS {
        for token in ["", "AAAA", foreign.as_str()] {
            let values = [("form_token", token), ("typed", "mock-key"), ("typed", "acme")];
            let answer = form(&signed.browser, target, &values).await;
            assert_eq!(answer.status.as_u16(), 403, "{target} with {token}");
        }
        let elsewhere = signed.browser.with("sec-fetch-site", "cross-site");
        assert_eq!(form(&elsewhere, target, &[("form_token", &own)]).await.status, 403, "{target}");
    }
    assert_eq!(server.calling(KEY, "acme").get("/proxy/echo").await.unwrap().status, 200);
    assert_eq!(signed.get("/").await.status, 200, "nobody was signed out");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_a_kept_cookie_too() {
    let server = start().await;
    let (signed, other) = (sign_in(&server).await, sign_in(&server).await);
    let answer = signed.post("/sign-out", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/sign-in?done=signed-out"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
    assert_eq!(server.browser.with("cookie", &signed.cookie).get("/").await.unwrap().status, 303);
    assert_eq!(other.get("/").await.status, 200);
}

#[tokio::test]
async fn an_integration_is_made_changed_renamed_and_deleted_and_its_secret_stays_hidden() {
    let server = start().await;
    let signed = sign_in(&server).await;
    let page = signed.get(&format!("/console/integrations/new?provider={OAUTH}")).await;
    assert!(page.status == 200 && page.text().contains("name=\"client_secret\""), "{}", page.text());
    let values = [("provider", OAUTH), ("key", "mine"), ("client_id", "an-id"), ("client_secret", CLIENT_SECRET)];
    let made = signed.post("/console/integrations", &[&values[..], &[("more_scopes", "a, b\nc")]].concat()).await;
    assert_eq!(
        (made.status.as_u16(), made.header("location")),
        (303, "/console/integrations/mine?done=created"),
        "{}",
        made.text()
    );
    let shown = signed.get("/console/integrations/mine?done=created").await.text();
    let stored = server.client.get("/integrations/mine").await.unwrap().json();
    assert!(shown.contains(stored["redirect_uri"].as_str().unwrap()), "{shown}");
    assert!(shown.contains("an-id") && shown.contains("The integration is there"), "{shown}");
    assert!(!shown.contains(CLIENT_SECRET), "{shown}");
    assert_eq!(stored["scopes"], json!(["a", "b", "c"]));
    // A field that is left empty keeps its secret, a box takes it away.
    for (more, is_set) in [(vec![], true), (vec![("remove_client_secret", "yes")], false)] {
        let values = [&[("key", "mine"), ("client_id", "another")][..], &more].concat();
        let saved = signed.post("/console/integrations/mine", &values).await;
        assert_eq!(saved.header("location"), "/console/integrations/mine?done=saved", "{}", saved.text());
        let stored = server.client.get("/integrations/mine").await.unwrap().json();
        assert_eq!((&stored["client_id"], &stored["client_secret_set"]), (&json!("another"), &json!(is_set)));
    }
    let renamed = signed.post("/console/integrations/mine", &[("key", "its new name")]).await;
    assert_eq!(renamed.header("location"), "/console/integrations/its%20new%20name?done=renamed");
    let refused = signed
        .post("/console/integrations/its%20new%20name", &[("key", "x"), ("allowed_hosts", "https://a.example/")])
        .await;
    assert!(refused.status == 400 && refused.text().contains("role=\"alert\""), "{}", refused.text());
    for (typed, status) in [("", 400), ("mine", 400), ("its new name", 303)] {
        let answer = signed.post("/console/integrations/its%20new%20name/delete", &[("typed", typed)]).await;
        assert_eq!(answer.status.as_u16(), status, "{typed}");
    }
    assert_eq!(server.client.get("/integrations/its%20new%20name").await.unwrap().status, 404);
}

#[tokio::test]
async fn a_form_changes_what_it_asks_for_and_nothing_else() {
    let server = start().await;
    let settings = json!({
        "provider": KEY, "key": "mine", "client_id": "an-id", "client_secret": CLIENT_SECRET, "scopes": ["a"],
        "allowed_hosts": ["api.example.com"], "app_link": "https://app.example.com/install",
    });
    let made = server.client.json("POST", "/integrations", &settings).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    let before = made.json();
    let signed = sign_in(&server).await;
    let saved = signed.post("/console/integrations/mine", &[("key", "mine")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(server.client.get("/integrations/mine").await.unwrap().json(), before);
    signed.post("/console/integrations/mine", &[("key", "mine"), ("allowed_hosts", ""), ("more_scopes", "")]).await;
    let after = server.client.get("/integrations/mine").await.unwrap().json();
    assert_eq!(
        (&after["allowed_hosts"], &after["scopes"], &after["client_id"]),
        (&json!([]), &json!([]), &json!("an-id"))
    );
}

#[tokio::test]
async fn a_connection_is_seen_called_and_deleted_without_its_credential() {
    let server = start().await;
    server.key_connection("acme").await;
    let signed = sign_in(&server).await;
    let list = signed.get(&format!("/console/connections?integration={KEY}&id=ac")).await.text();
    assert!(list.contains(&format!("/console/connections/{KEY}/acme")), "{list}");
    let page = signed.get(&format!("/console/connections/{KEY}/acme")).await;
    assert!(page.status == 200 && page.text().contains("does not expire"), "{}", page.text());
    let call = format!("/console/connections/{KEY}/acme/call");
    let tried = signed.post(&call, &[("method", "GET"), ("path", "/echo")]).await;
    assert!(tried.text().contains("200 OK") && tried.text().contains("***"), "{}", tried.text());
    for (path, problem) in [("https://evil.example/", "a path begins with"), ("//evil.example/", "role=\"alert\"")] {
        let refused = signed.post(&call, &[("method", "GET"), ("path", path)]).await;
        assert!(refused.text().contains(problem), "{path}: {}", refused.text());
    }
    let after = signed.get(&format!("/console/connections/{KEY}/acme")).await.text();
    for part in ["badge good\">200</span>", " ms</td>", "since it loaded the account"] {
        assert!(after.contains(part), "{part}: {after}");
    }
    for text in [list, page.text(), after, tried.text(), signed.get("/").await.text()] {
        assert!(!text.contains(API_KEY) && !text.contains(SERVER_KEY), "{text}");
    }
    let delete = format!("/console/connections/{KEY}/acme/delete");
    assert_eq!(signed.post(&delete, &[("typed", "acm")]).await.status, 400);
    assert_eq!(signed.post(&delete, &[("typed", "acme")]).await.status, 303);
    assert_eq!(signed.get(&format!("/console/connections/{KEY}/acme")).await.status, 404);
}

#[tokio::test]
async fn metadata_is_changed_and_what_is_wrong_is_said_at_its_field_and_given_back() {
    let server = start().await;
    server.key_connection("acme").await;
    let signed = sign_in(&server).await;
    let page = format!("/console/connections/{KEY}/acme");
    let save = format!("{page}/metadata");
    let stored = async || server.client.get(&format!("/connections/acme?integration={KEY}")).await.unwrap().json();
    let saved = signed.post(&save, &[("metadata", r#"{"plan": "pro"}"#)]).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, &*format!("{page}?done=metadata-saved")));
    assert_eq!(stored().await["metadata"], json!({"plan": "pro"}));
    let shown = signed.get(&format!("{page}?done=metadata-saved")).await.text();
    assert!(
        shown.contains("The metadata is saved.")
            && shown.contains("{\n  &quot;plan&quot;: &quot;pro&quot;\n}</textarea>"),
        "{shown}"
    );
    let large = format!(r#"{{"a": "{}"}}"#, "x".repeat(64 * 1024));
    for (text, problem) in [
        ("{\"plan\": <pro>}", "This is not JSON: see line 1, column 10."),
        ("[1]", "This must be an object"),
        (large.as_str(), "is larger than 65536 bytes"),
    ] {
        let refused = signed.post(&save, &[("metadata", text)]).await;
        let html = refused.text();
        assert_eq!(refused.status.as_u16(), 400, "{problem}");
        assert!(html.contains("aria-invalid=\"true\"") && html.contains(problem), "{problem}: {html}");
        let given_back =
            html.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap().replace("&quot;", "\"");
        assert!(given_back.replace("&lt;", "<").replace("&gt;", ">").ends_with(text), "{problem}");
    }
    assert_eq!(stored().await["metadata"], json!({"plan": "pro"}), "nothing was changed");
    assert_eq!(signed.post(&save, &[("metadata", " ")]).await.status, 303);
    assert_eq!(stored().await["metadata"], json!({}));
}

#[tokio::test]
async fn a_link_that_is_made_here_opens_the_form() {
    let server = start().await;
    let signed = sign_in(&server).await;
    let made = signed.post("/console/connect", &[("integration", KEY), ("connection_id", "acme")]).await.text();
    let link = made.split("id=\"link\">").nth(1).unwrap_or_else(|| panic!("{made}")).split('<').next().unwrap();
    let form = server.browser.get(&link.replace("&amp;", "&")).await.unwrap();
    assert!(form.status == 200 && form.text().contains("credentials[apiKey]"), "{}", form.text());
    let page = signed.get(&format!("/console/connect?integration={KEY}")).await.text();
    let boxes = [(KEY, " checked"), (OAUTH, "")]
        .map(|(key, ticked)| format!("<input type=\"checkbox\" name=\"integration\" value=\"{key}\"{ticked}>"));
    server.oauth_integration().await;
    let page_of_two = signed.get(&format!("/console/connect?integration={KEY}")).await.text();
    assert!(page.contains(&boxes[0]) && boxes.iter().all(|one| page_of_two.contains(one)), "{page_of_two}");
    let both = [("integration", KEY), ("integration", OAUTH), ("connection_id", "acme")];
    let made = signed.post("/console/connect", &both).await.text();
    let said = format!("through one of <code>{KEY}</code>, <code>{OAUTH}</code>, once");
    assert!(made.contains(&said) && !made.contains("See the connection"), "{made}");
    let link = made.split("id=\"link\">").nth(1).unwrap().split('<').next().unwrap();
    let list = server.browser.get(link).await.unwrap();
    assert!(list.status == 200 && list.text().contains("Choose what you would like to connect"), "{}", list.text());
    assert_eq!(signed.post("/console/connect", &[("connection_id", "acme")]).await.status, 400, "none is ticked");
    for (integration, id, status) in [("nobody", "acme", 404), (KEY, "", 400)] {
        let refused = signed.post("/console/connect", &[("integration", integration), ("connection_id", id)]).await;
        assert_eq!(refused.status.as_u16(), status, "{integration} {id}: {}", refused.text());
    }
}

#[tokio::test]
async fn no_value_of_a_caller_becomes_markup() {
    let server = start().await;
    let signed = sign_in(&server).await;
    let body = json!({
        "integration": KEY, "connection_id": HOSTILE, "metadata": {HOSTILE: HOSTILE}, "credentials": {"apiKey": API_KEY},
    });
    let imported = server.client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!(imported.status, 201, "{}", imported.text());
    let integration = json!({"provider": OAUTH, "key": HOSTILE, "client_id": HOSTILE});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    let encoded: String = form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    let segment = encoded.replace('+', "%20");
    for page in [
        "/console/connections".to_owned(),
        format!("/console/connections/{KEY}/{segment}"),
        format!("/console/connections/{KEY}/{segment}/call"),
        "/console/integrations".to_owned(),
        format!("/console/integrations/{segment}"),
        format!("/console/connect?integration={encoded}&connection_id={encoded}"),
        format!("/console/connections?id={encoded}"),
        format!("/console/providers?q={encoded}&category={encoded}&mode={encoded}"),
        format!("/console/integrations/new?provider={encoded}"),
        format!("/console/providers/{segment}"),
    ] {
        let text = signed.get(&page).await.text();
        assert!(!text.contains("<img"), "{page}: {text}");
    }
}

#[tokio::test]
async fn a_server_without_pages_has_none() {
    let server = start_with_config(|config| config.pages(false)).await;
    for page in PAGES.iter().chain(&["/sign-in"]) {
        assert_eq!(server.browser.get(page).await.unwrap().status, 404, "{page}");
    }
}
