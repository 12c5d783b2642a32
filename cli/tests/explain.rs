//! `keyway rules` and `keyway explain` as processes.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use std::path::Path;

fn run(arguments: &[&str]) -> (i32, String, String) {
    process::run(Path::new("."), arguments)
}

#[test]
fn every_rule_is_listed_with_code_severity_name_and_summary() {
    let (code, out, err) = run(&["rules"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.lines().count() > 90, "{out}");
    assert!(out.lines().all(|line| line.starts_with("KW") && line.contains("  Checks for ")), "{out}");
    let unbounded = out.lines().find(|line| line.starts_with("KW0321")).unwrap();
    assert!(unbounded.starts_with("KW0321  error    unbounded-host "), "{unbounded}");

    let (code, json, _) = run(&["rules", "--format", "json"]);
    let rules: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, rules.len()), (0, out.lines().count()));
    let keys: Vec<&String> = rules[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["code", "name", "severity", "summary"]);
}

#[test]
fn a_rule_is_explained_by_name_and_by_code() {
    let (code, out, err) = run(&["explain", "yaml-syntax"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("yaml-syntax (KW0001, error)\n\nChecks for text that is not YAML 1.2.\n"), "{out}");
    assert!(out.contains("This fails:\n\n    acme:\n") && out.contains("Mended:\n\n    acme:\n"), "{out}");
    assert_eq!(run(&["explain", "KW0001"]).1, out);
}

#[test]
fn a_key_is_explained_by_path_and_by_name() {
    for (name, begins, contains) in [
        (
            "proxy.retry.at",
            "proxy.retry.at\n\n  Headers that hold the instant to wait for: a date, or",
            "stands in  `proxy.retry`\n",
        ),
        ("token_url", "token_url\n\n", "\nAlso: additional_steps[].token_url\n"),
        ("auth_mode", "auth_mode\n\n", "    OAUTH2_CC  OAuth 2.0 client credentials (RFC 6749 section 4.4).\n"),
        ("doc_section", "`doc_section` stands in 4 places; name one for more:\n", "  credentials.*.doc_section\n"),
        ("connection_config.enum", "connection_config.*.enum\n\n", "stands in  each member of `connection_config`\n"),
        ("decode_url", "decode_url\n\n  Nothing reads it.\n", "read by    nothing\n"),
    ] {
        let (code, out, err) = run(&["explain", name]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert!(out.starts_with(begins) && out.contains(contains), "{name}: {out}");
    }
}

#[test]
fn a_mode_is_explained_with_its_keys_and_an_entry() {
    for (name, summary, contains) in [
        ("API_KEY", "auth_mode: API_KEY\n\n  ", "It reads the keys of every entry and none of its own."),
        ("TWO_STEP", "auth_mode: TWO_STEP\n\n  ", "    token_url "),
        ("OAUTH2", "auth_mode: OAUTH2\n\n  ", "    authorization_url "),
    ] {
        let (code, out, err) = run(&["explain", name]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert!(out.starts_with(summary) && out.contains(contains), "{name}: {out}");
        assert!(out.contains(&format!("    auth_mode: {name}\n")), "{name} has an example: {out}");
    }
}

#[test]
fn an_unknown_name_gets_the_nearest_one_and_exit_code_2() {
    for (name, said) in [
        ("OAUTH", "did you mean `OAUTH2`?"),
        ("two_step", "did you mean `TWO_STEP`?"),
        ("unbound-host", "did you mean `unbounded-host`?"),
        ("tokn_url", "did you mean `token_url`?"),
        ("proxy.retry.att", "did you mean `proxy.retry.at`?"),
        ("zebra", "`keyway rules` lists the rules; `keyway explain proxy` begins with a key"),
    ] {
        let (code, out, err) = run(&["explain", name]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}");
        assert_eq!(err, format!("error: there is no rule, no key and no mode `{name}`; {said}\n"));
    }
}
