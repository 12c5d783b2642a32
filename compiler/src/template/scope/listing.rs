//! The table of names in words: what each field knows, for people.
//!
//! Derived from `Field::names`; this module adds no name.

use super::{Field, Names, Part};
use keyway_spec::Mode;

/// The names that one field knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The field: what messages call it, and for a token request also which one it is of.
    pub field: String,
    /// The modes that know these names; empty means all of them.
    pub modes: Vec<&'static str>,
    /// The names as one writes them; `NAME` stands for any that the entry declares or captures.
    pub names: Vec<String>,
    /// True if `||` is an operator there.
    pub has_choice: bool,
}

const FIELDS: [Field; 22] = [
    Field::AuthorizationUrl,
    Field::AuthorizationParam,
    Field::TokenUrl,
    Field::TokenParam,
    Field::TokenHeader,
    Field::StepUrl,
    Field::StepParam,
    Field::StepHeader,
    Field::Assertion,
    Field::Jwt,
    Field::ProxyUrl,
    Field::ProxyQuery,
    Field::ProxyBody,
    Field::ProxyHeader,
    Field::CodeRequest(Part::Url),
    Field::CodeRequest(Part::Parameter),
    Field::CodeRequest(Part::Header),
    Field::Request(Part::Url),
    Field::Request(Part::Parameter),
    Field::Request(Part::Header),
    Field::Lookup(Part::Url),
    Field::Lookup(Part::Header),
];

/// Every field with the names it knows; a field whose names depend on the mode is there once for each group of modes.
pub fn listing() -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for field in FIELDS {
        let start = listed.len();
        for mode in Mode::ALL {
            let mut names: Vec<String> = field.names(*mode).into_iter().map(spelled).collect();
            names.sort_unstable();
            names.dedup();
            let groups = listed.get_mut(start..).unwrap_or_default();
            match groups.iter_mut().find(|group| group.names == names) {
                Some(group) => group.modes.push(mode.name()),
                None => listed.push(Listed {
                    field: title(field),
                    modes: vec![mode.name()],
                    names,
                    has_choice: field.has_choice(),
                }),
            }
        }
        if let Some([only]) = listed.get_mut(start..) {
            only.modes.clear();
        }
    }
    listed
}

fn title(field: Field) -> String {
    match field {
        Field::CodeRequest(_) => format!("keyway.token.code.{}", field.name()),
        Field::Request(_) => format!("keyway.token.refresh.{}", field.name()),
        Field::Lookup(_) => format!("keyway.lookups.{}", field.name()),
        _ => field.name().to_owned(),
    }
}

/// A group as one writes a name of it; `NAME` stands for any.
pub(super) fn spelled(names: Names) -> String {
    let text = match names {
        Names::Word(word, _) => word,
        Names::Config => "connectionConfig.NAME",
        Names::Credentials => "credentials.NAME",
        Names::BareConfig | Names::BareCredentials => "NAME",
        Names::AssertionOption => "assertionOption.NAME",
        Names::Metadata => "metadata.NAME",
        Names::Steps => "stepN.PATH",
        Names::Callback => "callback.NAME",
        Names::RedirectHost => "redirectUri.host",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_listed_once_for_each_group_of_modes() {
        let of = |field| listing().into_iter().filter(|listed| listed.field == field).collect::<Vec<_>>();
        assert_eq!(of("proxy.base_url").len(), 1, "the same in every mode");
        let token_url = of("token_url");
        let modes: Vec<usize> = token_url.iter().map(|listed| listed.modes.len()).collect();
        assert_eq!(modes, [Mode::ALL.len() - 1, 1], "TWO_STEP knows credentials too");
        assert_eq!(token_url[1].modes, ["TWO_STEP"]);
        assert!(token_url[1].names.iter().any(|name| name == "credentials.NAME"));
    }
}
