//! Drafts from the documents of real vendors (`../shared/openapi`), and from discovery documents.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

#[path = "../../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_openapi::read;
use keyway_scaffold::facts::ApiFacts;
use keyway_scaffold::{catalogues, discovery, draft, openapi, text};
use keyway_spec::Mode;
use serde_json::json;
use std::io::Read;

/// The findings on an entry, without its questions.
fn findings(yaml: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let catalogue = sources.add("acme.yaml".to_owned(), yaml.to_owned());
    let checked = pipeline::check(&sources, Input { catalogue, overlays: Vec::new() });
    let found = checked.diagnostics.iter().filter(|one| one.rule.name != "open-question");
    found.map(|one| format!("{}: {}", one.rule.name, one.message)).collect()
}

fn draft(facts: &ApiFacts) -> String {
    text::entry("acme", &draft::lines("acme", facts))
}

#[test]
fn a_draft_of_every_vendors_document_has_no_finding_but_its_questions() {
    let Some(folder) = shared::shared("openapi") else { return };
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let (mut seen, mut servers, mut wrong) = (0, 0, Vec::new());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.contains(".gz") || name.contains(".tar.") {
            continue;
        }
        let mut document = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_string(&mut document).unwrap();
        let documents = read::read(&name, document, &|_| Err("it was not read".to_owned())).unwrap();
        let facts = openapi::facts(&documents).unwrap();
        let yaml = draft(&facts);
        wrong.extend(findings(&yaml).into_iter().map(|one| format!("{name}: {one}\n{yaml}")));
        servers += usize::from(facts.base_url.is_some());
        seen += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(servers + 2 >= seen, "only {servers} of {seen} documents have a server");
    assert!(seen >= 20, "only {seen} documents were tried");
}

#[test]
fn a_discovery_document_says_endpoints_client_authentication_and_pkce() {
    let document = json!({
        "issuer": "https://login.acme.example",
        "authorization_endpoint": "https://login.acme.example/{tenant}/authorize",
        "token_endpoint": "https://login.acme.example/{tenant}/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain"],
        "scopes_supported": ["openid", "crm.read"],
        "jwks_uri": "https://login.acme.example/keys",
    });
    let facts = discovery::facts("d.json", &document).unwrap();
    let yaml = draft(&facts);
    for line in [
        "auth_mode: OAUTH2",
        "authorization_url: https://login.acme.example/${connectionConfig.tenant}/authorize  # d.json#/authorization_endpoint",
        "token_request_auth_method: basic  # d.json#/token_endpoint_auth_methods_supported",
        "disable_pkce: true  # d.json#/code_challenge_methods_supported",
        "      - crm.read",
    ] {
        assert!(yaml.contains(line), "{line}\n{yaml}");
    }
    assert!(facts.notes[0].contains("jwks_uri"), "{:?}", facts.notes);
    for (document, part) in [(json!([]), "is no JSON object"), (json!({"issuer": "x"}), "is no discovery document")] {
        assert!(discovery::facts("d.json", &document).unwrap_err().contains(part));
    }
    let alone = json!({"token_endpoint": "https://a.example/token"});
    let mode = discovery::facts("d.json", &alone).unwrap().mode.unwrap().value;
    assert_eq!(mode, Mode::OAuth2ClientCredentials);
}

#[test]
fn another_catalogues_facts_are_guesses_with_their_line() {
    let lines = "{\"name\": \"other\"}\n\n{\"name\": \"acme\", \"auth\": \"OAUTH2\", \"base_url\": \
        \"https://{{.workspace}}.acme.example\", \"authorization_url\": \"https://[sub].acme.example/a\", \"token_url\": \
        \"https://acme.example/t\", \"scope_separator\": \",\"}\n";
    let facts = catalogues::witness("w.jsonl", lines, "acme").unwrap();
    let yaml = draft(&facts);
    for line in [
        "# TODO: does the vendor's page say so too?\n  scope_separator: ','  # w.jsonl:3",
        "# TODO: does the vendor's page say so too? And is a `code_challenge` (PKCE) an error there? Then `disable_pkce: true`\n  token_url: https://acme.example/t  # w.jsonl:3",
        "authorization_url: https://${connectionConfig.sub}.acme.example/a  # w.jsonl:3",
        "base_url: https://${connectionConfig.workspace}.acme.example  # w.jsonl:3",
    ] {
        assert!(yaml.contains(line), "{line}\n{yaml}");
    }
    assert!(catalogues::witness("w.jsonl", lines, "nobody").unwrap_err().contains("no line whose `name`"));
    assert!(catalogues::witness("w.jsonl", "{", "acme").unwrap_err().starts_with("`w.jsonl` line 1"));
    let grant = json!({"acme": {"oauth": 1, "request_url": "https://acme.example/r", "authorize_url": "https://acme.example/a", "access_url": "https://acme.example/t"}});
    let yaml = draft(&catalogues::grant("g.json", &grant, "acme").unwrap());
    assert!(
        yaml.contains("auth_mode: OAUTH1  # g.json#/acme") && yaml.contains("request_url: https://acme.example/r"),
        "{yaml}"
    );
    assert!(catalogues::grant("g.json", &grant, "beta").unwrap_err().contains("has no `beta`"));
}
