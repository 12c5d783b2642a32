//! Replays of samples: what is read, what is not, and what cannot be meant.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod support;

use keyway_spec::ProviderSpec;
use support::{entry, replayed};

/// Replays one sample, and compares what is read and the problems, as text.
#[track_caller]
fn check(spec: &'static ProviderSpec, name: &str, sample: &str, read: &str, problems: &[&str]) {
    let outcomes = replayed(spec, &[(name, sample)]);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    let found: Vec<String> = outcome.problems.iter().map(ToString::to_string).collect();
    let told = found.len() == problems.len() && found.iter().zip(problems).all(|(found, part)| found.contains(part));
    assert!(
        outcome.read.join(", ") == read && told,
        "{sample}\nread: {}\nproblems: {found:#?}",
        outcome.read.join(", ")
    );
}

const OAUTH: &str = "acme:
  display_name: Acme
  docs: https://docs.acme.example
  auth_mode: OAUTH2
  authorization_url: https://acme.example/authorize
  token_url: https://acme.example/token
  token_response_metadata: [team.id]
  proxy:
    base_url: https://api.acme.example
    retry:
      after: [x-wait]
    paginate:
      type: cursor
      cursor_name_in_request: after
      cursor_path_in_response: next
      response_path: data
";

const KEY: &str = "acme:
  display_name: Acme
  docs: https://docs.acme.example
  auth_mode: API_KEY
  proxy:
    base_url: https://api.acme.example
    headers:
      authorization: Bearer ${apiKey}
    verification:
      method: GET
      endpoints: [/me]
";

fn ok(comments: &str, body: &str) -> String {
    format!("{comments}HTTP/1.1 200 OK\ncontent-type: application/json\n\n{body}\n")
}

#[test]
fn a_token_is_read_as_the_vendors_page_means_it() {
    let spec = entry(OAUTH);
    let token = |rest: &str| format!(r#"{{"access_token": "a", "team": {{"id": "t1"}}{rest}}}"#);
    let hour = token(r#", "expires_in": 3600, "refresh_token": "r""#);
    let (all, team) = ("a token, it lasts 1 h, a refresh token, `team.id` of the answer", "`team.id` of the answer");
    for (comments, body, read, problems) in [
        ("", hour.as_str(), all, &[][..]),
        ("# lifetime: 3600\n# refresh_token: yes\n", &hour, all, &[]),
        ("# lifetime: 7200\n", &hour, all, &["differs: the vendor's page says that the token lasts 2 h (7200 s)"]),
        ("# lifetime: none\n", &hour, all, &["differs: the vendor's page says that the token does not expire"]),
        ("# refresh_token: no\n", &hour, all, &["differs: the vendor's page says that no refresh token comes"]),
        // The unit: fifteen minutes in milliseconds, and in no unit that a person would choose.
        (
            "# lifetime: 900\n",
            &token(r#", "expires_in": 900000"#),
            &format!("a token, it lasts 10 days 10 h, {team}"),
            &["differs: the vendor's page says that the token lasts 15 min (900 s), and 10 days 10 h (900000 s)"],
        ),
        (
            "",
            &token(r#", "expires_in": 86400000"#),
            &format!("a token, it lasts 1000 days, {team}"),
            &["implausible: the token would last 1000 days (86400000 s)"],
        ),
        (
            "# lifetime: 86400000\n",
            &token(r#", "expires_in": 86400000"#),
            &format!("a token, it lasts 1000 days, {team}"),
            &[],
        ),
        // Members that nothing reads.
        (
            "",
            &token(r#", "expires": 900000, "refreshToken": "r""#),
            &format!("a token, it does not say when it expires, {team}"),
            &["not read: the answer says `expires`: 900000", "not read: the answer has `refreshToken`"],
        ),
        (
            "",
            &token(r#", "refresh_token_expires_in": 900000, "expires_in": 5"#),
            &format!("a token, it lasts 5 s, {team}"),
            &["implausible: the token would last 5 s"],
        ),
        (
            "",
            r#"{"access_token": "a"}"#,
            "a token, it does not say when it expires",
            &["not read: the answer has no `team.id`"],
        ),
        ("", r#"{"token": "a"}"#, "", &["refused: "]),
    ] {
        check(spec, "token.http", &ok(comments, body), read, problems);
    }
}

#[test]
fn a_renewal_is_read_like_a_token_and_says_whether_the_refresh_token_is_new() {
    let spec = entry(OAUTH);
    let body = r#"{"access_token": "b", "expires_in": 3600, "refresh_token": "r2", "team": {"id": "t"}}"#;
    let read = "a token, it lasts 1 h, a new refresh token, `team.id` of the answer";
    check(spec, "refresh.http", &ok("", body), read, &[]);
    let body = r#"{"access_token": "b", "expires_in": 3600, "team": {"id": "t"}}"#;
    let read = "a token, it lasts 1 h, `team.id` of the answer";
    check(spec, "refresh.http", &ok("# refresh_token: no\n", body), read, &[]);
    let differs = &["differs: the vendor's page says that a refresh token comes, and none is read"];
    check(spec, "refresh.http", &ok("# refresh_token: yes\n", body), read, differs);
}

#[test]
fn a_page_is_read_by_the_entrys_rule_and_leads_to_another() {
    let spec = entry(OAUTH);
    for (comments, body, read, problems) in [
        ("", r#"{"data": [1, 2], "next": "c2"}"#, "2 items, the next page has `after=c2`", &[][..]),
        (
            "# items: 2\n# more: yes\n",
            r#"{"data": [1, 2], "next": "c2"}"#,
            "2 items, the next page has `after=c2`",
            &[],
        ),
        (
            "# items: 3\n",
            r#"{"data": [1], "next": "c2"}"#,
            "1 item, the next page has `after=c2`",
            &["differs: the page has 3 items, and 1"],
        ),
        ("# more: no\n", r#"{"data": [1], "next": null}"#, "1 item, the list ends here", &[]),
        ("", r#"{"data": [1], "next": null}"#, "1 item", &["not read: no next page is read"]),
        (
            "# more: no\n",
            r#"{"data": [1], "next": "c2"}"#,
            "1 item, the next page has `after=c2`",
            &["differs: this is the last page"],
        ),
        ("", r#"{"data": [], "next": "c2"}"#, "0 items, the next page has `after=c2`", &["not read: no item is read"]),
        ("# request: GET /x?after=c2\n", r#"{"data": [1], "next": "c2"}"#, "1 item", &["implausible: "]),
        ("", r#"{"items": [1], "next": "c2"}"#, "", &["refused: "]),
    ] {
        let problems: Vec<&str> = problems.to_vec();
        check(spec, "page-things.http", &ok(comments, body), read, &problems);
    }
    check(entry(KEY), "page.http", &ok("", "[1]"), "", &["not described: the entry has no `proxy.paginate`"]);
    let next = "2 items, the next page has `after=c2`";
    let page = r#"{"data": [1, 2], "next": "c2"}"#;
    check(spec, "page.http", &ok("# next: after=c2\n", page), next, &[]);
    check(spec, "page.http", &ok("# next: /?after=c2\n", page), next, &[]);
    let differs = &["differs: the vendor's page says that the next page has `after=c3`, and it is"];
    check(spec, "page.http", &ok("# next: after=c3\n", page), next, differs);
}

#[test]
fn the_last_one_of_counted_pages_is_told_where_another_one_would_be_asked_for() {
    let counted = "type: offset, offset_name_in_request: page, offset_start_value: 1, \
                   offset_calculation_method: per-page, response_path: data";
    let with = |own: &str| entry(&format!("{KEY}  keyway: {{paginate: {{{counted}{own}}}}}\n"));
    let body = r#"{"data": [1, 2], "meta": {"total_pages": 1}}"#;
    let asked = "2 items, the next page has `page=2`, this is the last page, and another one is asked for";
    let told = format!("{asked}: `keyway.paginate` with `page_count: meta.total_pages` ends the list here");
    let differs = &["differs: this is the last page, and another one is asked for: `keyway.paginate` with `page_count"];
    let next = "2 items, the next page has `page=2`";
    for (own, comments, body, read, problems) in [
        ("", "# more: no\n", body, told.as_str(), &[][..]),
        ("", "# more: no\n", r#"{"data": [1, 2]}"#, asked, &[]),
        ("", "# next: none\n", body, next, &differs[..]),
        ("", "# more: yes\n", body, next, &[]),
        (", page_count: meta.total_pages", "# more: no\n", body, "2 items, the list ends here", &[]),
        (", page_count: meta.total_pages", "# next: none\n", body, "2 items, the list ends here", &[]),
    ] {
        check(with(own), "page.http", &ok(comments, body), read, problems);
    }
}

#[test]
fn a_page_of_an_operation_is_read_by_the_operations_rule() {
    let spec = entry(&format!(
        "{OAUTH}  keyway:
    endpoints:
      things.list:
        get: /teams/{{team}}/things
        paginate: {{response_path: things}}
      files.list:
        get: /files/{{path*}}
        paginate: {{response_path: files}}
"
    ));
    for (path, member, read) in [
        ("/teams/7/things?x=1", "things", "1 item, the next page has `after=c`"),
        ("/files/a/b", "files", "1 item, the next page has `after=c`"),
        ("/teams/7/others", "data", "1 item, the next page has `after=c`"),
    ] {
        let sample = ok(&format!("# request: GET {path}\n"), &format!(r#"{{"{member}": [1], "next": "c"}}"#));
        check(spec, "page.http", &sample, read, &[]);
    }
}

#[test]
fn a_wait_is_read_in_the_entrys_header_and_unit() {
    let spec = entry(OAUTH);
    let limited =
        |comments: &str, headers: &str| format!("{comments}HTTP/1.1 429 Too Many Requests\n{headers}\n{{}}\n");
    let again = |wait: &str| format!("{wait}, the call is made again");
    for (comments, headers, read, problems) in [
        ("", "x-wait: 42\n", again("the wait is 42 s"), &[][..]),
        ("# wait: 42\n", "x-wait: 42\n", again("the wait is 42 s"), &[]),
        (
            "# wait: 15\n",
            "x-wait: 15000\n",
            "the wait is 4 h 10 min".to_owned(),
            &["differs: the vendor's page says 15 s, and 4 h 10 min"],
        ),
        (
            "",
            "x-wait: 15000\n",
            "the wait is 4 h 10 min".to_owned(),
            &["implausible: the wait would be 4 h 10 min (15000 s)"],
        ),
        ("", "x-ratelimit-reset: 3\n", again("no wait is named"), &["not read: the answer has `x-ratelimit-reset`"]),
        ("# wait: none\n", "", again("no wait is named"), &[]),
        ("", "", again("no wait is named"), &["not read: no wait is read"]),
        ("# wait: 60\n", "", again("no wait is named"), &["differs: the vendor's page says 1 min, and no wait"]),
    ] {
        check(spec, "limited.http", &limited(comments, headers), &read, problems);
    }
    let forbidden = |comment: &str| format!("# wait: none\n{comment}HTTP/1.1 403 Forbidden\n\n{{}}\n");
    check(spec, "limited.http", &forbidden(""), "no wait is named", &["not read: 403 is not tried again"]);
    check(spec, "limited.http", &forbidden("# retried: no\n"), "no wait is named", &[]);
    let not = &["differs: the call is made again, and the vendor's page says that it must not be"];
    check(spec, "limited.http", &limited("# wait: none\n# retried: no\n", ""), &again("no wait is named"), not);
}

#[test]
fn a_probe_tells_a_right_credential_from_a_wrong_one() {
    let spec = entry(KEY);
    let refused = "HTTP/1.1 401 Unauthorized\n\n{\"error\": \"bad key\"}\n";
    check(spec, "refused.http", refused, "`GET /me` is refused with 401", &[]);
    check(spec, "probe.http", &ok("", "{}"), "`GET /me` proves the credential", &[]);
    let taken = &["differs: `GET /me` takes this answer for a proof, so a wrong credential is stored"];
    check(spec, "refused.http", &ok("", r#"{"error": "bad key"}"#), "", taken);
    check(spec, "probe.http", refused, "", &["refused: "]);
    // One that is refused at the first of two is refused at both.
    let two = entry(&KEY.replace("[/me]", "[/me, /team]"));
    check(two, "refused.http", refused, "`GET /team` is refused with 401", &[]);
    check(spec, "token.http", &ok("", "{}"), "", &["not described: `acme` has no token endpoint"]);
}

#[test]
fn an_exchange_of_several_requests_has_a_sample_for_each() {
    let spec = entry(
        "acme:
  display_name: Acme
  docs: https://docs.acme.example
  auth_mode: TWO_STEP
  token_url: https://acme.example/login
  token_params:
    user: ${credentials.username}
  credentials:
    username: {type: string, title: User name, description: Yours.}
  additional_steps:
    - token_url: https://acme.example/session
      token_params: {ticket: '${step1.ticket}'}
  token_response:
    token: session.token
    token_expiration: session.ttl
    token_expiration_strategy: expireIn
  proxy:
    base_url: https://api.acme.example
    headers: {authorization: 'Bearer ${accessToken}'}
",
    );
    let (first, second) = (ok("", r#"{"ticket": "t"}"#), ok("", r#"{"session": {"token": "s", "ttl": 600}}"#));
    let both = replayed(spec, &[("token-1.http", &first), ("token-2.http", &second)]);
    let problems: Vec<String> = both.iter().flat_map(|one| &one.problems).map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(both[1].read, ["a token", "it lasts 10 min"]);
    // Files without a number are exchanges of their own.
    let two = replayed(spec, &[("token-a-1.http", &first), ("token-a-2.http", &second), ("token-b.http", &first)]);
    let problems: Vec<usize> = two.iter().map(|one| one.problems.len()).collect();
    assert_eq!(problems, [0, 0, 1]);
    let alone = replayed(spec, &[("token.http", &first)]);
    let problem = alone[0].problems[0].to_string();
    assert!(problem.contains("goes on with `POST https://acme.example/session`, which has no sample"), "{problem}");
}

#[test]
fn an_error_inside_a_success_is_a_limit_or_refuses_the_probe() {
    let telling = format!(
        "{KEY}  keyway:\n    errors:\n      - {{when: {{ok: false, error: ratelimited}}, counts_as: 429}}\n      \
         - when: {{ok: false}}\n"
    );
    let answer = |error: &str| format!("content-type: application/json\n\n{{\"ok\": false, \"error\": \"{error}\"}}\n");
    let limited = format!("# wait: 30\nHTTP/1.1 200 OK\nretry-after: 30\n{}", answer("ratelimited"));
    let refused = format!("HTTP/1.1 200 OK\n{}", answer("invalid_auth"));
    let (told, untold) = (entry(&telling), entry(KEY));
    check(told, "limited.http", &limited, "the wait is 30 s, the call is made again", &[]);
    let problems = ["200 is not tried again", "the vendor's page says 30 s, and no wait is read"];
    check(untold, "limited.http", &limited, "no wait is named", &problems);
    check(told, "refused.http", &refused, "`GET /me` is refused with 200", &[]);
    check(untold, "refused.http", &refused, "", &["takes this answer for a proof"]);
}
