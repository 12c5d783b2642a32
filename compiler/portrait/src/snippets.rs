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

/// True for a path that means itself in a shell, in JavaScript and in Python, whatever quotes stand around it.
fn is_plain(path: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"/-._~?&=%+,:@".contains(&letter);
    path.starts_with('/') && path.bytes().all(is_plain)
}

/// A call through the proxy in three languages, as blocks of Markdown.
pub fn through_the_proxy(spec: &ProviderSpec) -> String {
    let snippets = ProxySnippets { key: spec.key, endpoint: endpoint(spec) };
    // The blank line ends the HTML that stands last.
    snippets.render().unwrap_or_default() + "\n\n"
}

#[derive(Template)]
#[template(path = "proxy.md", escape = "none")]
struct ProxySnippets {
    key: &'static str,
    endpoint: &'static str,
}

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
    fn each_language_names_the_provider_and_the_endpoint() {
        let text = through_the_proxy(&probed("/v1/me"));
        for language in ["sh,manual", "js", "python"] {
            let block = text.split("```").find(|block| block.starts_with(&format!("{language}\n")));
            let block = block.unwrap_or_else(|| panic!("no {language}: {text}"));
            for part in ["http://127.0.0.1:3900/proxy/v1/me", "Provider-Config-Key", "acme", "KEYWAY_API_KEY"] {
                assert!(block.contains(part), "{language} lacks {part}: {block}");
            }
        }
    }
}
