//! Proving a credential before it is kept, and the hooks around a connection's life.
//!
//! The entry's own hook decides where there is one, else `proxy.verification`: its endpoints are called in order until
//! one answers 2xx. Nothing is stored unless one does. Each has one time for its head and its body together. Nothing
//! is retried, because the caller is waiting.

use crate::connection::Connection;
use crate::connection::accept::learn;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::hooks::{self, Context};
use crate::integration::IntegrationRecord;
use crate::mask::Masker;
use crate::parts::{Parts, inputs, secrets};
use crate::pipeline;
use crate::request::verification;
use keyway_spec::ProviderSpec;
use std::sync::Arc;
use tokio::time::Instant;

/// How much of a refusal is read for the error; within the time of the whole call.
const LARGEST_ERROR: usize = 64 << 10;

/// Runs the entry's hook before a connection is made, and proves its credential: by the entry's hook, else by its
/// probe.
pub(super) async fn before(
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &mut Connection,
) -> Result<()> {
    let failed = |error: Error| error.provider(spec.key).stage(Stage::Verify);
    if let Some(name) = spec.scripts.pre_connection_creation {
        hook(name, parts, spec, integration, connection).await.transpose().map_err(failed)?;
    }
    if let Some(name) = spec.scripts.credentials_verification
        && hook(name, parts, spec, integration, connection).await.transpose().map_err(failed)?.is_some()
    {
        return Ok(());
    }
    probe(parts, spec, integration, connection).await.map_err(failed)
}

/// Runs the entry's hook after a connection was made. It cannot undo that: its errors are logged.
pub(super) async fn after(
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &mut Connection,
) {
    let Some(name) = spec.scripts.post_connection else { return };
    if let Some(Err(error)) = hook(name, parts, spec, integration, connection).await {
        tracing::warn!(provider = spec.key, hook = name, error = error.message(), "a hook failed");
    }
}

/// Runs the entry's hook before a connection is removed. It cannot prevent that: its errors are logged.
pub(super) async fn before_deletion(
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &mut Connection,
) {
    let Some(name) = spec.scripts.pre_connection_deletion else { return };
    if let Some(Err(error)) = hook(name, parts, spec, integration, connection).await {
        tracing::warn!(provider = spec.key, hook = name, error = error.message(), "a hook failed");
    }
}

/// Runs a hook, and keeps what it learnt; `None`, logged, where the program registered none.
async fn hook(
    name: &str,
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &mut Connection,
) -> Option<Result<()>> {
    let context =
        Context { parts: Arc::clone(parts), spec, integration: integration.clone(), connection: connection.clone() };
    let Some(outcome) = hooks::run(name, &context).await else {
        tracing::info!(provider = spec.key, hook = name, "the entry names a hook that is not registered");
        return None;
    };
    Some(outcome.map(|learnt| learn(spec, connection, learnt)))
}

/// Calls the entry's endpoints until one answers 2xx; the error is the first one's.
async fn probe(
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &Connection,
) -> Result<()> {
    let moment = parts.moment()?;
    let calls = verification::calls(&inputs(spec, integration, connection, &moment))?;
    let mut first = None;
    for call in calls {
        let deadline = Instant::now() + pipeline::SINGLE_TIMEOUT;
        let outcome = match pipeline::once_as(parts, spec, integration, connection, &call).await {
            Ok(response) if response.status().is_success() => return Ok(()),
            Ok(response) => refused(spec, integration, connection, response, deadline).await,
            Err(error) => error,
        };
        first.get_or_insert(outcome);
    }
    first.map_or(Ok(()), Err)
}

async fn refused(
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    connection: &Connection,
    response: http::Response<crate::transport::Body>,
    deadline: Instant,
) -> Error {
    let status = response.status().as_u16();
    // The status is the verdict: a body that does not come in time, or breaks off, takes nothing from it.
    let body = tokio::time::timeout_at(deadline, response.into_body().beginning(LARGEST_ERROR)).await;
    let body = body.ok().and_then(Result::ok).map(|(beginning, _)| beginning).unwrap_or_default();
    let said = Masker::new(&secrets(spec, integration, connection)).text(&String::from_utf8_lossy(&body));
    let message = match status {
        401 => "the provider does not accept this credential: check what was entered",
        403 => "the credential may not read what proves it: give it that right, or import it without verification",
        429 | 500.. => "the provider could not check the credential now: try again",
        _ => "the provider did not confirm the credential",
    };
    Error::new(ErrorKind::NotVerified, message).sent(true).response(status, said)
}
