//! An XML answer as a value: an element is its text, or an object of its children; attributes have `@_` in front, and
//! text beside either is `#text`.
//!
//! Hardened against a hostile answer: no document type and so no entities of its own, bounded depth; the size is
//! bounded where answers are received. Texts stay texts: a session id of digits is not a number. Not supported:
//! namespaces.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

/// The deepest nesting of elements.
const MAX_DEPTH: usize = 64;

/// The outermost element, under its name; or why it cannot be read. The reason never quotes the document.
pub(in crate::auth) fn read(document: &str) -> Result<Value, &'static str> {
    const MALFORMED: &str = "it is not well-formed";
    let mut reader = Reader::from_str(document);
    let mut root = Element::default();
    let mut open: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().map_err(|_| MALFORMED)? {
            Event::Start(_) | Event::Empty(_) if open.is_empty() && !root.members.is_empty() => return Err(MALFORMED),
            Event::Start(_) if open.len() >= MAX_DEPTH => return Err("it nests too deeply"),
            Event::Start(start) => open.push(Element::of(&start)?),
            Event::Empty(start) => {
                let parent = open.last_mut().unwrap_or(&mut root);
                parent.add(Element::of(&start)?);
            }
            Event::End(_) => {
                let element = open.pop().ok_or(MALFORMED)?;
                open.last_mut().unwrap_or(&mut root).add(element);
            }
            Event::Text(text) => open.last_mut().unwrap_or(&mut root).text.push_str(&text),
            Event::CData(text) => open.last_mut().unwrap_or(&mut root).text.push_str(&text),
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref().map_err(|_| MALFORMED)? {
                    Some(char) => char.to_string(),
                    None => {
                        resolve_xml_entity(&reference).ok_or("it uses an entity that XML does not have")?.to_owned()
                    }
                };
                open.last_mut().unwrap_or(&mut root).text.push_str(&text);
            }
            Event::DocType(_) => return Err("it declares a document type"),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let one = root.members.len() == 1 && root.text.trim().is_empty() && open.is_empty();
    if one { Ok(Value::Object(root.members)) } else { Err(MALFORMED) }
}

/// An element whose end is still to come.
#[derive(Default)]
struct Element {
    name: String,
    members: Map<String, Value>,
    text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Result<Element, &'static str> {
        const MALFORMED: &str = "an attribute is not well-formed";
        let mut members = Map::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| MALFORMED)?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| MALFORMED)?;
            members.insert(format!("@_{}", attribute.key.as_ref()), Value::from(value.trim()));
        }
        Ok(Element { name: start.name().as_ref().to_owned(), members, text: String::new() })
    }

    /// Adds a child; several of one name are a list.
    fn add(&mut self, child: Element) {
        let Element { name, members: mut value, text } = child;
        let text = text.trim();
        let value = if value.is_empty() {
            Value::from(text)
        } else {
            if !text.is_empty() {
                value.insert("#text".to_owned(), Value::from(text));
            }
            Value::Object(value)
        };
        match self.members.get_mut(&name) {
            None => _ = self.members.insert(name, value),
            Some(Value::Array(several)) => several.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
}
