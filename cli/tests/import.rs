//! `keyway import openapi` as a process.

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
  proxy:
    base_url: https://api.acme.com/v1
    headers: {x-key: '${apiKey}'}
    verification: {method: GET, endpoints: [/me]}
";
const DOCUMENT: &str = "\
openapi: 3.0.0
servers: [{url: https://api.acme.com/v1}]
security: [{oauth: []}]
paths:
  /me:
    get:
      operationId: me
      responses: {'200': {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}}
  /them:
    get: {operationId: them, responses: {'204': {}}}
  /feed:
    trace: {operationId: feed, responses: {'200': {content: {text/xml: {}}}}}
components: {securitySchemes: {oauth: {type: oauth2}}}
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("acme.yaml"), CATALOGUE).unwrap();
    std::fs::write(folder.path().join("doc.yaml"), DOCUMENT).unwrap();
    folder
}

/// `keyway import openapi doc.yaml` with more arguments.
fn import(folder: &std::path::Path, more: &[&str]) -> (i32, String, String) {
    let first = ["import", "openapi", "doc.yaml", "--catalogue", "acme.yaml", "--entry", "acme"];
    run(folder, &[&first, more].concat())
}

#[test]
fn operations_are_listed_with_what_keeps_them_from_being_written() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["import", "openapi", "doc.yaml", "--list"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "me    GET    /me\nthem  GET    /them\nfeed  TRACE  /feed   (cannot be written: method TRACE)\n");
    assert!(err.contains("3 operations: 2 whole, 0 with notes, 1 cannot be written (method TRACE 1)"), "{err}");
}

#[test]
fn a_file_is_written_once_then_updated_and_its_head_is_kept() {
    let folder = folder();
    let file = folder.path().join("src/people.rs");
    let (code, _, err) = import(folder.path(), &["--only", "me", "-o", "src/people.rs"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("note[security-not-covered]: it asks for `oauth`, which `acme` does not send"), "{err}");
    assert!(err.contains("1 operation, 1 type"), "{err}");
    let first = std::fs::read_to_string(&file).unwrap();
    for expected in
        ["use keyway_providers::acme;", "pub trait People {", "#[get(\"/me\")]", "fn me(&self) -> MeAnswer;"]
    {
        assert!(first.contains(expected), "{expected} is not in\n{first}");
    }
    // A file that is there is not written over by chance.
    let (code, _, err) = import(folder.path(), &["--only", "them", "-o", "src/people.rs"]);
    assert_eq!(code, 2);
    assert!(err.contains("`src/people.rs` is there already; `--update` writes it anew"), "{err}");
    let own = first.replace("use keyway_providers::acme;", "use mine::acme;");
    std::fs::write(&file, &own).unwrap();
    let (code, out, err) = import(folder.path(), &["-o", "src/people.rs", "--check"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    // The same operations from another document.
    std::fs::write(folder.path().join("doc.yaml"), DOCUMENT.replace("name: {type", "title: {type")).unwrap();
    let (code, out, _) = import(folder.path(), &["-o", "src/people.rs", "--check"]);
    assert_eq!(code, 1);
    assert!(out.contains("-    pub name: Option<String>,\n+    pub title: Option<String>,"), "{out}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), own);
    assert_eq!(import(folder.path(), &["-o", "src/people.rs", "--update"]).0, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), own.replace("pub name", "pub title"));
}

#[test]
fn a_wrong_call_says_what_to_do_next() {
    let folder = folder();
    std::fs::write(folder.path().join("mine.rs"), "fn main() {}\n").unwrap();
    for (more, code, expected) in [
        (
            &["-o", "x.rs"][..],
            2,
            "name the operations to write with `--only`, `--tag` or `--path`; `--list` shows them",
        ),
        (&["--only", "mee", "-o", "x.rs"], 2, "the document has no operation `mee`; did you mean `me`?"),
        (&["--only", "me", "-o", "mine.rs", "--update"], 2, "`mine.rs` has no marker"),
        (&["--only", "feed", "-o", "x.rs"], 1, "nothing is written"),
        (&["--only", "me", "--trait", "a b"], 2, "`a b` is no name of a trait; `AB` is"),
    ] {
        let (ended, _, err) = import(folder.path(), more);
        assert_eq!(ended, code, "{more:?}: {err}");
        assert!(err.contains(expected), "{more:?}: {err}");
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("mine.rs")).unwrap(), "fn main() {}\n");
    assert!(!folder.path().join("x.rs").exists());
}
