//! `#[paginate(...)]`: what an endpoint says of its pages, laid over the rule of its entry.
//!
//! One way to find the next page at most; whether the entry has what is left out is asked at compile time, of its spec.

use super::setting::{self, Setting, option};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Lit, LitInt, LitStr, Meta};

/// The pages of an endpoint.
pub(super) struct PageRule {
    /// Where a rule that is not whole is shown.
    pub(super) span: Span,
    kind: Option<WayToNext>,
    limit: Option<LitStr>,
    items: Option<LitStr>,
    more: Option<LitStr>,
}

/// The way to the next page.
enum WayToNext {
    Link(String),
    Next(LitStr),
    Cursor { name: Option<LitStr>, path: Option<LitStr> },
    Last { name: LitStr, path: LitStr },
    Offset { name: LitStr, start: Option<LitInt>, is_page: bool },
}

const KNOWN: [&str; 11] = ["items", "limit", "more", "cursor", "from", "last", "as", "offset", "page", "start", "next"];
/// The keys that each name a way of their own.
const WAYS: [&str; 6] = ["cursor", "last", "offset", "page", "next", "link"];

/// Reads the attribute.
pub(super) fn read(attribute: &Attribute) -> syn::Result<PageRule> {
    let mut rule = PageRule { span: attribute.path().span(), kind: None, limit: None, items: None, more: None };
    if matches!(attribute.meta, Meta::Path(_)) {
        return Ok(rule);
    }
    let settings = attribute.parse_args_with(setting::list)?;
    for setting in &settings {
        let name = setting.name();
        if name != "link" && !KNOWN.contains(&name.as_str()) {
            return Err(setting::unknown(setting, &[&KNOWN[..], &["link"]].concat(), "`#[paginate]`"));
        }
    }
    let mut ways = settings.iter().filter(|setting| WAYS.contains(&setting.name().as_str()));
    if let (Some(first), Some(second)) = (ways.next(), ways.next()) {
        let message = format!("the next page is found by `{}` already: remove one of them", first.name());
        return Err(syn::Error::new(second.key.span(), message));
    }
    let said = PageSettings(&settings);
    rule.limit = said.text("limit", "limit = \"per_page\"")?;
    rule.items = said.text("items", "items = \"data\"")?;
    rule.more = said.text("more", "more = \"has_more\"")?;
    rule.kind = kind(&said)?;
    Ok(rule)
}

/// The settings, by key.
struct PageSettings<'s>(&'s [Setting]);

impl PageSettings<'_> {
    fn get(&self, key: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.name() == key)
    }

    fn text(&self, key: &str, example: &str) -> syn::Result<Option<LitStr>> {
        self.get(key).map(|setting| setting.text(example)).transpose()
    }

    /// An error at a key that needs another one.
    fn lone(&self, key: &str, message: &str) -> syn::Result<()> {
        match self.get(key) {
            Some(setting) => Err(syn::Error::new(setting.key.span(), message)),
            None => Ok(()),
        }
    }
}

fn kind(said: &PageSettings<'_>) -> syn::Result<Option<WayToNext>> {
    let (cursor, from) = (said.text("cursor", "cursor = \"after\"")?, said.text("from", "from = \"meta.next\"")?);
    let (last, parameter) = (said.text("last", "last = \"id\"")?, said.text("as", "as = \"starting_after\"")?);
    if parameter.is_some() && last.is_none() {
        said.lone("as", "say which value of the last item it is: `last = \"id\", as = \"starting_after\"`")?;
    }
    let is_cursor_or_none = !["last", "offset", "page", "next", "link"].iter().any(|way| said.get(way).is_some());
    if !is_cursor_or_none {
        said.lone("from", "only a cursor is read `from` a path: write `cursor = \"after\", from = \"meta.next\"`")?;
    }
    let offset = said.text("offset", "offset = \"start\"")?;
    let page = said.text("page", "page = \"page\"")?;
    let start = said.get("start").map(|setting| setting.number("start = 1")).transpose()?;
    if offset.is_none() && page.is_none() {
        said.lone("start", "only an offset or a page number starts somewhere: write `page = \"page\", start = 0`")?;
    }
    if let Some(path) = last {
        let name = parameter.ok_or_else(|| {
            let message = "say as which parameter the value is sent: `last = \"id\", as = \"starting_after\"`";
            syn::Error::new(path.span(), message)
        })?;
        return Ok(Some(WayToNext::Last { name, path }));
    }
    if let Some(link) = said.get("link") {
        let rel = match &link.value {
            None => "next".to_owned(),
            Some(Lit::Str(rel)) if !rel.value().is_empty() => rel.value(),
            Some(other) => {
                return Err(syn::Error::new(other.span(), "name the relation of the `Link` header: `link = \"next\"`"));
            }
        };
        return Ok(Some(WayToNext::Link(rel)));
    }
    Ok(match (said.text("next", "next = \"links.next\"")?, offset, page) {
        (Some(path), _, _) => Some(WayToNext::Next(path)),
        (_, Some(name), _) => Some(WayToNext::Offset { name, start, is_page: false }),
        (_, _, Some(name)) => Some(WayToNext::Offset { name, start, is_page: true }),
        _ if cursor.is_some() || from.is_some() => Some(WayToNext::Cursor { name: cursor, path: from }),
        _ => None,
    })
}

impl PageRule {
    /// The rule as data of the runtime.
    pub(super) fn data(&self, runtime: &TokenStream) -> TokenStream {
        let text = |text: &Option<LitStr>| option(text.as_ref());
        let kind = self.kind.as_ref().map(|kind| match kind {
            WayToNext::Link(rel) => quote!(#runtime::KindOverlay::LinkHeader { rel: #rel }),
            WayToNext::Next(path) => quote!(#runtime::KindOverlay::LinkBody { path: #path }),
            WayToNext::Last { name, path } => quote!(#runtime::KindOverlay::LastItem { name: #name, path: #path }),
            WayToNext::Cursor { name, path } => {
                let (name, path) = (text(name), text(path));
                quote!(#runtime::KindOverlay::Cursor { name: #name, path: #path })
            }
            WayToNext::Offset { name, start, is_page } => {
                let start = option(start.as_ref());
                let count = if *is_page { quote!(Pages) } else { quote!(Items) };
                let count = quote!(#runtime::OffsetCount::#count);
                quote!(#runtime::KindOverlay::Offset { name: #name, start: #start, count: #count })
            }
        });
        let (kind, limit, items, more) = (option(kind), text(&self.limit), text(&self.items), text(&self.more));
        quote! {
            #runtime::PaginateOverlay {
                kind: #kind, limit_name: #limit, response_path: #items, more: #more,
                ..#runtime::PaginateOverlay::NONE
            }
        }
    }

    /// A check of the entry, where the rule leaves something to it.
    pub(super) fn check(&self, spec: &TokenStream, runtime: &TokenStream) -> Option<TokenStream> {
        let message = match &self.kind {
            None => {
                "the provider has no rule for pages: say how the next one is found, as in `#[paginate(cursor = \"after\", \
                 from = \"meta.next\", items = \"data\")]`, or with `last` and `as`, `offset`, `page`, `next` or `link`"
            }
            Some(WayToNext::Cursor { name: Some(_), path: None }) => {
                "the provider has no cursor to lay this over: say with `from = \"meta.next\"` where it is in a page"
            }
            Some(WayToNext::Cursor { name: None, path: Some(_) }) => {
                "the provider has no cursor to lay this over: say with `cursor = \"after\"` which parameter it is"
            }
            Some(_) => return None,
        };
        let data = self.data(runtime);
        Some(quote_spanned! {self.span=>
            const _: () = {
                const RULE: #runtime::PaginateOverlay = #data;
                if !RULE.is_whole_over(#spec) {
                    ::core::panic!(#message)
                }
            };
        })
    }
}
