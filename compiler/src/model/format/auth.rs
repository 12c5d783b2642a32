//! The auth modes: what each requires, and how its keys are read. Which exist is said by [`keyway_spec::mode`].
//!
//! The keys themselves are in `oauth`, `token` and `app`.

use super::app::{App, Bill, InstallPlugin};
use super::oauth::{ClientCredentials, Custom, McpOAuth2, OAuth1, OAuth2};
use super::token::{Jwt, Signature, TwoStep};
use crate::diagnostic::Diagnostic;
use crate::model::kit::findings::{AUTH_MODE_UNKNOWN, AUTH_MODE_UNSUPPORTED};
use crate::model::kit::lowering::Lowering;
use crate::model::kit::text::{Spanned, Str};
use crate::model::kit::value_type::{KeyInfo, Keys, ValueType};
use crate::model::kit::wording::{advised, list};
use crate::syntax::{Mapping, Node};
use keyway_spec::Mode;

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

/// The keys of each mode, from one listing. What else is true of a mode is its row in [`keyway_spec::mode`].
macro_rules! modes {
    ($( $variant:ident $(($ty:ty))? $(captures [$( $($field:ident).+ ),+])? $(requires $requires:expr)?, )+) => {
        /// How to sign in, with the keys that the mode reads.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Auth { $( #[doc = concat!("The keys of [`Mode::", stringify!($variant), "`].")] $variant $((Box<$ty>))?, )+ }

        impl ModeKeys for Mode {
            fn visit(self, visit: &mut dyn FnMut(&'static KeyInfo)) {
                let _ = &visit; // Some modes have no keys.
                match self { $( Mode::$variant => { $( <$ty as Keys>::visit(visit); )? } )+ }
            }

            fn requires(self) -> &'static [Requirement] {
                match self {
                    $( Mode::$variant => { const REQUIRES: &[Requirement] = modes!(@requires $($requires)?); REQUIRES } )+
                }
            }
        }

        fn lower(mode: Mode, body: &Mapping, lowering: &mut Lowering<'_>) -> Option<Auth> {
            let _ = (&body, &lowering);
            match mode {
                $( Mode::$variant => Some(Auth::$variant $((Box::new(<$ty as Keys>::from_mapping(body, lowering)?)))?), )+
            }
        }

        impl Auth {
            /// Its mode.
            pub const fn mode(&self) -> Mode {
                match self { $( modes!(@pattern $variant $(($ty))?) => Mode::$variant, )+ }
            }

            /// The lists that name what callbacks, answers and webhooks add to the connection's configuration.
            pub(crate) fn captures(&self) -> impl Iterator<Item = &Str> {
                let lists: Vec<&Option<Vec<Str>>> = match self { $(
                    modes!(@keys keys $variant $(($ty))? $([$( $($field).+ ),+])?) => vec![$($( &keys.$($field).+ ),+)?],
                )+ };
                lists.into_iter().flatten().flatten()
            }
        }
    };
    (@keys $keys:ident $variant:ident ($ty:ty) [$($list:tt)+]) => { Auth::$variant($keys) };
    (@keys $keys:ident $variant:ident $(($ty:ty))?) => { modes!(@pattern $variant $(($ty))?) };
    (@requires) => { &[] };
    (@requires $requires:expr) => { $requires };
    (@pattern $variant:ident) => { Auth::$variant };
    (@pattern $variant:ident ($ty:ty)) => { Auth::$variant(_) };
}

modes! {
    OAuth2(OAuth2)
        captures [
            authorization.redirect_uri_metadata, token.token_response_metadata, webhook_response_metadata
        ]
        requires &[
        Requirement { key: "authorization_url", when: When::IsNot("installation", "outbound") },
        always("token_url"),
    ],
    OAuth2ClientCredentials(ClientCredentials) captures [token_response_metadata],
    ApiKey,
    Basic,
    TwoStep(TwoStep) captures [token_response_metadata],
    Jwt(Jwt),
    Signature(Signature),
    OAuth1(OAuth1) captures [redirect_uri_metadata],
    Tba,
    McpOAuth2(McpOAuth2)
        captures [authorization.redirect_uri_metadata, token.token_response_metadata]
        requires &[
        always("authorization_url"),
        always("token_url"),
        Requirement { key: "registration_url", when: When::Is("client_registration", "dynamic") },
    ],
    McpOAuth2Generic,
    App(App),
    Custom(Custom)
        captures [authorization.redirect_uri_metadata, token.token_response_metadata]
        requires &[always("authorization_url"), always("token_url")],
    InstallPlugin(InstallPlugin) captures [redirect_uri_metadata],
    Bill(Bill),
    AwsSigV4,
    None,
}

/// The keys of a mode.
pub(crate) trait ModeKeys {
    /// Shows each key of its own.
    fn visit(self, visit: &mut dyn FnMut(&'static KeyInfo));

    /// What it requires beside the keys that its type requires.
    fn requires(self) -> &'static [Requirement];
}

/// Modes that the format still lists and nothing uses, with what took their place.
const UNSUPPORTED: [(&str, Mode); 2] = [("APP_STORE", Mode::Jwt), ("TABLEAU", Mode::TwoStep)];

/// Whether a name is that of a mode that the format still lists and nothing uses.
pub(in crate::model) fn is_unsupported(name: &str) -> bool {
    UNSUPPORTED.iter().any(|(old, _)| *old == name)
}

/// The names of all modes, in the order of the reference.
pub(in crate::model) fn mode_names() -> Vec<&'static str> {
    Mode::ALL.iter().map(|mode| mode.name()).collect()
}

/// The mode that an entry names, if it is one.
pub(in crate::model) fn mode_of(body: &Mapping) -> Option<Mode> {
    body.get("auth_mode").and_then(|entry| entry.value.as_str()).and_then(Mode::parse)
}

/// Reads the keys of a mode.
pub(in crate::model) fn read(mode: Mode, body: &Mapping, lowering: &mut Lowering<'_>) -> Option<Auth> {
    for requirement in mode.requires() {
        if requirement.broken(body) {
            lowering.missing(requirement.key, None);
        }
    }
    lower(mode, body, lowering)
}

impl ValueType for Spanned<Mode> {
    fn type_name() -> String {
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
            let finding = unknown(&written, node, lowering);
            lowering.report(finding);
        }
        value.map(|value| Spanned { value, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        Mode::ALL.iter().map(|mode| (mode.name(), mode.facts().summary)).collect()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        crate::model::kit::string_enum::one_of(&Self::values())
    }
}

/// What to say about a name that is no mode: by its spelling, else by the keys beside it.
fn unknown(name: &str, node: &Node, lowering: &Lowering<'_>) -> Diagnostic {
    if let Some((_, instead)) = UNSUPPORTED.iter().find(|(old, _)| *old == name) {
        return Diagnostic::new(&AUTH_MODE_UNSUPPORTED, format!("auth mode `{name}` is not supported"), node.span)
            .label("known, and used by no API any more")
            .help(format!("describe it as `{}`", instead.name()));
    }
    let finding = Diagnostic::new(&AUTH_MODE_UNKNOWN, format!("unknown auth mode `{name}`"), node.span)
        .label("no such auth mode");
    let (body, vocabulary) = (lowering.body(), lowering.vocabulary());
    match (vocabulary.meant_mode(name, body), vocabulary.mode_by_keys(body)) {
        (Some(meant), _) => advised(finding, &meant, node.span, name),
        (None, Some(mode)) => finding.help(format!("its keys are those of `{mode}`")),
        (None, None) => finding.help(format!("write one of {}", list(&mode_names()))),
    }
}
