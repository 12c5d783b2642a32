//! The rig: `keyway serve` beside nginx, haproxy and bare hyper proxies, each a process of its own, in turns.
//!
//! ```text
//! wrk -> keyway serve | nginx | haproxy | hyper -> nginx (1 KiB)
//! ```
//!
//! Every round loads each proxy for one turn, so that what else the machine does meets all of them. Printed are, per
//! proxy, the medians over the rounds: CPU time a request (user and system, of the process and its children, by the
//! kernel's accounting), requests a second, the 50th and 99th percentile, resident memory, and their ratios to nginx.
//! The CPU time of wrk and of the upstream does not count. `tests/bench/serve` builds and runs it.

mod accounts;
mod bare;
mod load;
mod options;
mod process;
mod proxies;
mod report;
mod tools;
mod upstream;

use clap::Parser;
use options::Options;
use proxies::Proxy;
use report::Turn;
use std::process::ExitCode;
use std::time::Duration;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The error of a rig: a text for its user.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let outcome = match bare::from_arguments() {
        Some(bare) => bare.run(),
        None => run(&Options::parse()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    tools::required(options)?;
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let upstream = upstream::Upstream::start(folder.path(), options)?;
    let proxies = proxies::start(folder.path(), options, &upstream)?;
    let script = accounts::script(folder.path(), options)?;
    println!("{}", options.described());
    for connections in &options.connections {
        let mut turns: Vec<Vec<Turn>> = proxies.iter().map(|_| Vec::new()).collect();
        for proxy in &proxies {
            load::load(proxy.address, *connections, Duration::from_secs(1), script.as_deref())?;
        }
        for round in 0..options.rounds {
            for (proxy, turns) in proxies.iter().zip(&mut turns) {
                let turn = measured(proxy, *connections, options, script.as_deref())?;
                if options.verbose {
                    println!("  round {round} {}: {turn}", proxy.name);
                }
                turns.push(turn);
            }
        }
        report::print(*connections, &proxies, &turns);
    }
    Ok(())
}

/// One turn of one proxy.
fn measured(proxy: &Proxy, connections: usize, options: &Options, script: Option<&std::path::Path>) -> Result<Turn> {
    let before = proxy.process.usage()?;
    let load = load::load(proxy.address, connections, Duration::from_secs(options.seconds), script)?;
    let after = proxy.process.usage()?;
    Ok(Turn { cpu: after.cpu.saturating_sub(before.cpu), resident: after.resident, load })
}
