//! The auth modes: which exist, and one row of facts for each.
//!
//! [`Mode::facts`] is the only place that says what a mode is called, how an account is connected with it, where its
//! token comes from, what a customer submits, what is stored and where it is placed. The compiler, the runtime, the
//! server and the command line read the row; what a mode *does* is a file of the runtime's `auth`.
//!
//! The rows stand in [`each_mode`], a macro that hands them to another one: [`Mode`], [`Auth`] and the types that stand
//! for modes in generated code are made from the same listing. A new mode is a new row here.

use crate::auth::{Authorization, OAuth2, Outbound, TokenEndpoint};
use core::fmt;

/// What is true of every entry of a mode, whatever else the entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The name in the file: `OAUTH2_CC`.
    pub name: &'static str,
    /// The name of the type that stands for the mode in generated code: `OAuth2ClientCredentials`.
    pub type_name: &'static str,
    /// What people call it, in the middle of a sentence: `an API key`.
    pub title: &'static str,
    /// What it is, as a sentence with the standard it follows.
    pub summary: &'static str,
    /// How an account is connected. An entry with `installation: outbound` differs: [`Auth::connect`].
    pub connect: Connect,
    /// Where the token of calls comes from.
    pub token: TokenFrom,
    /// Whether there is something to renew.
    pub refreshes: bool,
    /// What calls carry by themselves, and where.
    pub place: Place,
    /// What a customer submits, whatever the entry declares.
    pub inputs: &'static [Input],
    /// Whether the operator's settings (`integration_config`) stand for credentials of the same name.
    pub settings_are_inputs: bool,
    /// Names that templates find among the stored credentials, submitted and obtained ones.
    pub stored: &'static [&'static str],
    /// Connection configuration that the mode itself writes.
    pub captured: &'static [&'static str],
    /// Connection configuration that the mode reads although no entry declares it.
    pub reads: &'static [&'static str],
    /// Settings of the operator that hold the URL of a token endpoint.
    pub endpoint_settings: &'static [EndpointSetting],
    /// What a call is made of besides what the entry's templates name.
    pub carried: Carried,
    /// The client that the operator registers with the vendor.
    pub client: Client,
    /// Whether an OAuth 2.0 code is exchanged (RFC 6749 section 4.1), so that templates know the client.
    pub code_flow: bool,
    /// Whether customers are sent to a page of the operator's own app, the integration's `app_link`.
    pub app_page: bool,
    /// What `proxy.verification` proves before a connection is stored.
    pub verification: Verification,
}

/// How an account is connected.
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

/// A credential that a customer submits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// What a form calls it.
    pub title: &'static str,
    /// Whether its value must not be shown.
    pub secret: bool,
    /// Whether a form asks for it.
    pub asked: Asked,
}

/// When a form asks for an input that the entry does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Always.
    Always,
    /// Never; a program may submit it.
    Never,
    /// When the client proves itself in one of these ways.
    For(&'static [ClientProof]),
}

/// What a customer's client proves itself with at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProof {
    /// A client secret (RFC 6749 section 2.3.1).
    Secret,
    /// A client secret, and a TLS client certificate (RFC 8705) that goes along with every call.
    Certificate,
    /// An assertion signed with a private key (RFC 7523 section 2.2).
    PrivateKey,
}

/// What a call of a mode is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Submitted credentials.
    pub submitted: &'static [&'static str],
    /// Obtained values.
    pub obtained: &'static [&'static str],
    /// The name under which the token is known.
    pub token: Option<&'static str>,
    /// Whether calls are signed with the secret of the operator's client.
    pub client_secret: bool,
}

/// A setting of the operator that holds the URL of a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointSetting {
    /// Its name among the integration's settings.
    pub name: &'static str,
    /// Whether only requests with a secret of the operator go there.
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

/// What a request of `proxy.verification` proves before a connection is stored.
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
    /// What most rows have; the end of each row.
    const MOST: Facts = Facts {
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
    pub fn asked(&self, proof: ClientProof) -> impl Iterator<Item = &'static Input> {
        self.inputs.iter().filter(move |input| match input.asked {
            Asked::Always => true,
            Asked::Never => false,
            Asked::For(proofs) => proofs.contains(&proof),
        })
    }

    /// Whether a customer may submit a credential of this name although no entry declares it.
    pub fn takes(&self, name: &str) -> bool {
        self.inputs.iter().any(|input| input.name == name)
    }

    /// Whether a token is obtained as soon as the credentials are there, without a person.
    pub const fn obtains_at_once(&self) -> bool {
        matches!(self.token, TokenFrom::Exchange | TokenFrom::Made)
    }
}

const fn asked(name: &'static str, title: &'static str) -> Input {
    Input { name, title, secret: false, asked: Asked::Always }
}

const fn secret(name: &'static str, title: &'static str) -> Input {
    Input { secret: true, ..asked(name, title) }
}

const fn never(input: Input) -> Input {
    Input { asked: Asked::Never, ..input }
}

const fn proof(proofs: &'static [ClientProof], input: Input) -> Input {
    Input { asked: Asked::For(proofs), ..input }
}

const USER: Input = asked("username", "User name");
const PASSWORD: Input = secret("password", "Password");
/// A client of the customer's own, in the place of the operator's.
const OWN_ID: Input = never(asked("oauth_client_id_override", "Client ID of your own app"));
const OWN_SECRET: Input = never(secret("oauth_client_secret_override", "Client secret of your own app"));
const OWN_REFRESH: Input = never(secret("oauth_refresh_token_override", "Refresh token of your own app"));

/// What a code flow stores.
const CODE_FLOW: &[&str] = &["access_token", "refresh_token", "expires_at", "raw"];

/// Hands the rows to a macro, behind further tokens for it: for each mode its documentation, its name in code with the type of its data, how it is
/// connected with whether it is renewed, and the rest of its [`Facts`]. The order is that of the reference.
#[doc(hidden)]
#[macro_export]
macro_rules! each_mode {
    ([$($rows:tt)+] $($more:tt)*) => {
        $($rows)+! {
            $($more)*
            /// OAuth 2.0 authorization code (RFC 6749 section 4.1, RFC 7636).
            OAuth2(OAuth2): Interactive Refreshable {
                name: "OAUTH2",
                title: "OAuth 2.0 authorization code",
                token: TokenFrom::Consent,
                inputs: &[OWN_ID, OWN_SECRET, OWN_REFRESH],
                stored: CODE_FLOW,
                client: Client::Required,
                code_flow: true,
            }
            /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
            OAuth2ClientCredentials(ClientCredentials): Direct Refreshable {
                name: "OAUTH2_CC",
                title: "OAuth 2.0 client credentials",
                inputs: &[
                    asked("client_id", "Client ID"),
                    proof(&[ClientProof::Secret, ClientProof::Certificate], secret("client_secret", "Client secret")),
                    proof(&[ClientProof::Certificate], secret("client_certificate", "Client certificate")),
                    proof(&[ClientProof::PrivateKey], secret("client_private_key", "Private key")),
                    proof(&[ClientProof::Certificate], secret("client_private_key", "Private key of the certificate")),
                ],
                stored: &[
                    "token",
                    "client_id",
                    "client_secret",
                    "client_certificate",
                    "client_private_key",
                    "expires_at",
                    "raw",
                ],
            }
            /// An API key, placed by the templates of `proxy`.
            ApiKey: Direct {
                name: "API_KEY",
                title: "an API key",
                token: TokenFrom::Nothing,
                place: Place::Templates,
                inputs: &[secret("apiKey", "API key")],
                stored: &["apiKey"],
                carried: Carried { submitted: &[], obtained: &[], token: None, client_secret: false },
                verification: Verification::Credential,
            }
            /// HTTP Basic (RFC 7617).
            Basic: Direct {
                name: "BASIC",
                title: "a user name and password",
                token: TokenFrom::Nothing,
                place: Place::Basic,
                inputs: &[USER, PASSWORD],
                stored: &["username", "password"],
                carried: Carried {
                    submitted: &["username", "password"], obtained: &[], token: None, client_secret: false,
                },
                verification: Verification::Credential,
            }
            /// Log in with stored credentials, get a token.
            TwoStep(TwoStep): Direct Refreshable {
                name: "TWO_STEP",
                title: "stored credentials for a token",
                settings_are_inputs: true,
                stored: &["token", "refresh_token", "expires_at", "raw", "_cookies"],
            }
            /// A locally signed JWT (RFC 7519).
            Jwt(Jwt): Direct Refreshable {
                name: "JWT",
                title: "a signed JWT",
                token: TokenFrom::Made,
                stored: &["token", "expires_at"],
                verification: Verification::Credential,
            }
            /// A locally made WSSE UsernameToken.
            Signature(Signature): Direct Refreshable {
                name: "SIGNATURE",
                title: "a WSSE signature",
                token: TokenFrom::Made,
                inputs: &[USER, PASSWORD],
                stored: &["username", "password", "token", "expires_at"],
                carried: Carried {
                    submitted: &["username", "password"], obtained: &[], token: None, client_secret: false,
                },
                verification: Verification::Credential,
            }
            /// OAuth 1.0a (RFC 5849).
            OAuth1(OAuth1): Interactive {
                name: "OAUTH1",
                title: "OAuth 1.0a",
                token: TokenFrom::Consent,
                place: Place::Signature,
                stored: &["oauth_token", "oauth_token_secret"],
                carried: Carried {
                    submitted: &[],
                    obtained: &["oauth_token_secret"],
                    token: Some("access_token"),
                    client_secret: true,
                },
                client: Client::Required,
            }
            /// OAuth 1.0 token-based authentication with HMAC-SHA256 and a realm.
            Tba: Direct {
                name: "TBA",
                title: "token-based authentication",
                token: TokenFrom::Nothing,
                place: Place::Signature,
                inputs: &[
                    asked("token_id", "Token ID"),
                    secret("token_secret", "Token secret"),
                    OWN_ID,
                    OWN_SECRET,
                ],
                stored: &["token_id", "token_secret"],
                carried: Carried {
                    submitted: &["token_id", "token_secret"], obtained: &[], token: None, client_secret: true,
                },
                client: Client::Required,
                verification: Verification::Credential,
            }
            /// OAuth 2.0 code flow for a known MCP server.
            McpOAuth2(McpOAuth2): Interactive Refreshable {
                name: "MCP_OAUTH2",
                title: "OAuth 2.0 for an MCP server",
                token: TokenFrom::Consent,
                stored: CODE_FLOW,
                client: Client::RegistersItself,
                code_flow: true,
            }
            /// OAuth 2.0 code flow for any MCP server, by discovery.
            McpOAuth2Generic: Interactive Refreshable {
                name: "MCP_OAUTH2_GENERIC",
                title: "OAuth 2.0 for any MCP server",
                token: TokenFrom::Consent,
                stored: CODE_FLOW,
                client: Client::RegistersItself,
                code_flow: true,
            }
            /// An app installation with RS256 app tokens.
            App(App): Interactive Refreshable {
                name: "APP",
                title: "an app installation",
                stored: CODE_FLOW,
                captured: &["installation_id", "app_id"],
                client: Client::Required,
                app_page: true,
            }
            /// An app installation together with a user's OAuth 2.0 token.
            Custom(Custom): Interactive Refreshable {
                name: "CUSTOM",
                title: "an app installation with a user's token",
                token: TokenFrom::Consent,
                stored: CODE_FLOW,
                captured: &["installation_id", "app_id"],
                client: Client::Required,
                code_flow: true,
                app_page: true,
            }
            /// A plugin installed on the vendor's side; the operator's credentials are used.
            InstallPlugin(InstallPlugin): Interactive {
                name: "INSTALL_PLUGIN",
                title: "an installed plugin",
                token: TokenFrom::Nothing,
                place: Place::Basic,
                inputs: &[never(USER), never(PASSWORD)],
                stored: &["username", "password"],
                carried: Carried {
                    submitted: &["username", "password"], obtained: &[], token: None, client_secret: false,
                },
                client: Client::Required,
                app_page: true,
                verification: Verification::Access,
            }
            /// A session of a user name, password, organization and developer key.
            Bill(Bill): Direct Refreshable {
                name: "BILL",
                title: "a session login",
                place: Place::Headers,
                inputs: &[
                    USER,
                    PASSWORD,
                    asked("organization_id", "Organization ID"),
                    secret("dev_key", "Developer key"),
                ],
                stored: &["username", "password", "organization_id", "dev_key", "session_id", "user_id"],
                carried: Carried {
                    submitted: &["dev_key"], obtained: &[], token: Some("session_id"), client_secret: false,
                },
            }
            /// AWS STS AssumeRole and Signature Version 4.
            AwsSigV4: Direct Refreshable {
                name: "AWS_SIGV4",
                title: "an AWS role",
                place: Place::Signature,
                inputs: &[asked("role_arn", "Role ARN"), never(asked("external_id", "External ID"))],
                stored: &["role_arn", "access_key_id", "secret_access_key", "session_token", "expires_at"],
                captured: &["region", "service", "external_id", "role_arn"],
                reads: &["base_url"],
                endpoint_settings: &[
                    EndpointSetting { name: "stsUrl", of_operator: false },
                    EndpointSetting { name: "stsEndpointUrl", of_operator: true },
                ],
                carried: Carried {
                    submitted: &[],
                    obtained: &["access_key_id", "secret_access_key"],
                    token: Some("session_token"),
                    client_secret: false,
                },
                verification: Verification::Access,
            }
            /// No credential.
            None: Direct {
                name: "NONE",
                title: "no credential",
                token: TokenFrom::Nothing,
                place: Place::Templates,
                carried: Carried { submitted: &[], obtained: &[], token: None, client_secret: false },
            }
        }
    };
}

/// What an expression makes of the data of an [`Auth`], whatever its mode; `None` for modes without data. The data has
/// another type in each mode, so the expression calls methods of a trait that all of them have.
///
/// ```
/// use keyway_spec::{Auth, auth::Bill, on_data};
///
/// let shown = |auth: &Auth| on_data!(auth, data => core::mem::size_of_val(data));
/// assert!(shown(&Auth::Bill(Bill { token_url: "https://a.example/t" })).is_some());
/// assert!(shown(&Auth::ApiKey).is_none());
/// ```
#[macro_export]
macro_rules! on_data {
    ($auth:expr, $data:ident => $with:expr) => {
        $crate::each_mode!([$crate::on_data] @rows [$auth] [$data] [$with])
    };
    (@rows [$auth:expr] [$name:ident] [$with:expr] $(
        #[doc = $doc:literal]
        $mode:ident $(($data:ident))? : $connect:ident $($refreshable:ident)? { $($facts:tt)* }
    )+) => {
        match $auth { $( $crate::on_data!(@pattern $name $mode $($data)?) => $crate::on_data!(@value [$with] $($data)?), )+ }
    };
    (@pattern $name:ident $mode:ident) => { $crate::Auth::$mode };
    (@pattern $name:ident $mode:ident $data:ident) => { $crate::Auth::$mode($name) };
    (@value [$with:expr]) => { ::core::option::Option::None };
    (@value [$with:expr] $data:ident) => { ::core::option::Option::Some($with) };
}

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
                    ..Facts::MOST
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

each_mode!([declare]);

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

    /// How an account of this entry is connected.
    pub const fn connect(&self) -> Connect {
        if self.outbound().is_some() { Connect::Outbound } else { self.facts().connect }
    }

    /// How `installation: outbound` completes.
    pub const fn outbound(&self) -> Option<&Outbound> {
        if let Auth::OAuth2(OAuth2 { outbound: Some(outbound), .. }) = self { Some(outbound) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_found_by_the_name_in_its_row() {
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.name()), Some(*mode));
        }
        assert_eq!(Mode::ALL.len(), 17);
        for name in ["", "oauth2", "OAUTH", "APP_STORE"] {
            assert_eq!(Mode::parse(name), None, "{name}");
        }
    }

    #[test]
    fn rows_do_not_contradict_themselves() {
        for mode in Mode::ALL {
            let row = mode.facts();
            assert!(!row.title.is_empty() && row.summary.ends_with('.'), "{mode}");
            let is_stored = |input: &Input| input.asked == Asked::Never || row.stored.contains(&input.name);
            assert!(row.inputs.iter().all(is_stored), "{mode}: what is asked for is stored");
            let names = row.carried.submitted.iter().chain(row.carried.obtained);
            assert!(names.clone().all(|name| row.stored.contains(name)), "{mode}: what calls carry is stored");
            assert!(!row.code_flow || row.token == TokenFrom::Consent, "{mode}: a code needs consent");
            assert!(!row.app_page || row.connect == Connect::Interactive, "{mode}: an app page is a page");
            assert_ne!(row.connect, Connect::Outbound, "{mode}: an entry says so, not its mode");
        }
    }

    #[test]
    fn a_form_asks_for_what_the_client_proves_itself_with() {
        let names = |mode: Mode, proof| -> [Option<&str>; 5] {
            let mut names = mode.facts().asked(proof).map(|input| input.title);
            [names.next(), names.next(), names.next(), names.next(), names.next()]
        };
        let client = Mode::OAuth2ClientCredentials;
        for (mode, proof, expected) in [
            (Mode::ApiKey, ClientProof::Secret, [Some("API key"), None, None, None, None]),
            (Mode::OAuth2, ClientProof::Secret, [None; 5]),
            (client, ClientProof::Secret, [Some("Client ID"), Some("Client secret"), None, None, None]),
            (client, ClientProof::PrivateKey, [Some("Client ID"), Some("Private key"), None, None, None]),
            (
                client,
                ClientProof::Certificate,
                [
                    Some("Client ID"),
                    Some("Client secret"),
                    Some("Client certificate"),
                    Some("Private key of the certificate"),
                    None,
                ],
            ),
            (Mode::AwsSigV4, ClientProof::Secret, [Some("Role ARN"), None, None, None, None]),
        ] {
            assert_eq!(names(mode, proof), expected, "{mode} {proof:?}");
        }
        assert!(Mode::AwsSigV4.facts().takes("external_id") && !Mode::AwsSigV4.facts().takes("apiKey"));
    }
}
