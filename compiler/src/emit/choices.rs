//! Fields with a list of values as enums. What such an enum can do is said once, by a macro of the runtime.
//!
//! `lower::names` decides the Rust names of fields and values.

use super::docs;
use crate::lower::names::Named;
use keyway_spec::Field;
use proc_macro2::Literal;
use std::fmt::Write;

/// The enums of these fields, as text: a formatter leaves what stands in a macro alone.
pub(super) fn enums(all: &[Field], names: &[Named]) -> Vec<String> {
    let mut enums = Vec::new();
    for named in names {
        let (Some(field), Some(choice)) = (all.get(named.field), &named.choice) else { continue };
        let mut text = String::from("super::__keyway::choices! {\n");
        let _ = writeln!(text, "    /// {}\n    pub enum {} {{", docs::field(field), choice.name);
        for (value, variant) in field.choices.iter().zip(&choice.variants) {
            let _ = writeln!(text, "        {variant} = {},", Literal::string(value));
        }
        text.push_str("    }\n}\n");
        enums.push(text);
    }
    enums
}
