//! The specs that entries are lowered to, as tables of minimal entries.

use crate::pipeline::compile;
use crate::source::Sources;
use keyway_spec::auth::{ClientAuth, TokenEndpoint};
use keyway_spec::proxy::{OffsetCount, Paginate, PaginateKind};
use keyway_spec::{Auth, Node, Position, ProviderSpec, Template, Value};

/// Lowers one entry in `mode` with these further lines, and shows it to `look`.
fn with_entry(mode: &str, lines: &str, look: impl FnOnce(&ProviderSpec)) {
    with_proxy(mode, "base_url: 'https://api.acme.example'", lines, look);
}

fn with_proxy(mode: &str, proxy: &str, lines: &str, look: impl FnOnce(&ProviderSpec)) {
    let text = format!(
        "acme:\n  display_name: Acme\n  docs: https://acme.example/docs\n  categories: [other]\n  auth_mode: {mode}\n  \
         proxy: {{{proxy}}}\n{lines}"
    );
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (checked, specs) = compile(&sources, file, &[]);
    let Some(spec) = specs.first() else { panic!("{lines}: {:?}", checked.diagnostics) };
    look(spec);
}

fn with_token(mode: &str, lines: &str, look: impl FnOnce(&TokenEndpoint)) {
    let urls = "  authorization_url: https://acme.example/authorize\n  token_url: https://acme.example/token\n";
    let urls = if mode == "OAUTH2" { urls } else { "  token_url: https://acme.example/token\n" };
    with_entry(mode, &format!("{urls}{lines}"), |spec| match &spec.auth {
        Auth::OAuth2(auth) => look(&auth.token),
        Auth::OAuth2ClientCredentials(auth) => look(&auth.token),
        other => panic!("{other:?}"),
    });
}

#[test]
fn client_authentication_follows_from_two_keys_and_the_mode() {
    let (header, basic) = ("  authorization_method: header\n", "  token_request_auth_method: basic\n");
    for (mode, lines, expected) in [
        ("OAUTH2", String::new(), ClientAuth::Post),
        ("OAUTH2", header.to_owned(), ClientAuth::Basic),
        ("OAUTH2", basic.to_owned(), ClientAuth::BasicRaw),
        ("OAUTH2", format!("{header}{basic}"), ClientAuth::Basic),
        ("OAUTH2", "  token_request_auth_method: custom\n".to_owned(), ClientAuth::UsernamePassword),
        ("OAUTH2", "  token_request_auth_method: private_key_jwt\n".to_owned(), ClientAuth::PrivateKeyJwt),
        ("OAUTH2_CC", String::new(), ClientAuth::Post),
        ("OAUTH2_CC", basic.to_owned(), ClientAuth::BasicRaw),
        ("OAUTH2_CC", "  token_request_auth_method: custom\n".to_owned(), ClientAuth::UsernamePassword),
        ("OAUTH2_CC", "  token_request_auth_method: private_key_jwt\n".to_owned(), ClientAuth::PrivateKeyJwt),
    ] {
        with_token(mode, &lines, |token| assert_eq!(token.client_auth, expected, "{mode} {lines}"));
    }
}

#[test]
fn a_slash_in_a_value_separates_segments_only_where_the_entry_skips_the_encoding() {
    let position = |template: &Template| match template.nodes() {
        [_, Node::Reference(reference)] => reference.position,
        other => panic!("{other:?}"),
    };
    for (lines, expected) in [
        ("", [Position::Segment; 3]),
        ("  authorization_url_skip_encode: [scopes]\n", [Position::Segment; 3]),
        ("  authorization_url_skip_encode: [base_url]\n", [Position::Path, Position::Segment, Position::Segment]),
        ("  token_url_skip_encode: [base_url]\n", [Position::Segment, Position::Path, Position::Path]),
    ] {
        let urls = ["authorization_url", "token_url", "refresh_url"]
            .map(|key| format!("  {key}: 'https://acme.example/${{connectionConfig.path}}'\n"));
        let field = "  connection_config: {path: {type: string, title: Path, description: The path.}}\n";
        with_entry("OAUTH2", &format!("{}{field}{lines}", urls.concat()), |spec| {
            let Auth::OAuth2(mode) = &spec.auth else { panic!("{:?}", spec.auth) };
            let (authorize, token) = (mode.authorization.url.unwrap(), mode.token);
            assert_eq!(
                [authorize, token.url, token.refresh_url.unwrap()].map(|url| position(&url)),
                expected,
                "{lines}"
            );
        });
    }
}

#[test]
fn a_refresh_inherits_parameters_but_never_the_grant_of_a_code() {
    let names =
        |token: &TokenEndpoint| token.refresh_params.iter().map(|entry| entry.name.to_owned()).collect::<Vec<_>>();
    let params = "  token_params: {grant_type: authorization_code, audience: x}\n";
    with_token("OAUTH2", params, |token| assert_eq!(names(token), ["audience"]));
    let own = format!("{params}  refresh_params: {{type: refresh}}\n");
    with_token("OAUTH2", &own, |token| assert_eq!(names(token), ["type"]));
}

#[test]
fn a_pagination_rule_is_one_of_four_kinds() {
    let offset = |start, count| PaginateKind::Offset { name: "o", start, count };
    for (rule, expected) in [
        ("type: link, link_rel_in_response_header: next", PaginateKind::LinkHeader { rel: "next" }),
        ("type: link, link_path_in_response_body: a.b", PaginateKind::LinkBody { path: "a.b" }),
        (
            "type: cursor, cursor_name_in_request: c, cursor_path_in_response: a.b",
            PaginateKind::Cursor { name: "c", path: "a.b" },
        ),
        ("type: offset, offset_name_in_request: o", offset(0, OffsetCount::Items)),
        (
            "type: offset, offset_name_in_request: o, offset_calculation_method: by-response-size",
            offset(0, OffsetCount::Items),
        ),
        (
            "type: offset, offset_name_in_request: o, offset_start_value: 1, offset_calculation_method: per-page",
            offset(1, OffsetCount::Pages),
        ),
    ] {
        let proxy = format!(
            "base_url: 'https://api.acme.example', paginate: {{{rule}, limit_name_in_request: n, response_path: d}}"
        );
        with_proxy("NONE", &proxy, "", |spec| {
            let expected =
                Paginate { kind: expected, limit_name: Some("n"), response_path: Some("d"), ..Paginate::EMPTY };
            assert_eq!(spec.proxy.unwrap().paginate, Some(expected), "{rule}");
        });
    }
}

#[test]
fn parameters_keep_their_types() {
    with_token("OAUTH2", "  token_params: {a: false, b: 1, c: '1'}\n", |token| {
        let values: Vec<Value> = token.params.iter().map(|entry| entry.value).collect();
        assert_eq!(values[..2], [Value::Bool(false), Value::Integer(1)]);
        assert!(matches!(values[2], Value::Text(text) if text.as_literal() == Some("1")));
    });
}

#[test]
fn a_mode_asks_for_what_the_entry_does_not_relabel() {
    for (mode, lines, expected) in [
        ("API_KEY", "", vec![("apiKey", true)]),
        ("BASIC", "", vec![("username", false), ("password", true)]),
        ("NONE", "", vec![]),
        ("OAUTH2_CC", "  token_url: https://acme.example/token\n", vec![("client_id", false), ("client_secret", true)]),
    ] {
        with_entry(mode, lines, |spec| {
            let found: Vec<_> = spec.credentials.iter().map(|field| (field.name, field.secret)).collect();
            assert_eq!(found, expected, "{mode}");
        });
    }
}

#[test]
fn empty_hooks_are_absent_and_a_buffer_of_zero_is_the_default() {
    with_entry("NONE", "  webhook_routing_script: ''\n  token_expiration_buffer: 0\n", |spec| {
        assert_eq!((spec.scripts.webhook_routing, spec.token_expiration_buffer), (None, 900));
    });
}

#[test]
fn hosts_that_the_author_vouches_for_are_kept_apart() {
    with_entry("NONE", "  keyway: {hosts: ['*.acme.example']}\n", |spec| {
        assert_eq!(spec.hosts.trusted, ["*.acme.example"]);
        assert_eq!(spec.hosts.api.patterns(), ["api.acme.example"]);
    });
}

#[test]
fn a_host_that_the_author_vouches_for_is_read_as_the_runtime_reads_it() {
    for (line, expected) in [
        ("API.acme.example.", Some("api.acme.example")),
        ("'*.acme.example:*'", Some("*.acme.example:*")),
        ("'*'", Some("*")),
        ("'**.acme.example'", Some("*.acme.example")),
        ("'[2606:4700::1111]:8443'", Some("[2606:4700::1111]:8443")),
        ("'2606:4700::1111'", Some("[2606:4700::1111]")),
        ("10.0.0.7:8080", Some("10.0.0.7:8080")),
        ("https://api.acme.example", None),
        ("api.acme.example/v1", None),
        ("'api.acme.example:'", None),
        ("api.acme.example:0", None),
        ("-api.acme.example", None),
        ("1.2.3", None),
        // No policy lets a call go there.
        ("169.254.169.254", None),
        ("'[fe80::1]'", None),
    ] {
        let text = format!(
            "acme:\n  display_name: Acme\n  docs: https://acme.example/docs\n  categories: [other]\n  auth_mode: NONE\n  \
             proxy: {{base_url: 'https://api.acme.example'}}\n  keyway:\n    hosts:\n    - {line}\n"
        );
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text);
        let (checked, specs) = compile(&sources, file, &[]);
        let refused = format!("{:?}", checked.diagnostics).contains("is not a host pattern");
        assert_eq!(refused, expected.is_none(), "{line}: {:?}", checked.diagnostics);
        if let Some(expected) = expected {
            assert_eq!(specs.first().map(|spec| spec.hosts.trusted), Some(&[expected][..]), "{line}");
        }
    }
}
