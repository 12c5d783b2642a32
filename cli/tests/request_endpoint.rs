//! `keyway request` with the name of an operation, as a process: values to places, everything that is wrong, listings.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use std::fs;

const CATALOGUE: &str = "
acme:
    display_name: Acme
    docs: https://acme.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: A key., secret: true}}
    proxy:
        base_url: https://acme.example.com/v2
        headers: {x-key: '${apiKey}'}
        paginate: {type: offset, offset_name_in_request: page, offset_start_value: 1, \
    offset_calculation_method: per-page, limit_name_in_request: per_page}
    keyway:
        endpoints:
            issues.list:
                get: /repos/{owner}/{repo}/issues
                title: Lists the issues of a repository.
                docs: https://docs.acme.example.com/issues
                headers: {accept: application/vnd.acme+json}
                query:
                    state: {type: string, values: [open, closed], description: Which of them.}
                    labels: {type: strings, style: comma}
                    filter: {type: any, style: brackets}
                paginate: true
            issues.create:
                post: /issues
                body: {title: {type: string, required: true}, labels: strings, extra: any}
                idempotency_key: idempotency-key
            search:
                get: /search
                query: {q: string}
feed:
    display_name: Feed
    docs: https://feed.example.com
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: https://feed.example.com}
    keyway:
        endpoints:
            events.list:
                get: /events
                paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: meta.next}
            links.list: {get: /links, paginate: {type: link, link_rel_in_response_header: next}}
            items.list:
                get: /items
                paginate: {last_item: id, cursor_name_in_request: after, limit_name_in_request: size, more: has_more}
            apps.list:
                get: /apps
                paginate: {cursor_header_in_response: next-range, cursor_header_in_request: range}
bare:
    display_name: Bare
    docs: https://bare.example.com
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: https://bare.example.com}
";

/// Runs `keyway request` with these arguments.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
    process::run(folder.path(), &[&["request", "--catalogue", "c.yaml"], arguments].concat())
}

const LIST: [&str; 6] = ["acme", "issues.list", "--param", "owner=octo/cat", "--param", "repo=hello"];

#[test]
fn values_are_sent_where_the_operation_has_them() {
    for (more, expected) in [
        (&[][..], "GET https://acme.example.com/v2/repos/octo%2Fcat/hello/issues\n"),
        (
            &["--param", "labels=a,b", "--param", "labels=c", "--param", "state=open"],
            "GET https://acme.example.com/v2/repos/octo%2Fcat/hello/issues?labels=a%2Cb,c&state=open\n",
        ),
        (
            &["--param-json", "filter={\"a\":{\"b\":1}}", "--page-size", "5"],
            "/issues?filter%5Ba%5D%5Bb%5D=1&per_page=5\n",
        ),
        (&["--header", "accept: text/csv"], "\naccept: text/csv\n"),
        (&[], "\naccept: application/vnd.acme+json\n"),
        (&[], "\nx-key: <apiKey>\n"),
    ] {
        let (code, out, err) = run(&[&LIST[..], more].concat());
        assert!(code == 0 && out.contains(expected), "{more:?}: {out}{err}");
    }
    let create = ["acme", "issues.create", "--param", "title=7", "--param", "labels=a", "--param-json", "extra=null"];
    let (code, out, err) = run(&create);
    assert!(code == 0 && out.starts_with("POST https://acme.example.com/v2/issues\n"), "{out}{err}");
    assert!(out.ends_with("\n\n{\"title\":\"7\",\"labels\":[\"a\"],\"extra\":null}\n"), "{out}");
    let key = out.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap();
    assert_eq!(key.len(), 36, "{key}");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let (code, out, err) = run(&[
        "acme",
        "issues.list",
        "--param",
        "owner=..",
        "--param",
        "state=opne",
        "--param",
        "filter=hunter2",
        "--param",
        "per_pge=5",
    ]);
    assert_eq!((code, out.as_str()), (2, ""));
    let expected = "`issues.list` cannot be called so: 5 parameters are wrong
  `repo` is missing: give a text, a part of the path (`--param repo=...`)
  `state` must be one of `open`, `closed`; did you mean `open`?
  `filter` may be any JSON, which a text does not say: give it as JSON (`--param-json 'filter=...'`)
  `per_pge` is no parameter of `issues.list`; did you mean `per_page`?
  `owner` must not be `.` or `..`
";
    assert!(err.contains(expected) && !err.contains("hunter2"), "{err}");
    for (arguments, said) in [
        (&["acme", "issues.lsit"][..], "`acme` has no operation `issues.lsit`; did you mean `issues.list`?"),
        (&["acme", "users"], "there is `issues.create`, `issues.list`, `search`"),
        (&["bare", "users"], "its entry lists none, so call it by method and path"),
        (&["bare", "--list"], "`keyway.endpoints`"),
        (&["acme"], "`keyway request acme --list` shows those that there are"),
        (&["acme", "GET"], "`keyway request acme GET /path`"),
        (&["acme", "v1/me"], "`keyway request acme GET /v1/me`"),
        (&["acme", "search", "/x"], "write `SEARCH` where the method is meant"),
        (&["acme", "GET", "/x", "--param", "a=b"], "`--param` goes with the name of an operation"),
        (&["acme", "/x", "--pages", "2"], "`--pages` goes with the name of an operation"),
        (&["acme", "search", "--data", "{}"], "`--data` goes with a method and a path"),
        (&["acme", "search", "--page-size", "5"], "`search` has no pages"),
        (&["feed", "events.list", "--page-size", "5"], "names no parameter for their size"),
        (&["acme", "search", "--param-json", "q=hunter2"], "is not JSON (column 1)"),
        (&["acme", "search", "--param", "q"], "write it as KEY=VALUE"),
        (&["acme", "search", "--param-json", "q=7"], "`q` must be a text"),
    ] {
        let (code, out, err) = run(arguments);
        assert!(code == 2 && out.is_empty() && err.contains(said), "{arguments:?}: {code} {out}{err}");
        assert!(!err.contains("hunter2"), "{err}");
    }
}

#[test]
fn a_method_or_a_slash_keeps_a_call_raw() {
    for (arguments, expected) in [
        (&["acme", "GET", "/x?a=b"][..], "GET https://acme.example.com/v2/x?a=b\n"),
        (&["acme", "/x"], "GET https://acme.example.com/v2/x\n"),
        (&["acme", "SEARCH", "/x"], "SEARCH https://acme.example.com/v2/x\n"),
        (&["acme", "search"], "GET https://acme.example.com/v2/search\n"),
    ] {
        let (code, out, err) = run(arguments);
        assert!(code == 0 && out.starts_with(expected), "{arguments:?}: {out}{err}");
    }
}

#[test]
fn pages_are_shown_as_far_as_they_are_known() {
    let (code, out, err) = run(&[&LIST[..], &["--page-size", "50", "--pages", "3"]].concat());
    let requests: Vec<&str> = out.lines().filter(|line| line.starts_with("GET ")).collect();
    let url = "GET https://acme.example.com/v2/repos/octo%2Fcat/hello/issues";
    assert_eq!(code, 0, "{err}");
    assert_eq!(requests, [1, 2, 3].map(|page| format!("{url}?page={page}&per_page=50")));
    for (arguments, lines, note) in [
        (
            &["feed", "events.list", "--pages", "3", "--param", "after=x"][..],
            &["GET /events?after=x", "GET /events?after=NEXT"][..],
            "has in `after` what stands at `meta.next` of this one's answer (`NEXT`)\n",
        ),
        (
            &["feed", "events.list", "--pages", "1"],
            &["GET /events"],
            "has in `after` what stands at `meta.next` of this one's answer (`NEXT`)\n",
        ),
        (
            &["feed", "items.list", "--pages", "2", "--page-size", "5"],
            &["GET /items?size=5", "GET /items?after=NEXT&size=5"],
            "has in `after` what stands at `id` of this one's last item (`NEXT`); there is one while `has_more` is true\n",
        ),
        (
            &["feed", "apps.list", "--pages", "2", "--header", "Range:id ..; max=5"],
            &["GET /apps", "range: id ..; max=5", "GET /apps", "range: NEXT"],
            "has in the header `range` what stands in the header `next-range` of this one's answer (`NEXT`)\n",
        ),
        (
            &["feed", "links.list", "--pages", "2"],
            &["GET /links"],
            "is the link `next` in the `Link` header of this one's answer\n",
        ),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        let shown = out.lines().filter(|line| line.starts_with("GET ") || line.starts_with("range: "));
        let shown: Vec<String> = shown.map(|line| line.replace("https://feed.example.com", "")).collect();
        assert_eq!(shown, lines, "{arguments:?}");
        assert!(err.ends_with(&format!("note: the request of the next page {note}")), "{err}");
    }
}

#[test]
fn a_listing_says_what_each_operation_takes() {
    let (code, out, err) = run(&["acme", "--list"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let expected = "issues.create  POST /issues
  title   string    body   required
  labels  strings   body
  extra   any       body

issues.list  GET /repos/{owner}/{repo}/issues
  Lists the issues of a repository.
  https://docs.acme.example.com/issues
  owner     string    path   required
  repo      string    path   required
  state     string    query            one of open, closed. Which of them.
  labels    strings   query
  filter    any       query
  page      integer   query
  per_page  integer   query

search  GET /search
  q  string    query
";
    assert!(out == expected, "{out}");
    let (_, one, _) = run(&["feed", "events.list", "--list"]);
    assert!(one.starts_with("events.list  GET /events\n") && !one.contains("issues"), "{one}");
    let (_, json, _) = run(&["acme", "--list", "--format", "json"]);
    let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["name"]), (3, &serde_json::json!("issues.create")));
}
