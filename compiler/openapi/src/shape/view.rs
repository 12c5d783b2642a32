//! One schema with everything it is composed of.

use crate::read::{At, Broken};
use crate::report::{Finding, Rule};
use serde_json::Value;
use std::collections::HashSet;

/// Schemas that one schema is composed of, at most.
const MAX_COMPOSED: usize = 256;
/// Wrappers around a schema, at most.
const MAX_WRAPPERS: usize = 64;

/// A schema, the members of its `allOf` merged.
#[derive(Clone, Debug)]
pub struct SchemaView<'d> {
    /// The names of types, `null` left out.
    pub types: Vec<&'d str>,
    /// True if it may be `null`.
    pub is_nullable: bool,
    /// The values it may have, `null` left out.
    pub values: Option<Vec<&'d Value>>,
    /// The members of an object. One that is said again stands where it was first, as it was last.
    pub properties: Vec<(&'d str, At<'d>)>,
    /// The members that are always there, as the document has it.
    pub required: HashSet<&'d str>,
    /// The schema of a list's items.
    pub items: Option<At<'d>>,
    /// The schema of all other members.
    pub additional: Option<At<'d>>,
    /// The variants of `oneOf` and `anyOf`.
    pub variants: Vec<At<'d>>,
    /// The discriminator.
    pub discriminator: Option<At<'d>>,
    /// The format.
    pub format: Option<&'d str>,
    /// References that lead nowhere.
    pub findings: Vec<Finding>,
}

impl SchemaView<'_> {
    /// True if it says nothing about the kind of value.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
            && self.values.is_none()
            && self.properties.is_empty()
            && self.items.is_none()
            && self.additional.is_none()
            && self.variants.is_empty()
    }

    /// True if it is an object, by its type or its members.
    pub fn is_object(&self) -> bool {
        self.types == ["object"]
            || (self.types.is_empty() && (!self.properties.is_empty() || self.additional.is_some()))
    }
}

/// The schema itself: references, and wrappers that add nothing but `null`, are taken off. True if it may be `null`.
pub fn peel<'d>(at: &At<'d>) -> Result<(At<'d>, bool), Broken> {
    let (mut at, mut is_nullable) = (at.clone(), false);
    for _ in 0..MAX_WRAPPERS {
        is_nullable |= at.flag("nullable");
        if at.text("$ref").is_some() {
            at = at.resolved()?;
            continue;
        }
        let says_more = ["properties", "enum", "items", "additionalProperties"];
        let says_more = says_more.iter().any(|key| at.get(key).is_some());
        let parts = |key: &str| at.get(key).map(|list| list.items()).unwrap_or_default();
        let [all, one, any] = ["allOf", "oneOf", "anyOf"].map(parts);
        let composed = [&all, &one, &any].into_iter().filter(|parts| !parts.is_empty()).count();
        if says_more || composed != 1 {
            return Ok((at, is_nullable));
        }
        let choices: Vec<At<'d>> = one.into_iter().chain(any).collect();
        let real: Vec<&At<'d>> = choices.iter().filter(|choice| !is_null(choice)).collect();
        let next = match (all.as_slice(), real.as_slice()) {
            ([single], []) => single.clone(),
            ([], [single]) => (*single).clone(),
            _ => return Ok((at, is_nullable)),
        };
        is_nullable |= real.len() < choices.len();
        at = next;
    }
    Err(Broken("schemas that contain each other".to_owned()))
}

/// True if a schema is `null` and nothing else.
fn is_null(at: &At<'_>) -> bool {
    at.text("type") == Some("null")
        || at.get("enum").is_some_and(|list| list.value.as_array().is_some_and(|all| all == &[Value::Null]))
        || at.get("const").is_some_and(|only| only.value.is_null())
}

/// A schema with everything it is composed of.
pub fn view<'d>(at: &At<'d>) -> SchemaView<'d> {
    let mut view = SchemaView {
        types: Vec::new(),
        is_nullable: false,
        values: None,
        properties: Vec::new(),
        required: HashSet::new(),
        items: None,
        additional: None,
        variants: Vec::new(),
        discriminator: None,
        format: None,
        findings: Vec::new(),
    };
    let mut seen = HashSet::new();
    let mut open = vec![at.clone()];
    while let Some(next) = open.pop() {
        let next = match next.resolved() {
            Ok(next) => next,
            Err(broken) => {
                view.findings.push(Finding::new(Rule::BrokenReference, &next, broken.0));
                continue;
            }
        };
        // What was gathered so far is walked over again for each part.
        let cost = view.properties.len() / 16;
        if seen.len() < MAX_COMPOSED && next.spend(cost) && seen.insert((next.file, next.pointer.clone())) {
            add(&mut view, &next);
            // The last one is taken first.
            open.extend(next.get("allOf").map(|list| list.items()).unwrap_or_default().into_iter().rev());
        }
    }
    view
}

fn add<'d>(view: &mut SchemaView<'d>, at: &At<'d>) {
    view.is_nullable |= at.flag("nullable");
    let named = at.text("type").into_iter().chain(at.texts("type"));
    let mut types: Vec<&str> = named.collect();
    view.is_nullable |= types.contains(&"null");
    types.retain(|name| *name != "null");
    if view.types.is_empty() {
        view.types = types;
    }
    let listed = at.get("enum").and_then(|list| list.value.as_array()).map(|list| list.iter().collect::<Vec<_>>());
    let listed = listed.or_else(|| at.get("const").map(|only| vec![only.value]));
    if let Some(mut values) = listed {
        view.is_nullable |= values.iter().any(|value| value.is_null());
        values.retain(|value| !value.is_null());
        view.values = Some(values);
    }
    let mut places: std::collections::HashMap<&str, usize> =
        view.properties.iter().enumerate().map(|(place, (name, _))| (*name, place)).collect();
    for (name, property) in at.get("properties").iter().flat_map(At::members) {
        if let Some(place) = places.get(name) {
            view.properties[*place].1 = property;
        } else {
            places.insert(name, view.properties.len());
            view.properties.push((name, property));
        }
    }
    view.required.extend(at.texts("required"));
    view.items = view.items.take().or_else(|| at.get("items"));
    let additional = at.get("additionalProperties").filter(|schema| schema.value.is_object());
    view.additional = view.additional.take().or(additional);
    for key in ["oneOf", "anyOf"] {
        for variant in at.get(key).iter().flat_map(At::items) {
            if is_null(&variant) { view.is_nullable = true } else { view.variants.push(variant) }
        }
    }
    view.discriminator = view.discriminator.take().or_else(|| at.get("discriminator"));
    view.format = view.format.or_else(|| at.text("format"));
}
