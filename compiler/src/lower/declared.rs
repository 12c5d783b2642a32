//! The names that an entry declares, captures or keeps: what its templates may refer to.
//!
//! A name that is not in these lists is reported where it is used.

use crate::model::common::KeywayKeys;
use crate::model::{Auth, Field, Map, Mode, Provider, Str};
use crate::template::scope::Declared;

/// The names, and the values that an `enum` allows for them.
pub(super) struct Names<'p> {
    pub(super) declared: Declared<'p>,
    choices: Vec<(String, Vec<&'p str>)>,
}

impl<'p> Names<'p> {
    /// The values that a name of a template may have; none where anything goes.
    pub(super) fn choices(&self, name: &str) -> Vec<&'p str> {
        let found = self.choices.iter().find(|(known, _)| known == name || bare(known) == name);
        found.map(|(_, values)| values.clone()).unwrap_or_default()
    }
}

fn bare(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, rest)| rest)
}

/// Collects the names of an entry.
pub(super) fn names(provider: &Provider) -> Names<'_> {
    let common = &provider.common;
    let mode = provider.auth.mode();
    let row = mode.facts();
    let mut declared = Declared {
        config: keys(common.connection_config.as_ref()),
        config_is_open: common.post_connection_script.as_ref().is_some_and(|name| !name.text.is_empty()),
        credentials: keys(common.credentials.as_ref()),
        ..Declared::of(mode)
    };
    declared.credentials.extend(row.stored);
    declared.credentials_are_fixed = matches!(mode, Mode::ApiKey | Mode::Basic);
    if declared.credentials_are_fixed {
        // Whatever else the entry asks for is not stored in these modes: a template would never find it.
        declared.credentials.retain(|name| row.stored.contains(name));
    }
    if !provider.whole {
        // What could not be read may have declared anything.
        declared.config_is_open |= common.connection_config.is_none();
        declared.credentials_are_open = common.credentials.is_none();
    }
    declared.config.extend(texts(common.connection_configuration.as_ref()));
    let named = common.proxy.as_ref().and_then(|proxy| proxy.connection_config.as_ref());
    declared.config.extend(named.into_iter().flatten().map(|(key, _)| key.name.as_str()));
    captured(provider, &mut declared);
    if let Some(keyway) = &common.keyway {
        quirks(keyway, &mut declared);
    }
    let mut choices = enumerated("connectionConfig", common.connection_config.as_ref());
    choices.extend(enumerated("credentials", common.credentials.as_ref()));
    Names { declared, choices }
}

/// The names that `keyway` sends, splits, keeps with the token and asks for in steps.
fn quirks<'p>(keyway: &'p KeywayKeys, declared: &mut Declared<'p>) {
    let sent = keyway.authorization.iter().flat_map(|keys| keys.config_params.iter().flatten());
    declared.config.extend(sent.map(|name| name.as_str()));
    declared.credentials.extend(keyway.split.iter().flatten().map(|(key, _)| key.name.as_str()));
    let Some(token) = &keyway.token else { return };
    declared.credentials.extend(token.also.iter().flatten().map(|(key, _)| key.name.as_str()));
    for exchange in [&token.code, &token.refresh].into_iter().flatten() {
        let requests = 1 + exchange.then.as_ref().map_or(0, Vec::len);
        declared.steps = declared.steps.max(requests);
    }
}

/// The names that the mode captures from callbacks, responses and webhooks, or writes itself.
fn captured<'p>(provider: &'p Provider, declared: &mut Declared<'p>) {
    let config = &mut declared.config;
    config.extend(provider.auth.captures().map(Str::as_str));
    config.extend(provider.auth.mode().facts().captured);
    if let Auth::TwoStep(auth) = &provider.auth {
        declared.credentials.extend(keys(provider.common.integration_config.as_ref()));
        declared.credentials.extend(auth.token_response_headers.iter().flatten().map(|name| name.text.as_str()));
        declared.assertion_options = keys(auth.assertion_option.as_ref());
        let steps = auth.additional_steps.as_ref().map_or(0, Vec::len);
        declared.steps = if provider.whole { 1 + steps } else { usize::from(u8::MAX) };
    }
}

fn keys<N>(map: Option<&Map<Field, N>>) -> Vec<&str> {
    let read = map.into_iter().flatten().map(|(key, _)| key);
    read.chain(map.into_iter().flat_map(|map| &map.unread)).map(|key| key.name.as_str()).collect()
}

fn texts(list: Option<&Vec<Str>>) -> impl Iterator<Item = &str> {
    list.into_iter().flatten().map(Str::as_str)
}

fn enumerated<'p, N>(root: &str, map: Option<&'p Map<Field, N>>) -> Vec<(String, Vec<&'p str>)> {
    let mut found = Vec::new();
    for (key, field) in map.into_iter().flatten() {
        if let Some(choices) = &field.choices {
            found.push((format!("{root}.{}", key.name), choices.iter().map(Str::as_str).collect()));
        }
    }
    found
}
