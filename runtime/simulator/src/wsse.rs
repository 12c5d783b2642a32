//! The WSSE UsernameToken of a call: its digest, its age.
//!
//! A token is made for a time, so calls within it repeat its nonce.

use crate::check::{Checks, RefusalKind};
use crate::crypto::{base64, hex, sha1};
use crate::instant;
use crate::state::VendorState;

/// Seconds that a token may be old, or ahead.
const MAX_AGE: i64 = 300;

/// Checks a token.
pub(crate) fn verify(checks: &mut Checks, text: &str, state: &VendorState, lifetime_ms: i64, now: i64) {
    let refused = RefusalKind::Unauthorized;
    let what = "the UsernameToken";
    let Some(members) = text.strip_prefix("UsernameToken ") else {
        checks.note(false, refused, what, "`UsernameToken ` and its members", "something else");
        return;
    };
    let member = |name: &str| {
        let found = members.split(", ").find_map(|member| member.strip_prefix(name)?.strip_prefix("=\""));
        found.and_then(|value| value.strip_suffix('"')).unwrap_or_default()
    };
    let credential = |name: &str| state.account.credentials.get(name).cloned().unwrap_or_default();
    let (username, password) = (credential("username"), credential("password"));
    let ok = member("Username") == username;
    checks.note(ok, refused, format!("{what}, `Username`"), username, state.mask.shown(member("Username")));
    let (nonce, created) = (member("Nonce"), member("Created"));
    checks.note(!nonce.is_empty(), refused, format!("{what}, `Nonce`"), "a text", nonce);
    // A text in ISO 8601 sorts as its instant does.
    let age = MAX_AGE.max(lifetime_ms / 1000).saturating_mul(1000);
    let seconds = |text: String| text.get(..19).map(str::to_owned).unwrap_or_default();
    let (first, last) =
        (seconds(instant::iso(now.saturating_sub(age))), seconds(instant::iso(now.saturating_add(1000))));
    let at = seconds(created.to_owned());
    checks.note(
        first <= at && at <= last,
        refused,
        format!("{what}, `Created`"),
        format!("{first} to {last}"),
        created,
    );
    let digest = base64(hex(&sha1(format!("{nonce}{created}{password}").as_bytes())).as_bytes());
    let ok = member("PasswordDigest") == digest;
    let shown = if ok { "it" } else { "another one" };
    checks.note(
        ok,
        refused,
        format!("{what}, `PasswordDigest`"),
        "that of the nonce, the instant and ${credentials.password}",
        shown,
    );
}
