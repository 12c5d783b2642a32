//! Bodies of pairs: `application/x-www-form-urlencoded`, as old token endpoints answer.

use super::redaction::Redaction;
use super::values;
use url::form_urlencoded;

/// True for a text that is pairs, whatever its media type says.
pub(super) fn is_one(text: &str) -> bool {
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.is_empty());
    !text.contains(char::is_whitespace) && !text.contains(['<', '{', '[']) && text.split('&').all(is_pair)
}

/// The pairs, redacted.
pub(super) fn redacted(redaction: &mut Redaction, text: &str) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let member = redaction.member(&name);
        out.append_pair(&member, &values::text(redaction, &name, &value));
    }
    out.finish()
}
