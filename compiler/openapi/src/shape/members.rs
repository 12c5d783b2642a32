//! The members that a caller wants of a type, where those are not all.

use super::types::Item;
use std::collections::{BTreeMap, BTreeSet};

/// Wanted members by the name of their type, and which of them there are.
#[derive(Debug, Default)]
pub struct Members {
    wanted: BTreeMap<String, BTreeMap<String, bool>>,
    /// The members that a named type has, to name them where one is unknown.
    known: BTreeMap<String, BTreeSet<String>>,
}

impl Members {
    /// Wanted members by type.
    pub fn new(wanted: &BTreeMap<String, Vec<String>>) -> Members {
        let members = |of: &Vec<String>| of.iter().map(|member| (member.clone(), false)).collect();
        Members { wanted: wanted.iter().map(|(name, of)| (name.clone(), members(of))).collect(), ..Members::default() }
    }

    /// True if a type is to have a member.
    pub(super) fn keeps(&mut self, name: &str, member: &str) -> bool {
        let Some(wanted) = self.wanted.get_mut(name) else { return true };
        self.known.entry(name.to_owned()).or_default().insert(member.to_owned());
        wanted.get_mut(member).is_some_and(|is_there| {
            *is_there = true;
            true
        })
    }

    /// The first type or member that is wanted and not there, as a sentence.
    pub(crate) fn check(&self, items: &[Item]) -> Result<(), String> {
        for (name, members) in &self.wanted {
            let Some(known) = self.known.get(name) else {
                let named = items.iter().any(|item| item.name == *name);
                let problem = if named { "has no members" } else { "is no type of these operations" };
                return Err(format!("`{name}` {problem}; the written file has the names of its types"));
            };
            if let Some((member, _)) = members.iter().find(|(_, is_there)| !**is_there) {
                let known: Vec<String> = known.iter().map(|member| format!("`{member}`")).collect();
                return Err(format!("`{name}` has no member `{member}`; it has {}", known.join(", ")));
            }
        }
        Ok(())
    }
}
