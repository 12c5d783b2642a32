//! The page on which a customer chooses one of the items of an account.

use super::{FormTarget, document_of};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::client::WayBack;
use keyway::error::{ChoiceOption, Choices};
use keyway_spec::ProviderSpec;

/// The parts of the page besides the items.
pub(crate) struct ChoiceState<'a> {
    /// The provider, where it is known.
    pub(crate) spec: Option<&'static ProviderSpec>,
    /// The token that makes the choice.
    pub(crate) token: &'a str,
    /// Where it is submitted to.
    pub(crate) action: &'a str,
    /// The problem of the last choice.
    pub(crate) message: Option<&'a str>,
    pub(crate) way: Option<&'a WayBack>,
}

/// The page of these choices.
pub(crate) fn choice(status: StatusCode, choices: &Choices, state: &ChoiceState<'_>) -> Response {
    let ChoiceState { spec, token, action, message, way } = *state;
    let field = spec.and_then(|spec| spec.connection_config.iter().find(|field| field.name == choices.field));
    let legend = field.map(|field| field.title).filter(|title| !title.is_empty());
    let page = ChoicePage {
        provider: spec.map(|spec| spec.display_name),
        legend: legend.unwrap_or("The account"),
        message,
        action,
        token,
        options: &choices.options,
    };
    document_of(status, &page, FormTarget::Own, way)
}

#[derive(Template)]
#[template(path = "choice.html")]
struct ChoicePage<'a> {
    provider: Option<&'static str>,
    legend: &'a str,
    message: Option<&'a str>,
    action: &'a str,
    token: &'a str,
    options: &'a [ChoiceOption],
}

impl ChoicePage<'_> {
    fn title(&self) -> String {
        self.provider.map_or_else(|| "Choose what to connect".to_owned(), |name| format!("Connect {name}"))
    }
}
