//! The keys of `keyway.errors`: answers that only their bodies tell to be errors.
//!
//! The stage that lowers one finds whether its keys fit together.

use crate::model::kit::grammar::Statuses;
use crate::model::kit::text::{KeysAt, Spanned, Str, Validated};
use crate::model::kit::tree::Params;

keys! {
    /// One kind of answer that is an error by its body. It needs `has` or `when`; where it has both, both must fit.
    pub struct ErrorAnswerKeys {
        /// The dotted path of a member that is there, and neither `null`, `false` nor empty: the `errors` of a GraphQL
        /// API.
        has: Option<Str>,
        /// Members of the answer with the values that they have, by dotted path: Slack says `ok: false`, and a
        /// MediaWiki whose database lags says `error.code: maxlag`.
        when: Option<Params>,
        /// The statuses of such an answer, such as `400` or `4xx`. Default: those of a success, `2xx`.
        statuses: Option<Vec<Validated<Statuses>>>,
        /// The status that it is treated as: a call is tried again as the answers of this status are (`429` is a rate
        /// limit, `503` an outage), the token is renewed after a `401`, and a probe is refused. Linear answers `400`
        /// to too many requests. Default: `400`.
        counts_as: Option<Spanned<u32>>,
        ---
        ---
    }
}

/// One kind of answer that is an error, in its place.
pub type ErrorAnswerAt = KeysAt<ErrorAnswerKeys>;
