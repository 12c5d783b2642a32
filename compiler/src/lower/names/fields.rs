//! The names of the fields of one list, of their enums and of the enums' variants.

use super::scope::{NameScope, field, variant};
use super::space::Space;
use super::{Choice, Named};
use keyway_spec::Field;

/// A field that people may fill in, as far as names depend on it.
#[derive(Clone, Debug)]
pub(super) struct InputField<'n> {
    /// Which of the fields of its list it is.
    pub(super) index: usize,
    /// Its name in the format.
    pub(super) name: &'n str,
    /// True if a connection cannot be made without it.
    pub(super) is_required: bool,
    /// The values that it may have, where the entry lists them.
    pub(super) choices: Vec<&'n str>,
}

/// The fields that a customer or an operator may fill in.
pub(super) fn input_fields(all: &[Field]) -> Vec<InputField<'_>> {
    let asked = all.iter().enumerate().filter(|(_, field)| !field.automated);
    let asked = asked.map(|(index, field)| InputField {
        index,
        name: field.name,
        is_required: !field.optional && !field.hidden && field.default_value.is_none(),
        choices: field.choices.to_vec(),
    });
    asked.collect()
}

/// Names for the fields of a list, in its order. `taken` are types that its enums must not hide.
pub(super) fn named(space: Space, asked: &[InputField<'_>], taken: &[&str]) -> Vec<Named> {
    // A name that the mode knows is kept for it whether it stands in the list or not: a mode may come to ask for it.
    let standard: Vec<String> = space.standard().iter().map(|name| field(name)).collect();
    let mut fields = NameScope::new(standard.iter().map(String::as_str));
    let mut constants = NameScope::new(["SPEC"]);
    let mut types = NameScope::new(taken.iter().copied());
    let name = |asked: &InputField<'_>| {
        let base = alone(space, asked);
        let is_standard = space.standard().contains(&asked.name);
        let name = match asked.is_required {
            _ if is_standard => base,
            true => fields.take(&base),
            false => constants.take(&base),
        };
        let choice = (!asked.choices.is_empty()).then(|| {
            let mut variants = NameScope::new([]);
            Choice {
                name: types.take_choice(&space.choice(asked.name)),
                variants: asked.choices.iter().map(|value| variants.take(&variant(value))).collect(),
            }
        });
        Named { field: asked.index, name, is_required: asked.is_required, choice }
    };
    asked.iter().map(name).collect()
}

/// The name that a field would have if it were the only one.
pub(super) fn alone(space: Space, asked: &InputField<'_>) -> String {
    if asked.is_required { field(asked.name) } else { space.constant(asked.name) }
}
