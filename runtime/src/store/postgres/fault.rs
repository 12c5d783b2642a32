//! What stops an operation, whether it is begun again, and what the operator is told.
//!
//! An operation is begun again only if it cannot have been committed, or if committing it twice is the same. No message
//! holds the URL or its password.

use crate::error::{Error, ErrorKind, Stage};
use deadpool_postgres::{PoolError, TimeoutType};
use std::time::Duration;
use tokio_postgres::error::SqlState;

pub(super) type Result<T> = std::result::Result<T, Fault>;

/// What stops an operation: ours, or the database's.
#[derive(Debug)]
pub(super) enum Fault {
    Ours(Error),
    /// Nothing was committed.
    Database(tokio_postgres::Error),
    /// The line was lost when a change may have been committed.
    Unsure(tokio_postgres::Error),
    /// No connection became free in time.
    Full,
    /// It took longer than it may.
    Late,
}

impl Fault {
    /// The fault of a statement that changes something by itself, or of a commit.
    pub(super) fn of_commit(error: tokio_postgres::Error) -> Fault {
        // An answer from a server that lives on is certain.
        let certain = error.code().is_some_and(|code| !ends_the_session(code));
        if certain { Fault::Database(error) } else { Fault::Unsure(error) }
    }

    /// The fault of a change that may be made twice.
    pub(super) fn of_repeatable(error: tokio_postgres::Error) -> Fault {
        Fault::Database(error)
    }

    /// True if the database refused a row because of this constraint.
    pub(super) fn breaks(&self, constraint: &str) -> bool {
        let (Fault::Database(error) | Fault::Unsure(error)) = self else { return false };
        error.as_db_error().and_then(tokio_postgres::error::DbError::constraint) == Some(constraint)
    }

    /// The error that names the database and says what to do.
    pub(super) fn at(self, name: &str) -> Error {
        let (error, unsure) = match self {
            Fault::Ours(error) => return error.stage(Stage::Store),
            Fault::Full => {
                let message = format!(
                    "every connection to the store `{name}` is in use: try again later, or allow more with \
                     `max_connections` in its URL"
                );
                return unavailable(message);
            }
            Fault::Late => {
                let message = format!("the store `{name}` did not answer in time: check the database and the network");
                return unavailable(message);
            }
            Fault::Database(error) => (error, false),
            Fault::Unsure(error) => (error, true),
        };
        if error.code() == Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE)
            || error.code() == Some(&SqlState::UNTRANSLATABLE_CHARACTER)
        {
            let message = "the store takes no text with a NUL character in it: leave it out";
            return Error::new(ErrorKind::InvalidValue, message).stage(Stage::Store);
        }
        let advice = match error.code() {
            Some(code) => advice(code),
            None if unsure => "the line was lost while a change was written: read it again before you repeat it",
            None => "check that it runs, that it can be reached, and that TLS is set up as its URL says",
        };
        unavailable(format!("the store `{name}` failed: {advice}")).source(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Ours(error)
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Fault {
        Fault::Database(error)
    }
}

impl From<PoolError> for Fault {
    fn from(error: PoolError) -> Fault {
        match error {
            PoolError::Backend(error) => Fault::Database(error),
            PoolError::Timeout(TimeoutType::Wait) => Fault::Full,
            _ => Fault::Late,
        }
    }
}

/// How often an operation was begun.
#[derive(Default)]
pub(super) struct Tries(usize);

impl Tries {
    /// How long to wait before each further try: together long enough for a database that is restarted.
    const PAUSES: [Duration; 5] = [
        Duration::from_millis(10),
        Duration::from_millis(100),
        Duration::from_millis(300),
        Duration::from_millis(600),
        Duration::from_secs(1),
    ];

    /// True if the operation is to be begun again; waits before it says so.
    pub(super) async fn again(&mut self, fault: &Fault) -> bool {
        let Fault::Database(error) = fault else { return false };
        let passes = error.code().map_or_else(|| is_of_the_line(error), passes);
        let Some(pause) = Tries::PAUSES.get(self.0).filter(|_| passes) else { return false };
        self.0 += 1;
        tokio::time::sleep(*pause).await;
        true
    }
}

/// True if the line was lost, or could not be made.
fn is_of_the_line(error: &tokio_postgres::Error) -> bool {
    let is_io = std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>()).is_some();
    error.is_closed() || is_io
}

fn ends_the_session(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(code)
}

/// True if the reason passes by itself.
fn passes(code: &SqlState) -> bool {
    ends_the_session(code)
        || [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::TOO_MANY_CONNECTIONS]
            .contains(code)
}

fn advice(code: &SqlState) -> &'static str {
    if [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION].contains(code) {
        "it refused the role: check the user and the password (in the URL, `PGPASSWORD` or `password_file`), and \
         `pg_hba.conf`"
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        "there is no such database: create it, or name another one in the URL"
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        "the role may not do that: give it the rights that the page on Postgres lists"
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        "it takes no more connections: raise its `max_connections`, or lower the one in the URL"
    } else if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE {
        "it was busy for too long: try again later, and look for a long transaction in `pg_stat_activity`"
    } else if *code == SqlState::DISK_FULL {
        "its disk is full: make room and try again"
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        "it is read-only: name the primary, not a standby"
    } else if ends_the_session(code) {
        "it is stopping or starting: try again later"
    } else {
        "see the cause"
    }
}

fn unavailable(message: String) -> Error {
    Error::new(ErrorKind::StoreUnavailable, message).stage(Stage::Store)
}
