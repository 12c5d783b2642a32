//! The line that a page says about the form that led to it.
//!
//! The address holds a word of this table and never a text, so that a link cannot make a page say anything else.

/// The words of addresses, and what they say.
const NOTICES: [(&str, &str); 10] = [
    ("created", "The integration is there. Where it has a redirect URI, enter that at the provider."),
    ("saved", "Saved."),
    ("metadata-saved", "The metadata is saved."),
    ("renamed", "Saved under its new key. Callers use it from now on."),
    ("integration-deleted", "The integration and its connections are deleted."),
    ("renewed", "The credential was renewed."),
    ("nothing-to-renew", "There is nothing to renew: this credential does not expire."),
    ("disconnected", "The connection is deleted, and the provider confirmed that its token is revoked."),
    (
        "disconnected-only",
        "The connection is deleted. Its token was not revoked: see the provider's own page of connected apps.",
    ),
    ("signed-out", "You are signed out."),
];

/// The notice of an address's query.
pub(super) fn of(query: Option<&str>) -> Option<&'static str> {
    let (_, word) = form_urlencoded::parse(query?.as_bytes()).find(|(name, _)| name == "done")?;
    NOTICES.iter().find(|(known, _)| *known == word).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_chooses_a_notice_and_writes_none() {
        for (query, expected) in [
            (Some("done=saved"), Some("Saved.")),
            (Some("q=x&done=saved&done=other"), Some("Saved.")),
            (Some("done=You%20won"), None),
            (Some(""), None),
            (None, None),
        ] {
            assert_eq!(of(query), expected, "{query:?}");
        }
    }
}
