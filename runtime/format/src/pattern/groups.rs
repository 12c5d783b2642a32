//! The groups of a pattern, counted before it is read: whether `\2` is a back-reference depends on what stands after
//! it.

use super::units::is;

/// The capturing groups of a pattern, in the order of their opening parentheses.
#[derive(Debug, Default)]
pub(super) struct Groups(Vec<Option<String>>);

impl Groups {
    /// Counts the groups; an error says between which units something is wrong with a name.
    pub(super) fn of(units: &[u16]) -> Result<Groups, (usize, usize, &'static str)> {
        let mut groups = Groups::default();
        let mut class = false;
        let mut at = 0;
        while let Some(unit) = units.get(at).copied() {
            let follows = |offset: usize, letter: char| units.get(at + offset).is_some_and(|unit| is(*unit, letter));
            match u8::try_from(unit).map(char::from) {
                Ok('\\') => at += 1,
                Ok('[') => class = true,
                Ok(']') => class = false,
                Ok('(') if !class && !follows(1, '?') => groups.0.push(None),
                Ok('(') if !class && follows(2, '<') && !follows(3, '=') && !follows(3, '!') => {
                    let rest = units.get(at + 3..).unwrap_or_default();
                    let length = rest.iter().position(|unit| is(*unit, '>')).unwrap_or(rest.len());
                    let name = rest.get(..length).and_then(identifier);
                    let name = name.ok_or((at, at + 3 + length, "has a group whose name is no identifier"))?;
                    if groups.number(&name).is_some() {
                        return Err((at, at + 4 + length, "has two groups of one name"));
                    }
                    groups.0.push(Some(name));
                }
                _ => {}
            }
            at += 1;
        }
        Ok(groups)
    }

    /// The number of them.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// True if a group has a name: then `\k` is a back-reference and never a letter.
    pub(super) fn any_named(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    /// The number of the group of a name.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let at = self.0.iter().position(|known| known.as_deref() == Some(name))?;
        u32::try_from(at + 1).ok()
    }
}

/// A text that is an identifier of ECMAScript.
pub(super) fn identifier(units: &[u16]) -> Option<String> {
    let name = String::from_utf16(units).ok()?;
    let begins = |letter: char| letter.is_alphabetic() || matches!(letter, '$' | '_');
    let whole = name.chars().all(|letter| begins(letter) || letter.is_alphanumeric());
    (whole && name.starts_with(begins)).then_some(name)
}
