//! Requests as they may be shown: every secret replaced by `***`.
//!
//! A secret is found as it is, percent-encoded, escaped for JSON and for XML, line by line where it has several (whoever
//! repeats a key often breaks its lines anew), and inside Base64 at any of its three alignments
//! (`Basic` credentials hold the password in the middle). Values of `authorization` and `cookie` are masked whole,
//! behind the scheme's name, because signatures are derived from secrets in ways that no search finds.
//! Texts under four characters are too short to search for: they are masked only inside those two headers.
//! Absent here: printing.

use crate::request::{CallBody, Plan};
use crate::secret::Secret;
use crate::template::position::{COMPONENT, SEGMENT};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::escape::{escape, partial_escape};

/// A request that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text; `None` where there is none or it is a stream.
    pub body: Option<String>,
}

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// A plan with its secrets masked.
pub fn mask<'s>(plan: &Plan, secrets: impl IntoIterator<Item = &'s Secret>) -> Masked {
    let masker = Masker::new(secrets);
    let masked = |(name, value): (String, String)| {
        let shown = match name.as_str() {
            "authorization" | "proxy-authorization" | "cookie" => behind_scheme(&value),
            _ => masker.text(&value),
        };
        (name, shown)
    };
    let open = reveal(plan);
    Masked {
        method: open.method,
        url: masker.text(&open.url),
        headers: open.headers.into_iter().map(masked).collect(),
        body: open.body.map(|text| masker.text(&text)),
    }
}

/// A plan with its secrets in the open: for whoever asked to see them.
pub fn reveal(plan: &Plan) -> Masked {
    let headers = plan.headers.iter();
    Masked {
        method: plan.method.to_string(),
        url: plan.target().into_owned(),
        headers: headers.map(|planned| (planned.name.to_string(), planned.value.expose().to_owned())).collect(),
        body: match &plan.body {
            CallBody::Empty | CallBody::Stream => None,
            body => body.encoded().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        },
    }
}

/// Finds secrets in texts.
#[derive(Debug)]
pub struct Masker {
    /// What to look for, longest first.
    forms: Vec<Secret>,
}

impl Masker {
    /// A masker for these secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Masker {
        let mut forms: Vec<Secret> = Vec::new();
        for secret in secrets {
            let whole = secret.expose();
            let lines = whole.lines().map(str::trim).filter(|line| *line != whole && line.len() >= SHORTEST_LINE);
            for text in lines.chain((whole.chars().count() >= SHORTEST).then_some(whole)) {
                forms.extend(spellings(text).into_iter().filter(|form| form.len() >= SHORTEST).map(Secret::new));
            }
        }
        forms.sort_by(|a, b| b.expose().len().cmp(&a.expose().len()).then_with(|| a.expose().cmp(b.expose())));
        forms.dedup();
        Masker { forms }
    }

    /// The text with every occurrence of a secret replaced.
    pub fn text(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = self.forms.iter().find(|form| starts_with(rest, form.expose()));
            let length = if let Some(form) = found {
                shown.push_str(MASK);
                form.expose().len()
            } else {
                shown.push(c);
                c.len_utf8()
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        shown
    }
}

/// Shorter texts occur by chance.
const SHORTEST: usize = 4;
/// A shorter line of a secret is more likely a bracket or a word than a part of a key.
const SHORTEST_LINE: usize = 8;

/// Percent-escapes may be written in either case, so `%2f` is `%2F`; all other bytes count as they are.
fn starts_with(text: &str, form: &str) -> bool {
    let Some(head) = text.as_bytes().get(..form.len()) else { return false };
    if !text.is_char_boundary(form.len()) {
        return false;
    }
    head == form.as_bytes() || (form.contains('%') && same_escapes(head, form.as_bytes()))
}

fn same_escapes(text: &[u8], form: &[u8]) -> bool {
    let mut escape = 0_u8;
    text.iter().zip(form).all(|(a, b)| {
        let same = a == b || (escape > 0 && a.eq_ignore_ascii_case(b));
        escape = if *b == b'%' { 2 } else { escape.saturating_sub(1) };
        same
    })
}

/// The ways in which a text occurs in a request.
fn spellings(text: &str) -> Vec<String> {
    const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    /// What `url` encodes in a query and in a path at least.
    const QUERY: &AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');
    let json = serde_json::Value::from(text).to_string();
    let mut forms = vec![
        text.to_owned(),
        utf8_percent_encode(text, COMPONENT).to_string(),
        utf8_percent_encode(text, SEGMENT).to_string(),
        utf8_percent_encode(text, STRICT).to_string(),
        utf8_percent_encode(text, QUERY).to_string(),
        form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        json.trim_matches('"').to_owned(),
        escape(text).into_owned(),
        partial_escape(text).into_owned(),
    ];
    for lead in 0..3 {
        forms.push(aligned(text, lead, |bytes| STANDARD_NO_PAD.encode(bytes)));
        forms.push(aligned(text, lead, |bytes| URL_SAFE_NO_PAD.encode(bytes)));
    }
    forms
}

/// The characters of a Base64 text that only the secret decides when `lead` other bytes stand before it in its group.
fn aligned(text: &str, lead: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let bytes = [vec![0; lead].as_slice(), text.as_bytes()].concat();
    let encoded = encode(&bytes);
    // 6 bits a character: the first whole one behind the lead, up to the last one without a foreign bit.
    let (first, end) = ((lead * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded.get(first..end).unwrap_or_default().to_owned()
}

pub(crate) fn behind_scheme(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
            format!("{scheme} {MASK}")
        }
        _ => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planned::{PlannedHeader, PlannedUrl};

    fn plan(url: &str, headers: &[(&str, &str)], body: CallBody) -> Plan {
        let headers = headers.iter().map(|(name, value)| PlannedHeader {
            name: (*name).to_owned().into(),
            value: Secret::from(*value),
            injected: true,
        });
        let url = PlannedUrl(url::Url::parse(url).unwrap());
        Plan {
            query: url.0.query().map(Secret::from),
            method: http::Method::GET,
            url,
            headers: headers.collect(),
            body,
            query_secrets: Vec::new(),
            identity: None,
        }
    }

    #[test]
    fn every_spelling_of_a_secret_is_masked() {
        let secret = Secret::from("p/s \"w+rd=é");
        let masker = Masker::new([&secret]);
        for text in [
            "p/s \"w+rd=é",
            "p%2Fs%20%22w%2Brd%3D%C3%A9",
            "p%2fs%20%22w%2brd%3d%c3%a9",
            "p%2Fs+%22w%2Brd%3D%C3%A9",
            r#"p/s \"w+rd=é"#,
            "p/s &quot;w+rd=é",
        ] {
            assert_eq!(masker.text(&format!("a={text}&b")), "a=***&b");
        }
    }

    #[test]
    fn a_secret_of_several_lines_is_masked_however_they_are_broken() {
        let masker =
            Masker::new([&Secret::from("-----BEGIN KEY-----\nMIIEvQ1234\n}\nab<d&f\"hi\r\n-----END KEY-----")]);
        for (text, shown) in [
            ("MIIEvQ1234 } x", "*** } x"),
            ("a=MIIEvQ1234&#13;&amp;", "a=***&#13;&amp;"),
            ("<k>ab&lt;d&amp;f\"hi</k>", "<k>***</k>"),
            ("<k v=\"ab&lt;d&amp;f&quot;hi\"/>", "<k v=\"***\"/>"),
        ] {
            assert_eq!(masker.text(text), shown);
        }
    }

    #[test]
    fn a_secret_inside_base64_is_masked_at_every_alignment() {
        use base64::engine::general_purpose::STANDARD;
        let secret = Secret::from("correct-horse");
        let masker = Masker::new([&secret]);
        for user in ["", "a", "ab", "abc"] {
            let encoded = STANDARD.encode(format!("{user}:correct-horse"));
            let shown = masker.text(&encoded);
            assert!(shown.contains(MASK) && shown.len() < encoded.len() - 10, "{user}: {encoded} -> {shown}");
        }
    }

    #[test]
    fn a_request_is_masked_from_url_to_body() {
        let secret = Secret::from("tok3n");
        let headers = [("authorization", "Bearer abc"), ("x-key", "tok3n"), ("x-version", "2"), ("cookie", "s=1")];
        let body = CallBody::Json(serde_json::json!({"key": "tok3n", "n": 1}));
        let shown = mask(&plan("https://a.example.com/bottok3n/x?k=tok3n", &headers, body), [&secret]);
        assert_eq!(shown.url, "https://a.example.com/bot***/x?k=***");
        let values: Vec<&str> = shown.headers.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["Bearer ***", MASK, "2", MASK]);
        assert_eq!(shown.body.as_deref(), Some(r#"{"key":"***","n":1}"#));
    }

    #[test]
    fn short_texts_do_not_garble_the_rest() {
        assert_eq!(Masker::new([&Secret::from("x")]).text("https://example.com/x"), "https://example.com/x");
    }
}
