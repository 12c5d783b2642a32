//! Every spelling of a key, and what is not a key.

use super::*;
use crate::sign::digest::hex;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

/// Keys made for these tests by `openssl genpkey`, `openssl ecparam -genkey` and `ssh-keygen`.
macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../tests/keys/", $name, ".pem"))
    };
}

fn read(text: &str) -> Result<Key> {
    Key::private(&Secret::from(text))
}

/// An identifier of a key: Base64 of the SHA-256 of its public half.
fn fingerprint(key: &Key) -> String {
    STANDARD.encode(digest(&SHA256, &key.public_key_info().unwrap()))
}

#[test]
fn the_public_half_is_the_one_that_openssl_writes() {
    for (private, public, kind) in [
        (pem!("rsa.pkcs8"), pem!("rsa.public"), "an RSA private key"),
        (pem!("rsa.pkcs1"), pem!("rsa.public"), "an RSA private key"),
        (pem!("p256.pkcs8"), pem!("p256.public"), "an EC private key on P-256"),
        (pem!("p256.sec1"), pem!("p256.public"), "an EC private key on P-256"),
        (pem!("p384.pkcs8"), pem!("p384.public"), "an EC private key on P-384"),
        (pem!("p384.sec1"), pem!("p384.public"), "an EC private key on P-384"),
        (pem!("ed25519.pkcs8"), pem!("ed25519.public"), "an Ed25519 private key"),
    ] {
        let key = read(private).unwrap();
        let expected: String = public.lines().filter(|line| !line.starts_with('-')).collect();
        assert_eq!(STANDARD.encode(key.public_key_info().unwrap()), expected);
        assert_eq!(format!("{key:?}"), format!("Key({kind})"));
    }
}

#[test]
fn every_spelling_of_a_pem_is_the_same_key() {
    for pem in [pem!("rsa.pkcs8"), pem!("rsa.pkcs1"), pem!("p256.pkcs8"), pem!("p256.sec1"), pem!("ed25519.pkcs8")] {
        let expected = fingerprint(&read(pem).unwrap());
        let key = &pem[pem.rfind("-----BEGIN").unwrap()..];
        let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
        for (spelling, text) in [
            ("Windows line breaks", pem.replace('\n', "\r\n")),
            ("literal \\n", pem.replace('\n', "\\n")),
            ("literal \\r\\n", pem.replace('\n', "\\r\\n")),
            ("spaces for line breaks", pem.replace('\n', " ")),
            ("no line breaks", pem.replace('\n', "")),
            ("surrounding space", format!("\n\n  {pem}  \n")),
            ("no end", pem.rsplit_once("-----END").unwrap().0.to_owned()),
            ("no armour", body.clone()),
            ("no padding", body.trim_end_matches('=').to_owned()),
            ("Base64 of the PEM", STANDARD.encode(pem)),
        ] {
            let read = read(&text).map(|key| fingerprint(&key));
            assert_eq!(read.ok().as_ref(), Some(&expected), "{spelling}");
        }
    }
}

#[test]
fn a_json_web_key_is_the_key_of_its_der() {
    // RFC 8037 appendix A.1 and A.2; RFC 8032 section 7.1, test 1, is the same key and signs the empty message.
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let der = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
    for key in [read(jwk).unwrap(), read(der).unwrap()] {
        assert_eq!(
            hex(&key.sign(Algorithm::EdDsa, b"").unwrap()),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe\
             24655141438e7a100b"
        );
    }

    let key = read(pem!("p256.sec1")).unwrap();
    let point = key.public_key_info().unwrap().split_off(27);
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (d, x, y) = (number(&sec1_body()[7..39]), number(&point[..32]), number(&point[32..]));
    let jwk = format!(r#"{{"kty":"EC","crv":"P-256","d":"{d}","x":"{x}","y":"{y}"}}"#);
    assert_eq!(fingerprint(&read(&jwk).unwrap()), fingerprint(&key));
}

#[test]
fn an_ec_key_may_name_its_curve_twice() {
    // As the `.p8` files of app stores do: the whole SEC1 structure inside of PKCS#8.
    let body = sec1_body();
    let length = u8::try_from(body.len()).unwrap();
    let mut wrapped = [PKCS8_P256, &[0x04, length], &body].concat();
    wrapped.splice(1..2, [0x81, 0x93]);
    let key = read(&STANDARD.encode(wrapped)).unwrap();
    assert_eq!(fingerprint(&key), fingerprint(&read(pem!("p256.sec1")).unwrap()));
}

/// The beginning of PKCS#8 for a key on P-256: a sequence of 65 bytes, version 0, the algorithm with its curve.
const PKCS8_P256: &[u8] = &[
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
];

/// The DER of `p256.sec1.pem`: a private number of 32 bytes begins at its eighth.
fn sec1_body() -> Vec<u8> {
    let pem = pem!("p256.sec1");
    let key = &pem[pem.rfind("-----BEGIN").unwrap()..];
    STANDARD.decode(key.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap()
}

#[test]
fn what_is_no_usable_key_is_refused_with_what_to_do_and_without_the_key() {
    let legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
                  -----END RSA PRIVATE KEY-----";
    let mut mixed = sec1_body();
    mixed[20] ^= 1;
    // PKCS#8 around a SEC1 key that has neither curve nor public key, as some key stores write it.
    let bare = STANDARD.encode([PKCS8_P256, &[0x04, 0x27, 0x30, 0x25], &sec1_body()[2..39]].concat());
    let half = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    let okp = format!(r#"{{"kty":"OKP","crv":"Ed25519","d":"{half}"}}"#);
    let other = format!(r#"{{"kty":"OKP","crv":"Ed448","d":"{half}","x":"{half}"}}"#);
    for (text, says) in [
        ("", "is empty"),
        ("   ", "is empty"),
        ("not a key!", "Base64"),
        ("bm90IGEga2V5", "cannot be used"),
        ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "no content"),
        ("-----BEGIN PRIVATE KEY", "no `PRIVATE KEY` block"),
        (pem!("rsa.public"), "public key"),
        (pem!("refused.certificate"), "certificate"),
        (pem!("refused.encrypted"), "openssl pkcs8"),
        (legacy, "openssl pkcs8"),
        (pem!("refused.openssh"), "ssh-keygen"),
        (pem!("refused.p521"), "P-256 or P-384"),
        (pem!("refused.rsa1024"), "2048 bits"),
        (pem!("refused.no_public"), "openssl ec"),
        (bare.as_str(), "openssl ec"),
        (STANDARD.encode(STANDARD.encode(pem!("rsa.pkcs8"))).as_str(), "cannot be used"),
        (STANDARD.encode(&mixed).as_str(), "does not belong"),
        ("{", "JSON Web Key"),
        (r#"{"kty":"RSA","n":"AQAB"}"#, "`e`"),
        (r#"{"kty":"RSA","n":"!"}"#, "Base64url"),
        (r#"{"kty":"EC","crv":"P-256","d":"AQ","x":"AQ","y":"AQ"}"#, "32 bytes"),
        (&okp, "`x`"),
        (&other, "`Ed25519`"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.message().contains(says), "{says}: {error}");
        assert!(!format!("{error:?}").contains(half), "{error:?}");
    }
}

#[test]
fn shared_secrets_are_text_or_hexadecimal() {
    let text = Key::shared(&Secret::from("Jefe")).unwrap();
    let lower = Key::shared_hex(&Secret::from(" 4a656665\n")).unwrap();
    let upper = Key::shared_hex(&Secret::from("4A656665")).unwrap();
    let jwk = read(r#"{"kty":"oct","k":"SmVmZQ"}"#).unwrap();
    for key in [&lower, &upper, &jwk] {
        assert_eq!(key.sign(Algorithm::Hs256, b"m").unwrap(), text.sign(Algorithm::Hs256, b"m").unwrap());
    }
    for wrong in ["4a6", "xyzw", "4a 65"] {
        let error = Key::shared_hex(&Secret::from(wrong)).unwrap_err();
        assert!(error.message().contains("hexadecimal") && !error.message().contains(wrong), "{error}");
    }
    assert!(Key::shared(&Secret::default()).is_err());
    assert!(Key::shared_hex(&Secret::default()).is_err());
    assert!(text.public_key_info().is_err());
}

#[test]
fn a_key_signs_with_its_own_algorithms_only() {
    let keys = [
        (Key::shared(&Secret::from("s")).unwrap(), ["HS256", "HS384", "HS512"].as_slice()),
        (read(pem!("rsa.pkcs8")).unwrap(), ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].as_slice()),
        (read(pem!("p256.pkcs8")).unwrap(), ["ES256"].as_slice()),
        (read(pem!("p384.pkcs8")).unwrap(), ["ES384"].as_slice()),
        (read(pem!("ed25519.pkcs8")).unwrap(), ["EdDSA"].as_slice()),
    ];
    let all: Vec<&str> = keys.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    assert_eq!(all.len(), 12);
    for (key, own) in &keys {
        for name in &all {
            let signed = key.sign(Algorithm::named(name).unwrap(), b"message");
            assert_eq!(signed.is_ok(), own.contains(name), "{key:?} and {name}");
            if let Err(error) = signed {
                assert!(error.message().contains(name) && error.message().contains("needs"), "{error}");
            }
        }
    }
}
