//! The command line of the rig.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Measures `keyway serve` beside nginx, haproxy and bare hyper proxies
#[derive(Parser)]
#[command(name = "tests/bench/serve", max_term_width = 100)]
pub(crate) struct Options {
    /// How many connections wrk keeps open; several, joined by commas, are measured after one another
    #[arg(long, value_delimiter = ',', default_value = "32")]
    pub(crate) connections: Vec<usize>,
    /// How many cores each proxy runs on (by `taskset`); it has as many workers
    #[arg(long, default_value_t = available())]
    pub(crate) cores: usize,
    /// How the upstream is reached
    #[arg(long, value_enum, default_value_t = Scheme::Http)]
    pub(crate) upstream: Scheme,
    /// The length of a turn
    #[arg(long, default_value_t = 2)]
    pub(crate) seconds: u64,
    /// How many turns each proxy has
    #[arg(long, default_value_t = 7)]
    pub(crate) rounds: usize,
    /// What is measured: `keyway`, `nginx`, `haproxy`, `hyper` (work stealing), `hyper-threads` (a runtime a thread)
    #[arg(long, value_delimiter = ',', default_value = "nginx,haproxy,hyper,hyper-threads,keyway")]
    pub(crate) only: Vec<String>,
    /// A binary of keyway and its name in the table; may be repeated, to compare builds in one run
    #[arg(long, value_name = "NAME=PATH")]
    pub(crate) keyway: Vec<String>,
    /// Handed to `keyway serve --store`; by default a file in a temporary folder
    #[arg(long, value_name = "STORE")]
    pub(crate) store: Option<String>,
    /// How many accounts (connections of keyway) are called, each by its `connection-id`
    #[arg(long, default_value_t = 1)]
    pub(crate) accounts: usize,
    /// How often each account is called
    #[arg(long, value_enum, default_value_t = Distribution::Uniform)]
    pub(crate) distribution: Distribution,
    /// Print each turn as well: resident memory over time
    #[arg(long)]
    pub(crate) verbose: bool,
    /// The binary that was built last, where `--keyway` names none
    #[arg(long, hide = true, default_value = "target/release/keyway")]
    pub(crate) built: PathBuf,
    /// Further options of `keyway serve`
    #[arg(last = true)]
    pub(crate) further: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    Http,
    /// TLS 1.3, HTTP/1.1
    Tls,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Distribution {
    Uniform,
    /// The n-th account is called in proportion to 1/n
    Zipf,
}

impl Options {
    /// The binaries of keyway, and their names.
    pub(crate) fn binaries(&self) -> Vec<(String, PathBuf)> {
        if self.keyway.is_empty() {
            return vec![("keyway".to_owned(), self.built.clone())];
        }
        let named = self.keyway.iter().map(|text| match text.split_once('=') {
            Some((name, path)) => (name.to_owned(), path.into()),
            None => ("keyway".to_owned(), text.into()),
        });
        named.collect()
    }

    pub(crate) fn measures(&self, name: &str) -> bool {
        self.only.iter().any(|only| only == name)
    }

    /// The cores of the proxies, as `taskset` reads them.
    pub(crate) fn proxy_cores(&self) -> String {
        listed(0..self.cores)
    }

    /// The cores of wrk and the upstream: those that the proxies leave, or all.
    pub(crate) fn other_cores(&self) -> String {
        let all = available();
        if all > self.cores { listed(self.cores..all) } else { listed(0..all) }
    }

    /// What is measured, in a line.
    pub(crate) fn described(&self) -> String {
        let upstream = if self.upstream == Scheme::Tls { "TLS" } else { "plain HTTP" };
        let distribution = if self.distribution == Distribution::Zipf { "Zipf" } else { "uniform" };
        format!(
            "{} of {} cores, {upstream} upstream, answers of 1 KiB, {} accounts ({distribution}), {} rounds of {} s",
            self.cores,
            available(),
            self.accounts,
            self.rounds,
            self.seconds
        )
    }
}

fn listed(cores: std::ops::Range<usize>) -> String {
    cores.map(|core| core.to_string()).collect::<Vec<_>>().join(",")
}

fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
