//! `impl Deserialize`.

use super::shape::{Derived, DerivedKind, DerivedMember, TaggedVariant};
use super::{numbered, tuple};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

pub(super) fn implementation(derived: &Derived) -> TokenStream {
    let Derived { name, support, kind } = derived;
    let body = match kind {
        DerivedKind::Struct(members) => structure(name, members, support),
        DerivedKind::Texts { known, other } => texts(name, known, other.as_ref(), support),
        DerivedKind::Tagged { tag, known, other } => tagged(name, tag, known, other.as_ref(), support),
        DerivedKind::Untagged(variants) => untagged(name, variants, support),
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
    let none = quote!(::core::option::Option::None);
    let other = other.map_or(none, |other| quote!(::core::option::Option::Some(#name::#other)));
    quote! {
        #support::read_text(
            deserializer,
            &[#(#texts),*],
            |index| ::core::option::Option::Some(match index { #(#arms)* _ => return ::core::option::Option::None }),
            #other,
        )
    }
}

fn tagged(
    name: &Ident,
    tag: &str,
    known: &[TaggedVariant],
    other: Option<&Ident>,
    support: &TokenStream,
) -> TokenStream {
    let text = name.to_string();
    let texts = known.iter().flat_map(|variant| &variant.texts);
    let counts = known.iter().map(|variant| variant.texts.len());
    let chosen = chosen(known.iter().map(|variant| &variant.name).zip(counts), support);
    let none = quote!(::core::option::Option::None);
    let other =
        other.map_or(none, |other| quote!(::core::option::Option::Some(|value| #support::held(value, Self::#other))));
    quote!(#support::read_tagged(deserializer, #text, #tag, &[#(#texts),*], #chosen, #other))
}

fn untagged(name: &Ident, variants: &[Ident], support: &TokenStream) -> TokenStream {
    let (text, count) = (name.to_string(), variants.len());
    let chosen = chosen(variants.iter().zip(std::iter::repeat(1)), support);
    quote!(#support::read_untagged(deserializer, #text, #count, #chosen))
}

/// The function from the number of a text to its variant, each of which has as many texts as is said: the last variant
/// has those that are left.
fn chosen<'a>(variants: impl Iterator<Item = (&'a Ident, usize)>, support: &TokenStream) -> TokenStream {
    let mut next = 0;
    let mut arms: Vec<TokenStream> = Vec::new();
    let mut variants = variants.peekable();
    while let Some((variant, count)) = variants.next() {
        let numbers = (next..next + count).map(Literal::usize_unsuffixed);
        let pattern = if variants.peek().is_some() { quote!(#(#numbers)|*) } else { quote!(_) };
        arms.push(quote!(#pattern => #support::held(value, Self::#variant),));
        next += count;
    }
    quote!(|index, value| match index { #(#arms)* })
}
