//! Which names each field knows, in which auth mode, and whether `||` is an operator there.
//!
//! `Field::names` is the table; [`Scope::resolve`] looks a name up in it. The six evaluators of the original disagree
//! with each other; this is one language whose scopes are at least as wide as theirs.

mod listing;
mod spelling;
mod unknown;

pub use listing::{Listed, listing};

use super::Problem;
use keyway_spec::mode::Place;
use keyway_spec::{Mode, Root};
use std::ops::Range;

/// Where in an entry a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `authorization_url`.
    AuthorizationUrl,
    /// A value of `authorization_params`.
    AuthorizationParam,
    /// `token_url`, `refresh_url`.
    TokenUrl,
    /// A value of `token_params`, `refresh_params`, `refresh_token_params`.
    TokenParam,
    /// A value of `token_headers`, `refresh_token_headers`.
    TokenHeader,
    /// `additional_steps[].token_url`.
    StepUrl,
    /// A value of `additional_steps[].token_params`.
    StepParam,
    /// A value of `additional_steps[].token_headers`.
    StepHeader,
    /// Any text of `assertion`.
    Assertion,
    /// Any text of `token`.
    Jwt,
    /// `proxy.base_url`, `proxy.verification.base_url_override`, an endpoint of `proxy.verification`.
    ProxyUrl,
    /// A value of `proxy.query`.
    ProxyQuery,
    /// A value of `proxy.body`.
    ProxyBody,
    /// A value of `proxy.headers`.
    ProxyHeader,
    /// A text of a request under `keyway.token`.
    Request(Part),
    /// The same while a code is exchanged.
    CodeRequest(Part),
    /// A text of a request under `keyway.lookups`.
    Lookup(Part),
}

/// A part of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its URL.
    Url,
    /// A parameter, in the body or the URL, or a text of the client's assertion.
    Parameter,
    /// A header.
    Header,
}

/// A group of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// `connectionConfig.x`.
    Config,
    /// `x` for `connectionConfig.x`.
    BareConfig,
    /// `credentials.x`.
    Credentials,
    /// `x` for `credentials.x`.
    BareCredentials,
    /// `assertionOption.x`.
    AssertionOption,
    /// `metadata.x`.
    Metadata,
    /// `stepN.x`.
    Steps,
    /// `callback.x`.
    Callback,
    /// `redirectUri.host`.
    RedirectHost,
    /// One word with a meaning of its own.
    Word(&'static str, Root),
}

use Names::{
    AssertionOption, BareConfig, BareCredentials, Callback, Config, Credentials, Metadata, RedirectHost, Steps, Word,
};

/// The name of a root that is a whole name.
const fn word(root: Root) -> Names {
    Word(root.name(), root)
}

const ACCESS_TOKEN: Names = word(Root::AccessToken);
const APP_LINK: Names = Word("connectionConfig.appPublicLink", Root::AppPublicLink);
const CONNECTION_ID: Names = word(Root::ConnectionId);
const TOKEN: Names = word(Root::Token);
const REFRESH_TOKEN: Names = word(Root::RefreshToken);
const ASSERTION: Names = word(Root::Assertion);

/// The names that a proxied header may sign.
const SIGNED: [Names; 8] = [
    word(Root::Method),
    word(Root::Host),
    word(Root::Path),
    word(Root::Endpoint),
    word(Root::Params),
    word(Root::UrlCanonicalParams),
    word(Root::BodyCanonicalParams),
    word(Root::ContentType),
];

impl Field {
    /// True if `||` is an operator in this field. Elsewhere it is text: a signing key may hold it.
    pub fn has_choice(self) -> bool {
        !matches!(self, Field::TokenHeader | Field::StepUrl | Field::StepHeader | Field::Assertion | Field::Jwt)
    }

    /// True if the value is a URL or the path of one.
    pub fn is_url(self) -> bool {
        matches!(
            self,
            Field::AuthorizationUrl
                | Field::TokenUrl
                | Field::StepUrl
                | Field::ProxyUrl
                | Field::Request(Part::Url)
                | Field::CodeRequest(Part::Url)
                | Field::Lookup(Part::Url)
        )
    }

    /// The name of the field in messages.
    pub fn name(self) -> &'static str {
        match self {
            Field::AuthorizationUrl => "authorization_url",
            Field::AuthorizationParam => "authorization_params",
            Field::TokenUrl => "token_url",
            Field::TokenParam => "token_params",
            Field::TokenHeader => "token_headers",
            Field::StepUrl => "additional_steps[].token_url",
            Field::StepParam => "additional_steps[].token_params",
            Field::StepHeader => "additional_steps[].token_headers",
            Field::Assertion => "assertion",
            Field::Jwt => "token",
            Field::ProxyUrl => "proxy.base_url",
            Field::ProxyQuery => "proxy.query",
            Field::ProxyBody => "proxy.body",
            Field::ProxyHeader => "proxy.headers",
            Field::Request(Part::Url) | Field::CodeRequest(Part::Url) | Field::Lookup(Part::Url) => "url",
            Field::Request(Part::Parameter) | Field::CodeRequest(Part::Parameter) | Field::Lookup(Part::Parameter) => {
                "params"
            }
            Field::Request(Part::Header) | Field::CodeRequest(Part::Header) | Field::Lookup(Part::Header) => "headers",
        }
    }

    /// The names this field knows in an auth mode, those that win first.
    fn names(self, mode: Mode) -> Vec<Names> {
        let two_step = mode == Mode::TwoStep;
        match self {
            Field::AuthorizationUrl if mode.facts().app_page => {
                vec![APP_LINK, word(Root::AppPublicLink), Config]
            }
            Field::TokenUrl if two_step => vec![Config, Credentials, BareCredentials, BareConfig],
            Field::AuthorizationUrl | Field::TokenUrl => vec![Config, BareConfig],
            Field::TokenParam if two_step => {
                vec![TOKEN, REFRESH_TOKEN, ASSERTION, Config, Credentials, BareCredentials]
            }
            Field::AuthorizationParam | Field::TokenParam => vec![Config],
            Field::TokenHeader => vec![TOKEN, REFRESH_TOKEN, ASSERTION, Credentials, BareCredentials],
            Field::StepUrl => vec![Steps, Config],
            Field::StepParam => vec![Steps, Config, Credentials, BareCredentials],
            Field::StepHeader => vec![Steps, Credentials, BareCredentials],
            Field::Assertion => vec![AssertionOption, Config, Credentials],
            Field::Jwt | Field::ProxyBody => vec![Config, Credentials, BareCredentials],
            Field::ProxyUrl => vec![Config, Credentials, BareCredentials, Metadata, CONNECTION_ID],
            Field::ProxyQuery => vec![ACCESS_TOKEN, Config, Credentials, BareCredentials],
            Field::ProxyHeader => header_names(mode),
            Field::Request(part) => request_names(part).collect(),
            Field::Lookup(_) => vec![ACCESS_TOKEN, Config, Credentials],
            Field::CodeRequest(part) => [word(Root::Code), Callback].into_iter().chain(request_names(part)).collect(),
        }
    }
}

/// Headers know the current token where a mode has one, the client where there is one, and what may be signed.
fn header_names(mode: Mode) -> Vec<Names> {
    let mut names = Vec::from(SIGNED);
    if matches!(mode.facts().place, Place::Bearer | Place::Headers) {
        names.push(ACCESS_TOKEN);
    }
    if mode.facts().code_flow {
        names.extend([word(Root::ClientId), word(Root::ClientSecret)]);
    }
    names.extend([Config, Credentials, BareCredentials]);
    names
}

/// A token request knows the client, what is stored and what it has obtained so far; its headers also its body.
fn request_names(part: Part) -> impl Iterator<Item = Names> {
    let always = [
        word(Root::ClientId),
        word(Root::ClientSecret),
        ACCESS_TOKEN,
        REFRESH_TOKEN,
        word(Root::Scopes),
        word(Root::RedirectUri),
        RedirectHost,
        Steps,
        Config,
        Credentials,
    ];
    let body = word(Root::BodyCanonicalParams);
    always.into_iter().chain((part == Part::Header).then_some(body))
}

/// The names that an entry declares or captures.
#[derive(Clone, Debug)]
pub struct Declared<'e> {
    /// The entry's auth mode.
    pub mode: Mode,
    /// Names of `connection_config`, and of whatever the entry says it captures into it.
    pub config: Vec<&'e str>,
    /// True if a script may write any name into the configuration.
    pub config_is_open: bool,
    /// Names of credentials: declared, standard for the mode, or kept from responses.
    pub credentials: Vec<&'e str>,
    /// True if any name may be a credential.
    pub credentials_are_open: bool,
    /// True if the mode stores its own credentials alone, whatever else the entry declares.
    pub credentials_are_fixed: bool,
    /// Names of `assertion_option`.
    pub assertion_options: Vec<&'e str>,
    /// The number of responses that can be referred to as `step1`, `step2`, ...
    pub steps: usize,
}

impl Declared<'_> {
    /// Nothing but what the mode stores.
    pub fn of(mode: Mode) -> Self {
        Declared {
            mode,
            config: Vec::new(),
            config_is_open: false,
            credentials: mode.facts().stored.to_vec(),
            credentials_are_open: false,
            credentials_are_fixed: false,
            assertion_options: Vec::new(),
            steps: 0,
        }
    }
}

/// The names that one field of one entry knows.
#[derive(Clone, Debug)]
pub struct Scope<'d> {
    field: Field,
    names: Vec<Names>,
    declared: &'d Declared<'d>,
}

impl<'d> Scope<'d> {
    /// The scope of a field.
    pub fn new(field: Field, declared: &'d Declared<'d>) -> Scope<'d> {
        Scope { field, names: field.names(declared.mode), declared }
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }

    /// Resolves a name: its root, and the rest of it. `range` is the placeholder's, for the problem.
    pub fn resolve<'t>(&self, name: &'t str, range: &Range<usize>) -> Result<(Root, &'t str), Problem> {
        self.names.iter().find_map(|names| self.look_up(*names, name)).ok_or_else(|| self.unknown(name, range))
    }

    fn look_up<'t>(&self, names: Names, name: &'t str) -> Option<(Root, &'t str)> {
        match names {
            Word(word, root) => (word == name).then_some((root, "")),
            Config => {
                let rest = name.strip_prefix("connectionConfig.")?;
                (self.declared.config_is_open || knows(&self.declared.config, rest))
                    .then_some((Root::ConnectionConfig, rest))
            }
            BareConfig => knows(&self.declared.config, name).then_some((Root::ConnectionConfig, name)),
            Credentials => {
                let rest = name.strip_prefix("credentials.")?;
                self.knows_credential(rest).then_some((Root::Credentials, rest))
            }
            BareCredentials => self.knows_credential(name).then_some((Root::Credentials, name)),
            AssertionOption => {
                let rest = name.strip_prefix("assertionOption.")?;
                knows(&self.declared.assertion_options, rest).then_some((Root::AssertionOption, rest))
            }
            Metadata => Some((Root::Metadata, name.strip_prefix("metadata.").filter(|rest| !rest.is_empty())?)),
            Callback => Some((Root::Callback, name.strip_prefix("callback.").filter(|rest| !rest.is_empty())?)),
            RedirectHost => {
                let part = name.strip_prefix("redirectUri.")?;
                (part == "host").then_some((Root::RedirectUri, part))
            }
            Steps => {
                let (step, rest) = name.strip_prefix("step")?.split_once('.')?;
                let step: u8 = step.parse().ok()?;
                (step >= 1 && usize::from(step) <= self.declared.steps && !rest.is_empty())
                    .then_some((Root::Step(step), rest))
            }
        }
    }

    fn knows_credential(&self, name: &str) -> bool {
        self.declared.credentials_are_open || knows(&self.declared.credentials, name)
    }

    /// Every name of this scope, as one would write it; of open groups none.
    pub fn names(&self) -> Vec<String> {
        self.names.iter().flat_map(|names| self.spell(*names)).collect()
    }

    fn spell(&self, names: Names) -> Vec<String> {
        let with = |prefix: &str, names: &[&str]| names.iter().map(|name| format!("{prefix}{name}")).collect();
        match names {
            Word(word, _) => vec![word.to_owned()],
            Config => with("connectionConfig.", &self.declared.config),
            Credentials => with("credentials.", &self.declared.credentials),
            BareCredentials => with("", &self.declared.credentials),
            AssertionOption => with("assertionOption.", &self.declared.assertion_options),
            RedirectHost => vec!["redirectUri.host".to_owned()],
            BareConfig | Metadata | Steps | Callback => Vec::new(),
        }
    }
}

/// True if a list knows a name: as a whole, or the object its first part names.
fn knows(list: &[&str], name: &str) -> bool {
    let first = name.split_once('.').map_or(name, |(first, _)| first);
    list.iter().any(|known| *known == name || *known == first)
}

#[cfg(test)]
mod tests;
