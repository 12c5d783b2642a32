//! Proving a credential before it is kept, and the hooks around a connection's life.
//!
//! The entry's own hook decides where there is one, else `proxy.verification`: its endpoints are called in order until
//! one answers 2xx, with a body that is no error (`keyway.errors`). Nothing is stored unless one does. Each has one
//! time for its head and its body together. Nothing is tried again, because a person is waiting.

use super::keyway::Keyway;
use crate::account::Account;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::hooks::{self, Context};
use crate::mask::Masker;
use crate::request::{Call, verification};
use crate::response::errors;
use crate::send::{self, SINGLE_CALL_TIMEOUT};
use crate::transport::Response;
use std::sync::Arc;
use tokio::time::Instant;

/// How much of a refusal is read for the error; within the time of the whole call.
const MAX_ERROR_BODY: usize = 64 << 10;

/// Runs the entry's hook before a connection is made, and proves its credential: by the entry's hook, else by its
/// probe.
pub(super) async fn before(keyway: &Keyway, account: &mut Account) -> Result<()> {
    let spec = account.spec;
    let failed = |error: Error| error.provider(spec.key).stage(Stage::Verify);
    if let Some(name) = spec.scripts.pre_connection_creation {
        hook(name, keyway, account).await.transpose().map_err(failed)?;
    }
    if let Some(name) = spec.scripts.credentials_verification
        && hook(name, keyway, account).await.transpose().map_err(failed)?.is_some()
    {
        return Ok(());
    }
    probe(keyway, account).await.map_err(failed)
}

/// Runs the entry's hook after a connection was made. It cannot undo that: its errors are logged.
pub(super) async fn after(keyway: &Keyway, account: &mut Account) {
    logged(account.spec.scripts.post_connection, keyway, account).await;
}

/// Runs the entry's hook before a connection is removed. It cannot prevent that: its errors are logged.
pub(super) async fn before_deletion(keyway: &Keyway, account: &mut Account) {
    logged(account.spec.scripts.pre_connection_deletion, keyway, account).await;
}

async fn logged(name: Option<&str>, keyway: &Keyway, account: &mut Account) {
    let Some(name) = name else { return };
    if let Some(Err(error)) = hook(name, keyway, account).await {
        tracing::warn!(provider = account.spec.key, hook = name, error = error.message(), "a hook failed");
    }
}

/// Runs a hook, and keeps what it learnt; `None`, logged, where the program registered none.
async fn hook(name: &str, keyway: &Keyway, account: &mut Account) -> Option<Result<()>> {
    let context = Context { engine: Arc::clone(keyway.engine()), account: account.clone() };
    let Some(outcome) = hooks::run(&keyway.inner.hooks, name, &context).await else {
        tracing::info!(provider = account.spec.key, hook = name, "the entry names a hook that is not registered");
        return None;
    };
    Some(outcome.map(|metadata| account.store_metadata(metadata)))
}

/// Calls the entry's endpoints until one answers 2xx; the error is the first one's.
async fn probe(keyway: &Keyway, account: &Account) -> Result<()> {
    let engine = keyway.engine();
    let moment = engine.moment()?;
    let calls = verification::calls(&account.inputs(&moment))?;
    let mut first = None;
    for call in calls {
        let deadline = Instant::now() + SINGLE_CALL_TIMEOUT;
        let outcome = match send::once(engine, account, &call).await {
            Ok(response) => match judged(account, &call, response, deadline).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            Err(error) => error,
        };
        first.get_or_insert(outcome);
    }
    first.map_or(Ok(()), Err)
}

/// An error unless an answer proves the credential.
async fn judged(account: &Account, call: &Call, response: Response, deadline: Instant) -> Result<()> {
    let (mut response, mut status) = (response, None);
    if send::may_tell_error(account.spec, &response) {
        let read = send::beginning(account.spec, &call.method, response, errors::MAX_BODY, deadline).await;
        let (whole, beginning) = read?;
        (response, status) = (whole, beginning.counts_as);
        // The status of a refusal is a verdict; that of a success is one once the body contradicts nothing.
        if beginning.is_late && response.status().is_success() {
            let message = "the body of the answer, which tells whether it is an error, did not come in time";
            return Err(Error::new(ErrorKind::Timeout, message).sent(true));
        }
    }
    if status.is_none() && response.status().is_success() {
        return Ok(());
    }
    let status = status.unwrap_or(response.status().as_u16());
    Err(refused(account, response, status, deadline).await)
}

/// The error of an answer that counts as a status.
async fn refused(account: &Account, response: Response, counts_as: u16, deadline: Instant) -> Error {
    let status = response.status().as_u16();
    // The status is the verdict: a body that does not come in time, or breaks off, takes nothing from it.
    let ahead = response.into_body().beginning_until(MAX_ERROR_BODY, deadline).await;
    let said = Masker::new(&account.secrets()).text(&String::from_utf8_lossy(ahead.read()));
    let message = match counts_as {
        401 => "the provider does not accept this credential: check what was entered",
        403 => "the credential may not read what proves it: give it that right, or import it without verification",
        429 | 500.. => "the provider could not check the credential now: try again",
        _ => "the provider did not confirm the credential",
    };
    Error::new(ErrorKind::NotVerified, message).sent(true).response(status, said)
}
