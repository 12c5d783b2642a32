//! A pagination rule that a caller can write too: an owned form of the entry's `proxy.paginate`.

use keyway_spec::proxy::{LinkPart, MoreForm, OffsetCount, Paginate as Declared, PaginateKind};

/// A pagination rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paginate {
    /// The way to find the next page.
    pub kind: Kind,
    /// The parameter that takes the page size.
    pub limit_name: Option<String>,
    /// Dotted path of the list in a page; `None` means the whole body.
    pub response_path: Option<String>,
    /// Dotted path of what says whether the list goes on; `None` where pages have none.
    pub more: Option<String>,
    /// The form in which it says so.
    pub more_form: MoreForm,
    /// Dotted path of the number of pages; `None` where pages do not say it. Where a page lacks it, a list of counted
    /// pages ends as one without it.
    pub page_count: Option<String>,
    /// Parameters that a link of the `Link` header has to have, with their values; others lead nowhere.
    pub link_if: Vec<(String, String)>,
    /// The part of a link that is followed.
    pub link_part: LinkPart,
    /// True if the cursor is sent in the header of its name, and not as a parameter.
    pub cursor_in_header: bool,
    /// Dotted path of the number by which an offset grows; `None` where the rule counts by itself.
    pub offset_step: Option<String>,
    /// True if parameters go into the body; `None` means that they do with POST, PUT and PATCH.
    pub in_body: Option<bool>,
    /// True if a first page without the cursor may be the whole list. Where it may not, such a page is an error, unless
    /// it is empty or shorter than the size that was asked for: the path may be wrong.
    pub cursor_may_be_absent: bool,
}

/// The way to find the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The `Link` header (RFC 8288) with this relation.
    LinkHeader {
        /// The relation, usually `next`.
        rel: String,
    },
    /// A URL in the body.
    LinkBody {
        /// Its dotted path.
        path: String,
    },
    /// A cursor in the body, sent back as a parameter.
    Cursor {
        /// The parameter.
        name: String,
        /// Dotted path of the cursor.
        path: String,
    },
    /// A value of the last item, sent back as a parameter.
    LastItem {
        /// The parameter.
        name: String,
        /// Dotted path of the value in the item.
        path: String,
    },
    /// A cursor in a header, sent back as a parameter.
    HeaderCursor {
        /// The parameter.
        name: String,
        /// The header of the answer.
        header: String,
    },
    /// A number that grows.
    Offset {
        /// The parameter.
        name: String,
        /// The first value.
        start: i64,
        /// By how much it grows.
        count: OffsetCount,
    },
}

impl Paginate {
    /// By the `Link` header with a relation.
    pub fn link_header(rel: impl Into<String>) -> Paginate {
        Kind::LinkHeader { rel: rel.into() }.into()
    }

    /// By a URL in the body.
    pub fn link_body(path: impl Into<String>) -> Paginate {
        Kind::LinkBody { path: path.into() }.into()
    }

    /// By a cursor in the body that is sent back as the parameter `name`.
    pub fn cursor(name: impl Into<String>, path: impl Into<String>) -> Paginate {
        Kind::Cursor { name: name.into(), path: path.into() }.into()
    }

    /// By a value of a page's last item that is sent back as the parameter `name`.
    pub fn last_item(name: impl Into<String>, path: impl Into<String>) -> Paginate {
        Kind::LastItem { name: name.into(), path: path.into() }.into()
    }

    /// By a cursor in a header of the answer that is sent back as the parameter `name`. The last page lacks the header.
    pub fn header_cursor(name: impl Into<String>, header: impl Into<String>) -> Paginate {
        Kind::HeaderCursor { name: name.into(), header: header.into() }.into()
    }

    /// By the number of items read so far, as the parameter `name`.
    pub fn offset(name: impl Into<String>, start: i64) -> Paginate {
        Kind::Offset { name: name.into(), start, count: OffsetCount::Items }.into()
    }

    /// By the number of the page, as the parameter `name`.
    pub fn page_number(name: impl Into<String>, start: i64) -> Paginate {
        Kind::Offset { name: name.into(), start, count: OffsetCount::Pages }.into()
    }

    /// Names the parameter that takes the page size.
    #[must_use]
    pub fn limit_name(self, name: impl Into<String>) -> Paginate {
        Paginate { limit_name: Some(name.into()), ..self }
    }

    /// Says where in a page the list is.
    #[must_use]
    pub fn response_path(self, path: impl Into<String>) -> Paginate {
        Paginate { response_path: Some(path.into()), ..self }
    }

    /// Says where in a page a bool tells whether the list goes on.
    #[must_use]
    pub fn more(self, path: impl Into<String>) -> Paginate {
        Paginate { more: Some(path.into()), ..self }
    }

    /// Says that any value of `more` but none says that the list goes on, and not a bool alone.
    #[must_use]
    pub fn more_if_present(self) -> Paginate {
        Paginate { more_form: MoreForm::Present, ..self }
    }

    /// Says where in a page the number of pages is.
    #[must_use]
    pub fn page_count(self, path: impl Into<String>) -> Paginate {
        Paginate { page_count: Some(path.into()), ..self }
    }

    /// Names a parameter that a link of the `Link` header has to have, with its value.
    #[must_use]
    pub fn link_if(mut self, name: impl Into<String>, value: impl Into<String>) -> Paginate {
        self.link_if.push((name.into(), value.into()));
        self
    }

    /// Takes the query of a link alone, and asks where the page came from.
    #[must_use]
    pub fn link_query(self) -> Paginate {
        Paginate { link_part: LinkPart::Query, ..self }
    }

    /// Says where in a page the number is by which an offset grows.
    #[must_use]
    pub fn offset_step(self, path: impl Into<String>) -> Paginate {
        Paginate { offset_step: Some(path.into()), ..self }
    }

    /// Sends the cursor in the header of its name, and not as a parameter.
    #[must_use]
    pub fn cursor_in_header(self) -> Paginate {
        Paginate { cursor_in_header: true, ..self }
    }

    /// Says whether parameters go into the body.
    #[must_use]
    pub fn in_body(self, in_body: bool) -> Paginate {
        Paginate { in_body: Some(in_body), ..self }
    }

    /// Says that an upstream leaves the cursor out where there is no further page, in a first page too.
    #[must_use]
    pub fn cursor_may_be_absent(self) -> Paginate {
        Paginate { cursor_may_be_absent: true, ..self }
    }
}

impl From<Kind> for Paginate {
    fn from(kind: Kind) -> Paginate {
        Paginate {
            kind,
            limit_name: None,
            response_path: None,
            more: None,
            more_form: MoreForm::Boolean,
            page_count: None,
            link_if: Vec::new(),
            link_part: LinkPart::Whole,
            cursor_in_header: false,
            offset_step: None,
            in_body: None,
            cursor_may_be_absent: false,
        }
    }
}

impl From<Declared> for Paginate {
    fn from(declared: Declared) -> Paginate {
        let kind = match declared.kind {
            PaginateKind::LinkHeader { rel } => Kind::LinkHeader { rel: rel.to_owned() },
            PaginateKind::LinkBody { path } => Kind::LinkBody { path: path.to_owned() },
            PaginateKind::Cursor { name, path } => Kind::Cursor { name: name.to_owned(), path: path.to_owned() },
            PaginateKind::LastItem { name, path } => Kind::LastItem { name: name.to_owned(), path: path.to_owned() },
            PaginateKind::HeaderCursor { name, header } => {
                Kind::HeaderCursor { name: name.to_owned(), header: header.to_owned() }
            }
            PaginateKind::Offset { name, start, count } => Kind::Offset { name: name.to_owned(), start, count },
        };
        let text = |text: Option<&str>| text.map(str::to_owned);
        Paginate {
            limit_name: text(declared.limit_name),
            response_path: text(declared.response_path),
            more: text(declared.more),
            more_form: declared.more_form,
            page_count: text(declared.page_count),
            link_if: owned(declared.link_if),
            link_part: declared.link_part,
            cursor_in_header: declared.cursor_in_header,
            offset_step: text(declared.offset_step),
            cursor_may_be_absent: declared.cursor_may_be_absent,
            ..Paginate::from(kind)
        }
    }
}

/// Pairs of texts, owned.
pub(super) fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
