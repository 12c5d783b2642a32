//! Headers: the mode's, over it the provider's, over them the caller's.
//!
//! A caller's value in the place of the entry's counts as the entry's: it is a credential too. The provider's
//! `user-agent` beats the caller's, because vendors ask for one that names the app. A caller's empty `authorization`
//! sends none. What a caller passes along ([`Call::passed`]) stands after all of them, and after it what every
//! request has: a `user-agent`, without which some vendors refuse, and an `accept`. The transport writes the
//! remaining ones itself (`host`, lengths, connection handling).

use super::operator_placement::{self, OperatorCredential};
use super::{Call, CallBody, Inputs, PlannedHeader, USER_AGENT, invalid, optional_text};
use crate::error::{Error, ErrorKind, Result};
use crate::response::ACCEPTED;
use crate::secret::Secret;
use crate::template::Scope;
use keyway_format::header::is_reserved;
use keyway_spec::template::Function;
use keyway_spec::{Node, Proxy, Root, Template};
use std::borrow::Cow;

/// The headers that a request has where nothing else says one.
const MAX_DEFAULTS: usize = 4;

/// The headers of a request, in order.
pub(super) fn build(
    inputs: &Inputs<'_>,
    scope: &Scope<'_>,
    proxy: &Proxy,
    of_mode: Vec<(&'static str, Secret)>,
    call: &Call,
    body: &CallBody,
) -> Result<Vec<PlannedHeader>> {
    let named = of_mode.len() + proxy.headers.len() + call.headers.len() + call.passed.len();
    let mut headers = Vec::with_capacity(named + MAX_DEFAULTS);
    for (name, value) in of_mode {
        planned(name, value, true)?.put_into(&mut headers);
    }
    for (name, template) in proxy.headers {
        let text = optional_text(inputs, scope, template)?;
        // An empty value made of the customer's empty ones says nothing; one the entry writes is meant.
        if let Some(text) = text.filter(|text| !text.is_empty() || template.as_literal().is_some()) {
            planned(*name, Secret::new(text), true)?.put_into(&mut headers);
        }
    }
    if let Some(OperatorCredential { name, value }) = operator_placement::header(inputs)? {
        planned(name.to_owned(), value, true)?.put_into(&mut headers);
    }
    add_callers(&mut headers, call)?;
    add_passed(&mut headers, call)?;
    let defaults: [_; MAX_DEFAULTS] = [
        ("accept-encoding", codings(proxy, call)?),
        ("content-type", body.media_type()),
        ("user-agent", Some(USER_AGENT)),
        ("accept", Some("*/*")),
    ];
    // Constants, so there is nothing to check.
    for (name, value) in defaults {
        if let Some(value) = value.filter(|_| headers.iter().all(|header| header.name != name)) {
            headers.push(PlannedHeader { name: name.into(), value: Secret::from(value), injected: false });
        }
    }
    Ok(headers)
}

/// The codings to ask for; an error where the caller wants a response decompressed and this build cannot.
fn codings(proxy: &Proxy, call: &Call) -> Result<Option<&'static str>> {
    if call.decompress && ACCEPTED.is_none() {
        let message = "responses cannot be decompressed: build with the feature `decompress`, or leave the flag out";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(ACCEPTED.filter(|_| call.decompress || proxy.decompress))
}

/// True if a header of the provider covers parts of the call.
pub(super) fn need_signing(proxy: &Proxy) -> bool {
    proxy.headers.iter().any(|(_, template)| uses_call(template, 0))
}

/// Each of the headers that a caller passes along, unless one of its name is there already.
fn add_passed(headers: &mut Vec<PlannedHeader>, call: &Call) -> Result<()> {
    let before = headers.len();
    for (name, value) in &call.passed {
        let Ok(value) = std::str::from_utf8(value.as_bytes()) else {
            return Err(invalid(format!("the value of the header `{name}` is not UTF-8")));
        };
        let header = planned(name.as_str().to_owned(), Secret::from(value), false)?;
        if is_reserved(&header.name) {
            return Err(reserved(&header.name));
        }
        if headers.iter().take(before).all(|other| other.name != header.name) {
            headers.push(header);
        }
    }
    Ok(())
}

fn reserved(name: &str) -> Error {
    invalid(format!("the header `{name}` is set by the transport: leave it out"))
}

fn add_callers(headers: &mut Vec<PlannedHeader>, call: &Call) -> Result<()> {
    let ours = headers.iter().any(|header| header.name == "user-agent");
    let mut seen: Vec<Cow<'static, str>> = Vec::new();
    for (name, value) in &call.headers {
        let mut header = planned(name.clone(), Secret::from(value.as_str()), false)?;
        header.injected = headers.iter().any(|other| other.injected && other.name == header.name);
        if is_reserved(&header.name) {
            return Err(reserved(&header.name));
        }
        if header.name == "user-agent" && ours {
            continue;
        }
        if header.name == "authorization" && value.trim().is_empty() {
            headers.retain(|other| other.name != "authorization");
        } else if seen.contains(&header.name) {
            headers.push(header);
        } else {
            seen.push(header.name.clone());
            header.put_into(headers);
        }
    }
    Ok(())
}

/// A header whose name and value fit into one (RFC 9110 section 5.5). The error names the header, never the value.
fn planned(name: impl Into<Cow<'static, str>>, value: Secret, injected: bool) -> Result<PlannedHeader> {
    let mut name = name.into();
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        name = name.to_ascii_lowercase().into();
    }
    // What `HeaderName` and `HeaderValue` check, without the copies that they make: this is done for every header of
    // every request.
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.bytes().all(is_token) {
        return Err(invalid(format!("`{}` is not a header name", name.escape_debug())));
    }
    if value.expose().bytes().any(|byte| byte != b'\t' && (byte < b' ' || byte == 0x7f)) {
        return Err(invalid(format!(
            "the value of the header `{name}` holds a line break, NUL or another character that a header cannot carry"
        )));
    }
    Ok(PlannedHeader { name, value, injected })
}

/// The longest name that `HeaderName` takes: 64 KiB.
const MAX_NAME_BYTES: usize = 65_535;

/// A character of a token (RFC 9110 section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

/// The compiler's limit on nesting is far lower.
const MAX_DEPTH: u8 = 64;

fn uses_call(template: &Template, depth: u8) -> bool {
    depth < MAX_DEPTH
        && template.nodes().iter().any(|node| match node {
            Node::Text(_) | Node::Now(_) | Node::Random => false,
            Node::Reference(reference) => matches!(
                reference.root,
                Root::Method
                    | Root::Host
                    | Root::Path
                    | Root::Endpoint
                    | Root::Params
                    | Root::UrlCanonicalParams
                    | Root::BodyCanonicalParams
                    | Root::ContentType
            ),
            Node::Call(Function::AwsSigV4, _) => true,
            Node::Call(_, inner) | Node::Choice(inner) => inner.iter().any(|inner| uses_call(inner, depth + 1)),
        })
}
