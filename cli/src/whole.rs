//! Files that are whole or not there, and that only their owner can read.
//!
//! A file is written and synced before it has a name, so that a process that is killed leaves nothing behind. Where the
//! system has no such files it has a temporary name until then.

use crate::exit::Failure;
use keyway::secret::Secret;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is on the disk and has still to get its name.
pub(crate) struct File {
    path: PathBuf,
    unnamed: Unnamed,
}

enum Unnamed {
    #[cfg(target_os = "linux")]
    Nowhere(fs::File),
    Temporary(tempfile::NamedTempFile),
}

impl File {
    /// Writes a line that will be the file at `path`.
    pub(crate) fn written(path: PathBuf, text: &Secret) -> Result<File, Failure> {
        match unnamed(&path, text) {
            Ok(unnamed) => Ok(File { path, unnamed }),
            Err(error) => Err(failed(&path, &error)),
        }
    }

    /// Where it will be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name. An existing file is left alone and reported: another process was faster.
    pub(crate) fn keep(self) -> Result<(), Failure> {
        let File { path, unnamed } = self;
        let named = match unnamed {
            #[cfg(target_os = "linux")]
            Unnamed::Nowhere(file) => name(&file, &path),
            Unnamed::Temporary(file) => file.persist_noclobber(&path).map(drop).map_err(|error| error.error),
        };
        named.and_then(|()| sync_folder(&path)).map_err(|error| failed(&path, &error))
    }
}

fn unnamed(path: &Path, text: &Secret) -> io::Result<Unnamed> {
    let folder = folder(path);
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags};
        // Not every file system has files without a name.
        if let Ok(file) =
            rustix::fs::open(folder, OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, Mode::RUSR | Mode::WUSR)
        {
            let mut file = fs::File::from(file);
            write(&mut file, text)?;
            return Ok(Unnamed::Nowhere(file));
        }
    }
    // Readable by its owner alone, as every file of that crate.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    write(file.as_file_mut(), text)?;
    Ok(Unnamed::Temporary(file))
}

fn write(file: &mut fs::File, text: &Secret) -> io::Result<()> {
    file.write_all(text.expose().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Makes the names in the folder of a file last, where the system knows such a thing.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder(path))?.sync_all()?;
    let _ = path;
    Ok(())
}

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// `linkat` of an open file, as open(2) shows it for `O_TMPFILE`.
#[cfg(target_os = "linux")]
fn name(file: &fs::File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!(
        "cannot write `{}`: {error}; choose a folder that exists and can be written with `--store`",
        path.display()
    ))
}
