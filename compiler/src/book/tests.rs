//! The content of the pages. That the examples hold is tested where pages are written.

use super::*;
use crate::model::Mode;
use crate::pipeline::compile;
use crate::reference::{EXAMPLES, all_keys, all_rules};
use crate::source::Sources;

fn parts_of(text: &str) -> Vec<Part> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (checked, specs) = compile(&sources, file, &[]);
    parts(&specs, &checked.entries, &Samples::new())
}

fn page<'p>(parts: &'p [Part], folder: &str, file: &str) -> &'p str {
    let part = parts.iter().find(|part| part.folder == folder).unwrap();
    &part.pages.iter().find(|page| page.file == file).unwrap().text
}

#[test]
fn every_rule_every_mode_and_every_provider_has_a_page() {
    let parts = parts_of(EXAMPLES);
    for doc in all_rules().iter().filter(|doc| doc.page.is_some()) {
        let text = page(&parts, "rules", &format!("{}.md", doc.rule.name));
        assert!(text.starts_with(MARKER) && text.contains(&format!("`{}`", doc.rule.code)), "{text}");
    }
    for mode in Mode::ALL {
        let file = format!("mode-{}.md", mode.name().to_ascii_lowercase().replace('_', "-"));
        let text = page(&parts, "format", &file);
        assert!(text.contains("## Examples\n\n```yaml\n"), "{text}");
    }
    let with_sources = page(&parts, "providers", "globex.md");
    let source =
        "| `token_url` | <https://docs.globex.example/oauth#token> | 2026-11-20 | The page of the first version";
    assert!(with_sources.contains(source), "{with_sources}");
    let provider = page(&parts, "providers", "acme.md");
    assert!(!provider.contains("Where facts were read"), "{provider}");
    for expected in [
        "# Acme\n",
        "| api | confined | `*.acme-cloud.com` |",
        "| `subdomain` | Subdomain. The first part of your address at Acme. | the customer |",
        "| `realm` | Realm. The realm that Acme names in the callback. | the provider |",
        "Without any of your own: `contacts.read`",
        "Key `acme`, auth mode `OAUTH2`: OAuth 2.0 authorization code. In crm, dev-tools.",
        "<figure class=\"kw-flow\"",
        "A call carries it as `authorization: Bearer <access_token>`.",
        "| pages | `page` counts pages, `per_page` takes their size |",
        "| revocation | not described (`keyway.revocation`) |",
        "fetch(\"http://127.0.0.1:3900/proxy/\"",
        "keyway request acme GET '/' --config 'subdomain=globex'",
        "let acme = keyway.integration::<acme::Acme>(\"acme\")?;",
    ] {
        assert!(provider.contains(expected), "`{expected}` is not in {provider}");
    }
}

#[test]
fn a_provider_is_one_line_of_the_table_that_says_nothing_about_the_others() {
    let all = parts_of(EXAMPLES);
    let table = page(&all, "providers", "index.md");
    let row = "| [Acme](acme.md) `acme` | `OAUTH2` | crm, dev-tools | confined | pages, waits |  |\n";
    assert!(table.contains(row), "{table}");
    // Without one of the entries, each other line is the same, and nothing counts them.
    let one = EXAMPLES.find("\nspacely:").and_then(|at| EXAMPLES.get(..at)).unwrap();
    let fewer = parts_of(one);
    let fewer = page(&fewer, "providers", "index.md");
    let gone: Vec<&str> = table.lines().filter(|line| !fewer.lines().any(|other| other == *line)).collect();
    assert!(!gone.is_empty() && gone.iter().all(|line| line.starts_with("| [")), "{gone:?}");
    assert!(fewer.lines().all(|line| table.lines().any(|other| other == line)), "{fewer}");
}

#[test]
fn samples_stand_on_the_page_and_in_the_table() {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", EXAMPLES);
    let (checked, specs) = compile(&sources, file, &[]);
    let sample = |name: &str, kind, source: &str| SampleFile { name: name.to_owned(), kind, source: source.to_owned() };
    let files = vec![
        sample("page-last.http", "page", "https://docs.acme.example/pages"),
        sample("page.http", "page", "recorded"),
        sample("token.http", "token", "javascript:alert(1)"),
    ];
    let all = parts(&specs, &checked.entries, &Samples::from([("acme".to_owned(), files)]));
    let text = page(&all, "providers", "acme.md");
    for expected in [
        "| page-last.http | <https://docs.acme.example/pages> |",
        "| page.http | recorded |",
        "| token.http | javascript:alert(1) |",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in {text}");
    }
    assert!(page(&all, "providers", "index.md").contains("| confined | pages, waits | page, token |"));
    assert!(!page(&all, "providers", "globex.md").contains("## Samples"));
}

#[test]
fn every_rule_is_of_one_family() {
    for doc in all_rules() {
        let families = family::FAMILIES.iter().filter(|family| family.has(doc.rule)).count();
        assert_eq!(families, 1, "{}", doc.rule.code);
        assert!(family::FAMILIES.iter().all(|family| family.file != format!("{}.md", doc.rule.name)));
    }
}

#[test]
fn every_key_is_on_a_page() {
    let parts = parts_of("");
    let format: String = parts[0].pages.iter().map(|page| page.text.as_str()).collect();
    for doc in all_keys() {
        let last = doc.path.rsplit('.').next().unwrap_or_default();
        assert!(format.contains(&format!("| `{last}` |")), "{}", doc.path);
    }
}

#[test]
fn the_table_of_contents_keeps_what_people_wrote() {
    let parts = parts_of("");
    let new = into_summary(None, &parts).unwrap();
    assert!(
        new.contains("\n# Rules\n\n- [All rules](rules/index.md)\n- [The file](rules/family-file.md)\n  - [yaml-syntax](rules/yaml-syntax.md)\n"),
        "{new}"
    );
    let own = new.replace("# Summary\n", "# Summary\n\n- [Mine](mine.md)\n");
    assert_eq!(into_summary(Some(&own), &parts), Some(own.clone()), "again the same");
    let other_ends = own.replace('\n', "\r\n");
    assert_eq!(into_summary(Some(&other_ends), &parts), Some(other_ends.clone()), "lines end as they did");
    assert_eq!(into_summary(Some("# Summary\n"), &parts), None, "no marks: nothing is touched");
}
