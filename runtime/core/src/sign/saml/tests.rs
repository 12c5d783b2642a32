//! The contents of an assertion, and that `xmlsec1` verifies it.

use super::*;
use crate::sign::Algorithm;
use std::io::Write;
use std::process::Command;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Every kind of value that could break out of its place.
fn hostile() -> Assertion<'static> {
    Assertion {
        id: [0xab; 16],
        issuer: "www.example.com",
        subject: "ada & <b>\"l\"</b> 'ä' ]]> &amp;\r\n\tend",
        subject_format: None,
        recipient: "https://api.example.com/oauth/token?a=1&b=\"2\"\t\n\r>",
        audiences: &["www.example.com", "a<b>&\"c\""],
        session_index: Some("11111111-2222-4333-8444-555555555555"),
        context_class: None,
        attributes: &[("api_key", "k&<>\"'"), ("na\"me<", " spaces  \r\n kept "), ("use_username", "true")],
        issued_at: at("2026-01-02T03:04:05Z"),
        not_before: at("2026-01-02T03:03:05Z"),
        not_on_or_after: at("2026-01-02T03:09:05.5Z"),
    }
}

fn key(pem: &str) -> Key {
    Key::private(&Secret::from(pem)).unwrap()
}

const RSA: &str = include_str!("../../../tests/keys/rsa.pkcs8.pem");

#[test]
fn an_assertion_says_what_rfc_7522_asks_for() {
    let assertion = Assertion { subject: "ada", recipient: "https://r/", attributes: &[("k", "v")], ..hostile() };
    let assertion = Assertion { audiences: &["aud"], ..assertion };
    assert_eq!(
        document(&assertion, None).unwrap().as_str(),
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_abababababababababababababababab\" IssueInstant=\"2026-01-02T03:04:05.000Z\" Version=\"2.0\">\
         <saml:Issuer>www.example.com</saml:Issuer>\
         <saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">ada</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData NotOnOrAfter=\"2026-01-02T03:09:05.500Z\" Recipient=\"https://r/\">\
         </saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"2026-01-02T03:03:05.000Z\" NotOnOrAfter=\"2026-01-02T03:09:05.500Z\">\
         <saml:AudienceRestriction><saml:Audience>aud</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2026-01-02T03:04:05.000Z\" \
         SessionIndex=\"11111111-2222-4333-8444-555555555555\"><saml:AuthnContext>\
         <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement>\
         <saml:AttributeStatement><saml:Attribute Name=\"k\"><saml:AttributeValue \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"xs:string\">v</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    );
}

#[test]
fn the_signature_stands_behind_the_issuer_and_changes_nothing_else() {
    let (plain, signed) = (document(&hostile(), None).unwrap(), document(&hostile(), Some(&key(RSA))).unwrap());
    let (before, rest) = signed.split_once("<ds:Signature ").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    assert!(before.ends_with("</saml:Issuer>"), "{before}");
    assert_eq!([before, after].concat(), *plain);
    let encoded = bearer(&hostile(), Some(&key(RSA))).unwrap();
    assert_eq!(STANDARD.decode(encoded.expose()).unwrap(), signed.as_bytes());
}

#[test]
fn only_rsa_keys_sign_and_values_outside_of_xml_are_refused() {
    let error = bearer(&hostile(), Some(&key(include_str!("../../../tests/keys/ed25519.pkcs8.pem")))).unwrap_err();
    assert!(error.message().contains(Algorithm::Rs256.name()), "{error}");
    for (assertion, field) in [
        (Assertion { issuer: "\0", ..hostile() }, "`issuer`"),
        (Assertion { recipient: "\u{b}", ..hostile() }, "`recipient`"),
        (Assertion { attributes: &[("a", "\u{1}")], ..hostile() }, "`attributes`"),
    ] {
        let error = bearer(&assertion, None).unwrap_err();
        assert!(error.message().contains(field), "{error}");
    }
}

#[test]
fn xmlsec1_verifies_what_is_signed_and_nothing_else() {
    if Command::new("xmlsec1").arg("--version").output().is_err() {
        // Past the test harness, which shows nothing of a test that passes.
        let _ = writeln!(std::io::stdout(), "skipped: xmlsec1_verifies_what_is_signed: there is no `xmlsec1`");
        return;
    }
    let empty = Assertion { attributes: &[], audiences: &[], session_index: None, ..hostile() };
    for assertion in [hostile(), empty] {
        let signed = document(&assertion, Some(&key(RSA))).unwrap();
        let (ok, output) = verify(&signed);
        assert!(ok, "{output}\n{}", *signed);
        // What is changed, in content or in the name of what is signed, is no longer valid.
        for (from, to) in
            [("www.example.com", "www.example.org"), ("\"_ab", "\"_ac"), ("03:09:05.500Z", "04:09:05.500Z")]
        {
            let changed = signed.replace(from, to);
            assert_ne!(changed, *signed);
            assert!(!verify(&changed).0, "{from}");
        }
        // What stands around the root element is not signed.
        assert!(verify(&format!("<?xml version=\"1.0\"?>\n{}\n", *signed)).0);
    }
}

/// Runs `xmlsec1 --verify` with the public half of the test key.
fn verify(document: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let (file, public) = (folder.path().join("assertion.xml"), folder.path().join("public.pem"));
    std::fs::write(&file, document).unwrap();
    std::fs::write(&public, include_str!("../../../tests/keys/rsa.public.pem")).unwrap();
    let output = Command::new("xmlsec1")
        .args(["--verify", "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion", "--pubkey-pem"])
        .args([&public, &file])
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}
