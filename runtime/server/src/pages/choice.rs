//! The page on which a customer chooses one of the items of an account.

use super::{FormTarget, document};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::error::{ChoiceOption, Choices};

/// The page of these choices, submitted to `action` with the token; `message` is what was wrong with the last choice.
pub(crate) fn choice(
    status: StatusCode,
    choices: &Choices,
    token: &str,
    action: &str,
    message: Option<&str>,
) -> Response {
    let page = ChoicePage { message, action, token, options: &choices.options };
    document(status, &page, FormTarget::Own)
}

#[derive(Template)]
#[template(path = "choice.html")]
struct ChoicePage<'a> {
    message: Option<&'a str>,
    action: &'a str,
    token: &'a str,
    options: &'a [ChoiceOption],
}

impl ChoicePage<'_> {
    const TITLE: &'static str = "Choose what to connect";
}
