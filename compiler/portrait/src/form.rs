//! The form that a customer fills in, as a picture that is text: labels, help, examples, frames around values.
//!
//! The fields and their order are those of the server's own form; `cli/tests/book/forms.rs` compares both. Nothing
//! here can be filled in: a book is no form.

use crate::text::{clean, without_directives};
use askama::Template;
use keyway_spec::mode::Connect;
use keyway_spec::{Field, ProviderSpec};

/// The fields that a form shows, in its order. Where a page of the vendor's follows, a form is shown only if that page
/// cannot be reached without one of them.
pub fn fields(spec: &ProviderSpec) -> Vec<&'static Field> {
    let is_interactive = spec.auth.connect() == Connect::Interactive;
    let groups: &[&'static [Field]] = if is_interactive {
        &[spec.connection_config]
    } else {
        &[spec.connection_config, spec.credentials, spec.assertion_option]
    };
    let mut shown: Vec<&'static Field> = Vec::new();
    for group in groups {
        let mut fields: Vec<&'static Field> = group.iter().filter(|field| !field.hidden && !field.automated).collect();
        fields.sort_by_key(|field| field.order.unwrap_or(i64::MAX));
        shown.extend(fields);
    }
    if is_interactive && !shown.iter().any(|field| is_required(field)) {
        shown.clear();
    }
    shown
}

fn is_required(field: &Field) -> bool {
    !field.optional && field.default_value.is_none() && field.visible_when.is_none()
}

/// The form as HTML without blank lines; `None` where there is nothing to fill in.
pub fn picture(spec: &ProviderSpec) -> Option<String> {
    let inputs: Vec<PicturedInput> = fields(spec).into_iter().map(PicturedInput::new).collect();
    let picture = FormPicture { provider: clean(spec.display_name), inputs };
    let markup = picture.render().ok().filter(|_| !picture.inputs.is_empty())?;
    let lines: String = markup.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|l| [l, "\n"]).collect();
    Some(without_directives(&lines))
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPicture {
    provider: String,
    inputs: Vec<PicturedInput>,
}

/// One field.
struct PicturedInput {
    title: String,
    is_required: bool,
    prefix: String,
    suffix: String,
    value: String,
    /// True if the value is an example: nothing is entered yet.
    is_example: bool,
    choices: String,
    condition: Option<String>,
    description: String,
}

impl PicturedInput {
    fn new(field: &'static Field) -> PicturedInput {
        let text = |text: Option<&str>| clean(text.unwrap_or_default());
        let value = match (field.secret, field.default_value) {
            (true, _) => "••••••••".to_owned(),
            (false, Some(value)) => clean(value),
            (false, None) => text(field.example),
        };
        PicturedInput {
            title: clean(if field.title.is_empty() { field.name } else { field.title }),
            is_required: is_required(field),
            prefix: text(field.prefix),
            suffix: text(field.suffix),
            is_example: !field.secret && field.default_value.is_none(),
            value,
            choices: field.choices.iter().map(|choice| clean(choice)).collect::<Vec<_>>().join(", "),
            condition: field.visible_when.map(|when| format!("{} is {}", clean(when.field), clean(when.equals))),
            description: clean(field.description),
        }
    }
}
