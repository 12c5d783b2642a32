//! Hooks: code that an entry refers to by name, for what data cannot express.
//!
//! An entry names them (`post_connection_script` and its siblings); a program registers code under the name. A hook
//! sees one connection and sends calls as that connection, through the same request building and the same egress check
//! as every call. What it learns about the account becomes configuration, where it fits the entry's own fields.
//!
//! Implement [`Hook`], and register it with [`crate::Builder::hook`]. When hooks run is decided in [`crate::client`].
//! No entry of the shipped catalogue needs one.

use crate::account::Account;
use crate::connection::{ConfigMap, Connection};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::request::{Call, CallBody};
use crate::send;
use crate::transport::{Body, BoxFuture};
use http::Response;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

/// The time limit of one hook.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// Code that an entry asks for by name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a hook",
    label = "a hook is a type of its own",
    note = "write `impl keyway::hooks::Hook for ...`, whose `run` gets the connection as a context"
)]
pub trait Hook: Debug + Send + Sync + 'static {
    /// Runs for one connection. What it gives back becomes the connection's configuration.
    ///
    /// An error refuses the credential where the hook verifies it or runs before the connection is made; elsewhere it
    /// is logged and nothing else. A hook has [`TIMEOUT`].
    fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<ConfigMap>>;
}

/// The connection that a hook runs for. Not yet stored where the hook decides whether it will be.
#[derive(Debug)]
pub struct Context {
    pub(crate) engine: Arc<Engine>,
    pub(crate) account: Account,
}

impl Context {
    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.account.connection
    }

    /// The provider.
    pub fn provider(&self) -> &'static ProviderSpec {
        self.account.spec
    }

    /// Sends a call as the connection, once; the response whatever its status.
    pub async fn send(&self, call: &Call) -> Result<Response<Body>> {
        if matches!(call.body, CallBody::Stream) {
            let message = "a hook's call has no stream: give it a body that is there";
            return Err(Error::new(crate::ErrorKind::InvalidRequest, message).sent(false));
        }
        send::once(&self.engine, &self.account, call).await
    }
}

/// The hooks of a program, by name.
pub(crate) type Hooks = BTreeMap<String, Arc<dyn Hook>>;

/// Runs the hook of a name; `None` where the program has none.
pub(crate) async fn run(hooks: &Hooks, name: &str, context: &Context) -> Option<Result<ConfigMap>> {
    let hook = hooks.get(name)?;
    let outcome = tokio::time::timeout(TIMEOUT, hook.run(context)).await;
    Some(outcome.unwrap_or_else(|_| {
        let message = format!("the hook `{name}` took more than {} seconds", TIMEOUT.as_secs());
        Err(Error::new(crate::ErrorKind::Timeout, message).provider(context.account.spec.key))
    }))
}
