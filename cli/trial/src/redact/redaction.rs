//! One text or number of an answer: it stays, is moved in time, or gets a stand-in.

use super::RedactionContext;
use super::entry_names::EntryNames;
use super::names::{self, NameClass};
use super::shapes::{self, ValueClass};
use super::stand_ins::StandInTable;
use super::times::TimeShift;
use super::waits::WaitInSentence;
use super::words::{is_code_word, is_member_name, is_number, is_of_a_protocol, is_span, is_word};
use keyway::Secret;
use keyway_spec::{Node, Template};
use std::collections::BTreeSet;

/// A number with more digits is no number of a page.
const MAX_PAGE_DIGITS: usize = 5;
/// A number with more digits may be an identifier that a list goes on behind.
const MAX_CURSOR_DIGITS: usize = 3;

/// The state of a recording's redaction.
pub(super) struct Redaction {
    pub(super) context: RedactionContext,
    pub(super) table: StandInTable,
    pub(super) times: TimeShift,
    /// The sentence in which the entry finds a wait.
    pub(super) wait: Option<WaitInSentence>,
    /// The entry's own words about answers.
    entry: EntryNames,
    /// The words of paths that the entry itself has.
    path_words: BTreeSet<String>,
}

impl Redaction {
    pub(super) fn new(context: RedactionContext) -> Redaction {
        let mut table = StandInTable::default();
        for (real, stand_in) in context.config.iter().filter(|(real, stand_in)| !real.is_empty() && real != stand_in) {
            table.set(real, stand_in);
        }
        for secret in context.secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
            // A user's name may be an address.
            let class = match shapes::class_of(secret) {
                ValueClass::Id | ValueClass::Text => ValueClass::Token,
                class => class,
            };
            table.of(secret, class);
        }
        let path_words = path_words(&context);
        let (entry, wait) = (EntryNames::of(context.spec), WaitInSentence::of(context.spec));
        Redaction { entry, wait, context, table, times: TimeShift::default(), path_words }
    }

    /// The class of a name: the one that the entry gives it, else the one that its words say.
    pub(super) fn class_of(&self, name: &str) -> NameClass {
        self.entry.class_of(name).unwrap_or_else(|| names::class_of(name))
    }

    /// True for a number or an instant that is needed where it stands, also where another place has the same digits for
    /// an identifier. What the account itself has is never one.
    pub(super) fn is_needed(&self, name: &str, text: &str) -> bool {
        let is_count = is_number(text) || is_span(text);
        let config = self.context.config.iter().any(|(real, stand_in)| real == text && real != stand_in);
        if config || self.context.secrets.iter().any(|secret| secret.expose() == text) {
            return false;
        }
        match self.class_of(name) {
            NameClass::Time => is_count || shapes::class_of(text) == ValueClass::Instant,
            NameClass::Limit => is_count,
            NameClass::Page => is_number(text) && text.len() <= MAX_PAGE_DIGITS,
            _ => false,
        }
    }

    /// The value of a replay's account in the place of a text that becomes configuration.
    pub(super) fn field(&mut self, name: &str, text: &str) -> Option<String> {
        let value = self.entry.field(name, text).filter(|_| !self.table.has(text))?.to_owned();
        if value == text {
            return Some(self.stay(text));
        }
        self.table.set(text, &value);
        // Of URLs below it the beginning is replaced alike.
        self.context.config.push((text.to_owned(), value.clone()));
        Some(value)
    }

    /// A text by the name that it stands under.
    pub(super) fn leaf(&mut self, name: &str, text: &str) -> String {
        if self.stays_anywhere(text) || self.entry.is_value(name, text) {
            return self.stay(text);
        }
        let (class, digits) = (self.class_of(name), text.len());
        if self.is_needed(name, text) {
            let moved = if class == NameClass::Time { self.times.text(text) } else { None };
            return self.stay(&moved.unwrap_or_else(|| text.to_owned()));
        }
        if self.table.has(text) {
            return self.replaced(class, text);
        }
        let stays = match class {
            NameClass::Cursor => is_number(text) && digits <= MAX_CURSOR_DIGITS,
            NameClass::Word => is_word(text),
            NameClass::Code => is_code_word(text),
            NameClass::Scope => return self.scopes(text),
            _ => matches!(text, "0" | "1"),
        };
        if stays { self.stay(text) } else { self.replaced(class, text) }
    }

    /// A number by its name; as text, which is a number again unless the account's configuration has it.
    pub(super) fn number(&mut self, name: &str, number: &str) -> String {
        match self.class_of(name) {
            // Statuses and codes of errors are numbers of three or four digits.
            NameClass::Word | NameClass::Code if number.len() <= 4 => self.stay(number),
            _ => self.leaf(name, number),
        }
    }

    /// The name of a member: itself, unless it is data.
    pub(super) fn member(&mut self, name: &str) -> String {
        if self.entry.is_member(name) || (is_member_name(name) && !self.table.has(name)) {
            self.stay(name)
        } else {
            self.replaced(NameClass::Other, name)
        }
    }

    /// A segment of a path. `is_behind_list` says that the one before it names a list, so that it is one of its items.
    pub(super) fn segment(&mut self, segment: &str, is_behind_list: bool) -> String {
        let stem =
            segment.rsplit_once('.').filter(|(_, end)| matches!(*end, "json" | "xml")).map_or(segment, |(s, _)| s);
        let is_version = stem.strip_prefix('v').is_some_and(|rest| is_number(rest) && rest.len() <= 4);
        let is_list = is_plural(stem) && !is_behind_list;
        let is_known = self.path_words.contains(segment)
            || self.entry.is_member(segment)
            || COMMON.contains(&stem)
            || self.context.keep.contains(segment);
        if stem.is_empty() || (!self.table.has(segment) && (is_version || is_list || is_known)) {
            return self.stay(segment);
        }
        self.replaced(NameClass::Id, segment)
    }

    /// The stand-in of a text that does not stay.
    pub(super) fn replaced(&mut self, class: NameClass, text: &str) -> String {
        let shape = shapes::class_of(text);
        let value_class = match (shape, class) {
            (ValueClass::Token | ValueClass::Id | ValueClass::Text, NameClass::Secret | NameClass::Code) => {
                ValueClass::Token
            }
            (ValueClass::Token | ValueClass::Id | ValueClass::Text, NameClass::Cursor | NameClass::Page) => {
                ValueClass::Cursor
            }
            (ValueClass::Token | ValueClass::Id | ValueClass::Text, NameClass::Id) => ValueClass::Id,
            (ValueClass::Token | ValueClass::Id | ValueClass::Text, NameClass::Name) => ValueClass::Name,
            (shape, _) => shape,
        };
        self.table.of(text, value_class)
    }

    /// The body of an answer that has no form that is read.
    pub(super) fn unreadable(&mut self) -> String {
        self.table.of("the body of an answer in another form", ValueClass::Text)
    }

    /// Notes that a text stays.
    pub(super) fn stay(&mut self, text: &str) -> String {
        self.table.stays(text);
        text.to_owned()
    }

    fn stays_anywhere(&self, text: &str) -> bool {
        let spec = self.context.spec;
        text.is_empty()
            || is_of_a_protocol(text)
            || self.context.keep.contains(text)
            || spec.known_scopes.iter().any(|scope| scope.name == text)
            || spec.default_scopes.contains(&text)
    }

    /// A list of scopes with the separators that it has. A scope is words; one of another form is replaced.
    fn scopes(&mut self, text: &str) -> String {
        let is_separator = |c: char| matches!(c, ' ' | ',' | '+' | ';');
        let mut out = String::with_capacity(text.len());
        for part in text.split_inclusive(is_separator) {
            let scope = part.trim_end_matches(is_separator);
            let stays = self.stays_anywhere(scope) || (is_scope(scope) && !self.table.has(scope));
            out.push_str(&if stays { self.stay(scope) } else { self.replaced(NameClass::Scope, scope) });
            out.push_str(part.get(scope.len()..).unwrap_or_default());
        }
        out
    }
}

/// True for words as vendors name scopes: `read:all`, `Mail.Read`. A word with a capital alone is more like a name.
fn is_scope(text: &str) -> bool {
    let is_named = text.starts_with(|first: char| first.is_ascii_uppercase())
        && !text.contains([':', '.', '_', '/'])
        && text.bytes().any(|byte| byte.is_ascii_lowercase());
    let are_words = text.split([':', '/', '*']).all(|word| word.is_empty() || is_member_name(word));
    are_words && !is_named && !text.contains(['@', '#'])
}

/// Words of paths that name no account.
const COMMON: [&str; 16] = [
    "api", "rest", "me", "self", "search", "list", "query", "current", "all", "oauth", "oauth2", "token", "graphql",
    "data", "user", "account",
];

/// True for a plain word that names several things, as lists are called.
pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The literal segments of the entry's own paths.
fn path_words(context: &RedactionContext) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut add = |text: &str| {
        let segments = text.split(['/', '?', '&', '=']).filter(|segment| !segment.contains(['{', '$', ':']));
        words.extend(segments.filter(|segment| !segment.is_empty()).map(str::to_owned));
    };
    context.spec.operations.iter().for_each(|operation| add(operation.path));
    if let Some(proxy) = &context.spec.proxy {
        literals(proxy.base_url, &mut add);
        for endpoint in proxy.verification.iter().flat_map(|verification| verification.endpoints) {
            literals(*endpoint, &mut add);
        }
    }
    words
}

fn literals(template: Template, add: &mut impl FnMut(&str)) {
    if let Template::Text(text) = template {
        add(text);
    }
    for node in template.nodes() {
        if let Node::Text(text) = node {
            add(text);
        }
    }
}
