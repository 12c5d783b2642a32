//! The code that connects an account of a provider, as lines for its module's documentation.
//!
//! The module stands under a path that only its user knows, so the lines begin at its own name and no doc test runs
//! them; a test of this project compiles those of its catalogue.

use super::fields;
use crate::lower::names;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::Connect;

/// The width that a line keeps to where it can be broken.
const WIDTH: usize = 100;

/// The lines of the example.
pub(super) fn lines(spec: &ProviderSpec, names: &names::Module) -> Vec<String> {
    let (module, marker, key) = (&names.name, &names.marker, spec.key);
    // A variable with an underscore in front is unused.
    let it = if module.starts_with('_') { "api" } else { module };
    let mut lines = vec![format!("let {it} = keyway.integration::<{module}::{marker}>(\"{key}\")?;")];
    let config = fields::example(module, spec.connection_config, &names.config);
    let config = given(&mut lines, "config", "Config", module, config);
    match spec.auth.connect() {
        Connect::Outbound => lines.push(format!("{it}.begin_outbound(\"user-42\", {config}).await?;")),
        Connect::Interactive => {
            let call = "redirect_uri(callback).begin().await?";
            lines.push(format!("let start = {it}.authorize(\"user-42\", {config}).{call};"));
            lines.push("// send the user to `start.url`; `keyway.finish` takes what the callback brings".to_owned());
        }
        Connect::Direct => {
            let credentials = fields::example(module, spec.credentials, &names.credentials);
            let credentials = given(&mut lines, "credentials", "Credentials", module, credentials);
            lines.push(format!("{it}.connect(\"user-42\", {config}, {credentials}).import().await?;"));
        }
    }
    lines.push(format!("let client = {it}.client(\"user-42\").await?;"));
    lines
}

/// The expression for a struct: itself if it has no fields, else a variable that further lines set.
fn given(lines: &mut Vec<String>, variable: &str, structure: &str, module: &str, values: Vec<String>) -> String {
    if values.is_empty() {
        return format!("{module}::{structure} {{}}");
    }
    let start = format!("let {variable} = {module}::{structure} {{");
    let line = format!("{start} {} }};", values.join(", "));
    if line.len() <= WIDTH {
        lines.push(line);
    } else {
        lines.push(start);
        lines.extend(values.into_iter().map(|value| format!("    {value},")));
        lines.push("};".to_owned());
    }
    variable.to_owned()
}
