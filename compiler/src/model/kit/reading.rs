//! Reading values and maps by their types.
//!
//! Reading: joins a type's description (`value_type`) with the state (`lowering`).

use super::findings::DEAD_KEY;
use super::lowering::Lowering;
use super::value_type::{KeyInfo, Keys, ValueType};
use super::wording::{in_a_sentence, paragraph};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{Key, Mapping, Node};

impl Lowering<'_> {
    /// Reads a key that the format fixes.
    pub(in crate::model) fn key<T: ValueType>(&mut self, mapping: &Mapping, name: &str) -> Option<T> {
        let Some(entry) = mapping.get(name) else {
            let absent = T::absent();
            if absent.is_none() {
                self.missing(name, T::MISSING);
            }
            return absent;
        };
        let outside = self.enter(&entry.key);
        let value = T::lower(&entry.value, self);
        self.leave(outside);
        value
    }

    /// Reads a map whose keys the format fixes, and reports the keys it does not have.
    pub(in crate::model) fn fixed_map<T: Keys + ValueType>(&mut self, node: &Node) -> Option<T> {
        let Some(mapping) = node.as_mapping() else {
            self.wrong_type::<T>(node);
            return None;
        };
        let value = T::from_mapping(mapping, self);
        let mut known: Vec<&'static KeyInfo> = Vec::new();
        T::visit(&mut |key| known.push(key));
        self.keys_beside(mapping, &known);
        value
    }

    /// Reports the keys of a map that nothing has read.
    fn keys_beside(&mut self, mapping: &Mapping, known: &[&'static KeyInfo]) {
        let names = || known.iter().map(|key| key.name).collect::<Vec<_>>();
        for entry in mapping {
            if self.is_misspelt(&entry.key, mapping, names) {
                continue;
            }
            match known.iter().find(|key| key.name == entry.key.name) {
                None => self.unknown_key(&entry.key, mapping, &names()),
                Some(key) if key.dead => self.dead_key(key, &entry.key, &entry.value),
                Some(_) => {}
            }
        }
    }

    /// Checks the value of a key that nothing ever reads, and says so.
    pub(in crate::model) fn dead_key(&mut self, info: &'static KeyInfo, key: &Key, value: &Node) {
        let why = in_a_sentence(&paragraph(info.doc)); // "nothing reads it; ... is the key that works"
        self.unread_key(info, key, value, "", why.unwrap_or_default());
    }

    /// Checks the value of a key that the auth mode does not read, and says so.
    pub(in crate::model) fn unread_key(&mut self, info: &KeyInfo, key: &Key, value: &Node, mode: &str, why: String) {
        self.under(key, |lowering| {
            (info.check)(value, lowering);
            let finding =
                Diagnostic::new(&DEAD_KEY, format!("`{}` has no effect{mode}", key.name), key.span).label(why);
            lowering.report(if lowering.entry().inherits(key.span) {
                Diagnostic { severity: Severity::Note, ..finding } // An alias cannot drop a key.
            } else {
                finding.help("remove it").removing(key.span, value.span)
            });
        });
    }

    /// True if a value has the type of a key. Reports nothing.
    pub(in crate::model) fn accepts(&mut self, info: &KeyInfo, value: &Node) -> bool {
        let before = std::mem::take(&mut self.found);
        (info.check)(value, self);
        !std::mem::replace(&mut self.found, before).has_errors()
    }

    /// Reports a value of another type.
    pub(in crate::model) fn wrong_type<T: ValueType>(&mut self, node: &Node) {
        self.mistyped(node, &T::type_name(), T::TEXT, T::mend);
    }
}
