//! The quirks of the corpus, as an overlay of our own, against the corpus.
//!
//! Skipped, aloud, where there is no corpus.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_compiler::pipeline::{Checked, Input, compile};
use keyway_compiler::source::Sources;
use keyway_spec::auth::{BodyFormat, ClientAuth};
use keyway_spec::quirks::{GrantType, KeepRefreshToken, Quirks, RefreshWhen, RequestMethod};
use keyway_spec::{ProviderSpec, Value};
use keyway_tests::shared;
use std::collections::BTreeSet;

/// Entries whose sign-in differs from the standard (appendix A and section 4.1 of the format reference). `mercury` is
/// not among them: what it declares (`authorization_method: header`) is what it needs.
const UNLIKE_THE_STANDARD: &str = "absorb-lms agiloft attio-mcp braintree braintree-sandbox bullhorn clover coros \
     coros-sandbox facebook fanvue figjam figma followupboss ghost-admin heygen instagram jobber microsoft-admin \
     microsoft-teams-bot one-drive posthog-oauth revolut-business salesforce salesforce-cc \
     salesforce-experience-cloud salesforce-jwt salesforce-sandbox sentry-oauth sharepoint-online shopline-oauth slack \
     stripe-app stripe-app-sandbox threads tiktok-accounts tiktok-ads tiktok-personal walmart workday-oauth";

/// The corpus without and with the overlay.
fn corpus() -> Option<[(Checked, Vec<ProviderSpec>); 2]> {
    let path = shared("corpus/nango-providers.yaml")?;
    let mut sources = Sources::default();
    let catalogue = sources.add("corpus", std::fs::read_to_string(path).unwrap());
    let overlay = concat!(env!("CARGO_MANIFEST_DIR"), "/quirks.yaml");
    let overlay = sources.add("quirks.yaml", std::fs::read_to_string(overlay).unwrap());
    let with = Input { catalogue, overlays: vec![overlay] };
    Some([compile(&sources, catalogue, &[]), compile(&sources, with, &[])])
}

#[test]
fn the_overlaid_corpus_compiles_and_exactly_the_named_entries_have_quirks() {
    let Some([(plain, _), (overlaid, specs)]) = corpus() else { return };
    let shown = |checked: &Checked| -> BTreeSet<String> {
        checked.diagnostics.iter().map(|found| format!("{} {}", found.rule.code, found.message)).collect()
    };
    let new: Vec<String> = shown(&overlaid).difference(&shown(&plain)).cloned().collect();
    assert_eq!(new, Vec::<String>::new());
    let with: BTreeSet<&str> = specs.iter().filter(|spec| spec.quirks.is_some()).map(|spec| spec.key).collect();
    assert_eq!(with, UNLIKE_THE_STANDARD.split_whitespace().collect());
}

#[test]
fn each_kind_of_quirk_reaches_the_spec() {
    let Some([_, (_, specs)]) = corpus() else { return };
    let quirks = |key: &str| -> &Quirks { specs.iter().find(|spec| spec.key == key).unwrap().quirks.unwrap() };
    let code = |key: &str| quirks(key).code.unwrap();
    let refresh = |key: &str| quirks(key).refresh.unwrap();

    assert_eq!(code("heygen").request.client_auth, ClientAuth::Public);
    assert_eq!(code("figjam"), code("figma"));
    assert_eq!(code("figma").request.query.first().unwrap().name, "redirect_uri");
    assert_eq!(code("figma").request.params.first().unwrap().value, Value::Null);
    assert_eq!(refresh("figma").request.response.keep_refresh_token, KeepRefreshToken::Always);
    assert_eq!(refresh("workday-oauth").request.response.keep_refresh_token, KeepRefreshToken::Submitted);
    assert_eq!(code("bullhorn").then.first().unwrap().request.response.token, "BhRestToken");
    assert_eq!(code("microsoft-admin").request.grant, GrantType::ClientCredentials);
    assert_eq!(code("revolut-business").request.client_assertion.unwrap().expires_in_ms, 300_000);
    let renewal = refresh("instagram").request;
    assert_eq!(
        (renewal.grant, renewal.method, renewal.body_format),
        (GrantType::AccessToken, RequestMethod::Get, BodyFormat::Query)
    );
    assert!(code("instagram").then.first().unwrap().optional);
    assert_eq!(quirks("facebook").refresh_when, RefreshWhen::Forced);
    assert_eq!(quirks("tiktok-ads").refresh_when, RefreshWhen::Never);
    assert_eq!(refresh("coros").request.response.success_if.len(), 1);
    assert!(refresh("coros").request.response.keep_access_token);
    assert_eq!(code("sentry-oauth").request.response.status, Some(201));
    assert_eq!(quirks("slack").also.first().unwrap().from, Some("authed_user"));
    assert_eq!(quirks("slack").authorization_config_params, ["user_scope"]);
    assert_eq!(quirks("ghost-admin").split.first().unwrap().into, ["id", "secret"]);
    assert!(quirks("salesforce").introspect.unwrap().url.is_some());
}
