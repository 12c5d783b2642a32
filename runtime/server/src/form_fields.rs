//! Which fields a form has, and the names of its inputs: `group[field]`.

use keyway_spec::mode::Connect;
use keyway_spec::{Field, ProviderSpec};

/// The fields of a form by group. Where a browser brings the credentials, only configuration is asked for.
pub(crate) fn groups(spec: &ProviderSpec) -> Vec<(&'static str, &'static [Field])> {
    let config = ("config", spec.connection_config);
    if spec.auth.connect() == Connect::Interactive {
        return vec![config];
    }
    vec![config, ("credentials", spec.credentials), ("assertion_option", spec.assertion_option)]
}

/// The fields that a form shows: a hidden one has its default, an automated one comes from the provider.
pub(crate) fn shown(fields: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    fields.iter().filter(|field| !field.hidden && !field.automated)
}

/// The name of a field's input, or of a parameter of a link.
pub(crate) fn input_name(group: &str, field: &str) -> String {
    format!("{group}[{field}]")
}

/// The group and the field that [`input_name`] wrote; `None` if the name has another form.
pub(crate) fn split_input_name(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(']')?.split_once('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_as_it_was_written() {
        for (group, field) in [("config", "subdomain"), ("config", "a.b"), ("credentials", ""), ("config", "a[b]\"]")] {
            assert_eq!(split_input_name(&input_name(group, field)), Some((group, field)));
        }
        for name in ["", "token", "config[", "config]", "config[a]b", "configa]"] {
            assert_eq!(split_input_name(name), None, "{name}");
        }
    }
}
