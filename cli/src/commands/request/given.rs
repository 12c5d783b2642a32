//! The credentials of a request that is shown: what was given, and a stand-in with its own name for what was not.
//!
//! Modes that make their token here (a JSON Web Token, a WSSE token) make it from what was given. Absent here: the
//! request and its signature.

use crate::commands::pairs::Pair;
use crate::exit::Failure;
use keyway::auth::exchange::{Grant, Step};
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::secret::Secret;
use keyway_spec::{Auth, ProviderSpec};

/// What a request is built with instead of a stored connection.
pub(super) struct Given {
    pub(super) integration: IntegrationRecord,
    pub(super) credentials: Credentials,
    /// What was not given, in back quotes.
    pub(super) stand_ins: Vec<String>,
}

impl Given {
    /// Takes what was given on the command line.
    pub(super) fn of(spec: &ProviderSpec, pairs: &[Pair]) -> Given {
        let given = |name: &str| pairs.iter().rev().find(|pair| pair.name == name).map(|pair| pair.value.as_str());
        let mut stand_ins = Vec::new();
        let mut take = |name: &str| {
            if let Some(value) = given(name).or_else(|| default(spec, name)) {
                return Secret::new(value);
            }
            stand_ins.push(format!("`{name}`"));
            Secret::new(format!("<{name}>"))
        };
        let mut credentials = Credentials::default();
        let (inputs, obtained, token) = names(spec);
        for name in inputs {
            credentials.inputs.insert((*name).to_owned(), take(name));
        }
        for name in obtained {
            credentials.obtained.insert((*name).to_owned(), take(name));
        }
        let makes_its_token = matches!(spec.auth, Auth::Jwt(_) | Auth::Signature(_));
        if let Some(name) = token.filter(|_| !makes_its_token || pairs.is_empty() || given("access_token").is_some()) {
            credentials.token = Some(Token { access: take(name), refresh: None, expires_at: None, raw: None });
        }
        let (mut client_id, mut client_secret) = (given("client_id"), given("client_secret"));
        let has_own = given("oauth_client_id_override").is_some();
        if matches!(spec.auth, Auth::OAuth1(_)) || matches!(spec.auth, Auth::Tba) && !has_own {
            for (name, value) in [("client_id", client_id), ("client_secret", client_secret)] {
                stand_ins.extend(value.is_none().then(|| format!("`{name}`")));
            }
        }
        client_id = client_id.or(Some("<clientId>"));
        client_secret = client_secret.or(Some("<clientSecret>"));
        for pair in pairs.iter().filter(|pair| Some(pair.name.as_str()) != token) {
            let value = Secret::new(pair.value.clone());
            credentials.obtained.entry(pair.name.clone()).or_insert_with(|| value.clone());
            credentials.inputs.insert(pair.name.clone(), value);
        }
        let integration = IntegrationRecord {
            key: spec.key.to_owned(),
            provider: spec.key.to_owned(),
            client_id: client_id.map(str::to_owned),
            client_secret: client_secret.map(Secret::new),
            ..IntegrationRecord::default()
        };
        Given { integration, credentials, stand_ins }
    }

    /// The token of a mode that makes one from what was given, without asking anybody.
    pub(super) fn made(&self, inputs: &Inputs<'_>) -> Result<Option<Token>, Failure> {
        if self.credentials.token.is_some() || !matches!(inputs.spec.auth, Auth::Jwt(_) | Auth::Signature(_)) {
            return Ok(None);
        }
        match keyway::auth::step(inputs, Grant::Login, &[]) {
            Ok(Step::Done(granted)) => Ok(granted.token),
            Ok(Step::Send(_)) => Ok(None),
            Err(error) => Err(Failure::usage(format!("{error}; set it with `--credential NAME=VALUE`"))),
        }
    }
}

/// What requests of a mode are made of: submitted values, obtained ones, and the token's own name.
fn names(spec: &ProviderSpec) -> (&'static [&'static str], &'static [&'static str], Option<&'static str>) {
    match spec.auth {
        Auth::None => (&[], &[], None),
        Auth::ApiKey => (&["apiKey"], &[], None),
        Auth::Basic | Auth::InstallPlugin(_) => (&["username", "password"], &[], None),
        Auth::Tba => (&["token_id", "token_secret"], &[], None),
        Auth::OAuth1(_) => (&[], &["oauth_token_secret"], Some("access_token")),
        Auth::AwsSigV4 => (&[], &["access_key_id", "secret_access_key"], Some("session_token")),
        _ => (&[], &[], Some("access_token")),
    }
}

fn default<'a>(spec: &'a ProviderSpec, name: &str) -> Option<&'a str> {
    spec.credentials.iter().find(|field| field.name == name).and_then(|field| field.default_value)
}
