//! From facts to the lines of an entry, in the order in which entries are read.
//!
//! | file | what |
//! |---|---|
//! | `signing_in` | the keys of the auth mode |
//! | `proxy` | where the API is, and how requests to it look |
//! | `fields` | what customers fill in |

mod fields;
mod proxy;
mod signing_in;

use crate::facts::{ApiFacts, Fact};
use crate::text::{DraftValue, Line};
use keyway_spec::Mode;

/// The mode of a draft about which nobody said how to sign in.
const ASSUMED: Mode = Mode::ApiKey;

/// The lines of an entry with this key.
pub fn lines(key: &str, facts: &ApiFacts) -> Vec<Line> {
    let mode = facts.mode.clone().unwrap_or_else(|| {
        Fact::guess(ASSUMED, "how does a customer sign in? `keyway explain auth_mode` lists the ways")
    });
    let name = facts.display_name.clone().unwrap_or_else(|| Fact::said(named(key)));
    let mut lines = vec![line("display_name", &name)];
    let categories = Line::new(
        "categories",
        DraftValue::List(if facts.categories.is_empty() { vec!["other".to_owned()] } else { facts.categories.clone() }),
    );
    lines.push(if facts.categories.is_empty() {
        categories.asking("what is it for? `keyway explain categories` lists the words")
    } else {
        categories
    });
    let docs = || {
        let domain = facts.base_url.as_ref().and_then(|fact| domain(&fact.value));
        let guess = domain
            .map_or_else(|| format!("https://docs.{}.example", host_of(key)), |domain| format!("https://{domain}"));
        Fact::guess(guess, "which page of the vendor's documents signing in?")
    };
    lines.push(line("docs", &facts.docs.clone().unwrap_or_else(docs)));
    lines.push(Line {
        key: "auth_mode".to_owned(),
        value: DraftValue::Word(mode.value.name().to_owned()),
        from: mode.from,
        question: mode.question,
    });
    lines.extend(signing_in::lines(key, mode.value, facts));
    lines.extend(fields::credentials(mode.value, facts));
    lines.extend(fields::connection_config(facts));
    lines.extend(proxy::lines(key, mode.value, facts));
    lines.extend(ours(mode.value, facts));
    lines
}

/// The keys that only Keyway reads.
fn ours(mode: Mode, facts: &ApiFacts) -> Option<Line> {
    let mut lines = Vec::new();
    if proxy::is_in_query(mode, facts) {
        let allowed = Line::text("secret-in-url", "the API takes its key in the query");
        let question = "does the API take the key in a header too? It would not end in logs there";
        lines.push(Line::new("allow", DraftValue::Map(vec![allowed])).asking(question));
    }
    let has_consent = matches!(mode, Mode::OAuth2 | Mode::McpOAuth2);
    if let Some(Fact { value: false, from, question }) = facts.refreshes.as_ref().filter(|_| has_consent) {
        let never = Line::new("refresh_when", DraftValue::Word("never".to_owned()));
        let never = Line { from: from.clone(), question: question.clone(), ..never };
        lines.push(Line::new("token", DraftValue::Map(vec![never])));
    }
    if !facts.scopes.is_empty() {
        let scopes = facts.scopes.iter().map(|scope| (scope.clone(), None)).collect();
        lines.push(Line::new("scopes", DraftValue::Items(scopes)));
    }
    (!lines.is_empty()).then(|| Line::new("keyway", DraftValue::Map(lines)))
}

/// A fact as a line.
fn line(key: &str, fact: &Fact<String>) -> Line {
    Line {
        key: key.to_owned(),
        value: DraftValue::Text(fact.value.clone()),
        from: fact.from.clone(),
        question: fact.question.clone(),
    }
}

/// The name that a key says: `acme-crm` is `Acme Crm`.
fn named(key: &str) -> String {
    let words = key.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The host of a base URL, without the part that a customer names.
fn domain(base: &str) -> Option<&str> {
    let host = base.strip_prefix("https://")?.split('/').next()?;
    let domain = host.rsplit_once('}').map_or(host, |(_, behind)| behind.trim_start_matches('.'));
    (domain.contains('.') && !domain.contains(['$', '{', ':'])).then_some(domain)
}

/// The first word of a key, as the label of a host.
fn host_of(key: &str) -> &str {
    key.split('-').next().unwrap_or(key)
}
