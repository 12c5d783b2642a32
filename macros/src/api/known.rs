//! Attributes of a method that are neither ours nor rustc's: a name that is misspelt, most often.

use super::Found;
use super::distance::distance;
use syn::Attribute;

/// The attributes of a method.
const OURS: [&str; 15] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "paginate",
    "header",
    "error",
    "absent",
    "retries",
    "idempotent",
    "timeout",
    "host",
    "docs",
];
/// Attributes of rustc that may stand on a method of a trait.
const RUSTCS: [&str; 14] = [
    "doc",
    "cfg",
    "cfg_attr",
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "deprecated",
    "must_use",
    "inline",
    "cold",
    "track_caller",
    "rustfmt",
];

/// Reports them and takes them away, so that rustc does not look for them too. An attribute macro is written with its
/// path, as `#[tracing::instrument]`.
pub(super) fn check(attributes: &mut Vec<Attribute>, found: &mut Found) {
    attributes.retain(|attribute| {
        let Some(name) = attribute.path().get_ident().map(ToString::to_string) else { return true };
        if RUSTCS.contains(&name.as_str()) {
            return true;
        }
        let near = OURS.iter().find(|ours| distance(ours, &name) <= 2 && name.len() > 2);
        let message = if let Some(near) = near {
            format!("there is no attribute `{name}`: did you mean `#[{near}]`?")
        } else {
            let list = OURS.map(|ours| format!("`{ours}`")).join(", ");
            format!(
                "there is no attribute `{name}`: a method takes {list}; a macro of another crate is written with its path"
            )
        };
        found.push(syn::Error::new_spanned(attribute.path(), message));
        false
    });
}
