//! The few pages that a person sees in the browser: connected, or not.
//!
//! No script, no resource from anywhere, links and forms only where `crate::form` asks for something; every text that is
//! put in is escaped. Absent here: anything that an operator would want to brand.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use html_escape::encode_text;

const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:16vh auto;padding:0 1rem}\
                     @media(prefers-color-scheme:dark){body{background:#111;color:#eee}}";

/// `STYLE`'s hash is the one thing that the policy allows. A test compares both.
const POLICY: &str = "default-src 'none'; style-src 'sha256-w2rsqBmes1kNAOlcZ98h88swEyhm9Mpc5uVnwwndaT8='; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The account is connected.
pub(crate) fn connected(integration: &str) -> Response {
    let integration = encode_text(integration);
    page(
        StatusCode::OK,
        "Connected",
        &format!("Your account is connected through {integration}. You can close this window."),
    )
}

/// The account is not connected; `message` says why.
pub(crate) fn failed(status: StatusCode, code: &str, message: &str) -> Response {
    let (code, message) = (encode_text(code), encode_text(message));
    page(
        status,
        "Not connected",
        &format!(
            "{message} ({code}).</p><p>Go back to where you came from and open the link again, or ask for a new one."
        ),
    )
}

/// The installation goes on at the provider.
pub(crate) fn pending(integration: &str) -> Response {
    let integration = encode_text(integration);
    let text = format!("Now install {integration} on the provider's side; the connection completes itself.");
    page(StatusCode::OK, "Almost connected", &text)
}

/// A form, which is already HTML. It is sent here, and on by a redirect to wherever the provider's pages are: browsers
/// hold the whole way against the policy (CSP level 3), so it names plain `http:` where the operator allows that.
pub(crate) fn form(status: StatusCode, title: &str, html: &str, allow_http: bool) -> Response {
    let target = if allow_http { "form-action 'self' https: http:" } else { "form-action 'self' https:" };
    let policy = POLICY.replace("form-action 'none'", target);
    document(status, title, html, &policy)
}

fn page(status: StatusCode, title: &str, paragraph: &str) -> Response {
    document(status, title, &format!("<p>{paragraph}</p>"), POLICY)
}

fn document(status: StatusCode, title: &str, content: &str, policy: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{content}</main></body></html>\n"
    );
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    (status, headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_policy_allows_exactly_the_style() {
        let digest = ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes());
        let hash = STANDARD.encode(digest);
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "the style's hash is {hash}");
    }

    #[test]
    fn a_form_may_lead_to_plain_http_only_where_that_is_allowed() {
        for (allow_http, expected) in
            [(false, "form-action 'self' https:; "), (true, "form-action 'self' https: http:; ")]
        {
            let form = form(StatusCode::OK, "", "", allow_http);
            let policy = form.headers()["content-security-policy"].to_str().unwrap();
            assert!(policy.contains(expected), "{policy}");
        }
    }

    #[tokio::test]
    async fn what_comes_from_outside_is_escaped() {
        let response = failed(StatusCode::BAD_REQUEST, "<b>", "<script>alert(1)</script> & co");
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let html = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let html = std::str::from_utf8(&html).unwrap();
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; co (&lt;b&gt;)"), "{html}");
        assert!(!html.contains("<script>"));
    }
}
