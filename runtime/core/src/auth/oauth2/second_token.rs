//! Further tokens: obtained after it, renewed with it, kept under their names.
//!
//! `credentials.<name>` is the access token; `<name>.refresh_token` and `<name>.expires_at` stand beside it. The
//! refresh decides when a connection is due.

use super::custom_request::{ExchangeContext, build, with};
use super::custom_response::{Reading, TokenAnswer, after, read, token_of};
use super::progress::Progress;
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_response::{at, unit_of};
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::error::Result;
use crate::secret::Secret;
use keyway_spec::auth::TokenEndpoint;
use keyway_spec::quirks::{RequestQuirks, SecondToken};

/// Second tokens come from endpoints that only quirks name.
fn reading(progress: &Progress<'_>) -> Reading<'static> {
    Reading { endpoint: &TokenEndpoint::EMPTY, unit: unit_of(progress.inputs.spec), xml: true }
}

/// When a second token expires, as far as that is known.
pub fn expires_at(credentials: &Credentials, name: &str) -> Option<Timestamp> {
    credentials.obtained.get(&expiry_of(name))?.expose().parse().ok()
}

/// Obtains or renews one, after the first token.
pub(super) fn obtain(
    progress: &mut Progress<'_>,
    context: &ExchangeContext<'_>,
    second: &SecondToken,
    replay: &mut Replay<'_>,
) -> Result<(), Stop> {
    if let (Some(path), true) = (second.from, context.returned.is_some()) {
        if let Some(found) = held(progress, path) {
            keep(progress, second.name, found);
        }
        return Ok(());
    }
    let built = if second.from.is_some() {
        let own = progress.credentials.obtained.get(&refresh_of(second.name)).filter(|own| !own.is_empty());
        let Some(own) = own.cloned() else { return Ok(()) };
        with(progress, &refreshed_by(&progress.credentials, own), context, &second.request)
    } else {
        build(progress, context, &second.request)
    };
    let mut request = match built {
        Err(_) if second.optional => return Ok(()),
        built => built?,
    };
    request.optional = second.optional;
    let answer = replay.answer(request)?;
    match read(answer, &second.request.response, reading(progress)) {
        Ok(found) => keep(progress, second.name, found),
        Err(_) if second.optional => {}
        Err(error) => return Err(after(error).into()),
    }
    Ok(())
}

/// The value in the answer to the code, if it is an object with a token.
fn held(progress: &Progress<'_>, path: &str) -> Option<TokenAnswer> {
    let object = at(progress.raw(), path)?.as_object()?;
    let quirks = RequestQuirks::EMPTY.response;
    let received = progress.inputs.moment.now;
    let found = token_of(object, object, &quirks, reading(progress), received).ok()??;
    Some(TokenAnswer { metadata: ConfigMap::new(), ..found })
}

/// Keeps a second token. One that is the first is none.
fn keep(progress: &mut Progress<'_>, name: &str, found: TokenAnswer) {
    let Some(access) = found.access else { return };
    if progress.credentials.token.as_ref().is_some_and(|token| token.access == access) {
        return;
    }
    progress.keep(name, access);
    if let Some(refresh) = found.refresh {
        progress.keep(&refresh_of(name), refresh);
    }
    // An empty text takes the place of an expiry that no longer holds.
    let expires_at = found.expires_at.map(|at| at.to_string()).unwrap_or_default();
    progress.keep(&expiry_of(name), expires_at.into());
}

fn refreshed_by(credentials: &Credentials, own: Secret) -> Credentials {
    let token = credentials.token.clone().map(|token| Token { refresh: Some(own), ..token });
    Credentials { token, ..credentials.clone() }
}

fn refresh_of(name: &str) -> String {
    format!("{name}.refresh_token")
}

fn expiry_of(name: &str) -> String {
    format!("{name}.expires_at")
}
