//! Files of other kinds, keys at the margin and odd characters: what is found, that it is found once, and what is
//! mended.

use super::read;
use crate::diagnostic::{Diagnostic, apply};
use crate::fix::fix;
use crate::pipeline;
use crate::source::{FileId, Sources};

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    pipeline::check(&sources, file).diagnostics.into_iter().collect()
}

const ENTRY: &str = "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n    \
                     auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n";

fn indented(by: &str) -> String {
    ENTRY.lines().fold(String::new(), |text, line| text + by + line + "\n")
}

#[test]
fn a_file_of_another_kind_is_one_finding_that_names_the_kind() {
    let one = ENTRY.lines().skip(1).map(|line| line.trim_start().to_owned() + "\n").collect::<String>();
    for (text, message) in [
        (
            "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /me: {get: {}}\n",
            "this is an OpenAPI 3.1.0 document, not a file of providers",
        ),
        (
            "{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"A\"}, \"paths\": {}}",
            "this is an OpenAPI 3.0.1 document, not a file of providers",
        ),
        (
            "swagger: '2.0'\ninfo: {title: A}\nhost: a.example\n",
            "this is a Swagger (OpenAPI 2.0) document, not a file of providers",
        ),
        ("swagger: 2.0\nhost: a.example\n", "this is a Swagger (OpenAPI 2) document, not a file of providers"),
        (
            "paths:\n  /me: {get: {}}\ncomponents: {schemas: {}}\n",
            "this is a part of an OpenAPI document, not a file of providers",
        ),
        (
            "asyncapi: 2.6.0\ninfo: {title: A}\nchannels: {}\n",
            "this is an AsyncAPI 2.6.0 document, not a file of providers",
        ),
        ("arazzo: 1.0.0\ninfo: {title: A}\n", "this is an Arazzo 1.0.0 document, not a file of providers"),
        ("services:\n  web:\n    image: a\n", "this is a Compose file, not a file of providers"),
        (
            "version: '3'\nservices:\n  web: {build: .}\nvolumes: {}\n",
            "this is a Compose file, not a file of providers",
        ),
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
            "this is a Kubernetes manifest, not a file of providers",
        ),
        (
            "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n",
            "this is a Kubernetes manifest, not a file of providers",
        ),
        ("apiVersion: v2\nname: a\nversion: 1.0.0\n", "this is a Helm chart, not a file of providers"),
        (
            "replicaCount: 1\nimage: {repository: a, tag: b}\nservice: {type: ClusterIP}\n",
            "this is values of a Helm chart, not a file of providers",
        ),
        (
            "name: CI\non: [push]\njobs:\n  test: {runs-on: a, steps: []}\n",
            "this is a GitHub workflow, not a file of providers",
        ),
        ("name: A\nruns: {using: node20}\n", "this is a GitHub action, not a file of providers"),
        ("stages: [build]\nbuild: {script: [make]}\n", "this is a GitLab pipeline, not a file of providers"),
        ("{\"info\": {\"_postman_id\": \"a\"}, \"item\": []}", "this is a Postman collection, not a file of providers"),
        ("{\"log\": {\"entries\": []}}", "this is an HTTP archive (HAR), not a file of providers"),
        (
            "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"properties\": {}}",
            "this is a JSON Schema, not a file of providers",
        ),
        ("type: object\nproperties: {a: {type: string}}\n", "this is a JSON Schema, not a file of providers"),
        (
            "{\"name\": \"a\", \"version\": \"1.0.0\", \"scripts\": {\"a\": \"b\"}}",
            "this is a `package.json`, not a file of providers",
        ),
        ("{\"compilerOptions\": {\"strict\": true}}", "this is a `tsconfig.json`, not a file of providers"),
        ("- hosts: all\n  tasks: []\n", "this is an Ansible playbook, not a file of providers"),
        ("<!DOCTYPE html>\n<html><body>a: b</body></html>\n", "this is a web page (HTML), not a file of providers"),
        ("<?xml version=\"1.0\"?>\n<a>b</a>\n", "this is an XML document, not a file of providers"),
        ("[package]\nname = \"a\"\n\n[dependencies]\n", "this is a TOML or INI file, not a file of providers"),
        ("KEY=a\nTOKEN=b\n", "this is a file of environment variables, not a file of providers"),
        ("type Query {\n  me: User\n}\n", "this is a GraphQL schema, not a file of providers"),
        ("site_name: A\nnav: []\n", "nothing in this file describes an API"),
        (&one, "this is one entry without its key"),
        ("auth_mode: NONE\nproxy: {base_url: 'https://a.example'}\n", "this is one entry without its key"),
        (&format!("providers:\n{}", indented("  ")), "the entries stand under `providers`"),
        (&format!("version: 1\napis:\n{}", indented("    ")), "the entries stand under `apis`"),
        ("providers:\n- name: acme\n  auth_mode: NONE\n", "the entries stand under `providers`"),
        (
            "- name: acme\n  auth_mode: NONE\n- name: b\n  auth_mode: NONE\n",
            "the entries are a list; they must be a map from keys to entries",
        ),
        (
            "- acme:\n    auth_mode: NONE\n- b:\n    auth_mode: NONE\n",
            "the entries are a list; they must be a map from keys to entries",
        ),
        ("", "the file has no entry"),
        ("# soon\n---\n", "the file has no entry"),
        (&format!("{ENTRY}---\n{}", ENTRY.replace("acme:", "b:")), "a second YAML document in one file"),
        (&ENTRY.replace("\n    ", "\n"), "the keys of `acme` are not indented"),
    ] {
        let found = findings(text);
        let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, [message], "{text}");
        assert!(found.iter().all(|found| found.help.as_ref().is_some_and(|help| !help.is_empty())), "{text}");
    }
}

#[test]
fn a_catalogue_with_a_mistake_is_none_of_them() {
    for text in [
        "acme: x\n",
        "acme: {}\n",
        "acme:\n    docs: https://a.example\n",
        "acme:\n    auth_mod: NONE\n",
        "services:\n    auth_mode: NONE\n",
        "openapi:\n    display_name: OpenAPI\n",
        "jobs:\n    alias: acme\n",
        "acme:\n",
    ] {
        let rules: Vec<&str> = findings(text).iter().map(|found| found.rule.name).collect();
        assert!(!rules.is_empty() && !rules.contains(&"wrong-file"), "{text}: {rules:?}");
    }
}

#[test]
fn an_openapi_document_says_where_its_base_url_is() {
    let found = findings("openapi: 3.0.0\nservers: [{url: 'https://api.acme.example/v1'}]\npaths: {}\n");
    assert!(found[0].help.as_ref().unwrap().contains("here `base_url: https://api.acme.example/v1`"), "{found:?}");
    let found = findings("openapi: 3.0.0\nservers: [{url: 'https://{region}.acme.example'}]\npaths: {}\n");
    assert!(!found[0].help.as_ref().unwrap().contains("here"), "{found:?}");
}

/// An entry with a description and a header, of which one text is replaced.
fn with(what: &str, by: &str) -> String {
    let entry = "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n    auth_mode: API_KEY\n    \
                 credentials:\n        apiKey:\n            type: string\n            title: API key\n            \
                 description: Made under Settings.\n    proxy:\n        base_url: https://api.acme.example\n        headers:\n            \
                 authorization: Bearer ${apiKey}\n        verification: {method: GET, endpoints: [/me]}\n";
    assert!(entry.contains(what), "{what}");
    entry.replacen(what, by, 1)
}

#[test]
fn a_typographic_character_is_one_finding_and_its_fix_restores_the_text() {
    for (what, by, message) in [
        ("API_KEY", "\u{201c}API_KEY\u{201d}", "typographic quotes (U+201C, U+201D) around a value"),
        ("API_KEY", "\u{201e}API_KEY\u{201c}", "typographic quotes (U+201E, U+201C) around a value"),
        ("API_KEY", "\u{ab}API_KEY\u{bb}", "typographic quotes (U+00AB, U+00BB) around a value"),
        ("API_KEY", "\u{2019}API_KEY\u{2019}", "a typographic quote (U+2019) around a value"),
        ("API_KEY", "\u{b4}API_KEY\u{b4}", "an acute accent (U+00B4) around a value"),
        ("API_KEY", "\u{201c}API_KEY\"", "a typographic quote (U+201C) around a value"),
        (
            "https://api.acme.example",
            "\u{201c}https://api.acme.example\u{201d}",
            "typographic quotes (U+201C, U+201D) around a value",
        ),
        ("Bearer ${apiKey}", "\u{2018}Bearer ${apiKey}\u{2019}", "typographic quotes (U+2018, U+2019) around a value"),
        ("title: API key", "title: \u{201c}API key\u{201d}", "typographic quotes (U+201C, U+201D) around a value"),
        ("/me", "\u{201c}/me\u{201d}", "typographic quotes (U+201C, U+201D) around a value"),
        ("auth_mode", "\u{201c}auth_mode\u{201d}", "a typographic quote (U+201C) in a key"),
        ("auth_mode", "auth_\u{200b}mode", "a zero-width space (U+200B) in a key"),
        ("auth_mode", "auth\u{ad}_mode", "a soft hyphen (U+00AD) in a key"),
        ("auth_mode:", "auth_mode\u{a0}:", "a no-break space (U+00A0) in a key"),
        ("    auth_mode", "    \u{200b}auth_mode", "a zero-width space (U+200B) in a key"),
        ("auth_mode: ", "auth_mode: \u{a0}", "a no-break space (U+00A0) at the beginning of a value"),
        ("API_KEY", "API_KEY\u{a0}", "a no-break space (U+00A0) at the end of a value"),
        ("API_KEY", "API_KEY\u{200b}", "a zero-width space (U+200B) at the end of a value"),
        ("API_KEY", "\u{202e}API_KEY", "a direction mark (U+202E) at the beginning of a value"),
        ("API key", "API key\u{a0}", "a no-break space (U+00A0) at the end of a value"),
        ("API key", "API\u{200b} key", "a zero-width space (U+200B) in a value"),
        ("Bearer ", "Bearer\u{a0}", "a no-break space (U+00A0) in a value"),
        ("${apiKey}", "${apiKey\u{200b}}", "a zero-width space (U+200B) in a value"),
        ("    auth_mode", "\u{a0}\u{a0}\u{a0}\u{a0}auth_mode", "a no-break space (U+00A0) in the indentation"),
        ("    auth_mode", "   \u{a0}auth_mode", "a no-break space (U+00A0) in the indentation"),
        ("    auth_mode", "\u{3000}   auth_mode", "an ideographic space (U+3000) in the indentation"),
        ("auth_mode: ", "auth_mode:\u{a0}", "a no-break space (U+00A0) behind the `:` of `auth_mode`"),
        ("auth_mode: ", "auth_mode\u{ff1a}", "a full-width colon (U+FF1A) behind `auth_mode`"),
        ("    auth_mode", "    \u{feff}auth_mode", "a byte-order mark (U+FEFF) in the middle of the text"),
        (
            "https://api.acme.example",
            "\"https://api.acme.example\u{201d}",
            "a typographic quote (U+201D), which YAML does not take for a quote",
        ),
    ] {
        let text = with(what, by);
        let found = findings(&text);
        let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, [message], "{text}");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text.as_str());
        let fixed = fix(&sources, &file.into(), |_| true);
        let after = fixed.sources.get(file).unwrap().text.replace('"', "");
        assert_eq!(after, with(what, what), "{text}");
        assert_eq!(fixed.checked.diagnostics.len(), 0, "{after}");
    }
}

#[test]
fn in_prose_and_in_patterns_they_may_be_meant() {
    for (what, by) in [
        ("Made under Settings.", "Made under \u{201c}Settings\u{201d}."),
        ("Made under Settings.", "The user\u{2019}s own\u{a0}key."),
        ("Made under Settings.", "\u{201c}Keys\u{201d} or \u{201c}Tokens\u{201d}"),
        ("Made under Settings.", "'\u{201c}Keys\u{201d}'"),
        ("Made under Settings.", "Family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} key"),
        ("type: string", "type: string\n            pattern: '^[^\u{201c}\u{201d}]+$'"),
        ("Bearer ${apiKey}", "\"Bearer\\u00a0${apiKey}\""),
    ] {
        assert_eq!(findings(&with(what, by)), Vec::new(), "{by}");
    }
}

#[test]
fn a_fix_is_an_edit_of_the_text_as_it_stands() {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", "a:\n    b: \u{201c}x \\ y\u{201d}\n");
    let found = read(file, &sources.get(file).unwrap().text).1;
    let fixes: Vec<_> = found.iter().filter_map(|found| found.fix.as_ref()).collect();
    assert_eq!(apply(&sources, fixes).texts[&FileId(0)], "a:\n    b: 'x \\ y'\n");
}
