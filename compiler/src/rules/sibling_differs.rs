//! An entry that says otherwise than the entry that it is a copy of, about what holds for both.

use super::support::fields::InputField;
use super::support::findings::{Findings, Reporter};
use super::support::subject::{Located, Subject, input_fields, leaves};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::Value;
use std::collections::HashMap;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0431", "sibling-differs"),
    page: Page {
        checks: "Checks for an entry for another environment or another sign-in of an API (`acme-sandbox`, `acme-api-key`) that lacks what `acme` says \
                 about the API itself, or says otherwise: retries, pagination, categories, and what bounds a field of its host.",
        why: "Such an entry begins as a copy, and what is mended later is mended in one of the two. The API has one way to say that it is busy, \
              and one to give the next page, whoever signs in. Entries count as copies where their base URLs have one host, or for an \
              environment one domain, and one path. A difference may be right, so this is a note.",
        fails: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        retry: {after: [retry-after]}
        verification: {method: GET, endpoints: [/me]}
acme-basic:
    display_name: Acme (basic)
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: BASIC
    credentials:
        username: {type: string, title: User, description: Its name.}
        password: {type: string, title: Password, description: Its password.}
    proxy:
        base_url: https://api.acme.example
        verification: {method: GET, endpoints: [/me]}
",
        mended: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        retry: {after: [retry-after]}
        verification: {method: GET, endpoints: [/me]}
acme-basic:
    display_name: Acme (basic)
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: BASIC
    credentials:
        username: {type: string, title: User, description: Its name.}
        password: {type: string, title: Password, description: Its password.}
    proxy:
        base_url: https://api.acme.example
        retry: {after: [retry-after]}
        verification: {method: GET, endpoints: [/me]}
",
    },
    check: Check::Catalogue(check),
};

/// Endings of a key that say which environment or region an entry is for.
const ENVIRONMENTS: &str = "sandbox staging stage test demo dev production prod eu us uk au ca";

/// Endings of a key that say how one signs in.
const SIGN_INS: &str = "cc oauth oauth2 oauth2-cc basic api-key apikey pat jwt ropc password token key user-api";

/// Keys about an API as a whole.
const FACTS: [&str; 3] = ["proxy.retry", "proxy.paginate", "categories"];

/// Keys that each environment of an API shares with the others.
const FACTS_OF_MODE: [&str; 4] = ["scope_separator", "authorization_params", "refresh_params", "disable_pkce"];

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    let by_key: HashMap<&str, &Subject<'_>> =
        subjects.iter().map(|subject| (subject.entry.key.name.as_str(), subject)).collect();
    for subject in subjects.iter().filter(|subject| subject.entry.alias.is_none()) {
        let key = subject.entry.key.name.as_str();
        let original = key.match_indices('-').filter_map(|(at, _)| {
            let sibling = by_key.get(key.get(..at)?)?;
            Some((*sibling, key.get(at + 1..)?))
        });
        for (sibling, ending) in original {
            let is_of = |list: &str| list.split_ascii_whitespace().any(|known| known == ending);
            let (environment, sign_in) = (is_of(ENVIRONMENTS), is_of(SIGN_INS));
            if sibling.entry.alias.is_none() && (environment || sign_in) && is_same_api(subject, sibling, environment) {
                let same_mode = environment && subject.mode == sibling.mode;
                let facts = FACTS.iter().chain(FACTS_OF_MODE.iter().filter(|_| same_mode));
                facts.for_each(|fact| compare(fact, [sibling, subject], lint, findings));
                fields([sibling, subject], lint, findings);
            }
        }
    }
}

/// True if two base URLs are of one host, or for another environment of one domain, and of one path.
fn is_same_api(one: &Subject<'_>, other: &Subject<'_>, environment: bool) -> bool {
    let (Some(one), Some(other)) = (one.text("proxy.base_url"), other.text("proxy.base_url")) else { return false };
    let (host, theirs) = (urls::host(one), urls::host(other));
    let same_host = host == theirs || environment && urls::owner(host) == urls::owner(theirs);
    let is_known = !urls::owner(host).contains(['$', '}']);
    same_host && is_known && urls::path(one).trim_matches('/') == urls::path(other).trim_matches('/')
}

/// Reports a fact that one of two entries lacks, or that they tell differently.
fn compare(fact: &str, pair: [&Subject<'_>; 2], lint: &'static Lint, findings: &mut Findings) {
    let [first, second] = pair;
    match (first.get(fact), second.get(fact)) {
        (Some(theirs), Some(ours)) if said(&theirs) != said(&ours) => {
            let message = format!("`{}` says otherwise about `{fact}`", first.entry.key.name);
            findings.of(&lint.rule, second).at(&ours, message, |found| {
                let found = found.label("one API, said in two ways").secondary(theirs.node.span, "the sibling");
                found.help("say the same in both, or give the entry an `alias` and what differs")
            });
        }
        (Some(theirs), None) => lacks(fact, second, first, &theirs, &mut findings.of(&lint.rule, second)),
        (None, Some(theirs)) => lacks(fact, first, second, &theirs, &mut findings.of(&lint.rule, first)),
        _ => {}
    }
}

fn lacks(
    fact: &str,
    subject: &Subject<'_>,
    sibling: &Subject<'_>,
    theirs: &Located<'_>,
    report: &mut Reporter<'_, '_>,
) {
    let message = format!("`{}` has `{fact}`, and this entry has not", sibling.entry.key.name);
    report.spanned(&[], subject.entry.key.span, message, |found| {
        let found = found.label("for the same API").secondary(theirs.node.span, "said here");
        found.help("say the same here, or give the entry an `alias` and what differs")
    });
}

/// Fields of one name in the hosts of both: one is bounded and the other is not, or one is a list and the other free.
fn fields(pair: [&Subject<'_>; 2], lint: &'static Lint, findings: &mut Findings) {
    let [first, second] = pair;
    for field in input_fields(second).iter().filter(|field| field.map == "connection_config") {
        let theirs = input_fields(first).iter().find(|other| other.map == field.map && other.name() == field.name());
        let Some(theirs) = theirs.filter(|other| bound(other) != bound(field)) else { continue };
        let in_host = |subject: &Subject<'_>| {
            subject
                .text("proxy.base_url")
                .is_some_and(|base| urls::host(base).contains(&format!(".{}}}", field.name())))
        };
        if !in_host(first) || !in_host(second) {
            continue;
        }
        let message = format!("`{}` bounds `{}` otherwise", first.entry.key.name, field.name());
        findings.of(&lint.rule, second).spanned(&field.place.path, field.span(), message, |found| {
            let found = found.label("one part of one host").secondary(theirs.span(), "the sibling");
            found.help("let both take the same values: what the vendor adds is added to one of them")
        });
    }
}

/// The bound of a field: nothing, a list, a pattern or a format.
fn bound(field: &InputField<'_>) -> &'static str {
    let pattern = field.text("pattern");
    match () {
        () if field.at("enum").is_some() || (pattern.contains('|') && !pattern.contains(['[', '\\', '+'])) => "a list",
        () if field.at("pattern").is_some() || field.at("format").is_some() => "a shape",
        () => "nothing",
    }
}

/// The texts of a value and where they stand, in any order of keys. That an entry is popular is its own.
fn said(place: &Located<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    leaves(place.clone(), &mut found);
    let is_list = place.name() == "categories";
    let texts = found.iter().filter(|leaf| !(is_list && matches!(leaf.node.as_str(), Some("popular" | "mcp"))));
    let mut said: Vec<(String, String)> = texts
        .map(|leaf| {
            let text = match &leaf.node.value {
                // An audience is the environment's own.
                Value::Text(text) if text.text.contains("://") => String::new(),
                Value::Text(text) => text.text.clone(),
                scalar => format!("{scalar:?}"),
            };
            (if is_list { String::new() } else { leaf.path.join(".") }, text)
        })
        .collect();
    said.sort();
    said
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn copies_agree_about_their_api() {
        let retry = "        retry: {after: [retry-after]}\n";
        let pages = "        paginate: {type: link, link_path_in_response_body: next, response_path: items}\n";
        let with = |entry: &str, keys: &str| format!("{entry}{keys}");
        let copy = |key: &str, host: &str, keys: &str| {
            let entry = CLEAN.replace("acme:", &format!("{key}:")).replace("https://api.acme.example", host);
            with(&entry, keys)
        };
        let api = "https://api.acme.example";
        for (original, copy, expected) in [
            (
                with(CLEAN, retry),
                copy("acme-api-key", api, ""),
                vec!["14:1 `acme` has `proxy.retry`, and this entry has not"],
            ),
            (
                with(CLEAN, retry),
                copy("acme-sandbox", "https://sandbox.acme.example", ""),
                vec!["14:1 `acme` has `proxy.retry`, and this entry has not"],
            ),
            (
                with(CLEAN, ""),
                copy("acme-cc", api, pages),
                vec!["1:1 `acme-cc` has `proxy.paginate`, and this entry has not"],
            ),
            (
                with(CLEAN, retry),
                copy("acme-eu", "https://api.eu.acme.example", &retry.replace("retry-after", "x-reset")),
                vec!["26:17 `acme` says otherwise about `proxy.retry`"],
            ),
            (
                with(CLEAN, ""),
                copy("acme-pat", api, "").replace("[other]", "[crm]"),
                vec!["16:18 `acme` says otherwise about `categories`"],
            ),
            // Another API, another path, another domain, and what does not matter.
            (with(CLEAN, retry), copy("acme-scim", api, ""), vec![]),
            (with(CLEAN, retry), copy("acme-v2", api, ""), vec![]),
            (with(CLEAN, retry), copy("acme-api-key", "https://api.acme.example/v2", ""), vec![]),
            (with(CLEAN, retry), copy("acme-api-key", "https://other.acme.example", ""), vec![]),
            (with(CLEAN, retry), copy("acme-sandbox", "https://api.acme.test", ""), vec![]),
            (with(CLEAN, retry), copy("initech-sandbox", api, ""), vec![]),
            (with(CLEAN, retry), copy("acme-api-key", api, retry), vec![]),
            (with(CLEAN, ""), copy("acme-pat", api, "").replace("[other]", "[popular, other]"), vec![]),
            (
                with(CLEAN, "    authorization_params: {audience: 'https://api.acme.example'}\n"),
                copy("acme-sandbox", api, "    authorization_params: {audience: 'https://sandbox.acme.example'}\n"),
                vec![],
            ),
        ] {
            assert_eq!(found("sibling-differs", &format!("{original}{copy}")), expected, "{original}{copy}");
        }
    }

    #[test]
    fn one_part_of_a_host_is_bounded_in_one_way() {
        let of = |key: &str, bound: &str| {
            let entry =
                CLEAN.replace("acme:", &format!("{key}:")).replace("api.acme", "${connectionConfig.region}.acme");
            format!("{entry}    connection_config: {{region: {{type: string, title: R, description: D.{bound}}}}}\n")
        };
        let list = ", pattern: '^(us|eu)$'";
        let free = ", pattern: '^[a-z]+$'";
        for (one, other, expected) in [
            (list, free, 1),
            (free, list, 1),
            (", enum: [us, eu]", free, 1),
            (free, "", 1),
            (list, ", enum: [us, eu]", 0),
            (free, ", pattern: '^[a-z-]+$'", 0),
            (list, list, 0),
        ] {
            let found = found("sibling-differs", &format!("{}{}", of("acme", one), of("acme-basic", other)));
            assert_eq!(found.len(), expected, "{one} {other}: {found:?}");
        }
    }
}
