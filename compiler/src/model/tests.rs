//! Every rule of this stage, as tables of minimal entries: one file because the tables share their base entries.

use super::{keys, lower};
use crate::resolve::resolve;
use crate::source::Sources;
use crate::syntax::parse;

/// The head of every entry of these tables: three lines, so that the tables' own text begins on line 4.
const HEAD: &str = "acme:\n    display_name: Acme\n    docs: https://docs.example.com\n";

/// Each finding as `rule line:column path: message | help`, for the text after `HEAD` indented by four spaces.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    check_file(&format!("{HEAD}    {}\n", body.replace('\n', "\n    ")), expected);
}

#[track_caller]
fn check_file(text: &str, expected: &[&str]) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (document, mut diagnostics) = parse(file, text);
    let (entries, found) = resolve(document);
    diagnostics.extend(found);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    for entry in &entries {
        diagnostics.extend(lower(entry).1);
    }
    diagnostics.finish();
    let found = diagnostics.iter().map(|found| {
        let at = sources.get(file).unwrap().line_column(found.primary.span.range().start);
        let help = found.help.as_deref().unwrap_or_default();
        // What the key is for follows; a test of its own looks at that.
        let help = if help.starts_with("add `") { help.split(": ").next().unwrap_or_default() } else { help };
        let severity = if found.severity == found.rule.severity { "" } else { found.severity.as_str() };
        let path = found.path[1..].join(".");
        format!("{severity}{} {}:{} {path}: {} | {help}", found.rule.name, at.line, at.column, found.message)
    });
    assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn of_a_missing_key_one_reads_what_it_is_for() {
    for (body, help) in [
        ("auth_mode: BILL", "add `token_url`: the login endpoint, literal"),
        ("auth_mode: NONE\nproxy: {}", "add `base_url`: the base of every URL, a template"),
    ] {
        let text = format!("{HEAD}    {}\n", body.replace('\n', "\n    "));
        let (entries, _) = resolve(parse(Sources::default().add("t.yaml", text.as_str()), &text).0);
        let found = lower(&entries[0]).1;
        let helps: Vec<_> = found.iter().filter_map(|found| found.help.as_deref()).collect();
        assert_eq!(helps, [help], "{body}");
    }
}

#[test]
fn a_small_entry_has_no_finding() {
    check("auth_mode: NONE", &[]);
    check("auth_mode: API_KEY\nproxy: {base_url: 'https://api.example.com', headers: {authorization: x}}", &[]);
}

#[test]
fn unknown_keys_are_reported_with_the_nearest_key_of_their_map() {
    check(
        "auth_mode: NONE\nscope_seprator: ','",
        &["unknown-key 5:5 scope_seprator: unknown key `scope_seprator` | did you mean `scope_separator`?"],
    );
    check(
        "auth_mode: API_KEY\nproxy:\n    base_url: https://a.example\n    verification: {endpoint: /me, endpoints: [/me]}",
        &["unknown-key 7:24 proxy.verification.endpoint: unknown key `endpoint` | did you mean `endpoints`?"],
    );
    check(
        "auth_mode: NONE\nzebra: 1",
        &["unknown-key 5:5 zebra: unknown key `zebra` | remove it; the format reference lists the keys of each place"],
    );
    check(
        "auth_mode: NONE\nconnection_config:\n    host: {type: string, title: T, description: D, pattren: a}",
        &["unknown-key 6:56 connection_config.host.pattren: unknown key `pattren` | did you mean `pattern`?"],
    );
    check(
        "auth_mode: NONE\nkeyway: {alow: {}}",
        &["unknown-key 5:14 keyway.alow: unknown key `alow` | did you mean `allow`?"],
    );
}

#[test]
fn known_keys_at_the_wrong_level_are_sent_home() {
    check(
        "auth_mode: NONE\nbase_url: https://a.example",
        &["misplaced-key 5:5 base_url: `base_url` does not belong here | move it: `base_url` belongs in `proxy`"],
    );
    check(
        "auth_mode: OAUTH2\nauthorization_url: https://a.example\ntoken_url: https://a.example\nproxy:\n    base_url: https://a.example\n    scope_separator: ','",
        &[
            "misplaced-key 9:9 proxy.scope_separator: `scope_separator` does not belong here | move it: `scope_separator` belongs in the entry itself, beside `display_name`",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    endpoints: [/me]",
        &[
            "misplaced-key 7:9 proxy.endpoints: `endpoints` does not belong here | move it: `endpoints` belongs in `proxy.verification`",
        ],
    );
}

#[test]
fn values_of_another_type_are_named_in_the_words_of_the_format() {
    check(
        "auth_mode: NONE\ncategories: crm",
        &["wrong-type 5:17 categories: expected a list of categories, found a string | put it in a list"],
    );
    check(
        "auth_mode: NONE\ncategories: crms",
        &["wrong-type 5:17 categories: expected a list of categories, found a string | "],
    );
    check(
        "auth_mode: NONE\ndefault_scopes: {a: b}",
        &["wrong-type 5:22 default_scopes: expected a list of strings, found a map | "],
    );
    check(
        "auth_mode: NONE\ndefault_scopes: [a, 7]",
        &["wrong-type 5:25 default_scopes.1: expected a string, found the number `7` | put it in quotes"],
    );
    check(
        "auth_mode: OAUTH2\nauthorization_url: https://a.example\ntoken_url: [https://a.example]",
        &["wrong-type 6:17 token_url: expected a string or a map of strings, found a list | "],
    );
    check(
        "auth_mode: NONE\nkeyway: {scopes: read}",
        &["wrong-type 5:22 keyway.scopes: expected a list of strings or a map of strings, found a string | "],
    );
    check(
        "auth_mode: NONE\nkeyway: {scopes: {read: Read it, write: [all]}}",
        &["wrong-type 5:46 keyway.scopes.write: expected a string, found a list | "],
    );
    check("auth_mode: NONE\nproxy: https://a.example", &["wrong-type 5:12 proxy: expected a map, found a string | "]);
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    headers: {x-a: 3}",
        &["wrong-type 7:24 proxy.headers.x-a: expected a header value, found the number `3` | put it in quotes"],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    decompress: 'true'",
        &["wrong-type 7:21 proxy.decompress: expected `true` or `false`, found a string | write `true`"],
    );
    check(
        "auth_mode: NONE\ntoken_expiration_buffer: -1",
        &[
            "wrong-type 5:30 token_expiration_buffer: expected a whole number from 0 to 4294967295, found the number `-1` | ",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    retry: {after: 3}",
        &[
            "wrong-type 7:24 proxy.retry.after: expected a header name in lower case or a list of header names in lower case, found the number `3` | ",
        ],
    );
    check(
        "auth_mode: NONE\nwebhook_routing_script:",
        &[
            "wrong-type 5:27 webhook_routing_script: expected a string, found nothing | write a value, or remove the key",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    paginate: {type: 3}",
        &["wrong-type 7:26 proxy.paginate.type: expected one of `link`, `cursor`, `offset`, found the number `3` | "],
    );
}

#[test]
fn words_that_do_not_exist_get_the_nearest_or_the_list() {
    check(
        "auth_mode: NONE\ncategories: [crn]",
        &["unknown-enum-value 5:18 categories.0: unknown value `crn` | did you mean `crm`?"],
    );
    check(
        "auth_mode: NONE\nconnection_config:\n    a: {type: string, title: T, description: D, format: tenant}",
        &[
            "unknown-enum-value 6:61 connection_config.a.format: unknown value `tenant` | write one of `hostname`, `authority`, `uuid`, `uri`, `email`",
        ],
    );
    check(
        "auth_mode: OAUTH2_CC\ntoken_url: https://a.example\nexpires_in_unit: seconds",
        &["unknown-enum-value 6:22 expires_in_unit: unknown value `seconds` | write `milliseconds`"],
    );
    check(
        "auth_mode: OAUTH2\nauthorization_url: https://a.example\ntoken_url: https://a.example\nauthorization_url_skip_encode: [scope]",
        &["unknown-enum-value 7:37 authorization_url_skip_encode.0: unknown value `scope` | did you mean `scopes`?"],
    );
}

#[test]
fn keys_that_every_entry_needs_are_missed() {
    check("auth_mode: NONE\nproxy: {}", &["missing-base-url 5:5 proxy: `proxy` has no `base_url` | add `base_url`"]);
    check(
        "auth_mode: NONE\nconnection_config:\n    a: {type: string}",
        &[
            "missing-key 6:9 connection_config.a: `a` has no `description` | add `description`",
            "missing-key 6:9 connection_config.a: `a` has no `title` | add `title`",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    verification: {method: GET}",
        &["missing-key 7:9 proxy.verification: `verification` has no `endpoints` | add `endpoints`"],
    );
    check("categories: [crm]", &["missing-key 1:1 : `acme` has no `auth_mode` | add `auth_mode`"]);
}

#[test]
fn keys_that_the_mode_needs_are_missed() {
    check(
        "auth_mode: OAUTH2",
        &[
            "auth-mode-shape 1:1 : `acme` has no `authorization_url` | add `authorization_url`",
            "auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`",
        ],
    );
    check(
        "auth_mode: OAUTH2\ninstallation: outbound",
        &["auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`"],
    );
    check("auth_mode: OAUTH2_CC", &["auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`"]);
    check(
        "auth_mode: OAUTH1",
        &[
            "auth-mode-shape 1:1 : `acme` has no `authorization_url` | add `authorization_url`",
            "auth-mode-shape 1:1 : `acme` has no `request_url` | add `request_url`",
            "auth-mode-shape 1:1 : `acme` has no `signature_method` | add `signature_method`",
            "auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`",
        ],
    );
    check(
        "auth_mode: JWT",
        &[
            "auth-mode-shape 1:1 : `acme` has no `signature` | add `signature`",
            "auth-mode-shape 1:1 : `acme` has no `token` | add `token`",
        ],
    );
    check(
        "auth_mode: SIGNATURE",
        &[
            "auth-mode-shape 1:1 : `acme` has no `signature` | add `signature`",
            "auth-mode-shape 1:1 : `acme` has no `token` | add `token`",
        ],
    );
    check(
        "auth_mode: TWO_STEP",
        &[
            "auth-mode-shape 1:1 : `acme` has no `token_response` | add `token_response`",
            "auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`",
        ],
    );
    check(
        "auth_mode: TWO_STEP\ntoken_url: https://a.example\ntoken_response: {}",
        &["missing-key 6:5 token_response: `token_response` has no `token` | add `token`"],
    );
    check(
        "auth_mode: MCP_OAUTH2\nauthorization_url: https://a.example\ntoken_url: https://a.example\nclient_registration: dynamic",
        &["auth-mode-shape 1:1 : `acme` has no `registration_url` | add `registration_url`"],
    );
    check(
        "auth_mode: MCP_OAUTH2\nauthorization_url: https://a.example\ntoken_url: https://a.example\nclient_registration: static",
        &[],
    );
    check(
        "auth_mode: CUSTOM",
        &[
            "auth-mode-shape 1:1 : `acme` has no `authorization_url` | add `authorization_url`",
            "auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`",
        ],
    );
    check("auth_mode: BILL", &["auth-mode-shape 1:1 : `acme` has no `token_url` | add `token_url`"]);
}

#[test]
fn auth_modes_are_suggested_by_spelling_and_by_keys() {
    // A mode that is clear is read as it was meant, so that what it lacks is said too.
    let rest = "\nauthorization_url: https://a.example\ntoken_url: https://a.example";
    check(
        "auth_mode: OAUTH2CC\ntoken_url: https://a.example",
        &["auth-mode-unknown 4:16 auth_mode: unknown auth mode `OAUTH2CC` | did you mean `OAUTH2_CC`?"],
    );
    check(
        &format!("auth_mode: oauth2{rest}"),
        &["auth-mode-unknown 4:16 auth_mode: unknown auth mode `oauth2` | did you mean `OAUTH2`?"],
    );
    check(
        "auth_mode: ZEBRA\ntoken_response: {token: a}\ntoken_url: https://a.example",
        &["auth-mode-unknown 4:16 auth_mode: unknown auth mode `ZEBRA` | its keys are those of `TWO_STEP`"],
    );
    check(
        "auth_mode: MAGIC",
        &[
            "auth-mode-unknown 4:16 auth_mode: unknown auth mode `MAGIC` | write one of `OAUTH2`, `OAUTH2_CC`, `API_KEY`, `BASIC`, `TWO_STEP`, `JWT`, `SIGNATURE`, `OAUTH1`, `TBA`, `MCP_OAUTH2`, `MCP_OAUTH2_GENERIC`, `APP`, `CUSTOM`, `INSTALL_PLUGIN`, `BILL`, `AWS_SIGV4`, `NONE`",
        ],
    );
    check("auth_mode: 7", &["wrong-type 4:16 auth_mode: expected an auth mode, found the number `7` | "]);
    check(
        "auth_mode: APP_STORE",
        &["auth-mode-unsupported 4:16 auth_mode: auth mode `APP_STORE` is not supported | describe it as `JWT`"],
    );
    check(
        "auth_mode: TABLEAU",
        &["auth-mode-unsupported 4:16 auth_mode: auth mode `TABLEAU` is not supported | describe it as `TWO_STEP`"],
    );
}

#[test]
fn keys_that_the_mode_does_not_read_are_dead() {
    check(
        "auth_mode: OAUTH2_CC\ntoken_url: https://a.example\ntoken_headers: {x-a: b}",
        &["dead-key 6:5 token_headers: `token_headers` has no effect in `OAUTH2_CC` | remove it"],
    );
    check("auth_mode: NONE\ndecode_url: true", &["dead-key 5:5 decode_url: `decode_url` has no effect | remove it"]);
    check(
        "auth_mode: NONE\nrefresh_params: 7",
        &[
            "dead-key 5:5 refresh_params: `refresh_params` has no effect in `NONE` | remove it",
            "wrong-type 5:21 refresh_params: expected a map of values of any type, found the number `7` | ",
        ],
    );
    check(
        "auth_mode: CUSTOM\nauthorization_url: a\ntoken_url: {OAUTH2: a, APP: b, BASIC: c}",
        &["dead-key 6:36 token_url.BASIC: `BASIC` has no effect | remove it"],
    );
    check(
        "auth_mode: NONE\ntoken_url: {APP: a}",
        &["dead-key 5:5 token_url: `token_url` has no effect in `NONE` | remove it"],
    );
}

#[test]
fn names_follow_their_grammar() {
    check(
        "auth_mode: NONE\nconnection_config:\n    host2: {type: string, title: T, description: D}",
        &[
            "invalid-field-name 6:9 connection_config.host2: `host2` is not a field name | field names of a configuration consist of letters, `_`, `.` and `-`, without digits",
        ],
    );
    check(
        "auth_mode: API_KEY\ncredentials:\n    api-key: {type: string, title: T, description: D}",
        &[
            "invalid-field-name 6:9 credentials.api-key: `api-key` is not a field name | names of credentials consist of letters and `_`, without digits",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    headers: {X-Key: a}",
        &[
            "header-case 7:19 proxy.headers.X-Key: `X-Key` is not a header name in lower case | header names are written in lower case and consist of letters, digits, `-`, `_` and `.`",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    headers: {'x key': a}",
        &[
            "invalid-header-name 7:19 proxy.headers.x key: `x key` is not a header name in lower case | header names are written in lower case and consist of letters, digits, `-`, `_` and `.`",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    retry: {at: [X-Reset], error_code: ['5xy']}",
        &[
            "header-case 7:22 proxy.retry.at.0: `X-Reset` is not a header name in lower case | header names are written in lower case and consist of letters, digits, `-`, `_` and `.`",
            "invalid-value 7:45 proxy.retry.error_code.0: `5xy` is not a status | write `429`, `5xx` or `500-503`",
        ],
    );
    check(
        "auth_mode: NONE\nproxy:\n    base_url: https://a.example\n    headers: {x-key: \"a\\nb\", x-other: \"${a}\\n\"}",
        &[
            "invalid-header-value 7:26 proxy.headers.x-key: `a\\nb` is not a header value | header values hold no line breaks and no other control characters (RFC 9110 section 5.5)",
        ],
    );
    check(
        "auth_mode: NONE\nconnection_config:\n    a: {type: string, title: T, description: D, doc_section: step}",
        &[
            "invalid-value 6:66 connection_config.a.doc_section: `step` is not a section such as `#step-1` | write `#` and then lower-case letters, digits and hyphens",
        ],
    );
}

#[test]
fn an_alias_gets_a_note_for_a_key_that_its_own_mode_does_not_read() {
    check_file(
        &format!(
            "{HEAD}    auth_mode: OAUTH2_CC\n    token_url: https://a.example\n\
             other:\n    alias: acme\n    auth_mode: NONE\n"
        ),
        &["notedead-key 5:5 token_url: `token_url` has no effect in `NONE` | "],
    );
}

#[test]
fn an_alias_is_told_about_a_value_that_only_its_own_mode_refuses() {
    let urls = "{OAUTH2: 'https://a.example', APP: 'https://b.example'}";
    check_file(
        &format!(
            "{HEAD}    auth_mode: CUSTOM\n    authorization_url: https://a.example\n    token_url: {urls}\n\
             other:\n    alias: acme\n    auth_mode: BILL\n"
        ),
        &[
            "notedead-key 5:5 authorization_url: `authorization_url` has no effect in `BILL` | ",
            "wrong-type 6:17 token_url: expected a string, found a map | ",
        ],
    );
}

#[test]
fn provider_keys_follow_their_grammar() {
    check_file(
        "Acme_1: {display_name: A, docs: b, auth_mode: NONE}",
        &["invalid-provider-key 1:1 : `Acme_1` is not a provider key | \
           provider keys consist of lower-case letters, digits and hyphens"],
    );
}

#[test]
fn a_fix_renames_a_key_and_quotes_a_number() {
    for (body, expected) in [
        ("auth_mode: NONE\ndoks: a", "auth_mode: NONE\ndocs: a"),
        ("auth_mode: oauth1", "auth_mode: OAUTH1"),
        ("auth_mode: NONE\nsetup_guide_url: 7", "auth_mode: NONE\nsetup_guide_url: '7'"),
        ("auth_mode: 'oauth1'", "auth_mode: 'OAUTH1'"),
        ("auth_mode: OAUTH_CC", "auth_mode: OAUTH2_CC"),
        // As near to one as to the other; the keys beside it tell.
        ("auth_mode: OAUTH\nrequest_url: https://a", "auth_mode: OAUTH1\nrequest_url: https://a"),
        ("auth_mode: OAUTH\nrefresh_params: {}", "auth_mode: OAUTH\nrefresh_params: {}"),
        ("auth_mode: NONE\ncategories: crm", "auth_mode: NONE\ncategories: [crm]"),
        ("auth_mode: NONE\ndefault_scopes: 'a'", "auth_mode: NONE\ndefault_scopes: ['a']"),
        ("auth_mode: NONE\ntoken_expiration_buffer: '60'", "auth_mode: NONE\ntoken_expiration_buffer: 60"),
        ("auth_mode: NONE\nproxy: {base_api_url: a}", "auth_mode: NONE\nproxy: {base_url: a}"),
        // The right name is there already.
        ("auth_mode: NONE\nproxy: {base_ulr: a, base_url: b}", "auth_mode: NONE\nproxy: {base_ulr: a, base_url: b}"),
        (
            "auth_mode: NONE\nproxy: {base_url: a, headers: {X-Key: b}}",
            "auth_mode: NONE\nproxy: {base_url: a, headers: {x-key: b}}",
        ),
    ] {
        let text = format!("acme:\n{body}").replace('\n', "\n  ");
        let mut sources = Sources::default();
        let (entries, _) = resolve(parse(sources.add("t.yaml", text.as_str()), &text).0);
        let (_, found) = lower(&entries[0]);
        let mut edits: Vec<_> =
            found.iter().filter_map(|found| found.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        let mut mended = text.clone();
        for edit in edits {
            mended.replace_range(edit.span.range(), &edit.replacement);
        }
        assert_eq!(mended, format!("acme:\n{expected}").replace('\n', "\n  "), "{body}");
    }
}

#[test]
fn a_part_of_a_text_has_its_own_place() {
    let text = "acme:\n  display_name: 'Acme Inc'\n  docs: \"a\\tb\"\n  auth_mode: NONE\n";
    let mut sources = Sources::default();
    let (entries, _) = resolve(parse(sources.add("t.yaml", text), text).0);
    let common = lower(&entries[0]).0.unwrap().common;
    assert_eq!(sources.text(common.display_name.span_of(5..8)), "Inc");
    assert_eq!(sources.text(common.docs.span_of(0..1)), "\"a\\tb\"");
    assert_eq!(common.display_name.span_of(5..9), common.display_name.span);
}

#[test]
fn every_key_is_documented_in_one_sentence_or_more() {
    for key in keys() {
        assert!(key.doc.ends_with('.') && key.doc.len() > 10, "{}: {}", key.path, key.doc);
        assert!(!key.type_name.is_empty(), "{}", key.path);
    }
    let doc = |path: &'static str| keys().iter().filter(move |key| key.path == path);
    assert_eq!(doc("proxy.verification.endpoints").count(), 1);
    assert_eq!(doc("credentials.*.visible_when.field").next().unwrap().type_name, "a string");
    assert_eq!(doc("additional_steps[].token_url").next().unwrap().modes, ["TWO_STEP"]);
    let methods = &doc("proxy.verification.method").next().unwrap().values;
    assert_eq!(methods[1], ("POST", "With the body `data`.".to_owned()));
    assert_eq!(doc("auth_mode").next().unwrap().values.len(), 17);
    assert!(doc("decode_url").all(|key| key.dead));
    assert!(doc("display_name").all(|key| key.required && key.modes.is_empty()));
}
