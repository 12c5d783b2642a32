//! The way back to the app, on the pages that end a session: a link, and the news for the pages of its origins.
//!
//! The address is the one that the session was made with, by the holder of the API key. The script follows the link
//! after success, and tells each origin by itself, so that no other page can listen.

use keyway::client::WayBack;
use url::Url;

/// The outcome of a session, in the words of the link and of the news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SessionEnd<'a> {
    Connected,
    /// The vendor completes it.
    Pending,
    /// The code of the error.
    Failed(&'a str),
}

/// A way back, as `back.html` shows it.
pub(super) struct Back<'a> {
    pub(super) status: &'static str,
    /// The code of the error, else empty.
    pub(super) error: &'a str,
    /// Empty where the customer has not chosen one of several.
    pub(super) integration: &'a str,
    pub(super) connection: &'a str,
    pub(super) link: Option<String>,
    /// Separated by blanks.
    pub(super) origins: String,
}

impl<'a> Back<'a> {
    pub(super) fn new(way: &'a WayBack, end: SessionEnd<'a>) -> Back<'a> {
        let (status, error) = match end {
            SessionEnd::Connected => ("connected", ""),
            SessionEnd::Pending => ("pending", ""),
            SessionEnd::Failed(code) => ("failed", code),
        };
        let (integration, connection) = (way.key.integration.as_str(), way.key.id.as_str());
        let link = way.return_url.as_deref().and_then(|url| Url::parse(url).ok()).map(|mut url| {
            let mut query = url.query_pairs_mut();
            for (name, value) in
                [("integration", integration), ("connection_id", connection), ("status", status), ("error", error)]
            {
                if !value.is_empty() {
                    query.append_pair(name, value);
                }
            }
            drop(query);
            url.into()
        });
        Back { status, error, integration, connection, link, origins: way.origins.join(" ") }
    }

    /// True if the browser follows the link without a click.
    pub(super) fn goes_by_itself(&self) -> bool {
        self.status == "connected"
    }

    pub(super) fn needs_script(&self) -> bool {
        !self.origins.is_empty() || (self.link.is_some() && self.goes_by_itself())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::connection::ConnectionKey;

    #[test]
    fn the_link_says_what_came_of_it() {
        for (url, end, expected) in [
            (
                "https://app.test/",
                SessionEnd::Connected,
                "https://app.test/?integration=a+b&connection_id=c%26d&status=connected",
            ),
            (
                "https://app.test/x?y=1",
                SessionEnd::Pending,
                "https://app.test/x?y=1&integration=a+b&connection_id=c%26d&status=pending",
            ),
            (
                "http://localhost:3000/",
                SessionEnd::Failed("invalid_state"),
                "http://localhost:3000/?integration=a+b&connection_id=c%26d&status=failed&error=invalid_state",
            ),
        ] {
            let way = WayBack::new(ConnectionKey::new("a b", "c&d")).return_url(url);
            let back = Back::new(&way, end);
            assert_eq!(back.link.as_deref(), Some(expected));
            assert_eq!(back.needs_script(), end == SessionEnd::Connected, "{end:?}");
        }
    }

    #[test]
    fn without_an_address_there_is_no_link_and_without_origins_nothing_is_told() {
        let way = WayBack::new(ConnectionKey::new("a", "b"));
        let back = Back::new(&way, SessionEnd::Connected);
        assert!(back.link.is_none() && back.origins.is_empty() && !back.needs_script());
        let way = way.origins(["https://a.test", "https://b.test"]);
        let back = Back::new(&way, SessionEnd::Failed("x"));
        assert!(back.link.is_none() && back.needs_script());
        assert_eq!(back.origins, "https://a.test https://b.test");
    }
}
