//! The little of XML that logins need: elements, attributes and texts, as parameters by dotted names.

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 32;

/// The texts of elements and the values of attributes, by path from the root's children: `a.b`, `a.$id`.
pub(crate) fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    let (mut path, mut found): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let (mut rest, mut is_leaf) = (text.trim(), false);
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        let end = tag.find('>').ok_or("an element that does not end")?;
        let inside = tag.get(1..end).unwrap_or_default();
        rest = tag.get(end + 1..).unwrap_or_default();
        if inside.starts_with('?') {
            continue;
        }
        if inside.starts_with('!') {
            return Err("a declaration, a comment or CDATA".to_owned());
        }
        if let Some(name) = inside.strip_prefix('/') {
            if path.pop().as_deref() != Some(name.trim()) {
                return Err(format!("`</{name}>` in another element"));
            }
            if is_leaf {
                found.push((joined(&path, name.trim()), unescaped(before)));
            }
            is_leaf = false;
            continue;
        }
        let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        for (attribute, value) in pairs(attributes)? {
            found.push((format!("{}.${attribute}", joined(&path, name)), unescaped(value)));
        }
        if is_empty {
            found.push((joined(&path, name), String::new()));
        } else if path.len() < MAX_DEPTH {
            path.push(name.to_owned());
        } else {
            return Err("too many elements in each other".to_owned());
        }
        is_leaf = !is_empty;
    }
    if path.is_empty() && !found.is_empty() { Ok(found) } else { Err("no XML".to_owned()) }
}

/// An object as XML: one element for each member.
pub(crate) fn write(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                ["<", name, ">", &write(value), "</", name, ">"].concat().chars().collect::<Vec<_>>()
            })
            .collect(),
        serde_json::Value::Array(items) => items.iter().map(write).collect(),
        serde_json::Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn joined(path: &[String], name: &str) -> String {
    path.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
}

fn pairs(text: &str) -> Result<Vec<(&str, &str)>, String> {
    let (mut found, mut rest) = (Vec::new(), text.trim());
    while let Some((name, more)) = rest.split_once('=') {
        let quote = more.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("an attribute without quotes")?;
        let (value, more) =
            more.get(1..).and_then(|more| more.split_once(quote)).ok_or("an attribute without an end")?;
        found.push((name.trim(), value));
        rest = more.trim_start();
    }
    Ok(found)
}

fn unescaped(text: &str) -> String {
    let text = text.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    text.replace("&amp;", "&")
}
