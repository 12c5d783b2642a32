//! The auth modes: which exist, and one row of facts for each.
//!
//! [`Mode::facts`] is the only place that says what a mode is called, how an account is connected with it, where its
//! token comes from, what a customer submits, what is stored and where it is placed. The compiler, the runtime, the
//! server and the command line read the row; what a mode *does* is a file of the runtime's `auth`.
//!
//! The rows stand in `rows.rs`, in a macro that hands them to another one: [`Mode`], [`Auth`] and the types that stand
//! for modes in generated code are made from the same listing. A new mode is a new row there.

mod input;
mod rows;

use crate::auth::{Authorization, OAuth2, Outbound, TokenEndpoint};
use core::fmt;
pub use input::{ClientProof, InForm, Input};
use input::{OWN_ID, OWN_REFRESH, OWN_SECRET, PASSWORD, USER, never, proof, secret, text};

/// The facts about every entry of a mode, whatever else the entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The name in the file: `OAUTH2_CC`.
    pub name: &'static str,
    /// The name of the type that stands for the mode in generated code: `OAuth2ClientCredentials`.
    pub type_name: &'static str,
    /// Its name in the middle of a sentence: `an API key`.
    pub title: &'static str,
    /// A sentence about it that names its standard.
    pub summary: &'static str,
    /// The way an account is connected. An entry with `installation: outbound` differs: [`Auth::connect`].
    pub connect: Connect,
    /// Where the token of calls comes from.
    pub token: TokenFrom,
    /// True if there is something to renew.
    pub refreshes: bool,
    /// The place of the credential in a call.
    pub place: Place,
    /// The credentials that a customer submits, whatever the entry declares.
    pub inputs: &'static [Input],
    /// True if the operator's settings (`integration_config`) stand for credentials of the same name.
    pub settings_are_inputs: bool,
    /// Names that templates find among the stored credentials, submitted and obtained ones.
    pub stored: &'static [&'static str],
    /// Connection configuration that the mode itself writes.
    pub captured: &'static [&'static str],
    /// Connection configuration that the mode reads although no entry declares it.
    pub reads: &'static [&'static str],
    /// Settings of the operator that hold the URL of a token endpoint.
    pub endpoint_settings: &'static [EndpointSetting],
    /// The secrets of a call besides those that the entry's templates name.
    pub carried: Carried,
    /// The client that the operator registers with the vendor.
    pub client: Client,
    /// True if an OAuth 2.0 code is exchanged (RFC 6749 section 4.1), so that templates know the client.
    pub code_flow: bool,
    /// True if customers are sent to a page of the operator's own app, the integration's `app_link`.
    pub app_page: bool,
    /// The proof that `proxy.verification` gives before a connection is stored.
    pub verification: Verification,
}

/// The way an account is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connect {
    /// The customer agrees on the provider's pages, and the browser comes back.
    Interactive,
    /// The customer submits credentials.
    Direct,
    /// The installation begins on the vendor's side and completes by webhook.
    Outbound,
}

/// Where the token of calls comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFrom {
    /// There is none: calls carry what was submitted, or nothing.
    Nothing,
    /// A person's consent, once; a refresh token renews it where there is one.
    Consent,
    /// A request that needs no person: what is stored, or the operator's key, is exchanged again at any time.
    Exchange,
    /// It is made here, without a request.
    Made,
}

/// Where a call carries the credential by itself, before the entry's templates and the caller's headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: the entry's templates place it.
    Templates,
    /// `authorization: Basic` (RFC 7617).
    Basic,
    /// `authorization: Bearer` (RFC 6750).
    Bearer,
    /// Headers of the mode's own.
    Headers,
    /// A signature over the whole call.
    Signature,
}

/// The secrets that a call of a mode is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Submitted credentials.
    pub submitted: &'static [&'static str],
    /// Obtained values.
    pub obtained: &'static [&'static str],
    /// The name under which the token is known.
    pub token: Option<&'static str>,
    /// True if calls are signed with the secret of the operator's client.
    pub client_secret: bool,
}

/// A setting of the operator that holds the URL of a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointSetting {
    /// Its name among the integration's settings.
    pub name: &'static str,
    /// True if only requests with a secret of the operator go there.
    pub of_operator: bool,
}

/// The client that an operator registers with the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The mode has none of the operator's.
    None,
    /// Nothing works without one.
    Required,
    /// Used where the operator set one; else the client registers itself (RFC 7591) or has a metadata document.
    RegistersItself,
}

/// The proof that a request of `proxy.verification` gives before a connection is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Nothing: there is no credential, or signing in proved it already.
    Nothing,
    /// That the credential works with the API; signing in proved only that it exists.
    Access,
    /// That the credential is one at all: nothing else does.
    Credential,
}

impl Facts {
    /// The usual values: the end of each row.
    const USUAL: Facts = Facts {
        name: "",
        type_name: "",
        title: "",
        summary: "",
        connect: Connect::Direct,
        token: TokenFrom::Exchange,
        refreshes: false,
        place: Place::Bearer,
        inputs: &[],
        settings_are_inputs: false,
        stored: &[],
        captured: &[],
        reads: &[],
        endpoint_settings: &[],
        carried: Carried { submitted: &[], obtained: &[], token: Some("access_token"), client_secret: false },
        client: Client::None,
        code_flow: false,
        app_page: false,
        verification: Verification::Nothing,
    };

    /// The inputs that a form asks for although the entry declares none, where the client proves itself so.
    pub fn form_inputs(&self, proof: ClientProof) -> impl Iterator<Item = &'static Input> {
        self.inputs.iter().filter(move |input| match input.in_form {
            InForm::Always => true,
            InForm::Never => false,
            InForm::For(proofs) => proofs.contains(&proof),
        })
    }

    /// True if a customer may submit a credential of this name although no entry declares it.
    pub fn takes(&self, name: &str) -> bool {
        self.inputs.iter().any(|input| input.name == name)
    }

    /// True if a token is obtained as soon as the credentials are there, without a person.
    pub const fn obtains_at_once(&self) -> bool {
        matches!(self.token, TokenFrom::Exchange | TokenFrom::Made)
    }
}

/// The values that a code flow stores.
const CODE_FLOW: &[&str] = &["access_token", "refresh_token", "expires_at", "raw"];

/// The two enums and the table.
macro_rules! declare {
    ($(
        #[doc = $doc:literal]
        $mode:ident $(($data:ident))? : $connect:ident $($refreshable:ident)? { $($facts:tt)* }
    )+) => {
        /// An auth mode, without data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mode { $( #[doc = $doc] $mode, )+ }

        /// The auth mode of an entry, with its data.
        #[allow(clippy::large_enum_variant)] // one per provider, in a `static`; boxing is not possible there
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Auth { $( #[doc = $doc] $mode $((crate::auth::$data))?, )+ }

        impl Mode {
            /// All of them, in the order of the reference.
            pub const ALL: &'static [Mode] = &[$( Mode::$mode, )+];

            /// Its row.
            pub const fn facts(self) -> &'static Facts {
                match self { $( Mode::$mode => const { &Facts {
                    type_name: stringify!($mode),
                    summary: $doc.trim_ascii(),
                    connect: Connect::$connect,
                    refreshes: declare!(@is $($refreshable)?),
                    $($facts)*
                    ..Facts::USUAL
                } }, )+ }
            }
        }

        impl Auth {
            /// Its mode, without the data.
            pub const fn kind(&self) -> Mode {
                match self { $( declare!(@pattern $mode $(($data))?) => Mode::$mode, )+ }
            }
        }
    };
    (@is) => { false };
    (@is Refreshable) => { true };
    (@pattern $mode:ident) => { Auth::$mode };
    (@pattern $mode:ident ($data:ident)) => { Auth::$mode(_) };
}

crate::each_mode!([declare]);

impl Mode {
    /// The name in the file: `OAUTH2_CC`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The mode of a name in the file.
    pub fn parse(name: &str) -> Option<Mode> {
        Mode::ALL.iter().copied().find(|mode| mode.name() == name)
    }
}

/// Its name in the file.
impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Auth {
    /// The mode's name in the format: `OAUTH2_CC`. [`Auth::kind`] is the mode itself.
    pub const fn mode(&self) -> &'static str {
        self.kind().name()
    }

    /// The row of its mode.
    pub const fn facts(&self) -> &'static Facts {
        self.kind().facts()
    }

    /// The name of the type that stands for the entry's mode in generated code.
    pub const fn type_name(&self) -> &'static str {
        if let Connect::Outbound = self.connect() { "OAuth2Outbound" } else { self.facts().type_name }
    }

    /// The authorization request and the token requests of an entry that exchanges a code and names both endpoints.
    pub const fn code_flow(&self) -> Option<(&Authorization, &TokenEndpoint)> {
        match self {
            Auth::OAuth2(mode) => Some((&mode.authorization, &mode.token)),
            Auth::McpOAuth2(mode) => Some((&mode.authorization, &mode.token)),
            Auth::Custom(mode) => Some((&mode.authorization, &mode.token)),
            Auth::None
            | Auth::ApiKey
            | Auth::Basic
            | Auth::OAuth2ClientCredentials(_)
            | Auth::OAuth1(_)
            | Auth::TwoStep(_)
            | Auth::Jwt(_)
            | Auth::Signature(_)
            | Auth::Tba
            | Auth::Bill(_)
            | Auth::App(_)
            | Auth::InstallPlugin(_)
            | Auth::AwsSigV4
            | Auth::McpOAuth2Generic => None,
        }
    }

    /// The way an account of this entry is connected.
    pub const fn connect(&self) -> Connect {
        if self.outbound().is_some() { Connect::Outbound } else { self.facts().connect }
    }

    /// The completion of `installation: outbound`.
    pub const fn outbound(&self) -> Option<&Outbound> {
        if let Auth::OAuth2(OAuth2 { outbound: Some(outbound), .. }) = self { Some(outbound) } else { None }
    }
}

#[cfg(test)]
mod tests;
