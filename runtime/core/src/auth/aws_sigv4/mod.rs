//! An AWS role of the customer: STS AssumeRole (API version 2011-06-15), and calls signed with Signature Version 4.
//!
//! The operator's keys ask STS for temporary credentials of the role that the customer named; these are proved once
//! with GetCallerIdentity, kept, and asked for again before they end. The operator's secret key signs and is never
//! sent.
//!
//! The external id tells the role whose connection asks (the "confused deputy" problem). One is made where none is
//! submitted, it is shown among the configuration, and it stays the connection's for good.
//!
//! [`call`] signs proxied calls.

mod answer;
mod call;
mod config;
mod endpoint;
mod settings;
mod sts;

use super::exchange::{Answer, Grant, Granted, Step};
use super::method::Method;
use super::submitted::check_input;
use crate::call::Call;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::fields::is_uuid;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::plan::Plan;
use answer::Issued;
use config::{region_and_service, text};
use settings::Settings;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The mode.
pub(super) struct AwsSigV4;

impl Method for AwsSigV4 {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    fn check_integration(&self, integration: &IntegrationRecord) -> Result<()> {
        endpoint::check(&integration.custom)
    }

    /// A customer who connects again cannot choose another external id.
    fn persistent_config(&self) -> &'static [&'static str] {
        &["external_id"]
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, grant, answers)
    }

    fn sign(&self, inputs: &Inputs<'_>, _: &Call, plan: &mut Plan) -> Result<()> {
        call::sign(inputs, plan)
    }

    /// One service has many endpoints: the account names its own, inside the same host set.
    fn own_base_url<'a>(&self, inputs: &Inputs<'a>) -> Option<&'a str> {
        text(inputs.config, "base_url")
    }

    /// In the partition of the region.
    fn base_url<'b>(&self, inputs: &Inputs<'_>, base: Cow<'b, str>) -> Result<Cow<'b, str>> {
        let (region, _) = region_and_service(inputs)?;
        Ok(endpoint::in_partition(base, region))
    }

    /// A signature names its host and is worth nothing elsewhere, and an account has a host for each service.
    fn is_bound_to_host(&self) -> bool {
        true
    }
}

/// Refuses credentials without a role, and an external id that could be guessed.
fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "role_arn", false, 2048)?;
    match credentials.input("external_id") {
        Some(id) if !is_uuid(id.expose()) => {
            let message = "the credential `external_id` must be a UUID: make one for each customer, or leave it out";
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
        _ => Ok(()),
    }
}

/// The next request, or what was granted.
fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
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
