//! The vendor's page on which an app or a plugin is installed.
//!
//! The operator names it, never a customer: it is the entry's URL over the integration's app link, or the link itself.
//! Such a page takes the state alone, without OAuth parameters.

use crate::auth::exchange::{FlowState, Page, Step};
use crate::auth::oauth2::authorize;
use crate::auth::token_request::text;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use form_urlencoded::Serializer;
use keyway_spec::Template;
use url::Url;

/// The page, with the state in the parameter `name`. `template` is the entry's; without one the app link is the page.
pub(in crate::auth) fn page(
    inputs: &Inputs<'_>,
    template: Option<&Template>,
    name: &str,
    state: &str,
) -> Result<Step<Page>> {
    let link = inputs.integration.app_link.as_deref().filter(|link| !link.is_empty());
    let link = link.ok_or_else(|| super::unset(inputs.integration, "the app's public page as `app_link`"))?;
    let address = match template {
        Some(template) => text(template, &inputs.scope())?,
        None => link.to_owned(),
    };
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or_else(|| {
        Error::new(ErrorKind::InvalidValue, "the app link is not a web address: correct it on the integration")
    })?;
    let state = Serializer::new(String::new()).append_pair(name, state).finish();
    Ok(Step::Done(Page { url: authorize::join(&url, None, &state), token_endpoint: None, kept: FlowState::new() }))
}
