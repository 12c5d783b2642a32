//! The credentials of a request that is shown: what was given, and stand-ins for what is shown by name.

use super::by_name::{ByName, Hidden, name_of, references_of_calls};
use super::config::GivenConfig;
use super::stand_in::StandIns;
use crate::commands::pairs::Pair;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::integration::IntegrationRecord;
use keyway::secret::Secret;
use keyway_spec::mode::{Carried, TokenFrom};
use keyway_spec::{Position, ProviderSpec, Quirks, Root};
use std::collections::BTreeSet;

/// The inputs that stand in for a stored connection.
pub(super) struct Given {
    /// The entry, with calls of functions written out where their result would be one of stand-ins.
    pub(super) spec: ProviderSpec,
    pub(super) integration: IntegrationRecord,
    pub(super) config: ConfigMap,
    pub(super) credentials: Credentials,
    /// The credentials that were not given and are needed, in order, as they are shown.
    pub(super) missing: Vec<String>,
    /// True if every value is the real one.
    pub(super) is_real: bool,
}

/// The name of the client's id, which is not a secret.
const CLIENT_ID: &str = "client_id";

/// The client that a customer registered itself.
const OWN_CLIENT: [&str; 2] = ["oauth_client_id_override", "oauth_client_secret_override"];

/// The values given on the command line, by name.
#[derive(Clone, Copy)]
pub(super) struct Pairs<'a>(pub(super) &'a [Pair]);

impl<'a> Pairs<'a> {
    /// The last value of the name, which may also be written as templates do.
    fn get(self, name: &str) -> Option<&'a str> {
        let is_meant = |pair: &&Pair| pair.name == name || canonical(&pair.name) == name;
        self.0.iter().rev().find(is_meant).map(|pair| pair.value.as_str())
    }

    /// The value of the credential that a name is a part of: `apiKey` of `apiKey.id`.
    fn whole(self, name: &str) -> Option<&'a str> {
        name.split_once('.').and_then(|(whole, _)| self.get(whole))
    }

    /// Every value that must not be shown.
    pub(super) fn secrets(self) -> Vec<Secret> {
        let secret = self.0.iter().filter(|pair| canonical(&pair.name) != CLIENT_ID);
        secret.map(|pair| Secret::from(pair.value.as_str())).collect()
    }
}

/// A name as `--credential` has it, of one as templates write it.
fn canonical(name: &str) -> &str {
    match name {
        "clientId" => CLIENT_ID,
        "clientSecret" => "client_secret",
        "accessToken" | "token" => "access_token",
        other => other,
    }
}

impl Given {
    /// The values that the requests of an entry are made of. `open` says that values which were given are shown as they
    /// are.
    pub(super) fn of(
        spec: &ProviderSpec,
        pairs: Pairs<'_>,
        config: &GivenConfig,
        open: bool,
        stand_ins: &mut StandIns,
    ) -> Given {
        let mut credentials = Credentials::default();
        let mut needs = needs(spec, pairs, open);
        let origins = std::mem::take(&mut needs.origins);
        let mut taker = Taker { spec, pairs, open, stand_ins, hidden: BTreeSet::new(), missing: Vec::new(), origins };
        for name in &needs.submitted {
            credentials.inputs.insert(name.clone(), taker.take(name));
        }
        for name in &needs.obtained {
            credentials.obtained.insert(name.clone(), taker.take(name));
        }
        let refresh = needs.refresh.then(|| taker.take("refresh_token"));
        let makes_its_token = spec.auth.facts().token == TokenFrom::Made;
        if let Some(name) = needs.token.filter(|name| !makes_its_token || pairs.get(name).is_some()) {
            credentials.token = Some(Token::new(taker.take(name)).refresh(refresh));
        }
        let client_id = needs.client.then(|| taker.take(CLIENT_ID).expose().to_owned());
        let client_secret = needs.client_secret.then(|| taker.take("client_secret"));
        let mut integration = IntegrationRecord::without_scopes(spec.key, spec.key);
        (integration.client_id, integration.client_secret) = (client_id, client_secret);
        let Taker { hidden, missing, .. } = taker;
        // What nothing of the entry names may still be read by the mode: a client of the customer's own, a certificate.
        for pair in pairs.0 {
            if !needs.has(&pair.name) && !needs.has(canonical(&pair.name)) {
                credentials.inputs.insert(pair.name.clone(), Secret::from(pair.value.as_str()));
            }
        }
        let values = config.values(spec, open, stand_ins);
        let hidden = Hidden { credentials: hidden, config: config.hidden(open) };
        let mut by_name = ByName { stand_ins, hidden: &hidden };
        let (auth, proxy) = (by_name.auth(&spec.auth), spec.proxy.as_ref().map(|proxy| by_name.proxy(proxy)));
        // The parts of a stand-in have stand-ins of their own.
        let quirks =
            spec.quirks.filter(|_| hidden.credentials.is_empty() || open).or_else(|| spec.quirks.map(without_split));
        let spec = ProviderSpec { auth, proxy, quirks, ..*spec };
        Given { spec, integration, config: values, credentials, missing, is_real: hidden.is_empty() }
    }
}

/// Takes values by name.
struct Taker<'a> {
    spec: &'a ProviderSpec,
    pairs: Pairs<'a>,
    open: bool,
    stand_ins: &'a mut StandIns,
    hidden: BTreeSet<String>,
    missing: Vec<String>,
    /// Names of values that are the beginning of a URL.
    origins: BTreeSet<String>,
}

impl Taker<'_> {
    fn take(&mut self, name: &str) -> Secret {
        match (self.pairs.get(name), default(self.spec, name)) {
            (Some(value), _) if self.open || name == CLIENT_ID => return Secret::new(value),
            (None, Some(value)) => return Secret::new(value),
            (Some(_), _) => {}
            (None, None) if self.pairs.whole(name).is_some() => {}
            (None, None) => self.missing.push(name.to_owned()),
        }
        self.hidden.insert(name.to_owned());
        let stand_in = self.stand_ins.of(format!("<{name}>"));
        Secret::new(if self.origins.contains(name) { format!("https://{stand_in}") } else { stand_in })
    }
}

/// The names of what requests need.
struct Needs {
    submitted: Vec<String>,
    obtained: Vec<String>,
    token: Option<&'static str>,
    refresh: bool,
    client: bool,
    client_secret: bool,
    origins: BTreeSet<String>,
}

impl Needs {
    fn has(&self, name: &str) -> bool {
        self.submitted.iter().chain(&self.obtained).any(|other| other == name) || self.token == Some(name)
    }
}

/// The credentials that the mode places, and those that the entry names.
fn needs(spec: &ProviderSpec, pairs: Pairs<'_>, open: bool) -> Needs {
    let row = spec.auth.facts();
    let Carried { submitted, obtained, token, client_secret } = row.carried;
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let mut needs = Needs {
        submitted: named(submitted),
        obtained: named(obtained),
        token,
        refresh: false,
        client: client_secret,
        client_secret,
        origins: BTreeSet::new(),
    };
    // A client of the customer's own takes the place of the operator's.
    if client_secret && OWN_CLIENT.iter().any(|name| row.takes(name) && pairs.get(name).is_some()) {
        needs.submitted.extend(named(&OWN_CLIENT));
        (needs.client, needs.client_secret) = (false, false);
    }
    references_of_calls(&spec.auth, spec.proxy.as_ref(), &mut |reference| {
        let Some(name) = name_of(reference) else { return };
        match reference.root {
            Root::ClientId => needs.client = true,
            Root::ClientSecret => needs.client_secret = true,
            Root::RefreshToken => needs.refresh = true,
            Root::AccessToken => needs.token = needs.token.or(Some("access_token")),
            _ if needs.has(name) || !is_there(spec, pairs, name, open) => {}
            _ => needs.submitted.push(name.to_owned()),
        }
        if reference.position == Position::Origin {
            needs.origins.insert(name.to_owned());
        }
    });
    needs
}

/// True if a credential of the entry is taken by itself: one that customers may leave out only where it was given, and
/// a part of one only where the whole is not there.
fn is_there(spec: &ProviderSpec, pairs: Pairs<'_>, name: &str, open: bool) -> bool {
    let whole = name.split_once('.').map_or(name, |(whole, _)| whole);
    let optional = spec.credentials.iter().any(|field| (field.name == name || field.name == whole) && field.optional);
    match (pairs.get(name), pairs.whole(name)) {
        (Some(_), _) => true,
        (None, Some(_)) => !open,
        (None, None) => !optional,
    }
}

fn default<'a>(spec: &'a ProviderSpec, name: &str) -> Option<&'a str> {
    spec.credentials.iter().find(|field| field.name == name).and_then(|field| field.default_value)
}

/// The name that `--credential` takes: of a part, the credential that it is a part of.
pub(super) fn option_of<'n>(spec: &ProviderSpec, name: &'n str) -> &'n str {
    let whole = name.split_once('.').map(|(whole, _)| whole);
    whole.filter(|whole| spec.credentials.iter().any(|field| field.name == *whole)).unwrap_or(name)
}

fn without_split(quirks: &'static Quirks) -> &'static Quirks {
    Box::leak(Box::new(Quirks { split: &[], ..*quirks }))
}
