//! The sign-in page's address, and where it leads afterwards.

use crate::app::App;
use crate::link::server_url;

/// The address of the page, and where it leads afterwards.
pub(super) fn address(app: &App, to: Option<&str>) -> String {
    let mut url = server_url(&app.config.public_url, &["sign-in"]);
    if let Some(to) = to.filter(|to| *to != "/") {
        url.query_pairs_mut().append_pair("to", to);
    }
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

/// Where a query wants to lead.
pub(super) fn wanted(query: Option<&str>) -> String {
    let found = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "to");
    found.map_or_else(|| "/".to_owned(), |(_, to)| local(&to))
}

/// A path of the console, and nothing that leads elsewhere.
pub(super) fn local(to: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%".contains(&byte);
    let fits = to.starts_with("/console/") && !to.contains("//") && !to.contains("..") && to.bytes().all(plain);
    if fits { to.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_a_page_of_the_console_and_nowhere_else() {
        for (to, expected) in [
            ("/console/providers", "/console/providers"),
            ("/console/connections/github/a%20b", "/console/connections/github/a%20b"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/console//evil.example", "/"),
            ("/console/../proxy", "/"),
            ("/console/\\evil.example", "/"),
            ("/console/a?done=x", "/"),
            ("/console/a\r\nset-cookie: x", "/"),
            ("javascript:alert(1)", "/"),
            ("/proxy/x", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(to), expected, "{to}");
        }
    }
}
