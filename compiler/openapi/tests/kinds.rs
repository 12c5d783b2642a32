//! Vendors' documents against the letter of the specification, and what is written all the same.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::select::Selection;
use keyway_openapi::{Imported, Options, import, read};

/// The import of all operations of a document.
fn imported(document: &str) -> Imported {
    let document = read::read("d.yaml", document.to_owned(), &|_| Err("there is no such file".to_owned())).unwrap();
    let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
    let mut options = Options::new(selection, "T");
    options.depth = 2;
    import(&document, &TargetEntry::any(), &options).unwrap()
}

/// A document of OpenAPI 3 with one operation, whose path item is this text.
fn of_path(path: &str, item: &str) -> Imported {
    imported(&format!("openapi: 3.0.0\nservers: [{{url: 'https://a.example'}}]\npaths:\n  '{path}': {item}\n"))
}

const OK: &str = "responses: {'200': {description: it, content: {application/json: {schema: {type: integer}}}}}";

#[test]
fn a_path_with_a_query_takes_its_values_as_parameters() {
    let path = "[{name: id, in: path, schema: {type: integer}}, {name: 'q', in: path, schema: {type: number}}]";
    for (written, expected) in [
        ("/a?x=1&y=2", "#[get(\"/a?x=1&y=2\")]\n    fn get_a_x_1_y_2(&self) -> i64;"),
        (
            "/a/{id}?find={q}",
            "#[get(\"/a/{id}\")]\n    fn get_a_id_find_q(&self, id: i64, #[query(\"find\")] find: f64)",
        ),
        ("/a?k=1&who={no one}", "#[get(\"/a?k=1\")]\n    fn get_a_k_1_who_no_one(&self, #[query(\"who\")] who: &str)"),
        ("/a/{Device ID}", "#[get(\"/a/{device_id}\")]\n    fn get_a_device_id(&self, device_id: &str)"),
        ("/a//b/", "#[get(\"/a//b/\")]"),
        ("//a", "#[get(\"/a\")]"),
    ] {
        let code = of_path(written, &format!("{{get: {{parameters: {path}, {OK}}}}}")).code;
        assert!(code.contains(expected), "{written}: {code}");
    }
    for written in ["/a/../b", "/a?x={q}y", "/a?{q}=1", "/a}", "/{a", "/a b"] {
        let refused = of_path(written, &format!("{{get: {{{OK}}}}}")).refused;
        assert_eq!(refused[0].1, "a path that cannot be sent", "{written}");
    }
}

#[test]
fn a_server_whose_variable_has_a_slash_of_its_own_has_one_slash() {
    let servers = "servers: [{url: 'https://a.example/{base}', variables: {base: {default: /api/v1}}}]";
    let code = imported(&format!("openapi: 3.0.0\n{servers}\npaths:\n  /x: {{get: {{{OK}}}}}\n")).code;
    assert!(code.contains("#[get(\"/api/v1/x\")]"), "{code}");
}

#[test]
fn get_and_head_have_no_body() {
    let body = |required: bool| {
        let content = "content: {application/json: {schema: {properties: {a: {type: string}}}}}";
        format!("requestBody: {{required: {required}, {content}}}, {OK}")
    };
    let imported = of_path("/x", &format!("{{get: {{{}}}, head: {{{}}}}}", body(false), body(false)));
    assert!(imported.code.contains("fn get_x(&self) -> i64;"), "{}", imported.code);
    assert!(imported.code.contains("fn head_x(&self);"), "{}", imported.code);
    let rules: Vec<&str> = imported.findings.iter().map(|finding| finding.rule.name()).collect();
    assert_eq!(rules, ["parameter-left-out", "parameter-left-out"]);
    let refused = of_path("/x", &format!("{{get: {{{}}}, delete: {{{}}}}}", body(true), body(true))).refused;
    assert_eq!(refused, [("get_x".to_owned(), "a GET with a body".to_owned())]);
}

#[test]
fn answers_are_files_text_or_json_by_what_is_said_anywhere() {
    let answer = |content: &str| {
        let item =
            format!("{{post: {{operationId: x, responses: {{'200': {{description: it, content: {content}}}}}}}}}");
        let code = of_path("/x", &item).code;
        code.lines().find(|line| line.contains("fn x(")).unwrap().trim().to_owned()
    };
    for (content, expected) in [
        ("{application/json: {schema: {type: string, format: binary}}}", "fn x(&self) -> keyway::Bytes;"),
        ("{application/json: {schema: {type: object, format: file}}}", "fn x(&self) -> keyway::Bytes;"),
        ("{application/json: {schema: {type: integer, format: int64}}}", "fn x(&self) -> i64;"),
        ("{'': {schema: {type: integer}}}", "fn x(&self) -> i64;"),
        ("{'applicationjson;version=1': {schema: {type: integer}}}", "fn x(&self) -> i64;"),
        ("{text/csv: {schema: {type: string}}}", "fn x(&self) -> String;"),
        ("{application/xml: {schema: {type: object}}}", "fn x(&self) -> String;"),
        ("{application/xml: {}, application/json: {schema: {type: integer}}}", "fn x(&self) -> i64;"),
    ] {
        assert_eq!(answer(content), expected, "{content}");
    }
}

#[test]
fn a_name_that_is_the_runtimes_gets_another_one() {
    let schema = |name: &str| {
        let content = format!("{{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}");
        let item =
            format!("{{get: {{operationId: x, responses: {{'200': {{description: it, content: {content}}}}}}}}}");
        let schemas = format!("components: {{schemas: {{{name}: {{properties: {{a: {{type: string}}}}}}}}}}");
        imported(&format!("openapi: 3.0.0\npaths:\n  /x: {item}\n{schemas}\n")).code
    };
    for name in ["Response", "Download", "Pages", "Answer", "String", "Bytes"] {
        let code = schema(name);
        assert!(code.contains(&format!("fn x(&self) -> {name}Type;")), "{code}");
    }
}

#[test]
fn parameters_with_unusual_names_are_sent_and_documents_as_text() {
    let parameters = "[{name: WM_SEC.TOKEN, in: header, required: true, schema: {type: string}}, \
                      {name: filter, in: query, required: true, content: {application/json: {}}}, \
                      {name: more, in: query, content: {application/json: {}}}]";
    let imported = of_path("/x", &format!("{{get: {{operationId: x, parameters: {parameters}, {OK}}}}}"));
    let expected = "fn x(&self, #[header(\"wm_sec.token\")] wm_sec_token: &str, #[query] filter: &str) -> i64;";
    assert!(imported.code.contains(expected), "{}", imported.code);
    let rules: Vec<&str> = imported.findings.iter().map(|finding| finding.rule.name()).collect();
    assert_eq!(rules, ["document-as-text", "parameter-left-out"]);
}

/// The first line of the trait's method, and the struct that follows, without the rules of serde.
fn answer_of(document: &str) -> String {
    let code = imported(document).code;
    let lines = code.lines().filter(|line| line.contains("fn x(") || line.starts_with("    pub "));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn examples_widen_types_wherever_they_stand() {
    let swagger = |schema: &str, examples: &str| {
        let responses = format!("{{'200': {{description: it, schema: {schema}, examples: {examples}}}}}");
        format!("swagger: '2.0'\npaths:\n  /x:\n    get: {{operationId: x, responses: {responses}}}\n")
    };
    let three = |media: &str| {
        let responses = format!("{{'200': {{description: it, content: {{application/json: {media}}}}}}}");
        let more = "components: {examples: {E: {value: {a: 'one'}}}}";
        format!("openapi: 3.1.0\npaths:\n  /x:\n    get: {{operationId: x, responses: {responses}}}\n{more}\n")
    };
    let schema = "{type: object, properties: {a: {type: integer}}}";
    let any = "fn x(&self) -> XAnswer; pub a: Option<serde_json::Value>,";
    for (document, expected) in [
        (swagger(schema, "{application/json: {a: 1}}"), "fn x(&self) -> XAnswer; pub a: Option<i64>,"),
        (swagger(schema, "{application/json: {a: 'one'}}"), any),
        (swagger(schema, "{application/json: [{a: 1}]}"), "fn x(&self) -> serde_json::Value;"),
        (swagger(schema, "{application/json: 'it'}"), "fn x(&self) -> XAnswer; pub a: Option<i64>,"),
        (swagger(schema, "{text/plain: [1]}"), "fn x(&self) -> XAnswer; pub a: Option<i64>,"),
        (three(&format!("{{schema: {schema}, example: {{$ref: '#/components/examples/E/value'}}}}")), any),
        (three("{schema: {type: object, properties: {a: {type: integer}}, examples: [{a: 'one'}]}}"), any),
        (three(&format!("{{schema: {schema}, example: '{{\"a\": \"one\"}}'}}")), any),
    ] {
        assert_eq!(answer_of(&document), expected, "{document}");
    }
}

#[test]
fn yaml_that_others_write_is_read() {
    let document = "\
%YAML 1.2
---
openapi: 3.0.0
x-ok: &ok {application/json: {schema: !!map {type: integer, type: string}}}
x-more: &more {operationId: other, responses: {'200': {description: it, content: *ok}}}
paths:
  /x:
    get:
      <<: [*more, {operationId: never}]
      operationId: x
  /y: {get: {<<: *more}}
";
    let code = imported(document).code;
    for expected in ["fn x(&self) -> i64;", "fn other(&self) -> i64;"] {
        assert!(code.contains(expected), "{expected} is not in\n{code}");
    }
}
