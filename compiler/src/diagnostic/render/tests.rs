//! What a finding looks like.

use super::text::Style;
use super::{json, text};
use crate::diagnostic::{Diagnostic, Edit, Fix, Rule};
use crate::source::{FileId, Sources, Span};
use std::fmt::Write;

static RULE: Rule = Rule::error("KW0201", "undeclared-template-variable");
static WARNING: Rule = Rule::warning("KW0202", "some-warning");

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add("providers.yaml", text);
    sources
}

/// The span of the first `part` in the first file.
fn at(sources: &Sources, part: &str) -> Span {
    let start = sources.get(FileId(0)).unwrap().text.find(part).unwrap();
    Span::new(FileId(0), start, start + part.len())
}

const ACME: &str = "\
acme:
    proxy:
        base_url: https://${connectionConfig.subdomian}.example.com
        headers:
            a/b: x
    connection_config:
        subdomain:
            type: string
";

fn typo(sources: &Sources) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        "unknown variable `connectionConfig.subdomian`",
        at(sources, "${connectionConfig.subdomian}"),
    )
    .label("not declared by `acme`")
    .secondary(at(sources, "connection_config"), "`acme` declares `subdomain` here")
    .help("did you mean `connectionConfig.subdomain`?")
    .at(&["acme".to_owned(), "proxy".to_owned(), "base_url".to_owned()])
}

#[test]
fn text_shows_both_labels_and_the_help() {
    let sources = sources(ACME);
    insta::assert_snapshot!(text::render(&typo(&sources), &sources, Style::Plain));
}

#[test]
fn text_shows_an_edit() {
    let sources = sources(ACME);
    let edits = vec![Edit { span: at(&sources, "subdomian"), replacement: "subdomain".to_owned() }];
    let mut found = typo(&sources).fix(Fix { title: "correct the name".to_owned(), edits });
    found.help = None;
    insta::assert_snapshot!(text::render(&found, &sources, Style::Plain));
}

#[test]
fn text_shows_a_far_label_in_a_snippet_of_its_own() {
    let mut text = "target:\n  x: 1\n".to_owned();
    for line in 0..500 {
        writeln!(text, "p{line}: {{}}").unwrap();
    }
    text.push_str("last:\n  alias: target\n");
    let sources = sources(&text);
    let found = Diagnostic::new(&WARNING, "something about `x`", at(&sources, "x: 1"))
        .secondary(at(&sources, "alias: target"), "also inherited by `last`");
    insta::assert_snapshot!(text::render(&found, &sources, Style::Plain));
}

#[test]
fn text_marks_the_first_line_of_a_long_span_and_survives_odd_ones() {
    let sources = sources("a:\r\n  ü: 1\r\n  c: 2\r\n");
    for (span, expected) in [
        (Span::new(FileId(0), 0, 20), "1 | a:\n  | ^^"),
        (Span::new(FileId(0), 6, 8), "2 |   ü: 1\n  |   ^"),
        (Span::new(FileId(0), 7, 8), "2 |   ü: 1\n  |   ^"),
        (Span::new(FileId(0), 500, 900), "providers.yaml:3:8"),
        (Span::new(FileId(9), 0, 1), "error[KW0201]: m"),
    ] {
        let rendered = text::render(&Diagnostic::new(&RULE, "m", span), &sources, Style::Plain);
        assert!(rendered.contains(expected), "{span:?}\n{rendered}");
    }
}

#[test]
fn text_names_the_place_of_a_line_that_nobody_can_read() {
    let sources = sources(&format!("a: [{}]\nb: 1\n", "x, ".repeat(10_000)));
    let rendered = text::render(&Diagnostic::new(&RULE, "m", at(&sources, "b")), &sources, Style::Plain);
    assert!(rendered.contains("providers.yaml:2:1") && rendered.len() < 200, "{rendered:.300}");
}

#[test]
fn colours_appear_only_when_asked_for() {
    let sources = sources(ACME);
    assert!(!text::render(&typo(&sources), &sources, Style::Plain).contains('\u{1b}'));
    assert!(text::render(&typo(&sources), &sources, Style::Colour).contains('\u{1b}'));
}

#[test]
fn escape_codes_of_the_file_do_not_reach_the_terminal() {
    let sources = sources("a: \u{1b}[31mred\n");
    let rendered = text::render(&Diagnostic::new(&RULE, "m", at(&sources, "a")), &sources, Style::Plain);
    assert!(!rendered.contains('\u{1b}'), "{rendered:?}");
}

#[test]
fn json_is_one_line_with_both_paths() {
    let sources = sources(ACME);
    let edits = vec![Edit { span: at(&sources, "subdomian"), replacement: "subdomain".to_owned() }];
    let found = typo(&sources)
        .fix(Fix { title: "correct the name".to_owned(), edits })
        .at(&["acme", "proxy", "headers", "a/b~c"].map(str::to_owned));
    let line = json::render(&found, &sources);
    assert!(!line.contains('\n'));
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn json_of_a_finding_without_a_place_has_nulls() {
    let found = Diagnostic::new(&RULE, "say \"no\"", Span::new(FileId(9), 0, 1));
    let value: serde_json::Value = serde_json::from_str(&json::render(&found, &Sources::default())).unwrap();
    assert_eq!(value["message"], "say \"no\"");
    assert!(value["file"].is_null() && value["span"].is_null() && value["provider"].is_null());
}
