//! `keyway simulate` and `keyway replay` as processes.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;
#[path = "../../tests/src/shared.rs"]
mod shared;

use process::run;
use serde_json::Value;
use std::fs;
use std::path::Path;

const CATALOGUE: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: OAUTH2
  authorization_url: https://acme.example/authorize
  token_url: https://acme.example/token
  refresh_params: {grant_type: refresh_token}
  proxy:
    base_url: https://api.acme.example
    paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, response_path: data}
odd:
  display_name: Odd
  docs: https://docs.odd.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings.}
  proxy:
    base_url: https://api.odd.example
    headers: {accept: application/json}
    verification: {method: GET, endpoints: [/ping]}
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    folder
}

#[test]
fn an_entry_is_walked_step_by_step_and_what_it_does_not_say_is_named() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["simulate", "acme"]);
    let steps: Vec<String> = out.lines().skip(1).map(|line| line[6..].split("  ").next().unwrap().to_owned()).collect();
    let expected = [
        "form",
        "page",
        "token",
        "read",
        "write",
        "pages",
        "limit",
        "renewal",
        "renewal at once",
        "refresh tokens",
        "end of the grant",
        "connecting again",
        "disconnecting",
    ];
    assert!(code == 0 && steps == expected && out.starts_with("acme (consistent)\n"), "{code}\n{out}{err}");
    assert!(out.contains("limit             not described  `proxy.retry`: no header says how long to wait"), "{out}");
    assert!(!out.contains("works"), "{out}");
}

#[test]
fn an_entry_that_contradicts_itself_fails_at_a_step() {
    let folder = folder();
    let (code, out, _) = run(folder.path(), &["simulate", "odd"]);
    assert!(code == 1 && out.contains("  failed  "), "{code}\n{out}");
    let (code, out, err) = run(folder.path(), &["simulate", "--all"]);
    assert!(code == 1 && out.starts_with("odd (consistent)\n") && !out.contains("acme"), "{out}");
    assert!(err.contains("consistent: 1 of 2 entries walk, 1 fail, 0 cannot be simulated"), "{err}");
    let (_, out, _) = run(folder.path(), &["simulate", "--all", "--format", "json"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() == 2 && lines[0]["provider"] == "acme" && lines[0]["steps"][0]["verdict"] == "walked", "{out}");
    let (code, _, err) = run(folder.path(), &["simulate", "acne"]);
    assert!(code == 2 && err.contains("did you mean `acme`?"), "{err}");
}

#[test]
fn an_entry_is_drawn_also_where_it_does_not_walk() {
    let folder = folder();
    for (key, code, part) in [("acme", 0, "POST /token"), ("odd", 1, "GET /ping")] {
        let (exit, out, err) = run(folder.path(), &["simulate", key, "--format", "svg"]);
        assert!(exit == code && out.starts_with("<svg ") && out.ends_with("</svg>\n"), "{exit}\n{out}{err}");
        assert!(out.contains(part) && out.contains("prefers-color-scheme"), "{out}");
    }
    for arguments in [&["simulate", "acme", "odd", "--format", "svg"][..], &["simulate", "--all", "--format", "svg"]] {
        let (code, out, err) = run(folder.path(), arguments);
        assert!(code == 2 && out.is_empty() && err.contains("a picture is of one provider"), "{out}{err}");
    }
}

/// The project's own catalogue.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn every_entry_of_the_catalogue_walks() {
    let (code, out, err) = run(root(), &["simulate", "--all"]);
    assert!(code == 0, "{out}{err}");
}

#[test]
fn nearly_every_entry_of_the_original_catalogue_walks() {
    let Some(catalogue) = shared::shared("corpus/nango-providers.yaml") else { return };
    let (_, out, err) = run(root(), &["simulate", "--all", "--catalogue", catalogue.to_str().unwrap()]);
    let (_, counts) = err.rsplit_once("consistent: ").unwrap();
    let walked: usize = counts.split(' ').next().unwrap().parse().unwrap();
    // 981 entries, of which two cannot be lowered. Those that do not walk are listed with the step and the reason.
    assert!(walked * 100 >= 981 * 95, "{err}");
    let listed = out.lines().filter(|line| line.ends_with(" (consistent)")).count();
    assert_eq!(walked + listed, 979, "{err}");
}

#[test]
fn every_sample_of_the_catalogue_is_read_as_it_is_meant() {
    let (code, out, err) = run(root(), &["replay"]);
    assert!(code == 0, "{out}{err}");
    // Every answer that an entry describes has a sample.
    let (code, out, err) = run(root(), &["replay", "--wanted"]);
    assert!(code == 0 && out.is_empty(), "{out}{err}");
}

#[test]
fn a_sample_that_is_not_read_or_cannot_be_is_told_with_its_file() {
    let folder = folder();
    let samples = folder.path().join("fixtures/acme");
    fs::create_dir_all(&samples).unwrap();
    let token =
        "# source: recorded\n# lifetime: 900\nHTTP/1.1 200 OK\n\n{\"access_token\": \"a\", \"expires_in\": 900000}\n";
    fs::write(samples.join("token.http"), token).unwrap();
    fs::write(samples.join("page.http"), "HTTP/1.1 200 OK\n\n[]\n").unwrap();
    let (code, out, err) = run(folder.path(), &["replay"]);
    assert!(code == 1 && out.contains("token.http  a token, it lasts 10 days 10 h\n"), "{out}{err}");
    assert!(out.contains("differs: the vendor's page says that the token lasts 15 min (900 s)"), "{out}");
    assert!(out.contains("page.http   cannot be read: line 1: nothing says where it is from"), "{out}");
    assert!(err.ends_with("recorded: 2 samples of 1 provider, 2 problems\n"), "{err}");
    let (_, out, _) = run(folder.path(), &["replay", "--format", "json"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["layer"] == "recorded" && lines[0]["problems"][0]["problem"] == "differs", "{out}");
    for (arguments, expected) in [
        ("replay odd", "`odd` has no samples: write one to `fixtures/odd/token.http`"),
        ("replay --samples nowhere", "there is no folder `nowhere`; name one with `--samples DIR`"),
    ] {
        let (code, _, err) = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(code == 2 && err.contains(expected), "{arguments}: {err}");
    }
}
