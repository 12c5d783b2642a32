//! Typed keys of what may be given but need not be: adding one to a provider breaks no program.

use std::marker::PhantomData;

/// The name of an optional configuration field of the provider `P`, whose values are `V`: any text, or one of a list.
pub struct ConfigKey<P, V = String> {
    name: &'static str,
    types: PhantomData<fn() -> (P, V)>,
}

/// The name of an optional credential of the provider `P`.
pub struct CredentialKey<P, V = String> {
    name: &'static str,
    types: PhantomData<fn() -> (P, V)>,
}

/// A value for a key whose values are `V`: any text, or a value of the key's enum. It has no method of its own,
/// so that a module with an enum pays for one line only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of `{V}`, the enum of what this key may have",
    label = "this key takes a `{V}`",
    note = "name the value, `{V}::...`; the documentation of `{V}` shows how the provider spells each"
)]
pub trait ValueOf<V>: Into<String> {}

impl<T: Into<String>> ValueOf<String> for T {}

macro_rules! key {
    ($key:ident) => {
        impl<P, V> $key<P, V> {
            /// The key of a field. Generated code calls it; a name that the spec does not have is refused in use.
            pub const fn new(name: &'static str) -> Self {
                Self { name, types: PhantomData }
            }

            /// The field's name in the format.
            pub const fn name(&self) -> &'static str {
                self.name
            }
        }

        impl<P, V> Clone for $key<P, V> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<P, V> Copy for $key<P, V> {}
    };
}

key!(ConfigKey);
key!(CredentialKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_remember_the_name_of_the_format() {
        const REGION: ConfigKey<()> = ConfigKey::new("accounts-server");
        const PASSWORD: CredentialKey<()> = CredentialKey::new("password");
        assert_eq!((REGION.name(), PASSWORD.name()), ("accounts-server", "password"));
    }
}
