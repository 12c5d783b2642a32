//! Where the API is and how requests to it look.
//!
//! Credentials that follow from the auth mode are in [`crate::auth`]; this is only what the entry adds to them.

use crate::{Entry, Template};

/// The `proxy` block of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proxy {
    /// The base of every URL.
    pub base_url: Template,
    /// Headers, names in lower case.
    pub headers: &'static [(&'static str, Template)],
    /// Query parameters, set after the caller's.
    pub query: &'static [(&'static str, Template)],
    /// Values merged into bodies of POST, PUT, PATCH and DELETE.
    pub body: &'static [Entry],
    /// True if responses are decompressed.
    pub decompress: bool,
    /// True if the caller's headers follow a redirect.
    pub forward_headers_on_redirect: bool,
    /// When to retry.
    pub retry: Retry,
    /// The pagination of a list.
    pub paginate: Option<Paginate>,
    /// The request that verifies a credential.
    pub verification: Option<Verification>,
}

impl Proxy {
    /// The base of `..Proxy::EMPTY` in generated code.
    pub const EMPTY: Proxy = Proxy {
        base_url: Template::EMPTY,
        headers: &[],
        query: &[],
        body: &[],
        decompress: false,
        forward_headers_on_redirect: false,
        retry: Retry::EMPTY,
        paginate: None,
        verification: None,
    };
}

/// When a failed call is retried, and after how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Headers that hold the instant to wait for.
    pub at: &'static [&'static str],
    /// Headers that hold the seconds to wait.
    pub after: &'static [&'static str],
    /// A header that makes any response retryable when it is `0`.
    pub remaining: Option<&'static str>,
    /// Statuses that replace the default ones; empty means the default.
    pub error_code: &'static [StatusRange],
    /// A wait in an error body.
    pub in_body: Option<RetryInBody>,
}

impl Retry {
    /// The default rules.
    pub const EMPTY: Self = Self { at: &[], after: &[], remaining: None, error_code: &[], in_body: None };
}

/// HTTP statuses from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusRange {
    /// The lowest status.
    pub first: u16,
    /// The highest status.
    pub last: u16,
}

/// A wait in an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryInBody {
    /// Dotted path of the text.
    pub path: &'static str,
    /// A regular expression; its first group is the wait.
    pub pattern: &'static str,
    /// The meaning of the group.
    pub strategy: RetryStrategy,
}

words! {
    /// The meaning of a wait value.
    pub enum RetryStrategy {
        /// An instant.
        At = "at",
        /// A number of seconds.
        After = "after",
    }
}

/// The pagination of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginate {
    /// The rule.
    pub kind: PaginateKind,
    /// The parameter that takes the caller's page size.
    pub limit_name: Option<&'static str>,
    /// Dotted path of the list in a page; `None` means the whole body.
    pub response_path: Option<&'static str>,
}

impl Paginate {
    /// The base of `..Paginate::EMPTY` in generated code.
    pub const EMPTY: Self = Self { kind: PaginateKind::LinkHeader { rel: "" }, limit_name: None, response_path: None };
}

/// A pagination rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaginateKind {
    /// The `Link` header (RFC 8288) with this relation.
    LinkHeader {
        /// The relation, usually `next`.
        rel: &'static str,
    },
    /// A URL in the body.
    LinkBody {
        /// Dotted path of the URL.
        path: &'static str,
    },
    /// A cursor in the body, sent back as a parameter.
    Cursor {
        /// The request parameter.
        name: &'static str,
        /// Dotted path of the cursor.
        path: &'static str,
    },
    /// A number that grows.
    Offset {
        /// The request parameter.
        name: &'static str,
        /// The first value.
        start: i64,
        /// By how much it grows.
        count: OffsetCount,
    },
}

words! {
    /// By how much an offset grows.
    pub enum OffsetCount {
        /// By the number of items in the page just read.
        Items = "by-response-size",
        /// By one: the parameter is a page number.
        Pages = "per-page",
    }
}

/// A call that verifies a credential when a connection is created.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verification {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Endpoints, tried in order until one answers 2xx.
    pub endpoints: &'static [Template],
    /// Another base than the proxy's.
    pub base_url_override: Option<Template>,
    /// Literal headers of the call.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body of a POST.
    pub data: &'static [Entry],
}

impl Verification {
    /// The base of `..Verification::EMPTY` in generated code.
    pub const EMPTY: Self = Self { method: "GET", endpoints: &[], base_url_override: None, headers: &[], data: &[] };
}
