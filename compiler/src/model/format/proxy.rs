//! The `proxy` block: where the API is and how requests to it look.
//!
//! Which keys a kind of pagination needs is checked by rules.

use super::union::OneOrMany;
use crate::model::kit::grammar::{BaseUrl, HeaderValue, LiteralHeaderValue, LowerHeaderName, Statuses};
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use crate::model::kit::tree::Params;
use keyway_spec::proxy::OffsetCount;

keys! {
    /// Where the API is and how requests to it look.
    pub struct Proxy {
        /// The base of every URL, a template. One slash joins it with the endpoint of a call.
        base_url: Validated<BaseUrl>,
        /// Headers of every request, templates. One that needs an optional value which was not given is
        /// left out; without any other value the call fails.
        headers: Option<Map<Validated<HeaderValue>, LowerHeaderName>>,
        /// Query parameters of every request, templates, set after the caller's. One that needs an optional value
        /// which was not given is left out.
        query: Option<Map<Str>>,
        /// Values merged into the body of POST, PUT, PATCH and DELETE requests, templates. One that needs an
        /// optional value which was not given is left out.
        body: Option<Params>,
        /// Names of connection configuration that callers use in endpoints, each with the template that refers to it.
        /// They count as used; requests do not change.
        connection_config: Option<Map<Str>>,
        /// Whether compressed responses are decompressed. Default: false.
        decompress: Option<Spanned<bool>>,
        /// Whether the caller's headers follow a redirect. Default: false.
        forward_headers_on_redirect: Option<Spanned<bool>>,
        /// When a failed call is retried.
        retry: Option<Retry>,
        /// How a list continues on the next page.
        paginate: Option<Paginate>,
        /// The call that verifies a credential when a connection is created.
        verification: Option<Verification>,
        ---
        ---
    }
}

keys! {
    /// When a failed call is retried, and after how long. `Retry-After` and `RateLimit` are read without being named.
    /// Of several waits the longest applies, but no reset of a quota beside a `Retry-After`: Xero and DigitalOcean tell
    /// the end of the day beside the seconds of a burst.
    pub struct Retry {
        /// Headers that hold the instant to wait for: a date, or seconds or milliseconds since 1970.
        at: Option<OneOrMany<Validated<LowerHeaderName>>>,
        /// Headers that hold the seconds to wait, or a date. `Retry-After` and `RateLimit` are read anyway.
        after: Option<OneOrMany<Validated<LowerHeaderName>>>,
        /// A header that makes any response except a success retryable when it is `0`. While it shows that some quota
        /// is left, `at` is ignored.
        remaining: Option<Validated<LowerHeaderName>>,
        /// Statuses that are retried, such as `429`, `5xx` or `500-503`, instead of the default ones: 401, 429 and
        /// 500 or above.
        error_code: Option<Vec<Validated<Statuses>>>,
        /// A wait in the body of an error.
        in_body: Option<RetryInBody>,
        ---
        ---
    }
}

keys! {
    /// A wait in the body of an error.
    pub struct RetryInBody {
        /// The dotted path of a text, or of a number as Telegram's `parameters.retry_after`.
        path: Str,
        /// A regular expression without slashes around it; its first group is the wait. `(.+)` takes the whole.
        value: Str,
        /// What the group means.
        strategy: Spanned<RetryStrategy>,
        ---
        ---
    }
}

string_enum! {
    /// The meaning of a wait in a body.
    pub enum RetryStrategy {
        /// An instant.
        At = "at",
        /// A number of seconds.
        After = "after",
    }
}

keys! {
    /// How a list continues on the next page.
    pub struct Paginate {
        /// The kind of pagination.
        kind = "type": Spanned<PaginateKind>,
        ---
        /// The keys that the type needs.
        keys: PaginateKeys,
        ---
    }
}

keys! {
    /// The keys of a pagination rule beside its type.
    pub struct PaginateKeys {
        /// `cursor`: the request parameter that takes the cursor.
        cursor_name_in_request: Option<Str>,
        /// `cursor`: the dotted path of the next cursor in a page; `links.0.cursor` and `data[-1].id` name items of a
        /// list.
        cursor_path_in_response: Option<Str>,
        /// `link`: the relation in the `Link` header (RFC 8288), usually `next`.
        link_rel_in_response_header: Option<Str>,
        /// `link`: the dotted path of the next URL in a page.
        link_path_in_response_body: Option<Str>,
        /// `offset`: the request parameter that takes the offset.
        offset_name_in_request: Option<Str>,
        /// `offset`: the offset of the first page. Default: 0.
        offset_start_value: Option<Spanned<i64>>,
        /// `offset`: by how much the offset grows. Default: `by-response-size`.
        offset_calculation_method: Option<Spanned<OffsetCount>>,
        /// The request parameter that takes the page size.
        limit_name_in_request: Option<Str>,
        /// The dotted path of the list in a page. Default: the whole body.
        response_path: Option<Str>,
        ---
        ---
    }
}

string_enum! {
    /// A kind of pagination.
    pub enum PaginateKind {
        /// A URL of the next page, in a header or in the body.
        Link = "link",
        /// A cursor from one page that the next request sends.
        Cursor = "cursor",
        /// A number that grows.
        Offset = "offset",
    }
}

string_enum! {
    impl OffsetCount {
        /// By one: the parameter is a page number.
        Pages,
        /// By the number of items in the page just read.
        Items,
    }
}

keys! {
    /// The call that verifies a credential when a connection is created.
    pub struct Verification {
        /// The method. Default: `GET`.
        method: Option<Spanned<VerificationMethod>>,
        /// Endpoints, templates, tried in order until one answers 2xx.
        endpoints: Vec<Str>,
        /// Another base than `proxy.base_url`, a template.
        base_url_override: Option<Str>,
        /// Headers of the call, literal.
        headers: Option<Map<Validated<LiteralHeaderValue>, LowerHeaderName>>,
        /// The body of a POST, literal.
        data: Option<Params>,
        ---
        ---
    }
}

string_enum! {
    /// The method of a verification call.
    pub enum VerificationMethod {
        /// A read.
        Get = "GET",
        /// With the body `data`.
        Post = "POST",
    }
}
