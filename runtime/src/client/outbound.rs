//! Connections that begin on the vendor's side (`installation: outbound`): pending here until the vendor's webhook
//! brings a code.
//!
//! The vendor's webhook names the account, not the flow, so a pending connection is found by what its customer entered:
//! the webhook holds the value under the field's own name, or under that name and `.id`. Only free-text fields identify
//! an account. One account is waited for by one connection at a time, for a day; a second one is refused, so that it
//! cannot take over the account of the first. Whether the account is the customer's own is for the operator to know.
//!
//! Every webhook is authenticated ([`crate::webhook`]). Not supported: other events of the vendor.

use super::connections::keep;
use super::{Keyway, running, tickets, verify};
use crate::auth::exchange::{Callback, Grant, Kept, Returned};
use crate::auth::{self, pkce, token_response};
use crate::connection::accept::{accept, merge};
use crate::connection::{ConfigMap, Connection, ConnectionKey, PENDING, check};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::{self, Trust};
use crate::integration::IntegrationRecord;
use crate::json;
use crate::names;
use crate::parts::inputs;
use crate::pipeline::token::exchange;
use crate::secret::Secret;
use crate::webhook;
use jiff::SignedDuration;
use keyway_spec::auth::Outbound;
use keyway_spec::{Auth, ProviderSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How long the vendor's webhook is waited for.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// What is waited for, as its ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiting {
    outbound_integration: String,
    outbound_id: String,
    config: ConfigMap,
}

impl Keyway {
    /// Begins to wait for the vendor's webhook about the account that `config` names. The connection is pending: it has
    /// no credentials, and calls as it say what it waits for. One that works already stays as it is until then.
    pub async fn begin_outbound(&self, key: ConnectionKey, config: ConfigMap, trust: Trust) -> Result<Connection> {
        names::check("the connection's id", &key.id)?;
        let (integration, spec) = self.parts.integration(&key.integration).await?;
        outbound(spec)?;
        webhook::secret(&integration).map_err(|error| error.provider(spec.key))?;
        let config = check::config(spec, config, trust)?;
        let names: Vec<String> = identifying(spec).filter_map(|name| ticket(&key, name, config.get(name)?)).collect();
        if names.is_empty() {
            let message = "no field says which account to wait for: fill in one that the vendor's webhook repeats";
            return Err(Error::new(ErrorKind::MissingValue, message).provider(spec.key));
        }
        let waiting = Waiting {
            outbound_integration: key.integration.clone(),
            outbound_id: key.id.clone(),
            config: config.clone(),
        };
        for name in &names {
            self.free(name, &waiting).await.map_err(|error| error.provider(spec.key))?;
        }
        let mut until = self.parts.clock.now();
        for name in names {
            until = self.keep(&name.into(), &waiting, LIFETIME).await?;
        }
        let mut connection = self.blank(key, spec, config);
        connection.config.insert(PENDING.to_owned(), until.to_string());
        match self.parts.store().await?.connection(&connection.key).await? {
            Some(working) if !working.config.contains_key(PENDING) => Ok(working),
            _ => super::connections::replace(&self.parts, connection).await,
        }
    }

    /// Whether a webhook of an integration may be read: an error where the integration takes none, or where none of the
    /// values of its headers can be a signature. To be asked before its body is received.
    pub async fn expects_webhook(&self, integration: &str, headers: &[&str]) -> Result<()> {
        let (integration, spec) = self.parts.integration(integration).await?;
        let placed = |error: Error| error.provider(spec.key).stage(Stage::Webhook);
        outbound(spec).map_err(placed)?;
        webhook::expect(&integration, headers).map_err(placed)
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
        let (integration, spec) = self.parts.integration(integration).await?;
        let placed = |error: Error| error.provider(spec.key).stage(Stage::Webhook);
        let rules = outbound(spec).map_err(placed)?;
        webhook::authenticate(&integration, body, headers).map_err(placed)?;
        let text = std::str::from_utf8(body).unwrap_or_default();
        let Ok(Value::Object(said)) = json::exact(text) else {
            return Err(placed(Error::new(ErrorKind::InvalidRequest, "the webhook is not a JSON object")));
        };
        match token_response::captured(&said, rules.code_path) {
            Some((_, code)) if !code.is_empty() => {
                let (keyway, code, rules) = (self.clone(), Secret::from(code), *rules);
                let work = async move { keyway.installed(spec, &integration, &rules, &said, &code).await };
                running::to_its_end(&self.parts, Box::pin(work)).await.map(Some).map_err(placed)
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
        spec: &'static ProviderSpec,
        integration: &IntegrationRecord,
        rules: &Outbound,
        said: &Map<String, Value>,
        code: &Secret,
    ) -> Result<Connection> {
        let key = ConnectionKey::new(integration.key.as_str(), "");
        let names = identifying(spec).flat_map(|name| [name.to_owned(), format!("{name}.id")].map(|path| (name, path)));
        let mut taken = Vec::new();
        for (name, path) in names {
            let value = token_response::captured(said, &path).map(|(_, value)| value);
            if let Some(ticket) = value.and_then(|value| ticket(&key, name, &value)) {
                taken.extend(self.take(&pkce::fingerprint(&ticket)).await?);
            }
        }
        let waiting = taken.iter().find_map(tickets::read::<Waiting>).ok_or_else(|| {
            let message = "no connection waits for the account of this installation: begin one, then install again";
            Error::new(ErrorKind::InvalidState, message)
        })?;
        let connected = self.connected(spec, integration, rules, said, code, waiting).await;
        if connected.is_err() {
            // The vendor sends a webhook that failed again.
            for ticket in taken {
                self.restore(Some(ticket)).await;
            }
        }
        connected
    }

    async fn connected(
        &self,
        spec: &'static ProviderSpec,
        integration: &IntegrationRecord,
        rules: &Outbound,
        said: &Map<String, Value>,
        code: &Secret,
        waiting: Waiting,
    ) -> Result<Connection> {
        let captured: ConfigMap =
            rules.metadata.iter().filter_map(|path| token_response::captured(said, path)).collect();
        let captured = fields::validate(spec.connection_config, &captured, Trust::Provider)?;
        let key = ConnectionKey::new(waiting.outbound_integration, waiting.outbound_id);
        let mut connection = self.blank(key, spec, merge(spec, waiting.config, captured));
        let callback = Callback::of(code_name(spec), code.expose());
        let (verifier, kept) = (Secret::default(), Kept::new());
        let returned = Returned { callback: &callback, redirect_uri: "", verifier: &verifier, kept: &kept };
        let moment = self.parts.moment()?;
        let inputs = inputs(spec, integration, &connection, &moment);
        let step = |answers: &[_]| auth::step(&inputs, Grant::Returned(returned), answers);
        let granted = exchange(&self.parts, spec, integration, step).await?;
        accept(spec, &mut connection, granted, self.parts.clock.now());
        verify::before(&self.parts, spec, integration, &mut connection).await?;
        keep(&self.parts, spec, integration, connection).await
    }

    /// Refuses an account that another connection waits for.
    async fn free(&self, name: &str, ours: &Waiting) -> Result<()> {
        match self.peek::<Waiting>(name).await? {
            Some(other) if other.outbound_id != ours.outbound_id => {
                let message = "another connection waits for this account's installation already";
                Err(Error::new(ErrorKind::AlreadyExists, message))
            }
            _ => Ok(()),
        }
    }
}

fn outbound(spec: &ProviderSpec) -> Result<&Outbound> {
    match &spec.auth {
        Auth::OAuth2(mode) => mode.outbound.as_ref(),
        _ => None,
    }
    .ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, "this provider is not connected from the vendor's side").provider(spec.key)
    })
}

/// The fields whose values tell one account from another.
fn identifying(spec: &ProviderSpec) -> impl Iterator<Item = &str> {
    let fields = spec.connection_config.iter();
    fields.filter(|field| !field.automated && !field.hidden && field.choices.is_empty()).map(|field| field.name)
}

/// What a pending connection is found by. Not a secret: the webhook is authenticated before it is redeemed.
fn ticket(key: &ConnectionKey, name: &str, value: &str) -> Option<String> {
    let named = || serde_json::to_string(&["outbound", &key.integration, name, value]).ok();
    if value.is_empty() { None } else { named() }
}

fn code_name(spec: &ProviderSpec) -> &str {
    match &spec.auth {
        Auth::OAuth2(mode) => mode.authorization.code_param,
        _ => "code",
    }
}
