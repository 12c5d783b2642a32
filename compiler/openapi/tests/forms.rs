//! Forms that are sent in parts: what each of their fields is in Rust.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::report::Rule;
use keyway_openapi::select::Selection;
use keyway_openapi::{Imported, Options, import, read};

/// The import of `put` of a document whose form is the text.
fn imported(version: &str, form: &str) -> Imported {
    let document = format!(
        "{version}\n\
         paths:\n  /a:\n    put:\n      operationId: put\n      responses: {{'204': {{description: done}}}}\n{form}"
    );
    let document = read::read("d.yaml", document, &|_| Err("there is no such file".to_owned())).unwrap();
    let selection = Selection { only: vec!["put".to_owned()], ..Selection::default() };
    import(&document, &TargetEntry::any(), &Options::new(selection, "T")).unwrap()
}

const OPENAPI: &str = "openapi: 3.1.0\nservers: [{url: 'https://a.example'}]";

/// One property of a form: its schema, and what follows the schema.
fn of_property(schema: &str, encoding: &str) -> Imported {
    imported(
        OPENAPI,
        &format!(
            "      requestBody:\n        content:\n          multipart/form-data:\n            encoding: {encoding}\n            \
             schema: {{type: object, properties: {{a: {schema}}}}}\n"
        ),
    )
}

#[test]
fn a_part_is_a_text_or_a_file() {
    for (schema, expected) in [
        ("{type: string}", "String"),
        ("{type: integer}", "i64"),
        ("{type: boolean}", "bool"),
        ("{type: [string, 'null']}", "String"),
        ("{type: string, enum: [x, y]}", "PutBodyA"),
        ("{type: string, format: binary}", "keyway::Part"),
        ("{type: string, contentMediaType: image/png}", "keyway::Part"),
        ("{type: string, contentMediaType: image/png, contentEncoding: base64}", "String"),
        ("{}", "keyway::Part"),
        ("{type: array, items: {type: string}}", "Vec<String>"),
        ("{type: array, items: {type: string, format: binary}}", "Vec<keyway::Part>"),
        ("{type: array, items: {}}", "Vec<keyway::Part>"),
        ("{type: array, items: {type: array, items: {type: string}}}", "Vec<keyway::Part>"),
        ("{type: object, properties: {b: {type: string}}}", "keyway::Part"),
        ("{oneOf: [{type: string}, {type: integer}]}", "keyway::Part"),
    ] {
        let code = of_property(schema, "{}").code;
        let field = format!("    pub a: Option<{expected}>,\n");
        assert!(code.contains(&field), "{schema}: no {field} in\n{code}");
        assert!(code.contains("#[body(multipart)] body: &PutBody"), "{schema}\n{code}");
    }
    let noted = of_property("{type: object, properties: {b: {type: string}}}", "{}").findings;
    assert_eq!(noted.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::RawPart]);
}

#[test]
fn a_part_with_a_media_type_of_its_own_is_made_by_the_caller() {
    for (encoding, expected) in [
        ("{a: {contentType: application/json}}", "keyway::Part"),
        ("{a: {contentType: 'text/plain; charset=utf-8'}}", "String"),
        ("{b: {contentType: application/json}}", "String"),
    ] {
        let code = of_property("{type: string}", encoding).code;
        assert!(code.contains(&format!("    pub a: Option<{expected}>,\n")), "{encoding}\n{code}");
    }
}

#[test]
fn a_required_part_is_no_option_and_one_that_only_answers_have_is_left_out() {
    let schema = "{type: object, required: [a, b, c], properties: {a: {type: string, format: binary}, b: {type: string}, \
                  c: {type: string, readOnly: true}}}";
    let code =
        imported(OPENAPI, &format!("      requestBody: {{content: {{multipart/form-data: {{schema: {schema}}}}}}}\n"))
            .code;
    assert!(code.contains("    pub a: keyway::Part,\n    pub b: String,\n}"), "{code}");
}

#[test]
fn files_of_an_older_document_are_parameters() {
    let code = imported(
        "swagger: '2.0'\nhost: a.example",
        "      consumes: [multipart/form-data]\n      parameters:\n      - {in: formData, name: file, type: file, required: true}\n      \
         - {in: formData, name: title, type: string}\n",
    )
    .code;
    assert!(code.contains("    pub file: keyway::Part,\n"), "{code}");
    assert!(code.contains("    pub title: Option<String>,\n"), "{code}");
}

#[test]
fn a_form_that_names_no_parts_is_put_together_by_the_caller() {
    for schema in ["{type: object}", "{oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}"]
    {
        let form = format!("      requestBody: {{content: {{multipart/form-data: {{schema: {schema}}}}}}}\n");
        let code = imported(OPENAPI, &form).code;
        assert!(code.contains("#[body(multipart)] body: keyway::Multipart"), "{code}");
    }
}
