//! Look-ups: one request about the account that was just connected, whose values become its configuration.
//!
//! Made once, after the token and before anything is stored. What the vendor says is held to the entry's own fields, as
//! what it says beside a token is, and it widens no set of hosts: those were decided from the entry. Where an account
//! is several, a person chooses, and a value that was given beforehand has to be in the vendor's list.

use super::claims::captured;
use super::exchange::{Answer, Step};
use super::purpose::Purpose;
use super::refusal::failed;
use super::token_request::{TokenRequest, text};
use super::values;
use crate::choices::{ChoiceOption, Choices, MAX_OPTIONS};
use crate::connection::ConfigMap;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::inputs::Inputs;
use crate::json;
use crate::pattern::Pattern;
use crate::secret::Secret;
use crate::template::{Text, evaluate, position};
use http::Method;
use keyway_format::path;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::Lookup;
use serde_json::{Map, Value};

/// The longest value that is taken.
const MAX_VALUE: usize = 4096;

/// The values that say which of several items is meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'a> {
    /// The value that was given for this connection. It has to be in the list.
    pub given: Option<&'a str>,
    /// The value that the connection had before. It counts where it is in the list.
    pub before: Option<&'a str>,
}

/// The outcome of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// The configuration that the vendor's answer sets.
    Found(ConfigMap),
    /// There are several items, and nothing says which one is meant.
    Several(Choices),
}

/// The request, or what its answer says.
pub fn step(inputs: &Inputs<'_>, lookup: &Lookup, chosen: Chosen<'_>, answers: &[Answer]) -> Result<Step<LookedUp>> {
    match answers.first() {
        None => request(inputs, lookup).map(Step::send),
        Some(answer) => read(inputs.spec, lookup, chosen, answer).map(Step::Done),
    }
}

/// The configuration that may be given for a connection although it is the provider's to say: it chooses.
pub fn is_choosing(spec: &ProviderSpec, name: &str) -> bool {
    spec.quirks.is_some_and(|quirks| quirks.lookups.iter().any(|lookup| lookup.choosing_field() == Some(name)))
}

/// The request, with the credential as the entry places it in headers. It knows nothing of what it is to find out: a
/// value that was given for that is held to the answer first.
fn request(inputs: &Inputs<'_>, lookup: &Lookup) -> Result<TokenRequest> {
    let mut config = inputs.config.clone();
    config.retain(|name, _| lookup.set.iter().all(|(set, _)| set != name));
    let inputs = &Inputs { config: &config, ..*inputs };
    let scope = inputs.scope();
    let url = position::url(&text(&lookup.url, &scope)?).ok_or_else(|| {
        let message = "the URL of a look-up cannot be called: check the entry, and the connection's configuration";
        Error::new(ErrorKind::InvalidValue, message)
    })?;
    let carries = if super::carries_operator_secret(inputs) { SecretOwner::Operator } else { SecretOwner::Customer };
    let mut request = TokenRequest::post(url, carries);
    if lookup.body.is_empty() {
        request.method = Method::GET;
    } else {
        let members = values::object(inputs, &scope, lookup.body)?;
        request.body = Secret::new(Value::from(members).to_string());
        request.set_header("content-type", Secret::new("application/json"));
    }
    request.purpose = Purpose::Lookup;
    if lookup.headers.is_empty() {
        for (name, value) in super::headers(inputs)? {
            request.set_header(name, value);
        }
        // A header that is made of what is looked up only now has no value yet.
        for (name, template) in inputs.spec.proxy.iter().flat_map(|proxy| proxy.headers) {
            if let Ok(Text::Resolved(value)) = evaluate(template, &scope) {
                request.set_header(name, value);
            }
        }
    } else {
        for (name, template) in lookup.headers {
            request.set_header(name, text(template, &scope)?);
        }
    }
    let own = inputs.credentials.secrets().chain(&inputs.integration.client_secret);
    request.secrets = own.chain(inputs.integration.custom.values()).cloned().collect();
    Ok(request)
}

/// True if a connection is made although a look-up failed: the entry says that it may, and the vendor is to blame. A
/// choice that is none is the customer's.
pub fn may_be_missing(lookup: &Lookup, error: &Error) -> bool {
    use ErrorKind::{NotVerified, Timeout, UnexpectedAnswer, Unreachable, UnreadableResponse};
    lookup.optional
        && matches!(error.kind(), NotVerified | Timeout | UnexpectedAnswer | UnreadableResponse | Unreachable)
}

/// The first group of a pattern in a value.
fn part_of(value: &str, pattern: &str) -> Option<String> {
    Pattern::compile(pattern).ok()?.first_group(value).ok()?.map(std::borrow::Cow::into_owned)
}

fn read(spec: &ProviderSpec, lookup: &Lookup, chosen: Chosen<'_>, answer: &Answer) -> Result<LookedUp> {
    let body = answer.body.expose().trim_start_matches('\u{feff}').trim();
    let value = json::exact(body).ok();
    let members = value.as_ref().and_then(Value::as_object);
    if !(200..300).contains(&answer.status) {
        let what = "the provider refused to say which account this is";
        return Err(failed(ErrorKind::NotVerified, answer, members, what));
    }
    let unreadable = |what: &str| failed(ErrorKind::UnexpectedAnswer, answer, members, what);
    let Some(value) = &value else { return Err(unreadable("the answer to a look-up is not JSON")) };
    let Some(list) = lookup.items else {
        let item = members.ok_or_else(|| unreadable("the answer to a look-up is not an object"))?;
        return set(spec, lookup, item).map(LookedUp::Found);
    };
    let list = if list.is_empty() { Some(value) } else { path::get(value, list) };
    let list = list.and_then(Value::as_array).ok_or_else(|| unreadable("the answer to a look-up has no list"))?;
    let items: Vec<&Map<String, Value>> = list.iter().filter_map(Value::as_object).collect();
    match choose(lookup, &items, chosen)? {
        Meant::Item(item) => set(spec, lookup, item).map(LookedUp::Found),
        Meant::Open(choices) => Ok(LookedUp::Several(choices)),
    }
}

/// The item that is meant, or those that it may be.
enum Meant<'a> {
    Item(&'a Map<String, Value>),
    Open(Choices),
}

fn choose<'a>(lookup: &Lookup, items: &[&'a Map<String, Value>], chosen: Chosen<'_>) -> Result<Meant<'a>> {
    let none = || {
        let message =
            "the provider lists nothing that this account could connect: check what the customer may see there";
        Error::new(ErrorKind::NotVerified, message)
    };
    let first = *items.first().ok_or_else(none)?;
    let Some((choice, field)) = lookup.choose.zip(lookup.choosing_field()) else {
        return if items.len() == 1 { Ok(Meant::Item(first)) } else { Err(undecided()) };
    };
    let value_of = |item: &Map<String, Value>| captured(item, choice.value).map(|(_, value)| value);
    let named = |value: &str| items.iter().copied().find(|item| value_of(item).as_deref() == Some(value));
    let options = || {
        let options = items.iter().filter_map(|item| {
            let label = choice.label.and_then(|path| captured(item, path)).map(|(_, label)| label);
            let value = value_of(item).filter(|value| value.len() <= MAX_VALUE)?;
            Some(ChoiceOption::new(value, label.as_deref().filter(|label| !label.is_empty())))
        });
        Choices::new(field, options.take(MAX_OPTIONS).collect())
    };
    if let Some(given) = chosen.given {
        return named(given).map(Meant::Item).ok_or_else(|| {
            let choices = options();
            let message = format!("`{field}` is none of those that the provider lists: {}", choices.named());
            Error::new(ErrorKind::InvalidValue, message).choices(choices)
        });
    }
    if items.len() == 1 {
        return Ok(Meant::Item(first));
    }
    Ok(match chosen.before.and_then(named) {
        Some(item) => Meant::Item(item),
        None => Meant::Open(options()),
    })
}

/// The error of a list that the entry gives no way to choose from.
fn undecided() -> Error {
    let message = "the provider lists several accounts, and the entry does not say how to choose one: add `choose` to its look-up";
    Error::new(ErrorKind::Unsupported, message)
}

/// The error that asks for a choice.
pub fn needed(choices: Choices) -> Error {
    let message = format!(
        "the account has several of these; choose one and give its value as `{}`: {}",
        choices.field,
        choices.named()
    );
    Error::new(ErrorKind::ChoiceNeeded, message).sent(true).choices(choices)
}

/// The configuration that an item sets. A value that does not fit its field is an error here: nothing is lost yet but a
/// token that nobody has used.
fn set(spec: &ProviderSpec, lookup: &Lookup, item: &Map<String, Value>) -> Result<ConfigMap> {
    let mut found = ConfigMap::new();
    for (name, path) in lookup.set {
        let field = spec.connection_config.iter().find(|field| field.name == *name);
        let part = |value: String| match lookup.take.iter().find(|(taken, _)| taken == name) {
            None => Some(value),
            Some((_, pattern)) => part_of(&value, pattern),
        };
        let Some(value) = captured(item, path).and_then(|(_, value)| part(value)).filter(|value| !value.is_empty())
        else {
            if field.is_some_and(|field| field.optional) {
                continue;
            }
            let message = format!("the provider's answer to a look-up has no `{path}`, which `{name}` is set from");
            return Err(Error::new(ErrorKind::UnexpectedAnswer, message).sent(true));
        };
        let value = ConfigMap::from([((*name).to_owned(), value)]);
        let fits = field.is_none_or(|field| fields::validate(&[*field], &value, Trust::Provider).is_ok());
        if !fits || value.values().any(|value| value.len() > MAX_VALUE) {
            let message = format!("the provider sent a value for `{name}` that does not fit the field");
            return Err(Error::new(ErrorKind::UnexpectedAnswer, message).sent(true));
        }
        found.extend(value);
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
