//! The protocol around the features: units of columns, which documents, beginnings and ends, hostile clients.

use super::CLEAN;
use super::client::{Client, URI};
use serde_json::{Value, json};

#[test]
fn columns_are_in_the_unit_that_was_agreed() {
    let text = CLEAN.replace("display_name: Acme", "\"ä𝒳\": Acme");
    for (offered, agreed, end) in [
        (json!(["utf-16"]), "utf-16", 4 + 5),
        (json!(["utf-8", "utf-16"]), "utf-8", 4 + 8),
        (json!(["utf-32"]), "utf-32", 4 + 4),
        (Value::Null, "utf-16", 4 + 5),
    ] {
        let mut client = Client::spawn();
        let result = client.initialize(&offered, &json!({}));
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
        let found = client.open(&text);
        let unknown = found.iter().find(|it| it["code"] == "KW0101").unwrap();
        let expected = json!({ "start": { "line": 1, "character": 4 }, "end": { "line": 1, "character": end } });
        assert_eq!(unknown["range"], expected, "{agreed}");
        // The same range, replaced: the key is right again.
        let found = client.change(&json!([{ "range": unknown["range"], "text": "display_name" }]));
        assert_eq!(found, Vec::<Value>::new(), "{agreed}");
        assert_eq!(client.finish(), 0);
    }
}

#[test]
fn edits_of_one_message_apply_in_turn_with_any_line_end() {
    let mut client = Client::start();
    client.open("x");
    let all = json!({ "text": CLEAN.replace('\n', "\r\n").replace("acme:", "äcme:") });
    let first = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 1 } });
    let mode = json!({ "start": { "line": 4, "character": 15 }, "end": { "line": 4, "character": 99 } });
    let found = client.change(&json!([all, { "range": first, "text": "a" }, { "range": mode, "text": "API_KEY" }]));
    assert_eq!(found, Vec::<Value>::new());
    let found = client.change(&json!([{ "range": mode, "text": "NO" }]));
    assert!(found.iter().any(|it| it["code"] == "KW0107"), "{found:?}");
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    let mut client = Client::start();
    let found = client.open(&format!("\u{feff}{}", CLEAN.replace("acme:", "Acme:")));
    let key = found.iter().find(|it| it["code"] == "KW0110").unwrap();
    assert_eq!(key["range"], json!({ "start": { "line": 0, "character": 1 }, "end": { "line": 0, "character": 5 } }));
    assert_eq!(client.finish(), 0);
}

#[test]
fn only_catalogues_are_checked() {
    let options = json!({ "catalogues": ["apis/internal.yaml"] });
    let mut client = Client::with(&json!(["utf-8"]), &options);
    let schema = "# yaml-language-server: $schema=https://x.example/providers.schema.json\n";
    for (uri, language, text, checked) in [
        ("file:///a/providers.yaml", "yaml", "a: 1\n", true),
        ("file:///a/other.yaml", "yaml", "a: 1\n", false),
        ("file:///a/other2.yaml", "yaml", &format!("{schema}a: 1\n"), true),
        ("file:///a/apis/internal.yaml", "yaml", "a: 1\n", true),
        ("untitled:1", "keyway", "a: 1\n", true),
    ] {
        assert_eq!(!client.open_as(uri, language, text).is_empty(), checked, "{uri}");
    }
    client.published.clear();
    client.tell("textDocument/didClose", &json!({ "textDocument": { "uri": "untitled:1" } }));
    client.ask("textDocument/hover", &json!({}));
    assert_eq!(client.published, [json!({ "uri": "untitled:1", "diagnostics": [] })]);
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_session_begins_and_ends_as_the_protocol_says() {
    assert_eq!(Client::start().finish(), 0);
    assert_eq!(Client::start().code(), 1, "the stream ends without `exit`");

    let mut client = Client::start();
    client.tell("exit", &Value::Null);
    assert_eq!(client.code(), 1, "`exit` without `shutdown`");

    let mut client = Client::spawn();
    assert_eq!(client.ask("textDocument/hover", &json!({})), -32002, "before `initialize`");
    client.initialize(&Value::Null, &Value::Null);
    assert_eq!(client.ask("initialize", &json!({ "capabilities": {} })), -32600, "a second `initialize`");
    assert_eq!(client.ask("shutdown", &Value::Null), Value::Null);
    assert_eq!(client.ask("textDocument/hover", &json!({})), -32600, "after `shutdown`");
    client.tell("exit", &Value::Null);
    assert_eq!(client.code(), 0);
}

#[test]
fn hostile_requests_are_answered_and_the_session_goes_on() {
    let mut client = Client::start();
    let document = json!({ "uri": URI });
    for (method, params, expected) in [
        ("no/such", json!({}), json!(-32601)),
        ("textDocument/hover", json!({}), json!(-32602)),
        ("textDocument/hover", json!([1, 2]), json!(-32602)),
        ("textDocument/hover", json!({ "textDocument": { "uri": ":" } }), Value::Null),
        ("textDocument/hover", json!({ "textDocument": { "uri": "file:///not/open.yaml" } }), Value::Null),
        ("textDocument/completion", json!({ "textDocument": document, "position": 1 }), json!(-32602)),
        (
            "textDocument/completion",
            json!({ "textDocument": document, "position": { "line": -1, "character": 0 } }),
            json!(-32602),
        ),
        (
            "textDocument/completion",
            json!({ "textDocument": document, "position": { "line": 4_294_967_295_u32, "character": 4_294_967_295_u32 } }),
            json!([]),
        ),
        ("textDocument/codeAction", json!({ "textDocument": document, "range": {} }), json!(-32602)),
        ("textDocument/documentSymbol", json!({ "textDocument": document, "extra": [[[]]] }), json!([])),
    ] {
        client.open("");
        assert_eq!(client.ask(method, &params), expected, "{method} {params}");
    }
    for (method, params) in [
        ("textDocument/didChange", json!({})),
        (
            "textDocument/didChange",
            json!({ "textDocument": { "uri": "file:///x", "version": 1 }, "contentChanges": [] }),
        ),
        ("textDocument/didOpen", json!(null)),
        ("textDocument/didClose", json!({ "textDocument": { "uri": "file:///x" } })),
        ("$/cancelRequest", json!({ "id": { "a": 1 } })),
        ("$/unknown", json!({})),
    ] {
        client.tell(method, &params);
    }
    client.raw(b"garbage\r\nContent-Length: 3\r\n\r\n{]}Content-Length: 2\r\n\r\n[]");
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    client.raw(format!("Content-Length: {}\r\n\r\n{deep}", deep.len()).as_bytes());
    assert_eq!(client.answer(&Value::Null), -32700);
    assert_eq!(client.answer(&Value::Null), -32600);
    assert_eq!(client.answer(&Value::Null), -32700);
    assert_eq!(client.open(CLEAN), Vec::<Value>::new());
    assert_eq!(client.finish(), 0);
}

/// Names as editors send them, each with another spelling of the same.
#[test]
fn any_name_of_a_document_is_taken() {
    let options = json!({ "catalogues": ["a b/\u{fc}.yaml"] });
    let mut client = Client::with(&json!(["utf-16"]), &options);
    for (name, other) in [
        ("file:///x/[id]/providers.yaml", "file:///x/%5Bid%5D/providers.yaml"),
        ("file:///x/a|b/providers.yaml", "file:///x/a%7Cb/providers.yaml"),
        ("file:///x/a^b/providers.yaml", "file:///x/a%5eb/providers.yaml"),
        ("file:///x/\u{fc}/providers.yaml", "file:///x/%C3%BC/providers.yaml"),
        ("file:///x/%5Bid%5D/two/providers.yaml", "file:///x/[id]/two/providers.yaml"),
        ("file:///c%3A/x/providers.yaml", "file:///C:/x/providers.yaml"),
        ("file:///w/a%20b/%C3%BC.yaml", "file:///w/a b/\u{fc}.yaml"),
        ("untitled:providers.yaml", "untitled:providers.yaml"),
        ("C:\\w\\providers.yaml", "c:\\w\\providers.yaml"),
    ] {
        // Every answer names the document as the client does.
        let found = client.open_as(name, "yaml", "a: {display_name: 1, alias: b, alias: c}\nb: {}\n");
        assert!(!found.is_empty(), "{name}");
        let document = json!({ "uri": other });
        let symbols = client.ask("textDocument/documentSymbol", &json!({ "textDocument": document }));
        assert_eq!(symbols.as_array().map(Vec::len), Some(2), "{other}: {symbols}");
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 6 } });
        let context = json!({ "diagnostics": found });
        let params = json!({ "textDocument": document, "range": range, "context": context });
        let actions = client.ask("textDocument/codeAction", &params);
        let actions = actions.as_array().unwrap_or_else(|| panic!("{other}: {actions}"));
        for action in actions {
            assert_eq!(action["edit"]["documentChanges"][0]["textDocument"]["uri"], name);
        }
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn words_of_another_protocol_version_do_not_stop_a_client() {
    let more = |key: &str, value: Value| {
        let mut params = json!({ "processId": 1, "rootUri": "file:///x/[id]", "capabilities": {} });
        params[key] = value;
        params
    };
    for params in [
        more("trace", json!("compact")),
        more("trace", json!(7)),
        more("processId", json!("none")),
        more("workspaceFolders", json!([{ "uri": "file:///x/a|b", "name": 3 }])),
        more("capabilities", json!({ "general": { "positionEncodings": ["utf-7", 8] }, "textDocument": 1 })),
        more("initializationOptions", json!([1])),
        more("clientInfo", json!("editor")),
    ] {
        let mut client = Client::spawn();
        let result = client.ask("initialize", &params);
        assert_eq!(result["capabilities"]["positionEncoding"], "utf-16", "{params}: {result}");
        assert!(!client.open("a: 1").is_empty(), "{params}");
        assert_eq!(client.finish(), 0);
    }
}

/// JSON may hold half of a character; the text stays as long as the client's.
#[test]
fn half_a_character_keeps_the_text_in_step() {
    let mut client = Client::start();
    client.open("");
    client.raw_message(
        r#"{"method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///work/providers.yaml","version":3},"contentChanges":[{"text":"a\ud83d: 1\n"}]}}"#,
    );
    let at = |start: u32, end: u32| json!({ "start": { "line": 0, "character": start }, "end": { "line": 0, "character": end } });
    // The second column is the half: without it, this is the clean catalogue.
    let found = client.change(&json!([{ "range": at(1, 2), "text": "" }, { "range": at(0, 4), "text": CLEAN }]));
    assert_eq!(found, Vec::<Value>::new());
    assert_eq!(client.finish(), 0);
}

/// Each field of each message in each wrong shape: a request is answered, a notification logged, and the next message
/// works.
#[test]
fn two_hundred_malformed_messages_are_answered_or_logged_and_the_next_one_works() {
    let document = json!({ "uri": URI, "languageId": "yaml", "version": 1, "text": "a: 1\n" });
    let place = json!({ "line": 0, "character": 0 });
    let range = json!({ "start": place, "end": place });
    let at = json!({ "textDocument": { "uri": URI }, "position": place });
    let messages = [
        (
            "textDocument/didOpen",
            json!({ "textDocument": document }),
            &["/textDocument", "/textDocument/uri", "/textDocument/text"][..],
        ),
        (
            "textDocument/didChange",
            json!({ "textDocument": { "uri": URI, "version": 1 }, "contentChanges": [{ "range": range, "text": "" }] }),
            &[
                "/textDocument",
                "/textDocument/uri",
                "/contentChanges",
                "/contentChanges/0",
                "/contentChanges/0/text",
                "/contentChanges/0/range/start",
                "/contentChanges/0/range/end/line",
                "/contentChanges/0/range/end/character",
            ],
        ),
        ("textDocument/didClose", json!({ "textDocument": { "uri": URI } }), &["/textDocument", "/textDocument/uri"]),
        (
            "textDocument/hover",
            at.clone(),
            &["/textDocument", "/textDocument/uri", "/position", "/position/line", "/position/character"],
        ),
        ("textDocument/completion", at.clone(), &["/textDocument", "/textDocument/uri", "/position", "/position/line"]),
        ("textDocument/definition", at, &["/textDocument", "/textDocument/uri", "/position", "/position/character"]),
        (
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": URI }, "range": range, "context": { "diagnostics": [] } }),
            &["/textDocument", "/textDocument/uri", "/range", "/range/start", "/range/end/line"],
        ),
    ];
    let wrong = [json!(-1), json!(true), json!("no number"), json!(1.5), json!([[]]), json!(null), json!({ "no": 1 })];
    let mut client = Client::start();
    let mut tried = 0;
    for (method, params, fields) in &messages {
        let is_notification = method.contains("/did");
        for field in *fields {
            client.open("a: 1\n");
            let (first, logged) = (tried, client.logged);
            for value in &wrong {
                if value.is_string() && (field.ends_with("/uri") || field.ends_with("/text")) {
                    continue; // any text is one
                }
                let mut bad = params.clone();
                *bad.pointer_mut(field).unwrap() = value.clone();
                tried += 1;
                if is_notification {
                    client.tell(method, &bad);
                } else {
                    let answer = client.ask(method, &bad);
                    assert!(answer.is_number(), "{method} {bad}: {answer}");
                }
                // The next message works.
                let symbols = client.ask("textDocument/documentSymbol", &json!({ "textDocument": { "uri": URI } }));
                assert!(symbols.is_array(), "after {method} {bad}: {symbols}");
            }
            // The text is as it was.
            let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } });
            let found = client.change(&json!([{ "range": all, "text": CLEAN }]));
            assert_eq!(found, Vec::<Value>::new(), "{method} {field}");
            let expected = if is_notification { tried - first } else { 0 };
            assert_eq!(client.logged - logged, expected, "{method} {field}");
        }
    }
    for body in
        ["", "{", "[]", "{}", "7", "\"x\"", "{\"id\":1}", "{\"method\":1}", "{\"id\":{},\"method\":\"m\"}", "nul"]
    {
        tried += 1;
        let logged = client.logged;
        client.raw_message(body);
        assert_eq!(client.open(CLEAN), Vec::<Value>::new(), "after {body}");
        assert_eq!(client.logged - logged, 1, "{body}");
    }
    assert!(tried >= 200, "{tried}");
    assert_eq!(client.finish(), 0);
}

#[test]
fn broken_documents_have_findings_and_every_question_an_answer() {
    let mut client = Client::start();
    let deep = "a: ".to_owned() + &"[".repeat(100_000);
    let aliases = (0..3_000).fold(String::new(), |text, at| format!("{text}p{at}: {{alias: p{}}}\n", at + 1));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b]\n";
    for text in
        ["\u{0}", "a: [", "a:\n  b: 'x\n c", "- a", &deep, &aliases, bomb, "a: \"\\x\"", "\r\r\n\n", "a: {alias: a}"]
    {
        let found = client.open(text);
        assert!(!found.is_empty() || text.trim().is_empty(), "{}", text.chars().take(40).collect::<String>());
        let last = json!({ "line": text.lines().count().saturating_sub(1), "character": 4 });
        for method in ["textDocument/completion", "textDocument/hover", "textDocument/definition"] {
            let answer = client.at(method, &last);
            assert!(!answer.is_number(), "{method}: {answer}");
        }
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": last });
        let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": { "diagnostics": [] } });
        assert!(client.ask("textDocument/codeAction", &params).is_array());
        assert!(client.ask("textDocument/documentSymbol", &params).is_array());
    }
    assert_eq!(client.finish(), 0);
}

/// Every prefix of an entry, as it is while it is typed: each version gets its findings, whatever its state.
#[test]
fn an_entry_can_be_typed_word_by_word() {
    let mut client = Client::start();
    client.open("");
    let mut written = String::new();
    for word in CLEAN.split_inclusive([' ', '\n']) {
        let line = written.matches('\n').count();
        let column = written.rsplit('\n').next().unwrap().len();
        let at = json!({ "line": line, "character": column });
        client.change(&json!([{ "range": { "start": at, "end": at }, "text": word }]));
        written.push_str(word);
    }
    let last = client.published.last().unwrap();
    assert_eq!(last["diagnostics"], json!([]));
    assert_eq!(client.finish(), 0);
}
