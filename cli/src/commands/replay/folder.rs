//! Samples on the disk: a folder for each provider, a file for each answer.

use crate::exit::Failure;
use keyway_trial::sample::{MAX_SAMPLE, Sample, SampleKind, parse};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The samples of one provider.
pub(in crate::commands) struct Folder {
    /// Those that can be read.
    pub(in crate::commands) samples: Vec<Sample>,
    /// The others: name and reason.
    pub(in crate::commands) unreadable: Vec<(String, String)>,
}

/// The providers that have a folder.
pub(in crate::commands) fn providers(samples: &Path) -> Result<BTreeSet<String>, Failure> {
    let cannot = |error: &io::Error| {
        let folder = samples.display();
        Failure::usage(match error.kind() {
            io::ErrorKind::NotFound => format!("there is no folder `{folder}`; name one with `--samples DIR`"),
            _ => format!("cannot read `{folder}`: {error}"),
        })
    };
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(samples).map_err(|error| cannot(&error))? {
        let entry = entry.map_err(|error| cannot(&error))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(found)
}

/// Reads the samples of a provider; none where it has no folder.
pub(in crate::commands) fn read(folder: &Path) -> Result<Folder, Failure> {
    let mut read = Folder { samples: Vec::new(), unreadable: Vec::new() };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(read),
        entries => entries.map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", folder.display())))?,
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| is_sample(name) || is_meant(name))
        .collect();
    names.sort();
    for name in names {
        if !is_sample(&name) {
            read.unreadable.push((name, "samples are `.http` files".to_owned()));
            continue;
        }
        let sample = text(&folder.join(&name)).map_err(|error| error.to_string());
        match sample.and_then(|text| parse(&name, &text).map_err(|error| error.to_string())) {
            Ok(sample) => read.samples.push(sample),
            Err(reason) => read.unreadable.push((name, reason)),
        }
    }
    Ok(read)
}

/// True if a file is a sample by its name.
fn is_sample(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "http")
}

/// True if a file of another kind has the name of a sample: `page.json`, `page-2.txt`.
fn is_meant(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    SampleKind::of_file(&format!("{stem}.http")).is_some()
}

/// The text of a file, hardly more than a sample may have.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_SAMPLE as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}
