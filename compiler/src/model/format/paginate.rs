//! The keys of a pagination rule that only Keyway reads, and a rule laid over another one, key by key.
//!
//! Keys that do not fit together are found where a rule is lowered.

use super::proxy::{PaginateKeys, PaginateKind};
use crate::model::kit::grammar::LowerHeaderName;
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use keyway_spec::proxy::{LinkPart, MoreForm};

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
        /// The form in which `more` says so. Sage's `$next` is a link, and `null` on the last page: `present`.
        /// Default: `boolean`.
        more_form: Option<Spanned<MoreForm>>,
        /// `offset`, `per-page`: the dotted path of the number of pages in a page, after which no further one is asked
        /// for: Smartsheet's `totalPages`, Fortnox's `MetaInformation.@TotalPages`, TMDB's `total_pages`. A page that
        /// lacks it says nothing. Default: the list ends with an empty page, or with a short one behind a full one.
        page_count: Option<Str>,
        /// `link` in a header: parameters that the link has to have, with their values; one without them leads nowhere.
        /// Sentry sends a link on the last page too, with `results="false"`.
        link_if: Option<Map<Str>>,
        /// `link`: the part of the link that is followed. With `query` the request goes where the page came from, with
        /// the query of the link: Confluence behind Atlassian's gateway names the site, and Front the company's own
        /// host. Default: `whole`.
        link_part: Option<Spanned<LinkPart>>,
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

string_enum! {
    impl MoreForm {
        /// A bool. Any other value is an error.
        Boolean,
        /// Any value but none: what is absent, `null`, `false`, 0, an empty text, list or object, or the text `false`
        /// says that the list ends.
        Present,
    }
}

string_enum! {
    impl LinkPart {
        /// All of it. It has to lead to the entry's hosts.
        Whole,
        /// Its query alone.
        Query,
    }
}
