//! The file that `export` writes: records in pieces, each sealed, in an order that cannot be changed.
//!
//! ```text
//! file   = header piece* last-piece
//! header = "keyway export" LF | version (1 byte) | lock (1 byte: 1 a passphrase, 2 a key) | salt (16 bytes)
//! piece  = length (4 bytes, big endian) | sealed value, as in the store
//! record = length (4 bytes, big endian) | JSON
//! ```
//!
//! The records, one behind the other, are cut into pieces of 64 KiB. A piece is sealed together with the header, its
//! number and whether it is the last one, so that a file that was cut, reordered or put together of two does not open.
//! The key of a passphrase is Argon2id over it and the salt. Neither writing nor reading keeps more than a piece and a
//! record.

use super::passphrase::Lock;
use crate::exit::Failure;
use keyway::clock::{Clock, System};
use keyway::seal::{SealContext, SealingKeys};
use keyway::store::Record;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"keyway export\n";
const VERSION: u8 = 1;
const SALT_LEN: usize = 16;
const HEADER_LEN: usize = MAGIC.len() + 2 + SALT_LEN;

/// The bytes of records in a piece; the last one has fewer.
const PIECE: usize = 64 * 1024;
/// What sealing adds to them, and more.
const MAX_SEALED: usize = PIECE + 256;
/// The largest record: far more than a store takes of a caller.
const MAX_RECORD: usize = 64 * 1024 * 1024;

const PLACE: SealContext<'static> = SealContext { integration: "", connection: "", column: "export" };

/// Writes records.
pub(super) struct Writer<W> {
    to: W,
    sealing: Sealing,
    piece: Zeroizing<Vec<u8>>,
}

/// Reads records.
pub(super) struct Reader<R> {
    from: R,
    sealing: Sealing,
    piece: Zeroizing<Vec<u8>>,
    at: usize,
    is_last: bool,
}

struct Sealing {
    keys: SealingKeys,
    header: [u8; HEADER_LEN],
    number: u64,
}

impl Sealing {
    fn beside(&mut self, is_last: bool) -> Vec<u8> {
        let beside = [self.header.as_slice(), &self.number.to_be_bytes(), &[u8::from(is_last)]].concat();
        self.number += 1;
        beside
    }
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub(super) fn new(mut to: W, lock: &Lock) -> Result<Writer<W>, Failure> {
        let mut header = [0; HEADER_LEN];
        let (start, salt) = header.split_at_mut(HEADER_LEN - SALT_LEN);
        start.copy_from_slice(&[MAGIC, &[VERSION, kind(lock)]].concat());
        System.random(salt).map_err(super::failed)?;
        let keys = lock.key(salt)?.into();
        to.write_all(&header).map_err(cannot_write)?;
        let sealing = Sealing { keys, header, number: 0 };
        Ok(Writer { to, sealing, piece: Zeroizing::new(Vec::with_capacity(PIECE)) })
    }

    /// Writes a record.
    pub(super) fn write(&mut self, record: &Record) -> Result<(), Failure> {
        let text = record.to_json().map_err(super::failed)?;
        let too_large = || Failure::usage("a record is too large to be exported");
        let length = u32::try_from(text.len()).ok().filter(|_| text.len() <= MAX_RECORD).ok_or_else(too_large)?;
        self.add(&length.to_be_bytes())?;
        self.add(&text)
    }

    /// Writes the rest; without it the file is not whole.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.seal(true)?;
        self.to.flush().map_err(cannot_write)
    }

    fn add(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            if self.piece.len() == PIECE {
                self.seal(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, is_last: bool) -> Result<(), Failure> {
        let beside = self.sealing.beside(is_last);
        let sealed = self.sealing.keys.seal_beside(PLACE, &beside, &self.piece).map_err(super::failed)?;
        self.piece.clear();
        let length = u32::try_from(sealed.len()).map_err(|_| Failure::usage("a piece is too large"))?;
        self.to.write_all(&length.to_be_bytes()).and_then(|()| self.to.write_all(&sealed)).map_err(cannot_write)
    }
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    pub(super) fn new(mut from: R, lock: &Lock) -> Result<Reader<R>, Failure> {
        let mut header = [0; HEADER_LEN];
        from.read_exact(&mut header).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => no_export(),
            _ => cannot_read(&error),
        })?;
        let (start, salt) = header.split_at(HEADER_LEN - SALT_LEN);
        let Some(&[version, locked_by]) = start.strip_prefix(MAGIC) else { return Err(no_export()) };
        if version != VERSION {
            return Err(Failure::usage(format!("it was written by a newer version of Keyway (format {version})")));
        }
        match (locked_by, lock) {
            (1, Lock::Passphrase(_)) | (2, Lock::Key(_)) => {}
            (1, _) => return Err(Failure::usage("it is sealed with a passphrase, and a key was given")),
            _ => return Err(Failure::usage("it is sealed with a key: set KEYWAY_EXPORT_KEY")),
        }
        let keys = lock.key(salt)?.into();
        let sealing = Sealing { keys, header, number: 0 };
        Ok(Reader { from, sealing, piece: Zeroizing::default(), at: 0, is_last: false })
    }

    /// The next record; `None` at the end of a file that is whole.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Failure> {
        if self.at == self.piece.len() && !self.open()? {
            return Ok(None);
        }
        let mut length = [0; 4];
        self.fill(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok().filter(|length| *length <= MAX_RECORD);
        let mut text = Zeroizing::new(vec![0; length.ok_or_else(damaged)?]);
        self.fill(&mut text)?;
        Record::from_json(&text).map(Some).map_err(super::failed)
    }

    fn fill(&mut self, mut bytes: &mut [u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let rest = self.piece.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                if !self.open()? {
                    return Err(damaged());
                }
                continue;
            }
            let count = rest.len().min(bytes.len());
            let (now, later) = bytes.split_at_mut(count);
            now.copy_from_slice(rest.get(..count).unwrap_or_default());
            self.at += count;
            bytes = later;
        }
        Ok(())
    }

    /// Opens the next piece; false behind the last one, or where that is empty.
    fn open(&mut self) -> Result<bool, Failure> {
        if self.is_last {
            return Ok(false);
        }
        let mut length = [0; 4];
        self.read(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok().filter(|length| *length <= MAX_SEALED);
        let mut sealed = vec![0; length.ok_or_else(damaged)?];
        self.read(&mut sealed)?;
        let number = self.sealing.number;
        let beside = self.sealing.beside(false);
        let keys = &self.sealing.keys;
        if !keys.is_current(&sealed) {
            return Err(if number == 0 { another_lock() } else { damaged() });
        }
        // A piece that is not whole is the last one.
        (self.piece, self.is_last) = if let Ok(piece) = keys.open_beside(PLACE, &beside, &sealed) {
            (piece, false)
        } else {
            self.sealing.number = number;
            let beside = self.sealing.beside(true);
            (self.sealing.keys.open_beside(PLACE, &beside, &sealed).map_err(|_| damaged())?, true)
        };
        self.at = 0;
        if self.is_last && self.from.read(&mut [0]).map_err(|error| cannot_read(&error))? > 0 {
            return Err(damaged());
        }
        Ok(!self.piece.is_empty())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => cannot_read(&error),
        })
    }
}

fn kind(lock: &Lock) -> u8 {
    match lock {
        Lock::Passphrase(_) => 1,
        Lock::Key(_) => 2,
    }
}

fn no_export() -> Failure {
    Failure::usage("it is no file that `keyway store export` wrote")
}

fn another_lock() -> Failure {
    Failure::usage("the passphrase or key is not the one that it was sealed with")
}

fn damaged() -> Failure {
    Failure::usage("it is damaged or not whole: use another copy")
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn cannot_write(error: io::Error) -> Failure {
    Failure::usage(format!("it cannot be written: {error}"))
}

fn cannot_read(error: &io::Error) -> Failure {
    Failure::usage(format!("it cannot be read: {error}"))
}
