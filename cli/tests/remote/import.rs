//! `keyway connections import`, and the settings of integrations that hold secrets: from files and standard input.

use crate::setup::{ACCESS_TOKEN, CLIENT_SECRET, CUSTOMER_KEY, REFRESH_TOKEN, SECRET_CONFIG, Served};
use serde_json::{Value, json};
use std::fs;

fn first(out: &str) -> Value {
    serde_json::from_str(out.lines().next().unwrap()).unwrap()
}

fn account() -> Value {
    json!({"credentials": {"apiKey": CUSTOMER_KEY}, "config": {"site": "eu", "appKey": SECRET_CONFIG},
        "metadata": {"plan": "pro"}})
}

#[test]
fn an_account_is_imported_from_standard_input_or_a_file_and_shown_without_its_secrets() {
    let served = Served::start("https://vendor.example.com");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.json");
    fs::write(&file, account().to_string()).unwrap();
    let import = ["connections", "import", "acme", "--integration", "mock-key", "--unverified"];
    for (more, input) in [
        (&[][..], account().to_string()),
        (&["--file", "-"], account().to_string()),
        (&["--file", file.to_str().unwrap()], String::new()),
    ] {
        let (code, out, err) = served.run_with_input(&[&import[..], more].concat(), &input);
        assert_eq!((code, err.as_str()), (0, ""), "{more:?}");
        let shown = first(&out);
        assert_eq!((&shown["config"], &shown["metadata"]), (&json!({"site": "eu"}), &json!({"plan": "pro"})));
        assert_eq!((shown.get("credentials"), &shown["connection_id"]), (None, &json!("acme")));
    }
    let show = ["connections", "show", "acme", "--integration", "mock-key", "--credentials"];
    assert_eq!(first(&served.run(&show).1)["credentials"]["apiKey"], CUSTOMER_KEY);
    let (_, out, _) = served.run_with_input(&[&import[..], &["--format", "text"]].concat(), &account().to_string());
    assert!(out.starts_with("connection   acme\nintegration  mock-key\n"), "{out}");
}

#[test]
fn a_token_is_imported_with_its_end() {
    let served = Served::start("https://vendor.example.com");
    served.run(&["integrations", "create", "mock-oauth", "--client-id", "id"]);
    let token =
        json!({"credentials": {"access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "expires_in": 7_200_000}});
    let import = ["connections", "import", "a", "--integration", "mock-oauth", "--format", "text"];
    let (code, out, err) = served.run_with_input(&import, &token.to_string());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("expires      in 83 days\n"), "{out}");
}

#[test]
fn what_cannot_be_imported_is_said_without_its_secrets() {
    let served = Served::start("https://vendor.example.com");
    let import = ["connections", "import", "acme", "--integration"];
    let missing = json!({"credentials": {}, "config": {"site": "eu", "appKey": SECRET_CONFIG}}).to_string();
    let odd = json!({"credentials": {"apiKey": {"canary": CUSTOMER_KEY}}, "config": {"site": "eu"}}).to_string();
    let config = json!({"site": "eu", "appKey": SECRET_CONFIG});
    let unknown = json!({"credentials": {"apiKey": CUSTOMER_KEY, "other": CUSTOMER_KEY}, "config": config}).to_string();
    let named = json!({"integration": "mock-key", "credentials": {"apiKey": CUSTOMER_KEY}}).to_string();
    let large = format!("{{\"credentials\": \"{}\"}}", "x".repeat(1 << 20));
    for (more, input, expected) in [
        (&["mock-key"][..], String::new(), "`-` is not JSON"),
        (&["mock-key"], format!("{{\"credentials\": {CUSTOMER_KEY}"), "`-` is not JSON: line 1"),
        (&["mock-key"], format!("[\"{CUSTOMER_KEY}\"]"), "no object"),
        (&["mock-key"], missing, "`credentials.apiKey` is missing"),
        (&["mock-key"], odd, "`credentials.apiKey`"),
        (&["mock-key"], unknown, "other`"),
        (&["mock-key"], named, "no member `integration`"),
        (&["mock-key"], large, "longer than 1024 KiB"),
        (&["mock-key", "--file", "nowhere.json"], String::new(), "cannot read `nowhere.json`"),
        (&["nope"], account().to_string(), "`keyway integrations list`"),
    ] {
        let (code, out, err) = served.run_with_input(&[&import[..], more].concat(), &input);
        assert_eq!((code, out.as_str()), (2, ""), "{expected}: {err}");
        assert!(err.contains(expected) && err.lines().count() == 1, "{expected}: {err}");
    }
    assert_eq!(served.run(&["connections", "list", "--all"]).1, "", "nothing was stored");
}

#[test]
fn settings_of_some_providers_are_given_and_cleared() {
    let served = Served::start("https://vendor.example.com");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("custom.json");
    fs::write(&file, json!({"webhookSecret": SECRET_CONFIG}).to_string()).unwrap();
    let text = ["--format", "text"];
    let create =
        ["integrations", "create", "mock-oauth", "--client-id", "id", "--app-link", "https://vendor.example.com/app"];
    let more = ["--custom-file", file.to_str().unwrap(), "--shared-redirect-uri", "--unknown-outcome", "final"];
    let (code, out, err) = served.run(&[&create[..], &more].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let made = first(&out);
    assert_eq!(
        (&made["custom_set"], &made["app_link"]),
        (&json!(["webhookSecret"]), &json!("https://vendor.example.com/app"))
    );
    assert_eq!((&made["shared_redirect_uri"], &made["unknown_outcome"]), (&json!(true), &json!("final")));
    let (_, out, _) = served.run(&[&["integrations", "show", "mock-oauth"][..], &text].concat());
    for line in
        ["custom, set      webhookSecret\n", "shared           with other integrations\n", "unknown outcome  final\n"]
    {
        assert!(out.contains(line), "{out}");
    }
    let set = ["integrations", "set", "mock-oauth"];
    let clear =
        ["--clear", "custom", "--clear", "app-link", "--clear", "unknown-outcome", "--shared-redirect-uri=false"];
    let cleared = first(&served.run(&[&set[..], &clear].concat()).1);
    assert_eq!((&cleared["custom_set"], &cleared["app_link"]), (&json!([]), &Value::Null));
    assert_eq!((&cleared["shared_redirect_uri"], &cleared["unknown_outcome"]), (&json!(false), &Value::Null));

    // Secrets of both kinds at once, and from standard input.
    let both = [&set[..], &["--client-secret-stdin", "--custom-file", file.to_str().unwrap()]].concat();
    let (code, out, _) = served.run_with_input(&both, CLIENT_SECRET);
    assert_eq!(
        (code, &first(&out)["client_secret_set"], &first(&out)["custom_set"]),
        (0, &json!(true), &json!(["webhookSecret"]))
    );
    let (code, out, _) = served.run_with_input(&[&set[..], &["--custom-file", "-"]].concat(), "{\"other\": \"x\"}");
    assert_eq!((code, &first(&out)["custom_set"]), (0, &json!(["other"])));
    for (more, input, expected) in [
        (&["--client-secret-stdin", "--custom-file", "-"][..], "", "both read standard input"),
        (&["--custom-file", "-"], "{\"a\": 1}", "`custom` must be an object of strings"),
        (&["--custom-file", "-", "--clear", "custom"], "{}", "given and cleared at once"),
        (&["--unknown-outcome", "maybe"], "", "`retry` or `final`"),
        (&["--shared-redirect-uri=perhaps"], "", "--shared-redirect-uri"),
    ] {
        let (code, out, err) = served.run_with_input(&[&set[..], more].concat(), input);
        assert_eq!((code, out.as_str()), (2, ""), "{more:?}: {err}");
        assert!(err.contains(expected), "{more:?}: {err}");
    }
}
