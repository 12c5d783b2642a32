//! The name of another vendor.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0360", "copy-paste-residue"),
    page: Page {
        checks: "Checks for a text about an account at a vendor that appears nowhere else in the entry, and for a base URL whose host shares no word with the entry.",
        why: "Entries are begun as copies of others. A description that names the wrong vendor sends customers to the wrong settings; a base URL \
              that stayed behind sends their credential to the wrong host.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: The key of your Initech account.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: The key of your Acme account.}}
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
    let own = own_words(subject);
    for field in input_fields(subject) {
        let Some(place) = field.at("description") else { continue };
        let Some(name) = field_vendor(field.text("description")) else { continue };
        if plain(name).is_empty() || own.contains(&plain(name)) || name.split(' ').any(|word| is_known(word, &own)) {
            continue;
        }
        report.at(&place, format!("`{name}` appears nowhere else in this entry"), |found| {
            found.label("another vendor's name").help("name the vendor of this entry")
        });
    }
    foreign_host(subject, &own, report);
}

/// A base URL whose domain has no word of the entry's name, where no other URL or field points there either.
fn foreign_host(subject: &Subject<'_>, own: &str, report: &mut Reporter<'_, '_>) {
    let named = subject.text("display_name").unwrap_or_default();
    for path in ["proxy.base_url", "proxy.verification.base_url_override"] {
        let Some(base) = subject.get(path) else { continue };
        let host = urls::host(base.node.as_str().unwrap_or_default());
        let owner = urls::owner(host);
        let domain = plain(owner.split('.').next().unwrap_or_default());
        let prefixed = named.split(' ').any(|word| plain(word).len() > 1 && plain(host).contains(&plain(word)));
        // An address is not a vendor's name.
        let is_address =
            host.starts_with('[') || host.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let varies = if path == "proxy.base_url" { host.contains('$') } else { owner.contains(['$', '}']) };
        if is_address || varies || domain.len() < 4 || prefixed || own.contains(&domain) || shares(&domain, own) {
            continue;
        }
        // Other places that name the same owner make it a brand of the vendor.
        let mut others = subject.templates().iter().filter(|site| site.place.path != base.path);
        if others.any(|site| site.text().contains(owner)) || signs_in(subject) || is_documented(subject, owner) {
            continue;
        }
        report.at(&base, format!("`{owner}` shares no word with this entry"), |found| {
            found
                .label("whose host is this?")
                .help("if it is the vendor's, say so: `keyway: {allow: {copy-paste-residue: why}}`")
        });
    }
}

/// True if the documentation lies below the same domain: then it is a brand of the vendor, as TMDB's site is
/// themoviedb.org and WhatsApp's API is documented and served by Meta.
fn is_documented(subject: &Subject<'_>, owner: &str) -> bool {
    subject.text("docs").is_some_and(|docs| urls::owner(urls::host(docs)).eq_ignore_ascii_case(owner))
}

/// Where there is a sign-in, its hosts say whose entry this is.
fn signs_in(subject: &Subject<'_>) -> bool {
    let by_mode = matches!(subject.mode, Mode::OAuth2 | Mode::OAuth2ClientCredentials | Mode::McpOAuth2 | Mode::Custom);
    by_mode || subject.has("token_url") || subject.has("authorization_url")
}

/// True if a run of four letters of a domain is in the entry's own words: `hubapi` and `HubSpot` share three.
fn shares(domain: &str, own: &str) -> bool {
    let letters = domain.as_bytes();
    letters.windows(4).any(|run| std::str::from_utf8(run).is_ok_and(|run| own.contains(run)))
}

/// The name in `your Initech account`: capitalised words between `your` and what one has there.
fn field_vendor(text: &str) -> Option<&str> {
    const OWNED: [&str; 7] =
        [" account", " instance", " workspace", " dashboard", " organization", " tenant", " portal"];
    let (_, behind) = text.split_once("our ")?;
    let end = OWNED.iter().filter_map(|word| behind.find(word)).min()?;
    let name = behind.get(..end)?.trim();
    let capital =
        |word: &str| word.chars().next().is_some_and(char::is_uppercase) && word.chars().any(char::is_lowercase);
    (!name.is_empty() && name.split(' ').count() <= 3 && name.split(' ').all(capital)).then_some(name)
}

/// Words that are no vendor's, or that the entry uses itself.
fn is_known(word: &str, own: &str) -> bool {
    const COMMON: [&str; 14] = [
        "api",
        "service",
        "user",
        "admin",
        "customer",
        "company",
        "developer",
        "cloud",
        "test",
        "sandbox",
        "partner",
        "business",
        "web",
        "personal",
    ];
    let word = plain(word);
    COMMON.contains(&word.as_str()) || own.contains(&word) || (word.len() >= 4 && shares(&word, own))
}

/// The entry's key, name and hosts, that of its documentation too, as letters and digits.
fn own_words(subject: &Subject<'_>) -> String {
    let mut words = plain(&subject.entry.key.name);
    for text in [subject.text("display_name"), subject.entry.alias.as_ref().map(|alias| alias.target.as_str())]
        .into_iter()
        .flatten()
    {
        words.push(' ');
        words.push_str(&plain(text));
    }
    if let Some(url) = subject.text("docs") {
        words.push(' ');
        words.push_str(&plain(urls::host(url)));
    }
    for site in whole_urls(subject).filter(|site| site.place.path.last().is_none_or(|key| key != "base_url")) {
        words.push(' ');
        words.push_str(&plain(urls::host(site.text())));
    }
    words
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::field_vendor;
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn another_brand_is_the_vendors_where_the_documentation_lies_there() {
        let of = |docs: &str, base: &str, field: &str| {
            let entry = CLEAN.replace("https://docs.acme.example", docs).replace("https://api.acme.example", base);
            format!("{entry}    credentials: {{apiKey: {{type: string, title: Key, description: {field}}}}}\n")
        };
        let own = "Made in the settings.";
        for (docs, base, field, expected) in [
            ("https://developer.initech.com/docs", "https://api.initech.com", own, 0),
            ("https://docs.acme.example", "https://api.initech.com", own, 1),
            ("https://docs.acme.example/initech", "https://api.initech.com", own, 1),
            ("https://docs.initech.com", "https://api.acme.example", "The key of your Initech account.", 0),
            ("https://docs.acme.example", "https://api.acme.example", "The key of your Initech account.", 1),
        ] {
            assert_eq!(found("copy-paste-residue", &of(docs, base, field)).len(), expected, "{docs} {base} {field}");
        }
    }

    #[test]
    fn names_are_capitalised_words_before_what_one_has_there() {
        for (text, expected) in [
            ("The key of your Initech account.", Some("Initech")),
            ("Your Acme Cloud account username", Some("Acme Cloud")),
            ("The key of your account", None),
            ("Your API account", None),
            ("Your username", None),
        ] {
            assert_eq!(field_vendor(text), expected, "{text}");
        }
    }
}
