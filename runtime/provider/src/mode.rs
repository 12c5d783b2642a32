//! Auth modes as types, so that a call which a provider's mode does not have is refused by the compiler.
//!
//! [`Interactive`], [`Direct`] and [`Outbound`] are the three ways to a connection; a mode has exactly one of them.
//! [`Refreshable`] modes have something to renew. The parameter `P` is the provider, for the sake of messages.

/// An auth mode of the format.
pub trait Mode {
    /// Its name (`OAUTH2_CC`).
    const NAME: &'static str;
}

/// Modes whose customers agree on the provider's own pages: `TypedIntegration::authorize`.
#[diagnostic::on_unimplemented(
    message = "no user signs in at `{P}` to connect: its auth mode is `{Self}`",
    label = "this provider has no page to send the user to",
    note = "connect with what the user enters: `.connect(id, Config {{ .. }}, Credentials {{ .. }}).import().await`",
    note = "a provider of the mode `OAuth2Outbound` is connected from the vendor's side: `.begin_outbound(id, Config {{ .. }}).await`"
)]
pub trait Interactive<P>: Mode {}

/// Modes whose customers submit credentials: `TypedIntegration::connect`.
#[diagnostic::on_unimplemented(
    message = "no credentials are submitted to `{P}`: its auth mode is `{Self}`",
    label = "this provider takes no credentials from a user",
    note = "send the user to the provider: `.authorize(id, Config {{ .. }}).redirect_uri(callback).begin().await`, then `keyway.finish(path_and_query, binding).await`",
    note = "a provider of the mode `OAuth2Outbound` is connected from the vendor's side: `.begin_outbound(id, Config {{ .. }}).await`"
)]
pub trait Direct<P>: Mode {}

/// Modes whose connections begin on the vendor's side: `TypedIntegration::begin_outbound`.
#[diagnostic::on_unimplemented(
    message = "a connection to `{P}` does not begin on the vendor's side: its auth mode is `{Self}`",
    label = "this provider is connected from here",
    note = "where the user signs in: `.authorize(id, Config {{ .. }}).redirect_uri(callback).begin().await`",
    note = "where the user enters credentials: `.connect(id, Config {{ .. }}, Credentials {{ .. }}).import().await`"
)]
pub trait Outbound<P>: Mode {}

/// Modes that obtain tokens which expire: `TypedIntegration::refresh`.
#[diagnostic::on_unimplemented(
    message = "credentials of `{P}` are not renewed: its auth mode is `{Self}`",
    label = "what a user submitted stays valid until the user replaces it",
    note = "leave the call out; to replace a credential, connect again under the same id"
)]
pub trait Refreshable<P>: Mode {}

/// A type for each row of [`keyway_spec::mode`].
macro_rules! types {
    ($(
        #[doc = $doc:literal]
        $mode:ident $(($data:ident))? : $connect:ident $($refreshable:ident)? { name: $name:literal, $($facts:tt)* }
    )+) => { $( types!(@type $mode = $name: $connect $($refreshable)?); )+ };
    (@type $mode:ident = $name:literal: $($ability:ident)+) => {
        #[doc = concat!("`", $name, "`")]
        #[derive(Debug)]
        pub enum $mode {}

        impl Mode for $mode {
            const NAME: &'static str = $name;
        }

        $( impl<P> $ability<P> for $mode {} )+
    };
}

keyway_spec::each_mode!([types]);
// An entry with `installation: outbound` has the mode of the others and another way to a connection.
types!(@type OAuth2Outbound = "OAUTH2": Outbound Refreshable);
