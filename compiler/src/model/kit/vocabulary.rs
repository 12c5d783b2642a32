//! Questions about the whole format that reading one entry asks.
//!
//! The answers come from the table of all keys. That table is made of the listings, and the listings are made of this
//! machinery, so the machinery knows the questions only; the caller that reads an entry passes the answers in.

use crate::diagnostic::Near;
use crate::syntax::Mapping;
use std::fmt::Debug;

/// The names of the format. Paths lead from the entry down, without the entry's own key.
pub(crate) trait Vocabulary: Debug + Sync {
    /// Guesses the meaning of a key that the map at `path` does not have; `names` are the keys that it has.
    fn guess<'n>(&self, name: &str, path: &[String], names: &[&'n str]) -> Guess<'n>;

    /// The value of `names` that was meant by `word` as the value of `key`.
    fn meant_value<'n>(&self, key: &str, word: &str, names: &[&'n str]) -> Option<Meant<'n>>;

    /// The key beside the one at `path` that has this word among its values.
    fn key_with_value(&self, path: &[String], word: &str) -> Option<&'static str>;

    /// The purpose of a key of the map at `path`, for a line of help. `body` names the auth mode.
    fn purpose(&self, name: &str, path: &[String], body: &Mapping) -> Option<String>;

    /// The auth mode that an entry names, if it is one.
    fn mode(&self, body: &Mapping) -> Option<&'static str>;

    /// The auth mode that was meant by a name that is none.
    fn meant_mode(&self, name: &str, body: &Mapping) -> Option<Meant<'static>>;

    /// The auth mode that reads the most of an entry's keys, if one stands out.
    fn mode_by_keys(&self, body: &Mapping) -> Option<&'static str>;
}

/// The guessed meaning of a name that its map does not have.
pub(crate) enum Guess<'n> {
    /// A name of the map.
    Near(Near<'n>),
    /// A key of the format, at another place.
    Home(String),
    /// No name is near.
    Unknown,
}

/// A value that was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meant<'n> {
    /// The value.
    pub(crate) name: &'n str,
    /// True if no other one can be meant: only then is an edit offered.
    pub(crate) clear: bool,
    /// A note for the help; may be empty.
    pub(crate) note: &'static str,
}
