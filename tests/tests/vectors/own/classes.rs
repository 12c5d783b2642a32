//! Why our entry sends something else than was recorded: `tests/vectors/own.toml`.
//!
//! A class of the list is recognised by the place, and by a fact that `fixtures/KEY/differs.tsv` explains, or by the
//! function of the same name here, or by both. Nothing names a provider, and nothing is counted: a new entry needs no
//! edit unless it differs in a new way.

use super::parts::{At, Differing};
use keyway_tests::differs::DiffersLine;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A place at which our entry differs, with all that says why.
pub(crate) struct Sighting<'l> {
    pub(crate) file: &'l str,
    pub(crate) line: &'l Value,
    pub(crate) place: &'l Differing,
    /// All places of the line.
    pub(crate) places: &'l [Differing],
    /// The places of the same line with the corpus's entry, nothing added.
    pub(crate) plain: &'l BTreeMap<At, String>,
    /// The connection, filled, and the values that were filled in.
    pub(crate) config: &'l BTreeMap<String, String>,
    pub(crate) filled: &'l [String],
    /// The explanations of the entry.
    pub(crate) explained: &'l [&'l DiffersLine],
}

/// A class of the list.
struct OwnClass {
    name: String,
    /// The recording that it is of, if not of both.
    file: Option<String>,
    places: Vec<String>,
    facts: Vec<String>,
}

type Recognise = fn(&Sighting<'_>) -> bool;

const RECOGNISE: [(&str, Recognise); 8] = [
    ("beside-the-entry", beside_the_entry),
    ("body-format", body_format),
    ("filled-in", filled_in),
    ("further-request", further_request),
    ("name-without-a-value", name_without_a_value),
    ("new-refresh-token", new_refresh_token),
    ("order-of-parameters", order_alone),
    ("signature-follows", signature_follows),
];

/// The class of a place, if it is on the list.
pub(crate) fn class(sighting: &Sighting<'_>) -> Option<&'static str> {
    list().iter().find(|class| class.fits(sighting)).map(|class| class.name.as_str())
}

/// All classes.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    list().iter().map(|class| class.name.as_str())
}

/// The facts by which a place could be explained: for the message of one that is not.
pub(crate) fn facts(sighting: &Sighting<'_>) -> Vec<String> {
    let at = list().iter().filter(|class| class.is_at(sighting) && class.function_agrees(sighting));
    at.flat_map(|class| class.facts(sighting)).collect()
}

fn list() -> &'static [OwnClass] {
    static LIST: OnceLock<Vec<OwnClass>> = OnceLock::new();
    LIST.get_or_init(|| {
        let table: toml::Table = include_str!("../../../vectors/own.toml").parse().unwrap();
        let texts = |class: &toml::Value, name: &str| {
            let texts = class.get(name).and_then(toml::Value::as_array).into_iter().flatten();
            texts.map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let classes = table["class"].as_array().unwrap().iter().map(|class| {
            let name = class["name"].as_str().unwrap().to_owned();
            assert!(class["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{name}: no reason");
            let file = class.get("file").map(|file| file.as_str().unwrap().to_owned());
            OwnClass { name, file, places: texts(class, "places"), facts: texts(class, "facts") }
        });
        classes.collect()
    })
}

impl OwnClass {
    fn fits(&self, sighting: &Sighting<'_>) -> bool {
        let is_explained = |fact: &String| sighting.explained.iter().any(|line| line.covers(fact));
        let explained = self.facts.is_empty() || self.facts(sighting).iter().any(is_explained);
        self.is_at(sighting) && explained && self.function_agrees(sighting)
    }

    fn function_agrees(&self, sighting: &Sighting<'_>) -> bool {
        let function = RECOGNISE.iter().find(|(name, _)| *name == self.name);
        function.is_none_or(|(_, function)| function(sighting))
    }

    fn is_at(&self, sighting: &Sighting<'_>) -> bool {
        let of_file = self.file.as_ref().is_none_or(|file| file == sighting.file);
        of_file && self.places.iter().any(|pattern| is_like(pattern, &sighting.place.at.1))
    }

    /// The facts of the class for one place: `{place}` is file and place, `{name}` the text behind the first dot of the
    /// place, `{last}` that behind its last dot, `{field}` each field whose value stands there.
    fn facts(&self, sighting: &Sighting<'_>) -> Vec<String> {
        let place = &sighting.place.at.1;
        let whole = format!("{}.{place}", sighting.file);
        let name = place.split_once('.').map_or("", |(_, name)| name);
        let last = place.rsplit_once('.').map_or("", |(_, last)| last);
        let flow = match sighting.line["flow"].as_str() {
            Some("refresh_token") => "refresh",
            _ => "code",
        };
        let facts = self.facts.iter();
        let facts = facts.map(|fact| {
            fact.replace("{place}", &whole).replace("{name}", name).replace("{last}", last).replace("{flow}", flow)
        });
        facts
            .flat_map(|fact| {
                if fact.contains("{field}") {
                    fields_in(sighting).map(|field| fact.replace("{field}", field)).collect()
                } else {
                    vec![fact]
                }
            })
            .collect()
    }
}

/// `*` in a pattern stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text
            .strip_prefix(start)
            .is_some_and(|rest| (0..=rest.len()).any(|at| rest.is_char_boundary(at) && is_like(end, &rest[at..]))),
    }
}

/// The fields whose value is in what our entry sends. A short value stands in many a text.
fn fields_in<'s>(sighting: &'s Sighting<'_>) -> impl Iterator<Item = &'s str> {
    let ours = sighting.place.ours.as_deref().unwrap_or_default();
    // The scheme is a place of its own.
    let bare = |value: &'s str| value.strip_prefix("https://").unwrap_or(value).trim_end_matches('/');
    let there = move |value: &'s str| bare(value).len() > 2 && ours.contains(bare(value));
    sighting.config.iter().filter(move |(_, value)| there(value)).map(|(name, _)| name.as_str())
}

/// The corpus's entry alone says what ours says.
fn beside_the_entry(sighting: &Sighting<'_>) -> bool {
    sighting.plain.get(&sighting.place.at) == sighting.place.ours.as_ref()
}

/// The type of the body, or what moved between the body and the URL.
fn body_format(sighting: &Sighting<'_>) -> bool {
    let Differing { at: (request, place), recorded, ours } = sighting.place;
    let moved = |from: &str, to: &str| {
        let Some(name) = place.strip_prefix(from) else { return false };
        let other = sighting.places.iter().find(|other| other.at == (*request, format!("{to}{name}")));
        other.is_some_and(|other| other.recorded == *ours && other.ours == *recorded)
    };
    place == "header.content-type" || moved("body.", "query.") || moved("query.", "body.")
}

/// Our entry sends a value that was filled in.
fn filled_in(sighting: &Sighting<'_>) -> bool {
    let ours = sighting.place.ours.as_deref().unwrap_or_default();
    sighting.filled.iter().any(|value| ours.contains(value.as_str()))
}

/// Of a request behind all recorded ones.
fn further_request(sighting: &Sighting<'_>) -> bool {
    let recorded = sighting.line["requests"].as_array().map_or(0, Vec::len);
    sighting.place.at.0 >= Some(recorded)
}

/// Nothing differs at any place.
fn order_alone(sighting: &Sighting<'_>) -> bool {
    sighting.places.len() == 1
}

/// The recording has a name in braces.
fn name_without_a_value(sighting: &Sighting<'_>) -> bool {
    let literal = |text: &String| text.contains("${") || text.contains("$%7B");
    sighting.place.recorded.as_ref().is_some_and(literal) && !sighting.place.ours.as_ref().is_some_and(literal)
}

/// The recording has the old one, ours that of the answer.
fn new_refresh_token(sighting: &Sighting<'_>) -> bool {
    let Differing { recorded, ours, .. } = sighting.place;
    let old = sighting.line["input"]["credentials"]["refresh_token"].as_str();
    let answered = sighting.line["responses"].to_string();
    recorded.as_deref() == old && ours.as_ref().is_some_and(|ours| answered.contains(ours))
}

/// Something else of the request differs, and the signature covers it.
fn signature_follows(sighting: &Sighting<'_>) -> bool {
    let same_request = |other: &&Differing| other.at.0 == sighting.place.at.0 && other.at != sighting.place.at;
    sighting.places.iter().any(|other| same_request(&other))
}

#[test]
fn every_class_is_recognised_by_a_fact_or_by_a_function() {
    for class in list() {
        let function = RECOGNISE.iter().any(|(name, _)| *name == class.name);
        assert!(function || !class.facts.is_empty(), "{}: nothing says when", class.name);
        assert!(!class.places.is_empty(), "{}: no place", class.name);
        let row = format!("| `{}` |", class.name);
        assert!(include_str!("../../../../ARCHITECTURE.md").contains(&row), "ARCHITECTURE.md has no row {row}");
    }
    for (name, _) in RECOGNISE {
        assert!(list().iter().any(|class| class.name == name), "{name} is not on the list");
    }
}

#[test]
fn a_star_in_a_place_is_any_text() {
    let cases = [
        ("host", "host", true),
        ("host", "hosts", false),
        ("header.*", "header.accept", true),
        ("*.jwt.*.exp", "body.a.jwt.payload.exp", true),
        ("*.jwt.*.exp", "body.a.jwt.payload.iat", false),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
    }
}
