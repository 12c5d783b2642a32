//! `keyway import openapi --as-endpoints` as a process: where the overlay goes, and the exit codes.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use std::fs;

const CATALOGUE: &str = "
shelf:
    display_name: Shelf
    docs: https://shelf.example
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: https://api.shelf.example/v1}
";

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Shelf, version: '1'}
servers: [{url: https://api.shelf.example/v1}]
paths:
  /books:
    get: {operationId: books/list, responses: {'200': {description: some}}}
    post:
      operationId: books/cover
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {'204': {description: done}}
";

#[test]
fn the_overlay_is_written_once_and_the_exit_code_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
    fs::write(folder.path().join("d.yaml"), DOCUMENT).unwrap();
    let import = |more: &[&str]| {
        let base = ["import", "openapi", "d.yaml", "--catalogue", "c.yaml", "--entry", "shelf", "--as-endpoints"];
        process::run(folder.path(), &[&base, more].concat())
    };
    let overlay = "shelf:\n  keyway:\n    endpoints:\n      books.list:\n        get: /books\n";
    let (code, out, err) = import(&["--only", "books/list"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, overlay, "1 endpoint\n"));
    fs::write(folder.path().join("ours.yaml"), "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n  - {target: \"$.paths['/gone']\", remove: true}\n")
        .unwrap();
    let (code, _, err) = import(&["--only", "books/list", "--overlay", "ours.yaml"]);
    assert!(code == 0 && err.contains("note[action-matches-nothing]: `$.paths['/gone']`"), "{err}");
    let (code, out, err) = import(&["--path", "/books"]);
    assert_eq!((code, out.as_str()), (1, overlay));
    assert!(err.contains("note[not-said]: `books/cover`: a body of several parts"), "{err}");
    assert!(err.ends_with("1 endpoint; 1 operation left out\n"), "{err}");
    let (code, out, err) = import(&["--only", "books/list", "-o", "o.yaml"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "wrote `o.yaml`\n1 endpoint\n"));
    assert_eq!(fs::read_to_string(folder.path().join("o.yaml")).unwrap(), overlay);
    for (more, code, said) in [
        (&["--only", "books/list", "-o", "o.yaml"][..], 2, "is there already; name another file"),
        (&["--only", "books/cover"], 1, "nothing is written"),
        (&[], 2, "name the operations to write"),
        (&["--only", "books/lsit"], 2, "did you mean `books/list`?"),
        (&["--only", "books/list", "--depth", "3"], 2, "cannot be used with"),
    ] {
        let (found, out, err) = import(more);
        assert!(found == code && out.is_empty() && err.contains(said), "{more:?}: {found} {out}{err}");
    }
    let request = ["request", "shelf", "books.list", "--catalogue", "c.yaml", "--overlay", "o.yaml"];
    let (_, out, err) = process::run(folder.path(), &request);
    assert!(out.starts_with("GET https://api.shelf.example/v1/books\n"), "{out}{err}");
}
