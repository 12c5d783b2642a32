//! The line of a pointer in a file, looked for when a message needs it.
//!
//! The tree of a document of ten megabytes is built without places: most documents are read for a few operations, and
//! few of their values are ever named in a message.

use super::documents::DocumentFile;
use keyway_compiler::source::Sources;
use keyway_compiler::syntax::{self, Node, Value};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The lines of pointers in a file, from 1; none for a pointer that leads nowhere.
pub fn lines(file: &DocumentFile, pointers: &[&str]) -> Vec<Option<usize>> {
    let text = file.text.trim_start_matches('\u{feff}');
    let mut wanted = Wanted::default();
    for (index, pointer) in pointers.iter().enumerate() {
        wanted.add(index, pointer);
    }
    let mut offsets = vec![None; pointers.len()];
    if text.trim_start().starts_with(['{', '[']) {
        json(text, text.as_ptr() as usize, &wanted, &mut offsets);
    } else {
        let mut sources = Sources::default();
        let id = sources.add(file.name.as_str(), text);
        if let Ok(Some(root)) = syntax::parse_foreign(id, text) {
            yaml(&root, 0, &wanted, &mut offsets);
        }
    }
    let mut starts = vec![0];
    starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
    offsets.into_iter().map(|offset| offset.map(|offset| starts.partition_point(|start| *start <= offset))).collect()
}

/// Pointers by their first segments.
#[derive(Default)]
struct Wanted {
    here: Vec<usize>,
    below: BTreeMap<String, Wanted>,
}

impl Wanted {
    fn add(&mut self, index: usize, pointer: &str) {
        let mut at = self;
        for part in pointer.split('/').skip(1) {
            at = at.below.entry(part.replace("~1", "/").replace("~0", "~")).or_default();
        }
        at.here.push(index);
    }

    fn found(&self, offset: usize, offsets: &mut [Option<usize>]) {
        for index in &self.here {
            offsets[*index] = Some(offset);
        }
    }
}

/// A part of the text that is one value. Only what is wanted is looked into.
fn json(text: &str, base: usize, wanted: &Wanted, offsets: &mut [Option<usize>]) {
    wanted.found((text.as_ptr() as usize).saturating_sub(base), offsets);
    if wanted.below.is_empty() {
        return;
    }
    if let Ok(members) = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(text) {
        for (key, below) in &wanted.below {
            if let Some(member) = members.get(key.as_str()) {
                json(member.get(), base, below, offsets);
            }
        }
    } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
        for (key, below) in &wanted.below {
            if let Some(item) = key.parse().ok().and_then(|index: usize| items.get(index)) {
                json(item.get(), base, below, offsets);
            }
        }
    }
}

fn yaml(node: &Node, start: u32, wanted: &Wanted, offsets: &mut [Option<usize>]) {
    wanted.found(start as usize, offsets);
    for (key, below) in &wanted.below {
        match &node.value {
            Value::Mapping(mapping) => {
                if let Some(entry) = mapping.get(key) {
                    yaml(&entry.value, entry.key.span.start, below, offsets);
                }
            }
            Value::Sequence(items) => {
                if let Some(item) = key.parse().ok().and_then(|index: usize| items.get(index)) {
                    yaml(item, item.span.start, below, offsets);
                }
            }
            _ => {}
        }
    }
}
