//! Operations tried by hand on the operators' pages: a form for each, checked as `POST /call` is, and what came.

use crate::console::{HOSTILE, Signed, sign_in};
use crate::setup::{Server, start};
use keyway_tests::catalogue::{BODY, KEY};
use keyway_tests::mock::API_KEY;

const CALL: &str = "/console/connections/mock-key/acme/call";

async fn signed_in() -> (Server, Signed) {
    let server = start().await;
    server.key_connection("acme").await;
    let signed = sign_in(&server).await;
    (server, signed)
}

#[tokio::test]
async fn the_operations_of_the_entry_are_links_to_their_forms() {
    let (server, signed) = signed_in().await;
    let plain = signed.get(CALL).await.text();
    for name in ["fail.once", "heads.read", "issues.create", "issues.list", "teapots.read"] {
        assert!(plain.contains(&format!("<a href=\"{CALL}?operation={name}\"><code>{name}</code></a>")), "{plain}");
    }
    let page = signed.get(&format!("{CALL}?operation=issues.list")).await;
    let html = page.text();
    for part in [
        "?operation=issues.list\" aria-current=\"page\">",
        "Lists the issues of a repository. <a href=\"https://docs.example.com/issues\"",
        "<code>GET /echo/repos/{owner}/{repo}/issues</code>",
        "<fieldset class=\"place\"><legend>Path</legend>",
        "<label for=\"parameter-1\"><code>owner</code> <span class=\"optional\">(required)</span></label>",
        "<input id=\"parameter-1\" name=\"param.owner\" value=\"\"",
        "<fieldset class=\"place\"><legend>Query</legend>",
        "<option value=\"open\">open</option>",
        "name=\"param.per_page\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("name=\"method\"") && plain.contains("name=\"method\""), "{html}");
    let body = signed.get(&format!("{CALL}?operation=issues.create")).await.text();
    assert!(
        body.contains("<fieldset class=\"place\"><legend>Body</legend>")
            && body.contains("<textarea id=\"parameter-1\""),
        "{body}"
    );

    for (target, status) in [
        (format!("{CALL}?operation=issues.lsit"), 404),
        (format!("{CALL}?operation="), 404),
        (format!("{CALL}?operations=issues.list"), 400),
    ] {
        assert_eq!(signed.get(&target).await.status.as_u16(), status, "{target}");
    }
    let near = signed.get(&format!("{CALL}?operation=issues.lsit")).await.text();
    assert!(near.contains("did you mean `issues.list`?"), "{near}");
    server.plain_connection(BODY, "acme").await;
    let without = signed.get(&format!("/console/connections/{BODY}/acme/call")).await.text();
    assert!(!without.contains("Operations of the entry"), "{without}");
}

#[tokio::test]
async fn an_operation_is_sent_as_a_call_by_name_would_be() {
    let (_server, signed) = signed_in().await;
    let values = [
        ("operation", "issues.list"),
        ("param.owner", "octo/cat"),
        ("param.repo", "a b"),
        ("param.state", "open"),
        ("param.labels", "x,y\r\nz"),
        ("param.page", ""),
        ("param.per_page", "5"),
    ];
    let tried = signed.post(CALL, &values).await;
    let html = tried.text();
    assert_eq!(tried.status, 200, "{html}");
    for part in [
        "200 OK",
        "/api/echo/repos/octo%2Fcat/a%20b/issues?labels=x%2Cy,z&amp;state=open&amp;per_page=5",
        "accept: application/vnd.mock+json",
        "x-api-key: ***",
        "value=\"octo/cat\"",
        "<option value=\"open\" selected>",
        "/call/mock-key/issues.list&#x27;",
        "Connection-Id: acme",
    ] {
        let part = part.replace("&#x27;", "'");
        assert!(html.contains(&part), "{part}: {html}");
    }
    let sent = r#"{"owner":"octo/cat","repo":"a b","state":"open","labels":["x,y","z"],"per_page":5}"#;
    assert!(html.contains(&sent.replace('"', "&quot;")), "{html}");
    assert!(!html.contains(API_KEY), "{html}");

    let created = [("operation", "issues.create"), ("param.title", "two\r\nlines"), ("param.labels", "a")];
    let html = signed.post(CALL, &created).await.text();
    assert!(html.contains("POST http://") && html.contains("200 OK"), "{html}");
    assert!(html.contains("two\\\\nlines"), "as JSON in an echo of JSON: {html}");
    let key = html.split("idempotency-key: ").nth(1).unwrap();
    assert_eq!(key.find('\n'), Some(36), "{key}");
}

#[tokio::test]
async fn a_call_that_fails_is_shown_and_not_made_again() {
    let (_server, signed) = signed_in().await;
    let once = signed.post(CALL, &[("operation", "fail.once"), ("param.name", "by-hand")]).await.text();
    assert!(once.contains("503 Service Unavailable") && !once.contains("etri"), "{once}");
    let again = signed.post(CALL, &[("operation", "fail.once"), ("param.name", "by-hand")]).await.text();
    assert!(again.contains("200 OK"), "the second one is the second: {again}");
}

#[tokio::test]
async fn a_wrong_value_is_told_at_its_field_and_nothing_is_sent() {
    let (server, signed) = signed_in().await;
    let before = server.mock.requests();
    let values = [
        ("operation", "issues.list"),
        ("param.owner", ".."),
        ("param.state", "opne"),
        ("param.per_page", "many"),
        ("param.labels", "kept"),
    ];
    let refused = signed.post(CALL, &values).await;
    let html = refused.text();
    assert_eq!(refused.status, 422, "{html}");
    for part in [
        "<span class=\"problem\" id=\"parameter-2-problem\">repo is missing: give a text, a part of the path</span>",
        "<span class=\"problem\" id=\"parameter-3-problem\">state must be one of open, closed; did you mean open?</span>",
        "per_page must be a whole number</span>",
        "aria-describedby=\"parameter-2-problem\" aria-invalid=\"true\"",
        "spellcheck=\"false\" aria-describedby=\"parameter-4-help\">kept</textarea>",
        "Nothing was sent: please correct",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    for (name, value) in [("operation", "nobody.knows"), ("operation", ""), ("param.owner", "x")] {
        let values = [(name, value)];
        let answer = signed.post(CALL, &values).await;
        let told = answer.status == 404 || answer.text().contains("role=\"alert\"");
        assert!(told, "{name}={value}: {}", answer.text());
    }
    let odd = [("operation", "issues.list"), ("param.owner", "o"), ("param.repo", "r"), ("param.nobody", HOSTILE)];
    let odd = signed.post(CALL, &odd).await;
    assert!(odd.status == 422 && odd.text().contains("`nobody` is no parameter of `issues.list`"), "{}", odd.text());
    assert_eq!(server.mock.requests(), before, "nothing was sent");
}

#[tokio::test]
async fn what_is_entered_stays_text() {
    let (_server, signed) = signed_in().await;
    let named = format!("param.{HOSTILE}");
    for values in [
        vec![("param.owner", HOSTILE), ("param.repo", "r"), ("param.labels", HOSTILE)],
        vec![("param.owner", "o"), ("param.repo", "r"), (named.as_str(), "x")],
    ] {
        let values = [&[("operation", "issues.list")][..], &values].concat();
        let html = signed.post(CALL, &values).await.text();
        assert!(!html.contains("<img") && html.contains("&lt;img src=x"), "{html}");
    }
    let missing = signed.get(&format!("{CALL}?operation=%22%3E%3Cimg%20src=x%3E")).await.text();
    assert!(!missing.contains("<img"), "{missing}");
    let other = signed.post(&format!("/console/connections/{KEY}/nobody/call"), &[("operation", "issues.list")]).await;
    assert_eq!(other.status, 404);
}
