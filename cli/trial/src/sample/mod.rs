//! Samples: answers that a vendor's page prints, or that a real account gave, as files.
//!
//! ```text
//! # source: https://docs.acme.example/oauth#answer
//! # read: 2026-11-28
//! # lifetime: 3600
//! HTTP/1.1 200 OK
//! content-type: application/json
//!
//! {"access_token": "2YotnFZFEjr1zCsicMWpAA", "expires_in": 3600, "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA"}
//! ```
//!
//! Comments before the status line say where the answer is from and what a reader of the vendor's page knows about it;
//! a replay holds the runtime to both. A file's name says which request it answers ([`SampleKind`]): `token.http`,
//! `page-users.http`. Values are retyped or redacted: no sample holds a credential that works.
//!
//! Reading order: [`parse`], [`SampleKind`]. This module reads no file.

mod kind;
mod parse;

pub use kind::SampleKind;
pub use parse::{MAX_SAMPLE, Unreadable, parse};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use keyway::Timestamp;

/// An answer of a vendor's, with what is known about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sample {
    /// The file's name, for people: `token.http`.
    pub name: String,
    /// The request that it answers.
    pub kind: SampleKind,
    /// The page that prints it, or the words `recorded` where a real account gave it.
    pub source: String,
    /// When it answered; where the file does not say, the `date` of the answer.
    pub at: Option<Timestamp>,
    /// The call that it answers, of a page and of a limit: method, path and query below the base URL.
    pub request: Option<(Method, String)>,
    /// The meaning that the vendor's page gives it.
    pub meaning: Meaning,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A time that the vendor's page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeantTime {
    /// So many seconds.
    Seconds(u64),
    /// None: a token that does not expire, an answer that names no wait.
    Nothing,
}

/// The meaning of an answer, as the vendor's page says it; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meaning {
    /// The lifetime of the token.
    pub lifetime: Option<MeantTime>,
    /// The wait.
    pub wait: Option<MeantTime>,
    /// The number of items on a page.
    pub items: Option<usize>,
    /// True if another page follows.
    pub more: Option<bool>,
    /// True if the call is made again after a limit.
    pub retried: Option<bool>,
    /// A part of the request for the next page: a parameter such as `offset=3`, or its path and query.
    pub next: Option<String>,
    /// True if no request for another page may be made.
    pub asks_no_more: bool,
    /// True if a refresh token comes with the token.
    pub refresh_token: Option<bool>,
}
