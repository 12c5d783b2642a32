//! Each command that is carried out: its output in both formats, and its end.

use crate::setup::{ACCESS_TOKEN, CLIENT_SECRET, CUSTOMER_KEY, Served};
use serde_json::{Value, json};

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_integration_is_created_changed_listed_and_deleted() {
    let served = Served::start("https://vendor.example.com");
    let text = ["--format", "text"];
    let create =
        ["integrations", "create", "mock-oauth", "--client-id", "id-1", "--client-secret-stdin", "--scope", "read"];
    let (code, out, err) = served.run_with_input(&create, &format!("{CLIENT_SECRET}\n"));
    assert_eq!((code, err.as_str()), (0, ""));
    let made = &lines(&out)[0];
    assert_eq!(
        (&made["key"], &made["client_secret_set"], &made["scopes"]),
        (&json!("mock-oauth"), &json!(true), &json!(["read"]))
    );
    let redirect = made["redirect_uri"].as_str().unwrap();

    let (code, out, _) = served.run(&[&["integrations", "list"][..], &text].concat());
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "KEY         PROVIDER    CLIENT ID  SECRET  SCOPES\nmock-oauth  mock-oauth  id-1       set     read\n"
    );

    let set = ["integrations", "set", "mock-oauth", "--key", "prod", "--scope", "read", "--scope", "write"];
    let (code, out, err) = served.run(&[&set[..], &["--clear", "client-secret"], &text].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let expected = format!(
        "key            prod\nprovider       mock-oauth\nclient id      id-1\nclient secret  not set\nscopes         read, write\n\
         redirect URI   {redirect}\n"
    );
    assert_eq!(out, expected);
    assert_eq!(served.run(&[&["integrations", "show", "prod"][..], &text].concat()).1, expected);

    let (code, out, _) = served.run(&["integrations", "delete", "prod", "--yes"]);
    assert_eq!((code, lines(&out)), (0, vec![json!({"key": "prod", "deleted": true})]));
    assert_eq!(served.run(&["integrations", "list"]), (0, String::new(), String::new()));
}

#[tokio::test]
async fn a_connection_is_shown_without_its_credentials() {
    let served = Served::start("https://vendor.example.com");
    served.connect("acme", json!({"plan": "pro"})).await;
    let show = ["connections", "show", "acme", "--integration", "mock-key"];
    let (code, out, err) = served.run(&show);
    assert_eq!((code, err.as_str()), (0, ""));
    let shown = &lines(&out)[0];
    assert_eq!(shown["config"], json!({"site": "eu"}), "the secret one is left out");
    assert_eq!(shown["metadata"], json!({"plan": "pro"}));
    assert_eq!(shown.get("credentials"), None);

    let (code, out, _) = served.run(&[&show[..], &["--format", "text"]].concat());
    assert_eq!(code, 0);
    for line in
        ["connection   acme\n", "state        good\n", "expires      never\n", "config       {\"site\":\"eu\"}\n"]
    {
        assert!(out.contains(line), "{out}");
    }
    let (code, out, _) = served.run(&[&show[..], &["--credentials"]].concat());
    assert_eq!((code, &lines(&out)[0]["credentials"]["apiKey"]), (0, &json!(CUSTOMER_KEY)), "they were asked for");

    let (code, out, _) = served.run(&["connections", "delete", "acme", "--integration", "mock-key", "--yes"]);
    let expected =
        json!({"integration": "mock-key", "connection_id": "acme", "deleted": true, "revocation": "not-described"});
    assert_eq!((code, lines(&out)), (0, vec![expected]));
    assert_eq!(served.run(&show).0, 2);
}

#[tokio::test]
async fn metadata_is_replaced_by_an_argument_or_by_standard_input() {
    let served = Served::start("https://vendor.example.com");
    served.connect("acme", json!({"plan": "free", "seats": 1})).await;
    let set = ["connections", "set-metadata", "acme", "--integration", "mock-key"];
    let (code, out, err) = served.run(&[&set[..], &[r#"{"plan": "pro"}"#]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(lines(&out)[0]["metadata"], json!({"plan": "pro"}));
    assert_eq!(lines(&out)[0]["config"], json!({"site": "eu"}), "the secret one is left out");
    let (code, out, _) = served.run_with_input(&[&set[..], &["-", "--format", "text"]].concat(), "{\"a\": 1}\n");
    assert!(code == 0 && out.contains("metadata     {\"a\":1}\n"), "{out}");
    for (argument, code, says) in [("[]", 2, "JSON object"), ("{", 2, "line 1, column 1"), ("{}", 0, "")] {
        let (ended, _, err) = served.run(&[&set[..], &[argument]].concat());
        assert!(ended == code && err.contains(says), "{argument}: {ended} {err}");
    }
    let missing = ["connections", "set-metadata", "nobody", "--integration", "mock-key", "{}"];
    assert_eq!(served.run(&missing).0, 2);
}

#[tokio::test]
async fn a_list_is_as_long_as_it_was_asked_for() {
    let served = Served::start("https://vendor.example.com");
    for number in 0..5 {
        served.connect(&format!("acme-{number}"), json!({})).await;
    }
    served.connect("other", json!({})).await;
    for (arguments, expected, says) in [
        (&["--all"][..], 6, ""),
        (&[], 6, ""),
        (&["--limit", "6"], 6, ""),
        (&["--limit", "4"], 4, "there are more"),
        (&["--id-prefix", "acme-"], 5, ""),
        (&["--integration", "mock-key", "--id-prefix", "acme-3"], 1, ""),
        (&["--integration", "other"], 0, ""),
        (&["--reconnect-needed"], 0, ""),
    ] {
        let (code, out, err) = served.run(&[&["connections", "list"][..], arguments].concat());
        assert_eq!((code, lines(&out).len()), (0, expected), "{arguments:?}");
        assert!(err.is_empty() == says.is_empty() && err.contains(says), "{arguments:?}: {err}");
    }
    let (_, out, _) = served.run(&["connections", "list", "--limit", "1", "--format", "text"]);
    let heads: Vec<&str> = out.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(heads, ["INTEGRATION", "CONNECTION", "STATE", "EXPIRES", "CREATED", "UPDATED"]);
    assert!(out.lines().nth(1).unwrap().starts_with("mock-key     acme-0      good   never    "), "{out}");
}

#[tokio::test]
async fn an_end_is_said_as_people_say_it() {
    let served = Served::start("https://vendor.example.com");
    served.run(&["integrations", "create", "mock-oauth", "--client-id", "id"]);
    let credentials = json!({"access_token": ACCESS_TOKEN, "expires_in": 7_200_000});
    let body = json!({"integration": "mock-oauth", "connection_id": "a", "credentials": credentials, "verify": false});
    served.post("/connections", &body).await;
    let show = ["connections", "show", "a", "--integration", "mock-oauth", "--format"];
    let (_, out, _) = served.run(&[&show[..], &["text"]].concat());
    assert!(out.contains("expires      in 83 days\n"), "{out}");
    let (_, out, _) = served.run(&[&show[..], &["json"]].concat());
    assert!(lines(&out)[0]["expires_at"].as_str().unwrap().ends_with('Z'), "{out}");
}

#[test]
fn a_link_is_printed_alone_on_its_line() {
    let served = Served::start("https://vendor.example.com");
    served.run(&["integrations", "create", "mock-oauth", "--client-id", "id"]);
    let link = ["connections", "link", "user 42/é", "--integration", "mock-oauth", "--format"];
    let (code, out, err) = served.run(&[&link[..], &["text"]].concat());
    assert_eq!((code, out.lines().count()), (0, 1));
    assert!(out.starts_with(&format!("{}/oauth/connect/mock-oauth?token=", served.url)), "{out}");
    assert!(err.contains("it ends in 29 minutes") || err.contains("it ends in 30 minutes"), "{err}");
    let (code, out, _) = served.run(&[&link[..], &["json"]].concat());
    let members: Vec<String> = lines(&out)[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!((code, members), (0, vec!["url".to_owned(), "expires_at".to_owned()]));
}

#[tokio::test]
async fn an_id_is_one_segment_of_a_path_whatever_it_holds() {
    let served = Served::start("https://vendor.example.com");
    for id in ["a/b", "a?b=c", "a#b", "a%2fb", "a b", "..%2f", "é漢", "a&refresh=true", "-"] {
        served.connect(id, json!({})).await;
        let (code, out, err) = served.run(&["connections", "show", "--integration", "mock-key", "--", id]);
        assert_eq!(code, 0, "{id}: {err}");
        assert_eq!(lines(&out)[0]["connection_id"], id);
    }
}
