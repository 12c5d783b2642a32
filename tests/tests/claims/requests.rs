//! Claims about the request of a call: what is sent, and what is refused.

use super::{Account, is_lowered, says, spec};
use keyway::egress::EgressPolicy;
use keyway::request::{self, Call, CallBody, Plan};
use serde_json::Map;

const KEY: &[(&str, &str)] = &[("apiKey", "k-1")];

fn entry(proxy: &str, fields: &str) -> String {
    let credentials = "credentials: {apiKey: {type: string, title: Key, description: It.}}";
    format!("    auth_mode: API_KEY\n    {credentials}\n    connection_config: {{{fields}}}\n    proxy: {proxy}\n")
}

fn field(name: &str, more: &str) -> String {
    format!("{name}: {{type: string, title: T, description: D.{more}}}")
}

fn get(endpoint: &str) -> Call {
    Call::get(endpoint)
}

fn post(body: CallBody, headers: &[(&str, &str)]) -> Call {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    get("/x").method(http::Method::POST).body(body).headers(headers)
}

/// The request in words: URL, headers, body, line by line.
fn shown(plan: &Plan) -> String {
    let open = keyway::mask::reveal(plan);
    let headers: Vec<String> = open.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}\n\n{}", open.url, headers.join("\n"), open.body.unwrap_or_default())
}

fn planned(account: &Account, call: &Call) -> Result<Plan, keyway::Error> {
    request::plan(&account.inputs(&Map::new()), call)
}

#[test]
fn a_request_is_what_the_pages_say() {
    let text = |text: &str| CallBody::JsonText(text.to_owned().into());
    let form = || CallBody::Form(vec![("a".to_owned(), "1".to_owned())]);
    let site = &[("site", "https://acme.example")][..];
    let json = "{base_url: https://a.example, headers: {x: '${apiKey}', content-type: application/json}}";
    let quoted = "{base_url: https://a.example, body: {q: '{ user(name: \"${connectionConfig.team}\") }'}}";
    let tags = "{base_url: https://a.example, body: {q: '<name>${connectionConfig.team}</name>'}}";
    let hosted = "{base_url: 'https://${connectionConfig.site}/api'}";
    let fallback = "{base_url: 'https://${connectionConfig.site}.a.example || https://a.example'}";
    for (rule, words, proxy, fields, config, call, expected) in [
        ("KW0330", "refuses such a base", "{base_url: 'https://a.example?x=1'}", "", &[][..], get("/x"), Err("query")),
        (
            "KW0322",
            "refuses a value with `://`",
            hosted,
            &*field("site", ""),
            site,
            get("/x"),
            Err("without `https://`"),
        ),
        (
            "KW0323",
            "A value like `acme.example` is no URL",
            "{base_url: '${connectionConfig.site}/api'}",
            &*field("site", ""),
            &[("site", "acme.example")],
            get("/x"),
            Err("must look like `https://host`"),
        ),
        (
            "KW0326",
            "One slash joins",
            "{base_url: https://a.example/v1/}",
            "",
            &[],
            get("/x"),
            Ok("https://a.example/v1/x\n"),
        ),
        (
            "KW0310",
            "is sent with its braces",
            "{base_url: https://a.example, headers: {x: '{connectionConfig.a}'}}",
            "",
            &[],
            get("/x"),
            Ok("x: {connectionConfig.a}\n"),
        ),
        (
            "KW0310",
            "a path with `%7B` and `%7D`",
            "{base_url: 'https://a.example/{connectionConfig.a}'}",
            "",
            &[],
            get("/x"),
            Ok("https://a.example/%7BconnectionConfig.a%7D/x\n"),
        ),
        (
            "KW0338",
            "The runtime refuses such values",
            "{base_url: 'https://${connectionConfig.site}.a.example'}",
            &*field("site", ""),
            &[("site", "evil.example/")],
            get("/x"),
            Err("host name"),
        ),
        (
            "KW0338",
            "the request fails",
            "{base_url: 'https://${connectionConfig.site}/api'}",
            &*field("site", ""),
            &[("site", "a.example?x")],
            get("/x"),
            Err("must not contain"),
        ),
        (
            "KW0351",
            "every request that needs it fails",
            "{base_url: 'https://${connectionConfig.site}.a.example'}",
            &*field("site", ", automated: true"),
            &[],
            get("/x"),
            Err("has no value"),
        ),
        (
            "KW0314",
            "The first alternative that is complete is taken",
            fallback,
            &*field("site", ", optional: true"),
            &[],
            get("/x"),
            Ok("https://a.example/x\n"),
        ),
        (
            "KW0314",
            "The first alternative that is complete is taken",
            fallback,
            &*field("site", ", optional: true"),
            &[("site", "eu")],
            get("/x"),
            Ok("https://eu.a.example/x\n"),
        ),
        (
            "KW0333",
            "An endpoint is always below the base URL",
            "{base_url: https://a.example/v1}",
            "",
            &[],
            get("/../v2/x"),
            Err("`..`"),
        ),
        ("KW0399", "also one that has no body", json, "", &[], get("/x"), Ok("content-type: application/json\n")),
        ("KW0399", "A program that passes a form", json, "", &[], post(form(), &[]), Err("the body is a form")),
        (
            "KW0399",
            "Every call that names no type of its own",
            json,
            "",
            &[],
            post(text("{}"), &[("content-type", "application/scim+json")]),
            Ok("content-type: application/scim+json\n"),
        ),
        (
            "KW0315",
            "nothing in `proxy.body`",
            quoted,
            &*field("team", ""),
            &[("team", "a\"b")],
            post(text("{}"), &[]),
            Ok(r#"user(name: \"a\"b\")"#),
        ),
        (
            "KW0315",
            "nothing between the tags of XML",
            tags,
            &*field("team", ""),
            &[("team", "a</name>")],
            post(text("{}"), &[]),
            Ok("<name>a</name></name>"),
        ),
    ] {
        says(rule, words);
        let account = Account::of(spec(&entry(proxy, fields))).with(config, KEY);
        let got = planned(&account, &call);
        match (&got, expected) {
            (Ok(plan), Ok(part)) => assert!(shown(plan).contains(part), "{rule} {words}: {}", shown(plan)),
            (Err(error), Err(part)) => assert!(error.message().contains(part), "{rule} {words}: {error}"),
            (Ok(plan), Err(_)) => panic!("{rule} {words}: {}", shown(plan)),
            (Err(error), Ok(_)) => panic!("{rule} {words}: {error}"),
        }
    }
}

#[test]
fn a_key_that_no_template_names_is_never_sent() {
    says("KW0373", "One that none names is asked for and never sent");
    let account = Account::of(spec(&entry("{base_url: https://a.example}", ""))).with(&[], KEY);
    assert!(!shown(&planned(&account, &get("/x")).unwrap()).contains("k-1"));
}

#[test]
fn what_is_optional_is_left_out_and_what_is_not_fails_the_call() {
    let headers = "{base_url: https://a.example, headers: {x: 'a ${connectionConfig.team}'}}";
    for (more, expected) in [(", optional: true", Ok(false)), ("", Err("`connectionConfig.team` has no value"))] {
        let account = Account::of(spec(&entry(headers, &field("team", more)))).with(&[], KEY);
        let got = planned(&account, &get("/x")).map(|plan| shown(&plan).contains("\nx: "));
        assert_eq!(
            got.as_ref().map_err(|error| error.message().contains(expected.unwrap_err())).copied(),
            expected.map_err(|_| true)
        );
    }
}

#[test]
fn an_entry_with_a_template_that_says_nothing_cannot_be_used() {
    for (rule, template) in [("KW0200", "Bearer ${apiKey"), ("KW0201", "Bearer ${connectionConfig.team}")] {
        says(rule, "the entry cannot be used");
        let keys = entry(&format!("{{base_url: https://a.example, headers: {{authorization: '{template}'}}}}"), "");
        assert!(!is_lowered(&keys), "{rule}");
    }
}

#[test]
fn a_credential_goes_where_the_pages_say() {
    let oauth = |headers: &str| {
        format!(
            "    auth_mode: OAUTH2\n    authorization_url: https://a.example/authorize\n    token_url: https://a.example/token\n    \
             connection_config: {{{}}}\n    proxy: {{base_url: 'https://${{connectionConfig.site}}', headers: {{{headers}}}}}\n",
            field("site", "")
        )
    };
    let key = |base: &str| entry(&format!("{{base_url: '{base}', headers: {{x: '${{apiKey}}'}}}}"), &field("site", ""));
    let whole = key("https://${connectionConfig.site}");
    let none = "    auth_mode: NONE\n".to_owned();
    let over = |base: &str| get("/x").base_url_override(base);
    for (rule, words, keys, call, listed, expected) in [
        ("KW0337", "any public host", &whole, get("/x"), None, true),
        ("KW0337", "only to hosts that the operator allows", &oauth("x: '${clientSecret}'"), get("/x"), None, false),
        (
            "KW0337",
            "only to hosts that the operator allows",
            &oauth("x: '${clientSecret}'"),
            get("/x"),
            Some("b.example"),
            true,
        ),
        ("KW0328", "unless the operator allows it", &key("http://a.example"), get("/x"), None, false),
        (
            "KW0310",
            "a host with braces is none",
            &key("https://{connectionConfig.a}.a.example"),
            get("/x"),
            None,
            false,
        ),
        ("KW0320", "only to hosts that the operator lists", &none, over("https://b.example"), None, false),
        ("KW0320", "only to hosts that the operator lists", &none, over("https://b.example"), Some("b.example"), true),
        (
            "KW0333",
            "only with a base-URL override",
            &key("https://a.example/v1"),
            over("https://a.example/v2"),
            None,
            true,
        ),
        (
            "KW0333",
            "only with a base-URL override",
            &key("https://a.example/v1"),
            over("https://b.example/v2"),
            None,
            false,
        ),
    ] {
        says(rule, words);
        let mut account = Account::of(spec(keys)).with(&[("site", "b.example")], KEY);
        account.credentials.token = Some(keyway::credentials::Token::new("t"));
        account.integration.allowed_hosts = listed.map(str::to_owned).into_iter().collect();
        let plan = planned(&account, &call).unwrap();
        let metadata = Map::new();
        let egress = request::egress(&account.inputs(&metadata), EgressPolicy::default(), &call);
        assert_eq!(egress.check_url(&plan.url.0).is_ok(), expected, "{rule} {words} {listed:?}");
    }
}

#[test]
fn an_unfinished_rule_of_pages_is_none() {
    says("KW0396", "The runtime takes such a rule for none");
    for (rule, is_one) in [
        ("{type: cursor, cursor_name_in_request: after}", false),
        ("{type: cursor, cursor_name_in_request: after, cursor_path_in_response: next}", true),
        ("{type: link}", false),
    ] {
        let spec = spec(&entry(&format!("{{base_url: https://a.example, paginate: {rule}}}"), ""));
        assert_eq!(spec.proxy.unwrap().paginate.is_some(), is_one, "{rule}");
    }
}
