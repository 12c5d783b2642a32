//! Ways to sign in that an operation asks for and the entry does not know.

use super::{MethodContext, TraitMethod};
use crate::api::Operation;
use crate::report::{Finding, Rule};

pub(super) fn secure(operation: &Operation<'_>, context: &MethodContext<'_>, made: &mut TraitMethod) {
    let Some(ways) = operation.security.as_ref().or(context.security.as_ref()) else { return };
    let scheme = |name: &&str| context.schemes.iter().find(|(other, _)| other == name).map(|(_, scheme)| scheme);
    let is_covered =
        |way: &Vec<&str>| way.iter().all(|name| scheme(name).is_none_or(|scheme| context.entry.covers(scheme)));
    if !ways.is_empty() && !ways.iter().any(is_covered) {
        let names: Vec<String> = ways.iter().map(|way| format!("`{}`", way.join("` and `"))).collect();
        let message = format!("it asks for {}, which `{}` does not send", names.join(" or "), context.entry.key);
        made.findings.push(Finding::new(Rule::SecurityNotCovered, &operation.at, message));
    }
}
