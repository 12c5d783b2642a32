//! OAuth 2.0 client credentials (RFC 6749 section 4.4): the customer's own client, a token of its own.
//!
//! Renewing is asking again. A client proves itself with its secret, with a signed assertion, or with a certificate
//! (RFC 8705), which then goes along with every call. Not supported: tokens bound to that certificate.

use super::client_assertion;
use super::exchange::{Answer, Grant, Granted, Step};
use super::method::Method;
use super::oauth2::connection_overrides;
use super::submitted::{check_input, given};
use super::token_request::{Client, Parameters, TokenRequest, authenticate_client, build};
use super::token_response::{ResponseLayout, parse, unit_of};
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use jiff::SignedDuration;
use keyway_spec::auth::{ClientAuth, ClientCredentials};
use keyway_spec::quirks::LifetimeUnit;

impl Method for ClientCredentials {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(self, credentials)
    }

    fn check_integration(&self, integration: &IntegrationRecord) -> Result<()> {
        if self.token.client_auth != ClientAuth::PrivateKeyJwt {
            return Ok(());
        }
        client_assertion::check_integration(integration)
    }

    fn step(&self, inputs: &Inputs<'_>, _: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, self, answers)
    }

    fn submitted_identity(&self, credentials: &Credentials) -> Result<Option<ClientIdentity>> {
        identity(credentials)
    }

    fn identity(&self, inputs: &Inputs<'_>) -> Result<Option<ClientIdentity>> {
        of_calls(self, inputs.credentials)
    }
}

/// The lifetime of a token if the endpoint does not name one.
const LIFETIME: SignedDuration = SignedDuration::from_mins(55);

const CERTIFICATE: &str = "client_certificate";
const PRIVATE_KEY: &str = "client_private_key";

/// Refuses credentials without a client id, and a key or certificate that cannot be read.
fn check(mode: &ClientCredentials, credentials: &Credentials) -> Result<()> {
    check_input(credentials, "client_id", false, 4096)?;
    if mode.token.client_auth == ClientAuth::PrivateKeyJwt {
        check_input(credentials, PRIVATE_KEY, false, MAX_KEY_BYTES)?;
        if let Some(key) = credentials.input(PRIVATE_KEY) {
            // Whether the key fits the operator's choice of algorithm is said when it signs.
            client_assertion::check_key(key, &IntegrationRecord::default())?;
        }
    }
    if mode.client_certificate {
        check_input(credentials, CERTIFICATE, false, MAX_KEY_BYTES)?;
        check_input(credentials, PRIVATE_KEY, false, MAX_KEY_BYTES)?;
    }
    identity(credentials).map(|_| ())
}

/// The longest key or chain of certificates: 64 KiB.
const MAX_KEY_BYTES: usize = 64 * 1024;

/// The client certificate that calls of a connection show.
fn of_calls(mode: &ClientCredentials, credentials: &Credentials) -> Result<Option<ClientIdentity>> {
    if !mode.client_certificate {
        return Ok(None);
    }
    let missing = "the client certificate or its private key is missing on this connection: connect again with both";
    identity(credentials)?.map(Some).ok_or_else(|| Error::new(ErrorKind::MissingValue, missing))
}

/// The certificate and its key, where both are there.
fn identity(credentials: &Credentials) -> Result<Option<ClientIdentity>> {
    match (given(credentials, CERTIFICATE), given(credentials, PRIVATE_KEY)) {
        (Some(certificate), Some(key)) => ClientIdentity::parse(certificate, key).map(Some),
        _ => Ok(None),
    }
}

/// The next request, or what was granted.
fn step(inputs: &Inputs<'_>, mode: &ClientCredentials, answers: &[Answer]) -> Result<Step<Granted>> {
    match answers.first() {
        Some(answer) => granted(inputs, mode, answer).map(Step::Done).map_err(|error| {
            let signs = mode.token.client_auth == ClientAuth::PrivateKeyJwt;
            match given(inputs.credentials, PRIVATE_KEY).filter(|_| signs) {
                Some(key) => client_assertion::explain(error, key, inputs.integration, answer),
                None => error,
            }
        }),
        None => request(inputs, mode).map(Step::send),
    }
}

/// The token request.
fn request(inputs: &Inputs<'_>, mode: &ClientCredentials) -> Result<TokenRequest> {
    check_input(inputs.credentials, "client_id", false, 4096)?;
    let id = inputs.credentials.input("client_id").map_or("", |id| id.expose());
    let client = Client { id, secret: given(inputs.credentials, "client_secret") };
    let mut parameters = Parameters::default();
    let authorization = match mode.token.client_auth {
        ClientAuth::PrivateKeyJwt => {
            let key = given(inputs.credentials, PRIVATE_KEY).ok_or_else(|| {
                let message = format!("the credential `{PRIVATE_KEY}` is missing: the client signs with it");
                Error::new(ErrorKind::MissingValue, message)
            })?;
            client_assertion::add(inputs, &mode.token, id, key, &mut parameters)?;
            None
        }
        how => authenticate_client(how, &client, &mut parameters)?,
    };
    parameters.set_all(mode.token.params, inputs, &inputs.scope())?;
    let scopes = scopes(inputs);
    if !scopes.is_empty() {
        parameters.set("scope", scopes.join(mode.scope_separator));
    }
    for (name, value) in connection_overrides::params(inputs.config) {
        parameters.set(name, value);
    }
    let request = build(inputs, &mode.token, parameters, &client, authorization, SecretOwner::Customer)?;
    Ok(TokenRequest { identity: identity(inputs.credentials)?, ..request })
}

/// The credentials that the endpoint granted.
fn granted(inputs: &Inputs<'_>, mode: &ClientCredentials, answer: &Answer) -> Result<Granted> {
    let own = if mode.expires_in_milliseconds { LifetimeUnit::Milliseconds } else { LifetimeUnit::Seconds };
    let layout = ResponseLayout {
        alternate: mode.token.alternate_token_path,
        fallbacks: &["data.token", "jwt"],
        metadata: mode.token.response_metadata,
        unit: unit_of(inputs.spec).unwrap_or(own),
        lifetime: Some(LIFETIME),
        ..ResponseLayout::default()
    };
    parse(answer, layout)
}

/// The connection's own scopes, else the integration's.
fn scopes<'a>(inputs: &Inputs<'a>) -> Vec<&'a str> {
    if let Some(own) = inputs.config.get("oauth_scopes") {
        return own.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect();
    }
    inputs.integration.scopes.iter().map(String::as_str).collect()
}
