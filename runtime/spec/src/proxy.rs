//! Where the API is and how requests to it look.
//!
//! Absent here: credentials by mode (see [`crate::auth`]); this is only what the entry adds to them.

use crate::{Entry, Template};

/// The `proxy` block of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proxy<'a> {
    /// The base of every URL.
    pub base_url: Template<'a>,
    /// Headers, names in lower case.
    pub headers: &'a [(&'a str, Template<'a>)],
    /// Query parameters, set after the caller's.
    pub query: &'a [(&'a str, Template<'a>)],
    /// Values merged into bodies of POST, PUT, PATCH and DELETE.
    pub body: &'a [Entry<'a>],
    /// Whether responses are decompressed.
    pub decompress: bool,
    /// Whether the caller's headers follow a redirect.
    pub forward_headers_on_redirect: bool,
    /// When to try again.
    pub retry: Retry<'a>,
    /// How lists continue.
    pub paginate: Option<Paginate<'a>>,
    /// How a credential is proved.
    pub verification: Option<Verification<'a>>,
}

impl<'a> Proxy<'a> {
    /// The base of `..Proxy::EMPTY` in generated code.
    pub const EMPTY: Proxy<'a> = Proxy {
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

/// When a failed call is tried again, and after how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry<'a> {
    /// Headers that hold the instant to wait for.
    pub at: &'a [&'a str],
    /// Headers that hold the seconds to wait.
    pub after: &'a [&'a str],
    /// A header that makes any response retryable when it is `0`.
    pub remaining: Option<&'a str>,
    /// Statuses that replace the default ones; empty means the default.
    pub error_code: &'a [StatusRange],
    /// A wait hidden in an error body.
    pub in_body: Option<RetryInBody<'a>>,
}

impl Retry<'_> {
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
pub struct RetryInBody<'a> {
    /// Dotted path of the text.
    pub path: &'a str,
    /// A regular expression; its first group is the wait.
    pub pattern: &'a str,
    /// What the group means.
    pub strategy: RetryStrategy,
}

/// What a wait value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryStrategy {
    /// An instant.
    At,
    /// A number of seconds.
    After,
}

/// How a list continues on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginate<'a> {
    /// The rule.
    pub kind: PaginateKind<'a>,
    /// The parameter that takes the caller's page size.
    pub limit_name: Option<&'a str>,
    /// Dotted path of the list in a page; `None` means the whole body.
    pub response_path: Option<&'a str>,
}

/// A pagination rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaginateKind<'a> {
    /// The `Link` header (RFC 8288) with this relation.
    LinkHeader {
        /// The relation, usually `next`.
        rel: &'a str,
    },
    /// A URL in the body.
    LinkBody {
        /// Dotted path of the URL.
        path: &'a str,
    },
    /// A cursor in the body, sent back as a parameter.
    Cursor {
        /// The request parameter.
        name: &'a str,
        /// Dotted path of the cursor.
        path: &'a str,
    },
    /// A number that grows.
    Offset {
        /// The request parameter.
        name: &'a str,
        /// The first value.
        start: i64,
        /// By how much it grows.
        count: OffsetCount,
    },
}

/// By how much an offset grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetCount {
    /// By the number of items in the page just read.
    Items,
    /// By one: the parameter is a page number.
    Pages,
}

/// A call that proves a credential when a connection is created.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verification<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Endpoints, tried in order until one answers 2xx.
    pub endpoints: &'a [Template<'a>],
    /// Another base than the proxy's.
    pub base_url_override: Option<Template<'a>>,
    /// Literal headers of the call.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body of a POST.
    pub data: &'a [Entry<'a>],
}
