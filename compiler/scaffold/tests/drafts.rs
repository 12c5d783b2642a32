//! Every draft passes `check` but for its questions, whatever its mode and wherever its credential stands.

use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_scaffold::facts::{ApiFacts, ClientAuth, ConfigField, Fact, ListPages, PagingFact, Placement};
use keyway_scaffold::{draft, text};
use keyway_spec::Mode;

/// The findings on an entry, as `rule: message`, without its questions.
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

fn header(name: &str, prefix: &str) -> Placement {
    Placement::Header { name: name.to_owned(), prefix: prefix.to_owned() }
}

#[test]
fn a_draft_of_any_mode_and_placement_has_no_finding_but_its_questions() {
    let placements = [
        None,
        Some(header("authorization", "Bearer ")),
        Some(header("authorization", "Token ")),
        Some(header("x-api-key", "")),
        Some(Placement::Query("api_key".to_owned())),
        Some(Placement::BasicUser),
    ];
    let configs = [
        Vec::new(),
        vec![ConfigField {
            name: "subdomain".to_owned(),
            title: "Subdomain".to_owned(),
            description: "The first part of your address.".to_owned(),
            example: Some("globex".to_owned()),
            pattern: Some("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$".to_owned()),
            ..ConfigField::default()
        }],
    ];
    let mut tried = 0;
    let mut wrong = Vec::new();
    for mode in Mode::ALL {
        for placement in &placements {
            for config in &configs {
                for client_auth in [None, Some(ClientAuth::Basic), Some(ClientAuth::Body)] {
                    let base = match config.first() {
                        Some(_) => "https://${connectionConfig.subdomain}.acme.example",
                        None => "https://api.acme.example",
                    };
                    let facts = ApiFacts {
                        mode: Some(Fact::said(*mode)),
                        placement: placement.clone().map(Fact::said),
                        base_url: (!config.is_empty()).then(|| Fact::said(base.to_owned())),
                        config: config.clone(),
                        client_auth: client_auth.map(Fact::said),
                        ..ApiFacts::default()
                    };
                    let yaml = draft(&facts);
                    wrong.extend(findings(&yaml).into_iter().map(|one| format!("{mode:?}: {one}\n{yaml}")));
                    assert!(yaml.contains("# TODO: "), "nothing is asked, although little was said\n{yaml}");
                    tried += 1;
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong.into_iter().take(5).collect::<String>());
    assert_eq!(tried, Mode::ALL.len() * 6 * 2 * 3);
}

#[test]
fn a_draft_of_every_rule_of_pages_has_no_finding_but_its_questions() {
    let cursor = |name: &str, path: &str| PagingFact::Cursor { name: name.to_owned(), path: path.to_owned() };
    for rule in [
        PagingFact::LinkHeader,
        PagingFact::LinkBody("links.next".to_owned()),
        cursor("cursor", "meta.next"),
        PagingFact::Offset { name: "offset".to_owned(), pages: false },
        PagingFact::Offset { name: "page".to_owned(), pages: true },
    ] {
        let pages = ListPages { rule, limit: Some("limit".to_owned()), items: Some("data".to_owned()) };
        let facts = ApiFacts {
            mode: Some(Fact::said(Mode::ApiKey)),
            pages: Some(Fact::said(pages)),
            retry_after: vec![Fact::said("retry-after".to_owned())],
            retry_at: vec![Fact::guess("x-ratelimit-reset".to_owned(), "an instant?")],
            scopes: vec!["a.read".to_owned(), "a:write, all".to_owned()],
            ..ApiFacts::default()
        };
        let yaml = draft(&facts);
        assert_eq!(findings(&yaml), Vec::<String>::new(), "{yaml}");
    }
}

#[test]
fn what_is_known_is_written_with_where_it_is_from_and_is_no_question() {
    let facts = ApiFacts {
        display_name: Some(Fact::said("Acme: the CRM".to_owned())),
        docs: Some(Fact::said("https://docs.acme.example/auth".to_owned())),
        categories: vec!["crm".to_owned()],
        mode: Some(Fact::said(Mode::OAuth2)),
        authorization_url: Some(Fact::read(
            "https://acme.example/authorize".to_owned(),
            "a.json#/authorization_endpoint",
        )),
        token_url: Some(Fact::read("https://acme.example/token".to_owned(), "a.json#/token_endpoint")),
        client_auth: Some(Fact::read(ClientAuth::Basic, "a.json#/token_endpoint_auth_methods_supported")),
        pkce: Some(Fact::read(true, "a.json#/code_challenge_methods_supported")),
        refreshes: Some(Fact::said(true)),
        scopes: vec!["crm.read".to_owned()],
        base_url: Some(Fact::said("https://api.acme.example".to_owned())),
        ..ApiFacts::default()
    };
    let expected = "acme:
  display_name: 'Acme: the CRM'
  categories: [crm]
  docs: https://docs.acme.example/auth
  auth_mode: OAUTH2
  authorization_url: https://acme.example/authorize  # a.json#/authorization_endpoint
  token_url: https://acme.example/token  # a.json#/token_endpoint
  token_request_auth_method: basic  # a.json#/token_endpoint_auth_methods_supported
  refresh_params:
    grant_type: refresh_token
  proxy:
    base_url: https://api.acme.example
  keyway:
    scopes:
      - crm.read
";
    assert_eq!(draft(&facts), expected);
    assert_eq!(findings(expected), Vec::<String>::new());
}
