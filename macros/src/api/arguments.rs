//! The arguments of `#[api(...)]`: the providers, and the path of the runtime.
//!
//! A provider is the module that was generated for it, or its marker type. Whether it exists is for rustc to say.

use super::Found;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Token};

/// The arguments of `#[api(...)]`.
pub(super) struct Arguments {
    /// The marker types of the providers.
    pub(super) providers: Vec<Path>,
    /// The path of the runtime.
    pub(super) runtime: TokenStream,
    /// True if the trait is to be used as `dyn`: then futures are boxed.
    pub(super) is_dyn: bool,
}

/// `acme` or `acme, other, dyn, crate = kw`
pub(super) fn parse(tokens: TokenStream) -> (Arguments, Found) {
    let mut arguments = Arguments { providers: Vec::new(), runtime: quote!(::keyway), is_dyn: false };
    let mut found = Found::new();
    if let Err(error) = (|input: ParseStream<'_>| read(input, &mut arguments)).parse2(tokens) {
        found.push(error);
    } else if arguments.providers.is_empty() {
        found.push(syn::Error::new(Span::call_site(), format!("name the provider: {USAGE}")));
    }
    arguments.providers = arguments.providers.into_iter().map(marker).collect();
    (arguments, found)
}

const USAGE: &str = "write `#[api(acme)]` with the module of the provider, or its type: `#[api(acme::Acme)]`";

fn read(input: ParseStream<'_>, arguments: &mut Arguments) -> syn::Result<()> {
    while !input.is_empty() {
        if input.peek(Token![dyn]) && !input.peek2(Token![=]) {
            input.parse::<Token![dyn]>()?;
            arguments.is_dyn = true;
        } else if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let path: Path = input
                .call(Path::parse_mod_style)
                .map_err(|error| syn::Error::new(error.span(), "say what `keyway` is called here: `crate = kw`"))?;
            arguments.runtime = quote!(#path);
        } else if input.peek(Ident::peek_any) && input.peek2(Token![=]) {
            let name = Ident::parse_any(input)?;
            let message = format!(
                "there is no option `{name}`: there is `crate = kw` for a renamed dependency, and the word `dyn` for a \
                     trait that is used as `dyn`"
            );
            return Err(syn::Error::new(name.span(), message));
        } else {
            let path = input.call(Path::parse_mod_style);
            arguments.providers.push(path.map_err(|error| syn::Error::new(error.span(), USAGE))?);
        }
        if !input.is_empty() {
            input.parse::<Token![,]>().map_err(|error| syn::Error::new(error.span(), USAGE))?;
        }
    }
    Ok(())
}

/// The marker type: a module `google_calendar` has the type `GoogleCalendar`.
fn marker(mut path: Path) -> Path {
    let Some(last) = path.segments.last() else { return path };
    let module = last.ident.unraw().to_string();
    if module.starts_with(|first: char| first.is_ascii_uppercase()) {
        return path;
    }
    let name = Ident::new(&type_name(&module), last.ident.span());
    path.segments.push(name.into());
    path
}

fn type_name(module: &str) -> String {
    let mut name = String::from(if module.starts_with('_') { "_" } else { "" });
    for word in module.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_leads_to_its_type() {
        for (module, expected) in [
            ("acme", "Acme"),
            ("google_calendar", "GoogleCalendar"),
            ("_8x8", "_8x8"),
            ("_1p_x", "_1pX"),
            ("box_", "Box"),
        ] {
            assert_eq!(type_name(module), expected);
        }
    }

    #[test]
    fn arguments_name_providers_and_the_runtime() {
        for (text, expected) in [
            ("acme", ":: keyway | acme :: Acme"),
            ("acme::Acme, other", ":: keyway | acme :: Acme | other :: Other"),
            ("apis::acme, crate = kw", "kw | apis :: acme :: Acme"),
            ("crate = ::kw::re, acme,", ":: kw :: re | acme :: Acme"),
        ] {
            let (arguments, found) = parse(text.parse().unwrap());
            assert!(found.is_empty(), "{text}");
            let mut shown = arguments.runtime.to_string();
            arguments.providers.iter().for_each(|path| shown.extend([" | ", &quote!(#path).to_string()]));
            assert_eq!(shown, expected);
        }
    }
}
