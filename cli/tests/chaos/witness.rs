//! The state of the store at the moment when a server came to a halt: what that server had stored by then, and which
//! attempt it left behind, without a guess about time.

use super::cause::StoredLate;
use super::entries::{CONNECTIONS, VendorKind, account};
use super::node::SEALING_KEY;
use keyway::clock::Timestamp;
use keyway::connection::ConnectionKey;
use keyway::seal::SealingKey;
use keyway::store::{Postgres, PostgresOptions, Sqlite, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A store that a server is being started at may be locked for a moment, and for as long as the server is stopped.
const MAX_READS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// The refresh token of a connection in the store, and the end of the lease under which it is being redeemed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) token: String,
    pub(crate) lease: Option<Instant>,
}

/// A reader of the store beside the servers.
pub(crate) struct Witness(Arc<dyn Store>);

impl Witness {
    /// Opens the store, which a server has made.
    pub(crate) async fn of(store: &str, folder: &Path) -> Witness {
        let key = SealingKey::from_base64(SEALING_KEY).unwrap();
        if PostgresOptions::is_url(store) {
            let options = PostgresOptions::parse(store).unwrap();
            return Witness(Arc::new(Postgres::connect(options, key).await.unwrap()));
        }
        Witness(Arc::new(Sqlite::open(folder.join(store), key).unwrap()))
    }

    /// Every connection whose refresh token is replaced by its use.
    pub(crate) async fn held(&self) -> BTreeMap<usize, Held> {
        let mut held = BTreeMap::new();
        for connection in (0..CONNECTIONS).filter(|own| VendorKind::of(*own).rotates()) {
            held.extend(self.read(connection).await.map(|own| (connection, own)));
        }
        held
    }

    async fn read(&self, connection: usize) -> Option<Held> {
        let key = ConnectionKey::new(VendorKind::of(connection).key(), account(connection));
        let mut said = String::new();
        for _ in 0..MAX_READS {
            match self.0.connection(&key).await {
                Ok(found) => {
                    let found = found?;
                    let token = found.credentials.token?.refresh?.expose().to_owned();
                    return Some(Held { token, lease: found.refresh.intent.map(at) });
                }
                Err(error) => said = error.to_string(),
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the store cannot be read beside the servers: {said}")
    }
}

/// The words of a server that stored what a renewal brought when its lease was over.
const STORED_LATE: &str = "reached the store when its lease was over";

/// What a log says of outcomes that were stored late.
pub(crate) fn stored_late(node: &str, log: &str) -> Vec<StoredLate> {
    let said = log.lines().filter(|line| line.contains(STORED_LATE));
    let read = said.filter_map(|line| {
        let when: Timestamp = line.split_whitespace().next()?.parse().ok()?;
        let is_of = |kind: &VendorKind| line.contains(&format!("integration=\"{}\"", kind.key()));
        Some(StoredLate { node: node.to_owned(), kind: VendorKind::all().find(is_of)?, at: at(when) })
    });
    read.collect()
}

/// The moment of an instant of the machine's clock.
pub(crate) fn at(instant: Timestamp) -> Instant {
    let (now, away) = (Instant::now(), instant.duration_since(Timestamp::now()));
    let moment =
        if away.is_negative() { now.checked_sub(away.unsigned_abs()) } else { now.checked_add(away.unsigned_abs()) };
    moment.unwrap_or(now)
}

#[test]
fn a_log_says_which_outcomes_were_stored_late() {
    let line = "WARN keyway.renewal{keyway.integration=\"steady\"}: keyway::refresh::renew: what a refresh brought reached \
                the store when its lease was over: another process may have sent the refresh token again \
                provider=\"windowed\" integration=\"windowed\"";
    let log = format!("2020-01-01T00:00:00.000001Z  INFO started\n{}  {line}\n", Timestamp::now());
    let found = stored_late("n1", &log);
    assert!(matches!(&found[..], [late] if late.kind == VendorKind::Windowed && late.node == "n1"), "{found:?}");
    assert!(found[0].at.elapsed() < Duration::from_secs(60));
}
