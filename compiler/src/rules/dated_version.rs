//! A version by date in a path.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::scope::Field;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0334", "dated-version"),
    page: Page {
        checks: "Checks for a date in the path of a base URL or of a probe.",
        why: "Versions by date are dropped after a year or so. One day the probe fails, and with it every new connection.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/2026-01/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for site in subject.templates().iter().filter(|site| site.field == Field::ProxyUrl) {
        let Some(date) =
            urls::path(&format!("/{}", site.text())).split('/').find(|part| is_date(part)).map(str::to_owned)
        else {
            continue;
        };
        report.at(&site.place, format!("the version `{date}` will be dropped one day"), |found| {
            found
                .label("a version by date")
                .help("ask an endpoint that has no version, or make the version a field with a default")
        });
    }
}

/// `2026-01`, `2026-01-31`, `v2026-01`.
fn is_date(part: &str) -> bool {
    let mut numbers = part.trim_start_matches('v').split('-');
    let number = |text: Option<&str>, length: usize| {
        text.is_some_and(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let year = numbers.next();
    number(year, 4)
        && year.is_some_and(|year| year.starts_with("20"))
        && number(numbers.next(), 2)
        && numbers.next().is_none_or(|day| number(Some(day), 2))
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_have_a_year_and_a_month() {
        for (part, expected) in
            [("2026-01", true), ("2026-01-31", true), ("v2026-01", true), ("2026", false), ("1-2", false)]
        {
            assert_eq!(is_date(part), expected, "{part}");
        }
    }
}
