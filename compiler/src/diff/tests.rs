//! The reports of changes, and whom they affect.

use super::*;
use crate::pipeline::check;
use crate::source::Sources;

const ENTRY: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    default_scopes: [read]
    connection_config:
        team: {type: string, title: Team, description: D., pattern: '^[a-z0-9]+$'}
        region: {type: string, title: Region, description: D., enum: [eu, us], default_value: eu}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com/v1
        headers:
            x-key: ${apiKey}
            x-region: ${connectionConfig.region}
        retry: {after: retry-after}
        paginate: {type: link, link_rel_in_response_header: next}
heir:
    alias: acme
    display_name: Heir
";

/// `kind path: message [affected]` for each change from one text to the other.
fn changes(old: &str, new: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let (old, new) = (sources.add("old.yaml", old), sources.add("new.yaml", new));
    let (old, new) = (check(&sources, old), check(&sources, new));
    let show = |change: &Change| {
        let Change { kind, path, message, affected, .. } = change;
        format!("{} {}: {message} [{}]", kind.name(), path.join("."), affected.join(" "))
    };
    diff(&old, &new).iter().map(show).collect()
}

/// Asserts what is told when `from` becomes `to` in the entry.
#[track_caller]
fn becomes(from: &str, to: &str, expected: &[&str]) {
    assert!(ENTRY.contains(from), "`{from}` is not in the entry");
    assert_eq!(changes(ENTRY, &ENTRY.replacen(from, to, 1)), expected, "`{from}` -> `{to}`");
}

#[test]
fn nothing_is_told_about_another_spelling_of_the_same() {
    becomes("[other]", "\n        - other", &[]);
    becomes("https://docs.acme.example", "'https://docs.acme.example' # the docs", &[]);
    becomes(
        "'^[a-z0-9]+$'",
        "'^[a-z0-9][0-9a-z]*$'",
        &[
            "changed acme.connection_config.team.pattern: `pattern` was `^[a-z0-9]+$` and is `^[a-z0-9][0-9a-z]*$` [acme heir]",
        ],
    );
}

#[test]
fn what_the_table_calls_breaking_breaks() {
    for (from, to, expected) in [
        (
            "auth_mode: API_KEY",
            "auth_mode: NONE",
            &["auth-mode-changed acme.auth_mode: the auth mode was `API_KEY` and is `NONE` [acme heir]"][..],
        ),
        (
            "        region: {type: string, title: Region, description: D., enum: [eu, us], default_value: eu}\n",
            "",
            &["field-removed acme.connection_config.region: the field `region` is gone [acme heir]"],
        ),
        (
            "        region:",
            "        unit: {type: string, title: Unit, description: D.}\n        region:",
            &["required-field-added acme.connection_config.unit: `unit` is new and must be given [acme heir]"],
        ),
        (
            ", default_value: eu",
            "",
            &["required-field-added acme.connection_config.region: `region` must be given now [acme heir]"],
        ),
        (
            "^[a-z0-9]+$",
            "^[a-z]+$",
            &[
                "pattern-narrowed acme.connection_config.team.pattern: the pattern of `team` no longer matches `0` [acme heir]",
            ],
        ),
        (
            "enum: [eu, us]",
            "enum: [eu]",
            &["pattern-narrowed acme.connection_config.region.enum: `region` no longer takes `us` [acme heir]"],
        ),
        (
            "acme.com/v1",
            "acme-cloud.com/v1",
            &[
                "host-changed acme.proxy.base_url: `api` reached `*.acme.com` and reaches `*.acme-cloud.com` [acme heir]",
            ],
        ),
        (
            "acme.com/v1",
            "acme.com/v2",
            &["base-path-changed acme.proxy.base_url: the base path was `/v1` and is `/v2` [acme heir]"],
        ),
        (
            "            x-region: ${connectionConfig.region}\n",
            "",
            &["header-changed acme.proxy.headers.x-region: the header `x-region` is no longer sent [acme heir]"],
        ),
        (
            "x-key: ${apiKey}",
            "authorization: Bearer ${apiKey}",
            &[
                "token-placement-changed acme.proxy.headers.x-key: the credential was sent in `proxy.headers.x-key` as `${apiKey}` and is sent in `proxy.headers.authorization` as `Bearer ${apiKey}` [acme heir]",
            ],
        ),
        (
            "{type: link, link_rel_in_response_header: next}",
            "{type: cursor, cursor_name_in_request: after, cursor_path_in_response: next}",
            &["pagination-changed acme.proxy.paginate.type: the pagination was `link` and is `cursor` [acme heir]"],
        ),
        (
            "default_scopes: [read]",
            "default_scopes: []",
            &["scope-removed acme.default_scopes: the scope `read` is no longer listed [acme heir]"],
        ),
    ] {
        let told = changes(ENTRY, &ENTRY.replacen(from, to, 1));
        assert!(told.iter().take(expected.len()).eq(expected.iter()), "`{from}` -> `{to}`: {told:#?}");
        assert!(told.iter().skip(expected.len()).all(|line| line.starts_with("changed ")), "{told:#?}");
    }
}

#[test]
fn additions_wider_patterns_and_retry_rules_are_compatible() {
    for (from, to, expected) in [
        (
            "        region:",
            "        unit: {type: string, title: Unit, description: D., optional: true}\n        region:",
            "optional-field-added acme.connection_config.unit: `unit` is new and may be left out [acme heir]",
        ),
        (
            "^[a-z0-9]+$",
            "^[a-z0-9-]+$",
            "pattern-widened acme.connection_config.team.pattern: the pattern of `team` now also matches `-` [acme heir]",
        ),
        (
            "enum: [eu, us]",
            "enum: [eu, us, ap]",
            "pattern-widened acme.connection_config.region.enum: `region` also takes `ap` [acme heir]",
        ),
        (
            "x-region: ${connectionConfig.region}",
            "x-region: ${connectionConfig.region}\n            x-version: '2'",
            "header-added acme.proxy.headers.x-version: the header `x-version` is sent now [acme heir]",
        ),
        (
            "default_scopes: [read]",
            "default_scopes: [read, write]",
            "scope-added acme.default_scopes: the scope `write` is listed [acme heir]",
        ),
        (
            "{after: retry-after}",
            "{after: x-reset}",
            "retry-changed acme.proxy.retry.after: `after` was `retry-after` and is `x-reset` [acme heir]",
        ),
        (
            "title: Team",
            "title: Crew",
            "changed acme.connection_config.team.title: `title` was `Team` and is `Crew` [acme heir]",
        ),
        (
            "display_name: Acme",
            "display_name: ACME",
            "changed acme.display_name: `display_name` was `Acme` and is `ACME` [acme]",
        ),
    ] {
        becomes(from, to, &[expected]);
    }
}

#[test]
fn a_message_names_what_changed() {
    for (from, to, expected) in [
        ("[other]", "[other, crm]", "changed acme.categories: `categories` gained `crm` [acme heir]"),
        ("[other]", "[crm]", "category-removed acme.categories: `categories` lost `other` [acme heir]"),
        (
            "enum: [eu, us]",
            "enum: [us, eu]",
            "changed acme.connection_config.region.enum: `enum` has another order: `us` now stands first [acme heir]",
        ),
        (
            "enum: [eu, us]",
            "enum: [eu, us], order: 1",
            "changed acme.connection_config.region.order: `order` is new: `1` [acme heir]",
        ),
        (
            "default_value: eu",
            "default_value: us",
            "default-changed acme.connection_config.region.default_value: where `region` is not given it was `eu` and is `us` [acme heir]",
        ),
        (
            "pattern: '^[a-z0-9]+$'",
            "pattern: '^[a-z0-9]+$', optional: true",
            "name-changed acme.connection_config.team: `team` may be left out now; the field `team` of `Config` is gone [acme heir]",
        ),
        (
            "pattern: '^[a-z0-9]+$'",
            "pattern: '^[a-z0-9]+$', automated: true",
            "field-hidden acme.connection_config.team: `team` is the provider's now: a customer may not give it [acme heir]",
        ),
        (
            ", enum: [eu, us]",
            "",
            "name-changed acme.connection_config.region.enum: `region` takes any value now; the enum `Region` is gone [acme heir]",
        ),
        (
            "https://${",
            "http://${",
            "scheme-changed acme.proxy.base_url: the scheme of `proxy.base_url` was `https` and is `http` [acme heir]",
        ),
        ("        retry: {after: retry-after}\n", "", "retry-changed acme.proxy.retry: `retry` is gone [acme heir]"),
        (
            "        retry:",
            "        query: {v: '1'}\n        retry:",
            "query-added acme.proxy.query.v: the query parameter `v` is sent now [acme heir]",
        ),
        (
            "{type: link, link_rel_in_response_header: next}",
            "{type: link, link_rel_in_response_header: more}",
            "pagination-changed acme.proxy.paginate.link_rel_in_response_header: `proxy.paginate.link_rel_in_response_header` was `next` and is `more` [acme heir]",
        ),
    ] {
        let told = changes(ENTRY, &ENTRY.replacen(from, to, 1));
        assert!(told.iter().any(|line| line == expected), "`{from}` -> `{to}`: {told:#?}");
    }
    let over = ENTRY.replace(
        "heir:\n",
        "    keyway: {paginate: {last_item: id, cursor_name_in_request: after}, retry: {wait: 60}}\nheir:\n",
    );
    for (from, to, expected) in [
        (
            "last_item: id",
            "last_item: key",
            "pagination-changed acme.keyway.paginate.last_item: `keyway.paginate.last_item` was `id` and is `key` [acme heir]",
        ),
        (
            "last_item: id",
            "cursor_header_in_response: x-next",
            "pagination-changed acme.keyway.paginate.last_item: `keyway.paginate.last_item` is gone [acme heir]",
        ),
        (
            "last_item: id",
            "last_item: id, more: has_more",
            "pagination-added acme.keyway.paginate.more: `keyway.paginate.more` is new [acme heir]",
        ),
        (
            "cursor_name_in_request: after",
            "cursor_name_in_request: from",
            "pagination-changed acme.keyway.paginate.cursor_name_in_request: `proxy.paginate.cursor_name_in_request` was `after` and is `from` [acme heir]",
        ),
        (
            "retry: {wait: 60}",
            "retry: {wait: 60}, limits: [{remaining: x-left}]",
            "retry-changed acme.keyway.limits: `limits` is new: a list [acme heir]",
        ),
        ("wait: 60", "wait: 30", "retry-changed acme.keyway.retry.wait: `wait` was `60` and is `30` [acme heir]"),
    ] {
        let told = changes(&over, &over.replacen(from, to, 1));
        assert!(told.iter().any(|line| line == expected), "`{from}` -> `{to}`: {told:#?}");
    }
    let told = changes(ENTRY, &over);
    let expected = "pagination-changed acme.proxy.paginate.type: the pagination was `link` and is `cursor` [acme heir]";
    assert!(told.iter().any(|line| line == expected), "{told:#?}");
    let number = ENTRY.replace("x-region: ${connectionConfig.region}", "x-kind: 1");
    let text = number.replace("x-kind: 1", "x-kind: '1'");
    assert_eq!(
        changes(&number, &text),
        ["changed acme.proxy.headers.x-kind: `x-kind` was the number `1` and is the text `1` [acme heir]"]
    );
    let upper = text.replace("x-kind", "X-Kind");
    assert_eq!(changes(&text, &upper), [""; 0], "the letter case of a header says nothing");
}

#[test]
fn a_name_that_stands_for_something_else_breaks() {
    let scopes = |list: &str| {
        ENTRY.replace("default_scopes: [read]", &format!("default_scopes: [read]\n    keyway: {{scopes: {list}}}"))
    };
    for (old, new, expected) in [
        (
            ENTRY.replace("[eu, us]", "[live, LIVE]"),
            ENTRY.replace("[eu, us]", "[LIVE, live]"),
            "name-changed acme.connection_config.region.enum: `enum` has another order: `LIVE` now stands first; `Region::Live` was `live` and is `LIVE` [acme heir]",
        ),
        (
            scopes("['read:user', read-user]"),
            scopes("[read-user, 'read:user']"),
            "name-changed acme.keyway.scopes: `scopes::READ_USER` was `read:user` and is `read-user` [acme heir]",
        ),
    ] {
        let told = changes(&old, &new);
        assert_eq!(told.first().map(String::as_str), Some(expected), "{told:#?}");
    }
    let appended = changes(&scopes("[read-user]"), &scopes("[read-user, 'read:user']"));
    assert_eq!(appended, ["scope-added acme.keyway.scopes: the scope `read:user` is listed [acme heir]"]);
}

#[test]
fn an_alternative_that_needs_a_later_field_is_no_change_of_a_url() {
    let old = ENTRY.replace("https://${connectionConfig.team}.acme.com/v1", "https://api.acme.com");
    let field =
        "        server: {type: string, title: Server, description: D., pattern: '^[a-z]+$'FLAG}\n        region:";
    let url = "https://${connectionConfig.server}.acme.com || https://api.acme.com";
    let new = |url: &str, flag: &str| {
        let text = old.replace("https://api.acme.com", url);
        text.replace("        region:", &field.replace("FLAG", flag))
    };
    let breaks = |new: &str| changes(&old, new).iter().any(|line| line.starts_with("url-changed"));
    assert!(!breaks(&new(url, ", optional: true")));
    assert!(!breaks(&new("https://${connectionConfig.server}.acme.com", ", default_value: api")));
    assert!(breaks(&new("https://${connectionConfig.server}.acme.com", ", default_value: eu")));
    assert!(breaks(&new("https://${connectionConfig.server}.acme.com", ", optional: true")));
}

#[test]
fn entries_come_and_go() {
    let extra = format!("{ENTRY}plain:\n    display_name: P\n    docs: https://p.example\n    auth_mode: NONE\n");
    assert_eq!(changes(ENTRY, &extra), ["entry-added plain: the entry is new [plain]"]);
    assert_eq!(changes(&extra, ENTRY), ["entry-removed plain: the entry is gone [plain]"]);
    let heirless = ENTRY.split("heir:").next().unwrap();
    let renamed = ENTRY.replace("acme:\n", "acme-two:\n").replace("alias: acme\n", "alias: acme-two\n");
    assert_eq!(changes(ENTRY, heirless), ["entry-removed heir: the entry is gone [heir]"]);
    let told = changes(ENTRY, &renamed);
    assert_eq!(
        told,
        ["entry-removed acme: the entry is gone [acme heir]", "entry-added acme-two: the entry is new [acme-two]"]
    );
    let broken = ENTRY.replace("acme:\n", "acme: no map\nacme-old:\n").replace("alias: acme\n", "alias: acme-old\n");
    assert_eq!(
        changes(ENTRY, &broken),
        ["entry-added acme-old: the entry is new [acme-old]"],
        "unreadable is not gone"
    );
}

#[test]
fn an_heir_with_a_value_of_its_own_is_not_affected() {
    let old = format!("{ENTRY}    auth_mode: NONE\n");
    let new = old.replacen("auth_mode: API_KEY", "auth_mode: BASIC", 1);
    let told = changes(&old, &new);
    assert_eq!(told[0], "auth-mode-changed acme.auth_mode: the auth mode was `API_KEY` and is `BASIC` [acme]");
}

#[test]
fn a_relabelled_credential_of_the_mode_is_no_new_field() {
    let labelled = ENTRY.replace(
        "    proxy:\n",
        "    credentials:\n        apiKey: {type: string, title: Key, description: D.}\n    proxy:\n",
    );
    assert!(changes(ENTRY, &labelled).iter().all(|line| line.starts_with("changed ")));
    assert!(changes(&labelled, ENTRY).iter().all(|line| line.starts_with("changed ")));
}

#[test]
fn both_lines_are_known_also_of_what_is_on_one_side_only() {
    let mut sources = Sources::default();
    let old = sources.add("old.yaml", ENTRY);
    let new = sources.add("new.yaml", ENTRY.replace("            x-region: ${connectionConfig.region}\n", ""));
    let (old, new) = (check(&sources, old), check(&sources, new));
    let change = &diff(&old, &new)[0];
    let text = |span: Option<Span>| sources.text(span.unwrap());
    assert_eq!((text(change.old), text(change.new)), ("x-region", "headers"));
}

#[test]
fn names_of_kinds_are_distinct_and_what_breaks_comes_first() {
    let mut names: Vec<&str> = ChangeKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ChangeKind::ALL.len());
    assert!(ChangeKind::ALL.is_sorted_by_key(|kind| !kind.is_breaking()));
}
