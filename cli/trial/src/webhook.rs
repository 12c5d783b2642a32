//! The webhook with which a vendor says that its customer installed an app.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use keyway_spec::ProviderSpec;
use serde_json::{Map, Value};
use sha2::Sha256;
use std::collections::BTreeMap;

/// The operator's setting that holds the secret of webhooks.
pub(crate) const SETTING: &str = "webhookSecret";
/// The secret that operator and vendor share in a trial.
pub(crate) const SECRET: &str = "trial-webhook-secret";

/// The value of a header that signs a body: its HMAC-SHA256 (RFC 2104), in hexadecimal.
pub(crate) fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(body);
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// A webhook that brings a code, repeats what the customer said, and has a value for everything that becomes
/// configuration. `None` for an entry whose connections do not begin so.
pub(crate) fn installation(
    spec: &ProviderSpec,
    said: &BTreeMap<String, String>,
    learnt: &BTreeMap<String, String>,
    code: &str,
) -> Option<Value> {
    let outbound = spec.auth.outbound()?;
    let mut body = Map::new();
    let mut put = |path: &str, value: &str| keyway_format::path::set(&mut body, path, value.into());
    for (name, value) in said {
        put(name, value).ok()?;
    }
    for name in outbound.metadata {
        put(name, learnt.get(*name).map_or("1", String::as_str)).ok()?;
    }
    put(outbound.code_path, code).ok()?;
    Some(Value::Object(body))
}
