//! Fields that customers fill in: credentials, and parts of a URL.

use crate::facts::{ApiFacts, ConfigField, Placement};
use crate::text::{DraftValue, Line};
use keyway_spec::Mode;

/// The credentials of a mode, as a form shows them.
pub(super) fn credentials(mode: Mode, facts: &ApiFacts) -> Option<Line> {
    let key_as_user = facts.placement.as_ref().is_some_and(|fact| fact.value == Placement::BasicUser);
    let fields = match mode {
        Mode::ApiKey => vec![field("apiKey", "API key", "The key of your account.", true)],
        Mode::Basic if key_as_user => {
            let unused = [
                Line::text("default_value", ""),
                Line::new("optional", DraftValue::Word("true".to_owned())),
                Line::new("hidden", DraftValue::Word("true".to_owned())),
            ];
            vec![
                field("username", "API key", "The key of your account.", true),
                with(field("password", "Password", "Not used.", false), unused),
            ]
        }
        Mode::Basic | Mode::TwoStep => vec![
            field("username", "User name", "The name that you sign in with.", false),
            field("password", "Password", "The password of that user.", true),
        ],
        Mode::Jwt => vec![field("secret", "Secret", "The secret of your integration.", true)],
        Mode::OAuth2ClientCredentials => vec![
            field("client_id", "Client ID", "The id of the client that you made for this.", false),
            field("client_secret", "Client secret", "Its secret.", true),
        ],
        Mode::OAuth2
        | Mode::OAuth1
        | Mode::Signature
        | Mode::Tba
        | Mode::McpOAuth2
        | Mode::McpOAuth2Generic
        | Mode::App
        | Mode::Custom
        | Mode::InstallPlugin
        | Mode::Bill
        | Mode::AwsSigV4
        | Mode::None => return None,
    };
    let [first, ..] = fields.as_slice() else { return None };
    let question = format!("where does a customer find it? `description` of `{}` says so in the form", first.key);
    Some(Line::new("credentials", DraftValue::Map(fields)).asking(question))
}

/// The fields that the base URL needs.
pub(super) fn connection_config(facts: &ApiFacts) -> Option<Line> {
    let fields: Vec<Line> = facts.config.iter().map(config).collect();
    (!fields.is_empty()).then(|| Line::new("connection_config", DraftValue::Map(fields)))
}

fn config(known: &ConfigField) -> Line {
    let mut more = Vec::new();
    if known.values.is_empty() {
        more.extend(known.pattern.as_ref().map(|pattern| Line::text("pattern", pattern)));
    } else {
        more.push(Line::new("enum", DraftValue::List(known.values.clone())));
    }
    more.extend(known.example.as_ref().map(|example| Line::text("example", example)));
    more.extend(known.default.as_ref().map(|value| Line::text("default_value", value)));
    more.extend(known.suffix.as_ref().map(|suffix| Line::text("suffix", suffix)));
    with(field(&known.name, &known.title, &known.description, false), more)
}

fn field(name: &str, title: &str, description: &str, secret: bool) -> Line {
    let mut lines = vec![
        Line::new("type", DraftValue::Word("string".to_owned())),
        Line::text("title", title),
        Line::text("description", description),
    ];
    if secret && name != "apiKey" {
        lines.push(Line::new("secret", DraftValue::Word("true".to_owned())));
    }
    Line::new(name, DraftValue::Map(lines))
}

fn with(mut field: Line, more: impl IntoIterator<Item = Line>) -> Line {
    if let DraftValue::Map(lines) = &mut field.value {
        lines.extend(more);
    }
    field
}
