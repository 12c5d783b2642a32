//! The values that a caller may send: placeholders of the path, the query, members of the body.
//!
//! A caller gives values by name, so a name stands in one place only.

use super::call::Called;
use crate::diagnostic::{Diagnostic, nearest};
use crate::lower::ENDPOINT_PARAMETER;
use crate::lower::lowering::Lowering;
use crate::model::Map;
use crate::model::endpoint::{EndpointKeys, EndpointParameter, EndpointParameterKeys};
use crate::source::Span;
use keyway_spec::operation::{ListStyle, OperationBody, OperationParameter, ParameterPlace, ValueKind, Verb};
use std::collections::HashMap;

/// The places in which names stand, each with the first one.
type Named<'k> = HashMap<&'k str, (ParameterPlace, Span)>;

/// The parameters of an operation: those of the path, of the query, of the body.
pub(super) fn lower(
    lowering: &mut Lowering<'_>,
    keys: &EndpointKeys,
    call: &Called<'_>,
) -> &'static [OperationParameter] {
    let mut named = Named::new();
    let mut all = of_path(lowering, keys, call, &mut named);
    body_fits(lowering, keys, call.verb);
    for (place, map) in [(ParameterPlace::Query, &keys.query), (ParameterPlace::Body, &keys.body)] {
        let Some(map) = map else { continue };
        lowering.under(place.name(), |lowering| all.extend(of_map(lowering, place, map, keys, &mut named)));
    }
    lowering.list(&all)
}

fn of_path<'k>(
    lowering: &mut Lowering<'_>,
    keys: &EndpointKeys,
    call: &Called<'k>,
    named: &mut Named<'k>,
) -> Vec<OperationParameter> {
    let mut all = Vec::new();
    for (range, name) in call.pieces.iter().filter_map(|(range, piece)| Some((range, piece.name()?))) {
        let span = call.path.span_of(range.clone());
        if let Some((_, first)) = named.get(name) {
            let finding = Diagnostic::new(&ENDPOINT_PARAMETER, format!("`{{{name}}}` stands twice in the path"), span)
                .label("the second one")
                .secondary(*first, "the first one")
                .help("give each value a name of its own");
            lowering.under(call.verb.name(), |lowering| lowering.report(finding));
            continue;
        }
        named.insert(name, (ParameterPlace::Path, span));
        let said = keys.path.as_ref().and_then(|path| path.get(name));
        if let Some(said) = said {
            lowering.under("path", |lowering| lowering.under(name, |lowering| in_path(lowering, name, &said.keys)));
        }
        let parameter = OperationParameter { place: ParameterPlace::Path, required: true, ..OperationParameter::EMPTY };
        all.push(said.map_or(OperationParameter { name: lowering.str(name), ..parameter }, |said| {
            OperationParameter { required: true, ..self::parameter(lowering, ParameterPlace::Path, name, &said.keys) }
        }));
    }
    for (key, _) in keys.path.iter().flatten().filter(|(key, _)| !named.contains_key(key.name.as_str())) {
        let near = nearest(&key.name, named.keys().copied()).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| format!("write `{{{}}}` where its value stands, or remove it", key.name));
        let message = format!("`{}` is not in the path `{}`", key.name, call.path.text);
        let finding = Diagnostic::new(&ENDPOINT_PARAMETER, message, key.span).label("no value of the path").help(help);
        lowering.under("path", |lowering| lowering.under(&key.name, |lowering| lowering.report(finding)));
    }
    all
}

fn of_map<'k>(
    lowering: &mut Lowering<'_>,
    place: ParameterPlace,
    map: &'k Map<EndpointParameter>,
    keys: &EndpointKeys,
    named: &mut Named<'k>,
) -> Vec<OperationParameter> {
    let is_json = place == ParameterPlace::Body && keys.body_format.is_none_or(|it| it.value.0 == OperationBody::Json);
    let mut all = Vec::with_capacity(map.entries.len());
    for (key, said) in map {
        let name = key.name.as_str();
        lowering.under(name, |lowering| {
            if let Some((other, first)) = named.get(name) {
                let message = format!("`{name}` is in the {} and in the {}", other.name(), place.name());
                lowering.report(
                    Diagnostic::new(&ENDPOINT_PARAMETER, message, key.span)
                        .label("the second one")
                        .secondary(*first, "the first one")
                        .help("callers give values by name: list it in the one place where it is used"),
                );
            } else if name.is_empty() {
                lowering.report(
                    Diagnostic::new(&ENDPOINT_PARAMETER, "a parameter without a name", key.span)
                        .label("nobody can give its value")
                        .help("write the vendor's name of it"),
                );
            }
            named.entry(name).or_insert((place, key.span));
            values_fit(lowering, name, said);
            style_fits(lowering, name, is_json, &said.keys);
            all.push(parameter(lowering, place, name, &said.keys));
        });
    }
    all
}

fn parameter(
    lowering: &Lowering<'_>,
    place: ParameterPlace,
    name: &str,
    keys: &EndpointParameterKeys,
) -> OperationParameter {
    OperationParameter {
        name: lowering.str(name),
        place,
        kind: keys.kind.value,
        style: keys.style.map_or(ListStyle::Repeat, |style| style.value),
        values: lowering.texts(keys.values.as_ref()),
        required: keys.required.is_some_and(|flag| flag.value),
        description: lowering.optional(keys.description.as_ref()),
    }
}

/// Checks what is said of a value of the path.
fn in_path(lowering: &mut Lowering<'_>, name: &str, keys: &EndpointParameterKeys) {
    let finding = |message: String, span: Span| Diagnostic::new(&ENDPOINT_PARAMETER, message, span);
    if matches!(keys.kind.value, ValueKind::Strings | ValueKind::Integers | ValueKind::Any) {
        let message = format!("`{name}` is a part of the path, and `{}` is more than one text", keys.kind.value.name());
        let help = "write `string`, `integer`, `number` or `boolean`, and `{name*}` in the path where slashes stay";
        lowering.report(finding(message, keys.kind.span).label("does not fit into a path").help(help));
    }
    if let Some(flag) = keys.required.filter(|flag| !flag.value) {
        let message = format!("`{name}` is a part of the path, so no call can leave it out");
        lowering.report(finding(message, flag.span).label("it is always required").help("remove `required`"));
    }
    values_are_texts(lowering, name, keys);
    if let Some(style) = keys.style {
        let finding = finding("`style` says how a list is written".to_owned(), style.span);
        lowering.report(finding.label("no list stands in a path").help("remove `style`"));
    }
}

fn values_fit(lowering: &mut Lowering<'_>, name: &str, said: &EndpointParameter) {
    if said.keys.values.as_ref().is_some_and(Vec::is_empty) {
        lowering.report(
            Diagnostic::new(&ENDPOINT_PARAMETER, format!("`{name}` may have no value"), said.span)
                .label("`values` is empty")
                .help("list the values there are, or remove `values` where any is one"),
        );
    }
    values_are_texts(lowering, name, &said.keys);
}

fn values_are_texts(lowering: &mut Lowering<'_>, name: &str, keys: &EndpointParameterKeys) {
    let Some(first) = keys.values.as_ref().and_then(|values| values.first()) else { return };
    if !matches!(keys.kind.value, ValueKind::String | ValueKind::Strings) {
        let kind = keys.kind.value.name();
        lowering.report(
            Diagnostic::new(&ENDPOINT_PARAMETER, format!("`values` lists texts, and `{name}` is `{kind}`"), first.span)
                .label("a text")
                .secondary(keys.kind.span, "not a text")
                .help("write `type: string`, or remove `values`"),
        );
    }
}

fn style_fits(lowering: &mut Lowering<'_>, name: &str, is_json: bool, keys: &EndpointParameterKeys) {
    let Some(style) = keys.style else { return };
    let finding = |message: String| Diagnostic::new(&ENDPOINT_PARAMETER, message, style.span);
    if is_json {
        lowering.report(
            finding("`style` says how a query or a form writes a list".to_owned())
                .label("a JSON body has lists of its own")
                .help("remove `style`, or write `body_format: form`"),
        );
    } else if !matches!(keys.kind.value, ValueKind::Strings | ValueKind::Integers | ValueKind::Any) {
        lowering.report(
            finding(format!("`style` says how a list is written, and `{name}` is `{}`", keys.kind.value.name()))
                .label("there is no list")
                .secondary(keys.kind.span, "not a list")
                .help("write `type: strings` or `type: integers`, or remove `style`"),
        );
    }
}

/// Checks that the verb has a body, and that there is one where its format is said.
fn body_fits(lowering: &mut Lowering<'_>, keys: &EndpointKeys, verb: Verb) {
    if let (Some(body), Verb::Get | Verb::Head) = (&keys.body, verb) {
        let finding = Diagnostic::new(&ENDPOINT_PARAMETER, format!("`{}` has no body", verb.name()), body.span)
            .label("servers ignore or refuse it")
            .help("list these under `query`, or write the verb that sends a body");
        lowering.under("body", |lowering| lowering.report(finding));
    }
    if let (None, Some(format)) = (&keys.body, keys.body_format) {
        let finding = Diagnostic::new(&ENDPOINT_PARAMETER, "`body_format` without `body`", format.span)
            .label("there is no body to encode")
            .help("list the members under `body`, or remove `body_format`");
        lowering.under("body_format", |lowering| lowering.report(finding));
    }
}
