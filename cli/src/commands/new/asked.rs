//! Questions to a person at a terminal. Nothing is asked that is known.

use super::{checked, said};
use crate::exit::Failure;
use crate::terminal::say;
use keyway_scaffold::facts::{ApiFacts, Fact, Placement};
use keyway_spec::Mode;
use std::io::{self, BufRead, IsTerminal, Write};

/// Asks for what is missing. An empty answer leaves the question open; where nobody can answer, nothing is guessed.
pub(super) fn complete(facts: ApiFacts) -> Result<ApiFacts, Failure> {
    let is_person = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut facts = facts;
    let mut hinted = false;
    let mut ask = |question: &str, check: fn(&str) -> Result<String, String>| {
        if !is_person {
            return Err(unanswered("there is no terminal to ask at"));
        }
        if !std::mem::replace(&mut hinted, true) {
            say("An empty answer leaves a question open, for later.");
        }
        until_it_can_be(question, check)
    };
    if facts.mode.is_none()
        && let Some(text) = ask(
            "How does a customer sign in (api-key, basic, oauth2, oauth2-cc, two-step, none, ...; `?` lists all)?",
            way,
        )?
    {
        facts.mode = Some(Fact::said(said::mode(&text)?));
    }
    let mode = facts.mode.as_ref().map(|fact| fact.value);
    if facts.base_url.is_none() {
        facts.base_url =
            ask("What does the URL of every call begin with (https://...)?", checked::url)?.map(Fact::said);
    }
    if mode == Some(Mode::ApiKey)
        && facts.placement.is_none()
        && let Some(name) = ask("Which header carries the key (authorization, x-api-key, ...)?", checked::header)?
    {
        let name = name.to_lowercase();
        let prefix = if name == "authorization" { "Bearer ".to_owned() } else { String::new() };
        let placement = Fact::said(Placement::Header { name, prefix: prefix.clone() });
        let sure = prefix.is_empty();
        facts.placement =
            Some(if sure { placement } else { placement.asking("is it `Bearer ` that stands before the key?") });
    }
    if mode == Some(Mode::OAuth2) && facts.authorization_url.is_none() {
        facts.authorization_url =
            ask("Where is the authorization endpoint (https://...)?", checked::url)?.map(Fact::said);
    }
    if matches!(mode, Some(Mode::OAuth2 | Mode::OAuth2ClientCredentials | Mode::TwoStep)) && facts.token_url.is_none() {
        facts.token_url =
            ask("Where is the token endpoint, or the login (https://...)?", checked::url)?.map(Fact::said);
    }
    if mode == Some(Mode::OAuth2) {
        if facts.scopes.is_empty() {
            let scopes =
                ask("Which scopes does the vendor document (with spaces between)?", scopes)?.unwrap_or_default();
            facts.scopes = scopes.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        }
        if facts.pkce.is_none() {
            let said = ask("Does the server take a `code_challenge`, PKCE (yes, no)?", word)?;
            facts.pkce = said.and_then(|text| said::yes_or_no(&text).ok()).map(Fact::said);
        }
        if facts.refreshes.is_none() {
            let said = ask("Does a refresh token come with the token (yes, no)?", word)?;
            facts.refreshes = said.and_then(|text| said::yes_or_no(&text).ok()).map(Fact::said);
        }
    }
    if facts.docs.is_none() {
        facts.docs = ask("Which page of the vendor's says all this (https://...)?", checked::page)?.map(Fact::said);
    }
    Ok(facts)
}

/// Names of scopes, as an authorization request takes them (RFC 6749 section 3.3).
fn scopes(text: &str) -> Result<String, String> {
    let is_one = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\') || byte == b' ';
    if text.bytes().all(is_one) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` cannot be scopes: write `read write`"))
    }
}

/// `yes` or `no`, as it was written.
fn word(text: &str) -> Result<String, String> {
    said::yes_or_no(text).map(|_| text.to_owned()).map_err(|next| format!("`{text}`: {next}"))
}

/// A way to sign in, as `--auth` takes it.
fn way(text: &str) -> Result<String, String> {
    said::mode(text).map(|_| text.to_owned()).map_err(|failure| failure.message)
}

/// Asks again where an answer cannot be.
fn until_it_can_be(question: &str, check: fn(&str) -> Result<String, String>) -> Result<Option<String>, Failure> {
    while let Some(text) = answer(question)? {
        match check(&text) {
            Ok(text) => return Ok(Some(text)),
            Err(reason) => say(&reason),
        }
    }
    Ok(None)
}

fn unanswered(reason: &str) -> Failure {
    Failure::usage(format!("nothing is written: {reason}; `--no-input` drafts without questions"))
}

fn answer(question: &str) -> Result<Option<String>, Failure> {
    let cannot = |error: io::Error| Failure::usage(format!("cannot ask: {error}"));
    let mut err = io::stderr();
    write!(err, "{question} ").and_then(|()| err.flush()).map_err(cannot)?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line).map_err(cannot)? == 0 {
        say("");
        return Err(unanswered("the input ended"));
    }
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
