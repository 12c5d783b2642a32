//! Operations as they are lowered, and the findings about those that are not.

use crate::pipeline::compile;
use crate::source::Sources;
use keyway_spec::operation::{ListStyle, OperationBody, OperationParameter, ParameterPlace, ValueKind, Verb};
use keyway_spec::proxy::{OffsetCount, PaginateKind};
use keyway_spec::{Operation, Paginate, ProviderSpec};

const PAGES: &str = "paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, \
                     limit_name_in_request: size, response_path: data}";

/// An entry with these operations, one a line, and with this in its `proxy`.
fn entry(proxy: &str, endpoints: &[&str]) -> String {
    let lines: String = endpoints.iter().map(|line| ["      ", line, "\n"].concat()).collect();
    format!(
        "acme:\n  display_name: Acme\n  docs: https://acme.example/docs\n  categories: [other]\n  auth_mode: NONE\n  \
         proxy: {{base_url: 'https://api.acme.example', {proxy}}}\n  keyway:\n    endpoints:\n{lines}"
    )
}

fn lowered(text: &str, look: impl FnOnce(&ProviderSpec)) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (checked, specs) = compile(&sources, file, &[]);
    let Some(spec) = specs.first() else { panic!("{text}: {:?}", checked.diagnostics) };
    look(spec);
}

/// The findings: the rule, the path, the text at the span and the message.
fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (checked, _) = compile(&sources, file, &[]);
    let shown = |found: &crate::diagnostic::Diagnostic| {
        let is_ours = found.rule.name.starts_with("endpoint-");
        assert!(!is_ours || found.help.as_ref().is_some_and(|help| !help.is_empty()), "{found:?}");
        let at = &text[found.primary.span.range()];
        format!("{} {} [{at}] {}", found.rule.name, found.path[1..].join("."), found.message)
    };
    checked.diagnostics.iter().map(shown).collect()
}

#[test]
fn an_operation_is_lowered_with_everything_that_is_said_of_it() {
    let text = entry(
        PAGES,
        &[
            "z.delete: {delete: '/z/{id}'}",
            "items.list: {get: '/items/{id}/{rest*}', title: Lists., docs: 'https://acme.example/items', \
             source: 'https://acme.example/openapi.json', headers: {accept: text/plain}, path: {id: {type: integer}}, \
             query: {state: {type: string, values: [open, closed], description: Which.}, tags: {type: strings, style: comma}}, \
             paginate: true, items: things, returns: {id: integer, user.name: string}}",
            "items.create: {post: /items, body: {title: {type: string, required: true}, more: any}, body_format: form, \
             idempotency_key: idempotency-key}",
        ],
    );
    lowered(&text, |spec| {
        let names: Vec<_> = spec.operations.iter().map(|operation| operation.name).collect();
        assert_eq!(names, ["items.create", "items.list", "z.delete"]);
        let [create, list, delete] = spec.operations else { panic!() };
        let empty = OperationParameter::EMPTY;
        assert_eq!(
            list.parameters,
            [
                OperationParameter {
                    name: "id",
                    place: ParameterPlace::Path,
                    kind: ValueKind::Integer,
                    required: true,
                    ..empty
                },
                OperationParameter { name: "rest", place: ParameterPlace::Path, required: true, ..empty },
                OperationParameter { name: "state", values: &["open", "closed"], description: Some("Which."), ..empty },
                OperationParameter { name: "tags", kind: ValueKind::Strings, style: ListStyle::Comma, ..empty },
            ]
        );
        assert_eq!((list.verb, list.path, list.body), (Verb::Get, "/items/{id}/{rest*}", OperationBody::None));
        assert_eq!((list.title, list.docs), (Some("Lists."), Some("https://acme.example/items")));
        assert_eq!(list.headers, [("accept", "text/plain")]);
        assert_eq!(list.returns.iter().map(|member| member.path).collect::<Vec<_>>(), ["id", "user.name"]);
        let kind = PaginateKind::Cursor { name: "after", path: "next" };
        assert_eq!(
            list.paginate,
            Some(Paginate { kind, limit_name: Some("size"), response_path: Some("things"), ..Paginate::EMPTY })
        );
        let member =
            |name, kind, required| OperationParameter { name, kind, required, place: ParameterPlace::Body, ..empty };
        assert_eq!(
            create.parameters,
            [member("title", ValueKind::String, true), member("more", ValueKind::Any, false)]
        );
        assert_eq!((create.body, create.idempotency_key), (OperationBody::Form, Some("idempotency-key")));
        let parameters = delete.parameters;
        assert_eq!(
            *delete,
            Operation { name: "z.delete", verb: Verb::Delete, path: "/z/{id}", parameters, ..Operation::EMPTY }
        );
    });
}

#[test]
fn what_an_operation_says_of_its_pages_lies_over_the_rule_of_the_entry() {
    let cursor = |path| PaginateKind::Cursor { name: "after", path };
    let rule = |kind, limit_name, response_path| Some(Paginate { kind, limit_name, response_path, ..Paginate::EMPTY });
    let offset = PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages };
    let link = "paginate: {type: link, link_rel_in_response_header: next}";
    for (of_entry, own, expected) in [
        (PAGES, "", None),
        (PAGES, ", paginate: false", None),
        (PAGES, ", paginate: true", rule(cursor("next"), Some("size"), Some("data"))),
        (
            PAGES,
            ", paginate: {cursor_path_in_response: meta.next}",
            rule(cursor("meta.next"), Some("size"), Some("data")),
        ),
        (PAGES, ", paginate: {response_path: rows}", rule(cursor("next"), Some("size"), Some("rows"))),
        (
            PAGES,
            ", paginate: {type: offset, offset_name_in_request: page, offset_start_value: 1, offset_calculation_method: per-page}",
            rule(offset, Some("size"), Some("data")),
        ),
        (
            link,
            ", paginate: {link_path_in_response_body: links.next}, items: rows",
            rule(PaginateKind::LinkBody { path: "links.next" }, None, Some("rows")),
        ),
        // A cursor that comes from elsewhere, and where another one goes.
        (
            PAGES,
            ", paginate: {last_item: id, more: has_more}",
            Some(Paginate {
                kind: PaginateKind::LastItem { name: "after", path: "id" },
                limit_name: Some("size"),
                response_path: Some("data"),
                more: Some("has_more"),
                ..Paginate::EMPTY
            }),
        ),
        (
            link,
            ", paginate: {cursor_header_in_response: next-range, cursor_header_in_request: range}",
            Some(Paginate {
                kind: PaginateKind::HeaderCursor { name: "range", header: "next-range" },
                cursor_in_header: true,
                ..Paginate::EMPTY
            }),
        ),
        (
            "",
            ", paginate: {type: link, link_rel_in_response_header: more}",
            rule(PaginateKind::LinkHeader { rel: "more" }, None, None),
        ),
    ] {
        let text = entry(of_entry, &[&format!("a.list: {{get: /a{own}}}")]);
        lowered(&text, |spec| assert_eq!(spec.operations[0].paginate, expected, "{own}"));
    }
}

#[test]
fn what_cannot_be_called_is_told_at_its_exact_place() {
    for (proxy, endpoint, expected) in [
        // A verb with a path.
        ("", "a: {title: A.}", "endpoint-call keyway.endpoints.a [a] `a` has no verb"),
        ("", "a: {get: /a, post: /b}", "endpoint-call keyway.endpoints.a [/b] `a` has two verbs, `get` and `post`"),
        ("", "a: {get: a}", "endpoint-call keyway.endpoints.a.get [a] a path begins with `/`"),
        ("", "a: {get: ''}", "endpoint-call keyway.endpoints.a.get [''] a path begins with `/`"),
        ("", "a: {get: 'https://b.example/a'}", "endpoint-call keyway.endpoints.a.get [https://] a path names no host"),
        ("", "a: {get: //b.example}", "endpoint-call keyway.endpoints.a.get [//] `//` begins the name of a host"),
        ("", "a: {get: '/a?b=c'}", "endpoint-call keyway.endpoints.a.get [?b=c] a path ends before its `?`"),
        ("", "a: {get: /a/../b}", "endpoint-call keyway.endpoints.a.get [..] a path has no `.` or `..` in it"),
        ("", "a: {get: '/a/{b'}", "endpoint-call keyway.endpoints.a.get [{b] a `{` without its `}`"),
        ("", "a: {get: '/a/{b c}'}", "endpoint-call keyway.endpoints.a.get [ ] a path cannot hold ` `"),
        (
            "",
            "a: {get: '/a/${b}'}",
            "endpoint-call keyway.endpoints.a.get [${] `${...}` is no part of a path: a caller gives its values",
        ),
        ("", "A.b: {get: /a}", "invalid-value keyway.endpoints.A.b [A.b] `A.b` is not a name such as `issues.list`"),
        ("", "a: {get: 7}", "wrong-type keyway.endpoints.a.get [7] expected a string, found the number `7`"),
        ("", "a: [get]", "wrong-type keyway.endpoints.a [get] expected a map, found a list"),
        ("", "a: {fetch: /a}", "unknown-key keyway.endpoints.a.fetch [fetch] unknown key `fetch`"),
        // What a caller may send.
        ("", "a: {get: '/{b}/{b}'}", "endpoint-parameter keyway.endpoints.a.get [{b}] `{b}` stands twice in the path"),
        (
            "",
            "a: {get: '/{b}', path: {c: integer}}",
            "endpoint-parameter keyway.endpoints.a.path.c [c] `c` is not in the path `/{b}`",
        ),
        (
            "",
            "a: {get: '/{b}', path: {b: strings}}",
            "endpoint-parameter keyway.endpoints.a.path.b [strings] `b` is a part of the path, and `strings` is more than one text",
        ),
        (
            "",
            "a: {get: '/{b}', path: {b: {type: string, required: false}}}",
            "endpoint-parameter keyway.endpoints.a.path.b [false] `b` is a part of the path, so no call can leave it out",
        ),
        (
            "",
            "a: {get: '/{b}', path: {b: {type: string, style: comma}}}",
            "endpoint-parameter keyway.endpoints.a.path.b [comma] `style` says how a list is written",
        ),
        (
            "",
            "a: {get: '/{b}', query: {b: string}}",
            "endpoint-parameter keyway.endpoints.a.query.b [b] `b` is in the path and in the query",
        ),
        (
            "",
            "a: {post: /a, query: {b: string}, body: {b: string}}",
            "endpoint-parameter keyway.endpoints.a.body.b [b] `b` is in the query and in the body",
        ),
        (
            "",
            "a: {get: /a, query: {'': string}}",
            "endpoint-parameter keyway.endpoints.a.query. [''] a parameter without a name",
        ),
        (
            "",
            "a: {get: /a, body: {b: string}}",
            "endpoint-parameter keyway.endpoints.a.body [b: string] `get` has no body",
        ),
        (
            "",
            "a: {post: /a, body_format: form}",
            "endpoint-parameter keyway.endpoints.a.body_format [form] `body_format` without `body`",
        ),
        (
            "",
            "a: {get: /a, query: {b: {type: integer, values: [one]}}}",
            "endpoint-parameter keyway.endpoints.a.query.b [one] `values` lists texts, and `b` is `integer`",
        ),
        (
            "",
            "a: {get: /a, query: {b: {type: string, style: comma}}}",
            "endpoint-parameter keyway.endpoints.a.query.b [comma] `style` says how a list is written, and `b` is `string`",
        ),
        (
            "",
            "a: {post: /a, body: {b: {type: strings, style: comma}}}",
            "endpoint-parameter keyway.endpoints.a.body.b [comma] `style` says how a query or a form writes a list",
        ),
        (
            "",
            "a: {get: /a, query: {b: text}}",
            "unknown-enum-value keyway.endpoints.a.query.b [text] unknown value `text`",
        ),
        (
            "",
            "a: {get: /a, query: {b: [string]}}",
            "wrong-type keyway.endpoints.a.query.b [string] expected the word of a type, or a map with `type`, found a list",
        ),
        (
            "",
            "a: {get: /a, query: {b: {required: true}}}",
            "missing-key keyway.endpoints.a.query.b [b] `b` has no `type`",
        ),
        // Pages.
        (
            "",
            "a: {get: /a, paginate: true}",
            "endpoint-pages keyway.endpoints.a.paginate [true] nothing says how the pages of `a` go on",
        ),
        (
            "",
            "a: {get: /a, paginate: {response_path: b}}",
            "endpoint-pages keyway.endpoints.a.paginate [response_path: b] nothing says how the pages of `a` go on",
        ),
        (
            "",
            "a: {get: /a, paginate: {type: cursor, cursor_name_in_request: c}}",
            "endpoint-pages keyway.endpoints.a.paginate [type: cursor, cursor_name_in_request: c] `a` lacks `cursor_path_in_response`, which its pages need",
        ),
        (
            PAGES,
            "a: {get: /a, paginate: {last_item: id, cursor_path_in_response: c}}",
            "endpoint-pages keyway.endpoints.a.paginate.last_item [id] `last_item` beside `cursor_path_in_response`",
        ),
        (
            PAGES,
            "a: {get: /a, paginate: {type: offset, last_item: id}}",
            "endpoint-pages keyway.endpoints.a.paginate.last_item [id] `last_item` in a rule of another type",
        ),
        (PAGES, "a: {get: /a, items: b}", "endpoint-pages keyway.endpoints.a.items [b] `items` without pages"),
        (
            PAGES,
            "a: {get: /a, items: b, paginate: {response_path: c}}",
            "endpoint-pages keyway.endpoints.a.items [b] `items` and `response_path` say the same",
        ),
        (
            PAGES,
            "a: {get: /a, paginate: all}",
            "wrong-type keyway.endpoints.a.paginate [all] expected `true` or a map, found a string",
        ),
    ] {
        assert_eq!(found(&entry(proxy, &[endpoint])), [expected], "{endpoint}");
    }
}

#[test]
fn two_operations_do_not_call_the_same() {
    let text = entry("", &["a: {get: '/{b}/c'}", "d: {get: '/{e}/c'}", "f: {put: '/{b}/c'}"]);
    assert_eq!(found(&text), ["endpoint-call keyway.endpoints.d.get ['/{e}/c'] `a` and `d` are the same call"]);
}

#[test]
fn two_operations_do_not_have_one_name_in_rust() {
    let text = entry("", &["a.b: {get: /a}", "a_b: {get: /b}"]);
    assert_eq!(found(&text), ["endpoint-call keyway.endpoints.a_b [a_b] `a.b` and `a_b` would both be `AB` in Rust"]);
}

#[test]
fn operations_need_a_base_url() {
    let text = entry("", &["a: {get: /a}"]).replace("proxy: {base_url: 'https://api.acme.example', }\n", "\n");
    assert!(found(&text).iter().any(|found| found.ends_with("endpoints without a base URL")), "{:?}", found(&text));
}
