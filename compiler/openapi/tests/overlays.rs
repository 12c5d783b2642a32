//! Overlays: what each action does, where findings about it point, and what is refused.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::overlay::apply;
use keyway_openapi::read::{self, Documents};
use keyway_openapi::report::{Finding, printed};
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, import};

const DOCUMENT: &str = "\
openapi: 3.0.0
servers: [{url: 'https://a.example/v1'}]
paths:
  /a:
    get:
      operationId: a
      parameters:
        - {name: one, in: query, required: true, schema: {type: string}}
        - {name: two, in: query, required: true, schema: {type: string}}
        - {name: three, in: query, required: true, schema: {$ref: '#/components/schemas/Nowhere'}}
      responses: {'200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
  /b/{id}:
    get: {operationId: b, responses: {'204': {description: done}}}
components:
  schemas:
    A: {properties: {x: {type: string}, y: {$ref: '#/components/schemas/Lost'}}}
";

fn document() -> Documents {
    read::read("d.yaml", DOCUMENT.to_owned(), &|_| Err("there is no such file".to_owned())).unwrap()
}

/// The document with the actions of an overlay carried out.
fn changed(version: &str, actions: &str) -> Result<(Documents, Vec<Finding>), String> {
    let mut documents = document();
    let text = format!("overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
    let findings = apply(&mut documents, "o.yaml", text, &|_| Err("there is no such file".to_owned()))?;
    Ok((documents, findings))
}

/// The code that is written for everything, and the findings as they are printed.
fn written(documents: &Documents) -> (String, Vec<String>) {
    let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
    let mut options = Options::new(selection, "T");
    options.depth = 2;
    let imported = import(documents, &TargetEntry::any(), &options).unwrap();
    let shown = printed(documents, &imported.findings);
    let places = shown.iter().map(|one| one.to_string().lines().nth(1).unwrap_or_default().trim().to_owned());
    (imported.code, places.collect())
}

#[test]
fn actions_update_remove_and_copy() {
    let a = "fn get_b_id(\n        &self,\n        id: &str,\n        #[query] one: &str,";
    for (version, actions, there, gone) in [
        ("1.0.0", "  - {target: $, update: {servers: [{url: 'https://b.example'}]}}", "#[get(\"/v1/a\")]", "-"),
        ("1.0.0", "  - {target: '$.paths[\"/a\"].get', update: {operationId: renamed}}", "fn renamed(", "fn a("),
        ("1.0.0", "  - {target: '$.paths.*.get', update: {externalDocs: {url: 'https://x.example'}}}", "docs(", "-"),
        ("1.0.0", "  - {target: \"$.paths['/b/{id}']\", remove: true}", "fn a(", "fn b("),
        ("1.0.0", "  - {target: \"$..parameters[?(@.name == 'one')]\", remove: true}", "two: &str", "one: &str"),
        ("1.0.0", "  - {target: '$..parameters[0,2]', remove: true, update: {name: x}}", "two: &str", "one: &str"),
        ("1.0.0", "  - {target: '$..parameters', update: {name: four, in: query, required: true}}", "four: &str", "-"),
        (
            "1.0.0",
            "  - {target: $.components.schemas.A.properties, update: {x: {type: integer}}}",
            "x: Option<i64>",
            "-",
        ),
        ("1.1.0", "  - {target: $.components.schemas.A.properties.x.type, update: integer}", "x: Option<i64>", "-"),
        ("1.1.0", "  - {target: \"$.paths['/b/{id}'].get\", copy: \"$.paths['/a'].get\"}", a, "-"),
        (
            "1.1.0",
            "  - {target: $.paths, update: {/c: {}}}\n  - {target: \"$.paths['/c']\", copy: \"$.paths['/a']\"}",
            "/v1/c",
            "-",
        ),
    ] {
        let (documents, findings) = changed(version, &format!("{actions}\n")).unwrap();
        let code = written(&documents).0;
        assert!(code.contains(there) && (gone == "-" || !code.contains(gone)), "{actions}:\n{code}");
        assert_eq!(findings, [], "{actions}");
    }
}

#[test]
fn findings_point_where_it_is_written() {
    for (actions, expected) in [
        ("  - {target: $.info, remove: true}", "d.yaml:10 #/paths/~1a/get/parameters/2/schema"),
        // One before it is gone, and it still stands where it stood.
        ("  - {target: '$..parameters[0]', remove: true}", "d.yaml:10 #/paths/~1a/get/parameters/2/schema"),
        // What the overlay brings stands there.
        (
            "  - target: $.components.schemas.A.properties\n    update:\n      z: {$ref: '#/components/schemas/None'}",
            "o.yaml:6 #/actions/0/update/z",
        ),
        (
            "  - target: $..parameters\n    update:\n      - {name: e, in: query, schema: {$ref: '#/components/None'}}",
            "o.yaml:6 #/actions/0/update/0/schema",
        ),
        // A copy stands where its original does.
        (
            "  - {target: \"$.paths['/b/{id}']\", copy: \"$.paths['/a']\"}",
            "d.yaml:10 #/paths/~1a/get/parameters/2/schema",
        ),
    ] {
        let (documents, _) = changed("1.1.0", &format!("{actions}\n")).unwrap();
        let places = written(&documents).1;
        assert!(places.contains(&format!("--> {expected}")), "{actions}: {places:#?}");
    }
}

#[test]
fn an_action_that_matches_nothing_is_a_note() {
    let (documents, findings) = changed("1.0.0", "  - {target: $.nowhere, update: {a: 1}}\n").unwrap();
    let shown: Vec<String> = printed(&documents, &findings).iter().map(ToString::to_string).collect();
    let expected = "note[action-matches-nothing]: `$.nowhere` matches nothing in the document\n  --> o.yaml:4 \
                    #/actions/0/target\n  = remove it, or correct its `target`: the document may have changed";
    assert_eq!(shown, [expected]);
}

#[test]
fn what_is_no_overlay_says_so() {
    for (version, actions, expected) in [
        ("2.0.0", "  []", "`o.yaml` is not an overlay: it begins with `overlay: 1.0.0`, or 1.1.0"),
        ("1.0.0", "  {}", "`o.yaml` has no list of `actions`, or more than 10000"),
        ("1.0.0", "  - {update: {}}", "`o.yaml`, action 1: it has no `target`"),
        ("1.0.0", "  - {target: $}", "`o.yaml`, action 1: it has no `update`, no `copy` and no `remove: true`"),
        (
            "1.1.0",
            "  - {target: $, copy: $.paths.*}",
            "`o.yaml`, action 1: `copy: $.paths.*` matches 2 values and copies one",
        ),
    ] {
        assert_eq!(changed(version, &format!("{actions}\n")).unwrap_err(), expected);
    }
    let error = changed("1.0.0", "  - {target: paths, remove: true}\n").unwrap_err();
    assert!(error.starts_with("`o.yaml`, action 1: `paths` is no JSONPath (RFC 9535): "), "{error}");
    // Each copy is as large, and as deep, as everything before it.
    let copies = "  - {target: $, update: {x: {}}}\n".to_owned() + &"  - {target: $.x, copy: $}\n".repeat(60);
    let error = changed("1.1.0", &copies).unwrap_err();
    assert!(error.contains("levels of nesting") || error.contains("values"), "{error}");
}
