//! `#[error(ApiError, status = 422, when = "ok=false")]`: which answers are read as which error.

use super::setting;
use super::{Found, take};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Attribute, LitInt, LitStr, Meta, Token, Type};

/// The error of an endpoint.
#[derive(Clone)]
pub(super) struct ErrorShape {
    /// The type of a refusal's body.
    pub(super) ty: Type,
    rules: Vec<Condition>,
}

#[derive(Clone, Default)]
struct Condition {
    status: Option<LitInt>,
    when: Option<LitStr>,
}

/// Reads and takes away the attributes. Several say when one and the same type is read.
pub(super) fn read(attributes: &mut Vec<Attribute>, found: &mut Found) -> Option<ErrorShape> {
    let mut refusal: Option<ErrorShape> = None;
    for attribute in take(attributes, "error") {
        let read = match attribute.meta {
            Meta::List(_) => attribute.parse_args_with(|input: ParseStream<'_>| one(input, &attribute)),
            _ => Err(no_type(&attribute)),
        };
        match (read, &mut refusal) {
            (Err(error), _) => found.push(error),
            (Ok((ty, rule)), None) => refusal = Some(ErrorShape { ty, rules: vec![rule] }),
            (Ok((ty, rule)), Some(refusal)) if same(&ty, &refusal.ty) => refusal.rules.push(rule),
            (Ok((ty, _)), Some(refusal)) => {
                let first = refusal.ty.to_token_stream();
                let message = format!(
                    "a method has one type of error, and this one has `{first}`: write an enum of both with \
                     `#[serde(untagged)]`"
                );
                found.push(syn::Error::new_spanned(ty, message));
            }
        }
    }
    refusal
}

fn one(input: ParseStream<'_>, attribute: &Attribute) -> syn::Result<(Type, Condition)> {
    let ty: Type = input.parse().map_err(|_| no_type(attribute))?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut rule = Condition::default();
    for setting in setting::list(input)? {
        match setting.name().as_str() {
            "status" => {
                let status = setting.number("status = 422")?;
                rule.status = Some(super::limits::status(status)?);
            }
            "when" => {
                let when = setting.text("when = \"ok=false\"")?;
                if when.value().split('=').next().is_none_or(|path| path.trim().is_empty()) {
                    let message = "name the member that tells an error: `when = \"errors\"` or `when = \"ok=false\"`";
                    return Err(syn::Error::new(when.span(), message));
                }
                rule.when = Some(when);
            }
            _ => return Err(setting::unknown(&setting, &["status", "when"], "`#[error]`")),
        }
    }
    Ok((ty, rule))
}

fn no_type(attribute: &Attribute) -> syn::Error {
    syn::Error::new_spanned(attribute, "say the type of a refusal's body: `#[error(ApiError)]`")
}

fn same(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

impl ErrorShape {
    /// The rules as data of the runtime.
    pub(super) fn rules(&self, runtime: &TokenStream) -> TokenStream {
        let rules = self.rules.iter().map(|Condition { status, when }| {
            let (status, when) = (setting::option(status.as_ref()), setting::option(when.as_ref()));
            quote!(#runtime::ErrorRule { status: #status, when: #when })
        });
        quote!(&[#(#rules),*])
    }
}
