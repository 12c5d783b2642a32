//! Options of the text of types: comments, unknown members, dates.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::select::Selection;
use keyway_openapi::write::TypeStyle;
use keyway_openapi::{Options, import, read};

const DOCUMENT: &str = "\
openapi: 3.0.0
servers: [{url: 'https://a.example'}]
paths:
  /a:
    put:
      operationId: put
      summary: 'Puts an [A](x) into the <b>shelf</b>, with `a[0]` as it is.'
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/A'}, example: EXAMPLE}}}}
components:
  schemas:
    A:
      description: |
        First line
        of a paragraph.

            let not = code;
      required: [at]
      properties:
        at: {type: string, format: date-time, description: When. ```rust panic!()```}
        day: {type: string, format: date, nullable: true}
        other: {type: integer}
        days: {type: array, items: {type: string, format: date}}
";

fn written(style: TypeStyle, example: &str) -> String {
    let document = DOCUMENT.replace("EXAMPLE", example);
    let document = read::read("d.yaml", document, &|_| Err("there is no such file".to_owned())).unwrap();
    let selection = Selection { only: vec!["put".to_owned()], ..Selection::default() };
    let mut options = Options::new(selection, "T");
    options.depth = 2;
    options.style = style;
    import(&document, &TargetEntry::any(), &options).unwrap().code
}

#[track_caller]
fn holds(code: &str, parts: &[&str]) {
    for part in parts {
        assert!(code.contains(part), "{part}\nis not in\n{code}");
    }
}

#[test]
fn comments_are_copied_as_text_that_rustdoc_neither_runs_nor_links() {
    let code = written(TypeStyle { has_docs: true, ..TypeStyle::default() }, "{}");
    holds(
        &code,
        &[
            "    /// Puts an \\[A\\](x) into the \\<b>shelf\\</b>, with `a[0]` as it is.\n    ///\n    /// `put`\n    #[put(",
            "/// First line of a paragraph.\n#[derive(",
            "    /// When.\n    pub at: Option<String>,",
        ],
    );
    let plain = written(TypeStyle::default(), "{}");
    assert!(!plain.contains("Puts an") && !plain.contains("First line") && !plain.contains("When."), "{plain}");
}

#[test]
fn unknown_members_are_kept_in_answers() {
    let code = written(TypeStyle { keeps_unknown: true, ..TypeStyle::default() }, "{}");
    let kept = "    #[serde(flatten)]\n    pub other2: serde_json::Map<String, serde_json::Value>,\n}";
    assert_eq!(code.matches("flatten").count(), 1, "{code}");
    holds(&code, &["pub other: Option<i64>,", &kept.replace("other2", "other_2")]);
    assert!(!written(TypeStyle::default(), "{}").contains("flatten"));
}

#[test]
fn dates_are_types_where_no_example_contradicts() {
    let style = TypeStyle { has_dates: true, ..TypeStyle::default() };
    let instant =
        "    #[serde(default, with = \"time::serde::rfc3339::option\")]\n    pub at: Option<time::OffsetDateTime>,";
    let sent = "    /// Required.\n    #[serde(\n        default,\n        with = \"time::serde::rfc3339::option\",\n        \
                skip_serializing_if = \"Option::is_none\"\n    )]\n    pub at: Option<time::OffsetDateTime>,";
    let day = "    #[serde(default, with = \"iso_date::option\")]\n    pub day: Option<time::Date>,";
    let module = "time::serde::format_description!(iso_date, Date, \"[year]-[month]-[day]\");\n";
    let code = written(style, "{at: '2024-02-29T23:59:59.5+01:00', day: 2024-12-31}");
    holds(&code, &[instant, sent, day, module, "pub days: Option<Vec<String>>,"]);
    for (at, day) in [
        ("yesterday", "2023-02-29"),
        ("2024-01-01T00:00:00", "2024-1-1"),
        ("2024-01-01 00:00:00Z", "2024-13-01"),
        ("2024-01-01T24:00:00Z", "20240101"),
        ("2024-01-01T00:00:00.Z", "2024-04-31"),
        ("2024-01-01T00:00Z", "2100-02-29"),
    ] {
        let code = written(style, &format!("{{at: '{at}', day: '{day}'}}"));
        holds(&code, &["pub at: Option<String>,", "pub day: Option<String>,", sent]);
    }
    assert!(!written(TypeStyle::default(), "{}").contains("time::"));
}
