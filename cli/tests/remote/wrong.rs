//! Commands and servers that are wrong: said in one line, with what to do.

use crate::setup::{API_KEY, Served, run};
use crate::stand_in::StandIn;

const LIST: [&str; 2] = ["connections", "list"];

#[test]
fn a_command_that_cannot_be_carried_out_says_what_to_do() {
    let served = Served::start("https://vendor.example.com");
    served.run(&["integrations", "create", "mock-oauth", "--client-id", "id"]);
    for (line, expected) in [
        (&["integrations", "show", "nope"][..], "`keyway integrations list`"),
        (&["integrations", "create", "nope"], "a key of the server's catalogue"),
        (&["integrations", "create", "mock-oauth"], "`--key` gives a new one another key"),
        (&["integrations", "create", "mock-oauth", "--client-secret-stdin"], "no client secret on standard input"),
        (&["integrations", "set", "mock-oauth"], "nothing to change"),
        (&["integrations", "set", "mock-oauth", "--scope", "a", "--clear", "scopes"], "given and cleared at once"),
        (&["integrations", "set", "mock-oauth", "--base-url", "https://evil.example.org"], "evil.example.org"),
        (&["integrations", "delete", "mock-oauth"], "say `--yes`"),
        (&["integrations", "delete", "", "--yes"], "cannot be empty"),
        (&["connections", "show", "a"], "--integration"),
        (&["connections", "show", "a", "--integration", "mock-key"], "`keyway connections list`"),
        (&["connections", "delete", "a", "--integration", "mock-key"], "say `--yes`"),
        (&["connections", "delete", "..", "--integration", "mock-key", "--yes"], "`..`"),
        (&["connections", "link", "a", "--integration", "nope"], "`keyway integrations list`"),
        (&["connections", "list", "--limit", "0"], "--limit"),
        (&["connections", "list", "--limit", "5", "--all"], "--all"),
        (&["connections", "list", "--server", "http://keyway.example.com"], "--allow-http"),
        (&["connections", "list", "--server", "https://u:canary@keyway.example.com"], "without user, password"),
        (&["connections", "list", "--extra-roots", "nowhere.pem"], "cannot read `nowhere.pem`"),
        (&["connections", "list", "--timeout", "0"], "--timeout"),
    ] {
        let (code, out, err) = served.run(line);
        assert_eq!((code, out.as_str()), (2, ""), "{line:?}: {err}");
        assert!(err.contains(expected), "{line:?}: {err}");
        assert!(!err.contains("u:canary"), "{line:?}: {err}");
    }
    let (_, out, _) = served.run(&["integrations", "list"]);
    assert_eq!(out.lines().count(), 1, "nothing was changed");
}

#[test]
fn a_key_that_is_missing_or_wrong_is_told_apart() {
    let mut served = Served::start("https://vendor.example.com");
    for (key, expected) in [
        ("", "KEYWAY_API_KEY is not set"),
        ("a key", "KEYWAY_API_KEY has a blank"),
        ("kw_wrong_0123456789", "refuses the API key: set KEYWAY_API_KEY"),
    ] {
        let (code, out, err) = run(&served.url, key, &LIST, "");
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(expected) && (key.is_empty() || !err.contains(key)), "{err}");
    }
    served.stop();
    let (code, _, err) = served.run(&LIST);
    assert_eq!(code, 2);
    assert!(
        err.contains("no server can be reached") && err.contains("`keyway serve`") && err.contains(&served.url),
        "{err}"
    );
}

#[test]
fn an_answer_that_is_no_keyways_is_not_shown() {
    let elsewhere = StandIn::answering("200 OK", "", "");
    let echoed = format!("<p>{API_KEY}</p>");
    let location = format!("location: {}/connections\r\n", elsewhere.url);
    let html = "content-type: text/html; charset=utf-8\r\n";
    for (stand_in, expected) in [
        (StandIn::answering("200 OK", html, &echoed), "is no Keyway (200 OK, text/html)"),
        (StandIn::answering("401 Unauthorized", html, &echoed), "is no Keyway (401 Unauthorized, text/html)"),
        (StandIn::answering("502 Bad Gateway", "content-type: a\u{1b}[31m\r\n", ""), "Keyway"),
        (StandIn::answering("302 Found", &location, ""), "leads to another address (302 Found)"),
        (StandIn::json("307 Temporary Redirect", &location, "{}"), "leads to another address"),
        (StandIn::json("200 OK", "", "[]"), "is no Keyway (200 OK, application/json)"),
        (StandIn::json("200 OK", "", "{}"), "of another shape"),
        (StandIn::json("200 OK", "", r#"{"connections": [3]}"#), "of another shape"),
        (StandIn::json("200 OK", "", r#"{"connections": []"#), "is no Keyway"),
        (
            StandIn::json("401 Unauthorized", "", r#"{"error": {"code": "unauthorized", "message": "m"}}"#),
            "is no Keyway",
        ),
        (StandIn::answering("204 No Content", "", ""), "of another shape"),
        (StandIn::new("SSH-2.0-OpenSSH_9.7\r\n", None), "Keyway"),
        (StandIn::new("", None), "broke"),
        (StandIn::new("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", None), "cannot be read"),
        (StandIn::new("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", Some("[[[[[[[[")), "cannot be read"),
        (StandIn::new("HTTP/1.1 200 OK\r\nx: ", Some("aaaaaaaaaaaaaaaa")), "Keyway"),
        (StandIn::json("200 OK", "", r#"{"connections": [], "next": "a"}"#), "of another shape"),
    ] {
        let (code, out, err) = run(&stand_in.url, API_KEY, &LIST, "");
        assert_eq!((code, out.as_str()), (2, ""), "{expected}: {err}");
        assert!(err.contains(expected), "{expected}: {err}");
        assert!(err.lines().count() == 1 && err.len() < 600, "{err}");
    }
    assert!(elsewhere.requests().is_empty(), "the key does not follow a redirect");
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    let line = ["connections", "list", "--timeout", "1"];
    for url in [StandIn::silent(), StandIn::new("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", None).url] {
        let (code, _, err) = run(&url, API_KEY, &line, "");
        assert_eq!(code, 2);
        assert!(err.contains("within 1 s") && err.contains("--timeout") || err.contains("cannot be read"), "{err}");
    }
}
