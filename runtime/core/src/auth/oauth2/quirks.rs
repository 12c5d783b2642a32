//! The two exchanges of a code flow, the code's (RFC 6749 section 4.1.3) and the refresh token's (section 6), as the
//! quirks of an entry have them. An entry without quirks is one whose quirks are all absent: there is no other path.
//!
//! An exchange is a first request, those that follow it, and the second tokens. A refresh token that was redeemed is
//! never sent again because of what came after it. One request is made in [`super::custom_request`], and one answer
//! is read in [`super::custom_response`].

use super::client::{OwnedClient, REFRESH_TOKEN_OVERRIDE};
use super::custom_request::{ExchangeContext, REDIRECT_URI, build, request_mentions};
use super::custom_response::{Reading, after, read};
use super::progress::Progress;
use super::second_token;
use crate::auth::exchange::{Answer, Grant, Granted, Step};
use crate::auth::method::has_refresh_token;
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_response::unit_of;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use keyway_spec::auth::OAuth2;
use keyway_spec::quirks::{ExchangeQuirks, FollowUp, GrantType, Quirks, RefreshWhen, RequestQuirks};
use keyway_spec::{ProviderSpec, Root, auth::TokenEndpoint};

/// The next request, or what was granted.
pub(in crate::auth) fn step(
    inputs: &Inputs<'_>,
    mode: &OAuth2,
    quirks: &Quirks,
    client: &OwnedClient,
    grant: Grant<'_>,
    answers: &[Answer],
) -> Result<Step<Granted>> {
    Replay::run(answers, |replay| exchange(inputs, mode, quirks, client, grant, replay))
}

fn exchange(
    inputs: &Inputs<'_>,
    mode: &OAuth2,
    quirks: &Quirks,
    client: &OwnedClient,
    grant: Grant<'_>,
    replay: &mut Replay<'_>,
) -> Result<Granted, Stop> {
    let context = ExchangeContext {
        rules: &mode.authorization,
        endpoint: &mode.token,
        client,
        returned: if let Grant::Returned(returned) = grant { Some(returned) } else { None },
        about: None,
    };
    if matches!(grant, Grant::Renewal) && quirks.refresh_when == RefreshWhen::Never {
        let message = "this provider has no refresh: let the customer connect again";
        return Err(Error::new(ErrorKind::ReconnectNeeded, message).into());
    }
    let own = match grant {
        Grant::Returned(_) => quirks.code,
        Grant::Renewal => Some(quirks.refresh.unwrap_or(standard(mode, GrantType::RefreshToken))),
        Grant::Login => {
            let message = "an access token comes from the authorization flow";
            return Err(Error::new(ErrorKind::Unsupported, message).into());
        }
    };
    let own = own.unwrap_or(standard(mode, GrantType::AuthorizationCode));
    let mut progress = Progress::new(inputs);
    let answer = replay.answer(build(&progress, &context, &own.request)?)?;
    let reading = Reading { endpoint: &mode.token, unit: unit_of(inputs.spec), xml: inputs.spec.quirks.is_some() };
    progress.take(read(answer, &own.request.response, reading)?, &own.request.response);
    if let (Some(_), Some(refresh)) = (context.returned, inputs.credentials.input(REFRESH_TOKEN_OVERRIDE)) {
        progress.refresh_with(refresh.clone());
    }
    for next in own.then {
        follow(&mut progress, &context, next, replay)?;
    }
    progress.check()?;
    for second in quirks.also {
        second_token::obtain(&mut progress, &context, second, replay)?;
    }
    let redirect_uri = context.returned.and_then(|returned| returned.sent_redirect_uri());
    if let Some(redirect_uri) = redirect_uri.filter(|_| refresh_mentions(quirks, Root::RedirectUri)) {
        progress.keep(REDIRECT_URI, Secret::new(redirect_uri));
    }
    let can_refresh = quirks.refresh_when != RefreshWhen::Never && can_refresh(inputs.spec, &progress.credentials);
    Ok(progress.granted(can_refresh))
}

/// A request after the first. Its refusal is not the refusal of what was redeemed before.
fn follow(
    progress: &mut Progress<'_>,
    context: &ExchangeContext<'_>,
    next: &FollowUp,
    replay: &mut Replay<'_>,
) -> Result<(), Stop> {
    let mut request = build(progress, context, &next.request)?;
    request.optional = next.optional;
    let answer = replay.answer(request)?;
    // Names of members are the first answer's; values of the connection may stand in any.
    let endpoint = TokenEndpoint { response_metadata: context.endpoint.response_metadata, ..TokenEndpoint::EMPTY };
    let reading = Reading { endpoint: &endpoint, unit: unit_of(progress.inputs.spec), xml: true };
    match read(answer, &next.request.response, reading) {
        Ok(read) => progress.take(read, &next.request.response),
        Err(_) if next.optional => progress.skip(),
        Err(error) => return Err(after(error).into()),
    }
    Ok(())
}

/// The refresh token that the first answer of a renewal holds, if it takes the place of the stored one.
pub(in crate::auth) fn successor(
    inputs: &Inputs<'_>,
    mode: &OAuth2,
    quirks: &Quirks,
    answers: &[Answer],
) -> Option<Secret> {
    let own = quirks.refresh.unwrap_or(standard(mode, GrantType::RefreshToken));
    if own.request.grant != GrantType::RefreshToken {
        return None;
    }
    let response = &own.request.response;
    let read = read(answers.first()?, response, Reading { endpoint: &mode.token, unit: None, xml: true }).ok()?;
    let mut progress = Progress::new(inputs);
    progress.take(read, response);
    let stored = inputs.credentials.token.as_ref().and_then(|token| token.refresh.as_ref());
    let refresh = progress.credentials.token?.refresh?;
    (stored != Some(&refresh) && !refresh.is_empty()).then_some(refresh)
}

/// The grant that a refresh of a code flow redeems.
pub(super) fn refreshed_by(spec: &ProviderSpec) -> GrantType {
    let own = spec.quirks.and_then(|quirks| quirks.refresh);
    own.map_or(GrantType::RefreshToken, |exchange| exchange.request.grant)
}

/// True if a code flow has what its refresh redeems.
pub(super) fn can_refresh(spec: &ProviderSpec, credentials: &Credentials) -> bool {
    match refreshed_by(spec) {
        GrantType::AccessToken => credentials.token.is_some(),
        GrantType::ClientCredentials | GrantType::Nothing => true,
        GrantType::AuthorizationCode | GrantType::RefreshToken => has_refresh_token(credentials),
    }
}

/// The exchange that an entry does not change.
fn standard(mode: &OAuth2, grant: GrantType) -> ExchangeQuirks {
    let scope_separator = mode.authorization.scope_separator;
    let request = RequestQuirks { scope_separator, ..RequestQuirks::at(&mode.token, grant) };
    ExchangeQuirks { request, then: &[] }
}

/// True if any request of a refresh uses a name.
fn refresh_mentions(quirks: &Quirks, root: Root) -> bool {
    let own = quirks
        .refresh
        .iter()
        .flat_map(|own| std::iter::once(&own.request).chain(own.then.iter().map(|next| &next.request)));
    own.chain(quirks.also.iter().map(|second| &second.request)).any(|request| request_mentions(request, root))
}
