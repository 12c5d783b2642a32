//! An app installation together with its user's OAuth 2.0 token: two tokens, obtained in one flow.
//!
//! The vendor sends the browser back with a code and an installation. The code becomes the user's token, the app's key
//! the installation's. Calls carry the installation's token; the user's is stored with it under [`USER_TOKEN`] and its
//! siblings, in scope as `credentials.user_access_token`.
//!
//! The user's refresh token may be single-use, so a renewal sends it only when the user's token is about to expire;
//! its refusal does not invalidate the installation. Not supported: the vendor's list of the user's installations,
//! and so the proof that the installation in a callback is this user's.

use super::app::{self, Identity, installed, token_request, unset};
use super::exchange::{Answer, Ask, Callback, FlowState, Grant, Granted, Page, Step};
use super::method::Method;
use super::oauth2;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use keyway_spec::auth::{Authorization, Custom, OAuth2};
use keyway_spec::quirks::Quirks;
use std::collections::BTreeMap;

impl Method for Custom {
    fn check_integration(&self, integration: &IntegrationRecord) -> Result<()> {
        app::check_key(integration.custom.get("private_key"))
    }

    /// The installation page. What cannot end is refused before a customer is sent there.
    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, _: &[Answer]) -> Result<Step<Page>> {
        identity(inputs.integration)?;
        oauth2::client::of(inputs, &FlowState::new())?;
        app::page::page(inputs, self.authorization.url.as_ref(), "state", ask.state)
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        let mut said = callback.metadata(self.authorization.redirect_uri_metadata);
        said.extend(callback.metadata(&[app::INSTALLATION]));
        said
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, self, grant, answers)
    }

    /// The app's key is enough for the installation's token.
    fn can_refresh(&self, _: &ProviderSpec, _: &Credentials) -> bool {
        true
    }

    fn refresh_is_single_use(&self, _: &ProviderSpec, credentials: &Credentials, now: Timestamp) -> bool {
        user_is_due(credentials, now)
    }
}

/// The user's token.
pub(super) const USER_TOKEN: &str = "user_access_token";
/// The refresh token of the user's token.
const USER_REFRESH: &str = "user_refresh_token";
/// When it expires, RFC 3339.
const USER_EXPIRY: &str = "user_expires_at";

/// Installation tokens live for an hour: a user token that expires before the next renewal is renewed with this one.
const MARGIN: SignedDuration = SignedDuration::from_hours(2);

/// The next request, or what was granted.
fn step(inputs: &Inputs<'_>, mode: &Custom, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let app = || token_request(inputs, &mode.app_token_url, identity(inputs.integration)?).map(Step::send);
    let user = |inputs: &Inputs<'_>| user_step(inputs, mode, grant, &[]);
    match (grant, answers) {
        (Grant::Returned(returned), []) if has_code(mode, returned.callback) => {
            installed(returned.callback)?;
            user(inputs)
        }
        (Grant::Returned(returned), [answer]) if has_code(mode, returned.callback) => {
            granted_to_user(inputs, mode, grant, answer)?;
            app()
        }
        (Grant::Returned(returned), [of_user, of_app]) if has_code(mode, returned.callback) => {
            let metadata = granted_to_user(inputs, mode, grant, of_user)?;
            Ok(Step::Done(both(app::granted(of_app)?, metadata)))
        }
        // An existing installation was changed: the vendor sends no code then.
        (Grant::Returned(returned), []) if returned.callback.get("setup_action") == Some("update") => {
            installed(returned.callback)?;
            app()
        }
        (Grant::Returned(returned), []) => {
            oauth2::code(returned.callback, mode.authorization.code_param).and_then(|_| app())
        }
        (Grant::Renewal | Grant::Login, []) => app(),
        (Grant::Renewal, [of_app]) if user_is_due(inputs.credentials, inputs.moment.now) => {
            app::granted(of_app)?;
            user(&Inputs { credentials: &of_the_user(inputs.credentials), ..*inputs })
        }
        (Grant::Renewal, [of_app, of_user]) => Ok(Step::Done(match granted_to_user(inputs, mode, grant, of_user) {
            Ok(user) => both(app::granted(of_app)?, user),
            Err(error) => {
                tracing::warn!(
                    target: "keyway::auth::custom",
                    provider = inputs.spec.key,
                    error = error.message(),
                    "the user's token was not renewed"
                );
                app::granted(of_app)?
            }
        })),
        (_, [of_app, ..]) => app::granted(of_app).map(Step::Done),
    }
}

/// The app of an integration whose client is the one that users sign in to.
pub(super) fn identity(integration: &IntegrationRecord) -> Result<Identity<'_>> {
    let id = integration.custom.get("app_id").map(Secret::expose).filter(|id| !id.is_empty());
    let key = integration.custom.get("private_key").filter(|key| !key.is_empty());
    Ok(Identity {
        id: id.ok_or_else(|| unset(integration, "the app id as `custom.app_id`"))?,
        key: key.ok_or_else(|| unset(integration, "the app's private key as `custom.private_key`"))?,
    })
}

/// True if a renewal at this instant sends the user's refresh token.
fn user_is_due(credentials: &Credentials, now: Timestamp) -> bool {
    let expiry = credentials.obtained.get(USER_EXPIRY).and_then(|text| text.expose().parse::<Timestamp>().ok());
    let has_refresh_token = credentials.obtained.get(USER_REFRESH).is_some_and(|token| !token.is_empty());
    has_refresh_token && expiry.is_some_and(|expiry| expiry.duration_since(now) < MARGIN)
}

fn has_code(mode: &Custom, callback: &Callback) -> bool {
    callback.get(mode.authorization.code_param).is_some()
}

/// The user's half. An installation page takes no challenge, so no verifier belongs to the code.
fn oauth(mode: &Custom) -> OAuth2 {
    OAuth2 { authorization: Authorization { pkce: false, ..mode.authorization }, token: mode.token, outbound: None }
}

/// The code flow of the user. No quirk of the entry has an effect on it.
fn user_step(inputs: &Inputs<'_>, mode: &Custom, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let client = oauth2::client::of(inputs, &FlowState::new())?;
    oauth2::quirks::step(inputs, &oauth(mode), &Quirks::EMPTY, &client, grant, answers)
}

/// The credentials granted to the user.
fn granted_to_user(inputs: &Inputs<'_>, mode: &Custom, grant: Grant<'_>, answer: &Answer) -> Result<Granted> {
    let inputs = Inputs { credentials: &of_the_user(inputs.credentials), ..*inputs };
    match user_step(&inputs, mode, grant, std::slice::from_ref(answer))? {
        Step::Done(granted) => Ok(granted),
        Step::Send(_) => Err(Error::new(ErrorKind::Internal, "a code flow without quirks asks once")),
    }
}

/// The installation's token, with the user's.
fn both(app: Granted, user: Granted) -> Granted {
    let kept = user.token.map(|token| {
        let expires_at = token.expires_at.map(|at| Secret::new(at.to_string()));
        let members = [(USER_TOKEN, Some(token.access)), (USER_REFRESH, token.refresh), (USER_EXPIRY, expires_at)];
        members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<BTreeMap<_, _>>()
    });
    Granted { obtained: kept.unwrap_or_default(), metadata: user.metadata, ..app }
}

/// The credentials whose token is the user's.
fn of_the_user(credentials: &Credentials) -> Credentials {
    let obtained = |name: &str| credentials.obtained.get(name).cloned();
    let token = obtained(USER_TOKEN).map(|access| Token {
        access,
        refresh: obtained(USER_REFRESH),
        expires_at: None,
        raw: None,
    });
    Credentials { token, ..credentials.clone() }
}

#[cfg(test)]
mod tests;
