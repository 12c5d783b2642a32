//! A value to the tokens of an expression that makes it: primitives, and the shapes of structs.
//!
//! Knows no type of the spec; [`super::spec`] lists those.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

/// An identifier; what is not one becomes `_`.
pub(super) fn ident(name: &str) -> Ident {
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Ident::new(if valid { name } else { "_" }, Span::call_site())
}

/// A value that can be printed as an expression.
pub(super) trait Emit {
    /// The expression. Types of the spec are named as they are called.
    fn emit(&self) -> TokenStream;
}

impl Emit for bool {
    fn emit(&self) -> TokenStream {
        if *self { quote!(true) } else { quote!(false) }
    }
}

impl Emit for &str {
    /// Control characters, bidirectional ones included, are printed as escapes.
    fn emit(&self) -> TokenStream {
        Literal::string(self).into_token_stream()
    }
}

macro_rules! emit_integer {
    ($($type:ty)*) => { $(
        impl Emit for $type {
            fn emit(&self) -> TokenStream {
                grouped(i128::from(*self))
            }
        }
    )* };
}

emit_integer!(u8 u16 u32 i32 i64);

impl Emit for f64 {
    fn emit(&self) -> TokenStream {
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
    fn emit(&self) -> TokenStream {
        match self {
            None => quote!(None),
            Some(value) => {
                let value = value.emit();
                quote!(Some(#value))
            }
        }
    }
}

impl<T: Emit> Emit for &T {
    fn emit(&self) -> TokenStream {
        let value = (**self).emit();
        quote!(&#value)
    }
}

impl<T: Emit> Emit for &[T] {
    fn emit(&self) -> TokenStream {
        let items = self.iter().map(Emit::emit);
        quote!(&[#(#items),*])
    }
}

impl<A: Emit, B: Emit> Emit for (A, B) {
    fn emit(&self) -> TokenStream {
        let (a, b) = (self.0.emit(), self.1.emit());
        quote!((#a, #b))
    }
}

/// Prints structs. The list of fields is checked by a pattern without `..`, so that a new one cannot be forgotten.
macro_rules! emit_struct {
    // All fields.
    (whole $type:ident { $($field:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self) -> TokenStream {
                let $type { $($field),+ } = self;
                $( let $field = $field.emit(); )+
                quote!($type { $( $field: #$field ),+ })
            }
        }
    };
    // Only what differs from `EMPTY`.
    (update $type:ident { $($field:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self) -> TokenStream {
                let $type { $($field),+ } = self;
                let empty = $type::EMPTY;
                let mut fields: Vec<TokenStream> = Vec::new();
                let mut all = true;
                $( if *$field == empty.$field {
                    all = false;
                } else {
                    let value = $field.emit();
                    fields.push(quote!($field: #value));
                } )+
                match (fields.is_empty(), all) {
                    (true, _) => quote!($type::EMPTY),
                    (false, true) => quote!($type { #(#fields),* }),
                    (false, false) => quote!($type { #(#fields,)* ..$type::EMPTY }),
                }
            }
        }
    };
}

/// Prints enums whose variants hold nothing.
macro_rules! emit_words {
    ($type:ident { $($variant:ident),+ $(,)? }) => {
        impl Emit for $type {
            fn emit(&self) -> TokenStream {
                match self {
                    $( $type::$variant => quote!($type::$variant), )+
                }
            }
        }
    };
}

/// Prints a variant that holds one value.
macro_rules! holding {
    ($type:ident, $variant:ident, $value:expr) => {{
        let value = $value.emit();
        quote!($type::$variant(#value))
    }};
}

pub(super) use {emit_struct, emit_words, holding};

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::ProviderSpec;

    fn show(value: &impl Emit) -> String {
        value.emit().to_string()
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
        let spec = ProviderSpec { key: "a", ..ProviderSpec::EMPTY };
        assert_eq!(spec.emit().to_string(), "ProviderSpec { key : \"a\" , .. ProviderSpec :: EMPTY }");
    }
}
