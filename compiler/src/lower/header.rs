//! Whether what a template of a header writes by itself can be sent.
//!
//! The runtime refuses a value with a control character (RFC 9110 section 5.5), for every call. Values that are filled
//! in are judged there; what the entry writes is judged here. Header names are checked by the model.

use crate::diagnostic::Diagnostic;
use crate::model::{Grammar, INVALID_HEADER_VALUE, LiteralHeaderValue, Str, ends_in_break};
use crate::template::{Kind, Node, Template};
use keyway_format::date::Part;
use keyway_spec::template::Function;
use std::ops::Range;

/// A finding about text of a template that no header can carry. A text without anything to evaluate is the model's.
pub(super) fn unsendable(template: &Template, text: &Str) -> Option<Diagnostic> {
    if template.as_literal().is_some() {
        return None;
    }
    let at = written(template)?;
    let shown: String = text.text.chars().take(60).flat_map(char::escape_default).collect();
    let found = Diagnostic::new(&INVALID_HEADER_VALUE, format!("`{shown}` is not a header value"), text.span_of(at));
    let kept = text.text.trim_end_matches(['\n', '\r']);
    let ends = kept.len() < text.text.len() && last(template).is_some_and(LiteralHeaderValue::ends_in_break);
    let elsewhere = template.nodes.split_last().is_some_and(|(_, nodes)| nodes.iter().any(|node| of(node).is_some()));
    if ends && !elsewhere {
        return Some(ends_in_break(found, text.span));
    }
    Some(found.label("not valid here").help(LiteralHeaderValue::HELP))
}

/// The text that ends a template.
fn last(template: &Template) -> Option<&str> {
    match &template.nodes.last()?.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}

/// Where a template writes such a character.
fn written(template: &Template) -> Option<Range<usize>> {
    template.nodes.iter().find_map(of)
}

fn of(node: &Node) -> Option<Range<usize>> {
    let bad = |text: &str| !LiteralHeaderValue::accepts(text);
    match &node.kind {
        Kind::Text(text) => bad(text).then(|| node.range.clone()),
        Kind::Choice(alternatives) => alternatives.iter().find_map(written),
        // What is encoded, hashed or signed may be anything; what is cut off stays as it is.
        Kind::Call(Function::Truncate, arguments) => arguments.first().and_then(written),
        Kind::Now(now) => {
            let text = now.format.iter().any(|part| matches!(part, Part::Text(text) if bad(text)));
            text.then(|| node.range.clone())
        }
        Kind::Call(..) | Kind::Name(_) | Kind::Random => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::fix::fix;
    use crate::pipeline::check;
    use crate::source::Sources;

    /// The findings in an entry of the mode `TWO_STEP` with these keys, and the keys after mending it.
    fn mended(keys: &str) -> (Vec<String>, String) {
        const HEAD: &str = "a:\n  display_name: A\n  docs: https://a.example\n  categories: [other]\n  auth_mode: TWO_STEP\n  token_url: https://a.example\n  token_response: {token: t, token_expiration: e}\n";
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", format!("{HEAD}{keys}"));
        let found = check(&sources, file).diagnostics;
        let of_header = found.iter().filter(|found| found.rule.name == "invalid-header-value");
        let paths = of_header.map(|found| found.path.join(".")).collect();
        let fixed = fix(&sources, &file.into(), |found| found.rule.name == "invalid-header-value");
        (paths, fixed.sources.get(file).unwrap().text[HEAD.len()..].to_owned())
    }

    #[test]
    fn a_line_break_is_found_in_every_map_of_headers() {
        for (keys, path, after) in [
            (
                "  token_headers:\n    x-key: |\n      k ${credentials.username}\n",
                "a.token_headers.x-key",
                "  token_headers:\n    x-key: |-\n      k ${credentials.username}\n",
            ),
            (
                "  token_headers: {x-key: \"k ${credentials.username}\\n\"}\n",
                "a.token_headers.x-key",
                "  token_headers: {x-key: \"k ${credentials.username}\"}\n",
            ),
            (
                "  additional_steps:\n  - token_url: https://a.example\n    token_headers:\n      x: >\n        ${step1.id}\n",
                "a.additional_steps.0.token_headers.x",
                "  additional_steps:\n  - token_url: https://a.example\n    token_headers:\n      x: >-\n        ${step1.id}\n",
            ),
            (
                "  proxy:\n    base_url: https://a.example\n    headers:\n      x: |\n        Bearer ${accessToken}\n",
                "a.proxy.headers.x",
                "  proxy:\n    base_url: https://a.example\n    headers:\n      x: |-\n        Bearer ${accessToken}\n",
            ),
            (
                "  proxy:\n    base_url: https://a.example\n    verification:\n      endpoints: [/]\n      headers:\n        x: |\n          ${x}\n",
                "a.proxy.verification.headers.x",
                "  proxy:\n    base_url: https://a.example\n    verification:\n      endpoints: [/]\n      headers:\n        x: |-\n          ${x}\n",
            ),
        ] {
            assert_eq!(mended(keys), (vec![path.to_owned()], after.to_owned()), "{keys}");
        }
    }

    #[test]
    fn what_is_encoded_may_hold_line_breaks_and_what_is_sent_may_not() {
        let of = |value: &str| {
            let keys = format!("  token_headers: {{x: \"{value}\"}}\n");
            let (found, after) = mended(&keys);
            assert_eq!(after, keys, "nothing says which mending is right");
            found.len()
        };
        for (value, expected) in [
            ("${base64(a\\n${credentials.username})}", 0),
            ("${hmacSha256Hex(a\\nb,${credentials.password})}", 0),
            ("a\\tb ${random}", 0),
            ("a\\nb ${random}", 1),
            ("${random}\\na\\n", 1),
            ("${random}\\u0000", 1),
            ("${truncate(a\\nb${random},9)}", 1),
        ] {
            assert_eq!(of(value), expected, "{value}");
        }
    }
}
