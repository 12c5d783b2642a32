//! Every signature in `authorize.jsonl`, `proxy.jsonl` and `token.jsonl`, made again from the recorded inputs: JWTs,
//! OAuth 1.0 headers, AWS Signature Version 4, WSSE tokens; and the spellings of keys in `utils.jsonl`.
//!
//! The recordings say which mode signs what. Randomised signatures are verified instead of compared.

use crate::recorded::{self, lines, now};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keyway::secret::Secret;
use keyway::sign::{Key, jwt, oauth1, sigv4, wsse};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Every text in a value.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

fn text<'a>(row: &'a Value, pointer: &str) -> &'a str {
    row.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn recorded_json_web_tokens_are_made_again() {
    let Some(rows) = lines("token") else { return };
    let (mut compared, mut verified) = (BTreeSet::new(), BTreeSet::new());
    for row in &rows {
        let provider = text(row, "/provider");
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        texts(&row["input"], &mut inputs);
        texts(&row["requests"], &mut outputs);
        texts(&row["result"], &mut outputs);
        let keys: Vec<Key> = inputs.iter().flat_map(|input| keys(input)).collect();
        for token in outputs.iter().flat_map(|output| tokens(output)) {
            let parts: Vec<&str> = token.split('.').collect();
            let (header, claims) = (object(parts[0]), object(parts[1]));
            let made: Vec<Secret> = keys.iter().filter_map(|key| jwt::sign(&header, &claims, key).ok()).collect();
            let signed = format!("{}.{}", parts[0], parts[1]);
            if made.iter().any(|made| made.expose() == token) {
                compared.insert(provider);
            } else if keys.iter().any(|key| verifies(&header, key, &signed, parts[2])) {
                assert!(made.iter().any(|made| made.expose().starts_with(&signed)), "{provider}: {signed}");
                verified.insert(provider);
            } else {
                // What a recorded server handed out only looks like a token: its signature is too short for any.
                assert!(parts[2].len() < 40, "{provider}: {token}");
            }
        }
    }
    println!("made again: {compared:?}; verified: {verified:?}");
    enough(compared.len() >= 6 && verified.len() >= 3);
}

/// Whatever key a recorded input may be.
fn keys(input: &str) -> Vec<Key> {
    let secret = Secret::from(input);
    let hexadecimal = input.split(':').next_back().unwrap_or_default();
    [Key::private(&secret), Key::shared(&secret), Key::shared_hex(&Secret::from(hexadecimal))]
        .into_iter()
        .flatten()
        .collect()
}

/// The compact JWTs in a text, a form body or a header.
fn tokens(text: &str) -> Vec<&str> {
    text.split(['&', '=', ' ', '"'])
        .filter(|part| part.starts_with("eyJ") && part.split('.').count() == 3)
        .filter(|part| part.split('.').take(2).all(|part| URL_SAFE_NO_PAD.decode(part).is_ok()))
        .collect()
}

fn object(part: &str) -> Map<String, Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn verifies(header: &Map<String, Value>, key: &Key, signed: &str, signature: &str) -> bool {
    let Ok(info) = key.public_key_info() else { return false };
    // The key itself ends a SubjectPublicKeyInfo; these are the lengths of what stands before it.
    let (algorithm, before): (&'static dyn VerificationAlgorithm, usize) = match header["alg"].as_str() {
        Some("ES256") => (&ECDSA_P256_SHA256_FIXED, 26),
        Some("PS256") => (&RSA_PSS_2048_8192_SHA256, 24),
        _ => return false,
    };
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    info.get(before..)
        .is_some_and(|public| UnparsedPublicKey::new(algorithm, public).verify(signed.as_bytes(), &signature).is_ok())
}

#[test]
fn recorded_oauth_1_headers_are_made_again() {
    let (Some(authorize), Some(proxy), Some(token)) = (lines("authorize"), lines("proxy"), lines("token")) else {
        return;
    };
    let mut made = BTreeMap::<&str, usize>::new();
    for row in authorize.iter().chain(&proxy).chain(&token) {
        if !matches!(text(row, "/auth_mode"), "OAUTH1" | "TBA") {
            continue;
        }
        let request = row.pointer("/requests/0").or_else(|| row.get("output")).unwrap();
        let recorded = header(text(request, "/headers/authorization"));
        let first = |pointers: &[&str]| {
            pointers
                .iter()
                .map(|pointer| text(row, pointer))
                .find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_owned()
        };
        let provider = text(row, "/provider");
        let consumer =
            match first(&["/input/connection_config/oauth_client_secret", "/input/integration/oauth_client_secret"]) {
                none if none.is_empty() => format!("client-secret-{provider}+/="), // not among the inputs of `authorize`
                secret => secret,
            };
        let consumer = Secret::new(consumer);
        let token = Secret::new(first(&[
            "/input/credentials/token_secret",
            "/input/credentials/oauth_token_secret",
            "/input/oauth_token_secret",
        ]));
        let field = |name: &str| recorded.get(name).map(String::as_str);
        let method = match field("oauth_signature_method") {
            Some("HMAC-SHA256") => oauth1::Method::HmacSha256,
            _ => oauth1::Method::HmacSha1,
        };
        let extra: Vec<(&str, &str)> =
            ["oauth_callback", "oauth_verifier"].iter().filter_map(|name| Some((*name, field(name)?))).collect();
        // The original signs a `+` in a query as itself; in a form, which a query is here, it is a space (RFC 5849
        // section 3.4.1.3.1). Written as `%2B` it is a plus to both.
        let url = Url::parse(&text(request, "/url").replace('+', "%2B")).unwrap();
        let form = request.get("body").and_then(Value::as_str).unwrap_or_default();
        let header_value = oauth1::authorization(
            oauth1::Request { method: text(request, "/method"), url: &url, form: form.as_bytes() },
            oauth1::Credentials {
                consumer_key: field("oauth_consumer_key").unwrap(),
                consumer_secret: &consumer,
                token: field("oauth_token").map(|name| (name, &token)),
            },
            oauth1::Options {
                method,
                nonce: field("oauth_nonce").unwrap(),
                timestamp: now().as_second(),
                extra: &extra,
                realm: field("realm"),
            },
        )
        .unwrap();
        assert_eq!(header(header_value.expose()), recorded, "{provider} {}", text(row, "/case"));
        *made.entry(text(row, "/auth_mode")).or_default() += 1;
    }
    println!("made again: {made:?}");
    enough(made.len() == 2);
}

/// The fields of an `OAuth` header, decoded.
fn header(value: &str) -> BTreeMap<String, String> {
    let fields = value.strip_prefix("OAuth ").unwrap_or_else(|| panic!("no OAuth header: {value}"));
    fields
        .split(',')
        .map(|field| {
            let (name, value) = field.trim().split_once('=').unwrap();
            let decoded = form_urlencoded::parse(format!("v={}", value.trim_matches('"')).as_bytes())
                .map(|(_, value)| value.into_owned())
                .collect::<String>();
            (name.to_owned(), decoded)
        })
        .collect()
}

#[test]
fn recorded_aws_signatures_are_made_again() {
    let (Some(proxy), Some(token)) = (lines("proxy"), lines("token")) else { return };
    let mut made = 0;
    for row in proxy.iter().chain(&token).filter(|row| row["auth_mode"] == "AWS_SIGV4") {
        let request = row.pointer("/requests/0").or_else(|| row.get("output")).unwrap();
        // The original left an unresolved placeholder in the host; here that is an error long before a signature.
        let Ok(url) = Url::parse(text(request, "/url")) else { continue };
        let headers = request["headers"].as_object().unwrap();
        let recorded = headers["authorization"].as_str().unwrap();
        let scope: Vec<&str> = recorded.split(['=', ',', '/']).collect();
        let names = recorded.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
        let signed: Vec<(&str, &str)> = names
            .split(';')
            .filter(|name| *name != "host" && !name.starts_with("x-amz-"))
            .map(|name| (name, headers[name].as_str().unwrap()))
            .collect();
        let session = headers.get("x-amz-security-token").and_then(Value::as_str).map(Secret::from);
        let own = if session.is_some() {
            "/input/credentials/secret_access_key"
        } else {
            "/input/integration/custom/awsSecretAccessKey"
        };
        let secret = Secret::from(text(row, own));
        let body = match &request["body"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let at = now();
        let made_headers = sigv4::headers(
            &sigv4::Request {
                method: text(request, "/method"),
                url: &url,
                headers: &signed,
                payload: sigv4::Payload::Bytes(body.as_bytes()),
                path: sigv4::PathForm::AsSent,
                content_hash: true,
            },
            sigv4::Credentials { key_id: scope[1], secret: &secret, session_token: session.as_ref() },
            sigv4::Scope { region: scope[3], service: scope[4], at },
        )
        .unwrap();
        for (name, value) in made_headers {
            assert_eq!(headers[name].as_str(), Some(value.expose()), "{name} of {}", text(row, "/case"));
        }
        made += 1;
    }
    println!("made again: {made}");
    enough(made >= 5);
}

#[test]
fn recorded_wsse_tokens_are_made_again() {
    let Some(rows) = lines("token") else { return };
    let mut made = 0;
    for row in rows.iter().filter(|row| row["auth_mode"] == "SIGNATURE") {
        let password = Secret::from(text(row, "/input/credentials/password"));
        let token =
            wsse::username_token(text(row, "/input/credentials/username"), &password, [0xab; 16], now()).unwrap();
        assert_eq!(token.expose(), text(row, "/result/credentials/token"));
        made += 1;
    }
    enough(made > 0);
}

#[test]
fn recorded_spellings_of_a_key_are_one_key() {
    let Some(rows) = lines("utils") else { return };
    let spellings: Vec<&Value> = rows.iter().filter(|row| row["fn"] == "formatPem").collect();
    let (mut infos, mut refused) = (BTreeSet::new(), 0);
    for row in &spellings {
        let read = Key::private(&Secret::from(text(row, "/input/0")));
        assert_eq!(read.is_ok(), row.get("output").is_some(), "{}", text(row, "/input/0"));
        match read {
            Ok(key) => _ = infos.insert(STANDARD.encode(key.public_key_info().unwrap())),
            Err(_) => refused += 1,
        }
    }
    println!("{} spellings, {refused} refused", spellings.len());
    enough(infos.len() == 1 && refused > 0);
}

/// Fails where fewer were compared than the shared recordings have; others may have none.
#[track_caller]
fn enough(compared: bool) {
    assert!(compared || !recorded::are_the_shared_ones(), "too few were compared");
}
