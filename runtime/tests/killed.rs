//! A process that is killed while it writes loses nothing that it acknowledged.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

use keyway::connection::{Connection, ConnectionKey};
use keyway::credentials::Credentials;
use keyway::integration::IntegrationRecord;
use keyway::seal::SealingKey;
use keyway::store::{Sqlite, Store};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Tells a copy of this test binary which file to write to; the key travels beside it.
const FILE: &str = "KEYWAY_TEST_FILE";
const KEY: &str = "KEYWAY_TEST_KEY";

#[test]
fn every_acknowledged_write_survives_a_kill() {
    if let (Ok(file), Ok(key)) = (std::env::var(FILE), std::env::var(KEY)) {
        return write_for_ever(Path::new(&file), SealingKey::from_base64(&key).unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keyway.db");
    let key = SealingKey::generate().unwrap();
    let mut last_epoch = 0;
    // Killed after a different number of acknowledgements each time: while opening, early, late.
    for kill_after in [0, 1, 2, 7, 40, 41] {
        let acknowledged = run_and_kill(&file, &key, kill_after);
        let store = Sqlite::open(&file, key.clone()).unwrap();
        for (id, epoch) in &acknowledged {
            assert!(*epoch > last_epoch, "epochs grow over kills");
            last_epoch = *epoch;
            let stored = block_on(store.connection(&ConnectionKey::new("acme", id))).unwrap().unwrap();
            assert!(stored.epoch >= *epoch, "{id}");
            assert_eq!(stored.credentials, Credentials::api_key(format!("key-of-{id}")));
        }
        drop(store);
        let check: String = rusqlite::Connection::open(&file)
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(check, "ok");
    }
    assert!(last_epoch >= 91, "every run wrote: {last_epoch}");
}

/// Runs the writer, reads that many acknowledgements, kills it, and reads what it still managed to say.
fn run_and_kill(file: &Path, key: &SealingKey, kill_after: usize) -> Vec<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["every_acknowledged_write_survives_a_kill", "--exact", "--nocapture"])
        .env(FILE, file)
        .env(KEY, key.to_base64().expose())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut read = |acknowledged: &mut Vec<(String, u64)>| {
        let line = lines.next()?.unwrap();
        if let Some((id, epoch)) = line.strip_prefix("wrote ").and_then(|rest| rest.split_once(' ')) {
            acknowledged.push((id.to_owned(), epoch.parse().unwrap()));
        }
        Some(())
    };
    while acknowledged.len() < kill_after {
        read(&mut acknowledged).expect("the writer goes on until it is killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    while read(&mut acknowledged).is_some() {}
    acknowledged
}

fn write_for_ever(file: &Path, key: SealingKey) {
    let store = Sqlite::open(file, key).unwrap();
    let record = IntegrationRecord::without_scopes("acme", "acme");
    // It is there already in all runs but the first.
    let _ = block_on(store.insert_integration(record));
    let now = keyway::clock::Timestamp::from_second(1_700_000_000).unwrap();
    for number in 0_u64.. {
        let id = format!("{}", number % 10);
        let key = ConnectionKey::new("acme", &id);
        let expected = block_on(store.connection(&key)).unwrap().map(|stored| stored.epoch);
        let connection = Connection::new(key, "acme", now).credentials(Credentials::api_key(format!("key-of-{id}")));
        let epoch = block_on(store.put_connection(connection, expected)).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nwrote {id} {epoch}").unwrap();
        out.flush().unwrap();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
