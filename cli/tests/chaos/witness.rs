//! The state of the store at the moment when a server came to a halt: what that server had stored by then, and which
//! attempt it left behind, without a guess about time.

use super::cause::{Logged, LoggedEvent};
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
pub(crate) const STORED_LATE: &str = "reached the store when its lease was over";

/// And of one that had no answer to a refresh token in the time of an attempt: one limit, or the other.
const TIMED_OUT: [&str; 2] = ["did not answer within", "signing in took more than"];

/// And of one whose store failed.
const STORE_AWAY: &str = "code=\"store_unavailable\"";
/// And of one that closed a connection.
const CLIENT_IDLE: &str = "read header from client timeout";

/// The lines of a log about renewals.
pub(crate) fn logged(node: &str, log: &str) -> Vec<Logged> {
    let read = log.lines().filter_map(|line| {
        let what = if line.contains(STORED_LATE) {
            LoggedEvent::StoredLate
        } else if line.contains("a refresh failed") && TIMED_OUT.iter().any(|words| line.contains(words)) {
            LoggedEvent::TimedOut
        } else if line.contains(STORE_AWAY) {
            LoggedEvent::StoreAway
        } else if line.contains(CLIENT_IDLE) {
            LoggedEvent::ClientIdle
        } else {
            return None;
        };
        let when: Timestamp = line.split_whitespace().next()?.parse().ok()?;
        // The span around it has a field with a longer name.
        let is_of = |kind: &VendorKind| line.contains(&format!(" integration=\"{}\"", kind.key()));
        let kind = VendorKind::all().find(is_of);
        let is_of_any = matches!(what, LoggedEvent::StoreAway | LoggedEvent::ClientIdle);
        let kind = kind.or(is_of_any.then_some(VendorKind::Key))?;
        Some(Logged { node: node.to_owned(), kind, at: at(when), what })
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
fn a_log_says_which_outcomes_were_stored_late_and_which_attempts_had_no_answer() {
    let span = "WARN keyway.renewal{keyway.integration=\"steady\"}: keyway::refresh::renew";
    let of = "provider=\"windowed\" integration=\"windowed\"";
    let log = format!(
        "2020-01-01T00:00:00.000001Z  INFO started\n\
         {now}  {span}: what a refresh brought {STORED_LATE}: another process may have sent it {of}\n\
         {now}  {span}: a refresh failed {of} outcome=Unknown error=the token endpoint {} 12 seconds\n\
         {now}  {span}: a refresh failed {of} outcome=Unknown error=the token endpoint answered 502\n\
         {now}  WARN keyway_server::error: failed {STORE_AWAY} stage=\"store\"\n\
         {now} DEBUG keyway_server::serve::connection: a connection broke off error={CLIENT_IDLE}\n",
        TIMED_OUT[0],
        now = Timestamp::now()
    );
    let found = logged("n1", &log);
    assert!(found.iter().all(|it| it.node == "n1" && it.at.elapsed() < Duration::from_secs(60)));
    let what: Vec<LoggedEvent> = found.iter().map(|it| it.what).collect();
    assert_eq!(what, [LoggedEvent::StoredLate, LoggedEvent::TimedOut, LoggedEvent::StoreAway, LoggedEvent::ClientIdle]);
    assert!(found[..2].iter().all(|it| it.kind == VendorKind::Windowed), "{found:?}");
}
