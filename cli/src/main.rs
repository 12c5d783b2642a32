//! The `keyway` command: what a person or a build calls.
//!
//! `main` reads the command line and turns what a command says into an exit code; each command is a file of
//! `commands/`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod catalogue;
mod commands;
mod exit;
mod harmless;
mod input;
mod location;
mod sealing;
mod shell;
mod terminal;
mod waiter;
mod whole;

use clap::Parser;
use commands::Command;
use exit::{Exit, Failure};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use terminal::{Color, Terminal};

/// Requests are built, sent and answered on several threads, each freeing what others allocated; the system's allocator
/// makes them wait for each other (figures in `docs/performance.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Check provider descriptions, and turn them into typed clients.
#[derive(Parser)]
#[command(name = "keyway", version, max_term_width = 100)]
struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let Cli { color, command } = Cli::parse();
    let terminal = Terminal::detect(color);
    guarded(&terminal, || command.run(&terminal)).into()
}

/// Runs a command; a failure of any kind ends as a message and an exit code.
fn guarded(terminal: &Terminal, run: impl FnOnce() -> Result<Exit, Failure>) -> Exit {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            terminal.error(&failure.message);
            failure.exit
        }
        // What went wrong, and where, the panic itself has printed.
        Err(_) => {
            let report = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");
            terminal.error(&format!("this is a mistake in keyway, not in your files; please report it at {report}"));
            Exit::Internal
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_way_to_end_has_its_code() {
        let terminal = Terminal::detect(Color::Never);
        assert_eq!(guarded(&terminal, || Ok(Exit::Clean)), Exit::Clean);
        assert_eq!(guarded(&terminal, || Ok(Exit::Findings)), Exit::Findings);
        assert_eq!(guarded(&terminal, || Err(Failure::usage("no"))), Exit::Usage);
        assert_eq!(guarded(&terminal, || panic!("on purpose")), Exit::Internal);
        assert_eq!([Exit::Clean, Exit::Findings, Exit::Usage, Exit::Internal].map(|exit| exit as u8), [0, 1, 2, 3]);
    }
}
