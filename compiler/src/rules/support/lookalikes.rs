//! Placeholders as other languages write them: `{{apiKey}}`, `$(apiKey)`, `<apiKey>`. Here they are text, and sent as
//! it.
//!
//! Braces and brackets stand in texts for other reasons too: JSON, GraphQL, XML, ports. So a name has to be in scope,
//! or look like one that is. A `${` that is merely incomplete is reported by `template`.

use super::templates::TemplateSite;
use crate::model::Mode;
use crate::source::Span;
use crate::syntax::Mapping;
use crate::template::scope::{Declared, Field, Scope};
use std::ops::Range;

/// A placeholder in the spelling of another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Lookalike {
    /// The bytes of the text, marks included.
    pub(in crate::rules) range: Range<usize>,
    /// The name that was meant, where one is in scope: `connectionConfig.team`.
    pub(in crate::rules) meant: Option<String>,
    /// True if it is written as it is in scope.
    pub(in crate::rules) certain: bool,
}

/// Lists that name what is captured into the configuration.
const CAPTURED: [&str; 3] = ["token_response_metadata", "redirect_uri_metadata", "webhook_response_metadata"];
/// Words of a scope that mean something else to most people.
const COMMON: [&str; 8] = ["method", "host", "path", "endpoint", "params", "contentType", "code", "scopes"];
/// The longest name, in bytes.
const MAX_NAME: usize = 80;

/// Those of all templates of an entry, by the span of the text; of texts without any there is nothing.
pub(super) fn of(mode: Mode, body: &Mapping, templates: &[TemplateSite<'_>]) -> Vec<(Span, Vec<Lookalike>)> {
    let mut known: Option<Declared<'_>> = None;
    let mut all: Vec<(Span, Vec<Lookalike>)> = Vec::new();
    for site in templates {
        let marks = marks(site.text());
        if marks.is_empty() {
            continue;
        }
        let declared = known.get_or_insert_with(|| declared(mode, body));
        let found = of_template(site, marks, declared);
        if !found.is_empty() {
            all.push((site.node().span, found));
        }
    }
    all
}

fn of_template(site: &TemplateSite<'_>, marks: Vec<Mark<'_>>, declared: &Declared<'_>) -> Vec<Lookalike> {
    let text = site.text();
    let scope = Scope::new(site.field, declared);
    let known: Vec<String> = scope.names().into_iter().filter(|name| !COMMON.contains(&name.as_str())).collect();
    let of = |mark: Mark<'_>| {
        if !mark.fits(text, site) {
            return None;
        }
        let meant = meant(mark.name, &scope, &known);
        let tells = mark.tells() && !in_other_language(text, site.field);
        let rooted = ["connectionConfig.", "credentials."].iter().any(|root| mark.name.starts_with(root));
        match meant {
            Some((name, certain)) => Some(Lookalike { range: mark.range, meant: Some(name), certain }),
            None if rooted => Some(Lookalike { range: mark.range, meant: Some(mark.name.to_owned()), certain: false }),
            None => tells.then_some(Lookalike { range: mark.range, meant: None, certain: false }),
        }
    };
    marks.into_iter().filter_map(of).collect()
}

/// The names of an entry, as far as its keys show them.
fn declared(mode: Mode, body: &Mapping) -> Declared<'_> {
    let names = |map: &str| -> Vec<&str> {
        let keys = body.get(map).and_then(|entry| entry.value.as_mapping());
        keys.into_iter().flatten().map(|entry| entry.key.name.as_str()).collect()
    };
    let mut config = names("connection_config");
    for list in CAPTURED {
        let items = body.get(list).and_then(|entry| entry.value.as_sequence()).unwrap_or_default();
        config.extend(items.iter().filter_map(|item| item.as_str()));
    }
    let mut credentials = names("credentials");
    credentials.extend(mode.facts().stored);
    credentials.sort_unstable();
    credentials.dedup();
    let hook = body.get("post_connection_script").and_then(|entry| entry.value.as_str());
    let hook = hook.is_some_and(|name| !name.is_empty());
    Declared { config, config_is_open: hook, credentials, ..Declared::of(mode) }
}

/// The name in scope that a word stands for, and whether it is that word.
fn meant(word: &str, scope: &Scope<'_>, known: &[String]) -> Option<(String, bool)> {
    if COMMON.contains(&word) {
        return None;
    }
    if scope.resolve(word, &(0..word.len())).is_ok() {
        return Some((word.to_owned(), true));
    }
    let tail = |name: &str| name.rsplit_once('.').map_or(name, |(_, tail)| tail).to_owned();
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let one = |is: &dyn Fn(&str) -> bool| {
        // A credential is in scope under two names; the short one comes last and is the usual one.
        let mut found: Vec<&String> = known.iter().filter(|name| is(name)).collect();
        found.dedup_by_key(|name| tail(name));
        let mut tails: Vec<String> = found.iter().map(|name| tail(name)).collect();
        tails.sort_unstable();
        tails.dedup();
        (tails.len() == 1).then(|| found.last().map(|name| (*name).clone())).flatten()
    };
    one(&|name| tail(name) == word).map(|name| (name, true)).or_else(|| {
        one(&|name| plain(name) == plain(word) || plain(&tail(name)) == plain(word)).map(|name| (name, false))
    })
}

/// Marks around a name.
struct Mark<'t> {
    range: Range<usize>,
    name: &'t str,
    open: &'static str,
}

/// The opening and closing marks of placeholders, longer ones first. `$name` and `:name` end with their name.
const PAIRS: [(&str, &str); 12] = [
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("$ {", "}"),
    ("#{", "}"),
    ("%{", "}"),
    ("@{", "}"),
    ("{", "}"),
    ("$(", ")"),
    ("$[", "]"),
    ("<", ">"),
    ("%", "%"),
];

fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(skipped) =
            rest.bytes().position(|byte| matches!(byte, b'{' | b'$' | b'<' | b'%' | b'#' | b'@' | b':'))
        else {
            break;
        };
        at += skipped;
        let Some(rest) = text.get(at..) else { break };
        let found = if rest.starts_with("$${") {
            doubled(rest)
        } else if rest.starts_with("${") {
            None
        } else {
            paired(rest).or_else(|| lone(text, at))
        };
        at += match found {
            Some((length, name, open)) => {
                marks.push(Mark { range: at..at + length, name, open });
                length
            }
            // What is wrong after a `${` the template says.
            None if rest.starts_with("${{") => 3,
            None if rest.starts_with("${") => 2,
            None => 1,
        };
    }
    marks
}

/// `$${name}`.
fn doubled(rest: &str) -> Option<(usize, &str, &'static str)> {
    let name = name(rest.get(3..)?)?;
    rest.get(3 + name.len()..)?.starts_with('}').then_some((4 + name.len(), name, "$$"))
}

fn paired(rest: &str) -> Option<(usize, &str, &'static str)> {
    PAIRS.iter().find_map(|(open, close)| {
        let behind = rest.strip_prefix(open)?;
        let inner = behind.trim_start_matches(' ');
        let name = name(inner)?;
        let end = inner.get(name.len()..)?.trim_start_matches(' ');
        let spaced = inner.len() < behind.len();
        let strict = matches!(*open, "{" | "<" | "%" | "[");
        (end.starts_with(close) && !(strict && spaced)).then(|| (rest.len() - end.len() + close.len(), name, *open))
    })
}

/// `$name`, with a `}` that was meant to close it, and `/:name` of a path.
fn lone(text: &str, at: usize) -> Option<(usize, &str, &'static str)> {
    let rest = text.get(at..)?;
    let before = text.get(..at)?;
    if let Some(behind) = rest.strip_prefix('$') {
        let name = name(behind)?;
        let closed = usize::from(behind.get(name.len()..)?.starts_with('}'));
        return Some((1 + name.len() + closed, name, "$"));
    }
    let name = name(rest.strip_prefix(':')?)?;
    before.ends_with('/').then_some((1 + name.len(), name, ":"))
}

/// The name at the beginning of a text, its last dots not included.
fn name(text: &str) -> Option<&str> {
    let is = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
    let end = text.find(|letter| !is(letter)).unwrap_or(text.len());
    let name = text.get(..end)?.trim_end_matches('.');
    let fits = name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.len() <= MAX_NAME;
    fits.then_some(name)
}

impl Mark<'_> {
    /// True if the marks can be those of a placeholder here.
    fn fits(&self, text: &str, site: &TemplateSite<'_>) -> bool {
        let whole = text.trim().len() == self.range.len();
        let rooted = self.name.contains('.');
        match self.open {
            "<" => !text.contains("</") && (whole || !is_body(site.field)),
            "{" | "$" => whole || rooted || !is_body(site.field),
            ":" => site.field.is_url(),
            _ => true,
        }
    }

    /// True if such marks are those of a placeholder whatever they hold.
    fn tells(&self) -> bool {
        matches!(self.open, "{{" | "{{{" | "$(" | "$ {")
    }
}

fn is_body(field: Field) -> bool {
    matches!(field, Field::ProxyBody | Field::TokenParam | Field::StepParam | Field::Assertion | Field::Jwt)
}

/// True if a text may be GraphQL, JSON or a shell's: in a body, with more than a word.
fn in_other_language(text: &str, field: Field) -> bool {
    is_body(field) && text.contains(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '<'))
}
