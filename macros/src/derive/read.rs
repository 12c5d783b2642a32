//! `impl Deserialize`.

use super::shape::{Derived, DerivedKind, DerivedMember};
use super::{numbered, tuple};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

pub(super) fn implementation(derived: &Derived) -> TokenStream {
    let Derived { name, support, kind } = derived;
    let body = match kind {
        DerivedKind::Struct(members) => structure(name, members, support),
        DerivedKind::Texts { known, other } => texts(name, known, other.as_ref(), support),
    };
    quote! {
        #[automatically_derived]
        impl<'de> #support::Deserialize<'de> for #name {
            fn deserialize<D: #support::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #body
            }
        }
    }
}

fn structure(name: &Ident, members: &[DerivedMember], support: &TokenStream) -> TokenStream {
    let text = name.to_string();
    let said = format!("struct {text}");
    let names = members.iter().map(|member| &member.name);
    let numbers: Vec<TokenStream> = (0..members.len()).map(|index| numbered(index).into_token_stream()).collect();
    let fields = members.iter().map(|member| &member.field);
    let tuple = tuple(&numbers, support);
    quote! {
        #support::read(deserializer, #text, #said, &[#(#names),*], |#tuple| #name { #(#fields: #numbers),* })
    }
}

fn texts(name: &Ident, known: &[(Ident, String)], other: Option<&Ident>, support: &TokenStream) -> TokenStream {
    let texts = known.iter().map(|(_, text)| text);
    let arms = known.iter().enumerate().map(|(index, (variant, _))| {
        let index = Literal::usize_unsuffixed(index);
        quote!(#index => #name::#variant,)
    });
    let other = other.map_or_else(
        || quote!(::core::option::Option::None),
        |other| quote!(::core::option::Option::Some(#name::#other)),
    );
    quote! {
        #support::read_text(
            deserializer,
            &[#(#texts),*],
            |index| ::core::option::Option::Some(match index { #(#arms)* _ => return ::core::option::Option::None }),
            #other,
        )
    }
}
