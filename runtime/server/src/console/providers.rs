//! `GET /console/providers?q=&category=&mode=`: the catalogue, searched by words, category and mode.

use super::frame::{Frame, page};
use super::guard::{Operator, Unanswered};
use crate::app::AppState;
use crate::input;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use keyway_spec::ProviderSpec;
use std::collections::BTreeSet;

/// The page.
pub(super) async fn show(
    State(app): AppState,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Unanswered> {
    let [q, category, mode] = input::query(query.as_deref(), ["q", "category", "mode"])?;
    let wanted = ProviderSearch {
        words: q.as_deref().unwrap_or_default().to_lowercase(),
        category: category.as_deref().unwrap_or_default(),
        mode: mode.as_deref().unwrap_or_default(),
    };
    let all = || app.keyway.catalogue().iter();
    let mut found: Vec<&ProviderSpec> = all().filter(|spec| wanted.holds(spec)).collect();
    found.sort_by_cached_key(|spec| spec.display_name.to_lowercase());
    let categories: BTreeSet<&str> = all().flat_map(|spec| spec.categories).copied().collect();
    let modes: BTreeSet<&str> = all().map(|spec| spec.auth.mode()).collect();
    Ok(page(&Providers {
        frame: &operator.frame,
        q: q.as_deref().unwrap_or_default(),
        categories: choices(categories, wanted.category),
        modes: choices(modes, wanted.mode),
        found: found.into_iter().map(|spec| ProviderCard::new(&operator.frame, spec)).collect(),
    }))
}

/// The conditions of a search; empty texts are none.
struct ProviderSearch<'a> {
    words: String,
    category: &'a str,
    mode: &'a str,
}

impl ProviderSearch<'_> {
    fn holds(&self, spec: &ProviderSpec) -> bool {
        let text = format!("{} {} {}", spec.display_name, spec.key, spec.categories.join(" ")).to_lowercase();
        self.words.split_whitespace().all(|word| text.contains(word))
            && (self.category.is_empty() || spec.categories.contains(&self.category))
            && (self.mode.is_empty() || spec.auth.mode() == self.mode)
    }
}

#[derive(Template)]
#[template(path = "console/providers.html")]
struct Providers<'a> {
    frame: &'a Frame,
    q: &'a str,
    categories: Vec<FilterOption<'a>>,
    modes: Vec<FilterOption<'a>>,
    found: Vec<ProviderCard<'a>>,
}

impl Providers<'_> {
    const TITLE: &'static str = "Providers";
}

/// One option of a filter.
struct FilterOption<'a> {
    value: &'a str,
    selected: bool,
}

fn choices<'a>(values: BTreeSet<&'a str>, selected: &str) -> Vec<FilterOption<'a>> {
    values.into_iter().map(|value| FilterOption { value, selected: value == selected }).collect()
}

/// One provider of the list.
struct ProviderCard<'a> {
    address: String,
    name: &'a str,
    key: &'a str,
    title: &'static str,
    categories: String,
}

impl<'a> ProviderCard<'a> {
    fn new(frame: &Frame, spec: &'a ProviderSpec) -> ProviderCard<'a> {
        ProviderCard {
            address: frame.to(&["console", "providers", spec.key]),
            name: spec.display_name,
            key: spec.key,
            title: spec.auth.facts().title,
            categories: spec.categories.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::Auth;

    #[test]
    fn words_are_found_in_name_key_and_category_and_filters_are_exact() {
        let spec = ProviderSpec {
            key: "acme-crm",
            display_name: "Acme",
            categories: &["crm", "sales"],
            auth: Auth::ApiKey,
            ..ProviderSpec::EMPTY
        };
        for (words, category, mode, expected) in [
            ("", "", "", true),
            ("acme", "", "", true),
            ("sales acm", "", "", true),
            ("acme beta", "", "", false),
            ("", "crm", "", true),
            ("", "cr", "", false),
            ("", "", "API_KEY", true),
            ("", "", "BASIC", false),
        ] {
            let wanted = ProviderSearch { words: words.to_owned(), category, mode };
            assert_eq!(wanted.holds(&spec), expected, "{words} {category} {mode}");
        }
    }
}
