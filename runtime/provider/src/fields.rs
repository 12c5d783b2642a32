//! The shapes of what a connection is made from: structs whose fields have the names of the format.
//!
//! A module has a struct of its own where its entry asks for something of its own. What many entries ask for in the
//! same words stands here once, because every struct costs a user's build.

use crate::secret::Secret;

/// A struct whose fields, of the type `V`, are known by the names the format gives them.
pub trait Fields<V> {
    /// Each field with its name, in the order of the file.
    fn pairs(self) -> Pairs<V>;
}

/// Values with the names the format gives them.
#[derive(Debug)]
pub struct Pairs<V>(Vec<(&'static str, V)>);

impl<V> Pairs<V> {
    /// These pairs.
    pub fn of<const N: usize>(pairs: [(&'static str, V); N]) -> Pairs<V> {
        Pairs(pairs.into())
    }
}

impl<V> IntoIterator for Pairs<V> {
    type Item = (&'static str, V);
    type IntoIter = std::vec::IntoIter<(&'static str, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

macro_rules! shapes {
    ($( $(#[$doc:meta])* $shape:ident: $value:ty { $( $(#[$about:meta])* $field:ident = $name:literal, )* } )*) => { $(
        $(#[$doc])*
        pub struct $shape {
            $( $(#[$about])* pub $field: $value, )*
        }

        impl Fields<$value> for $shape {
            fn pairs(self) -> Pairs<$value> {
                Pairs::of([ $( ($name, self.$field), )* ])
            }
        }
    )* };
}

shapes! {
    /// The configuration of a provider that needs none.
    NoConfig: String {}

    /// The credentials of a provider to which a user submits none.
    NoCredentials: Secret {}

    /// An API key.
    ApiKeyCredentials: Secret {
        /// The API key.
        api_key = "apiKey",
    }

    /// A user name and a password, or what a vendor uses in their place.
    PasswordCredentials: Secret {
        /// The user name.
        username = "username",
        /// The password.
        password = "password",
    }

    /// A client of an authorization server (RFC 6749 section 2.3.1).
    ClientSecretCredentials: Secret {
        /// The client identifier.
        client_id = "client_id",
        /// The client secret.
        client_secret = "client_secret",
    }
}

/// A field's values as an enum (generated code): what it is called in Rust, and what is sent.
#[doc(hidden)]
#[macro_export]
macro_rules! __keyway_choices {
    ($(#[$doc:meta])* pub enum $choice:ident { $( $variant:ident = $text:literal, )+ }) => {
        $(#[$doc])*
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq
        )]
        #[non_exhaustive]
        pub enum $choice {
            $( #[doc = ::core::concat!("`", $text, "`")] $variant, )+
        }

        impl $choice {
            /// The value as the provider spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( $choice::$variant => $text, )+
                }
            }
        }

        impl ::core::fmt::Display for $choice {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::ValueOf<$choice> for $choice {}

        impl ::core::convert::From<$choice> for ::std::string::String {
            fn from(choice: $choice) -> ::std::string::String {
                ::std::string::String::from(choice.as_str())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given<V: Into<Secret>>(fields: impl Fields<V>) -> Vec<(&'static str, String)> {
        fields.pairs().into_iter().map(|(name, value)| (name, value.into().expose().to_owned())).collect()
    }

    #[test]
    fn shapes_give_their_fields_by_the_names_of_the_format() {
        assert_eq!(given(NoConfig {}), []);
        assert_eq!(given(NoCredentials {}), []);
        assert_eq!(given(ApiKeyCredentials { api_key: "k".into() }), [("apiKey", "k".to_owned())]);
        assert_eq!(
            given(PasswordCredentials { username: "u".into(), password: "p".into() }),
            [("username", "u".to_owned()), ("password", "p".to_owned())]
        );
        assert_eq!(
            given(ClientSecretCredentials { client_id: "i".into(), client_secret: "s".into() }),
            [("client_id", "i".to_owned()), ("client_secret", "s".to_owned())]
        );
    }

    crate::__keyway_choices! {
        /// Where.
        pub enum Region {
            Eu = "eu-1",
            Us = "us",
        }
    }

    #[test]
    fn a_choice_is_sent_as_the_provider_spells_it() {
        assert_eq!(
            (Region::Eu.as_str(), Region::Us.to_string(), String::from(Region::Eu)),
            ("eu-1", "us".into(), "eu-1".into())
        );
    }
}
