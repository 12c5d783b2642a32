//! The style and the script of every page, and the policy that allows them and nothing else.
//!
//! Both stand in the page itself, known to the browser by their hashes: a page is one answer, below whatever path a
//! reverse proxy puts this server, and is never shown with the style of another version.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use std::sync::LazyLock;

/// The stylesheet of every page.
pub(crate) const STYLE: &str = include_str!("../../assets/keyway.css");

/// The script of the pages that have one. Every page works without it.
pub(crate) const SCRIPT: &str = include_str!("../../assets/keyway.js");

/// Where the forms of a page may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormTarget {
    /// There is no form.
    None,
    /// This server.
    Own,
    /// This server, which may send the browser on to a vendor's pages: browsers hold redirects against the policy too
    /// (CSP level 3). Plain `http:` where the operator allows it.
    Vendor {
        /// True where credentials may go over plain HTTP.
        allow_http: bool,
    },
}

static ALLOWED: LazyLock<String> = LazyLock::new(|| {
    format!("default-src 'none'; style-src {}; script-src {}; base-uri 'none'", source_of(STYLE), source_of(SCRIPT))
});

/// The content security policy of a page, which pages of these origins may hold in a frame.
pub(crate) fn policy(forms: FormTarget, origins: &[String]) -> String {
    policy_with(forms, origins, None, false)
}

/// The same with one more style, by the source that [`source_of`] makes, and with pictures that stand in the page.
pub(super) fn policy_with(forms: FormTarget, origins: &[String], style: Option<&str>, pictures: bool) -> String {
    let target = match forms {
        FormTarget::None => "'none'",
        FormTarget::Own => "'self'",
        FormTarget::Vendor { allow_http: false } => "'self' https:",
        FormTarget::Vendor { allow_http: true } => "'self' https: http:",
    };
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let allowed = style
        .map_or_else(|| ALLOWED.clone(), |style| ALLOWED.replacen("style-src ", &format!("style-src {style} "), 1));
    let pictures = if pictures { "; img-src data:" } else { "" };
    format!("{allowed}{pictures}; frame-ancestors {ancestors}; form-action {target}")
}

/// A text as a source of a policy: its hash.
pub(super) fn source_of(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_where_the_page_says() {
        for (target, expected) in [
            (FormTarget::None, "form-action 'none'"),
            (FormTarget::Own, "form-action 'self'"),
            (FormTarget::Vendor { allow_http: false }, "form-action 'self' https:"),
            (FormTarget::Vendor { allow_http: true }, "form-action 'self' https: http:"),
        ] {
            let policy = policy(target, &[]);
            assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
            assert!(policy.ends_with(expected), "{policy}");
        }
    }

    #[test]
    fn a_page_is_held_by_the_origins_of_its_session_and_by_no_other() {
        let origins = ["https://app.example", "http://localhost:3000"].map(str::to_owned);
        for (origins, expected) in [
            (&origins[..0], "; frame-ancestors 'none'; "),
            (&origins[..1], "; frame-ancestors https://app.example; "),
            (&origins[..], "; frame-ancestors https://app.example http://localhost:3000; "),
        ] {
            let policy = policy(FormTarget::None, origins);
            assert!(policy.contains(expected) && policy.matches("frame-ancestors").count() == 1, "{policy}");
        }
    }

    #[test]
    fn neither_the_style_nor_the_script_ends_its_element_or_loads_anything() {
        for text in [STYLE, SCRIPT] {
            let lower = text.to_ascii_lowercase();
            for forbidden in ["</", "<!--", "@import", "url(", "eval(", "innerhtml", "import("] {
                assert!(!lower.contains(forbidden), "{forbidden}");
            }
        }
    }
}
