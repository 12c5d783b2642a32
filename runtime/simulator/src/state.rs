//! The vendor's memory: what was set up, what was issued, how far an exchange is.

use crate::account::SimulatedAccount;
use crate::check::{Check, Checks, RefusalKind};
use crate::grant::{Grants, TokenUse, USER_TOKEN};
use crate::limits::SpentQuota;
use crate::mask::Mask;
use crate::pages::Pages;
use crate::request::ReceivedRequest;
use crate::template::Values;
use crate::text::{Expected, TextForm};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The seconds that a token lives where the entry does not say.
const TOKEN_LIFETIME: i64 = 3600;

/// Everything that the vendor remembers.
pub(crate) struct VendorState {
    pub(crate) spec: &'static ProviderSpec,
    pub(crate) account: SimulatedAccount,
    pub(crate) mask: Mask,
    pub(crate) grants: Grants,
    /// Credentials that were issued beside the first token, by name.
    pub(crate) issued: BTreeMap<String, String>,
    pub(crate) exchange: Exchange,
    /// The parameters of the last callback.
    pub(crate) callback: BTreeMap<String, String>,
    /// True if each refresh gives a new refresh token.
    pub(crate) rotates: bool,
    /// True if a refresh token that is used twice ends its family.
    pub(crate) detects_reuse: bool,
    /// Seconds that a token lives.
    pub(crate) lifetime: i64,
    /// Nonces, and identifiers of assertions, that were used.
    pub(crate) nonces: BTreeSet<String>,
    /// Secrets of OAuth 1.0: token, secret, and the verifier of temporary credentials once consent was given.
    pub(crate) temporary: Vec<TemporaryCredentials>,
    /// The redirect URIs of a client that registered itself; of others the account has one.
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) pages: Pages,
    pub(crate) limits: SpentQuota,
}

/// Temporary credentials (RFC 5849 section 2.1).
#[derive(Clone, Debug)]
pub(crate) struct TemporaryCredentials {
    pub(crate) token: String,
    pub(crate) secret: String,
    pub(crate) callback: String,
    pub(crate) verifier: Option<String>,
    pub(crate) used: bool,
}

/// The requests that an exchange consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Chain {
    /// None was begun.
    #[default]
    Nothing,
    /// Those of a code, or of a login.
    Code,
    /// Those of a refresh.
    Refresh,
}

/// The progress of an exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) chain: Chain,
    /// The follow-up that is next, from 0.
    pub(crate) next: usize,
    pub(crate) answers: Vec<Value>,
    pub(crate) family: u64,
}

impl VendorState {
    pub(crate) fn new(spec: &'static ProviderSpec, account: SimulatedAccount) -> VendorState {
        let mut mask = Mask::default();
        mask.add("clientSecret", &account.client_secret);
        for (name, value) in &account.credentials {
            let name = if name == "apiKey" { "apiKey".to_owned() } else { format!("credentials.{name}") };
            let is_shown = matches!(name.as_str(), "credentials.username" | "credentials.client_id");
            if !is_shown {
                mask.add(&name, value);
            }
        }
        account.assertion_options.iter().for_each(|(name, value)| mask.add(&format!("assertionOption.{name}"), value));
        let is_secret = |name: &str| spec.integration_config.iter().any(|field| field.name == name && field.secret);
        let settings = account.settings.iter().filter(|(name, _)| is_secret(name));
        settings.for_each(|(name, value)| mask.add(&format!("credentials.{name}"), value));
        VendorState {
            spec,
            account,
            mask,
            grants: Grants::default(),
            issued: BTreeMap::new(),
            exchange: Exchange::default(),
            callback: BTreeMap::new(),
            rotates: true,
            detects_reuse: true,
            lifetime: TOKEN_LIFETIME,
            nonces: BTreeSet::new(),
            temporary: Vec::new(),
            redirect_uris: Vec::new(),
            pages: Pages::default(),
            limits: SpentQuota::default(),
        }
    }

    /// Issues a token and remembers it as a secret.
    pub(crate) fn issue(&mut self, value: String, usage: TokenUse, family: u64, expires_at: Option<i64>) {
        let name = match usage {
            TokenUse::Access => "accessToken".to_owned(),
            TokenUse::Refresh => "refresh_token".to_owned(),
            TokenUse::Second(name) => format!("credentials.{name}"),
            TokenUse::SecondRefresh(name) => format!("the refresh token of credentials.{name}"),
        };
        self.mask.add(&name, &value);
        self.grants.token(value, usage, family, expires_at);
    }

    /// The values of templates, for a request: of several tokens the one that it carries.
    pub(crate) fn values<'a>(&'a self, received: Option<&'a ReceivedRequest>, now: i64) -> Values<'a> {
        let texts = received.map(texts).unwrap_or_default();
        let carries = |value: &str| texts.iter().any(|text| text.contains(value));
        let carried = |usage: TokenUse| {
            let tokens = || self.grants.tokens.iter().rev().filter(|token| token.usage == usage);
            let own = tokens().find(|token| carries(&token.value));
            let own = own.or_else(|| self.grants.usable(usage, now).next());
            own.or_else(|| self.grants.latest(usage)).map(|token| token.value.clone())
        };
        let access_token = if let Auth::Jwt(_) = self.spec.auth {
            Some(Expected::form("accessToken", TextForm::Jwt))
        } else if let Auth::Signature(_) = self.spec.auth {
            Some(Expected::form("accessToken", TextForm::Wsse))
        } else {
            carried(TokenUse::Access).map(|token| Expected::secret("accessToken", token))
        };
        let codes = || self.grants.codes.iter().rev();
        let code = codes().find(|code| carries(&code.value)).or_else(|| self.grants.latest_code());
        let mut issued = self.issued.clone();
        for second in self.spec.quirks.iter().flat_map(|quirks| quirks.also) {
            if let Some(token) = carried(TokenUse::Second(second.name)) {
                issued.insert(second.name.to_owned(), token);
            }
        }
        if let Some(token) = carried(TokenUse::Second(USER_TOKEN)) {
            issued.insert(USER_TOKEN.to_owned(), token);
        }
        Values {
            account: Some(&self.account),
            issued,
            settings_are_credentials: self.spec.auth.facts().settings_are_inputs,
            split: self.spec.quirks.map_or(&[], |quirks| quirks.split),
            access_token,
            refresh_token: carried(TokenUse::Refresh),
            code: code.map(|code| code.value.clone()),
            callback: self.callback.clone(),
            steps: &self.exchange.answers,
            scopes: self.account.scopes.join(" "),
            client: self.account.token_client(matches!(self.spec.auth, Auth::OAuth2ClientCredentials(_))),
            call: received,
            base_path: String::new(),
            now,
            random: None,
        }
    }

    /// Notes whether a credential that a request carries is still good.
    pub(crate) fn note_use(
        &self,
        checks: &mut Checks,
        received: &ReceivedRequest,
        usage: TokenUse,
        now: i64,
        refused: RefusalKind,
    ) {
        let texts = texts(received);
        let carried =
            self.grants.tokens.iter().rev().find(|token| texts.iter().any(|text| text.contains(&token.value)));
        let Some(token) = carried else { return };
        let problem = self.grants.token_problem(&token.value, usage, now);
        let what = if usage == TokenUse::Refresh { "the refresh token" } else { "the token" };
        let check = Check {
            what: what.to_owned(),
            expected: "a good one".to_owned(),
            got: problem.unwrap_or("a good one").to_owned(),
            ok: problem.is_none(),
        };
        checks.note(check.ok, refused, check.what, check.expected, check.got);
    }
}

/// The texts of a request in which a credential may stand: header values, decoded parameters, the body.
pub(crate) fn texts(received: &ReceivedRequest) -> Vec<String> {
    let headers = received.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let query = received.query().into_iter().map(|(_, value)| value);
    let form = received.form().into_iter().map(|(_, value)| value);
    headers.chain(query).chain(form).chain([received.body_text(), received.url.path().to_owned()]).collect()
}
