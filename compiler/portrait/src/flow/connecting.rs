//! From the form until an account is connected.

use super::words::{MAX_NAMES, in_words, listed, path_of, place_of};
use super::{FlowMessage, PartyRole, answer, ask, code, modes, says};
use crate::form;
use keyway_spec::quirks::Lookup;
use keyway_spec::{Field, ProviderSpec};

/// The form, signing in, look-ups, the probe.
pub(super) fn steps(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let mut steps = filled_in(spec);
    steps.extend(modes::signing_in(spec));
    steps.extend(lookups(spec));
    steps.extend(probe(spec));
    steps
}

fn filled_in(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let fields = form::fields(spec);
    let titles: Vec<&str> = fields.iter().map(|field| title(field)).collect();
    if titles.is_empty() {
        return Vec::new();
    }
    let lines = vec![says("fills in the form"), says(listed(&titles, MAX_NAMES))];
    vec![ask(PartyRole::Customer, PartyRole::Program, lines)]
}

fn title(field: &Field) -> &'static str {
    if field.title.is_empty() { field.name } else { field.title }
}

/// The requests about the account, made once (`keyway.lookups`).
fn lookups(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let lookups = spec.quirks.map_or(&[][..], |quirks| quirks.lookups);
    lookups.iter().flat_map(|lookup| lookup_steps(spec, lookup)).collect()
}

fn lookup_steps(spec: &ProviderSpec, lookup: &Lookup) -> Vec<FlowMessage> {
    let url = in_words(&lookup.url);
    let base = spec.proxy.map(|proxy| in_words(&proxy.base_url)).unwrap_or_default();
    let is_at_base = url.starts_with(&base) && !base.is_empty();
    let place = if is_at_base { path_of(&url) } else { place_of(&url) };
    let names: Vec<&str> = lookup.set.iter().map(|(name, _)| *name).collect();
    let found = listed(&names, MAX_NAMES);
    let method = if lookup.body.is_empty() { "GET" } else { "POST" };
    let mut steps = vec![
        ask(
            PartyRole::Program,
            PartyRole::Api,
            vec![code(format!("{method} {place}")), says("looks up the account that was connected")],
        ),
        answer(PartyRole::Api, PartyRole::Program, found),
    ];
    if lookup.choose.is_some() {
        let text = "chooses one, where there are several";
        steps.push(ask(PartyRole::Customer, PartyRole::Program, vec![says(text)]));
    }
    steps
}

/// The request that proves a credential before it is stored.
fn probe(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let verification = spec.proxy.and_then(|proxy| proxy.verification);
    let Some((probe, first)) = verification.and_then(|probe| Some((probe, probe.endpoints.first()?))) else {
        return Vec::new();
    };
    let endpoint = in_words(first);
    let at = match probe.base_url_override {
        Some(base) => place_of(&(in_words(&base) + &endpoint)),
        None => endpoint.split('?').next().unwrap_or_default().to_owned(),
    };
    let request = vec![code(format!("{} {at}", probe.method)), says("proves the credential, before it is stored")];
    vec![
        ask(PartyRole::Program, PartyRole::Api, request),
        answer(PartyRole::Api, PartyRole::Program, "2xx: the account is connected"),
    ]
}
