//! Values of a tree that are written elsewhere than the tree's own text: those that an overlay brought or moved.

use std::collections::BTreeMap;
use std::ops::Bound;

/// The file and the pointer where a value is written; an empty name is the tree's own file.
pub type WrittenAt = (String, String);

/// The origins of values by their pointers; what is below a value is written below its origin.
#[derive(Debug, Default)]
pub struct Moves {
    by_pointer: BTreeMap<String, WrittenAt>,
}

impl Moves {
    /// The place where a value is written; `None` where it stands in the tree's own text, in the same place.
    pub fn origin(&self, pointer: &str) -> Option<WrittenAt> {
        if self.by_pointer.is_empty() {
            return None;
        }
        let mut above = pointer;
        loop {
            if let Some((file, written)) = self.by_pointer.get(above) {
                let below = pointer.get(above.len()..).unwrap_or_default();
                return Some((file.clone(), format!("{written}{below}")));
            }
            above = above.rsplit_once('/')?.0;
        }
    }

    /// A value that is written there from now on.
    pub(crate) fn add(&mut self, pointer: String, origin: WrittenAt) {
        self.by_pointer.insert(pointer, origin);
    }

    /// A value that is no longer in the tree, with all below it.
    pub(crate) fn forget(&mut self, pointer: &str) {
        for below in self.below(pointer) {
            self.by_pointer.remove(&below);
        }
    }

    /// An item of a list was taken away: those behind it have moved by one. `length` is that of the rest.
    pub(crate) fn close_gap(&mut self, list: &str, index: usize, length: usize) {
        self.forget(&format!("{list}/{index}"));
        for place in index..length {
            let (now, before) = (format!("{list}/{place}"), format!("{list}/{}", place + 1));
            let origin = self.origin(&before).unwrap_or_else(|| (String::new(), before.clone()));
            let moved: Vec<(String, Option<WrittenAt>)> =
                self.below(&before).into_iter().map(|key| (key.clone(), self.by_pointer.remove(&key))).collect();
            for (key, below) in moved {
                let rest = key.get(before.len()..).unwrap_or_default();
                self.by_pointer.extend(below.map(|below| (format!("{now}{rest}"), below)));
            }
            self.by_pointer.insert(now, origin);
        }
    }

    /// The keys at a pointer and below it.
    fn below(&self, pointer: &str) -> Vec<String> {
        let from = (Bound::Included(pointer.to_owned()), Bound::Unbounded);
        let keys = self.by_pointer.range(from).map(|(key, _)| key).take_while(|key| key.starts_with(pointer));
        let is_below =
            |key: &&String| key.get(pointer.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        keys.filter(is_below).cloned().collect()
    }
}
