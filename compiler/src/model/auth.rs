//! The auth modes: which exist, what each requires, and how its keys are read.
//!
//! The keys themselves are in `oauth`, `token` and `app`.

use super::app::{App, Bill, InstallPlugin};
use super::findings::{AUTH_MODE_UNKNOWN, AUTH_MODE_UNSUPPORTED};
use super::keys;
use super::lowering::Lowering;
use super::lowering::advised;
use super::meaning::{Meant, meant_value};
use super::oauth::{ClientCredentials, Custom, McpOAuth2, OAuth1, OAuth2};
use super::shape::{KeyInfo, Keys, Shape};
use super::text::Spanned;
use super::token::{Jwt, Signature, TwoStep};
use crate::diagnostic::{Diagnostic, near};
use crate::syntax::{Mapping, Node};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

/// A key that a mode requires although its type allows it to be absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requirement {
    /// The key.
    pub(crate) key: &'static str,
    /// When.
    pub(crate) when: When,
}

/// When a key is required.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// Always.
    Always,
    /// When another key has this text.
    Is(&'static str, &'static str),
    /// Unless another key has this text.
    IsNot(&'static str, &'static str),
}

impl Requirement {
    /// Whether an entry breaks it.
    fn broken(self, body: &Mapping) -> bool {
        let is = |key: &str, text: &str| body.get(key).and_then(|entry| entry.value.as_str()) == Some(text);
        let applies = match self.when {
            When::Always => true,
            When::Is(key, text) => is(key, text),
            When::IsNot(key, text) => !is(key, text),
        };
        applies && body.get(self.key).is_none()
    }
}

const fn always(key: &'static str) -> Requirement {
    Requirement { key, when: When::Always }
}

/// The enums, and a table of the modes, from one listing.
macro_rules! modes {
    ($( $(#[doc = $doc:literal])+ $variant:ident $(($ty:ty))? = $name:literal $(requires $requires:expr)?, )+) => {
        /// How to sign in, with the keys that the mode reads.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Auth { $( $(#[doc = $doc])+ $variant $((Box<$ty>))?, )+ }

        /// An auth mode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mode { $( $(#[doc = $doc])+ $variant, )+ }

        impl Mode {
            /// All of them, in the order of the reference.
            pub const ALL: &'static [Mode] = &[$( Mode::$variant, )+];

            /// The name in the file.
            pub const fn name(self) -> &'static str {
                match self { $( Mode::$variant => $name, )+ }
            }

            /// What it is.
            pub const fn doc(self) -> &'static str {
                match self { $( Mode::$variant => concat!($($doc, "\n"),+), )+ }
            }

            /// Shows each key of its own.
            pub(crate) fn visit(self, visit: &mut dyn FnMut(&'static KeyInfo)) {
                let _ = &visit; // Some modes have no keys.
                match self { $( Mode::$variant => { $( <$ty as Keys>::visit(visit); )? } )+ }
            }

            /// What it requires beside the keys that its type requires.
            pub(crate) const fn requires(self) -> &'static [Requirement] {
                match self {
                    $( Mode::$variant => { const REQUIRES: &[Requirement] = modes!(@requires $($requires)?); REQUIRES } )+
                }
            }

            fn lower(self, body: &Mapping, lowering: &mut Lowering<'_>) -> Option<Auth> {
                let _ = (&body, &lowering);
                match self {
                    $( Mode::$variant => Some(Auth::$variant $((Box::new(<$ty as Keys>::from_mapping(body, lowering)?)))?), )+
                }
            }
        }

        impl Auth {
            /// Its mode.
            pub const fn mode(&self) -> Mode {
                match self { $( modes!(@pattern $variant $(($ty))?) => Mode::$variant, )+ }
            }
        }
    };
    (@requires) => { &[] };
    (@requires $requires:expr) => { $requires };
    (@pattern $variant:ident) => { Auth::$variant };
    (@pattern $variant:ident ($ty:ty)) => { Auth::$variant(_) };
}

modes! {
    /// OAuth 2.0 authorization code (RFC 6749 section 4.1, RFC 7636).
    OAuth2(OAuth2) = "OAUTH2" requires &[
        Requirement { key: "authorization_url", when: When::IsNot("installation", "outbound") },
        always("token_url"),
    ],
    /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
    ClientCredentials(ClientCredentials) = "OAUTH2_CC",
    /// An API key, placed by the templates of `proxy`.
    ApiKey = "API_KEY",
    /// HTTP Basic (RFC 7617).
    Basic = "BASIC",
    /// Log in with stored credentials, get a token.
    TwoStep(TwoStep) = "TWO_STEP",
    /// A locally signed JWT (RFC 7519).
    Jwt(Jwt) = "JWT",
    /// A locally made WSSE UsernameToken.
    Signature(Signature) = "SIGNATURE",
    /// OAuth 1.0a (RFC 5849).
    OAuth1(OAuth1) = "OAUTH1",
    /// OAuth 1.0 token-based authentication with HMAC-SHA256 and a realm.
    Tba = "TBA",
    /// OAuth 2.0 code flow for a known MCP server.
    McpOAuth2(McpOAuth2) = "MCP_OAUTH2" requires &[
        always("authorization_url"),
        always("token_url"),
        Requirement { key: "registration_url", when: When::Is("client_registration", "dynamic") },
    ],
    /// OAuth 2.0 code flow for any MCP server, by discovery.
    McpOAuth2Generic = "MCP_OAUTH2_GENERIC",
    /// An app installation with RS256 app tokens.
    App(App) = "APP",
    /// An app installation together with a user's OAuth 2.0 token.
    Custom(Custom) = "CUSTOM" requires &[always("authorization_url"), always("token_url")],
    /// A plugin installed on the vendor's side; the operator's credentials are used.
    InstallPlugin(InstallPlugin) = "INSTALL_PLUGIN",
    /// A session of a user name, password, organization and developer key.
    Bill(Bill) = "BILL",
    /// AWS STS AssumeRole and Signature Version 4.
    AwsSigV4 = "AWS_SIGV4",
    /// No credential.
    None = "NONE",
}

/// Modes that the format still lists and nothing uses, with what took their place.
const UNSUPPORTED: [(&str, Mode); 2] = [("APP_STORE", Mode::Jwt), ("TABLEAU", Mode::TwoStep)];

impl Mode {
    /// The mode of a name.
    pub fn parse(name: &str) -> Option<Mode> {
        Mode::ALL.iter().copied().find(|mode| mode.name() == name)
    }

    /// The mode that an entry names, if it is one.
    pub(super) fn of(body: &Mapping) -> Option<Mode> {
        body.get("auth_mode").and_then(|entry| entry.value.as_str()).and_then(Mode::parse)
    }

    /// Reads the keys of this mode.
    pub(super) fn read(self, body: &Mapping, lowering: &mut Lowering<'_>) -> Option<Auth> {
        for requirement in self.requires() {
            if requirement.broken(body) {
                lowering.missing(requirement.key, None);
            }
        }
        self.lower(body, lowering)
    }
}

impl Shape for Spanned<Mode> {
    fn words() -> String {
        "an auth mode".to_owned()
    }

    fn plural() -> String {
        "auth modes".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(name) = node.as_str() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let value = Mode::parse(name);
        // A mode that was clearly meant is there already; what is written is not it.
        let written = lowering.mode_was().map(str::to_owned).or_else(|| value.is_none().then(|| name.to_owned()));
        if let Some(written) = written {
            let finding = unknown(&written, node, lowering.body());
            lowering.report(finding);
        }
        value.map(|value| Spanned { value, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        Mode::ALL.iter().map(|mode| (mode.name(), mode.doc())).collect()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        super::word::one_of(&Self::values())
    }
}

/// What to say about a name that is not a mode: by its spelling, else by the keys beside it.
fn unknown(name: &str, node: &Node, body: &Mapping) -> Diagnostic {
    if let Some((_, instead)) = UNSUPPORTED.iter().find(|(old, _)| *old == name) {
        return Diagnostic::new(&AUTH_MODE_UNSUPPORTED, format!("auth mode `{name}` is not supported"), node.span)
            .label("known, and used by no API any more")
            .help(format!("describe it as `{}`", instead.name()));
    }
    let finding = Diagnostic::new(&AUTH_MODE_UNKNOWN, format!("unknown auth mode `{name}`"), node.span)
        .label("no such auth mode");
    match (guess(name, body), keys::mode_by_keys(body)) {
        (Some(meant), _) => advised(finding, &meant, node.span, name),
        (None, Some(mode)) => finding.help(format!("its keys are those of `{}`", mode.name())),
        (None, None) => finding.help(format!("write one of {}", super::word::list(&names()))),
    }
}

fn names() -> Vec<&'static str> {
    Mode::ALL.iter().map(|mode| mode.name()).collect()
}

/// The mode that a name was meant for.
fn guess(name: &str, body: &Mapping) -> Option<Meant<'static>> {
    let meant = meant_value("auth_mode", name, &names())?;
    // Of two names that are as near, the keys beside them tell which one is meant.
    let by_keys = || keys::mode_by_keys(body).filter(|mode| near_too(name, mode.name(), meant.name));
    Some(match (meant.clear, meant.note.is_empty()) {
        (false, true) => by_keys().map_or(meant, |mode| Meant { name: mode.name(), clear: true, note: "" }),
        _ => meant,
    })
}

/// The mode that was clearly meant by what `auth_mode` says, where that is none.
pub(super) fn clearly_meant(body: &Mapping) -> Option<&'static str> {
    let name = body.get("auth_mode")?.value.as_str()?;
    if Mode::parse(name).is_some() || UNSUPPORTED.iter().any(|(old, _)| *old == name) {
        return None;
    }
    guess(name, body).filter(|meant| meant.clear).map(|meant| meant.name)
}

/// Whether two names are as near to a third one.
fn near_too(name: &str, one: &str, other: &str) -> bool {
    near(name, [one, other]).is_some_and(|near| one == other || !near.clear)
}
