//! Every signature of a key pair, verified by OpenSSL's command.

use super::*;
use spki::der::Tag;
use spki::der::asn1::UintRef;
use std::io::Write;
use std::process::Command;

/// Algorithm, private key, public key, OpenSSL's digest and options.
const CASES: [(&str, &str, &str, &[&str]); 9] = [
    ("RS256", RSA, RSA_PUBLIC, &["-sha256"]),
    ("RS384", RSA, RSA_PUBLIC, &["-sha384"]),
    ("RS512", RSA, RSA_PUBLIC, &["-sha512"]),
    ("PS256", RSA, RSA_PUBLIC, &["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]),
    ("PS384", RSA, RSA_PUBLIC, &["-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:48"]),
    ("PS512", RSA, RSA_PUBLIC, &["-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"]),
    ("ES256", include_str!("../../../tests/keys/p256.sec1.pem"), P256_PUBLIC, &["-sha256"]),
    ("ES384", include_str!("../../../tests/keys/p384.sec1.pem"), P384_PUBLIC, &["-sha384"]),
    ("EdDSA", include_str!("../../../tests/keys/ed25519.pkcs8.pem"), ED25519_PUBLIC, &[]),
];

const RSA: &str = include_str!("../../../tests/keys/rsa.pkcs1.pem");
const RSA_PUBLIC: &str = include_str!("../../../tests/keys/rsa.public.pem");
const P256_PUBLIC: &str = include_str!("../../../tests/keys/p256.public.pem");
const P384_PUBLIC: &str = include_str!("../../../tests/keys/p384.public.pem");
const ED25519_PUBLIC: &str = include_str!("../../../tests/keys/ed25519.public.pem");

#[test]
fn openssl_verifies_every_algorithm() {
    if Command::new("openssl").arg("version").output().is_err() {
        // Past the test harness, which shows nothing of a test that passes.
        let _ = writeln!(std::io::stdout(), "skipped: openssl_verifies_every_algorithm: there is no `openssl`");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (name, private, public, options) in CASES {
        let key = Key::private(&Secret::from(private)).unwrap();
        let made = key.sign(Algorithm::named(name).unwrap(), b"message").unwrap();
        std::fs::write(path("public.pem"), public).unwrap();
        std::fs::write(path("signature"), if name.starts_with("ES") { der(&made) } else { made }).unwrap();
        for (message, valid) in [("message", true), ("massage", false)] {
            std::fs::write(path("message"), message).unwrap();
            let mut command = Command::new("openssl");
            if options.is_empty() {
                command.args(["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey"]).arg(path("public.pem"));
                command.arg("-sigfile").arg(path("signature")).arg("-in").arg(path("message"));
            } else {
                command.arg("dgst").args(options).arg("-verify").arg(path("public.pem"));
                command.arg("-signature").arg(path("signature")).arg(path("message"));
            }
            let output = command.output().unwrap();
            assert_eq!(output.status.success(), valid, "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// An ECDSA signature as OpenSSL reads it (RFC 3279 section 2.2.3).
fn der(fixed: &[u8]) -> Vec<u8> {
    let (r, s) = fixed.split_at(fixed.len() / 2);
    let numbers = [UintRef::new(r).unwrap().to_der().unwrap(), UintRef::new(s).unwrap().to_der().unwrap()].concat();
    AnyRef::new(Tag::Sequence, &numbers).unwrap().to_der().unwrap()
}
