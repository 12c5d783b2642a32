//! SAML 2.0 bearer assertions (RFC 7522), signed with an enveloped XML signature.
//!
//! The text is written in exclusive canonical form from the start, so that the bytes hashed here are the bytes that a
//! verifier gets by canonicalising: declarations where a prefix is used, attributes in order, no empty-element tags.
//! Libraries that write XML escape otherwise than canonical XML demands (`'` and `"` in text, tabs in attributes), and
//! a canonicaliser to mend that would be far more code than [`xml::escape`], the one place where values become XML.
//! Not supported: certificates, encryption, reading XML, and any signature but RSA-SHA256.

mod signature;
mod xml;

use super::Key;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use xml::{attribute, element, text};
use zeroize::Zeroizing;

/// The contents of an assertion. All texts are resolved; each is escaped here.
#[derive(Clone, Copy)]
pub struct Assertion<'a> {
    /// Random; the assertion's `ID` is `_` and its hexadecimal.
    pub id: [u8; 16],
    /// `Issuer`.
    pub issuer: &'a str,
    /// `NameID` of the subject.
    pub subject: &'a str,
    /// `Format` of the `NameID`; unspecified when absent.
    pub subject_format: Option<&'a str>,
    /// `Recipient`: the token endpoint.
    pub recipient: &'a str,
    /// `Audience` elements.
    pub audiences: &'a [&'a str],
    /// `SessionIndex` of the authentication statement.
    pub session_index: Option<&'a str>,
    /// `AuthnContextClassRef`; unspecified when absent.
    pub context_class: Option<&'a str>,
    /// Attributes, each with one text.
    pub attributes: &'a [(&'a str, &'a str)],
    /// When it is made.
    pub issued_at: Timestamp,
    /// From when it holds. A little earlier than `issued_at` forgives a slow clock at the other end.
    pub not_before: Timestamp,
    /// Until when it holds.
    pub not_on_or_after: Timestamp,
}

/// The assertion in Base64, as token endpoints take it; signed when there is a key, which must be RSA.
///
/// RFC 7522 section 2.1 has Base64url; the endpoints that the format knows take the ordinary alphabet.
pub fn bearer(assertion: &Assertion<'_>, key: Option<&Key>) -> Result<Secret> {
    Ok(Secret::new(STANDARD.encode(document(assertion, key)?.as_bytes())))
}

/// The assertion as XML.
fn document(assertion: &Assertion<'_>, key: Option<&Key>) -> Result<Zeroizing<String>> {
    let id = format!("_{}", super::digest::hex(&assertion.id));
    let issuer = element("saml:Issuer", &[], &text("issuer", assertion.issuer)?);
    let rest =
        [subject(assertion)?, conditions(assertion)?, authentication(assertion)?, attributes(assertion)?].concat();
    let rest = Zeroizing::new(rest);
    let whole = |signature: &str| {
        let declared = [
            ("xmlns:saml", SAML.to_owned()),
            ("ID", id.clone()),
            ("IssueInstant", instant(assertion.issued_at)),
            ("Version", "2.0".to_owned()),
        ];
        Zeroizing::new(element("saml:Assertion", &declared, &[&issuer, signature, &rest].concat()))
    };
    let unsigned = whole("");
    match key {
        Some(key) => Ok(whole(&signature::of(&unsigned, &id, key)?)),
        None => Ok(unsigned),
    }
}

const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

fn subject(assertion: &Assertion<'_>) -> Result<String> {
    let format = assertion.subject_format.unwrap_or("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified");
    let format = attribute("nameIdentifierFormat", format)?;
    let name = element("saml:NameID", &[("Format", format)], &text("nameIdentifier", assertion.subject)?);
    let limits = [
        ("NotOnOrAfter", instant(assertion.not_on_or_after)),
        ("Recipient", attribute("recipient", assertion.recipient)?),
    ];
    let method = ("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer".to_owned());
    let data = element("saml:SubjectConfirmationData", &limits, "");
    Ok(element("saml:Subject", &[], &(name + &element("saml:SubjectConfirmation", &[method], &data))))
}

fn conditions(assertion: &Assertion<'_>) -> Result<String> {
    let mut audiences = String::new();
    for audience in assertion.audiences {
        audiences.push_str(&element("saml:Audience", &[], &text("audiences", audience)?));
    }
    let restriction =
        if audiences.is_empty() { String::new() } else { element("saml:AudienceRestriction", &[], &audiences) };
    let limits = [("NotBefore", instant(assertion.not_before)), ("NotOnOrAfter", instant(assertion.not_on_or_after))];
    Ok(element("saml:Conditions", &limits, &restriction))
}

fn authentication(assertion: &Assertion<'_>) -> Result<String> {
    let class = assertion.context_class.unwrap_or("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified");
    let class = element("saml:AuthnContextClassRef", &[], &text("authnContextClassRef", class)?);
    let mut attributes = vec![("AuthnInstant", instant(assertion.issued_at))];
    if let Some(index) = assertion.session_index {
        attributes.push(("SessionIndex", attribute("sessionIndex", index)?));
    }
    Ok(element("saml:AuthnStatement", &attributes, &element("saml:AuthnContext", &[], &class)))
}

fn attributes(assertion: &Assertion<'_>) -> Result<String> {
    // The prefix `xs` stands in a value only, so the signature names it as one to keep.
    let declared = [
        ("xmlns:xs", "http://www.w3.org/2001/XMLSchema".to_owned()),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance".to_owned()),
        ("xsi:type", "xs:string".to_owned()),
    ];
    let mut list = String::new();
    for (name, value) in assertion.attributes {
        let value = element("saml:AttributeValue", &declared, &text("attributes", value)?);
        list.push_str(&element("saml:Attribute", &[("Name", attribute("attributes", name)?)], &value));
    }
    Ok(if list.is_empty() { list } else { element("saml:AttributeStatement", &[], &list) })
}

fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests;
