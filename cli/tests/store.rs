//! `keyway store`: each command on a real file that is good, damaged, locked, foreign, sealed with another key, of a
//! newer schema, or on a disk that is full. What fails says why, and leaves every file as it was.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway::connection::{Connection, ConnectionKey, RefreshState};
use keyway::credentials::Credentials;
use keyway::integration::IntegrationRecord;
use keyway::seal::SealingKey;
use keyway::store::{ConnectionQuery, Registration, RegistrationKey, Sqlite, Store};
use keyway::{Secret, clock::Timestamp};
use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

const PASSPHRASE: &str = "correct horse battery";
const VARIABLES: [&str; 6] = [
    "KEYWAY_API_KEY",
    "KEYWAY_ENCRYPTION_KEY",
    "KEYWAY_NEW_ENCRYPTION_KEY",
    "KEYWAY_EXPORT_KEY",
    "KEYWAY_EXPORT_PASSPHRASE",
    "KEYWAY_LOG",
];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn connection(integration: &str, id: &str) -> Connection {
    let mut refresh = RefreshState::default();
    refresh.failures = 3;
    refresh.retry_at = Some(instant(9));
    refresh.exhausted = id == "c1";
    Connection::new(ConnectionKey::new(integration, id), "acme", instant(1000))
        .config(BTreeMap::from([("team".to_owned(), "config-canary".to_owned())]))
        .metadata(serde_json::Map::from_iter([("note".to_owned(), serde_json::json!([1.5, "metadata-canary"]))]))
        .credentials(Credentials::basic("ann", format!("password-canary of {id}")))
        .refresh(refresh)
        .updated_at(instant(2000))
}

fn integration(key: &str) -> IntegrationRecord {
    IntegrationRecord::without_scopes(key, "acme")
        .id(format!("id-{key}"))
        .client_id("client")
        .client_secret(Secret::new("client-canary"))
        .custom(BTreeMap::from([("k".to_owned(), Secret::new("custom-canary"))]))
}

/// A folder with the store `keyway.db`, its key, and records of every kind.
struct World(tempfile::TempDir);

impl World {
    /// A copy of one that is made once.
    fn new() -> World {
        static FILLED: LazyLock<World> = LazyLock::new(World::filled);
        let world = World(tempfile::tempdir().unwrap());
        for (name, bytes) in FILLED.files() {
            fs::write(world.path(&name), bytes).unwrap();
        }
        world
    }

    fn filled() -> World {
        let world = World(tempfile::tempdir().unwrap());
        let key = SealingKey::generate().unwrap();
        fs::write(world.path("keyway.db.key"), key.to_base64().expose()).unwrap();
        let store = Sqlite::open(world.path("keyway.db"), key).unwrap();
        block_on(async {
            for key in ["a", "b"] {
                store.insert_integration(integration(key)).await.unwrap();
                for number in 0..600 {
                    store.put_connection(connection(key, &format!("c{number}")), None).await.unwrap();
                }
            }
            let key = RegistrationKey::new("b", "https://issuer.example", "r");
            let answer = Secret::new(r#"{"client_secret":"registered-canary"}"#);
            let client = Registration::new(key, "registered", answer);
            store.put_registration(client).await.unwrap();
        });
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        for name in VARIABLES {
            command.env_remove(name);
        }
        command.current_dir(self.0.path()).arg("store").args(args).stdin(Stdio::null());
        command.env("KEYWAY_EXPORT_PASSPHRASE", PASSPHRASE);
        command
    }

    /// Runs a command; whatever comes of it, no secret is printed.
    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().unwrap(), args)
    }

    fn key(&self, name: &str) -> SealingKey {
        SealingKey::from_base64(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }

    /// Everything that is in a store.
    fn records(&self, name: &str) -> Vec<String> {
        let store = Sqlite::open(self.path(name), self.key(&format!("{name}.key"))).unwrap();
        block_on(async {
            let mut all = Vec::new();
            for integration in store.integrations().await.unwrap() {
                let clients = store.registrations(&integration.key, None, 9).await.unwrap();
                all.extend(clients.iter().map(|client| format!("{client:?} {}", client.answer.expose())));
                let secret = integration.client_secret.as_ref().map(|secret| secret.expose().to_owned());
                all.push(format!("{integration:?} {secret:?}"));
            }
            for listing in store.connections(ConnectionQuery::first(10_000)).await.unwrap() {
                let connection = store.connection(&listing.key).await.unwrap().unwrap();
                let inputs: Vec<_> =
                    connection.credentials.inputs.values().map(|one| one.expose().to_owned()).collect();
                all.push(format!("{:?} {inputs:?}", connection.epoch(0)));
            }
            all
        })
    }

    /// The files that are there, with their contents.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let name = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let entries = fs::read_dir(self.0.path()).unwrap().map(Result::unwrap);
        let lasting = entries.filter(|entry| !name(entry).ends_with("-wal") && !name(entry).ends_with("-shm"));
        lasting.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
    }
}

#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    text: String,
}

impl Ran {
    fn of(output: &Output, args: &[&str]) -> Ran {
        let text = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert!(
            !text.contains("canary") && !text.contains(PASSPHRASE) && !text.contains("panicked"),
            "{args:?}: {text}"
        );
        Ran { code: output.status.code(), text }
    }

    fn expect(&self, code: i32, part: &str) {
        assert_eq!(self.code, Some(code), "{}", self.text);
        assert!(self.text.contains(part), "`{part}` is not in: {}", self.text);
    }
}

#[test]
fn a_good_store_is_verified_described_copied_and_moved() {
    let world = World::new();
    world
        .run(&["verify"])
        .expect(0, "2 integrations, 1200 connections, 1 registered client, 0 tickets: every value opens");
    world.run(&["info"]).expect(0, &world.key("keyway.db.key").id());
    let before = world.records("keyway.db");
    assert_eq!(before.len(), 1203);

    // A server has the store open, and has not written everything back to the file.
    let open = Sqlite::open(world.path("keyway.db"), world.key("keyway.db.key")).unwrap();
    world.run(&["backup", "copy.db"]).expect(0, "copy.db is a copy");
    world.run(&["export", "all.export"]).expect(0, "1200 connections");
    drop(open);
    for name in ["copy.db", "all.export"] {
        assert_eq!(fs::metadata(world.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        let bytes = fs::read(world.path(name)).unwrap();
        assert!(!bytes.windows(6).any(|part| part == b"canary"), "{name}");
    }
    fs::copy(world.path("keyway.db.key"), world.path("copy.db.key")).unwrap();
    assert_eq!(world.records("copy.db"), before);
    world.run(&["import", "all.export", "--store", "new.db"]).expect(0, "1203 records written, 0 were there already");
    assert_eq!(world.records("new.db"), before);
    assert_ne!(world.key("new.db.key").id(), world.key("keyway.db.key").id());
    world.run(&["migrate", "new.db", "moved.db"]).expect(0, "1200 connections");
    assert_eq!(world.records("moved.db"), before);
    assert_eq!(world.records("keyway.db"), before);
}

#[test]
fn a_rotated_store_opens_with_the_new_key_alone() {
    let world = World::new();
    let (before, old) = (world.records("keyway.db"), world.key("keyway.db.key"));
    let open = Sqlite::open(world.path("keyway.db"), old.clone()).unwrap();
    world.run(&["rotate-key"]).expect(2, "is in use by another process: stop `keyway serve`");
    drop(open);
    assert_eq!(world.records("keyway.db"), before, "the old key is still the one");
    world.run(&["rotate-key"]).expect(0, "sealed with the key");
    let new = world.key("keyway.db.key");
    assert_ne!(new.id(), old.id());
    assert_eq!(world.records("keyway.db"), before);
    assert!(Sqlite::open(world.path("keyway.db"), old.clone()).is_err());
    assert_eq!(world.key(&format!("keyway.db.key.{}", old.id())).id(), old.id());
    assert!(!world.path("keyway.db.key.next").exists());

    // The key of an environment is replaced by one of an environment.
    let by_environment = |given: Option<&SealingKey>| {
        let mut command = world.command(&["rotate-key"]);
        command.env("KEYWAY_ENCRYPTION_KEY", new.to_base64().expose());
        if let Some(given) = given {
            command.env("KEYWAY_NEW_ENCRYPTION_KEY", given.to_base64().expose());
        }
        Ran::of(&command.output().unwrap(), &["rotate-key"])
    };
    by_environment(None).expect(2, "KEYWAY_NEW_ENCRYPTION_KEY");
    by_environment(Some(&old)).expect(0, "set KEYWAY_ENCRYPTION_KEY");
    assert!(Sqlite::open(world.path("keyway.db"), old).is_ok());
}

/// Killed at some moment of a rotation, a store opens with the keys that are on the disk, and the next rotation works.
#[test]
fn a_rotation_killed_at_any_moment_leaves_a_store_that_opens() {
    let world = World::new();
    let before = world.records("keyway.db");
    for milliseconds in (0..240).step_by(12) {
        let mut child = world.command(&["rotate-key"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        world.run(&["verify"]).expect(0, "every value opens");
    }
    world.run(&["rotate-key"]).expect(0, "sealed with the key");
    assert_eq!(world.records("keyway.db"), before);
}

#[test]
fn what_the_store_has_is_kept_or_replaced_as_it_is_said() {
    let world = World::new();
    world.run(&["export", "all.export"]).expect(0, "");
    let before = world.records("keyway.db");
    let change = || {
        let store = Sqlite::open(world.path("keyway.db"), world.key("keyway.db.key")).unwrap();
        block_on(async {
            let mut read = store.connection(&ConnectionKey::new("a", "c7")).await.unwrap().unwrap();
            (read.credentials, read.provider) = (Credentials::basic("ann", "changed"), "changed".to_owned());
            let epoch = read.epoch;
            store.put_connection(read, Some(epoch)).await.unwrap();
            store.delete_connection(&ConnectionKey::new("b", "c8")).await.unwrap();
        });
    };
    change();
    world.run(&["import", "all.export"]).expect(2, "say `--merge` to keep them, or `--replace`");
    let merged = world.run(&["import", "all.export", "--merge"]);
    merged.expect(1, "connection `c7` of `a` is another one in the store, and was kept");
    merged.expect(1, "1 records written, 1201 were there already");
    world.run(&["import", "all.export", "--replace"]).expect(0, "1 records written");
    assert_eq!(world.records("keyway.db"), before);
    world.run(&["migrate", "keyway.db", "keyway.db"]).expect(2, "the two stores are one");
}

/// A file that is not as it was changes nothing, whatever is wrong with it.
#[test]
fn an_export_that_is_not_whole_is_refused_before_anything_is_written() {
    let world = World::new();
    world.run(&["export", "all.export"]).expect(0, "");
    let whole = fs::read(world.path("all.export")).unwrap();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let piece = 4 + 37 + 64 * 1024;
    let (header, end) = (32, whole.len());
    let swapped = [
        &whole[..header],
        &whole[header + piece..header + 2 * piece],
        &whole[header..header + piece],
        &whole[header + 2 * piece..],
    ];
    for (bytes, message) in [
        (whole[..end - 1].to_vec(), "damaged or not whole"),
        (whole[..header + piece].to_vec(), "damaged or not whole"),
        (whole[..header].to_vec(), "damaged or not whole"),
        ([&whole[..], b"x"].concat(), "damaged or not whole"),
        (swapped.concat(), "damaged or not whole"),
        (changed(end - 20), "damaged or not whole"),
        (changed(header + piece + 100), "damaged or not whole"),
        (changed(20), "not the one that it was sealed with"),
        (changed(0), "no file that `keyway store export` wrote"),
        (changed(14), "format 0"),
        (changed(15), ""),
        (Vec::new(), "no file that `keyway store export` wrote"),
        (fs::read(world.path("keyway.db")).unwrap(), "no file that `keyway store export` wrote"),
    ] {
        fs::write(world.path("bad.export"), bytes).unwrap();
        world.run(&["import", "bad.export", "--store", "new.db"]).expect(2, message);
        assert!(!world.path("new.db").exists(), "{message}");
    }
    let mut other = world.command(&["import", "all.export", "--store", "new.db"]);
    let other = other.env("KEYWAY_EXPORT_PASSPHRASE", "another passphrase").output().unwrap();
    Ran::of(&other, &["import"]).expect(2, "not the one that it was sealed with");
}

/// What is wrong with a store, and what each command says of it. No file is changed by one that fails.
#[test]
fn what_cannot_be_read_is_said_and_left_as_it_is() {
    type Harm = fn(&World);
    /// A command, its exit code and what it says.
    type Expected = (&'static str, i32, &'static str);
    let edit = |world: &World, statement: &str| {
        rusqlite::Connection::open(world.path("keyway.db")).unwrap().execute_batch(statement).unwrap();
    };
    let foreign: Harm = |world| {
        fs::remove_file(world.path("keyway.db")).unwrap();
        let other = rusqlite::Connection::open(world.path("keyway.db")).unwrap();
        other.execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    };
    let cut: Harm = |world| {
        let bytes = fs::read(world.path("keyway.db")).unwrap();
        fs::write(world.path("keyway.db"), &bytes[..bytes.len() / 2]).unwrap();
    };
    let newer: Harm = |world| {
        let database = rusqlite::Connection::open(world.path("keyway.db")).unwrap();
        database.pragma_update(None, "user_version", 99).unwrap();
    };
    let table: [(&str, Harm, [Expected; 5]); 7] = [
        (
            "no store",
            |world| fs::remove_file(world.path("keyway.db")).unwrap(),
            ["verify", "backup", "rotate-key", "export", "info"].map(|command| (command, 2, "there is no store")),
        ),
        (
            "some text",
            |world| fs::write(world.path("keyway.db"), "text that is no database at all ".repeat(99)).unwrap(),
            ["verify", "backup", "rotate-key", "export", "info"].map(|command| (command, 2, "is not a Keyway store")),
        ),
        (
            "another program's database",
            foreign,
            ["verify", "backup", "rotate-key", "export", "info"].map(|command| (command, 2, "is not a Keyway store")),
        ),
        (
            "another key",
            |world| {
                let key = SealingKey::generate().unwrap().to_base64();
                fs::write(world.path("keyway.db.key"), key.expose()).unwrap();
            },
            [
                ("verify", 2, "sealed with the key"),
                ("backup", 0, "is a copy"),
                ("rotate-key", 2, "sealed with the key"),
                ("export", 2, "sealed with the key"),
                ("info", 0, "1200 connections"),
            ],
        ),
        (
            "a newer schema",
            newer,
            [
                ("verify", 2, "newer version of Keyway"),
                ("backup", 0, "is a copy"),
                ("rotate-key", 2, "newer version of Keyway"),
                ("export", 2, "newer version of Keyway"),
                ("info", 0, "of a newer version"),
            ],
        ),
        (
            "half of a file",
            cut,
            [
                ("verify", 2, "damaged"),
                ("backup", 2, "damaged"),
                ("rotate-key", 2, "damaged"),
                ("export", 2, "damaged"),
                ("info", 2, "damaged"),
            ],
        ),
        (
            "no key",
            |world| fs::remove_file(world.path("keyway.db.key")).unwrap(),
            [
                ("verify", 2, "put the key back"),
                ("backup", 0, "is a copy"),
                ("rotate-key", 2, "put the key back"),
                ("export", 2, "put the key back"),
                ("info", 0, "1200 connections"),
            ],
        ),
    ];
    for (name, harm, commands) in table {
        for (command, code, message) in commands {
            let world = World::new();
            harm(&world);
            let before = world.files();
            let args: &[&str] = match command {
                "backup" => &["backup", "new"],
                "export" => &["export", "new"],
                _ => &[command],
            };
            let ran = world.run(args);
            assert_eq!(ran.code, Some(code), "{name}, {command}: {}", ran.text);
            assert!(ran.text.contains(message), "{name}, {command}: {}", ran.text);
            let mut after = world.files();
            if code == 0 {
                after.remove("new");
            }
            if command == "rotate-key" {
                // Keys that were made are kept: the next rotation goes on with them.
                after.retain(|file, _| !file.starts_with("keyway.db.key."));
            }
            assert!(after == before, "{name}, {command}: {:?} became {:?}", before.keys(), after.keys());
        }
    }

    let world = World::new();
    edit(&world, "UPDATE connections SET provider = 'mallory' WHERE id = 'c5' AND integration = 'id-a'");
    edit(&world, "UPDATE integrations SET allowed_hosts = '[\"mallory.net\"]' WHERE key = 'b'");
    let found = world.run(&["verify"]);
    found.expect(1, "connection `c5` of `a`: the stored `config` does not open");
    found.expect(1, "integration `b`: the stored `custom` does not open");
    found.expect(1, "2 findings");
    world.run(&["export", "new"]).expect(2, "does not open");
    world.run(&["rotate-key"]).expect(2, "does not open");
    assert!(!world.path("new").exists());
}

#[test]
fn a_store_that_another_process_holds_is_said_to_be_locked() {
    let world = World::new();
    let holder = rusqlite::Connection::open(world.path("keyway.db")).unwrap();
    holder.execute_batch("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; UPDATE epoch SET last = last + 1").unwrap();
    for args in [&["verify"][..], &["backup", "new"], &["rotate-key"], &["export", "new"], &["info"]] {
        let ran = world.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.text);
        assert!(ran.text.contains("another process"), "{args:?}: {}", ran.text);
    }
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    world.run(&["verify"]).expect(0, "every value opens");
    assert!(!world.path("new").exists());
}

/// A limit of the size of files stands for a disk that is full: a write fails after so many blocks.
#[test]
fn a_full_disk_loses_nothing() {
    let world = World::new();
    world.run(&["export", "all.export"]).expect(0, "");
    let before = world.records("keyway.db");
    let keyway = env!("CARGO_BIN_EXE_keyway");
    let imported = "import all.export --store imported.db";
    for args in ["backup new", "export new", "rotate-key", "migrate keyway.db new.db", imported] {
        let mut shell = Command::new("sh");
        for name in VARIABLES {
            shell.env_remove(name);
        }
        let script = format!("trap '' XFSZ; ulimit -f 100; exec '{keyway}' store {args}");
        let output =
            shell.args(["-c", &script]).current_dir(world.0.path()).env("KEYWAY_EXPORT_PASSPHRASE", PASSPHRASE);
        let ran = Ran::of(&output.output().unwrap(), &[args]);
        assert_eq!(ran.code, Some(2), "{args}: {}", ran.text);
        assert!(!world.path("new").exists(), "{args}");
        assert_eq!(world.records("keyway.db"), before, "{args}");
        world.run(&["verify"]).expect(0, "every value opens");
    }
    // With room again it goes on from whatever is there.
    world.run(&["import", "all.export", "--store", "imported.db"]).expect(0, "records written");
    assert_eq!(world.records("imported.db"), before);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let world = World::new();
    fs::write(world.path("taken"), "precious").unwrap();
    for command in ["backup", "export"] {
        world.run(&[command, "taken"]).expect(2, "exists already and is left as it is");
        world.run(&[command, "no/such/folder/file"]).expect(2, "cannot write");
    }
    assert_eq!(fs::read(world.path("taken")).unwrap(), b"precious");
    for (passphrase, message) in [("short", "at least 12 characters"), ("", "there is no terminal to ask at")] {
        let mut command = world.command(&["export", "new"]);
        let output = command.env("KEYWAY_EXPORT_PASSPHRASE", passphrase).output().unwrap();
        Ran::of(&output, &["export"]).expect(2, message);
    }
    assert!(!Path::new(&world.path("new")).exists());
}
