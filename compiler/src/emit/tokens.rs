//! A value to the tokens of an expression that makes it: primitives, and the shapes of structs.
//!
//! Knows no type of the spec; [`super::spec`] lists those.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// The names that expressions of one module use, so that it can import exactly these.
#[derive(Debug, Default)]
pub(super) struct Used {
    names: BTreeSet<&'static str>,
}

impl Used {
    /// A type or trait of the runtime.
    pub(super) fn name(&mut self, name: &'static str) -> Ident {
        self.names.insert(name);
        ident(name)
    }

    /// All of them, sorted.
    pub(super) fn names(&self) -> Vec<Ident> {
        self.names.iter().map(|name| ident(name)).collect()
    }
}

/// An identifier; what is not one becomes `_`.
pub(super) fn ident(name: &str) -> Ident {
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Ident::new(if valid { name } else { "_" }, Span::call_site())
}

/// A value that can be printed as an expression.
pub(super) trait Emit {
    /// The expression; what it names goes to `used`.
    fn emit(&self, used: &mut Used) -> TokenStream;
}

impl Emit for bool {
    fn emit(&self, _: &mut Used) -> TokenStream {
        if *self { quote!(true) } else { quote!(false) }
    }
}

impl Emit for &str {
    /// Control characters, bidirectional ones included, are printed as escapes.
    fn emit(&self, _: &mut Used) -> TokenStream {
        Literal::string(self).into_token_stream()
    }
}

macro_rules! emit_integer {
    ($($type:ty)*) => { $(
        impl Emit for $type {
            fn emit(&self, _: &mut Used) -> TokenStream {
                grouped(i128::from(*self))
            }
        }
    )* };
}

emit_integer!(u8 u16 u32 i32 i64);

impl Emit for f64 {
    fn emit(&self, _: &mut Used) -> TokenStream {
        if self.is_nan() {
            quote!(f64::NAN)
        } else if self.is_infinite() {
            if *self > 0.0 { quote!(f64::INFINITY) } else { quote!(f64::NEG_INFINITY) }
        } else {
            let number = Literal::f64_unsuffixed(self.abs());
            if self.is_sign_negative() { quote!(-#number) } else { quote!(#number) }
        }
    }
}

/// An integer with `_` between groups of three digits, as people write it.
fn grouped(number: i128) -> TokenStream {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    let literal: Literal = text.parse().unwrap_or_else(|_| Literal::u128_unsuffixed(number.unsigned_abs()));
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

impl<T: Emit> Emit for Option<T> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            None => quote!(None),
            Some(value) => {
                let value = value.emit(used);
                quote!(Some(#value))
            }
        }
    }
}

impl<T: Emit> Emit for &[T] {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let items = self.iter().map(|item| item.emit(used));
        quote!(&[#(#items),*])
    }
}

impl<A: Emit, B: Emit> Emit for (A, B) {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let (a, b) = (self.0.emit(used), self.1.emit(used));
        quote!((#a, #b))
    }
}

/// Prints structs. The list of fields is checked by a pattern without `..`, so that a new one cannot be forgotten.
macro_rules! emit_struct {
    // All fields.
    (whole $type:ident { $($field:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self, used: &mut Used) -> TokenStream {
                let $type { $($field),+ } = self;
                let name = used.name(stringify!($type));
                $( let $field = $field.emit(used); )+
                quote!(#name { $( $field: #$field ),+ })
            }
        }
    };
    // Only what differs from `EMPTY`.
    (update $type:ident { $($field:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self, used: &mut Used) -> TokenStream {
                let $type { $($field),+ } = self;
                let empty = $type::EMPTY;
                let name = used.name(stringify!($type));
                let mut fields: Vec<TokenStream> = Vec::new();
                let mut all = true;
                $( if *$field == empty.$field {
                    all = false;
                } else {
                    let value = $field.emit(used);
                    fields.push(quote!($field: #value));
                } )+
                match (fields.is_empty(), all) {
                    (true, _) => quote!(#name::EMPTY),
                    (false, true) => quote!(#name { #(#fields),* }),
                    (false, false) => quote!(#name { #(#fields,)* ..#name::EMPTY }),
                }
            }
        }
    };
}

/// Prints enums whose variants hold nothing.
macro_rules! emit_words {
    ($type:ident { $($variant:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self, used: &mut Used) -> TokenStream {
                let name = used.name(stringify!($type));
                match self {
                    $( $type::$variant => quote!(#name::$variant), )+
                }
            }
        }
    };
}

/// Prints a variant that holds one value.
macro_rules! holding {
    ($used:ident, $type:ident, $variant:ident, $value:expr) => {{
        let (name, value) = ($used.name(stringify!($type)), $value.emit($used));
        quote!(#name::$variant(#value))
    }};
}

/// Prints a variant that holds nothing.
macro_rules! bare {
    ($used:ident, $type:ident, $variant:ident) => {{
        let name = $used.name(stringify!($type));
        quote!(#name::$variant)
    }};
}

pub(super) use {bare, emit_struct, emit_words, holding};

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::ProviderSpec;

    fn show(value: &impl Emit) -> String {
        value.emit(&mut Used::default()).to_string()
    }

    #[test]
    fn text_cannot_hide_what_it_says() {
        assert_eq!(show(&"a\"b\\c\n\u{202e}\u{0}"), r#""a\"b\\c\n\u{202e}\0""#);
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(show(&3_600_000_i64), "3_600_000");
        assert_eq!(show(&-45_i64), "- 45");
        assert_eq!(show(&1.5_f64), "1.5");
        assert_eq!(show(&-0.5_f64), "- 0.5");
    }

    #[test]
    fn what_is_empty_is_not_printed() {
        let mut used = Used::default();
        let spec = ProviderSpec { key: "a", ..ProviderSpec::EMPTY };
        assert_eq!(spec.emit(&mut used).to_string(), "ProviderSpec { key : \"a\" , .. ProviderSpec :: EMPTY }");
        assert_eq!(used.names(), ["ProviderSpec"]);
    }
}
