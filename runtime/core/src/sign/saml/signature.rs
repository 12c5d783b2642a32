//! An enveloped XML signature (XML Signature Syntax and Processing 1.1): RSA-SHA256 over a SHA-256 digest, exclusive
//! canonicalisation.
//!
//! There is no `KeyInfo`: the verifier has the certificate from registration, and must not take it from the message.

use super::xml::element;
use crate::error::Result;
use crate::sign::digest::sha256_base64;
use crate::sign::{Algorithm, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The `ds:Signature` of a document that is in canonical form and has this `ID`.
pub(super) fn of(document: &str, id: &str, key: &Key) -> Result<String> {
    // The prefix is declared on `SignedInfo` too: it is canonicalised by itself, and these are the bytes signed.
    let signed = element("ds:SignedInfo", &[declared()], &information(document, id));
    let value = STANDARD.encode(key.sign(Algorithm::Rs256, signed.as_bytes())?);
    Ok(element("ds:Signature", &[declared()], &(signed + &element("ds:SignatureValue", &[], &value))))
}

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

fn declared() -> (&'static str, String) {
    ("xmlns:ds", DSIG.to_owned())
}

fn information(document: &str, id: &str) -> String {
    let kept = [("xmlns:ec", EXCLUSIVE.to_owned()), ("PrefixList", "xs".to_owned())];
    let transforms = [
        algorithm("ds:Transform", ENVELOPED, ""),
        algorithm("ds:Transform", EXCLUSIVE, &element("ec:InclusiveNamespaces", &kept, "")),
    ];
    let reference = [
        element("ds:Transforms", &[], &transforms.concat()),
        algorithm("ds:DigestMethod", SHA256, ""),
        element("ds:DigestValue", &[], &sha256_base64(document.as_bytes())),
    ];
    [
        algorithm("ds:CanonicalizationMethod", EXCLUSIVE, ""),
        algorithm("ds:SignatureMethod", RSA_SHA256, ""),
        element("ds:Reference", &[("URI", format!("#{id}"))], &reference.concat()),
    ]
    .concat()
}

fn algorithm(name: &str, identifier: &str, content: &str) -> String {
    element(name, &[("Algorithm", identifier.to_owned())], content)
}
