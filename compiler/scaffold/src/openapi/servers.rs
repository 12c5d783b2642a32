//! Servers, with variables that customers name.

use super::at;
use crate::facts::{ApiFacts, ConfigField, Fact};
use keyway_openapi::api::{Api, Version};
use keyway_openapi::read::At;

/// The pattern of a label of a host.
const LABEL: &str = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";

/// Reads the first server; more are told.
pub(super) fn read(root: &At<'_>, api: &Api<'_>, facts: &mut ApiFacts) {
    let servers = root.get("servers").map(|servers| servers.items()).unwrap_or_default();
    let Some(server) = servers.first().filter(|_| api.version == Version::Three) else {
        facts.base_url = api.servers.first().map(|url| fact(url, format!("{}#/host", root.file_name())));
        return;
    };
    let Some(url) = server.text("url") else { return };
    let mut template = url.trim_end_matches('/').to_owned();
    for (name, variable) in server.get("variables").iter().flat_map(At::members) {
        let field = field(name, &template, &variable);
        // What can be no part of a host is punctuation of the URL, and no customer's to name.
        if is_in_host(name, &template) && field.values.iter().any(|value| !is_label(value)) {
            let value = variable.text("default").unwrap_or_default();
            template = template.replace(&format!("{{{name}}}"), value);
            facts
                .notes
                .push(format!("`{{{name}}}` of the server is `{value}` here; it could be {}", field.values.join(", ")));
            continue;
        }
        template = template.replace(&format!("{{{name}}}"), &format!("${{connectionConfig.{}}}", field.name));
        facts.config.push(field);
    }
    let template = placeholder(&template, facts).unwrap_or(template);
    facts.base_url = Some(fact(&template, format!("{}/url", at(server))));
    let others: Vec<&str> = servers.iter().skip(1).filter_map(|server| server.text("url")).take(9).collect();
    if !others.is_empty() {
        facts.notes.push(format!("the document has other servers too: {}", others.join(", ")));
    }
}

/// A first label that stands for the reader's own (`your-domain`) as a field; `None` where there is none.
fn placeholder(url: &str, facts: &mut ApiFacts) -> Option<String> {
    let (label, rest) = url.strip_prefix("https://")?.split_once('.')?;
    let words = ["your", "my", "example"];
    let plain = label.to_ascii_lowercase();
    if !words
        .iter()
        .any(|word| plain == *word || plain.starts_with(&format!("{word}-")) || plain == format!("{word}domain"))
    {
        return None;
    }
    facts.config.push(ConfigField {
        name: "subdomain".to_owned(),
        title: "Subdomain".to_owned(),
        description: format!("The first part of your address, before .{}.", rest.split('/').next().unwrap_or(rest)),
        example: Some("acme".to_owned()),
        pattern: Some(LABEL.to_owned()),
        ..ConfigField::default()
    });
    Some(format!("https://${{connectionConfig.subdomain}}.{rest}"))
}

/// Moves a version at the end of the base URL into the paths: an entry serves the versions that come after it too.
pub(super) fn move_version(facts: &mut ApiFacts) {
    let Some(base) = &mut facts.base_url else { return };
    let Some((before, version)) = base.value.rsplit_once('/') else { return };
    let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let is_version = number.starts_with(|first: char| first.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        && before.contains("://")
        && !before.ends_with('/');
    if !is_version {
        return;
    }
    let version = format!("/{version}");
    facts.notes.push(format!(
        "the document's paths are below `{version}`, which is left out of `base_url`: name it in each call"
    ));
    base.value = before.to_owned();
    if let Some(probe) = &mut facts.probe {
        probe.value = format!("{version}{}", probe.value);
    }
}

/// A URL that has no scheme is not said by the document alone.
fn fact(url: &str, from: String) -> Fact<String> {
    let url = url.trim_end_matches('/');
    if url.starts_with("https://") {
        return Fact::read(url.to_owned(), from);
    }
    let question = "what does the URL of every call begin with? The document says only a part of it";
    let path = url.strip_prefix("http://").unwrap_or(url).trim_start_matches('/');
    let guess =
        if url.starts_with("http://") { format!("https://{path}") } else { format!("https://api.example.com/{path}") };
    Fact::read(guess.trim_end_matches('/').to_owned(), from).asking(question)
}

/// A variable as a field. A label of a host is held to what a label may be.
fn field(name: &str, url: &str, variable: &At<'_>) -> ConfigField {
    let spelt: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    let spelt = if spelt.starts_with(|first: char| first.is_ascii_alphabetic()) { spelt } else { format!("v{spelt}") };
    let values: Vec<String> = variable.texts("enum").into_iter().map(str::to_owned).collect();
    let pattern = if is_in_host(name, url) { LABEL } else { "^[A-Za-z0-9._-]+$" };
    let example = variable.text("default").filter(|_| values.is_empty()).map(str::to_ascii_lowercase);
    let example = example.filter(|example| is_label(example)).unwrap_or_else(|| "acme".to_owned());
    ConfigField {
        title: title(&spelt),
        description: format!("The {} of your account.", title(&spelt).to_lowercase()),
        example: values.is_empty().then_some(example),
        pattern: Some(pattern.to_owned()),
        name: spelt,
        values,
        ..ConfigField::default()
    }
}

/// True if a variable is a part of the host.
fn is_in_host(name: &str, url: &str) -> bool {
    let host = url.split("://").nth(1).and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| host.contains(&format!("{{{name}}}")))
}

fn is_label(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    edge(text.chars().next())
        && edge(text.chars().last())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// `account_name` as `Account name`.
fn title(name: &str) -> String {
    let mut words = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter == '_' {
            words.push(' ');
        } else if at == 0 {
            words.extend(letter.to_uppercase());
        } else if letter.is_ascii_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words.trim().to_owned()
}
