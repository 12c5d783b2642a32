//! The look-ups of an entry, made once for a connection: what the vendor says about the account becomes configuration.
//!
//! Where the account is several and nothing says which one is meant, the connection is not made yet: what was granted
//! waits behind a token for [`Keyway::choose`], because a code is good once. The list is asked for again then, so that
//! a choice is held to what the vendor says at that moment.

use super::connect::{Verification, blank, used};
use super::flow::{exposed, secrets};
use super::keyway::Keyway;
use super::over::CHOICE_OVER;
use super::tickets::{self, Tickets};
use crate::account::Account;
use crate::auth::lookup::{self, Chosen, LookedUp};
use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::exchange::exchange;
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::quirks::Lookup;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The time that a person has to choose.
const CHOICE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// A connection that waits for a choice, as its ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiting {
    choice_integration: String,
    integration_id: String,
    id: String,
    /// The configuration that the choice is about.
    field: String,
    config: ConfigMap,
    metadata: serde_json::Map<String, serde_json::Value>,
    inputs: BTreeMap<String, String>,
    assertion_options: BTreeMap<String, String>,
    obtained: BTreeMap<String, String>,
    token: Option<WaitingToken>,
    verify: bool,
    session: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitingToken {
    access: String,
    refresh: Option<String>,
    /// RFC 3339.
    expires_at: Option<String>,
    raw: Option<String>,
}

impl Keyway {
    /// Makes the connection that waits for a choice: an error of the kind [`ErrorKind::ChoiceNeeded`], of
    /// [`Keyway::finish`] or another way to connect, has the token and the values in
    /// [`Evidence::choices`](crate::error::Evidence::choices).
    ///
    /// The token is good for a quarter of an hour, and until the connection is made: a value that is not in the
    /// provider's list is [`ErrorKind::InvalidValue`] and may be tried again. Where the entry looks up more than one
    /// thing, another choice may follow.
    pub async fn choose(&self, token: &str, value: &str) -> Result<Connection> {
        let (keyway, id, value) = (self.clone(), tickets::id(token), value.to_owned());
        let request = pkce::fingerprint(&value);
        let ticket = id.clone();
        let work = async move { keyway.chosen(&ticket, &value).await };
        self.inner.sign_ins.once(id, request, Box::pin(work)).await
    }

    async fn chosen(&self, ticket: &str, value: &str) -> Result<Connection> {
        let engine = self.engine();
        let tickets = Tickets(engine);
        let waiting: Waiting = tickets.find(ticket).await?.as_ref().and_then(tickets::read).ok_or_else(unknown)?;
        if let Some(session) = &waiting.session
            && tickets.find(session).await?.is_none()
        {
            return Err(used());
        }
        let (key, id) = (&waiting.choice_integration, &waiting.integration_id);
        let (integration, spec) = engine.integration_of(key, id).await?;
        let key = ConnectionKey::new(integration.key.as_str(), waiting.id.as_str());
        let mut config = waiting.config.clone();
        config.insert(waiting.field.clone(), value.to_owned());
        let (verification, session) = (waiting.verification(), waiting.session.clone());
        let mut connection = blank(engine, key, spec, config).metadata(waiting.metadata.clone());
        connection.credentials = waiting.credentials();
        let account = engine.account((integration, spec), connection);
        let connected = self.connect(account, None, verification, session.as_deref()).await?;
        let _good_once = tickets.take(ticket).await?;
        Ok(connected)
    }

    /// Makes the look-ups of an account and takes what they say into its configuration. With
    /// [`Verification::Skip`], a look-up whose every value was given is left out.
    pub(super) async fn look_up(
        &self,
        account: &mut Account,
        verification: Verification,
        session: Option<&str>,
    ) -> Result<()> {
        let lookups = account.spec.quirks.map_or(&[][..], |quirks| quirks.lookups);
        if lookups.is_empty() {
            return Ok(());
        }
        let before = self.engine().store().await?.connection(&account.connection.key).await?;
        let before = before.map(|connection| connection.config).unwrap_or_default();
        for lookup in lookups {
            let is_given = |(name, _): &(&str, &str)| account.connection.config.contains_key(*name);
            if verification == Verification::Skip && lookup.set.iter().all(is_given) {
                continue;
            }
            let found = match self.looked_up(account, lookup, &before).await {
                Err(error) if lookup::may_be_missing(lookup, &error) => {
                    let kind = error.kind().code();
                    tracing::debug!(provider = account.spec.key, error = kind, "an optional look-up failed");
                    continue;
                }
                found => found,
            };
            match found.map_err(|error| error.provider(account.spec.key).stage(Stage::Lookup))? {
                LookedUp::Found(values) => account.store_metadata(values),
                LookedUp::Several(mut choices) => {
                    choices.token = Some(self.wait(account, &choices.field, verification, session).await?);
                    return Err(lookup::needed(choices).provider(account.spec.key).stage(Stage::Lookup));
                }
            }
        }
        Ok(())
    }

    async fn looked_up(&self, account: &Account, lookup: &Lookup, before: &ConfigMap) -> Result<LookedUp> {
        let engine = self.engine();
        let moment = engine.moment()?;
        let inputs = account.inputs(&moment);
        let value = |config: &ConfigMap| {
            let value = config.get(lookup.choosing_field()?);
            value.filter(|value| !value.is_empty()).cloned()
        };
        let (given, before) = (value(&account.connection.config), value(before));
        let chosen = Chosen { given: given.as_deref(), before: before.as_deref() };
        exchange(engine, account, |answers| lookup::step(&inputs, lookup, chosen, answers)).await
    }

    /// Keeps what was granted until a choice is made. Gives the token that makes it.
    async fn wait(
        &self,
        account: &Account,
        field: &str,
        verification: Verification,
        session: Option<&str>,
    ) -> Result<Secret> {
        let waiting = Waiting::new(account, field, verification, session);
        let token = pkce::unguessable(&*self.engine().clock)?;
        Tickets(self.engine()).issue(token.expose(), &waiting, CHOICE_LIFETIME).await?;
        let integration = &account.connection.key.integration;
        self.carry_way_back(session, integration, &tickets::id(token.expose()), None, CHOICE_LIFETIME).await?;
        Ok(token)
    }
}

impl Waiting {
    fn new(account: &Account, field: &str, verification: Verification, session: Option<&str>) -> Waiting {
        let Connection { key, config, metadata, credentials, .. } = account.connection.clone();
        let Credentials { inputs, assertion_options, token, obtained, .. } = credentials;
        let text = |secret: Secret| secret.expose().to_owned();
        Waiting {
            choice_integration: key.integration,
            integration_id: account.integration().id.clone(),
            id: key.id,
            field: field.to_owned(),
            config,
            metadata,
            inputs: exposed(inputs),
            assertion_options: exposed(assertion_options),
            obtained: exposed(obtained),
            token: token.map(|token| WaitingToken {
                access: text(token.access),
                refresh: token.refresh.map(text),
                expires_at: token.expires_at.map(|at| at.to_string()),
                raw: token.raw.map(text),
            }),
            verify: verification == Verification::Ask,
            session: session.map(str::to_owned),
        }
    }

    fn verification(&self) -> Verification {
        if self.verify { Verification::Ask } else { Verification::Skip }
    }

    fn credentials(self) -> Credentials {
        let token = self.token.map(|token| {
            let WaitingToken { access, refresh, expires_at, raw } = token;
            let expires_at: Option<Timestamp> = expires_at.and_then(|at| at.parse().ok());
            Token::new(access).refresh(refresh.map(Secret::new)).expires_at(expires_at).raw(raw.map(Secret::new))
        });
        Credentials::submitted(secrets(self.inputs))
            .assertion_options(secrets(self.assertion_options))
            .obtained(secrets(self.obtained))
            .token(token)
    }
}

fn unknown() -> Error {
    Error::new(ErrorKind::InvalidState, CHOICE_OVER)
}
