//! The text that a command works on: a file, or standard input.

use crate::exit::Failure;
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of standard input in messages.
pub(crate) const STDIN: &str = "<stdin>";
/// The largest file that is read. The largest known catalogue has 1 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A text and what messages call it.
#[derive(Debug)]
pub(crate) struct Input {
    /// The name.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: String,
}

/// Reads `path`, or standard input for `-`. `usage` is where a file that is not there should be named.
pub(crate) fn read(path: &Path, usage: &str) -> Result<Input, Failure> {
    let name = name(path);
    let bytes = if path.as_os_str() == "-" { limited(io::stdin().lock()) } else { File::open(path).and_then(limited) };
    let bytes = bytes.map_err(|error| Failure::usage(cannot_read(&name, usage, &error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        let limit = MAX_BYTES / 1024 / 1024;
        return Err(Failure::usage(format!("`{name}` is larger than {limit} MiB; is it the right file?")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Input { name, text }),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
            Err(Failure::usage(format!("`{name}` is not UTF-8: see line {line}; save it as UTF-8")))
        }
    }
}

/// Reads a file of providers and what is laid over it.
pub(crate) fn with_overlays(
    path: &Path,
    overlays: &[PathBuf],
    usage: &str,
) -> Result<(Sources, pipeline::Input), Failure> {
    reads_stdin_once(std::iter::once(path).chain(overlays.iter().map(PathBuf::as_path)))?;
    let mut sources = Sources::default();
    let mut add = |path: &Path| read(path, usage).map(|input| sources.add(input.name, input.text));
    let input = pipeline::Input {
        catalogue: add(path)?,
        overlays: overlays.iter().map(|path| add(path)).collect::<Result<_, Failure>>()?,
    };
    Ok((sources, input))
}

/// Refuses `-` given twice: standard input can be read once, and would be empty the second time.
pub(crate) fn reads_stdin_once<'p, P: AsRef<Path> + ?Sized + 'p>(
    paths: impl IntoIterator<Item = &'p P>,
) -> Result<(), Failure> {
    if paths.into_iter().filter(|path| path.as_ref().as_os_str() == "-").count() > 1 {
        return Err(Failure::usage(
            "`-` is given twice, and standard input can be read once; name a file for the other",
        ));
    }
    Ok(())
}

/// The keys of the entries of a catalogue, as far as it can be read.
pub(crate) fn keys(catalogue: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("catalogue".to_owned(), catalogue.to_owned());
    keyway_compiler::syntax::parse(file, catalogue).0.keys()
}

/// The name in messages of a file of providers.
pub(crate) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { STDIN.to_owned() } else { path.display().to_string() }
}

/// All bytes, but hardly more than the limit.
fn limited(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn cannot_read(name: &str, usage: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no file `{name}`; name one with `{usage}`, or `-` for standard input")
        }
        io::ErrorKind::IsADirectory => format!("`{name}` is a directory; name a file in it"),
        _ => format!("cannot read `{name}`: {error}"),
    }
}
