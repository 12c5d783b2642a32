//! Customers' pages in the operator's look.
//!
//! A page is dressed where it leaves, in two places that its template marks before any value: so no page has to know of
//! a look, and none is forgotten.

use super::policy::{FormTarget, policy_with};
use super::source_of;
use crate::app::AppState;
use crate::brand::Brand;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY};

/// Where the stylesheet of a look goes, and where its name and logo.
const PLACES: [&str; 2] = ["<!--brand-style-->", "<!--brand-->"];

/// A page that has no look of its own yet.
#[derive(Clone)]
pub(crate) struct Undressed {
    pub(super) html: String,
    pub(super) forms: FormTarget,
    pub(super) origins: Vec<String>,
}

/// Dresses the page of an answer, where it is one.
pub(crate) async fn dress(State(app): AppState, mut response: Response) -> Response {
    let Some(page) = response.extensions_mut().remove::<Undressed>() else { return response };
    let brand = &app.config.brand;
    if brand.is_plain() {
        return response;
    }
    let (html, policy) = dressed(&page, brand);
    let Ok(policy) = HeaderValue::from_str(&policy) else { return response };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(html);
    response
}

fn dressed(page: &Undressed, brand: &Brand) -> (String, String) {
    let style = brand.style();
    let header = BrandHeader { name: brand.shown_name(), logo: brand.shown_logo() };
    let shown = header.render().unwrap_or_default();
    let element = if style.is_empty() { String::new() } else { format!("<style>{style}</style>") };
    let mut html = page.html.clone();
    for (place, with) in PLACES.into_iter().zip([element, shown]) {
        html = html.replacen(place, &with, 1);
    }
    let style = (!style.is_empty()).then(|| source_of(&style));
    (html, policy_with(page.forms, &page.origins, style.as_deref(), brand.shown_logo().is_some()))
}

#[derive(Template)]
#[template(path = "brand.html")]
struct BrandHeader<'a> {
    name: Option<&'a str>,
    logo: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_dressed_once_and_its_policy_allows_what_it_got() {
        let brand = Brand::new().name("<b>Acme").unwrap().colour("#2b4fd8").unwrap();
        let html = "<head><!--brand-style--></head><body><!--brand--><p>&lt;!--brand--&gt;<!--brand--></p>".to_owned();
        let page = Undressed { html, forms: FormTarget::Own, origins: Vec::new() };
        let (html, policy) = dressed(&page, &brand);
        assert!(html.starts_with("<head><style>@media (prefers-color-scheme:light)"), "{html}");
        assert!(
            html.contains("&lt;b&gt;Acme") && !html.contains("<b>") && html.ends_with("<!--brand--></p>"),
            "{html}"
        );
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(policy.contains(&source_of(style)) && !policy.contains("img-src"), "{policy}");
        let logo = Brand::new().logo(b"<svg/>").unwrap();
        let (html, policy) = dressed(&page, &logo);
        assert!(
            html.contains("src=\"data:image/svg+xml;base64,") && policy.contains("img-src data:"),
            "{html} {policy}"
        );
        assert!(!html.contains("<style>"), "{html}");
    }

    #[test]
    fn the_template_of_pages_marks_both_places_before_any_value() {
        let template = include_str!("../../templates/page.html");
        let value = template.find("{% block content %}").unwrap();
        for place in PLACES {
            let found: Vec<usize> = template.match_indices(place).map(|(at, _)| at).collect();
            assert!(matches!(found[..], [at] if at < value), "{place}: {found:?}");
        }
        // The title is a value that stands before: it is escaped, so it is neither.
        assert!(template.find("{{ self.title() }}").unwrap() < value);
    }
}
