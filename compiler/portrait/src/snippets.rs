//! Code that calls the API through the proxy, filled in for one entry.

use askama::Template;
use keyway_spec::operation::Verb;
use keyway_spec::{Operation, ProviderSpec};

/// An endpoint to show: that of the probe, or an operation that needs no parameter; `/` where the entry knows neither.
pub fn endpoint(spec: &ProviderSpec) -> &'static str {
    let probe = spec.proxy.and_then(|proxy| proxy.verification).filter(|probe| probe.method == "GET");
    let probe = probe.and_then(|probe| probe.endpoints.first()?.as_literal());
    let is_free = |operation: &&Operation| {
        operation.verb == Verb::Get && !operation.parameters.iter().any(|parameter| parameter.required)
    };
    let operations = spec.operations.iter().filter(is_free).map(|operation| operation.path);
    probe.into_iter().chain(operations).find(|path| is_plain(path)).unwrap_or("/")
}

/// True for a path that means itself in a shell, in JavaScript, in Python and in Rust, whatever quotes stand around it.
fn is_plain(path: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"/-._~?&=%+,:@".contains(&letter);
    path.starts_with('/') && path.bytes().all(is_plain)
}

/// A call through the proxy in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snippet {
    /// The name of the language, as people know it.
    pub language: &'static str,
    /// The word that Markdown has for it.
    pub word: &'static str,
    /// The text.
    pub text: String,
}

/// Rust that is not compiled where it stands.
const RUST: &str = "rust,ignore";

/// The address of a server that runs on this machine.
const LOCAL: &str = "http://127.0.0.1:3900/proxy";

/// A call through the proxy at an address, such as `https://keyway.example.com/proxy`, in four languages; nothing for
/// an address that would end a quoted text.
pub fn calls(spec: &ProviderSpec, base: &str) -> Vec<Snippet> {
    let is_plain_base = base.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"/-._~:[]%".contains(&letter));
    if !is_plain_base {
        return Vec::new();
    }
    let (key, endpoint) = (spec.key, endpoint(spec));
    let texts = [
        ("curl", "sh,manual", ProxySh { base, key, endpoint }.render()),
        ("Node.js", "js", ProxyJs { base, key, endpoint }.render()),
        ("Python", "python", ProxyPy { base, key, endpoint }.render()),
        ("Rust", RUST, ProxyRust { base, key, endpoint }.render()),
    ];
    let snippet = |(language, word, text): (_, _, askama::Result<String>)| Snippet {
        language,
        word,
        text: text.unwrap_or_default(),
    };
    texts.map(snippet).into()
}

/// The same through a server on this machine, as blocks of Markdown: the first open, the others to unfold. Not in Rust,
/// in which a page shows a program without a server.
pub fn through_the_proxy(spec: &ProviderSpec) -> String {
    let shown = |(index, Snippet { language, word, text }): (usize, Snippet)| {
        let block = format!("```{word}\n{}\n```\n", text.trim_end());
        match index {
            0 => format!("{block}\n"),
            _ => format!("<details><summary>{language}</summary>\n\n{block}\n</details>\n"),
        }
    };
    let text: String = calls(spec, LOCAL).into_iter().filter(|call| call.word != RUST).enumerate().map(shown).collect();
    // The blank line ends the HTML that stands last.
    text + "\n"
}

/// The same in each language; they differ in their templates.
macro_rules! proxy_call {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            base: &'a str,
            key: &'static str,
            endpoint: &'static str,
        }
    };
}

proxy_call!(ProxySh, "proxy.sh");
proxy_call!(ProxyJs, "proxy.js");
proxy_call!(ProxyPy, "proxy.py");
proxy_call!(ProxyRust, "proxy.rust");

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::{Auth, Proxy, Verification};

    fn probed(endpoint: &'static str) -> ProviderSpec {
        let endpoints = Vec::leak(vec![keyway_spec::Template::Text(endpoint)]);
        let verification = Some(Verification { endpoints, ..Verification::EMPTY });
        let proxy = Some(Proxy { verification, ..Proxy::EMPTY });
        ProviderSpec { key: "acme", auth: Auth::ApiKey, proxy, ..ProviderSpec::EMPTY }
    }

    #[test]
    fn an_endpoint_that_would_end_a_quoted_text_is_not_shown() {
        for (path, expected) in [
            ("/v1/me?limit=1", "/v1/me?limit=1"),
            ("/v1/it's", "/"),
            ("/v1/$(id)", "/"),
            ("/v1/\"", "/"),
            ("/v1/`", "/"),
            ("/v1/{id}", "/"),
            ("/a b", "/"),
            ("v1", "/"),
        ] {
            assert_eq!(endpoint(&probed(path)), expected, "{path}");
        }
    }

    #[test]
    fn an_address_that_would_end_a_quoted_text_is_not_shown() {
        for (base, count) in [
            ("https://kw.test/below/proxy", 4),
            ("http://[::1]:3900/proxy", 4),
            ("https://kw.test/it's", 0),
            ("https://kw.test/\"", 0),
            ("https://kw.test/$(id)", 0),
            ("https://kw.test/`", 0),
            ("https://kw.test/{x}", 0),
            ("https://kw.test/a b", 0),
        ] {
            assert_eq!(calls(&probed("/v1/me"), base).len(), count, "{base}");
        }
    }

    #[test]
    fn each_language_names_the_provider_and_the_endpoint() {
        let spec = probed("/v1/me");
        let in_the_book = through_the_proxy(&spec);
        for Snippet { language, word, text } in calls(&spec, LOCAL) {
            for part in ["http://127.0.0.1:3900/proxy/v1/me", "Provider-Config-Key", "acme", "KEYWAY_API_KEY"] {
                assert!(text.contains(part), "{language} lacks {part}: {text}");
            }
            let block = format!("```{word}\n{}\n```\n", text.trim_end());
            assert_eq!(in_the_book.contains(&block), word != RUST, "{language}: {in_the_book}");
        }
    }
}
