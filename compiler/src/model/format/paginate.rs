//! The keys of a pagination rule that only Keyway reads, and a rule laid over another one, key by key.
//!
//! Keys that do not fit together are found where a rule is lowered.

use super::proxy::{PaginateKeys, PaginateKind};
use crate::model::kit::grammar::LowerHeaderName;
use crate::model::kit::text::{Spanned, Str, Validated};

keys! {
    /// Keys of `proxy.paginate`, laid over those that stand below: in `keyway.paginate` over those of `proxy.paginate`,
    /// in an operation over those of the entry.
    pub struct PaginateOverKeys {
        /// The kind of pagination. Default: that of the rule below; `cursor` with a key that only a cursor has.
        kind = "type": Option<Spanned<PaginateKind>>,
        ---
        /// The keys that the type needs.
        keys: PaginateKeys,
        /// The keys that only Keyway reads.
        own: KeywayPaginateKeys,
        ---
    }
}

keys! {
    /// The keys of a pagination rule that only Keyway reads.
    pub struct KeywayPaginateKeys {
        /// `cursor`: the dotted path, in a page's last item, of what asks for the next page, in place of
        /// `cursor_path_in_response`. Stripe takes the `id` of the last item as `starting_after`.
        last_item: Option<Str>,
        /// `cursor`: the header of a page that holds the next cursor, in place of `cursor_path_in_response`. The last
        /// page lacks it. Heroku sends `next-range`.
        cursor_header_in_response: Option<Validated<LowerHeaderName>>,
        /// `cursor`: the header of a request that takes the cursor, in place of `cursor_name_in_request`. Heroku reads
        /// `range`.
        cursor_header_in_request: Option<Validated<LowerHeaderName>>,
        /// The dotted path of a bool in a page that says whether the list goes on, whatever the kind: Stripe's
        /// `has_more`. Default: the rule alone says.
        more: Option<Str>,
        /// `offset`: the dotted path, in a page, of the number by which the offset grows, in place of
        /// `offset_calculation_method`: the page size that the API took, which a page may fall short of. Box says it in
        /// `limit`. A page with fewer items is not the last one then; one without items is.
        offset_step: Option<Str>,
        /// Whether the API leaves the cursor, or `more`, out where no page follows, in a first page too: Google has no
        /// `nextPageToken` then. Default: a first page with items and without it is an error, for a path that is
        /// misspelt looks the same.
        cursor_may_be_absent: Option<Spanned<bool>>,
        ---
        ---
    }
}
