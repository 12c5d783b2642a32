//! What generated types implement.
//!
//! A provider is a type without values: it names a spec and the shapes of what a connection is made from. Absent
//! here: anything that acts. This module needs no feature, so that generated code is light.

use crate::Secret;
use keyway_spec::ProviderSpec;
use std::marker::PhantomData;

/// A provider, as a type. Generated code implements it; programs name it.
pub trait Provider: 'static {
    /// Everything the entry says.
    const SPEC: &'static ProviderSpec;
    /// What every connection must say about the customer's account.
    type Config: Fields<Value = String>;
    /// What a user must submit to connect.
    type Credentials: Fields<Value = Secret>;
}

/// A struct whose fields are known by the names the format gives them.
pub trait Fields {
    /// What each field holds.
    type Value;

    /// Gives away each field with its name, in the order of the file.
    fn each(self, visit: &mut dyn FnMut(&'static str, Self::Value));
}

/// The configuration of a provider that needs none.
pub struct NoConfig {}

impl Fields for NoConfig {
    type Value = String;

    fn each(self, _: &mut dyn FnMut(&'static str, String)) {}
}

/// The credentials of a provider to which a user submits none: they come from a redirect.
pub struct NoCredentials {}

impl Fields for NoCredentials {
    type Value = Secret;

    fn each(self, _: &mut dyn FnMut(&'static str, Secret)) {}
}

/// The name of an optional configuration field of the provider `P`.
pub struct ConfigKey<P> {
    name: &'static str,
    provider: PhantomData<fn() -> P>,
}

/// The name of an optional credential of the provider `P`.
pub struct CredentialKey<P> {
    name: &'static str,
    provider: PhantomData<fn() -> P>,
}

macro_rules! key {
    ($key:ident) => {
        impl<P> $key<P> {
            /// The key of a field. Generated code calls it; a name that the spec does not have is refused in use.
            pub const fn new(name: &'static str) -> Self {
                Self { name, provider: PhantomData }
            }

            /// The field's name in the format.
            pub const fn name(&self) -> &'static str {
                self.name
            }
        }

        impl<P> Clone for $key<P> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<P> Copy for $key<P> {}
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

    #[test]
    fn no_config_has_no_fields() {
        NoConfig {}.each(&mut |name, _| panic!("{name}"));
        NoCredentials {}.each(&mut |name, _| panic!("{name}"));
    }
}
