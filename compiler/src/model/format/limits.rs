//! The keys of `keyway` about rate limits: units of waits, a wait that no answer names, and limits side by side.
//!
//! They say what `proxy.retry` has no words for. Whether the keys of one limit fit together is found where it is
//! lowered.

use crate::model::kit::grammar::LowerHeaderName;
use crate::model::kit::text::{KeysAt, Spanned, Str, Validated};
use keyway_spec::proxy::WaitUnit;

keys! {
    /// Units of the waits of `proxy.retry`, and a wait where the answer names none.
    pub struct RetryKeys {
        /// The unit of the numbers in the headers of `proxy.retry.after`; `Retry-After` itself always counts seconds.
        /// BigCommerce says in `x-rate-limit-time-reset-ms` how many milliseconds to wait. A text with units, such as
        /// `6m0s`, is understood without this key. Default: `seconds`.
        after_unit: Option<Spanned<RelativeUnit>>,
        /// The unit of the numbers in the headers of `proxy.retry.at`, since 1970. Linear says milliseconds. Default:
        /// the size of a number says which of the two it is.
        at_unit: Option<Spanned<SinceEpochUnit>>,
        /// The unit of a number that `proxy.retry.in_body` finds; where its `strategy` is `at`, since 1970. Default:
        /// `seconds`, and with `at` by the size of the number.
        in_body_unit: Option<Spanned<RelativeUnit>>,
        /// Seconds to wait before another try of a 429 whose answer names no wait, or of another status that
        /// `proxy.retry.error_code` names by itself, 401 aside: QuickBooks asks for 60 and sends no `Retry-After`.
        /// Default: the wait begins at three seconds and doubles.
        wait: Option<Spanned<u32>>,
        ---
        ---
    }
}

string_enum! {
    /// The unit of a number that says how long.
    pub struct RelativeUnit(WaitUnit) {
        /// Seconds.
        Seconds = "seconds",
        /// Milliseconds.
        Milliseconds = "milliseconds",
        /// Minutes.
        Minutes = "minutes",
        /// None: only a text with units, such as `6m0s` or `20ms`, is a wait.
        Duration = "duration",
    }
}

string_enum! {
    /// The unit of a number that says until when.
    pub struct SinceEpochUnit(WaitUnit) {
        /// Seconds since 1970.
        UntilSeconds = "seconds",
        /// Milliseconds since 1970.
        UntilMilliseconds = "milliseconds",
    }
}

keys! {
    /// One rate limit: the headers that show whether it is spent, and when it is full again. A spent limit makes a 403
    /// or 429 retryable, and its wait counts, unless a `Retry-After` is beside it; of several the longest. A limit of
    /// which something is left asks for no wait.
    pub struct RateLimitKeys {
        /// The header of what is left; at 0 the limit is spent. HubSpot has one for the day and one for a burst.
        remaining: Option<Validated<LowerHeaderName>>,
        /// The header of what is used. Strava counts up, in `x-ratelimit-usage`.
        used: Option<Validated<LowerHeaderName>>,
        /// The header of how much there is, beside `used`: as much used is a spent limit.
        limit: Option<Validated<LowerHeaderName>>,
        /// The form of the value of `remaining` or `used`. Default: `number`.
        form: Option<Spanned<RateLimitForm>>,
        /// `json`: the dotted paths of percentages in the value of `used`; where one is 100 the limit is spent. Meta's
        /// `x-app-usage` has `call_count`, `total_time` and `total_cputime`.
        paths: Option<Vec<Str>>,
        /// The header that says when the limit is full again. `proxy.retry` no longer reads it on its own.
        reset: Option<Validated<LowerHeaderName>>,
        /// `json`: the dotted path of the same in the value of `used`. Meta's `x-ad-account-usage` has
        /// `reset_time_duration`.
        reset_path: Option<Str>,
        /// The unit of `reset` or `reset_path`: GitHub names an `instant`, OpenAI a `duration`.
        reset_unit: Option<Spanned<WaitUnit>>,
        /// Seconds until the limit is full again, where the answer does not say. Shopify's bucket names no time and is
        /// refilled every second.
        wait: Option<Spanned<u32>>,
        ---
        ---
    }
}

/// One rate limit, in its place.
pub type RateLimitAt = KeysAt<RateLimitKeys>;

string_enum! {
    /// The form in which an answer says what is left or used of a rate limit.
    pub enum RateLimitForm {
        /// `99`
        Number = "number",
        /// `99,1500`: several limits side by side, as Strava's of a quarter of an hour and of a day. Spent where one of
        /// them is.
        List = "list",
        /// `32/40`: what is used, and how much there is, as Shopify writes it.
        Bucket = "bucket",
        /// `{"call_count":100}`: percentages at `paths`, as Meta writes them.
        Json = "json",
    }
}

string_enum! {
    impl WaitUnit {
        /// Seconds from now.
        Seconds,
        /// Milliseconds from now.
        Milliseconds,
        /// Minutes from now.
        Minutes,
        /// From now, with units: `6m0s`, `20ms`.
        Duration,
        /// A date, or a number since 1970 whose size says whether it counts seconds or milliseconds.
        Until,
        /// Seconds since 1970.
        UntilSeconds,
        /// Milliseconds since 1970.
        UntilMilliseconds,
    }
}
