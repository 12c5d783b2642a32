//! The schema of the file, step by step, and the number of steps that a file has taken.

use super::Fault;
use rusqlite::{Connection, Transaction};

/// The schema, step by step. `user_version` counts the steps taken; steps are only ever added at the end.
pub(in crate::store) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT;
    CREATE TABLE epoch (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
    INSERT INTO epoch (id, last) VALUES (1, 0);
    CREATE TABLE integrations (
        id TEXT NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        provider TEXT NOT NULL,
        client_id TEXT,
        client_secret BLOB,
        scopes TEXT NOT NULL,
        allowed_hosts TEXT NOT NULL,
        custom BLOB NOT NULL,
        app_link TEXT
    ) STRICT;
    CREATE TABLE connections (
        integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        provider TEXT NOT NULL,
        config BLOB NOT NULL,
        metadata BLOB NOT NULL,
        credentials BLOB NOT NULL,
        last_success INTEGER,
        last_failure INTEGER,
        attempts INTEGER NOT NULL,
        exhausted INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER,
        epoch INTEGER NOT NULL,
        PRIMARY KEY (integration, id)
    ) STRICT;
    CREATE TABLE tickets (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, expires_at INTEGER NOT NULL) STRICT;
    CREATE INDEX tickets_by_expiry ON tickets (expires_at);
",
    "
    ALTER TABLE connections ADD COLUMN intent INTEGER;
",
    // What was registered with vendors until now is the shared redirect URI.
    "
    ALTER TABLE integrations ADD COLUMN shared_redirect_uri INTEGER NOT NULL DEFAULT 1;
",
    "
    CREATE TABLE registrations (
        integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
        issuer TEXT NOT NULL,
        request TEXT NOT NULL,
        client_id TEXT NOT NULL,
        answer BLOB NOT NULL,
        expires_at INTEGER,
        PRIMARY KEY (integration, issuer, request)
    ) STRICT;
",
    // From here on values are bound to their rows (see `store::sealed::bound`): versions that do not know that must not
    // write.
    "",
    "
    ALTER TABLE connections ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE connections ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE connections ADD COLUMN retry_at INTEGER;
    ALTER TABLE integrations ADD COLUMN unknown_outcome TEXT;
",
    // Listings of those that have to connect again, or of the others, in the order of their ids.
    "
    CREATE INDEX connections_by_need ON connections (integration, exhausted, id);
",
    // What was written, for processes that keep in memory what they read (see the module `changes`). The connections of
    // an integration that is deleted are not named one by one: its row is gone when theirs are.
    "
    CREATE TABLE changes (seq INTEGER PRIMARY KEY, integration TEXT NOT NULL, connection TEXT) STRICT;
    CREATE TRIGGER changes_trimmed AFTER INSERT ON changes BEGIN
        DELETE FROM changes WHERE seq <= NEW.seq - 10000;
    END;
    CREATE TRIGGER integration_inserted AFTER INSERT ON integrations BEGIN
        INSERT INTO changes (integration) VALUES (NEW.id);
    END;
    CREATE TRIGGER integration_updated AFTER UPDATE ON integrations BEGIN
        INSERT INTO changes (integration) VALUES (NEW.id);
    END;
    CREATE TRIGGER integration_deleted AFTER DELETE ON integrations BEGIN
        INSERT INTO changes (integration) VALUES (OLD.id);
    END;
    CREATE TRIGGER connection_inserted AFTER INSERT ON connections BEGIN
        INSERT INTO changes (integration, connection) VALUES (NEW.integration, NEW.id);
    END;
    CREATE TRIGGER connection_updated AFTER UPDATE ON connections BEGIN
        INSERT INTO changes (integration, connection) VALUES (NEW.integration, NEW.id);
    END;
    CREATE TRIGGER connection_deleted AFTER DELETE ON connections
    WHEN EXISTS (SELECT 1 FROM integrations WHERE id = OLD.integration) BEGIN
        INSERT INTO changes (integration, connection) VALUES (OLD.integration, OLD.id);
    END;
",
    // Values of an integration with a base URL are bound to that too.
    "
    ALTER TABLE integrations ADD COLUMN base_url TEXT;
",
];

/// Takes the steps that are missing.
pub(super) fn take_missing(tx: &Transaction<'_>) -> Result<(), Fault> {
    for step in MIGRATIONS.iter().skip(taken(tx)?) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    Ok(())
}

/// The number of steps that the file has taken; a file without a schema, none.
pub(super) fn taken(database: &Connection) -> Result<usize, Fault> {
    let version: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}
