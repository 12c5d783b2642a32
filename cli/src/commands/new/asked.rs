//! Questions to a person at a terminal. Nothing is asked that is known.

use super::said;
use crate::exit::Failure;
use crate::terminal::say;
use keyway_scaffold::facts::{ApiFacts, Fact, Placement};
use keyway_spec::Mode;
use std::io::{self, BufRead, IsTerminal, Write};

/// Asks for what is missing, where there is a person to ask. An empty answer leaves the question open.
pub(super) fn complete(facts: ApiFacts) -> Result<ApiFacts, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(facts);
    }
    let mut facts = facts;
    let mut hinted = false;
    let mut ask = |question: &str| {
        if !std::mem::replace(&mut hinted, true) {
            say("An empty answer leaves a question open, for later.");
        }
        answer(question)
    };
    if facts.mode.is_none()
        && let Some(text) =
            ask("How does a customer sign in (api-key, basic, oauth2, oauth2-cc, two-step, none, ...)?")?
    {
        facts.mode = Some(Fact::said(said::mode(&text)?));
    }
    let mode = facts.mode.as_ref().map(|fact| fact.value);
    if facts.base_url.is_none() {
        facts.base_url = ask("What does the URL of every call begin with (https://...)?")?.map(Fact::said);
    }
    if mode == Some(Mode::ApiKey)
        && facts.placement.is_none()
        && let Some(name) = ask("Which header carries the key (authorization, x-api-key, ...)?")?
    {
        let name = name.to_lowercase();
        let prefix = if name == "authorization" { "Bearer ".to_owned() } else { String::new() };
        let placement = Fact::said(Placement::Header { name, prefix: prefix.clone() });
        let sure = prefix.is_empty();
        facts.placement =
            Some(if sure { placement } else { placement.asking("is it `Bearer ` that stands before the key?") });
    }
    if mode == Some(Mode::OAuth2) && facts.authorization_url.is_none() {
        facts.authorization_url = ask("Where is the authorization endpoint (https://...)?")?.map(Fact::said);
    }
    if matches!(mode, Some(Mode::OAuth2 | Mode::OAuth2ClientCredentials | Mode::TwoStep)) && facts.token_url.is_none() {
        facts.token_url = ask("Where is the token endpoint, or the login (https://...)?")?.map(Fact::said);
    }
    if mode == Some(Mode::OAuth2) {
        if facts.scopes.is_empty() {
            let scopes = ask("Which scopes does the vendor document (with spaces between)?")?.unwrap_or_default();
            facts.scopes = scopes.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        }
        if facts.pkce.is_none() {
            facts.pkce = word(ask("Does the server take a `code_challenge`, PKCE (yes, no)?")?)?.map(Fact::said);
        }
        if facts.refreshes.is_none() {
            facts.refreshes = word(ask("Does a refresh token come with the token (yes, no)?")?)?.map(Fact::said);
        }
    }
    if facts.docs.is_none() {
        facts.docs = ask("Which page of the vendor's says all this (https://...)?")?.map(Fact::said);
    }
    Ok(facts)
}

/// The word of an answer, if there is one.
fn word(answer: Option<String>) -> Result<Option<bool>, Failure> {
    answer.map(|text| said::yes_or_no(&text).map_err(|next| Failure::usage(format!("`{text}`: {next}")))).transpose()
}

fn answer(question: &str) -> Result<Option<String>, Failure> {
    let cannot = |error: io::Error| Failure::usage(format!("cannot ask: {error}"));
    let mut err = io::stderr();
    write!(err, "{question} ").and_then(|()| err.flush()).map_err(cannot)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(cannot)?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
