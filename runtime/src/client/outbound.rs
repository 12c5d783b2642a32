//! Connections that begin on the vendor's side (`installation: outbound`): pending here until the vendor's webhook
//! brings a code.
//!
//! The vendor's webhook names the account, not the flow, so a pending connection is found by what its customer entered:
//! the webhook holds the value under the field's own name, or under that name and `.id`. Only free-text fields identify
//! an account. One account is waited for by one connection at a time, for a day; a second one is refused, so that no
//! customer takes over the account that another waits for. Whether the account is the customer's own is for the
//! operator to know.
//!
//! Every webhook is authenticated ([`crate::webhook`]).

use super::connect::{Verification, blank, replace};
use super::keyway::Keyway;
use super::tickets::{self, Tickets};
use crate::auth::exchange::{Callback, FlowState, Grant, Returned};
use crate::auth::token_response;
use crate::connection::update::merge;
use crate::connection::{ConfigMap, Connection, ConnectionKey, PENDING, check};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::{self, Trust};
use crate::integration::IntegrationRecord;
use crate::json;
use crate::names;
use crate::secret::Secret;
use crate::webhook;
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use keyway_spec::auth::Outbound;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How long the vendor's webhook is waited for.
const PENDING_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// An installation that a connection waits for, as its ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PendingInstall {
    outbound_integration: String,
    outbound_id: String,
    config: ConfigMap,
}

impl Keyway {
    /// Begins to wait for the vendor's webhook about the account that `config` names. The connection is pending: it has
    /// no credentials, and calls as it say what it waits for. One that works already stays as it is until then.
    pub async fn begin_outbound(&self, key: ConnectionKey, config: ConfigMap, trust: Trust) -> Result<Connection> {
        names::check("the connection's id", &key.id)?;
        let engine = self.engine();
        let (integration, spec) = engine.integration(&key.integration).await?;
        outbound(spec)?;
        webhook::secret(&integration).map_err(|error| error.provider(spec.key))?;
        let config = check::config(spec, config, trust)?;
        let names: Vec<String> = identifying(spec).filter_map(|name| ticket(&key, name, config.get(name)?)).collect();
        if names.is_empty() {
            let message = "no field says which account to wait for: fill in one that the vendor's webhook repeats";
            return Err(Error::new(ErrorKind::MissingValue, message).provider(spec.key));
        }
        let waiting = PendingInstall {
            outbound_integration: key.integration.clone(),
            outbound_id: key.id.clone(),
            config: config.clone(),
        };
        for name in &names {
            self.free(name, &waiting).await.map_err(|error| error.provider(spec.key))?;
        }
        let mut until = engine.clock.now();
        for name in names {
            until = Tickets(engine).issue(&name, &waiting, PENDING_LIFETIME).await?;
        }
        let mut connection = blank(engine, key, spec, config);
        connection.config.insert(PENDING.to_owned(), until.to_string());
        match engine.store().await?.connection(&connection.key).await? {
            Some(working) if !working.config.contains_key(PENDING) => Ok(working),
            _ => replace(engine, connection).await,
        }
    }

    /// True if a webhook of an integration may be read: an error where the integration takes none, or where none of the
    /// values of its headers can be a signature. To be asked before its body is received.
    pub async fn expects_webhook(&self, integration: &str, headers: &[&str]) -> Result<()> {
        let (integration, spec) = self.engine().integration(integration).await?;
        let with_context = |error: Error| error.provider(spec.key).stage(Stage::Webhook);
        outbound(spec).map_err(with_context)?;
        webhook::expect(&integration, headers).map_err(with_context)
    }

    /// Takes a webhook of an integration: its body as it came, and the values of its headers, one of which signs it.
    ///
    /// `None` for a webhook without a code: it is about something else. A code is redeemed once, for the connection
    /// that waits for the account which the webhook names.
    pub async fn complete_outbound(
        &self,
        integration: &str,
        body: &[u8],
        headers: &[&str],
    ) -> Result<Option<Connection>> {
        let (integration, spec) = self.engine().integration(integration).await?;
        let with_context = |error: Error| error.provider(spec.key).stage(Stage::Webhook);
        let rules = outbound(spec).map_err(with_context)?;
        webhook::authenticate(&integration, body, headers).map_err(with_context)?;
        let text = std::str::from_utf8(body).unwrap_or_default();
        let Ok(Value::Object(said)) = json::exact(text) else {
            return Err(with_context(Error::new(ErrorKind::InvalidRequest, "the webhook is not a JSON object")));
        };
        match token_response::captured(&said, rules.code_path) {
            Some((_, code)) if !code.is_empty() => {
                let (keyway, code, rules) = (self.clone(), Secret::from(code), *rules);
                let work = async move { keyway.installed((integration, spec), &rules, &said, &code).await };
                self.inner.sign_ins.to_its_end(Box::pin(work)).await.map(Some).map_err(with_context)
            }
            _ => {
                tracing::info!(
                    provider = spec.key,
                    code_path = rules.code_path,
                    "a webhook without a code: no installation"
                );
                Ok(None)
            }
        }
    }

    /// Redeems the code of an installation for the connection that waits for it.
    async fn installed(
        &self,
        (integration, spec): (IntegrationRecord, &'static ProviderSpec),
        rules: &Outbound,
        said: &Map<String, Value>,
        code: &Secret,
    ) -> Result<Connection> {
        let engine = self.engine();
        let key = ConnectionKey::new(integration.key.as_str(), "");
        let names = identifying(spec).flat_map(|name| [name.to_owned(), format!("{name}.id")].map(|path| (name, path)));
        let mut taken = Vec::new();
        for (name, path) in names {
            let value = token_response::captured(said, &path).map(|(_, value)| value);
            if let Some(ticket) = value.and_then(|value| ticket(&key, name, &value)) {
                taken.extend(Tickets(engine).take(&tickets::id(&ticket)).await?);
            }
        }
        let waiting = taken.iter().find_map(tickets::read::<PendingInstall>).ok_or_else(|| {
            let message = "no connection waits for the account of this installation: begin one, then install again";
            Error::new(ErrorKind::InvalidState, message)
        })?;
        let connected = self.redeem_code((integration, spec), rules, said, code, waiting).await;
        if connected.is_err() {
            // The vendor sends a webhook that failed again.
            for ticket in taken {
                Tickets(engine).restore(Some(ticket)).await;
            }
        }
        connected
    }

    async fn redeem_code(
        &self,
        (integration, spec): (IntegrationRecord, &'static ProviderSpec),
        rules: &Outbound,
        said: &Map<String, Value>,
        code: &Secret,
        waiting: PendingInstall,
    ) -> Result<Connection> {
        let engine = self.engine();
        let captured: ConfigMap =
            rules.metadata.iter().filter_map(|path| token_response::captured(said, path)).collect();
        let captured = fields::validate(spec.connection_config, &captured, Trust::Provider)?;
        let key = ConnectionKey::new(waiting.outbound_integration, waiting.outbound_id);
        let connection = blank(engine, key, spec, merge(spec, waiting.config, captured));
        let callback = Callback::of(code_name(spec), code.expose());
        let (verifier, kept) = (Secret::default(), FlowState::new());
        let returned = Returned { callback: &callback, redirect_uri: "", verifier: &verifier, kept: &kept };
        let account = engine.account((integration, spec), connection);
        self.connect(account, Some(Grant::Returned(returned)), Verification::Ask, None).await
    }

    /// Refuses an account that another connection waits for.
    async fn free(&self, name: &str, ours: &PendingInstall) -> Result<()> {
        let ticket = Tickets(self.engine()).find(&tickets::id(name)).await?;
        match ticket.as_ref().and_then(tickets::read::<PendingInstall>) {
            Some(other) if other.outbound_id != ours.outbound_id => {
                let message = "another connection waits for this account's installation already";
                Err(Error::new(ErrorKind::AlreadyExists, message))
            }
            _ => Ok(()),
        }
    }
}

fn outbound(spec: &ProviderSpec) -> Result<&Outbound> {
    spec.auth.outbound().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, "this provider is not connected from the vendor's side").provider(spec.key)
    })
}

/// The fields whose values tell one account from another.
fn identifying(spec: &ProviderSpec) -> impl Iterator<Item = &str> {
    let fields = spec.connection_config.iter();
    fields.filter(|field| !field.automated && !field.hidden && field.choices.is_empty()).map(|field| field.name)
}

/// What a pending connection is found by. Not a secret: it is redeemed only after the webhook was authenticated.
fn ticket(key: &ConnectionKey, name: &str, value: &str) -> Option<String> {
    let named = || serde_json::to_string(&["outbound", &key.integration, name, value]).ok();
    if value.is_empty() { None } else { named() }
}

fn code_name(spec: &ProviderSpec) -> &str {
    spec.auth.code_flow().map_or("code", |(page, _)| page.code_param)
}
