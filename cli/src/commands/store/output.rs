//! A new file that only its owner can read, which has its name once it is whole.

use crate::exit::Failure;
use crate::whole::{folder, sync_folder};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that is being written, under a temporary name in the folder of its last one. Dropped, it is removed.
pub(super) struct Output {
    file: NamedTempFile,
    path: PathBuf,
}

impl Output {
    /// Begins a file. Fails if there is one already.
    pub(super) fn new(path: &Path) -> Result<Output, Failure> {
        if path.symlink_metadata().is_ok() {
            return Err(taken(path));
        }
        let file = NamedTempFile::new_in(folder(path)).map_err(|error| cannot_write(path, &error))?;
        Ok(Output { file, path: path.to_owned() })
    }

    /// Where it is meanwhile.
    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// To write to.
    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Makes it last, and gives it its name.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let Output { file, path } = self;
        file.as_file().sync_all().map_err(|error| cannot_write(&path, &error))?;
        match file.persist_noclobber(&path) {
            Ok(_) => sync_folder(&path).map_err(|error| cannot_write(&path, &error)),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(&path)),
            Err(error) => Err(cannot_write(&path, &error.error)),
        }
    }
}

/// The failure of a file that cannot be written.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write `{}`: {error}", path.display()))
}

fn taken(path: &Path) -> Failure {
    Failure::usage(format!("`{}` exists already and is left as it is; choose another name", path.display()))
}
