//! Keys that an endpoint says of its own pages, laid over the rule of its entry key by key.
//!
//! Plain data of `'static` texts: a macro writes it. Whether an entry has what is left out is decided where it is
//! written ([`PaginateOverlay::is_whole_over`]), at compile time.

use super::rule::{Kind, Paginate, owned};
use keyway_spec::ProviderSpec;
use keyway_spec::proxy::{LinkPart, MoreForm, OffsetCount, Paginate as Declared, PaginateKind};

/// Keys of a pagination rule; those that are `None` are the entry's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaginateOverlay {
    /// The way to find the next page.
    pub kind: Option<KindOverlay>,
    /// The parameter that takes the page size.
    pub limit_name: Option<&'static str>,
    /// Dotted path of the list in a page.
    pub response_path: Option<&'static str>,
    /// Dotted path of what says whether the list goes on.
    pub more: Option<&'static str>,
    /// The form in which `more` says so. Where `more` is the entry's, so is this.
    pub more_form: MoreForm,
    /// Dotted path of the number of pages.
    pub page_count: Option<&'static str>,
    /// Parameters that a link of the `Link` header of `kind` has to have. A rule without a kind of its own has the
    /// entry's.
    pub link_if: &'static [(&'static str, &'static str)],
    /// The part of a link of `kind` that is followed. A rule without a kind of its own has the entry's.
    pub link_part: LinkPart,
    /// True if the cursor of `kind` is sent in the header of its name. Where `kind` leaves that name to the entry, the
    /// entry decides this too.
    pub cursor_in_header: bool,
    /// Dotted path of the number by which an offset grows.
    pub offset_step: Option<&'static str>,
    /// True if the cursor of `kind` may be absent where no page follows. A rule without a kind of its own has the
    /// entry's word.
    pub cursor_may_be_absent: bool,
}

/// The way to find the next page, as far as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindOverlay {
    /// The `Link` header with this relation.
    LinkHeader {
        /// The relation.
        rel: &'static str,
    },
    /// A URL in the body.
    LinkBody {
        /// Its dotted path.
        path: &'static str,
    },
    /// A cursor in the body.
    Cursor {
        /// The parameter.
        name: Option<&'static str>,
        /// Dotted path of the cursor.
        path: Option<&'static str>,
    },
    /// A value of the last item.
    LastItem {
        /// The parameter.
        name: &'static str,
        /// Dotted path of the value in the item.
        path: &'static str,
    },
    /// A cursor in a header.
    HeaderCursor {
        /// The parameter.
        name: &'static str,
        /// The header of the answer.
        header: &'static str,
    },
    /// A number that grows.
    Offset {
        /// The parameter.
        name: &'static str,
        /// The first value; `None` means 0 for a count of items, 1 for a number of pages.
        start: Option<i64>,
        /// By how much it grows.
        count: OffsetCount,
    },
}

impl PaginateOverlay {
    /// Nothing of its own: the entry's rule as it is.
    pub const NONE: PaginateOverlay = PaginateOverlay {
        kind: None,
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

    /// True if nothing is left open over the rule of this entry.
    pub const fn is_whole_over(&self, spec: &ProviderSpec) -> bool {
        let declared = match &spec.proxy {
            Some(proxy) => &proxy.paginate,
            None => &None,
        };
        match (&self.kind, declared) {
            (Some(KindOverlay::Cursor { name, path }), declared) => {
                let is_cursor =
                    matches!(declared, Some(declared) if matches!(declared.kind, PaginateKind::Cursor { .. }));
                is_cursor || (name.is_some() && path.is_some())
            }
            (Some(_), _) | (None, Some(_)) => true,
            (None, None) => false,
        }
    }

    /// The rule over the entry's; `None` where neither says how the next page is found.
    pub fn over(self, declared: Option<Paginate>) -> Option<Paginate> {
        let (base, of_entry) = match declared {
            Some(rule) => (Some(rule.kind.clone()), Some(rule)),
            None => (None, None),
        };
        let may_be_absent = self.cursor_may_be_absent
            || (self.kind.is_none() && of_entry.as_ref().is_some_and(|rule| rule.cursor_may_be_absent));
        let is_name_of_entry = matches!(self.kind, None | Some(KindOverlay::Cursor { name: None, .. }));
        let kind = match self.kind {
            None => base?,
            Some(kind) => kind.over(base)?,
        };
        let text = |text: Option<&str>| text.map(str::to_owned);
        let has_kind = self.kind.is_some();
        // Another way to find the next page leaves the entry's list and page size as they are.
        let rule = of_entry.unwrap_or_else(|| Paginate::from(kind.clone()));
        Some(Paginate {
            kind,
            limit_name: text(self.limit_name).or(rule.limit_name),
            response_path: text(self.response_path).or(rule.response_path),
            more_form: if self.more.is_some() { self.more_form } else { rule.more_form },
            more: text(self.more).or(rule.more),
            // An offset of its own counts by its own rule, and a link of its own is followed by it.
            offset_step: text(self.offset_step).or(if has_kind { None } else { rule.offset_step }),
            page_count: text(self.page_count).or(if has_kind { None } else { rule.page_count }),
            link_if: if has_kind { owned(self.link_if) } else { rule.link_if },
            link_part: if has_kind { self.link_part } else { rule.link_part },
            cursor_may_be_absent: may_be_absent,
            cursor_in_header: if is_name_of_entry { rule.cursor_in_header } else { self.cursor_in_header },
            ..Paginate::from(Kind::LinkHeader { rel: String::new() })
        })
    }
}

/// A whole rule: nothing is left to the entry.
impl From<Declared> for PaginateOverlay {
    fn from(rule: Declared) -> PaginateOverlay {
        let kind = match rule.kind {
            PaginateKind::LinkHeader { rel } => KindOverlay::LinkHeader { rel },
            PaginateKind::LinkBody { path } => KindOverlay::LinkBody { path },
            PaginateKind::Cursor { name, path } => KindOverlay::Cursor { name: Some(name), path: Some(path) },
            PaginateKind::LastItem { name, path } => KindOverlay::LastItem { name, path },
            PaginateKind::HeaderCursor { name, header } => KindOverlay::HeaderCursor { name, header },
            PaginateKind::Offset { name, start, count } => KindOverlay::Offset { name, start: Some(start), count },
        };
        PaginateOverlay {
            kind: Some(kind),
            limit_name: rule.limit_name,
            response_path: rule.response_path,
            more: rule.more,
            more_form: rule.more_form,
            page_count: rule.page_count,
            link_if: rule.link_if,
            link_part: rule.link_part,
            cursor_in_header: rule.cursor_in_header,
            offset_step: rule.offset_step,
            cursor_may_be_absent: rule.cursor_may_be_absent,
        }
    }
}

impl KindOverlay {
    fn over(self, declared: Option<Kind>) -> Option<Kind> {
        Some(match self {
            KindOverlay::LinkHeader { rel } => Kind::LinkHeader { rel: rel.to_owned() },
            KindOverlay::LinkBody { path } => Kind::LinkBody { path: path.to_owned() },
            KindOverlay::LastItem { name, path } => Kind::LastItem { name: name.to_owned(), path: path.to_owned() },
            KindOverlay::HeaderCursor { name, header } => {
                Kind::HeaderCursor { name: name.to_owned(), header: header.to_owned() }
            }
            KindOverlay::Offset { name, start, count } => {
                let first = match count {
                    OffsetCount::Items => 0,
                    OffsetCount::Pages => 1,
                };
                Kind::Offset { name: name.to_owned(), start: start.unwrap_or(first), count }
            }
            KindOverlay::Cursor { name, path } => {
                let (of_name, of_path) = match declared {
                    Some(Kind::Cursor { name, path }) => (Some(name), Some(path)),
                    _ => (None, None),
                };
                Kind::Cursor { name: name.map(str::to_owned).or(of_name)?, path: path.map(str::to_owned).or(of_path)? }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURSOR: KindOverlay = KindOverlay::Cursor { name: None, path: Some("meta.next") };

    #[test]
    fn what_is_said_is_laid_over_the_entry_key_by_key() {
        let entry = || Some(Paginate::cursor("after", "next").limit_name("size").response_path("data"));
        let none = PaginateOverlay::NONE;
        for (said, declared, expected) in [
            (none, entry(), entry()),
            (none, None, None),
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                entry(),
                Some(Paginate::cursor("after", "next").limit_name("size").response_path("tickets")),
            ),
            (
                PaginateOverlay { kind: Some(CURSOR), ..none },
                entry(),
                Some(Paginate::cursor("after", "meta.next").limit_name("size").response_path("data")),
            ),
            (PaginateOverlay { kind: Some(CURSOR), ..none }, None, None),
            (PaginateOverlay { kind: Some(CURSOR), ..none }, Some(Paginate::offset("o", 0)), None),
            (
                PaginateOverlay {
                    kind: Some(KindOverlay::LastItem { name: "starting_after", path: "id" }),
                    more: Some("has_more"),
                    limit_name: Some("limit"),
                    ..none
                },
                entry(),
                Some(
                    Paginate::last_item("starting_after", "id")
                        .more("has_more")
                        .limit_name("limit")
                        .response_path("data"),
                ),
            ),
            (
                PaginateOverlay {
                    kind: Some(KindOverlay::Offset { name: "page", start: None, count: OffsetCount::Pages }),
                    ..none
                },
                None,
                Some(Paginate::page_number("page", 1)),
            ),
            // The step of an offset goes with it.
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                Some(Paginate::offset("o", 0).offset_step("limit")),
                Some(Paginate::offset("o", 0).offset_step("limit").response_path("tickets")),
            ),
            (
                PaginateOverlay {
                    kind: Some(KindOverlay::Offset { name: "skip", start: None, count: OffsetCount::Items }),
                    ..none
                },
                Some(Paginate::offset("o", 0).offset_step("limit")),
                Some(Paginate::offset("skip", 0)),
            ),
            // So do its end, and the reading of a link.
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                Some(Paginate::page_number("page", 1).page_count("pages")),
                Some(Paginate::page_number("page", 1).page_count("pages").response_path("tickets")),
            ),
            (
                PaginateOverlay { kind: Some(KindOverlay::LinkBody { path: "next" }), ..none },
                Some(Paginate::page_number("page", 1).page_count("pages")),
                Some(Paginate::link_body("next")),
            ),
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                Some(Paginate::link_header("next").link_if("results", "true").link_query()),
                Some(Paginate::link_header("next").link_if("results", "true").link_query().response_path("tickets")),
            ),
            (
                PaginateOverlay { kind: Some(KindOverlay::LinkHeader { rel: "n" }), ..none },
                Some(Paginate::link_header("next").link_if("results", "true").link_query()),
                Some(Paginate::link_header("n")),
            ),
            // The form of `more` goes with it.
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                Some(Paginate::page_number("page", 1).more("$next").more_if_present()),
                Some(Paginate::page_number("page", 1).more("$next").more_if_present().response_path("tickets")),
            ),
            (
                PaginateOverlay { more: Some("has_more"), ..none },
                Some(Paginate::page_number("page", 1).more("$next").more_if_present()),
                Some(Paginate::page_number("page", 1).more("has_more")),
            ),
            // An entry's word on an absent cursor goes with its cursor.
            (
                PaginateOverlay { response_path: Some("tickets"), ..none },
                Some(Paginate::cursor("c", "next").cursor_may_be_absent()),
                Some(Paginate::cursor("c", "next").cursor_may_be_absent().response_path("tickets")),
            ),
            (
                PaginateOverlay { kind: Some(CURSOR), ..none },
                Some(Paginate::cursor("c", "next").cursor_may_be_absent()),
                Some(Paginate::cursor("c", "meta.next")),
            ),
            // The header of a cursor goes with its name.
            (
                PaginateOverlay { kind: Some(CURSOR), ..none },
                Some(Paginate::cursor("range", "next").cursor_in_header()),
                Some(Paginate::cursor("range", "meta.next").cursor_in_header()),
            ),
            (
                PaginateOverlay { kind: Some(KindOverlay::LastItem { name: "after", path: "id" }), ..none },
                Some(Paginate::cursor("range", "next").cursor_in_header()),
                Some(Paginate::last_item("after", "id")),
            ),
        ] {
            assert_eq!(said.over(declared), expected, "{said:?}");
        }
    }

    #[test]
    fn a_rule_is_whole_with_what_the_entry_has() {
        use keyway_spec::proxy::{Paginate as Declared, Proxy};
        let with = |kind| ProviderSpec {
            proxy: Some(Proxy { paginate: Some(Declared { kind, ..Declared::EMPTY }), ..Proxy::EMPTY }),
            ..ProviderSpec::EMPTY
        };
        let link = with(PaginateKind::LinkHeader { rel: "next" });
        let cursor = with(PaginateKind::Cursor { name: "c", path: "n" });
        let whole = KindOverlay::Cursor { name: Some("c"), path: Some("n") };
        for (kind, spec, expected) in [
            (None, &ProviderSpec::EMPTY, false),
            (None, &link, true),
            (Some(CURSOR), &ProviderSpec::EMPTY, false),
            (Some(CURSOR), &link, false),
            (Some(CURSOR), &cursor, true),
            (Some(whole), &ProviderSpec::EMPTY, true),
            (Some(KindOverlay::LinkBody { path: "next" }), &ProviderSpec::EMPTY, true),
        ] {
            assert_eq!(PaginateOverlay { kind, ..PaginateOverlay::NONE }.is_whole_over(spec), expected, "{kind:?}");
        }
    }
}
