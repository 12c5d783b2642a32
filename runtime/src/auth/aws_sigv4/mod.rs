//! An AWS role of the customer: STS AssumeRole (API version 2011-06-15), and calls signed with Signature Version 4.
//!
//! The operator's keys ask STS for temporary credentials of the role that the customer named; these are proved once
//! with GetCallerIdentity, kept, and asked for again before they end. The operator's secret key signs and is never
//! sent.
//!
//! The external id tells the role whose connection asks (the "confused deputy" problem). One is made where none is
//! submitted, it is shown among the configuration, and it stays the connection's for good.
//!
//! Proxied calls are signed in [`crate::request`].

mod answer;
pub(crate) mod endpoint;
mod settings;
mod sts;

use super::check_input;
use super::exchange::{Answer, Grant, Granted, Step};
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::fields::is_uuid;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::sign::sigv4;
use answer::Issued;
use settings::Settings;
use std::collections::BTreeMap;

/// The part of a connection's configuration that a reconnection keeps: the customer cannot choose it again.
pub(super) const LASTING: &[&str] = &["external_id"];

/// Refuses credentials without a role, and an external id that could be guessed.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "role_arn", false, 2048)?;
    match credentials.input("external_id") {
        Some(id) if !is_uuid(id.expose()) => {
            let message = "the credential `external_id` must be a UUID: make one for each customer, or leave it out";
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
        _ => Ok(()),
    }
}

/// Refuses settings that no connection could use.
pub(super) fn check_integration(integration: &IntegrationRecord) -> Result<()> {
    endpoint::check(&integration.custom)
}

/// The next request, or what was granted.
pub(super) fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let settings = Settings::of(inputs)?;
    let Some(answer) = answers.first() else { return sts::assume_role(inputs, &settings).map(Step::send) };
    let issued = answer::issued(answer)?;
    match (grant, answers.get(1)) {
        (Grant::Login, None) => sts::caller_identity(inputs, &settings, &issued).map(Step::send),
        (_, Some(answer)) if !(200..300).contains(&answer.status) => {
            Err(answer::refused(answer, "AWS does not accept the credentials that were issued"))
        }
        _ => Ok(Step::Done(granted(&settings, issued))),
    }
}

/// The signer of proxied calls: the temporary credentials.
pub(crate) fn signer(credentials: &Credentials) -> Result<sigv4::Credentials<'_>> {
    let missing = |name: &str| {
        Error::new(ErrorKind::MissingValue, format!("`{name}` has no value on this connection: connect again"))
    };
    let obtained = |name: &str| credentials.obtained.get(name).ok_or_else(|| missing(name));
    let token = credentials.token.as_ref().ok_or_else(|| missing("session_token"))?;
    Ok(sigv4::Credentials {
        key_id: obtained("access_key_id")?.expose(),
        secret: obtained("secret_access_key")?,
        session_token: Some(&token.access),
    })
}

/// The region and the service that calls are signed for: the ones that the connection's base URL is made of.
pub(crate) fn place<'a>(inputs: &Inputs<'a>) -> Result<(&'a str, &'a str)> {
    let value = |name: &str, otherwise: &str| {
        let custom = inputs.integration.custom.get(otherwise).map(crate::secret::Secret::expose);
        let value = text(inputs.config, name).or(custom.filter(|text| !text.is_empty()));
        value.ok_or_else(|| {
            let message = format!("`connectionConfig.{name}` has no value on this connection: connect again");
            Error::new(ErrorKind::MissingValue, message)
        })
    };
    Ok((value("region", "defaultRegion")?, value("service", "service")?))
}

/// Whether a service is S3 or one of its kind: they sign paths as they are, and accept bodies that are not signed.
pub(crate) fn is_object_storage(service: &str) -> bool {
    service == "s3" || service == "s3express" || service.starts_with("s3-")
}

fn granted(settings: &Settings<'_>, issued: Issued) -> Granted {
    let Issued { key_id, secret, session_token, expires_at } = issued;
    let metadata = [
        ("region", settings.region),
        ("service", settings.service.expose()),
        ("role_arn", settings.role_arn),
        ("external_id", settings.external_id),
    ];
    Granted {
        token: Some(Token { access: session_token.clone(), refresh: None, expires_at: Some(expires_at), raw: None }),
        obtained: BTreeMap::from([
            ("access_key_id".to_owned(), key_id),
            ("secret_access_key".to_owned(), secret),
            ("session_token".to_owned(), session_token),
        ]),
        metadata: metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    }
}

/// A value of the configuration, unless it is empty.
fn text<'a>(config: &'a ConfigMap, name: &str) -> Option<&'a str> {
    config.get(name).map(String::as_str).filter(|text| !text.is_empty())
}
