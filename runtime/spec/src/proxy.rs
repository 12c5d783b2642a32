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
    /// Answers that are errors by their bodies; of several that fit, the first decides.
    pub errors: &'static [ErrorAnswer],
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
        errors: &[],
        paginate: None,
        verification: None,
    };
}

/// When a failed call is retried, and after how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Headers that hold the instant to wait for.
    pub at: &'static [&'static str],
    /// The unit of the numbers in them.
    pub at_unit: WaitUnit,
    /// Headers that hold how long to wait.
    pub after: &'static [&'static str],
    /// The unit of the numbers in them, `retry-after` aside.
    pub after_unit: WaitUnit,
    /// A header that makes any response retryable when it is `0`.
    pub remaining: Option<&'static str>,
    /// Statuses that replace the default ones; empty means the default.
    pub error_code: &'static [StatusRange],
    /// A wait in an error body.
    pub in_body: Option<RetryInBody>,
    /// Seconds to wait after a 429, or another status that `error_code` names by itself, where the answer names no
    /// wait.
    pub wait: Option<u32>,
    /// Rate limits that answers tell about.
    pub limits: &'static [RateLimit],
}

impl Retry {
    /// The default rules.
    pub const EMPTY: Self = Self {
        at: &[],
        at_unit: WaitUnit::Until,
        after: &[],
        after_unit: WaitUnit::Seconds,
        remaining: None,
        error_code: &[],
        in_body: None,
        wait: None,
        limits: &[],
    };
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
    /// The reading of the group.
    pub unit: WaitUnit,
}

words! {
    /// The reading of a text that says how long to wait, or until when.
    pub enum WaitUnit {
        /// A number of seconds, or a date.
        Seconds = "seconds",
        /// A number of milliseconds, or a date.
        Milliseconds = "milliseconds",
        /// A number of minutes, or a date.
        Minutes = "minutes",
        /// Numbers with units: `6m0s`, `20ms`.
        Duration = "duration",
        /// A date, or seconds or milliseconds since 1970: the size of the number says which.
        Until = "instant",
        /// Seconds since 1970, or a date.
        UntilSeconds = "instant_seconds",
        /// Milliseconds since 1970, or a date.
        UntilMilliseconds = "instant_milliseconds",
    }
}

/// One of the rate limits that an answer tells about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The sign that it is spent.
    pub usage: RateLimitUsage,
    /// Where an answer says when it is full again.
    pub reset: Option<RateLimitReset>,
    /// Seconds until it is full again, where the answer does not say.
    pub wait: Option<u32>,
}

/// The sign that a rate limit is spent. A header of several numbers with commas between them is about several limits
/// side by side, which are spent where one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimitUsage {
    /// By what is left: at nothing.
    Remaining {
        /// The header.
        header: &'static str,
        /// True if it holds several numbers.
        list: bool,
    },
    /// By what is used, in one header, and how much there is, in another.
    Used {
        /// The header of what is used.
        used: &'static str,
        /// The header of how much there is.
        limit: &'static str,
        /// True if each holds several numbers.
        list: bool,
    },
    /// By both in one header: `32/40`.
    Bucket {
        /// The header.
        header: &'static str,
    },
    /// By percentages in a header that holds JSON: where one is 100.
    Json {
        /// The header.
        header: &'static str,
        /// Their dotted paths.
        paths: &'static [&'static str],
    },
}

/// Where an answer says when a rate limit is full again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitReset {
    /// The header.
    pub header: &'static str,
    /// The dotted path of the value in it, where it holds JSON.
    pub path: Option<&'static str>,
    /// The reading of the value.
    pub unit: WaitUnit,
}

/// An answer that is an error by its body, whatever its status says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorAnswer {
    /// The statuses that it comes with.
    pub statuses: &'static [StatusRange],
    /// Dotted path of a member that is there, and neither `null`, `false` nor empty.
    pub has: Option<&'static str>,
    /// Dotted paths of members, with the values that they have.
    pub when: &'static [Entry],
    /// The status that it counts as.
    pub counts_as: u16,
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
    /// Dotted path of what says whether the list goes on; `None` where pages have none.
    pub more: Option<&'static str>,
    /// The form in which it says so.
    pub more_form: MoreForm,
    /// Dotted path of the number of pages; `None` where pages do not say it.
    pub page_count: Option<&'static str>,
    /// Parameters that a link of the `Link` header has to have, with their values; others lead nowhere.
    pub link_if: &'static [(&'static str, &'static str)],
    /// The part of a link that is followed.
    pub link_part: LinkPart,
    /// True if the cursor is sent in the header of its name, and not as a parameter.
    pub cursor_in_header: bool,
    /// Dotted path of the number by which an offset grows; `None` where the rule counts by itself.
    pub offset_step: Option<&'static str>,
    /// True if the upstream leaves out what asks for the next page where there is none, in a first page too.
    pub cursor_may_be_absent: bool,
}

impl Paginate {
    /// The base of `..Paginate::EMPTY` in generated code.
    pub const EMPTY: Self = Self {
        kind: PaginateKind::LinkHeader { rel: "" },
        limit_name: None,
        response_path: None,
        more: None,
        more_form: MoreForm::Boolean,
        page_count: None,
        link_if: &[],
        link_part: LinkPart::Whole,
        cursor_in_header: false,
        offset_step: None,
        cursor_may_be_absent: false,
    };
}

words! {
    /// The form in which a page says whether the list goes on.
    #[derive(Default)]
    pub enum MoreForm {
        /// A bool.
        #[default]
        Boolean = "boolean",
        /// Any value but none: what is absent, `null`, `false`, 0, empty or the text `false` says that it does not.
        Present = "present",
    }
}

words! {
    /// The part of a link that is followed.
    #[derive(Default)]
    pub enum LinkPart {
        /// All of it.
        #[default]
        Whole = "whole",
        /// Its query alone: the request goes where the page came from.
        Query = "query",
    }
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
    /// A value of the last item, sent back as a parameter.
    LastItem {
        /// The request parameter.
        name: &'static str,
        /// Dotted path of the value in the item.
        path: &'static str,
    },
    /// A cursor in a header, sent back as a parameter.
    HeaderCursor {
        /// The request parameter.
        name: &'static str,
        /// The header of the answer.
        header: &'static str,
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
