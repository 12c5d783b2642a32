//! A link to a page that is not a URL.

use super::support::findings::Reporter;
use super::support::subject::{Located, Subject};
use super::support::urls::links;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::url::Weight;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0382", "invalid-link"),
    page: Page {
        checks: "Checks for `docs`, `docs_connect` and `setup_guide_url`, and `docs` and `source` of an endpoint, that are no `https:` or `http:` URL.",
        why: "They become links, in forms, in the reference and in generated documentation. What is no URL leads nowhere there.",
        fails: "\
acme:
    display_name: Acme
    docs: see the wiki
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.com'}
",
        mended: "\
acme:
    display_name: Acme
    docs: https://wiki.acme.com/api
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.com'}
",
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for place in links(&subject.entry.body) {
        let Some(text) = place.node.as_str() else { continue };
        let mut of_key = subject.faulty().iter().filter(|faulty| faulty.is_link && faulty.place.path == place.path);
        if !text.contains("://") {
            no_url(&place, text, report);
        } else if let Some(faulty) =
            of_key.find(|faulty| matches!(faulty.fault.weight, Weight::Refused | Weight::Respelled))
        {
            let span = place.node.text_span(faulty.fault.range.clone());
            report.spanned(&place.path, span, format!("`{}`: {}", place.name(), faulty.fault.message), |found| {
                found.label("no link can be made of this").help(faulty.fault.help.clone())
            });
        }
    }
}

fn no_url(place: &Located<'_>, text: &str, report: &mut Reporter<'_, '_>) {
    let shown: String = text.chars().take(60).collect();
    report.at(place, format!("`{}` is `{}`, which is no URL", place.name(), shown.trim()), |found| {
        found.label("no link can be made of this").help("write the address of the page, beginning with `https://`")
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn a_link_is_a_url() {
        for (link, expected) in [
            ("https://acme.example/docs/#key", &[][..]),
            ("http://acme.example/a?b=c%20d", &[]),
            ("https://münchen.example/", &[]),
            ("http://localhost:3000/docs", &[]),
            ("see wiki", &["3:11 `docs` is `see wiki`, which is no URL"]),
            ("''", &["3:11 `docs` is ``, which is no URL"]),
            ("http:/acme.example", &["3:11 `docs` is `http:/acme.example`, which is no URL"]),
            ("/docs/acme", &["3:11 `docs` is `/docs/acme`, which is no URL"]),
            ("https://acme.example/my docs", &["3:34 `docs`: a URL holds a blank, which is sent as `%20`"]),
            ("ftp://acme.example", &["3:11 `docs`: `ftp` is not a scheme that can be called"]),
            ("https:///docs", &["3:17 `docs`: a URL without a host"]),
            ("<https://acme.example>", &["3:11 `docs`: a URL begins with its scheme"]),
        ] {
            check("invalid-link", &CLEAN.replace("https://docs.acme.example", link), expected);
        }
    }

    #[test]
    fn so_is_one_of_an_endpoint() {
        let entry = format!(
            "{CLEAN}    keyway: {{endpoints: {{a.get: {{get: /a, docs: a page, source: https://a.example}}}}}}\n"
        );
        check("invalid-link", &entry, &["13:49 `docs` is `a page`, which is no URL"]);
    }
}
