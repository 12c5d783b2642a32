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
        paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, limit_name_in_request: limit}
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

/// The standings and findings of an entry against catalogues, each a name and its lines: `path standing`, and
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
        found.map(|found| format!("{} {}: {}", found.severity.as_str(), found.path.join("."), found.primary.text));
    (standings, findings.collect())
}

/// A line about `acme`.
fn line(members: &str) -> String {
    format!("{{\"corpus_keys\": [\"acme\"], {}}}", members.replace('\'', "\""))
}

#[test]
fn what_a_line_says_is_told_fact_by_fact() {
    const O: &str = "'auth': 'OAUTH2', ";
    for (entry, members, standings, findings) in [
        (OAUTH, format!("{O}'authorization_url': 'https://{{{{.team}}}}.acme.example/oauth/authorize/?x=1'"), &["auth_mode agreed", "authorization_url agreed"][..], &[][..]),
        (OAUTH, format!("{O}'authorization_url': '{{url}}oauth/authorize'"), &["auth_mode agreed"], &[]),
        (OAUTH, format!("{O}'token_url': 'http://api.acme.example/oauth/v2/token/'"), &["auth_mode agreed", "token_url agreed"], &[]),
        (OAUTH, format!("{O}'token_url': 'https://api.acme.example/oauth/v1/token'"), &["auth_mode agreed", "token_url differs"],
            &["warning acme.token_url: `https://api.acme.example/oauth/v1/token` in `new`"]),
        // A sandbox, and another way to sign in.
        (OAUTH, format!("{O}'token_url': 'https://sandbox.acme.example/oauth/v2/token'"), &["auth_mode agreed"], &[]),
        (OAUTH, "'auth': 'OAUTH2_CC', 'token_url': 'https://api.acme.example/client'".to_owned(), &[], &[]),
        (OAUTH, "'auth': 'OAUTH2_CC', 'token_url': 'https://api.acme.example/oauth/v2/token'".to_owned(), &["token_url agreed"], &[]),
        (OAUTH, "'auth': 'OTHER', 'base_url': 'https://api.acme.example'".to_owned(), &["proxy.base_url agreed"], &[]),
        (OAUTH, "'base_url': 'https://api.acme.example/rest/'".to_owned(), &[], &[]),
        (OAUTH, "'base_url': 'https://www.acme.example'".to_owned(), &["proxy.base_url differs"],
            &["warning acme.proxy.base_url: `https://www.acme.example` in `new`"]),
        (OAUTH, "'match': 'registrable-domain', 'base_url': 'https://www.acme.example'".to_owned(), &["proxy.base_url outweighed"],
            &["note acme.proxy.base_url: `https://www.acme.example` in `new`"]),
        (OAUTH, "'allowed_hosts': ['*.acme.example']".to_owned(), &["keyway.hosts agreed"], &[]),
        (OAUTH, "'allowed_hosts': ['https://acme.example/', '{host}']".to_owned(), &["keyway.hosts agreed"], &[]),
        (OAUTH, "'allowed_hosts': ['api.globex.example']".to_owned(), &["keyway.hosts differs"],
            &["warning acme.proxy.base_url: `api.globex.example` in `new`"]),
        // A default is a fact, told at the mode.
        (OAUTH, format!("{O}'scope_separator': ','"), &["auth_mode agreed", "scope_separator differs"], &["warning acme.auth_mode: `,` in `new`"]),
        (OAUTH, format!("{O}'scope_separator': ' ', 'client_auth': 'both', 'token_request_format': 'form'"),
            &["auth_mode agreed", "scope_separator agreed", "token_request_auth_method agreed", "body_format agreed"], &[]),
        (OAUTH, format!("{O}'client_auth': 'basic'"), &["auth_mode agreed", "token_request_auth_method differs"], &["warning acme.auth_mode: `basic` in `new`"]),
        (OAUTH, format!("{O}'authorization_params': {{'prompt': 'login', 'other': 'x'}}"), &["auth_mode agreed", "authorization_params.prompt differs"],
            &["warning acme.authorization_params.prompt: `login` in `new`"]),
        (OAUTH, "'paging': {'kind': 'cursor', 'token_name': 'after', 'size_name': 'size', 'cursor_path': 'next'}, 'retry': {'after': ['X-Wait']}".to_owned(),
            &["proxy.paginate.type agreed", "proxy.paginate.cursor_name_in_request agreed", "proxy.paginate.limit_name_in_request differs",
              "proxy.paginate.cursor_path_in_response agreed", "proxy.retry.after agreed"],
            &["warning acme.proxy.paginate.limit_name_in_request: `size` in `new`"]),
        // Lists of one API differ: another kind, or a name among several.
        (OAUTH, "'paging': {'kind': 'page', 'token_name': 'page', 'size_name': 'size', 'others': [{'request_names': ['limit']}]}, 'retry': {'at': ['x-reset']}".to_owned(),
            &["proxy.paginate.limit_name_in_request agreed"], &[]),
        (KEY, "'auth': 'API_KEY', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'token '}".to_owned(),
            &["auth_mode agreed", "proxy.headers.authorization agreed"], &[]),
        (KEY, "'auth': 'API_KEY', 'api_key': {'in': 'header', 'name': 'Authorization'}".to_owned(),
            &["auth_mode agreed", "proxy.headers.authorization agreed"], &[]),
        (KEY, "'auth': 'API_KEY', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'Bearer '}".to_owned(),
            &["auth_mode agreed", "proxy.headers.authorization differs"], &["warning acme.proxy.headers.authorization: `header Authorization: Bearer <key>` in `new`"]),
        (KEY, "'auth': 'API_KEY', 'api_key': {'in': 'query', 'name': 'key'}".to_owned(),
            &["auth_mode agreed", "proxy.headers.authorization differs"], &["warning acme.proxy.headers.authorization: `query key: <key>` in `new`"]),
        (KEY, "'auth': 'OAUTH2', 'api_key': {'in': 'header', 'name': 'Authorization', 'prefix': 'Bearer '}".to_owned(), &[], &[]),
        (KEY, "'probe': {'url': 'https://api.acme.example/v1/me'}".to_owned(), &["proxy.verification.endpoints.0 agreed"], &[]),
        (KEY, "'probe': {'url': 'https://api.acme.example/v1/you'}".to_owned(), &[], &[]),
    ] {
        assert_eq!(against(entry, &[("new", &members)]), (texts(standings), texts(findings)), "{members}");
    }
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
            &["note acme.token_url: `https://api.acme.example/t` in `grant`"][..],
        ),
        (
            &[("new", ours), ("other", &old)],
            "token_url outweighed",
            &["note acme.token_url: `https://api.acme.example/t` in `other`"],
        ),
        (
            &[("grant", theirs)],
            "token_url differs",
            &["warning acme.token_url: `https://api.acme.example/t` in `grant`"],
        ),
        (
            &[("grant", ours), ("new", theirs)],
            "token_url differs",
            &["warning acme.token_url: `https://api.acme.example/t` in `new`"],
        ),
        (&[("new", &both)], "token_url agreed", &[]),
        (
            &[("a", theirs), ("b", theirs)],
            "token_url differs",
            &["warning acme.token_url: `https://api.acme.example/t` in `a`, `b`"],
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
    let differs = &["warning acme.token_url: `https://api.acme.example/t` in `a`"][..];
    let stale = &["warning acme.keyway.sources.token_url.differs_from: explains a difference that does not exist"][..];
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
