//! The mistakes of contributors: the messages as the terminal shows them, kept for reading.
//!
//! Each case is a small catalogue with one mistake, in the words of this project. Read a snapshot aloud before it is
//! accepted: it must say what is wrong, where, why it matters and what to write, and say it once. That every rule
//! finds what its page says is tested by the pages' own examples.
#![cfg(feature = "patterns")]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_compiler::diagnostic::render::text::{Style, render};
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;

/// An API with a key, complete.
const KEY: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [crm]
    auth_mode: API_KEY
    credentials:
        apiKey:
            type: string
            title: API key
            description: Made under Settings, Developers.
    connection_config:
        team:
            type: string
            title: Team
            description: The first part of your address.
            example: blue
            pattern: '^[a-z0-9]+(-[a-z0-9]+)*$'
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers:
            authorization: Bearer ${apiKey}
        retry:
            after: retry-after
        paginate:
            type: cursor
            cursor_name_in_request: after
            cursor_path_in_response: next
        verification:
            method: GET
            endpoints: [/v1/me]
";

/// An API where the user agrees on a page, complete.
const CODE: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [crm]
    auth_mode: OAUTH2
    authorization_url: https://acme.example/oauth/authorize
    token_url: https://acme.example/oauth/token
    token_params:
        grant_type: authorization_code
    refresh_params:
        grant_type: refresh_token
    proxy:
        base_url: https://api.acme.example
";

/// The texts before, with one of them replaced; the case fails if it is not there.
fn with(entry: &str, what: &str, by: &str) -> String {
    assert!(entry.contains(what), "{what}");
    entry.replacen(what, by, 1)
}

fn key(what: &str, by: &str) -> String {
    with(KEY, what, by)
}

fn code(what: &str, by: &str) -> String {
    with(CODE, what, by)
}

/// A text with each of its lines changed.
fn lines(text: &str, change: fn(&str) -> &str) -> String {
    text.lines().fold(String::new(), |text, line| text + change(line) + "\n")
}

/// Name, catalogue, and how many findings one reads.
fn mistakes() -> Vec<(&'static str, String, usize)> {
    let heir = "acme-eu:\n    alias: acme\n    display_name: Acme EU\n    docs: https://docs.acme.example/eu\n";
    vec![
        ("a-misspelt-key", key("base_url:", "base_ulr:"), 1),
        ("a-key-of-another-format", key("display_name:", "name:"), 1),
        ("a-key-at-the-wrong-level", code("    proxy:\n", "    headers: {x-version: '2'}\n    proxy:\n"), 1),
        ("a-misspelt-alias", format!("{KEY}{}", with(heir, "alias", "alais")), 1),
        ("an-alias-of-nothing", format!("{KEY}{}", with(heir, "alias: acme", "alias: acne")), 1),
        ("a-mode-by-its-name", code("OAUTH2", "OAuth 2.0"), 1),
        ("a-mode-that-is-a-header", key("API_KEY", "bearer"), 1),
        ("a-mode-without-its-keys", code("    token_url: https://acme.example/oauth/token\n", ""), 1),
        ("a-key-of-another-mode", key("    proxy:\n", "    token_url: https://acme.example/token\n    proxy:\n"), 1),
        ("braces-of-another-language", key("${apiKey}", "{{apiKey}}"), 1),
        ("a-shell-variable", key("${apiKey}", "$apiKey"), 1),
        ("a-placeholder-that-is-not-closed", key("${apiKey}", "${apiKey"), 1),
        ("a-path-parameter", key("https://${connectionConfig.team}.acme.com", "https://acme.example/{team}"), 1),
        ("a-name-that-is-not-declared", key("${connectionConfig.team}", "${connectionConfig.taem}"), 1),
        ("a-name-without-its-root", key("${connectionConfig.team}", "${team}"), 1),
        ("a-key-that-is-never-sent", key("            authorization: Bearer ${apiKey}\n", "            accept: text/plain\n"), 1),
        ("a-relative-token-url", code("https://acme.example/oauth/token", "/oauth/token"), 1),
        ("a-token-url-without-a-scheme", code("https://acme.example/oauth/token", "acme.example/oauth/token"), 1),
        ("a-slash-at-the-end", code("https://api.acme.example", "https://api.acme.example/"), 1),
        ("a-host-that-anybody-names", key("            pattern: '^[a-z0-9]+(-[a-z0-9]+)*$'\n", ""), 1),
        ("a-pattern-without-its-end", key("(-[a-z0-9]+)*$'", "(-[a-z0-9]+)*'"), 2),
        ("an-example-that-is-refused", key("example: blue", "example: Blue Team"), 1),
        ("pages-by-number", key("type: cursor\n", "type: page\n"), 1),
        ("a-cursor-without-its-place", key("            cursor_path_in_response: next\n", ""), 1),
        ("a-header-in-capitals", key("authorization: Bearer", "Authorization: Bearer"), 1),
        ("a-number-for-a-text", key("            authorization:", "            acme-version: 1.10\n            authorization:"), 1),
        ("a-text-for-a-list", key("endpoints: [/v1/me]", "endpoints: /v1/me"), 1),
        ("a-field-without-a-title", key("            title: API key\n", ""), 1),
        ("a-refresh-grant-that-is-missing", code("    refresh_params:\n        grant_type: refresh_token\n", ""), 1),
        ("scopes-in-one-text", code("    proxy:\n", "    default_scopes: ['read,write']\n    proxy:\n"), 1),
        ("a-probe-that-asks-for-a-right", key("endpoints: [/v1/me]", "endpoints: [/v1/contacts/delete]"), 1),
        ("a-colon-in-a-value", key("description: Made under", "description: Made here: under"), 1),
        ("a-tab", key("    auth_mode", "\tauth_mode"), 1),
        ("a-key-out-of-line", key("    auth_mode", "   auth_mode"), 1),
        ("no-space-behind-a-colon", key("auth_mode: ", "auth_mode:"), 1),
        ("smart-quotes", key("Bearer ${apiKey}", "\u{201c}Bearer ${apiKey}\u{201d}"), 1),
        ("a-no-break-space", key("    auth_mode", "\u{a0}   auth_mode"), 1),
        ("a-key-twice", key("    auth_mode", "    docs: https://acme.example\n    auth_mode"), 1),
        ("keys-at-the-margin", lines(KEY, |line| line.strip_prefix("    ").unwrap_or(line)), 1),
        ("an-entry-without-its-key", lines(KEY, |line| line.strip_prefix("    ").unwrap_or("")).trim_start().to_owned(), 1),
        ("entries-under-a-key", format!("providers:\n    {}", KEY.trim_end().replace('\n', "\n    ") + "\n"), 1),
        ("a-list-of-entries", "- name: acme\n  auth_mode: NONE\n- name: globex\n  auth_mode: NONE\n".to_owned(), 1),
        ("an-openapi-document", "openapi: 3.1.0\ninfo:\n  title: Acme\n  version: '1'\nservers:\n  - url: https://api.acme.example/v1\npaths:\n  /me:\n    get: {}\n".to_owned(), 1),
        ("a-compose-file", "services:\n  web:\n    image: acme/web\n    ports: ['80:80']\n".to_owned(), 1),
        ("two-documents", format!("{KEY}---\n{}", with(CODE, "acme:", "globex:")), 1),
    ]
}

#[test]
fn a_mistake_is_said_once_and_so_that_a_person_can_mend_it() {
    let mut wrong = Vec::new();
    for (name, text, count) in mistakes() {
        let mut sources = Sources::default();
        let file = sources.add("acme.yaml", text.as_str());
        let found = pipeline::check(&sources, file).diagnostics;
        let shown: Vec<String> = found.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
        if found.len() != count {
            wrong.push(format!("{name}: {count} expected\n{}", shown.join("\n\n")));
            continue;
        }
        assert!(
            found.iter().all(|finding| finding.help.is_some() || finding.fix.is_some()),
            "{name}: says not what to do"
        );
        insta::assert_snapshot!(format!("contributor__{name}"), shown.join("\n\n"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_entries_before_the_mistakes_have_none() {
    for text in [KEY, CODE] {
        let mut sources = Sources::default();
        let file = sources.add("acme.yaml", text);
        let found = pipeline::check(&sources, file).diagnostics;
        assert!(found.is_empty(), "{found:?}");
    }
}
