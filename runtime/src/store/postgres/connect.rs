//! Connections to the database: TLS, limits of time, and the pool that lends them.
//!
//! Each session bounds its statements, its waits for locks and its idle transactions by itself, so what a stopped
//! process left open ends without it.

use super::fault::{Fault, Result};
use super::options::PostgresOptions;
use crate::error::{self, Error, ErrorKind, Stage};
use crate::transport::tls;
use deadpool_postgres::{Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The schema that every table stands in, and the only one that names are looked up in.
pub(super) const SCHEMA: &str = "keyway";

/// The longest time that making a connection may take: TCP, TLS and the login.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an operation waits for a connection to become free.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest time that sent bytes may stay unacknowledged, and a silent line unprobed.
const LINE_TIMEOUT: Duration = Duration::from_secs(20);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const MAX_KEEPALIVES: u32 = 3;

/// What a session does to end what takes too long, in milliseconds: a statement, a wait for a lock, a transaction that
/// its process has forgotten or cannot go on with. The last is shorter than the wait for a lock, so that a stopped
/// process does not make others fail. Statements are planned for their values: a plan for any prefix of an id would
/// sort where a long one is rare, and read everything where it is not.
const SESSION: &str = "-c search_path=keyway -c statement_timeout=10000 -c lock_timeout=8000 \
                       -c idle_in_transaction_session_timeout=5000 -c client_min_messages=warning \
                       -c plan_cache_mode=force_custom_plan";

/// The pool, and what a connection outside of it is made with.
pub(super) struct Database {
    pool: Pool,
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    /// What errors and `Debug` call the database.
    pub(super) name: String,
}

impl Database {
    /// A pool that has no connection yet.
    pub(super) fn new(options: PostgresOptions) -> error::Result<Database> {
        let name = options.to_string();
        let tls = MakeRustlsConnect::new(tls_config(&options)?);
        let mut config = options.config;
        config
            .options(SESSION)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(LINE_TIMEOUT)
            .keepalives_idle(LINE_TIMEOUT)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(MAX_KEEPALIVES);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config.clone(), tls.clone(), recycling))
            .max_size(options.max_connections)
            .wait_timeout(Some(WAIT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .recycle_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::new(ErrorKind::Internal, "the pool cannot be made").source(error))?;
        Ok(Database { pool, config, tls, name })
    }

    /// A connection for one operation.
    pub(super) async fn lend(&self) -> Result<Lent> {
        Ok(Lent(Some(self.pool.get().await?)))
    }
}

/// A connection that goes back to the pool only by [`Lent::give_back`]: one whose operation was given up may still be
/// waiting for its answer, and is closed.
pub(super) struct Lent(Option<Object>);

impl Lent {
    pub(super) fn client(&mut self) -> Result<&mut Client> {
        let gone = || Fault::from(Error::new(ErrorKind::Internal, "a connection was used after it was given back"));
        self.0.as_mut().ok_or_else(gone)
    }

    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

/// Mozilla's authorities, or those of the file that the URL names.
fn tls_config(options: &PostgresOptions) -> error::Result<rustls::ClientConfig> {
    let roots = match &options.root_certificates {
        None => tls::mozilla(),
        Some(path) => {
            let pem = std::fs::read_to_string(path).map_err(|error| {
                let message = format!("cannot read the `sslrootcert` `{}`", path.display());
                Error::new(ErrorKind::InvalidValue, message).stage(Stage::Store).source(error)
            })?;
            tls::with_extra(rustls::RootCertStore::empty(), &pem)?
        }
    };
    tls::config(&Arc::new(roots), None)
}
