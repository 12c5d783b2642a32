//! Drafts of entries: what is known of an API, as the YAML of one entry, with a question wherever it is a guess.
//!
//! ```text
//! a person's words, a discovery document, an OpenAPI document, another entry, another catalogue
//!     -> facts -> draft -> text -> its place in a catalogue
//! ```
//!
//! Each fact carries where it is from, as a comment beside it. What has to be there and nobody said is a guess below a
//! `# TODO: ` line with the question that the vendor's page answers; `keyway check` warns about each. A draft has no
//! other finding, whatever its mode.
//!
//! Reading order: [`facts`], [`draft`], [`text`], [`place`]; the sources in [`discovery`], [`openapi`], [`catalogues`],
//! [`authjs`], [`copied`]. No file is touched, nothing is fetched, nothing panics.

pub mod authjs;
pub mod catalogues;
pub mod copied;
pub mod discovery;
pub mod draft;
pub mod facts;
pub mod openapi;
pub mod place;
pub mod text;
