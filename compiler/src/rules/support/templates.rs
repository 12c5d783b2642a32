//! Every text of an entry that is a template, and in which field it stands.
//!
//! The table of [`FIELDS`] says which keys hold templates.

use super::place::{Located, below, item, leaves};
use crate::syntax::{Mapping, Node};
use crate::template::scope::Field;
use crate::template::{FIELDS, Template, field_at, parse};
use std::borrow::Cow;

/// A template in its place.
#[derive(Clone, Debug)]
pub struct TemplateSite<'e> {
    /// Where it stands.
    pub place: Located<'e>,
    /// In which field.
    pub field: Field,
    /// The template, as far as it could be read.
    pub template: Template,
}

/// URLs that are sent as they are written. Their hosts are read as those of a template are.
const LITERAL: [(&str, Field); 2] = [("request_url", Field::TokenUrl), ("registration_url", Field::TokenUrl)];

/// The templates of an entry, and its URLs that are none.
pub(super) fn of(body: &Mapping) -> Vec<TemplateSite<'_>> {
    let mut found = Vec::new();
    for (path, field) in FIELDS.into_iter().chain(LITERAL) {
        let mut places = Vec::new();
        at(body, path, &[], &mut places);
        for place in places {
            let mut texts = Vec::new();
            leaves(place, &mut texts);
            found.extend(texts.into_iter().filter_map(|place| site(place, field)));
        }
    }
    found
}

/// The values at a dotted path; a list on the way stands for each of its items.
fn at<'e>(map: &'e Mapping, path: &str, above: &[Cow<'e, str>], found: &mut Vec<Located<'e>>) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Some(entry) = map.get(name) else { return };
    let here = below(above, Cow::Borrowed(&entry.key.name));
    let Some(rest) = rest else {
        found.push(Located { path: here, key: Some(entry.key.span), node: &entry.value });
        return;
    };
    if let Some(map) = entry.value.as_mapping() {
        return at(map, rest, &here, found);
    }
    for (index, node) in entry.value.as_sequence().unwrap_or_default().iter().enumerate() {
        if let Some(map) = node.as_mapping() {
            at(map, rest, &item(&here, index), found);
        }
    }
}

fn site(place: Located<'_>, field: Field) -> Option<TemplateSite<'_>> {
    let text = place.node.as_str()?;
    let field = if place.path.first().is_some_and(|key| key == "keyway") {
        // A request is laid out freely: where in it a text stands says what it is.
        let names = place.path.iter().map(Cow::as_ref).filter(|name: &&str| name.parse::<usize>().is_err());
        field_at(&names.collect::<Vec<_>>()).unwrap_or(field)
    } else {
        field
    };
    let (template, _) = parse(text, field.has_choice());
    Some(TemplateSite { place, field, template })
}

impl TemplateSite<'_> {
    /// The text as it is written.
    pub fn text(&self) -> &str {
        self.place.node.as_str().unwrap_or_default()
    }

    /// The value.
    pub fn node(&self) -> &Node {
        self.place.node
    }
}
