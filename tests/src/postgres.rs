//! A PostgreSQL server of the tests' own: made in a temporary folder, on a loopback port, gone with its process.
//!
//! `KEYWAY_POSTGRES=required` makes its absence a failure, as CI does; `KEYWAY_POSTGRES_BIN` names the folder of its
//! programs. Test packages that cannot depend on `keyway-tests` include this file by its path.
#![allow(dead_code, unreachable_pub, reason = "each test that includes this file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "in a test it is the assertion")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The role that stores are opened as: no superuser.
pub const ROLE: &str = "keyway";
/// Its password.
pub const PASSWORD: &str = "password-canary";

/// A running server.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
    /// Stops the server and removes the folder when its input ends, however this process does.
    keeper: Child,
    databases: AtomicUsize,
}

impl Cluster {
    /// Starts one; `None`, which is said, where PostgreSQL is not installed.
    pub fn start() -> Option<Cluster> {
        Cluster::start_with(&[], &[])
    }

    /// The same with lines of its configuration, and with files beside its data: names and contents.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Option<Cluster> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let Some(bin) = programs() else {
            let required = std::env::var_os("KEYWAY_POSTGRES").is_some_and(|value| value == "required");
            assert!(!required, "PostgreSQL is not installed, and KEYWAY_POSTGRES=required");
            super::shared::skip("PostgreSQL is not installed (Debian: `postgresql`)");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("keyway-postgres-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        own(&folder);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let data = folder.join("data");
        quiet(
            unprivileged(&bin.join("initdb"))
                .arg("-D")
                .arg(&data)
                .args(["-U", "postgres", "-A", "scram-sha-256"])
                .args(["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--pwfile", &secret(&folder)]),
        );
        for (name, content) in files {
            let path = data.join(name);
            std::fs::write(&path, content).unwrap();
            own(&path);
        }
        let mut configuration = std::fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        let socket = folder.display();
        writeln!(
            configuration,
            "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{socket}'\nfsync = off"
        )
        .unwrap();
        for line in settings {
            writeln!(configuration, "{line}").unwrap();
        }
        let keeper = keep(&bin, &folder);
        let cluster = Cluster { folder, bin, port, keeper, databases: AtomicUsize::new(0) };
        cluster.sql("postgres", &format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'"));
        Some(cluster)
    }

    /// The URL of a new, empty database that belongs to [`ROLE`].
    pub fn database(&self) -> String {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER {ROLE}"));
        self.url(ROLE, PASSWORD, &name)
    }

    /// The URL of a database as a role.
    pub fn url(&self, role: &str, password: &str, database: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements as the superuser, and gives back what they print: rows without decoration.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-qAtX", "-v", "ON_ERROR_STOP=1", "-d"]).arg(self.url("postgres", "super", database));
        let output = psql.args(["-c", statements]).output().unwrap();
        assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Stops and starts it; `fast` ends sessions in order, `immediate` as a crash does.
    pub fn restart(&self, mode: &str) {
        self.control(&["restart", "-m", mode]);
    }

    /// Stops it.
    pub fn stop(&self) {
        self.control(&["stop", "-m", "fast"]);
    }

    /// Starts it again.
    pub fn start_again(&self) {
        self.control(&["start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = unprivileged(&self.bin.join("pg_ctl"));
        command.arg("-D").arg(self.folder.join("data")).arg("-l").arg(self.folder.join("log")).args(["-w", "-s"]);
        quiet(command.args(arguments));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended_already = self.keeper.wait();
    }
}

/// Starts the server, and a shell that ends it.
fn keep(bin: &Path, folder: &Path) -> Child {
    let script = r#"
        "$0/pg_ctl" -D "$1/data" -l "$1/log" -w -s start </dev/null && echo ready
        cat >/dev/null
        "$0/pg_ctl" -D "$1/data" -s -m immediate stop
        rm -rf "$1/data" "$1"/* "$1"/.s*; rmdir "$1"
    "#;
    let mut command = unprivileged(Path::new("sh"));
    command.args(["-c", script]).arg(bin).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut keeper = command.stderr(Stdio::null()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert_eq!(said, "ready\n", "the server did not start: {}", log());
    keeper
}

/// A program as a user that PostgreSQL runs as: not root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program).current_dir("/");
    command
}

/// Makes a file or folder that user's, and only its.
fn own(path: &Path) {
    if is_root() {
        quiet(Command::new("chown").arg("postgres:postgres").arg(path));
    }
    quiet(Command::new("chmod").arg("go-rwx").arg(path));
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}

fn secret(folder: &Path) -> String {
    let path = folder.join("superuser");
    std::fs::write(&path, "super\n").unwrap();
    own(&path);
    path.display().to_string()
}

fn quiet(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The folder of `initdb`, `pg_ctl` and `psql`: the newest of Debian's, or what the search path says.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("KEYWAY_POSTGRES_BIN") {
        return Some(PathBuf::from(folder));
    }
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    let newest = debian.max_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        version.unwrap_or(0)
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest.or_else(|| std::env::split_paths(&path).find(|folder| folder.join("initdb").exists()))
}
