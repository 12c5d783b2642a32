//! `impl Serialize`.

use super::shape::{Derived, DerivedKind, DerivedMember, TaggedVariant};
use super::tuple;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(super) fn implementation(derived: &Derived) -> TokenStream {
    let Derived { name, support, kind } = derived;
    let body = match kind {
        DerivedKind::Struct(members) => structure(name, members, support),
        DerivedKind::Texts { known, other } => texts(name, known, other.as_ref()),
        DerivedKind::Tagged { tag, known, other } => tagged(name, tag, known, other.as_ref(), support),
        DerivedKind::Untagged(variants) => {
            let arms = variants.iter().map(|variant| whole(name, variant, support));
            quote!(match self { #(#arms)* })
        }
    };
    quote! {
        #[automatically_derived]
        impl #support::Serialize for #name {
            fn serialize<S: #support::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #body
            }
        }
    }
}

fn structure(name: &Ident, members: &[DerivedMember], support: &TokenStream) -> TokenStream {
    let text = name.to_string();
    let names = members.iter().map(|DerivedMember { name, skips_none, .. }| quote!((#name, #skips_none)));
    let fields: Vec<TokenStream> = members.iter().map(|DerivedMember { field, .. }| quote!(&self.#field)).collect();
    let tuple = tuple(&fields, support);
    quote!(#support::write(serializer, #text, &[#(#names),*], &#tuple))
}

fn texts(name: &Ident, known: &[(Ident, String)], other: Option<&Ident>) -> TokenStream {
    let arms = known.iter().map(|(variant, text)| quote!(#name::#variant => #text,));
    let other = other.map(|other| quote!(#name::#other(text) => text,));
    quote!(serializer.serialize_str(match self { #(#arms)* #other }))
}

fn tagged(
    name: &Ident,
    tag: &str,
    known: &[TaggedVariant],
    other: Option<&Ident>,
    support: &TokenStream,
) -> TokenStream {
    let arms = known.iter().map(|TaggedVariant { name: variant, texts }| {
        let text = texts.first();
        quote!(#name::#variant(value) => #support::write_tagged(serializer, #tag, #text, value),)
    });
    let other = other.map(|other| whole(name, other, support));
    quote!(match self { #(#arms)* #other })
}

/// A variant that is written as what it holds.
fn whole(name: &Ident, variant: &Ident, support: &TokenStream) -> TokenStream {
    quote!(#name::#variant(value) => #support::Serialize::serialize(value, serializer),)
}
