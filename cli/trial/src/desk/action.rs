//! The buttons, as forms submit them.

use crate::faults::FaultOrder;
use keyway_simulator::{ConsentDecision, Simulator};
use keyway_spec::ProviderSpec;

/// The longest lifetime of a token in seconds: a year.
const MAX_LIFETIME: i64 = 365 * 86_400;

/// Does what a form says: `press=` and the button's name. The error is for the page.
pub(super) fn press(vendor: &mut Simulator, spec: &ProviderSpec, form: &[u8], now: i64) -> Result<(), String> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(form).into_owned().collect();
    let value = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
    match value("press").unwrap_or_default() {
        "approve" => vendor.decide_next(ConsentDecision::Approve),
        "deny" => vendor.decide_next(ConsentDecision::Deny),
        "expire" => vendor.expire_tokens(now),
        "revoke" => vendor.revoke(),
        "rotate" => vendor.set_rotation(true),
        "keep" => vendor.set_rotation(false),
        "detect" => vendor.set_reuse_detection(true),
        "ignore" => vendor.set_reuse_detection(false),
        "unregister" => vendor.set_redirect_uri(""),
        "lifetime" => vendor.set_token_lifetime(lifetime(value("seconds").unwrap_or_default())?),
        "limit" => "call=limited:3".parse::<FaultOrder>()?.give(vendor, spec)?,
        "fault" => value("fault").unwrap_or_default().parse::<FaultOrder>()?.give(vendor, spec)?,
        other => return Err(format!("there is no button `{other}`")),
    }
    Ok(())
}

/// Seconds that a token lives: up to a year.
fn lifetime(text: &str) -> Result<i64, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=MAX_LIFETIME).contains(seconds));
    seconds.ok_or_else(|| format!("`{text}` is no lifetime: write seconds, from 1 to {MAX_LIFETIME}"))
}
