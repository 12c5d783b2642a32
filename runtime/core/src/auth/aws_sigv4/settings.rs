//! The inputs of requests to STS: the operator's settings, the customer's role, the place.
//!
//! Settings are read as the entry's `integration_config` has them: its defaults, its patterns, and nothing of a field
//! that another one hides.

use super::config::text;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::inputs::Inputs;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// The settings of one connection.
pub(super) struct Settings<'a> {
    /// Where STS is asked, and where calls go unless the connection says otherwise.
    pub(super) region: &'a str,
    /// The service that calls are signed for.
    pub(super) service: Secret,
    /// The customer's role.
    pub(super) role_arn: &'a str,
    /// The external id that the role's trust policy expects.
    pub(super) external_id: &'a str,
    custom: BTreeMap<String, Secret>,
}

impl<'a> Settings<'a> {
    /// The settings, complete.
    pub(super) fn of(inputs: &Inputs<'a>) -> Result<Settings<'a>> {
        let fields = inputs.spec.integration_config;
        let (declared, mut custom): (BTreeMap<_, _>, BTreeMap<_, _>) =
            inputs.integration.custom.clone().into_iter().partition(|(name, _)| fields.iter().any(|f| f.name == name));
        custom.extend(fields::validate(fields, &declared, Trust::Operator).map_err(|error| {
            let message = format!("the settings of the integration `{}`: {}", inputs.integration.key, error.message());
            Error::new(error.kind(), message)
        })?);
        let service = required(&custom, "service", inputs)?.clone();
        let role_arn = inputs.credentials.input("role_arn").map(Secret::expose).or(text(inputs.config, "role_arn"));
        let role_arn = role_arn.ok_or_else(|| {
            Error::new(ErrorKind::MissingValue, "the credential `role_arn` is missing: connect again")
        })?;
        let region = region(inputs)?;
        Ok(Settings { region, service, role_arn, external_id: external_id(inputs)?, custom })
    }

    /// An operator's setting, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&Secret> {
        self.custom.get(name).filter(|value| !value.is_empty())
    }

    /// A setting that must be there.
    pub(super) fn required(&self, name: &str, inputs: &Inputs<'_>) -> Result<&Secret> {
        required(&self.custom, name, inputs)
    }
}

fn required<'c>(custom: &'c BTreeMap<String, Secret>, name: &str, inputs: &Inputs<'_>) -> Result<&'c Secret> {
    custom.get(name).filter(|value| !value.is_empty()).ok_or_else(|| {
        let message = format!("the integration `{}` has no setting `{name}`: set it first", inputs.integration.key);
        Error::new(ErrorKind::MissingValue, message)
    })
}

/// The region, which becomes a part of a host name.
fn region<'a>(inputs: &Inputs<'a>) -> Result<&'a str> {
    let default = inputs.integration.custom.get("defaultRegion").map(Secret::expose).filter(|text| !text.is_empty());
    let Some(region) = text(inputs.config, "region").or(default) else {
        let message = "`region` has no value: set it on the connection, or set the integration's `defaultRegion`";
        return Err(Error::new(ErrorKind::MissingValue, message));
    };
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if region.len() > 64 || !region.bytes().all(fits) {
        let message = "`region` must be an AWS region, for example `us-east-1`";
        return Err(Error::new(ErrorKind::InvalidValue, message));
    }
    Ok(region)
}

/// The connection's external id: the stored one, the submitted one, a new one.
fn external_id<'a>(inputs: &Inputs<'a>) -> Result<&'a str> {
    let stored = text(inputs.config, "external_id");
    let submitted = inputs.credentials.input("external_id").map(Secret::expose);
    if let (Some(stored), Some(submitted)) = (stored, submitted)
        && stored != submitted
    {
        let message = "this connection has another `external_id`: leave it out, or delete the connection first";
        return Err(Error::new(ErrorKind::InvalidValue, message));
    }
    Ok(stored.or(submitted).unwrap_or(&inputs.moment.uuid))
}
