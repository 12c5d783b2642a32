//! Replacing a file as a whole: the new text is written beside it, under a name that no file has, and takes its place.
//!
//! The standard library suffices for the unique name, and a build script compiles no other crate for it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Error, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many names are tried for a temporary file before the folder is given up.
const MAX_NAMES: u32 = 1000;

/// Makes `text` the whole content of the file at `path`, so that a reader sees the old text or the new one. The folder
/// is made if there is none; permissions of a file that is replaced are kept. A link is replaced itself, not what it
/// leads to.
///
/// # Errors
///
/// Those of the file system, with the path in front. The file is then as it was, and nothing is left beside it.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = || Temporary::beside(folder, path);
    let made = match beside() {
        // Mostly the folder is there.
        Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(folder).and_then(|()| beside()),
        made => made,
    };
    let (file, temporary) = made.map_err(|error| at(folder, &error))?;
    fill(file, &temporary, path, text).map_err(|error| at(path, &error))?;
    temporary.keep();
    Ok(())
}

fn fill(mut file: File, temporary: &Temporary, path: &Path, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    if let Ok(before) = fs::symlink_metadata(path)
        && before.is_file()
    {
        file.set_permissions(before.permissions())?;
    }
    drop(file); // Windows does not rename a file that is open.
    fs::rename(&temporary.path, path)
}

/// An error with the path that it is about.
pub(super) fn at(path: &Path, error: &Error) -> Error {
    Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}

/// A file of its own in a folder, removed again unless it is kept.
struct Temporary {
    path: PathBuf,
    is_kept: bool,
}

impl Temporary {
    /// An empty file under an unused name: an existing file or link is never opened.
    fn beside(folder: &Path, path: &Path) -> io::Result<(File, Temporary)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name: String = path.file_name().unwrap_or_default().to_string_lossy().chars().take(40).collect();
        for _ in 0..MAX_NAMES {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".{name}.{}-{count}.keyway-tmp", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((file, Temporary { path, is_kept: false })),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(ErrorKind::AlreadyExists, "there are too many temporary files; remove `.*.keyway-tmp`"))
    }

    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_kept {
            let _already_gone = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/a.rs");
        for text in ["one", "", "three"] {
            replace(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            assert_eq!(names(path.parent().unwrap()), ["a.rs"]);
        }
    }

    #[test]
    fn what_cannot_be_replaced_is_named_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a.rs")).unwrap();
        fs::write(folder.path().join("a.rs/inside"), "x").unwrap();
        fs::write(folder.path().join("file"), "x").unwrap();
        for (name, named) in [("a.rs", "a.rs"), ("file/a.rs", "file")] {
            let error = replace(&folder.path().join(name), "text").unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{}`: ", folder.path().join(named).display())), "{error}");
            assert_eq!(names(folder.path()), ["a.rs", "file"], "{name}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("a.rs/inside")).unwrap(), "x");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_a_link_leads_nowhere() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("a.rs"), folder.path().join("target"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);

        fs::write(&target, "precious").unwrap();
        symlink("target", folder.path().join("b.rs")).unwrap();
        replace(&folder.path().join("b.rs"), "new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn writers_at_once_into_a_new_folder_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let path = folder.path().join(format!("{round}/a.rs"));
            std::thread::scope(|scope| {
                let writers: Vec<_> = (0..8).map(|_| scope.spawn(|| replace(&path, "text"))).collect();
                for writer in writers {
                    writer.join().unwrap().unwrap();
                }
            });
            assert_eq!(names(path.parent().unwrap()), ["a.rs"]);
        }
    }
}
