//! The look of rendered findings.

use super::text::Style;
use super::{github, json, sarif, text};
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

const TOOL: sarif::Tool<'_> = sarif::Tool { name: "keyway", version: "1.2.3", uri: "https://keyway.example" };

#[test]
fn sarif_is_one_document_with_rules_places_and_fixes() {
    let sources = sources(ACME);
    let edits = vec![Edit { span: at(&sources, "subdomian"), replacement: "subdomain".to_owned() }];
    let fixed = typo(&sources).fix(Fix { title: "correct the name".to_owned(), edits });
    let warning = Diagnostic::new(&WARNING, "something about `x`", at(&sources, "a/b"));
    insta::assert_snapshot!(sarif::render(&[fixed, warning, typo(&sources)], &sources, TOOL));
}

#[test]
fn sarif_writes_file_names_as_uri_references() {
    for (name, expected) in [
        ("apis/my file.yaml", "apis/my%20file.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("/tmp/ü.yaml", "file:///tmp/%C3%BC.yaml"),
        ("apis\\x.yaml", "apis/x.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ] {
        let mut sources = Sources::default();
        let file = sources.add(name, "a: 1\n");
        let text = sarif::render(&[Diagnostic::new(&RULE, "m", Span::new(file, 0, 1))], &sources, TOOL);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let location = &value["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], expected);
    }
}

#[test]
fn sarif_of_nothing_has_an_empty_list_of_results() {
    let value: serde_json::Value = serde_json::from_str(&sarif::render(&[], &Sources::default(), TOOL)).unwrap();
    assert_eq!(value["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn github_escapes_what_would_end_a_command() {
    let mut sources = Sources::default();
    let file = sources.add("a,b:c%.yaml", "acme:\n  x: 1\n");
    let one = Diagnostic::new(&WARNING, "100 %\nof `x`", Span::new(file, 8, 9)).label("here").help("a\r\nb");
    assert_eq!(
        github::render(&one, &sources),
        "::warning file=a%2Cb%3Ac%25.yaml,line=2,col=3,endColumn=4,title=some-warning (KW0202)\
         ::100 %25%0Aof `x`: here%0Ahelp: a%0D%0Ab"
    );
    let two = Diagnostic::new(&RULE, "m", Span::new(file, 0, 9));
    let expected = "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=undeclared-template-variable (KW0201)::m";
    assert_eq!(github::render(&two, &sources), expected);
    let nowhere = Diagnostic::new(&RULE, "m", Span::new(FileId(9), 0, 1));
    assert_eq!(github::render(&nowhere, &sources), "::error title=undeclared-template-variable (KW0201)::m");
}

#[test]
fn keys_in_shown_lines_are_stars() {
    let text = "a: {example: ghp_q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa9Z1oXi, title: T}\ncode: 'p4ssw0rd' # why\n";
    let sources = sources(text);
    // Of a finding beside it, and of one about a secret that nothing but its field makes one.
    let near = Diagnostic::new(&WARNING, "odd", at(&sources, "title"));
    let shown = text::render(&near, &sources, Style::Plain);
    assert!(shown.contains("example: ghp_****") && !shown.contains("q8Rz"), "{shown}");
    let secret = Diagnostic::new(&WARNING, "odd", at(&sources, "'p4ssw0rd'")).secret();
    let shown = text::render(&secret, &sources, Style::Plain);
    assert!(shown.contains("code: ********** # why") && !shown.contains("p4ss"), "{shown}");
    let fixed = near.fix(Fix::write(at(&sources, "title"), "name"));
    assert!(!text::render(&fixed, &sources, Style::Colour).contains("q8Rz"));
}
