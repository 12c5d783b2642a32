//! The rows: one for each auth mode, and the macros that hand them over.
//!
//! A macro and not a `const`, because the types that stand for modes are made from the rows too. A row names what it
//! does not have in common with [`super::Facts`]' defaults.

/// Hands the rows to a macro, behind further tokens for it: for each mode its documentation, its name in code with the
/// type of its data, how it is connected with whether it is renewed, and the rest of its [`Facts`]. The order is that
/// of the reference.
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
                    text("client_id", "Client ID"),
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
                    text("token_id", "Token ID"),
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
                    text("organization_id", "Organization ID"),
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
                inputs: &[text("role_arn", "Role ARN"), never(text("external_id", "External ID"))],
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

/// The value of an expression on the data of an `Auth`, whatever its mode; `None` for modes without data. The data has
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
