//! XML: texts by their element's name, attributes by theirs. Comments and processing instructions are left out.

use super::redaction::Redaction;
use super::values;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

/// The deepest nesting.
const MAX_DEPTH: usize = 64;

/// The document, redacted; `None` where it is none that can be read.
pub(super) fn redacted(redaction: &mut Redaction, text: &str) -> Option<String> {
    if !text.starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::new(Vec::new());
    let mut open: Vec<String> = Vec::new();
    let mut said = String::new();
    let mut elements = 0_usize;
    loop {
        let event = reader.read_event().ok()?;
        match event {
            Event::Text(part) => said.push_str(&part),
            Event::CData(part) => said.push_str(&part),
            Event::GeneralRef(part) => said.push_str(&character(&part)?),
            Event::Start(_) | Event::Empty(_) | Event::End(_) | Event::Eof => {
                let name = open.last().map_or("", String::as_str);
                let whole = std::mem::take(&mut said);
                if !whole.trim().is_empty() {
                    let made = values::text(redaction, name, whole.trim());
                    writer.write_event(Event::Text(BytesText::new(&made))).ok()?;
                }
                match event {
                    Event::Start(start) => {
                        let (own, made) = element(redaction, &start)?;
                        open.push(own);
                        writer.write_event(Event::Start(made)).ok()?;
                    }
                    Event::Empty(start) => {
                        writer.write_event(Event::Empty(element(redaction, &start)?.1)).ok()?;
                    }
                    Event::End(_) => {
                        let name = open.pop()?;
                        let name = redaction.member(&name);
                        writer.write_event(Event::End(BytesEnd::new(name))).ok()?;
                    }
                    _ => break,
                }
                elements += 1;
            }
            // An entity of the document's own could stand for anything.
            Event::DocType(_) => return None,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
    (open.is_empty() && elements > 0).then(|| String::from_utf8(writer.into_inner()).ok()).flatten()
}

/// The name of an element, and the element with redacted attributes. Names of namespaces are the document's grammar.
fn element(redaction: &mut Redaction, start: &BytesStart<'_>) -> Option<(String, BytesStart<'static>)> {
    let own = start.name().as_ref().to_owned();
    let mut made = BytesStart::new(redaction.member(&own));
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        let value = if name == "xmlns" || name.starts_with("xmlns:") {
            redaction.stay(&value)
        } else {
            values::text(redaction, &name, &value)
        };
        let name = redaction.member(&name);
        made.push_attribute((name.as_str(), value.as_str()));
    }
    Some((own, made))
}

/// The text of a reference: one of the five of the language, or a number.
fn character(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    resolve_xml_entity(reference).map(str::to_owned)
}
