//! RFC 7515 and RFC 8037 give the vectors. `key/openssl.rs` compares with another implementation.

use super::*;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use serde_json::json;

/// The payload of RFC 7515 appendix A.1 to A.3, with the line breaks that the RFC signs.
const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// RFC 7515 appendix A.1.1.
const HMAC: &str =
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

/// RFC 7515 appendix A.2.1.
const RSA: &str = r#"{"kty":"RSA",
    "n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "e":"AQAB",
    "d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    "p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    "q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    "dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    "dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    "qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"}"#;

/// RFC 7515 appendix A.3.1.
const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

/// RFC 8037 appendix A.1.
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

fn key(text: &str) -> Key {
    Key::private(&Secret::from(text)).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { unreachable!("an object is written in the test") };
    map
}

#[test]
fn deterministic_signatures_are_those_of_rfc_7515_and_rfc_8037() {
    for (key_text, algorithm, input, expected) in [
        (
            HMAC,
            Algorithm::Hs256,
            format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}"),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
        (
            RSA,
            Algorithm::Rs256,
            format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}"),
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
        (
            ED25519,
            Algorithm::EdDsa,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".to_owned(),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ] {
        let made = key(key_text).sign(algorithm, input.as_bytes()).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(made), expected, "{algorithm:?}");
    }
}

#[test]
fn ecdsa_signatures_have_the_form_of_rfc_7515_appendix_a_3() {
    let input = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}");
    let published = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let key = key(EC);
    let point = key.public_key_info().unwrap().split_off(26);
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point);
    public.verify(input.as_bytes(), &URL_SAFE_NO_PAD.decode(published).unwrap()).unwrap();
    let own = key.sign(Algorithm::Es256, input.as_bytes()).unwrap();
    assert_eq!(own.len(), 64);
    public.verify(input.as_bytes(), &own).unwrap();

    let key = super::tests::key(include_str!("../../../tests/keys/p384.sec1.pem"));
    let point = key.public_key_info().unwrap().split_off(23);
    let own = key.sign(Algorithm::Es384, b"message").unwrap();
    assert_eq!(own.len(), 96);
    UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, &point).verify(b"message", &own).unwrap();
}

#[test]
fn a_token_keeps_the_order_of_header_and_claims() {
    // The claims of RFC 7523 section 4, signed with the key of RFC 7515 appendix A.1.
    let header = object(json!({"typ": "JWT", "alg": "HS256", "kid": "16"}));
    let claims = object(json!({
        "iss": "https://jwt-idp.example.com",
        "sub": "mailto:mike@example.com",
        "aud": "https://jwt-rp.example.net",
        "nbf": 1_300_815_780,
        "exp": 1_300_819_380,
        "http://claims.example.com/member": true
    }));
    let token = sign(&header, &claims, &key(HMAC)).unwrap();
    let parts: Vec<&str> = token.expose().split('.').collect();
    let text = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(text(parts[0]), r#"{"typ":"JWT","alg":"HS256","kid":"16"}"#);
    assert_eq!(
        text(parts[1]),
        r#"{"iss":"https://jwt-idp.example.com","sub":"mailto:mike@example.com","aud":"https://jwt-rp.example.net","nbf":1300815780,"exp":1300819380,"http://claims.example.com/member":true}"#
    );
    let mac = key(HMAC).sign(Algorithm::Hs256, format!("{}.{}", parts[0], parts[1]).as_bytes()).unwrap();
    assert_eq!(parts[2], URL_SAFE_NO_PAD.encode(mac));
    assert_eq!(parts.len(), 3);
}

#[test]
fn the_header_must_name_an_algorithm_that_fits_the_key() {
    for (header, says) in [
        (json!({}), "no `alg`"),
        (json!({"alg": 256}), "no `alg`"),
        (json!({"alg": "none"}), "not a supported"),
        (json!({"alg": "RS256"}), "`RS256` needs an RSA private key, and the key is an Ed25519 private key"),
        (json!({"alg": "HS256"}), "`HS256` needs a shared secret"),
    ] {
        let error = sign(&object(header), &Map::new(), &key(ED25519)).unwrap_err();
        assert!(error.message().contains(says), "{error}");
    }
}
