//! The exit codes of commands.

use std::io;
use std::process::ExitCode;

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is well.
    Clean = 0,
    /// At least one error in the input, or a warning where warnings are denied.
    Findings = 1,
    /// The command cannot be carried out as it was given.
    Usage = 2,
    /// A mistake in keyway.
    Internal = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    /// For the user: what is wrong, and what to do.
    pub(crate) message: String,
    /// The exit code of the process.
    pub(crate) exit: Exit,
}

impl Failure {
    /// The user can correct it.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), exit: Exit::Usage }
    }
}

/// Output that cannot be written. A reader that has seen enough (`keyway check | head`) is not a failure.
pub(crate) fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::usage(format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}
