//! The verdicts about entries, from lines to findings; and lines that nobody meant.

use super::{SecondSources, Standing, counts};
use crate::diagnostic::Severity;
use crate::pipeline;
use crate::source::Sources;

const OAUTH: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.team}.acme.example/oauth/authorize
    token_url: https://api.acme.example/oauth/v2/token
    authorization_params: {prompt: consent}
    connection_config: {team: {type: string, title: Team, description: The team., pattern: '^[a-z]+$'}}
    proxy:
        base_url: https://api.acme.example/api
        retry: {after: [x-wait]}
        paginate:
            type: cursor
            cursor_name_in_request: after
            cursor_path_in_response: next
            limit_name_in_request: limit
";

const KEY: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Token ${apiKey}'}
        verification: {method: GET, endpoints: [/v1/me]}
";

/// The standings and findings of `acme` against catalogues, each a name and its lines: `path standing`, and
/// `severity path: label`.
fn against(entry: &str, others: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", entry);
    let mut checked = pipeline::find(&sources, file);
    assert_eq!(checked.diagnostics.len(), 0, "{entry}: {:?}", checked.diagnostics);
    let mut lines = SecondSources::default();
    for (name, text) in others {
        assert_eq!(lines.add(name, &format!("{name}.jsonl"), &line(text)), []);
    }
    let compared = checked.compare(&lines);
    let facts = compared.iter().flat_map(|entry| &entry.facts);
    let judged = facts.filter(|fact| fact.standing != Standing::Unwitnessed);
    let standings = judged.map(|fact| format!("{} {}", fact.path.join("."), fact.standing.name())).collect();
    let found = checked.diagnostics.iter();
    let findings =
        found.map(|found| format!("{} {}: {}", found.severity.as_str(), found.path[1..].join("."), found.primary.text));
    (standings, findings.collect())
}

/// A line about `acme`.
fn line(members: &str) -> String {
    format!("{{\"corpus_keys\": [\"acme\"], {}}}", members.replace('\'', "\""))
}

/// The same of one line, in short: what is judged but the mode, and what is found.
#[track_caller]
fn says(entry: &str, members: &str, judged: &str, found: &str) {
    let (standings, findings) = against(entry, &[("new", members)]);
    let rest: Vec<String> = standings.into_iter().filter(|fact| fact != "auth_mode agreed").collect();
    assert_eq!((rest.join(", ").as_str(), findings.join(", ").as_str()), (judged, found), "{members}");
}

#[test]
fn what_a_line_says_of_urls_and_hosts_is_told() {
    for (members, judged, found) in [
        ("'authorization_url': 'https://{{.team}}.acme.example/oauth/authorize/?x=1'", "authorization_url agreed", ""),
        ("'authorization_url': '{url}oauth/authorize'", "", ""),
        ("'token_url': 'http://api.acme.example/oauth/v2/token/'", "token_url agreed", ""),
        (
            "'token_url': 'https://api.acme.example/t'",
            "token_url differs",
            "warning token_url: `https://api.acme.example/t` in `new`",
        ),
        // A sandbox beside a live service.
        ("'token_url': 'https://sandbox.acme.example/oauth/v2/token'", "", ""),
        ("'base_url': 'https://api.acme.example'", "proxy.base_url agreed", ""),
        ("'base_url': 'https://api.acme.example/rest/'", "", ""),
        (
            "'base_url': 'https://a.example'",
            "proxy.base_url differs",
            "warning proxy.base_url: `https://a.example` in `new`",
        ),
        (
            "'match': 'registrable-domain', 'base_url': 'https://a.example'",
            "proxy.base_url outweighed",
            "note proxy.base_url: `https://a.example` in `new`",
        ),
        ("'allowed_hosts': ['*.acme.example']", "keyway.hosts agreed", ""),
        ("'allowed_hosts': ['https://acme.example/', '{host}']", "keyway.hosts agreed", ""),
        ("'allowed_hosts': ['b.example']", "keyway.hosts differs", "warning proxy.base_url: `b.example` in `new`"),
    ] {
        says(OAUTH, &format!("'auth': 'OAUTH2', {members}"), judged, found);
    }
}

#[test]
fn another_way_to_sign_in_can_agree_and_not_differ() {
    for (members, judged) in [
        ("'auth': 'OAUTH2_CC', 'token_url': 'https://api.acme.example/client'", ""),
        ("'auth': 'OAUTH2_CC', 'token_url': 'https://api.acme.example/oauth/v2/token'", "token_url agreed"),
        ("'auth': 'OTHER', 'token_url': 'https://api.acme.example/client'", ""),
        ("'auth': 'OTHER', 'base_url': 'https://api.acme.example'", "proxy.base_url agreed"),
    ] {
        says(OAUTH, members, judged, "");
    }
}

#[test]
fn a_default_is_a_fact_that_is_told_at_the_mode() {
    for (members, judged, found) in [
        ("'scope_separator': ','", "scope_separator differs", "warning auth_mode: `,` in `new`"),
        ("'scope_separator': ' '", "scope_separator agreed", ""),
        ("'client_auth': 'basic'", "token_request_auth_method differs", "warning auth_mode: `basic` in `new`"),
        ("'client_auth': 'both'", "token_request_auth_method agreed", ""),
        ("'token_request_format': 'form'", "body_format agreed", ""),
        (
            "'authorization_params': {'prompt': 'login', 'other': 'x'}",
            "authorization_params.prompt differs",
            "warning authorization_params.prompt: `login` in `new`",
        ),
    ] {
        says(OAUTH, &format!("'auth': 'OAUTH2', {members}"), judged, found);
    }
}

#[test]
fn lists_of_one_api_differ_and_only_names_for_one_purpose_contradict() {
    const PAGES: &str = "proxy.paginate.type agreed, proxy.paginate.cursor_name_in_request agreed";
    const LIMIT: &str = "proxy.paginate.limit_name_in_request";
    for (members, judged, found) in [
        ("'paging': {'kind': 'cursor', 'token_name': 'after'}".to_owned(), PAGES.to_owned(), String::new()),
        (
            "'paging': {'kind': 'cursor', 'token_name': 'after', 'size_name': 'size'}".to_owned(),
            format!("{PAGES}, {LIMIT} differs"),
            format!("warning {LIMIT}: `size` in `new`"),
        ),
        (
            "'paging': {'kind': 'page', 'token_name': 'page', 'size_name': 'size', 'others': [{'request_names': ['limit']}]}"
                .to_owned(),
            format!("{LIMIT} agreed"),
            String::new(),
        ),
        ("'retry': {'after': ['X-Wait']}".to_owned(), "proxy.retry.after agreed".to_owned(), String::new()),
        ("'retry': {'at': ['x-reset']}".to_owned(), String::new(), String::new()),
    ] {
        says(OAUTH, &members, &judged, &found);
    }
}

#[test]
fn a_key_is_compared_by_its_place_its_name_and_what_precedes_it() {
    const KEY_AT: &str = "proxy.headers.authorization";
    let other = |said: &str| format!("warning {KEY_AT}: `{said}<key>` in `new`");
    for (members, judged, found) in [
        (
            "'auth': 'API_KEY', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'token '}",
            "agreed",
            String::new(),
        ),
        ("'auth': 'OTHER', 'api_key': {'in': 'header', 'name': 'Authorization'}", "agreed", String::new()),
        (
            "'auth': 'API_KEY', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'Bearer '}",
            "differs",
            other("header Authorization: Bearer "),
        ),
        ("'auth': 'API_KEY', 'api_key': {'in': 'query', 'name': 'key'}", "differs", other("query key: ")),
        (
            "'auth': 'OAUTH2', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'Bearer '}",
            "",
            String::new(),
        ),
    ] {
        let judged = if judged.is_empty() { String::new() } else { format!("{KEY_AT} {judged}") };
        says(KEY, members, &judged, &found);
    }
    says(KEY, "'probe': {'url': 'https://api.acme.example/v1/me'}", "proxy.verification.endpoints.0 agreed", "");
    says(KEY, "'probe': {'url': 'https://api.acme.example/v1/you'}", "", "");
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn catalogues_are_weighed_and_one_has_one_voice() {
    let (ours, theirs) = (
        "'auth': 'OAUTH2', 'token_url': 'https://api.acme.example/oauth/v2/token'",
        "'auth': 'OAUTH2', 'token_url': 'https://api.acme.example/t'",
    );
    let both = format!("{ours}}}\n{{\"corpus_keys\": [\"acme\"], {theirs}");
    let old = format!("'stale': true, {theirs}");
    for (others, expected, findings) in [
        (
            &[("new", ours), ("grant", theirs)][..],
            "token_url outweighed",
            &["note token_url: `https://api.acme.example/t` in `grant`"][..],
        ),
        (
            &[("new", ours), ("other", &old)],
            "token_url outweighed",
            &["note token_url: `https://api.acme.example/t` in `other`"],
        ),
        (&[("grant", theirs)], "token_url differs", &["warning token_url: `https://api.acme.example/t` in `grant`"]),
        (
            &[("grant", ours), ("new", theirs)],
            "token_url differs",
            &["warning token_url: `https://api.acme.example/t` in `new`"],
        ),
        (&[("new", &both)], "token_url agreed", &[]),
        (
            &[("a", theirs), ("b", theirs)],
            "token_url differs",
            &["warning token_url: `https://api.acme.example/t` in `a`, `b`"],
        ),
    ] {
        let (standings, found) = against(OAUTH, others);
        assert_eq!((standings[1].as_str(), found), (expected, texts(findings)), "{others:?}");
    }
}

#[test]
fn an_entry_explains_whom_it_contradicts() {
    let source = |from: &str| {
        format!(
            "{OAUTH}    keyway:\n        sources:\n            token_url: {{page: 'https://docs.acme.example', read: '2026-11-20'{from}}}\n"
        )
    };
    let theirs = "'auth': 'OAUTH2', 'token_url': 'https://api.acme.example/t'";
    let ours = "'auth': 'OAUTH2', 'token_url': 'https://api.acme.example/oauth/v2/token'";
    let differs = &["warning token_url: `https://api.acme.example/t` in `a`"][..];
    let stale = &["warning keyway.sources.token_url.differs_from: explains a difference that does not exist"][..];
    for (from, lines, expected, findings) in [
        ("", theirs, "token_url differs", differs),
        (", differs_from: [b]", theirs, "token_url differs", differs),
        (", differs_from: [a]", theirs, "token_url explained", &[]),
        (", differs_from: [a]", ours, "token_url agreed", stale),
        // What the other catalogue does not say any more is no proof that it was mended.
        (", differs_from: [a]", "'auth': 'OAUTH2'", "auth_mode agreed", &[]),
    ] {
        let (standings, found) = against(&source(from), &[("a", lines)]);
        assert_eq!((standings.last().unwrap().as_str(), found), (expected, texts(findings)), "{from} {lines}");
    }
}

#[test]
fn an_heir_is_explained_by_the_entry_that_wrote_the_value() {
    let sources = "    keyway: {sources: {token_url: {page: 'https://docs.acme.example', read: '2026-11-20', differs_from: [a]}}}\n";
    for (own, expected) in
        [("", 0), ("    keyway: {scopes: [x]}\n", 0), ("    token_url: https://api.acme.example/x\n", 1)]
    {
        let text = format!("{OAUTH}{sources}heir:\n    alias: acme\n    display_name: Heir\n{own}");
        let mut read = Sources::default();
        let file = read.add("t.yaml", text.as_str());
        let mut checked = pipeline::find(&read, file);
        let mut others = SecondSources::default();
        others.add(
            "a",
            "a.jsonl",
            r#"{"corpus_keys": ["acme", "heir"], "auth": "OAUTH2", "token_url": "https://api.acme.example/t"}"#,
        );
        let compared = checked.compare(&others);
        let of_rule = checked.diagnostics.iter().filter(|found| found.rule.name == "witness-differs");
        assert_eq!(of_rule.count(), expected, "{own}");
        let row = counts(&compared).into_iter().find(|row| row.kind.name() == "token URL").unwrap();
        assert_eq!((row.entries, row.explained, row.differing), (2, 2 - expected, expected), "{own}");
    }
}

/// A generator of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

#[test]
fn lines_that_nobody_meant_are_read_or_named_and_never_more() {
    const BITS: [&str; 14] =
        ["\"", "{", "}", "[", "]", "*", "${", "{{", "||", "\\u0000", "é", "https://", "null", "9999999999999999999"];
    let line = r#"{"corpus_keys": ["acme"], "match": "name", "auth": "OAUTH2", "authorization_url": "https://{x}.acme.example/a/*/b", "token_url": "https://[x].acme.example/t", "base_url": "${a}acme.example/", "allowed_hosts": ["*.acme.example", "{x}"], "api_key": {"in": "header", "name": "A", "prefix": "Bearer "}, "paging": {"kind": "cursor", "token_name": "after", "others": [{"request_names": ["limit"]}]}, "retry": {"after": ["x-wait"]}, "authorization_params": {"prompt": "x"}, "probe": {"url": "https://acme.example/v1/me"}}"#;
    let mut numbers = Numbers(7);
    let mut text = String::new();
    for _ in 0..5_000 {
        let mut mutated = line.to_owned();
        for _ in 0..=numbers.below(4) {
            let mut at = numbers.below(mutated.len());
            while !mutated.is_char_boundary(at) {
                at -= 1;
            }
            if numbers.below(3) == 0 {
                mutated.truncate(at);
            } else {
                mutated.insert_str(at, BITS[numbers.below(BITS.len())]);
            }
        }
        text += &mutated.replace('\n', " ");
        text.push('\n');
    }
    let mut others = SecondSources::default();
    let unreadable = others.add("other", "other.jsonl", &text);
    assert!(others.len() > 100 && unreadable.len() > 1_000, "{} {}", others.len(), unreadable.len());
    assert!(others.len() + unreadable.len() <= 5_000);
    assert!(unreadable.iter().all(|line| line.file == "other.jsonl" && (1..=5_000).contains(&line.line)));
    for entry in [OAUTH, KEY] {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", entry);
        let mut checked = pipeline::find(&sources, file);
        let compared = checked.compare(&others);
        assert!(compared.iter().all(|entry| !entry.facts.is_empty()));
        for found in &checked.diagnostics {
            assert!(found.severity != Severity::Error, "{found:?}");
            assert!(!found.message.contains(char::is_control) && found.primary.text.len() < 4_000, "{found:?}");
        }
    }
}
