//! `keyway request` and the secret fields of a connection's configuration: shown by name, as credentials are.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use std::fs;

const CATALOGUE: &str = "
two:
    display_name: Two
    docs: https://two.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: A key., secret: true}}
    connection_config:
        appToken: {type: string, title: App, description: A token., secret: true, pattern: '^[a-z-]+$'}
        region: {type: string, title: Region, description: Its region., default_value: eu}
        extra: {type: string, title: Extra, description: A word., secret: true, optional: true}
        house: {type: string, title: House, description: A word., secret: true, default_value: common}
    proxy:
        base_url: https://two.example.com
        headers:
            x-key: ${apiKey}
            x-app: ${connectionConfig.appToken}
            x-region: ${connectionConfig.region}
            x-extra: ${connectionConfig.extra}
            x-house: ${connectionConfig.house}
            x-both: 'Basic ${base64(${connectionConfig.appToken}:${connectionConfig.region})}'
            x-sign: '${hmacSha256Hex(${path}, ${connectionConfig.appToken})}'
        query: {t: '${connectionConfig.appToken}'}
open:
    display_name: Open
    docs: https://open.example.com
    categories: [other]
    auth_mode: NONE
    connection_config: {place: {type: string, title: Place, description: Its URL., secret: true, format: uri}}
    proxy: {base_url: '${connectionConfig.place}'}
";

/// Runs `keyway request` with these arguments.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
    process::run(folder.path(), &[&["request", "--catalogue", "c.yaml"], arguments].concat())
}

const TWO: [&str; 3] = ["two", "GET", "/x"];
const APP: [&str; 2] = ["--config", "appToken=app-canary"];
const EXTRA: [&str; 2] = ["--config", "extra=extra-canary"];
const KEY: [&str; 2] = ["--credential", "apiKey=key-canary"];

#[test]
fn a_secret_field_is_shown_by_name_and_its_value_only_where_it_is_asked_for() {
    let named = [
        "https://two.example.com/x?t=<appToken>\n",
        "x-app: <appToken>\n",
        "x-region: eu\n",
        "x-house: common\n",
        "x-both: Basic base64(<appToken>:eu)\n",
    ];
    let note =
        |names: &str, option: &str| format!("note: {names} not given, shown by name; set with `{option} NAME=VALUE`\n");
    let (key, app) = (note("`apiKey`", "--credential"), note("`appToken`", "--config"));
    for (more, parts, said) in [
        (vec![], named.to_vec(), format!("{key}{app}")),
        (APP.to_vec(), named.to_vec(), key.clone()),
        ([APP, EXTRA].concat(), [&named[..], &["x-extra: <extra>\n"]].concat(), key),
        ([APP, KEY].concat(), [&named[..], &["x-key: <apiKey>\n"]].concat(), String::new()),
        (KEY.to_vec(), named.to_vec(), app.clone()),
        ([&KEY[..], &["--reveal"]].concat(), [&named[..], &["x-key: key-canary\n"]].concat(), app),
    ] {
        let reveals = more.contains(&"--reveal");
        let (code, out, err) = run(&[&TWO[..], &more].concat());
        assert!(code == 0 && err == said, "{more:?}: {code} {err}");
        assert!(reveals || !out.contains("canary"), "{more:?}: {out}");
        assert!(out.contains("x-sign: hmacSha256Hex(") && out.contains(", <appToken>)\n"), "{more:?}: {out}");
        for part in parts {
            assert!(out.contains(part), "{more:?}: {part}: {out}");
        }
    }
    let (code, out, err) = run(&[&TWO[..], &APP, &EXTRA, &KEY, &["--reveal"]].concat());
    assert!(code == 0 && err.is_empty(), "{code} {err}");
    for part in ["?t=app-canary\n", "x-app: app-canary\n", "x-extra: extra-canary\n", "x-both: Basic YXBw"] {
        assert!(out.contains(part), "{part}: {out}");
    }
}

#[test]
fn an_error_shows_no_value_of_a_secret_field() {
    for (arguments, said) in [
        (&["two", "GET", "/x", "--config", "appToken=CANARY1"][..], "`appToken`"),
        (&["open", "GET", "/x", "--config", "place=canary"], "`place`"),
        (&["open", "GET", "/x", "--config", "place=https://canary.example.com/?a=b"], ""),
        (&["open", "GET", "/canary/../x", "--config", "place=https://canary.example.com"], ""),
    ] {
        let (_, out, err) = run(arguments);
        assert!(err.contains(said), "{arguments:?}: {err}");
        assert!(
            !format!("{out}{err}").replace("/canary/", "").to_lowercase().contains("canary"),
            "{arguments:?}: {out}{err}"
        );
    }
    let (code, out, err) = run(&["open", "GET", "/x"]);
    assert!(code == 0 && out.starts_with("GET https://<place>/x\n"), "{code} {out}{err}");
}
