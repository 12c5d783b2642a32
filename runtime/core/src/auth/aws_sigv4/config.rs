//! The region and service of a connection's calls, from its configuration.
//!
//! Values only; where AWS is asked is [`super::endpoint`]'s.

use crate::connection::ConfigMap;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;

/// The region and the service that calls are signed for: the ones that the connection's base URL is made of.
pub(super) fn region_and_service<'a>(inputs: &Inputs<'a>) -> Result<(&'a str, &'a str)> {
    let value = |name: &str, otherwise: &str| {
        let custom = inputs.integration.custom.get(otherwise).map(Secret::expose);
        let value = text(inputs.config, name).or(custom.filter(|text| !text.is_empty()));
        value.ok_or_else(|| {
            let message = format!("`connectionConfig.{name}` has no value on this connection: connect again");
            Error::new(ErrorKind::MissingValue, message)
        })
    };
    Ok((value("region", "defaultRegion")?, value("service", "service")?))
}

/// A value of the configuration, unless it is empty.
pub(super) fn text<'a>(config: &'a ConfigMap, name: &str) -> Option<&'a str> {
    config.get(name).map(String::as_str).filter(|text| !text.is_empty())
}
