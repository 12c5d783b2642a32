//! The inputs of the last build, stored with its output, so that building the same again does nothing.
//!
//! A stamp is believed only where everything is as it was: this very program, the options, every byte of the input, and
//! the generated files of the folder, no more and no fewer, byte by byte. It holds what was said, to say it again. Of
//! times only the program's own is looked at.

use keyway_compiler::diagnostic::render::text::Style;
use keyway_compiler::emit::File;
use keyway_compiler::output;
use keyway_compiler::parallel;
use keyway_compiler::source::Sources;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// The stamp's name in the folder of the generated files.
const NAME: &str = ".keyway-stamp";
/// Its first line.
const TITLE: &str = "What `keyway build` made these files of. It is made anew where it is missing.";

/// The outcome of a build.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The number of providers that were built.
    pub(super) providers: usize,
    /// The number of files that they make.
    pub(super) files: usize,
    /// The errors of the others, as they were shown; empty without any.
    pub(super) errors: String,
}

/// The inputs of a build besides the folder, its options among them; `None` where the program cannot tell which one it
/// is.
pub(super) fn question(sources: &Sources, options: [bool; 2], style: Style) -> Option<u64> {
    let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), program.len(), program.modified().ok()?).hash(&mut hasher);
    (options, style == Style::Colour).hash(&mut hasher);
    for (_, file) in sources.iter() {
        (&file.name, &file.text, file.byte_order_mark).hash(&mut hasher);
    }
    Some(hasher.finish())
}

impl Stamp {
    /// The stamp of a folder, where it answers the question and the folder is as it was left.
    pub(super) fn read(folder: &Path, question: u64) -> Option<Stamp> {
        let text = fs::read_to_string(folder.join(NAME)).ok()?;
        let [title, asked, made, providers, files, errors] =
            text.splitn(6, '\n').collect::<Vec<_>>().try_into().ok()?;
        if title != TITLE || asked != number(question) {
            return None;
        }
        let stamp = Stamp { providers: providers.parse().ok()?, files: files.parse().ok()?, errors: errors.to_owned() };
        (made == number(digest(&output::generated(folder).ok()?, &stamp))).then_some(stamp)
    }

    /// Leaves the stamp of a build in its folder. A file of that name that is not a stamp stays as it is.
    pub(super) fn write(&self, folder: &Path, question: u64, files: &[File]) -> io::Result<()> {
        let (question, digest) = (number(question), number(digest(files, self)));
        let Stamp { providers, files, errors } = self;
        let text = format!("{TITLE}\n{question}\n{digest}\n{providers}\n{files}\n{errors}");
        let path = folder.join(NAME);
        if is_someone_elses(&path) { Ok(()) } else { output::replace(&path, &text) }
    }
}

/// True if something stands at the stamp's path that no build left there. An empty file is what is left of a stamp.
fn is_someone_elses(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file())
        || fs::read(path).is_ok_and(|bytes| !bytes.is_empty() && !bytes.starts_with(TITLE.as_bytes()))
}

/// The files, in whatever order they come, and what the stamp says.
fn digest(files: &[File], stamp: &Stamp) -> u64 {
    let of_file = |file: &File| {
        let mut hasher = DefaultHasher::new();
        (&file.name, &file.text).hash(&mut hasher);
        hasher.finish()
    };
    let mut digests = parallel::map(files, of_file);
    digests.sort_unstable();
    let mut hasher = DefaultHasher::new();
    digests.hash(&mut hasher);
    (stamp.providers, stamp.files, &stamp.errors).hash(&mut hasher);
    hasher.finish()
}

fn number(hash: u64) -> String {
    format!("{hash:016x}")
}
