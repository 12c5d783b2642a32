//! A server as a process, which can be killed, stopped and started again at the same address.
#![allow(dead_code, reason = "each test that includes this file uses a part of it")]

use keyway_tests::client::Client;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) const API_KEY: &str = "kw_00000000000000000000000000000000";
pub(crate) const SEALING_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// What the servers have in common.
pub(crate) struct Setup {
    folder: Arc<TempDir>,
    store: String,
    public_url: Option<String>,
}

/// One of them. Killed when it is dropped.
pub(crate) struct Node {
    child: Child,
    pub(crate) name: String,
    address: String,
    /// Its words when it started.
    pub(crate) banner: String,
    output: BufReader<ChildStdout>,
}

/// The program; another build of it, such as one with a fault in it, where the environment names one.
fn binary() -> String {
    std::env::var("KEYWAY_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_keyway").to_owned())
}

impl Setup {
    pub(crate) fn new(store: String, catalogue: &str) -> Setup {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("vendor.yaml"), catalogue).unwrap();
        Setup { folder: Arc::new(folder), store, public_url: None }
    }

    /// The address of the load balancer before them.
    pub(crate) fn public_url(mut self, url: String) -> Setup {
        self.public_url = Some(url);
        self
    }

    /// The same on another store.
    pub(crate) fn on(&self, store: &str) -> Setup {
        Setup { folder: Arc::clone(&self.folder), store: store.to_owned(), public_url: self.public_url.clone() }
    }

    /// Another command in their folder, with their keys: how it ended, and what it wrote.
    pub(crate) fn keyway(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).args(arguments).env("KEYWAY_ENCRYPTION_KEY", SEALING_KEY);
        let ran = command.env_remove("PGPASSWORD").stdin(Stdio::null()).output().unwrap();
        (ran.status, String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// Starts a server at an address; port 0 is a free one.
    pub(crate) fn start(&self, name: &str, address: &str) -> Node {
        self.try_start(name, address).unwrap_or_else(|printed| panic!("it ended: {printed}{}", self.logged(name)))
    }

    /// The same. The error is what a server printed that ended at once; its log has the reason.
    pub(crate) fn try_start(&self, name: &str, address: &str) -> Result<Node, String> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log(name)).unwrap();
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).args(["serve", "--catalogue", "vendor.yaml", "--listen", address]);
        command.args(["--allow-private-hosts", "--allow-http", "--store", &self.store]);
        command.args(["--user-agent", &format!("node/{name}")]);
        if let Some(url) = &self.public_url {
            command.args(["--public-url", url]);
        }
        command.env("KEYWAY_API_KEY", API_KEY).env("KEYWAY_ENCRYPTION_KEY", SEALING_KEY).env("KEYWAY_LOG", "debug");
        command.env_remove("PGPASSWORD").env_remove("RUST_LOG");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !banner.contains("curl ") {
            if lines.read_line(&mut banner).unwrap() == 0 {
                child.wait().unwrap();
                return Err(banner);
            }
        }
        let address = banner.lines().next().unwrap().rsplit('/').next().unwrap().to_owned();
        Ok(Node { child, name: name.to_owned(), address, banner, output: lines })
    }

    /// The log of a server.
    pub(crate) fn logged(&self, name: &str) -> String {
        fs::read_to_string(self.log(name)).unwrap_or_default()
    }

    /// Where the store is: a file in the folder, or the URL of a database.
    pub(crate) fn store(&self) -> &str {
        &self.store
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Node {
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A caller with the API key.
    pub(crate) fn client(&self) -> Client {
        self.anyone().with("authorization", &format!("Bearer {API_KEY}"))
    }

    /// A browser, or a vendor.
    pub(crate) fn anyone(&self) -> Client {
        Client::new(format!("http://{}", self.address))
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// True once a signal stopped every thread; where the system does not show that, at once.
    pub(crate) fn is_stopped(&self) -> bool {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let is_running = |thread: fs::DirEntry| {
            let status = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            status.rsplit(") ").next().is_some_and(|state| !state.starts_with(['T', 't']))
        };
        threads.map_or(true, |mut threads| !threads.any(|thread| thread.is_ok_and(is_running)))
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has, and what it printed after its start.
    pub(crate) fn ended(&mut self) -> Option<(ExitStatus, String)> {
        let status = self.child.try_wait().unwrap()?;
        let mut printed = String::new();
        self.output.read_to_string(&mut printed).unwrap();
        Some((status, printed))
    }

    /// Ends it without warning, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}
