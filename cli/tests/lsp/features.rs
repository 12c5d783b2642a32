//! Every feature, by example.

use super::CLEAN;
use super::client::{Client, covered, edited, marked};
use serde_json::{Value, json};

/// The codes of findings and the text under each.
fn seen(text: &str, found: &[Value]) -> Vec<String> {
    found.iter().map(|it| format!("{} {}", it["code"].as_str().unwrap(), covered(text, &it["range"]))).collect()
}

#[test]
fn findings_follow_the_text() {
    let mut client = Client::start();
    assert_eq!(client.open(CLEAN), Vec::<Value>::new());

    // Two letters in the middle of the base URL change places.
    let at = CLEAN.find("eam}").unwrap();
    let (line, column) = (CLEAN[..at].matches('\n').count(), CLEAN[..at].rsplit('\n').next().unwrap().len());
    let range =
        json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": column + 2 } });
    let broken = CLEAN.replace("Config.team}", "Config.taem}");
    let found = client.change(&json!([{ "range": range, "text": "ae" }]));
    assert_eq!(seen(&broken, &found), ["KW0201 connectionConfig.taem"]);

    let found = client.change(&json!([{ "text": CLEAN }]));
    assert_eq!(found, Vec::<Value>::new());
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_file_of_another_kind_is_one_finding_until_it_is_a_catalogue() {
    let mut client = Client::start();
    let compose = "services:\n  web:\n    image: acme/web\n    ports: ['80:80']\n";
    let found = client.open(compose);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "KW0006");
    assert!(found[0]["message"].as_str().unwrap().starts_with("this is a Compose file, not a file of providers"));
    let found = client.change(&json!([{ "text": CLEAN }]));
    assert_eq!(found, Vec::<Value>::new());
    // Nothing yet is no error.
    let found = client.change(&json!([{ "text": "# soon\n" }]));
    assert_eq!(found.iter().map(|it| it["severity"].clone()).collect::<Vec<_>>(), [json!(3)]);
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_finding_has_its_severity_code_page_tags_and_other_places() {
    let mut client = Client::start();
    let text = CLEAN.replace("    auth_mode: API_KEY\n", "    auth_mode: API_KEY\n    token_url: https://a.example\n")
        + "acme:\n    alias: none\n";
    let found = client.open(&text);
    let of = |code: &str| found.iter().find(|it| it["code"] == code).unwrap_or_else(|| panic!("{code}: {found:?}"));

    let dead = of("KW0109");
    assert_eq!((&dead["severity"], &dead["tags"]), (&json!(2), &json!([1])));
    assert_eq!(covered(&text, &dead["range"]), "token_url");
    assert!(dead["message"].as_str().unwrap().ends_with("\nhelp: remove it"), "{dead}");
    assert!(dead["codeDescription"]["href"].as_str().unwrap().ends_with("/dead-key.md"), "{dead}");

    let twice = of("KW0002");
    assert_eq!((&twice["severity"], &twice["source"]), (&json!(1), &json!("keyway")));
    let related = &twice["relatedInformation"][0];
    assert_eq!(covered(&text, &related["location"]["range"]), "acme");
    assert_eq!(related["location"]["range"]["start"]["line"], 0);
    assert_eq!(client.finish(), 0);
}

#[test]
fn quick_fixes_mend_or_allow() {
    let mut client = Client::start();
    for (text, title, expected) in [
        // The compiler's own edits.
        (CLEAN.replace("auth_mode", "auth_|mod"), "write `auth_mode`", CLEAN.to_owned()),
        (CLEAN.replace("API_KEY", "API_KE|Z"), "write `API_KEY`", CLEAN.to_owned()),
        // Allowing, in every style a map may have.
        (
            CLEAN.replace("https://$", "http://|$"),
            "allow `insecure-scheme` here",
            CLEAN.replace("https://$", "http://$")
                + "    keyway:\n        allow:\n            insecure-scheme: say why this is meant\n",
        ),
        (
            CLEAN.replace("https://$", "http://|$") + "    keyway:\n        hosts: [a.example]\n",
            "allow `insecure-scheme` here",
            CLEAN.replace("https://$", "http://$")
                + "    keyway:\n        hosts: [a.example]\n        allow:\n            insecure-scheme: say why this is meant\n",
        ),
        (
            CLEAN.replace("https://$", "http://|$") + "    keyway: {allow: {path-join: x}} # why\n",
            "allow `insecure-scheme` here",
            CLEAN.replace("https://$", "http://$")
                + "    keyway: {allow: {path-join: x, insecure-scheme: say why this is meant}} # why\n",
        ),
    ] {
        let (text, position) = marked(&text);
        client.open(&text);
        let range = json!({ "start": position, "end": position });
        let context = json!({ "diagnostics": [] });
        let params = json!({ "textDocument": { "uri": super::client::URI }, "range": range, "context": context });
        let actions = client.ask("textDocument/codeAction", &params);
        let titles: Vec<&str> = actions.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
        let action = actions.as_array().unwrap().iter().find(|it| it["title"] == title);
        let action = action.unwrap_or_else(|| panic!("{title}: {titles:?}"));
        assert_eq!(edited(&text, action), expected, "{title}");
        assert_eq!(action["kind"], "quickfix");
        assert_eq!(action["isPreferred"] == true, title.starts_with("write"));
        if title.starts_with("allow") {
            let found = client.open(&expected);
            assert!(found.iter().all(|it| it["code"] != "KW0328"), "{found:?}");
        }
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn completion_offers_what_the_place_and_the_mode_allow() {
    let mut client = Client::start();
    let other = "\nother:\n    display_name: Other\n    docs: https://other.example\n    auth_mode: NONE\n";
    for (text, offered, withheld) in [
        (
            CLEAN.replace("    auth_mode", "    |\n    auth_mode"),
            &["connection_configuration", "alias"][..],
            &["display_name", "base_url", "token_url"][..],
        ),
        (CLEAN.replace("    proxy:", "    pro|xy:"), &["default_scopes"], &["token_url", "title"]),
        (CLEAN.replace("API_KEY\n", "OAUTH2\n    tok|\n"), &["token_url", "authorization_url"], &["request_url"]),
        (
            CLEAN.replace("            method", "            |\n            method"),
            &["base_url_override", "headers"],
            &["endpoints", "display_name"],
        ),
        (CLEAN.replace("API_KEY", "|"), &["OAUTH2", "API_KEY", "NONE"], &["true"]),
        (CLEAN.replace("[other]", "[other, |]"), &["crm", "accounting"], &["OAUTH2"]),
        (
            CLEAN.replace("            title: Key", "            secret: |\n            title: Key"),
            &["true", "false"],
            &["string"],
        ),
        (
            CLEAN.replace("type: string\n            title: Key", "type: |\n            title: Key"),
            &["string"],
            &["true"],
        ),
        (format!("{CLEAN}{other}mine:\n    alias: |\n"), &["acme", "other"], &["mine"]),
        (
            CLEAN.replace("${apiKey}", "${|}"),
            &["apiKey", "connectionConfig.team", "base64", "now"],
            &["accessToken", "clientId"],
        ),
        (
            CLEAN.replace("https://${connectionConfig.team}", "https://${conn|"),
            &["connectionConfig.team", "connection_id"],
            &["base64"],
        ),
        (format!("{CLEAN}    keyway:\n        allow:\n            |\n"), &["insecure-scheme", "dead-key"], &["hosts"]),
        (
            format!("{CLEAN}    keyway:\n        allow:\n            dead-key: x\n        |\n"),
            &["hosts", "scopes"],
            &["allow"],
        ),
        (CLEAN.replace("    docs:", "    # |\n    docs:"), &[], &["display_name"]),
        ("|\n".to_owned(), &[], &["display_name"]),
    ] {
        let (text, position) = marked(&text);
        client.open(&text);
        let items = client.at("textDocument/completion", &position);
        let labels: Vec<&str> = items.as_array().unwrap().iter().map(|it| it["label"].as_str().unwrap()).collect();
        for label in offered {
            assert!(labels.contains(label), "{label} in {labels:?}\n{text}");
        }
        for label in withheld {
            assert!(!labels.contains(label), "{label} in {labels:?}\n{text}");
        }
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_completion_replaces_the_word_and_brings_its_colon() {
    let mut client = Client::start();
    for (text, label, expected) in [
        (
            CLEAN.replace("    auth_mode", "    post_|\n    auth_mode"),
            "post_connection_script",
            CLEAN.replace("    auth_mode", "    post_connection_script: \n    auth_mode"),
        ),
        (
            CLEAN.replace("    proxy:", "    pro|:"),
            "default_scopes",
            CLEAN.replace("    proxy:", "    default_scopes:"),
        ),
        (CLEAN.replace("API_KEY", "AP|I"), "API_KEY", CLEAN.to_owned()),
        (CLEAN.replace("${apiKey}", "${ap|}"), "apiKey", CLEAN.to_owned()),
    ] {
        let (text, position) = marked(&text);
        client.open(&text);
        let items = client.at("textDocument/completion", &position);
        let item =
            items.as_array().unwrap().iter().find(|it| it["label"] == label).unwrap_or_else(|| panic!("{label}"));
        let action = json!({ "edit": { "documentChanges": [{ "edits": [item["textEdit"]] }] } });
        assert_eq!(edited(&text, &action), expected, "{label}");
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn hover_says_what_a_word_means() {
    let mut client = Client::start();
    let mine = "mine:\n    alias: acme\n    display_name: Mine\n";
    for (text, said) in [
        (CLEAN.replace("    proxy:", "    pro|xy:"), Some("Where the API is and how requests to it look")),
        (CLEAN.replace("auth_mode", "auth_|mode"), Some("It decides which of the other keys are read")),
        (CLEAN.replace("API_KEY", "API_|KEY"), Some("An API key, placed by the templates")),
        (CLEAN.replace("{connectionConfig", "{connection|Config"), Some("The name of your team.")),
        (CLEAN.replace("title: Team", "ti|tle: Team"), Some("A short label")),
        (format!("{CLEAN}{mine}").replace("alias: acme", "alias: ac|me"), Some("**Acme**, `API_KEY`")),
        (format!("{CLEAN}{mine}").replace("mine:", "mi|ne:"), Some("**Mine**, `API_KEY`, an alias of `acme`")),
        (format!("{CLEAN}    keyway: {{allow: {{path-jo|in: x}}}}\n"), Some("Checks for")),
        (CLEAN.replace("team:", "te|am:"), None),
        (format!("# comm|ent\n{CLEAN}"), None),
    ] {
        let (text, position) = marked(&text);
        client.open(&text);
        let hover = client.at("textDocument/hover", &position);
        let value = hover["contents"]["value"].as_str();
        assert_eq!(value.is_some(), said.is_some(), "{hover}\n{text}");
        assert!(said.is_none_or(|said| value.unwrap().contains(said)), "{said:?}: {hover}");
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn definitions_are_found_in_the_entry_and_in_its_target() {
    let steps = "\
steps:
    auth_mode: TWO_STEP
    token_url: https://a.example/1
    token_response_metadata: [tenant]
    additional_steps:
        - token_url: https://a.example/2?${step1.x}
    proxy:
        base_url: https://a.example/${connectionConfig.tenant}/${step2.y}
";
    let mine = "mine:\n    alias: acme\n    proxy: {base_url: 'https://${connectionConfig.team}.acme.example'}\n";
    let both = format!("{CLEAN}{mine}");
    let mut client = Client::start();
    for (text, line, target) in [
        (both.replace("alias: acme", "alias: ac|me"), 0, "acme"),
        (CLEAN.replace("Config.team}", "Config.te|am}"), 11, "team"),
        (CLEAN.replace("${apiKey}", "${api|Key}"), 6, "apiKey"),
        (both.replace("'https://${connection", "'https://${conn|ection"), 11, "team"),
        (steps.replace("Config.tenant}", "Config.te|nant}"), 3, "tenant"),
        (steps.replace("step1.x", "st|ep1.x"), 2, "token_url"),
        (steps.replace("step2.y", "st|ep2.y"), 5, "token_url: https://a.example/2?${step1.x}"),
    ] {
        let (text, position) = marked(&text);
        client.open(&text);
        let found = client.at("textDocument/definition", &position);
        let range = &found[0]["targetSelectionRange"];
        assert_eq!(range["start"]["line"], line, "{found}\n{text}");
        assert_eq!(covered(&text, range), target);
    }
    let (text, position) = marked(&CLEAN.replace("docs:", "do|cs:"));
    client.open(&text);
    assert_eq!(client.at("textDocument/definition", &position), Value::Null);
    assert_eq!(client.finish(), 0);
}

#[test]
fn symbols_are_the_entries_with_their_names() {
    let text = format!("{CLEAN}mine:\n    alias: acme\nbroken: [\n");
    for (hierarchical, expected) in
        [(true, &["acme: Acme", "mine: Acme"][..]), (false, &["acme (Acme): ", "mine (Acme): "])]
    {
        let mut client = Client::spawn();
        let symbols = json!({ "documentSymbol": { "hierarchicalDocumentSymbolSupport": hierarchical } });
        client.ask("initialize", &json!({ "capabilities": { "textDocument": symbols } }));
        client.open(&text);
        let params = json!({ "textDocument": { "uri": super::client::URI } });
        let found = client.ask("textDocument/documentSymbol", &params);
        let shown = found
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{}: {}", it["name"].as_str().unwrap(), it["detail"].as_str().unwrap_or_default()));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        assert_eq!(client.finish(), 0);
    }
}

/// Every action for what is found in every example of the rules, in a document of each kind of line end.
#[test]
fn every_edit_of_an_action_ends_its_lines_as_the_document_does() {
    let mut client = Client::start();
    let (mut actions_seen, mut new_lines) = (0, 0);
    for line_end in ["\r\n", "\r", "\n"] {
        for page in keyway_compiler::reference::all_rules().iter().filter_map(|doc| doc.page) {
            let text = page.fails.replace('\n', line_end);
            let foreign = |text: &str| {
                let rest = text.replace(line_end, "");
                rest.contains('\r') || rest.contains('\n')
            };
            if foreign(&text) {
                continue;
            }
            for found in client.open(&text) {
                let params = json!({
                    "textDocument": { "uri": super::client::URI },
                    "range": found["range"],
                    "context": { "diagnostics": [found] },
                });
                let actions = client.ask("textDocument/codeAction", &params);
                for action in actions.as_array().unwrap() {
                    for edit in action["edit"]["documentChanges"][0]["edits"].as_array().unwrap() {
                        let written = edit["newText"].as_str().unwrap();
                        assert!(!foreign(written), "{line_end:?} {}: {written:?}", action["title"]);
                        new_lines += usize::from(written.contains(line_end));
                    }
                    actions_seen += 1;
                }
            }
        }
    }
    assert!(actions_seen > 100 && new_lines > 20, "{actions_seen} actions, {new_lines} with new lines");
    assert_eq!(client.finish(), 0);
}
