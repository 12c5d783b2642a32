//! A link for several integrations: the customer chooses one of them, and the token is for no other.

use crate::setup::{Server, start, without_own_script};
use form_urlencoded::Serializer;
use http::header::{LOCATION, SET_COOKIE};
use keyway_tests::catalogue::{HOSTED, KEY, OAUTH, TENANT};
use keyway_tests::client::Answer;
use keyway_tests::mock::{API_KEY, CLIENT_ID, CLIENT_SECRET};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

async fn made(server: &Server, body: &Value) -> Answer {
    server.client.json("POST", "/connect/sessions", body).await.unwrap()
}

/// A session for these integrations: its link, as a path with its query, and its token.
async fn session(server: &Server, allowed: &[&str]) -> (String, String) {
    let body = json!({"allowed_integrations": allowed, "connection_id": "acme",
        "return_url": "https://app.example/done", "origins": ["https://app.example"]});
    let answer = made(server, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let (url, token) = (answer.json()["url"].clone(), answer.json()["token"].clone());
    let url: url::Url = url.as_str().unwrap().parse().unwrap();
    (format!("{}?{}", url.path(), url.query().unwrap()), token.as_str().unwrap().to_owned())
}

/// The links of a list, with what stands on them.
fn links(page: &Answer) -> Vec<(String, String)> {
    let html = page.text();
    let items = html.split("<li><a href=\"").skip(1).map(|rest| rest.split("</a>").next().unwrap());
    items.map(|item| item.split_once("\">").unwrap()).map(|(to, name)| (to.to_owned(), name.to_owned())).collect()
}

async fn submit(server: &Server, target: &str, values: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(values).finish();
    server.browser.with("content-type", FORM).send("POST", target, body).await.unwrap()
}

async fn connected(server: &Server) -> Vec<String> {
    let list = server.client.get("/connections").await.unwrap().json();
    let rows = list["connections"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["integration"].as_str().unwrap(), row["connection_id"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_list_leads_to_the_form_of_each_integration_and_looking_uses_nothing_up() {
    let server = start().await;
    server.oauth_integration().await;
    let (link, token) = session(&server, &[OAUTH, KEY, OAUTH]).await;
    assert_eq!(link, format!("/connect?token={token}"));
    for method in ["GET", "HEAD", "GET"] {
        let page = server.browser.send(method, &link, "").await.unwrap();
        assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"), "{method}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("; frame-ancestors https://app.example; ") && policy.ends_with("form-action 'none'"));
    }
    let page = server.browser.get(&link).await.unwrap();
    assert!(!page.text().contains("<script") && !page.text().contains("<img"), "{}", page.text());
    let to = [format!("/oauth/connect/{OAUTH}?token={token}"), format!("/connect/{KEY}?token={token}")];
    let [to_vendor, to_form] = &to;
    assert_eq!(links(&page), [(to_vendor.clone(), "OAuth".to_owned()), (to_form.clone(), "Key".to_owned())]);

    // To the vendor and back, and to the other one.
    assert_eq!(server.browser.get(to_vendor).await.unwrap().status, 302);
    let form = server.browser.get(to_form).await.unwrap();
    let back = format!("<a href=\"/connect?token={token}\">Choose something else</a>");
    assert!(form.text().contains("credentials[apiKey]") && form.text().contains(&back), "{}", form.text());
    let refused = submit(&server, to_form, &[("credentials[apiKey]", "wrong-key")]).await;
    assert!(refused.status == 400 && refused.text().contains(&back), "{}", refused.text());
    let done = submit(&server, to_form, &[("credentials[apiKey]", API_KEY)]).await;
    let home = format!("https://app.example/done?integration={KEY}&amp;connection_id=acme&amp;status=connected\"");
    assert!(done.status == 200 && done.text().contains(&home), "{}", done.text());
    assert_eq!(connected(&server).await, [format!("{KEY} acme")]);

    // It is used up for all of them, and what was not chosen is not named on the way back.
    let home = "https://app.example/done?connection_id=acme&amp;status=failed&amp;error=invalid_state\"";
    for target in [&link, to_form, to_vendor] {
        let over = server.browser.get(target).await.unwrap();
        assert_eq!((over.status.as_u16(), over.header("keyway-error")), (400, "invalid_state"), "{target}");
        assert!(without_own_script(&over).contains(home), "{}", over.text());
    }
}

#[tokio::test]
async fn a_flow_that_was_chosen_uses_the_link_up_and_says_which_integration_it_was() {
    let server = start().await;
    server.oauth_integration().await;
    let (link, _) = session(&server, &[KEY, OAUTH]).await;
    let list = links(&server.browser.get(&link).await.unwrap());
    let left = server.browser.get(&list[1].0).await.unwrap();
    let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
    let agreed = server.browser.get(left.header(LOCATION.as_str())).await.unwrap();
    let callback = agreed.header(LOCATION.as_str()).to_owned();
    let done = server.browser.with("cookie", &cookie).get(&callback).await.unwrap();
    let home = format!("https://app.example/done?integration={OAUTH}&amp;connection_id=acme&amp;status=connected\"");
    assert!(done.status == 200 && done.text().contains(&home), "{}", done.text());
    let late = submit(&server, &list[0].0, &[("credentials[apiKey]", API_KEY)]).await;
    assert_eq!((late.status.as_u16(), late.header("keyway-error")), (400, "invalid_state"));
    assert_eq!(connected(&server).await, [format!("{OAUTH} acme")]);
}

#[tokio::test]
async fn a_token_is_for_no_integration_that_is_not_on_its_list() {
    let server = start().await;
    server.oauth_integration().await;
    let hosted = json!({"provider": HOSTED, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "allowed_hosts": ["sso.example.com"]});
    assert_eq!(server.client.json("POST", "/integrations", &hosted).await.unwrap().status, 201);
    let twin = json!({"provider": KEY, "key": "twin"});
    assert_eq!(server.client.json("POST", "/integrations", &twin).await.unwrap().status, 201);
    let (link, token) = session(&server, &[KEY, TENANT]).await;
    let query = format!("?token={token}");
    for (method, target) in [
        ("GET", format!("/connect/twin{query}")),
        ("GET", format!("/oauth/connect/{OAUTH}{query}")),
        ("GET", format!("/oauth/connect/{HOSTED}{query}&params[host]=sso.example.com")),
        ("GET", format!("/connect/nobody{query}")),
        ("GET", format!("/connect/{query}")),
        ("POST", format!("/connect/twin{query}")),
        ("POST", "/connect/twin".to_owned()),
        ("POST", format!("/connect/{HOSTED}{query}")),
    ] {
        let values = [("token", token.as_str()), ("credentials[apiKey]", API_KEY), ("config[host]", "sso.example.com")];
        let values = if target.contains("token=") { &values[1..] } else { &values[..] };
        let answer = if method == "GET" {
            server.browser.get(&target).await.unwrap()
        } else {
            submit(&server, &target, values).await
        };
        assert!((400..500).contains(&answer.status.as_u16()), "{method} {target}: {}", answer.text());
        assert!(answer.header(LOCATION.as_str()).is_empty() && answer.header(SET_COOKIE.as_str()).is_empty());
    }
    // As JSON, and with fields that would name another one.
    for (target, body) in [
        ("/connect/twin".to_owned(), json!({"token": token, "credentials": {"apiKey": API_KEY}})),
        (format!("/connect/{KEY}"), json!({"token": token, "integration": "twin", "credentials": {"apiKey": API_KEY}})),
    ] {
        let answer = server.browser.json("POST", &target, &body).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (400, "invalid_request"), "{target}");
    }
    let tampered = [("credentials[apiKey]", API_KEY), ("integration", "twin")];
    assert_eq!(submit(&server, &format!("/connect/{KEY}{query}"), &tampered).await.status, 400);
    for odd in ["&integration=twin", "&allowed_integrations=twin", "&token=x"] {
        assert_eq!(server.browser.get(&format!("{link}{odd}")).await.unwrap().status, 400, "{odd}");
    }
    assert_eq!(connected(&server).await, Vec::<String>::new());
    let made = json!({"token": token, "credentials": {"apiKey": API_KEY}});
    assert_eq!(server.browser.json("POST", &format!("/connect/{KEY}"), &made).await.unwrap().status, 201);
    assert_eq!(connected(&server).await, [format!("{KEY} acme")]);
}

#[tokio::test]
async fn an_integration_that_is_deleted_is_not_offered_any_more() {
    let server = start().await;
    let twin = json!({"provider": KEY, "key": "twin"});
    assert_eq!(server.client.json("POST", "/integrations", &twin).await.unwrap().status, 201);
    let (link, token) = session(&server, &[KEY, "twin"]).await;
    let list = links(&server.browser.get(&link).await.unwrap());
    assert_eq!(list[1].1, "Key <span class=\"soft\">twin</span>", "two of one provider are told apart");
    assert_eq!(server.client.send("DELETE", "/integrations/twin", "").await.unwrap().status, 204);
    let list = links(&server.browser.get(&link).await.unwrap());
    assert_eq!(list, [(format!("/connect/{KEY}?token={token}"), "Key".to_owned())]);
    let target = format!("/connect/twin?token={token}");
    for answer in [
        server.browser.get(&target).await.unwrap(),
        submit(&server, &target, &[("credentials[apiKey]", API_KEY)]).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (404, "unknown_integration"));
    }
    assert_eq!(server.client.send("DELETE", &format!("/integrations/{KEY}"), "").await.unwrap().status, 204);
    let none = server.browser.get(&link).await.unwrap();
    assert_eq!((none.status.as_u16(), none.header("keyway-error")), (404, "unknown_integration"), "{}", none.text());
}

#[tokio::test]
async fn a_session_names_one_integration_or_some() {
    let server = start().await;
    let many: Vec<String> = (0..101).map(|number| format!("i{number}")).collect();
    for (more, status, code) in [
        (json!({"integration": KEY}), 201, ""),
        (json!({"integration": KEY, "allowed_integrations": null}), 201, ""),
        (json!({"allowed_integrations": [KEY]}), 201, ""),
        (json!({"allowed_integrations": [KEY, TENANT]}), 201, ""),
        (json!({}), 400, "missing_value"),
        (json!({"integration": ""}), 400, "missing_value"),
        (json!({"allowed_integrations": null}), 400, "missing_value"),
        (json!({"allowed_integrations": []}), 400, "invalid_value"),
        (json!({"allowed_integrations": ""}), 400, "invalid_request"),
        (json!({"allowed_integrations": [1]}), 400, "invalid_request"),
        (json!({"allowed_integrations": [KEY], "integration": KEY}), 400, "invalid_request"),
        (json!({"allowed_integrations": [KEY, "nobody"]}), 404, "unknown_integration"),
        (json!({"allowed_integrations": [KEY, ""]}), 404, "unknown_integration"),
        (json!({"allowed_integrations": many}), 404, "unknown_integration"),
        (json!({"allowed_integrations": vec![KEY; 101]}), 201, ""),
    ] {
        let mut body = json!({"connection_id": "acme"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = made(&server, &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("keyway-error")),
            (status, code),
            "{more}: {}",
            answer.text()
        );
        if status == 201 {
            let url = answer.json()["url"].as_str().unwrap().to_owned();
            assert_eq!(url.contains("/connect?"), more["allowed_integrations"][1] == TENANT, "{more}: {url}");
        }
    }
}
