//! The operator's set-up of one provider: the client, its scopes, the hosts it trusts.

use crate::clock::Clock;
use crate::error::Result;
use crate::secret::Secret;
use crate::sign::digest::sha256_hex;
use data_encoding::HEXLOWER;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::UnknownOutcome;
use serde::Serialize;
use std::collections::BTreeMap;

/// An integration as it is stored.
///
/// [`IntegrationRecord::new`] has the entry's default scopes, [`IntegrationRecord::without_scopes`] has none; setters
/// named like the fields complete it.
///
/// ```
/// # use keyway_core::integration::IntegrationRecord;
/// # use keyway_spec::ProviderSpec;
/// # let spec = ProviderSpec { key: "acme", default_scopes: &["read"], ..ProviderSpec::EMPTY };
/// let record = IntegrationRecord::new("acme-eu", &spec) // the spec is in the catalogue
///     .client_id("client-id")
///     .client_secret("client-secret")
///     .allowed_hosts(["eu.acme.example"]);
/// assert_eq!((record.provider.as_str(), record.scopes.as_slice()), ("acme", &["read".to_owned()][..]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntegrationRecord {
    /// Its permanent identity, and the last segment of its redirect URI. Assigned on creation and never changed: a
    /// store keeps it, whatever a later record says. Empty before that.
    pub id: String,
    /// Its key, by default the provider's. Renaming keeps the connections.
    pub key: String,
    /// The provider's key in the catalogue.
    pub provider: String,
    /// The OAuth client id.
    pub client_id: Option<String>,
    /// The OAuth client secret.
    pub client_secret: Option<Secret>,
    /// Scopes to ask for. Empty: none, whatever the entry's default ones are.
    pub scopes: Vec<String>,
    /// Hosts (or patterns like `*.example.com`) that the operator vouches for: they may receive the operator's
    /// secrets, and API calls where the provider has no base URL of its own.
    pub allowed_hosts: Vec<String>,
    /// Where API calls go instead of the entry's base URL: a sandbox, a server of the operator's own, a mock. A whole
    /// `https:` URL of host and path, no template. Its host must be one of the provider's or of `allowed_hosts`. Where
    /// customers sign in and tokens come from does not change.
    pub base_url: Option<String>,
    /// Values of the provider's `integration_config`, and other operator-owned settings.
    pub custom: BTreeMap<String, Secret>,
    /// The public installation page of an app.
    pub app_link: Option<String>,
    /// True if flows use the plain redirect URI, which other integrations share, instead of one of this integration's
    /// own: for a client that was registered with it. A vendor of one sharing integration can then pass the codes of
    /// another one off as its own (RFC 9700 section 4.4), so it is a choice, and there is none where a customer names
    /// the authorization server.
    pub shared_redirect_uri: bool,
    /// The action after a refresh of unknown outcome; `None` for the entry's own setting.
    pub unknown_outcome: Option<UnknownOutcome>,
}

/// The bytes of an id.
const ID_BYTES: usize = 16;

/// A new id: 128 random bits, in hexadecimal.
pub fn new_id(clock: &dyn Clock) -> Result<String> {
    let mut bytes = [0; ID_BYTES];
    clock.random(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// The id of an integration that a program sets up in code: the same in every process, also without a store that lasts.
pub fn id_in_code(key: &str) -> String {
    sha256_hex(format!("integration {key}").as_bytes()).chars().take(2 * ID_BYTES).collect()
}

impl IntegrationRecord {
    /// An integration of a provider, set up with nothing but the entry's default scopes.
    pub fn new(key: impl Into<String>, spec: &ProviderSpec) -> IntegrationRecord {
        IntegrationRecord {
            key: key.into(),
            provider: spec.key.to_owned(),
            scopes: spec.default_scopes.iter().map(|&scope| scope.to_owned()).collect(),
            ..IntegrationRecord::default()
        }
    }

    /// An integration of the provider with this key, which asks for no scopes.
    pub fn without_scopes(key: impl Into<String>, provider: impl Into<String>) -> IntegrationRecord {
        IntegrationRecord { key: key.into(), provider: provider.into(), ..IntegrationRecord::default() }
    }

    /// Sets the permanent identity, for an integration that moves here from another store.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> IntegrationRecord {
        self.id = id.into();
        self
    }

    /// Sets the key: the same integration under another name.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> IntegrationRecord {
        self.key = key.into();
        self
    }

    /// Sets the OAuth client id.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> IntegrationRecord {
        self.client_id = Some(id.into());
        self
    }

    /// Sets the OAuth client secret.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> IntegrationRecord {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets the scopes to ask for.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> IntegrationRecord {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the hosts that the operator vouches for.
    #[must_use]
    pub fn allowed_hosts<S: Into<String>>(mut self, hosts: impl IntoIterator<Item = S>) -> IntegrationRecord {
        self.allowed_hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// Sets where API calls go instead of the entry's base URL.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> IntegrationRecord {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets all settings of the operator.
    #[must_use]
    pub fn custom(mut self, settings: BTreeMap<String, Secret>) -> IntegrationRecord {
        self.custom = settings;
        self
    }

    /// Sets the public installation page of an app.
    #[must_use]
    pub fn app_link(mut self, link: impl Into<String>) -> IntegrationRecord {
        self.app_link = Some(link.into());
        self
    }

    /// Sets whether flows use the plain redirect URI.
    #[must_use]
    pub fn shared_redirect_uri(mut self, shared: bool) -> IntegrationRecord {
        self.shared_redirect_uri = shared;
        self
    }

    /// Sets what to do after a refresh of unknown outcome.
    #[must_use]
    pub fn unknown_outcome(mut self, outcome: UnknownOutcome) -> IntegrationRecord {
        self.unknown_outcome = Some(outcome);
        self
    }
}

/// What a record says beside its sealed values, and what a store binds them to, so that a record that was changed
/// without the key does not open. A field that is added to the record has to be weighed here.
pub fn in_the_clear(record: &IntegrationRecord) -> impl Serialize + '_ {
    let IntegrationRecord {
        // The place that values are sealed for.
        id: _,
        key,
        provider,
        client_id,
        client_secret,
        scopes,
        allowed_hosts,
        base_url,
        custom: _,
        app_link,
        shared_redirect_uri,
        unknown_outcome,
    } = record;
    // `custom` is sealed itself, and the secret too; that there is one is said here, so that it cannot be taken away.
    let unknown_outcome = unknown_outcome.map(UnknownOutcome::name);
    let text =
        (key, provider, client_id, client_secret.is_some(), scopes, allowed_hosts, app_link, shared_redirect_uri);
    let before = (text, unknown_outcome);
    match base_url {
        // As it was before there were base URLs, so that what was sealed then opens.
        None => InTheClear::Before(before),
        Some(base_url) => InTheClear::WithBaseUrl(before, base_url),
    }
}

/// The two forms of what is said in the clear. One is a pair whose first part is the other, so no two records read the
/// same.
#[derive(Serialize)]
#[serde(untagged)]
enum InTheClear<'a, T> {
    Before(T),
    WithBaseUrl(T, &'a str),
}
