//! Private keys as JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).
//!
//! Not supported: key sets. Members that say what a key is for are ignored.

use super::{KeyMaterial, invalid, pem};
use crate::error::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{Ed25519KeyPair, RsaKeyPair};
use serde::{Deserialize, Deserializer, de};
use zeroize::Zeroizing;

/// The key in a JSON text.
pub(super) fn read(text: &str) -> Result<KeyMaterial> {
    let jwk: Jwk = serde_json::from_str(text).map_err(|_| {
        invalid("the private key is not a JSON Web Key: `kty` must be there, and the numbers in Base64url")
    })?;
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => rsa(&jwk),
        ("EC", Some("P-256")) => ec(&jwk, 32),
        ("EC", Some("P-384")) => ec(&jwk, 48),
        ("OKP", Some("Ed25519")) => ed25519(&jwk),
        ("oct", _) => Ok(KeyMaterial::Shared(part(jwk.k.as_ref(), "k")?.0.clone())),
        _ => Err(invalid(
            "the JSON Web Key is of a kind that cannot sign here: use `kty` `RSA`, `EC` (`P-256`, `P-384`), `OKP` \
             (`Ed25519`) or `oct`",
        )),
    }
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    n: Option<Number>,
    e: Option<Number>,
    d: Option<Number>,
    p: Option<Number>,
    q: Option<Number>,
    dp: Option<Number>,
    dq: Option<Number>,
    qi: Option<Number>,
    x: Option<Number>,
    y: Option<Number>,
    k: Option<Number>,
}

struct Number(Zeroizing<Vec<u8>>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Number, D::Error> {
        // Borrowed: the text stays where it is wiped. Base64url needs no escapes.
        let text = <&str>::deserialize(deserializer)?;
        let bytes =
            URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| de::Error::custom("not Base64url"))?;
        Ok(Number(Zeroizing::new(bytes)))
    }
}

fn part<'a>(number: Option<&'a Number>, name: &str) -> Result<&'a Number> {
    number
        .filter(|number| !number.0.is_empty())
        .ok_or_else(|| invalid(format!("the JSON Web Key has no `{name}`: it is not a whole private key")))
}

fn rsa(jwk: &Jwk) -> Result<KeyMaterial> {
    let components = KeyPairComponents {
        public_key: PublicKeyComponents {
            n: part(jwk.n.as_ref(), "n")?.0.as_slice(),
            e: part(jwk.e.as_ref(), "e")?.0.as_slice(),
        },
        d: part(jwk.d.as_ref(), "d")?.0.as_slice(),
        p: part(jwk.p.as_ref(), "p")?.0.as_slice(),
        q: part(jwk.q.as_ref(), "q")?.0.as_slice(),
        dP: part(jwk.dp.as_ref(), "dp")?.0.as_slice(),
        dQ: part(jwk.dq.as_ref(), "dq")?.0.as_slice(),
        qInv: part(jwk.qi.as_ref(), "qi")?.0.as_slice(),
    };
    RsaKeyPair::from_components(&components)
        .map(|pair| KeyMaterial::Rsa(Box::new(pair)))
        .map_err(|_| invalid("the RSA key is damaged, or not of 2048 to 4096 bits"))
}

fn ec(jwk: &Jwk, length: usize) -> Result<KeyMaterial> {
    let (x, y) = (part(jwk.x.as_ref(), "x")?, part(jwk.y.as_ref(), "y")?);
    let private = part(jwk.d.as_ref(), "d")?;
    if [x, y, private].iter().any(|number| number.0.len() != length) {
        return Err(invalid(format!(
            "`x`, `y` and `d` of the JSON Web Key must have {length} bytes each for its `crv`"
        )));
    }
    // An uncompressed point (SEC1 section 2.3.3).
    let public = [&[0x04], x.0.as_slice(), y.0.as_slice()].concat();
    pem::ec(&private.0, &public)
}

fn ed25519(jwk: &Jwk) -> Result<KeyMaterial> {
    let (seed, public) = (part(jwk.d.as_ref(), "d")?, part(jwk.x.as_ref(), "x")?);
    Ed25519KeyPair::from_seed_and_public_key(&seed.0, &public.0)
        .map(|pair| KeyMaterial::Ed25519(Box::new(pair)))
        .map_err(|_| invalid("`d` and `x` of the JSON Web Key are not one Ed25519 key"))
}
