//! `#[api(acme)]`: a trait of endpoints, implemented for the clients of a provider.
//!
//! ```text
//! arguments, trait -> parse -> check -> expand -> trait + impl
//! ```
//!
//! Every stage gives what it could read and what is wrong with the rest. The trait is always written, whatever is
//! wrong, so that an editor knows its methods while it is typed; mistakes stand beside it as `compile_error!`. Nothing
//! here knows a provider, sends anything or names a runtime item outside of `__codegen`.

mod answer;
mod argument;
mod arguments;
mod body;
mod check;
mod distance;
mod expand;
mod known;
mod limits;
mod method;
mod paginate;
mod path;
mod query;
mod refusal;
mod setting;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ItemTrait, TraitItem};

/// Mistakes, each at its token.
type Found = Vec<syn::Error>;

/// The trait and its implementation.
pub(super) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let item = match syn::parse2::<ItemTrait>(item.clone()) {
        Ok(item) => item,
        Err(error) => {
            let message = "`#[api]` stands on a trait: write `pub trait Issues { ... }` under it";
            let error = syn::Error::new(error.span(), message).into_compile_error();
            return quote!(#item #error);
        }
    };
    let (arguments, mut found) = arguments::parse(arguments);
    let (api, more) = read(item);
    found.extend(more);
    found.extend(api.methods.iter().flat_map(|method| check::method(method, arguments.is_dyn)));
    let items = expand::items(&arguments, &api, found.is_empty());
    let errors = found.into_iter().map(syn::Error::into_compile_error);
    quote!(#items #(#errors)*)
}

/// A trait, its methods read.
struct Api {
    /// The trait, without its items and without the attributes that are ours.
    item: ItemTrait,
    methods: Vec<method::Method>,
    /// True if an item was left out that is not a method: then an implementation would only repeat the error.
    is_whole: bool,
}

fn read(mut item: ItemTrait) -> (Api, Found) {
    let mut found = Found::new();
    let error = refusal::read(&mut item.attrs, &mut found);
    let (mut methods, mut is_whole) = (Vec::new(), true);
    if !item.generics.params.is_empty() {
        let message = "an api has no parameters of its own: put them on its methods";
        found.push(syn::Error::new_spanned(&item.generics, message));
        is_whole = false;
    }
    for part in std::mem::take(&mut item.items) {
        match part {
            TraitItem::Fn(function) => methods.push(method::read(function, error.as_ref(), &mut found)),
            other => {
                let message = "an api holds methods only: move this out of the trait";
                found.push(syn::Error::new_spanned(other, message));
                is_whole = false;
            }
        }
    }
    (Api { item, methods, is_whole }, found)
}

/// Takes away the attributes of a name.
fn take(attributes: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    let (ours, rest) = std::mem::take(attributes).into_iter().partition(|attribute| attribute.path().is_ident(name));
    *attributes = rest;
    ours
}
