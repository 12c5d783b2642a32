//! Findings: what of a document could not be said, where it stands, and what to do about it.

use crate::read::{At, Documents, WrittenAt, line};
use std::collections::BTreeMap;
use std::fmt;

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A `$ref` leads nowhere.
    BrokenReference,
    /// A value may be several things that only its members tell apart.
    MergedVariants,
    /// A value whose type cannot be said is JSON of any shape.
    AnyValue,
    /// An example of the document has another kind of value than its schema says.
    ContradictedByExample,
    /// Types below the depth that was asked for are JSON of any shape.
    CutAtDepth,
    /// A parameter that cannot be sent was left out.
    ParameterLeftOut,
    /// A parameter that is a document of its own is sent as its text.
    DocumentAsText,
    /// A placeholder of the path is not declared.
    UndeclaredPlaceholder,
    /// A body is written by the caller.
    RawBody,
    /// A part of a form is written by the caller.
    RawPart,
    /// An answer that is not JSON.
    AnswerNotJson,
    /// One of several answers was taken.
    SeveralAnswers,
    /// The entry signs in another way than the document says.
    SecurityNotCovered,
    /// The document's server is none of the entry's hosts.
    ServerNotCovered,
    /// A list that seems to have pages, but how they go on could not be told.
    PagesUnknown,
    /// Something for which `keyway.endpoints` has no key.
    NotInEntry,
    /// An action of an overlay matches nothing.
    ActionMatchesNothing,
    /// The operation cannot be said in a trait, or in an entry.
    NotSaid,
}

impl Rule {
    /// The name, as it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Rule::BrokenReference => "broken-reference",
            Rule::MergedVariants => "merged-variants",
            Rule::AnyValue => "any-value",
            Rule::ContradictedByExample => "contradicted-by-example",
            Rule::CutAtDepth => "cut-at-depth",
            Rule::ParameterLeftOut => "parameter-left-out",
            Rule::DocumentAsText => "document-as-text",
            Rule::UndeclaredPlaceholder => "undeclared-placeholder",
            Rule::RawBody => "raw-body",
            Rule::RawPart => "raw-part",
            Rule::AnswerNotJson => "answer-not-json",
            Rule::SeveralAnswers => "several-answers",
            Rule::SecurityNotCovered => "security-not-covered",
            Rule::ServerNotCovered => "server-not-covered",
            Rule::PagesUnknown => "pages-unknown",
            Rule::NotInEntry => "not-in-entry",
            Rule::ActionMatchesNothing => "action-matches-nothing",
            Rule::NotSaid => "not-said",
        }
    }

    /// The next step for the reader.
    pub fn advice(self) -> &'static str {
        match self {
            Rule::BrokenReference => "the value is JSON of any shape; correct the document, or write the type yourself",
            Rule::MergedVariants => "the struct has the members of all of them; those of the others are `None`",
            Rule::ContradictedByExample => "it is a `serde_json::Value`: either may be the vendor's mistake",
            Rule::AnyValue => "it is a `serde_json::Value`; write the type yourself above the marker where you need it",
            Rule::CutAtDepth => "give a larger `--depth` to have their types",
            Rule::ParameterLeftOut => "send it with an untyped call where you need it",
            Rule::DocumentAsText => "write its JSON with `serde_json::to_string`",
            Rule::UndeclaredPlaceholder => "it is taken for a text",
            Rule::RawBody => "the method takes the body as you made it",
            Rule::RawPart => "it is a `keyway::Part`; `Part::json` makes one of a value",
            Rule::AnswerNotJson => "the method gives the text or the bytes as they come",
            Rule::SeveralAnswers => "an answer of another shape is an error; call it untyped where you need both",
            Rule::SecurityNotCovered => "check that the entry's credentials are accepted, or name another entry",
            Rule::ServerNotCovered => "check the entry's `proxy.base_url`, or name another entry",
            Rule::PagesUnknown => "the method gives one page; add `#[paginate(...)]` above the marker's trait yourself",
            Rule::NotInEntry => "the endpoint goes without it; where you need it, call it by method and path",
            Rule::ActionMatchesNothing => "remove it, or correct its `target`: the document may have changed",
            Rule::NotSaid => "call it untyped: `client.get(path)` and its like",
        }
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file's name.
    pub file: String,
    /// The JSON pointer in it.
    pub pointer: String,
    /// The kind.
    pub rule: Rule,
    /// A sentence without its full stop.
    pub message: String,
}

impl Finding {
    /// A finding at a value.
    pub fn new(rule: Rule, at: &At<'_>, message: impl Into<String>) -> Finding {
        let (file, pointer) = (at.file_name().to_owned(), at.pointer.clone());
        Finding { file, pointer, rule, message: message.into() }
    }
}

/// ```text
/// note[any-value]: `labels` may be a string or an object
///   --> github.json:120 #/components/schemas/issue/properties/labels
///   = it is a `serde_json::Value`; ...
/// ```
impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Printed { finding, place: (file, pointer), line } = self;
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        writeln!(f, "note[{}]: {}", finding.rule.name(), finding.message)?;
        writeln!(f, "  --> {file}{line} #{pointer}")?;
        write!(f, "  = {}", finding.rule.advice())
    }
}

/// A finding with its place.
#[derive(Debug)]
pub struct Printed<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// The file and the pointer in it where that is written.
    pub place: WrittenAt,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// Findings in order, each once, with their places: the files and lines in which they are written.
pub fn printed<'f>(documents: &Documents, findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Printed<'f>> {
    let mut all: Vec<&Finding> = findings.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let places: Vec<WrittenAt> = all.iter().map(|finding| documents.origin(&finding.file, &finding.pointer)).collect();
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, pointer) in &places {
        by_file.entry(file).or_default().push(pointer);
    }
    let mut lines: BTreeMap<(&str, &str), Option<usize>> = BTreeMap::new();
    for (name, pointers) in by_file {
        let Some(file) = documents.files.iter().find(|file| file.name == name) else { continue };
        lines.extend(pointers.iter().map(|pointer| (name, *pointer)).zip(line::lines(file, &pointers)));
    }
    let line = |(file, pointer): &WrittenAt| lines.get(&(file.as_str(), pointer.as_str())).copied().flatten();
    let lines: Vec<Option<usize>> = places.iter().map(line).collect();
    let placed = all.into_iter().zip(places).zip(lines);
    placed.map(|((finding, place), line)| Printed { finding, place, line }).collect()
}
