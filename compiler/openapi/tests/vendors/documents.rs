//! The documents in `../shared/openapi`, unpacked in memory.

use crate::shared::shared;
use flate2::read::GzDecoder;
use keyway_openapi::entry::TargetEntry;
use keyway_openapi::read::{self, Documents};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A vendor's document.
pub(crate) struct Vendor {
    /// Its name in the index, without endings.
    pub(crate) name: String,
    /// The entry that it belongs to.
    pub(crate) entry: TargetEntry,
    /// The number of operations that the index says it has.
    pub(crate) operations: usize,
    /// The name of its first file.
    file: String,
    /// All files.
    files: BTreeMap<String, String>,
}

impl Vendor {
    /// The document, read.
    pub(crate) fn read(&self) -> Documents {
        self.read_text(self.text().to_owned()).unwrap()
    }

    /// The text of its first file.
    pub(crate) fn text(&self) -> &str {
        &self.files[&self.file]
    }

    /// The document with another text of its first file.
    pub(crate) fn read_text(&self, text: String) -> Result<Documents, String> {
        let load = |name: &str| self.files.get(name).cloned().ok_or_else(|| "there is no such file".to_owned());
        read::read(&self.file, text, &load)
    }
}

/// All documents; none where the folder is not there, which is said.
pub(crate) fn vendors() -> Vec<Vendor> {
    let Some(folder) = shared("openapi") else { return Vec::new() };
    let index = std::fs::read_to_string(folder.join("index.tsv")).unwrap();
    let vendors: Vec<Vendor> = index.lines().skip(1).map(|line| vendor(&folder, line)).collect();
    assert_eq!(vendors.len(), 24, "the folder has other documents than these tests know");
    vendors
}

fn vendor(folder: &Path, line: &str) -> Vendor {
    let columns: Vec<&str> = line.split('\t').collect();
    let [archive, key, _, _, operations, ..] = columns.as_slice() else { panic!("{line}") };
    let bytes = unpacked(&folder.join(archive));
    let name = archive.split('.').next().unwrap().to_owned();
    let spec = keyway_providers::PROVIDERS.iter().find(|spec| spec.key == *key);
    let entry = spec.map_or_else(TargetEntry::any, |spec| TargetEntry::new(spec));
    let (file, files) = if archive.ends_with(".tar.gz") {
        let files = tar(&bytes);
        let below = |(name, text): (String, String)| Some((name.strip_prefix("specification/")?.to_owned(), text));
        let first = "DigitalOcean-public.v2.yaml".to_owned();
        (first, files.into_iter().filter_map(below).collect())
    } else {
        let file = archive.trim_end_matches(".gz").to_owned();
        (file.clone(), BTreeMap::from([(file, String::from_utf8(bytes).unwrap())]))
    };
    Vendor { name, entry, operations: operations.parse().unwrap(), file, files }
}

/// A compressed file.
pub(crate) fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The text files of an archive (POSIX 1003.1, ustar): a header of 512 bytes, the content, padding.
fn tar(bytes: &[u8]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned();
    let (mut files, mut at) = (Vec::new(), 0);
    while let Some(header) = bytes.get(at..at + 512).filter(|header| header[0] != 0) {
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).unwrap();
        let prefix = text(&header[345..500]);
        let name = text(&header[..100]);
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let content = bytes.get(at + 512..at + 512 + size).unwrap();
        if let (b'0' | 0, Ok(content)) = (header[156], std::str::from_utf8(content)) {
            files.push((name, content.to_owned()));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}
