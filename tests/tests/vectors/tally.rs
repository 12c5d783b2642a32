//! What became of a file's lines, and when that is too little.

use crate::deviations::{self, Difference};
use crate::recorded;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// How many lines may be on the list, whatever its figures are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Most {
    /// Of all lines.
    Percent(usize),
    /// As the list has it: what must not be copied is a larger share of this file.
    AsListed,
}

/// The lines of one file, counted.
pub(crate) struct Tally {
    file: &'static str,
    agree: usize,
    listed: BTreeMap<&'static str, usize>,
    by_class: Vec<String>,
    differ: Vec<String>,
}

impl Tally {
    pub(crate) fn of(file: &'static str) -> Tally {
        Tally { file, agree: 0, listed: BTreeMap::new(), by_class: Vec::new(), differ: Vec::new() }
    }

    pub(crate) fn agrees(&mut self) {
        self.agree += 1;
    }

    /// A line on which both sides differ: as listed, or not.
    pub(crate) fn differs(&mut self, difference: &Difference<'_>) {
        let shown = side_by_side(difference);
        match deviations::class(self.file, difference) {
            Some(class) => {
                *self.listed.entry(class).or_default() += 1;
                self.by_class.push(format!("[{class}] {shown}"));
            }
            None => self.differ.push(shown),
        }
    }

    /// Prints the line of the file; fails on an unlisted difference, and where more than `most` are listed.
    pub(crate) fn finish(self, most: Most) {
        let listed: usize = self.listed.values().sum();
        let (file, agree, differ) = (self.file, self.agree, self.differ.len());
        println!("{file}: {agree} agree, {listed} differ as listed, {differ} differ");
        for (class, count) in &self.listed {
            println!("    {count} x {class}");
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vectors");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{file}.txt")), self.differ.join("\n\n")).unwrap();
        std::fs::write(folder.join(format!("{file}.listed.txt")), self.by_class.join("\n\n")).unwrap();
        let total = agree + listed + differ;
        assert!(
            self.differ.is_empty(),
            "{file}: {differ} of {total} differ; see {}/{file}.txt, first:\n{:.600}",
            folder.display(),
            self.differ[0]
        );
        assert!(agree > 0, "{file}: nothing was compared");
        let fits = match most {
            Most::Percent(percent) => listed * 100 <= total * percent,
            Most::AsListed => true,
        };
        assert!(fits, "{file}: more than {most:?} on the list ({listed} of {total})");
        if recorded::are_the_shared_ones() {
            assert_eq!(self.listed, deviations::of(file), "{file}: the list says other figures");
            let (percent, tenths) = (listed * 100 / total, listed * 1000 / total % 10);
            let row = format!("| `{file}` | {total} | {listed} | {percent}.{tenths} % |");
            let table = include_str!("../../../ARCHITECTURE.md");
            assert!(table.contains(&row), "ARCHITECTURE.md does not say {row}");
        }
    }
}

fn side_by_side(difference: &Difference<'_>) -> String {
    let Difference { line, recorded, ours } = difference;
    let input = line.get("input").or(line.get("template")).unwrap_or(&Value::Null);
    let what = line.get("case").or(line.get("flow")).or(line.get("fn")).unwrap_or(&Value::Null);
    format!("{} {what}\n  input    {input}\n  recorded {recorded}\n  keyway   {ours}", line["provider"])
}
