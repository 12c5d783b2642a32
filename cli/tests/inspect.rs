//! `keyway check --hosts` and `keyway inspect` as processes.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use process::run;

const CATALOGUE: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings.}
  connection_config:
    subdomain: {type: string, title: Subdomain, description: Its name., pattern: '^[a-z]+$'}
  proxy:
    base_url: https://${connectionConfig.subdomain}.acme.com/v1
    headers: {x-key: '${apiKey}', x-version: '1.10'}
    verification: {method: GET, endpoints: [/me]}
acme-sandbox:
  alias: acme
  display_name: 'true'
plain:
  display_name: Plain
  docs: https://docs.plain.example
  categories: [other]
  auth_mode: NONE
";
const OVERLAY: &str = "acme:\n  proxy:\n    query: {beta: 'true'}\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    std::fs::write(folder.path().join("over.yaml"), OVERLAY).unwrap();
    folder
}

#[test]
fn hosts_lists_where_every_url_can_lead_and_counts_them() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["check", "--hosts"]);
    let expected = "\
acme          api        confined  *.acme.com  proxy.base_url
acme-sandbox  api        confined  *.acme.com  proxy.base_url
plain         api        none        only hosts that the operator allows
";
    assert_eq!((code, out.as_str(), err.as_str()), (0, expected, "3 entries; api: 2 confined, 1 none\n"));

    let (_, out, _) = run(folder.path(), &["check", "--hosts", "--format", "json", "--provider", "acme"]);
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    let expected = serde_json::json!({
        "provider": "acme", "use": "api", "class": "confined", "hosts": ["*.acme.com"],
        "path": "proxy.base_url", "url": "https://${connectionConfig.subdomain}.acme.com/v1",
    });
    assert_eq!(row, expected);
}

#[test]
fn a_resolved_entry_says_who_wrote_what_and_reads_back_the_same() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["inspect", "acme-sandbox", "--overlay", "over.yaml"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for line in [
        "acme-sandbox: # an alias of `acme`",
        "  display_name: 'true'",
        "  auth_mode: API_KEY # from `acme`, providers.yaml:5",
        "  proxy: # from `acme`, providers.yaml:10",
        "    base_url: https://${connectionConfig.subdomain}.acme.com/v1",
        "      x-version: '1.10'",
    ] {
        assert!(out.lines().any(|shown| shown == line), "`{line}` is not in\n{out}");
    }
    let shown: serde_json::Value = serde_yaml::from_str(&out).unwrap();
    let mut expected: serde_json::Value = serde_yaml::from_str::<serde_json::Value>(CATALOGUE).unwrap()["acme"].take();
    expected["display_name"] = "true".into();
    expected["proxy"]["query"] = serde_json::json!({"beta": "true"});
    assert_eq!(shown["acme-sandbox"], expected);
}

#[test]
fn what_an_overlay_adds_is_said_in_the_entry_it_is_laid_over() {
    let (_, out, _) = run(folder().path(), &["inspect", "acme", "--overlay", "over.yaml"]);
    assert!(out.contains("    query: # laid over it, over.yaml:3\n      beta: 'true'\n"), "{out}");
}

#[test]
fn templates_are_shown_with_the_meaning_and_the_place_of_each_name() {
    let (code, out, _) = run(folder().path(), &["inspect", "acme", "--stage", "template"]);
    let expected = "\
proxy.base_url: https://${connectionConfig.subdomain}.acme.com/v1
    text \"https://\"
    `subdomain` of ConnectionConfig, labels of the host
    text \".acme.com/v1\"
";
    assert_eq!(code, 0);
    assert!(out.starts_with(expected), "{out}");
    assert!(out.contains("proxy.headers.x-version: 1.10\n"), "{out}");
}

#[test]
fn the_spec_is_the_rust_that_build_writes() {
    let folder = folder();
    let (code, out, _) = run(folder.path(), &["inspect", "acme", "--stage", "spec"]);
    assert_eq!(run(folder.path(), &["build", "--out", "made"]).0, 0);
    assert_eq!((code, out), (0, std::fs::read_to_string(folder.path().join("made/acme.rs")).unwrap()));
}

#[test]
fn what_cannot_be_shown_is_said() {
    let folder = folder();
    let (code, _, err) = run(folder.path(), &["inspect", "acmee"]);
    assert_eq!((code, err.as_str()), (2, "error: the file has no provider `acmee`; did you mean `acme`?\n"));
    std::fs::write(folder.path().join("bad.yaml"), CATALOGUE.replace("${apiKey}", "${apiKy}")).unwrap();
    let (code, out, err) = run(folder.path(), &["inspect", "acme", "--stage", "spec", "--catalogue", "bad.yaml"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[KW0202]") && err.ends_with("an error keeps the entry from this stage\n"), "{err}");
    let (code, _, err) = run(folder.path(), &["inspect", "acme", "--catalogue", "gone.yaml"]);
    let told = "error: there is no file `gone.yaml`; name one with `--catalogue FILE`, or `-` for standard input\n";
    assert_eq!((code, err.as_str()), (2, told));
}

#[test]
fn the_flow_of_an_entry_is_a_picture() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["inspect", "acme", "--stage", "flow"]);
    assert!(code == 0 && out.starts_with("<svg ") && out.ends_with("</svg>\n"), "{out}{err}");
    for expected in ["GET /me", "x-key: &#60;apiKey&#62;", "fills in the form", "*.acme.com"] {
        assert!(out.contains(expected), "`{expected}` is not in {out}");
    }
}
