//! The items that a customer can choose from, where an account at the vendor is several: sites, tenants, companies.

use crate::secret::Secret;

/// The items of an account, one of which is to be connected.
///
/// An error of the kind [`ChoiceNeeded`](crate::ErrorKind::ChoiceNeeded) has them as
/// [`Evidence::choices`](crate::error::Evidence::choices). Nothing in it is a secret except the token, which `Debug`
/// does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choices {
    /// The connection configuration that keeps the chosen value: a connection for which it was given beforehand is made
    /// without asking.
    pub field: String,
    /// The items, in the vendor's order; at most [`MAX_OPTIONS`].
    pub options: Vec<ChoiceOption>,
    /// A token that makes the connection with one of the values, for a quarter of an hour; `None` where the same
    /// request has to be made again with the value.
    pub token: Option<Secret>,
}

/// One item of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChoiceOption {
    /// The value that says which item is meant.
    pub value: String,
    /// The text that people know it by: at most 200 characters, without control characters.
    pub label: String,
}

/// The most items that are listed. One that is not may still be given by its value.
pub const MAX_OPTIONS: usize = 500;

/// The most items that a message names.
const MAX_NAMED: usize = 20;

impl Choices {
    /// Choices without a token, also for tests of what a program does with them.
    pub fn new(field: &str, options: Vec<ChoiceOption>) -> Choices {
        Choices { field: field.to_owned(), options, token: None }
    }

    /// The items in words: `1` (One), `2` (Two) and 3 more.
    pub(crate) fn named(&self) -> String {
        let named = self.options.iter().take(MAX_NAMED).map(ChoiceOption::named);
        let named = named.collect::<Vec<_>>().join(", ");
        match self.options.len().saturating_sub(MAX_NAMED) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

impl ChoiceOption {
    /// An item; without a label it is known by its value.
    pub fn new(value: impl Into<String>, label: Option<&str>) -> ChoiceOption {
        let value = value.into();
        let label: String = label.unwrap_or(&value).chars().filter(|c| !c.is_control()).take(200).collect();
        ChoiceOption { value, label }
    }

    fn named(&self) -> String {
        if self.label == self.value {
            format!("`{}`", self.value)
        } else {
            format!("`{}` ({})", self.value, self.label)
        }
    }
}
