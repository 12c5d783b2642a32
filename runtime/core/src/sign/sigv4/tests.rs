//! AWS's published suite and documented requests give the vectors.

use super::*;

/// A name, the request (method, target, headers, body, session token), the form of its path, and the signature.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    Option<&'static str>,
    PathForm,
    &'static str,
);

const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

/// The published test suite (`aws-signing-test-suite/v4`, as in the crate `aws-sigv4` 1.6). Left out: paths with dot
/// segments that are to stay, which no parsed URL has. The suite encodes paths once; those where it matters are taken
/// as sent.
#[rustfmt::skip] // a row a case
const SUITE: &[Case] = &[
    ("get-header-key-duplicate", "GET", "/", &[("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")], "", None, PathForm::Normalized, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
    ("get-header-value-multiline", "GET", "/", &[("My-Header1", "value1\n  value2\n     value3")], "", None, PathForm::Normalized, "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"),
    ("get-header-value-order", "GET", "/", &[("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2")], "", None, PathForm::Normalized, "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
    ("get-header-value-trim", "GET", "/", &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")], "", None, PathForm::Normalized, "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("get-relative-normalized", "GET", "/example/..", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-relative-relative-normalized", "GET", "/example1/example2/../..", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-dot-slash-normalized", "GET", "/./", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-normalized", "GET", "//", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-pointless-dot-normalized", "GET", "/./example", &[], "", None, PathForm::Normalized, "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
    ("get-slash-unnormalized", "GET", "//", &[], "", None, PathForm::AsSent, "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e"),
    ("get-slashes-normalized", "GET", "//example//", &[], "", None, PathForm::Normalized, "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
    ("get-slashes-unnormalized", "GET", "//example//", &[], "", None, PathForm::AsSent, "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"),
    ("get-space-normalized", "GET", "/example%20space/", &[], "", None, PathForm::AsSent, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", &[], "", None, PathForm::Normalized, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    ("get-utf8", "GET", "/ሴ", &[], "", None, PathForm::AsSent, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("get-vanilla", "GET", "/", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-empty-query-key", "GET", "/?Param1=value1", &[], "", None, PathForm::Normalized, "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    ("get-vanilla-query", "GET", "/", &[], "", None, PathForm::Normalized, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-encoded", "GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", &[], "", None, PathForm::Normalized, "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
    ("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", &[], "", None, PathForm::Normalized, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-query-unreserved", "GET", "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", &[], "", None, PathForm::Normalized, "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    ("get-vanilla-utf8-query", "GET", "/?ሴ=bar", &[], "", None, PathForm::Normalized, "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ("get-vanilla-with-session-token", "GET", "/", &[], "", Some("6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"), PathForm::Normalized, "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
    ("post-header-key-case", "POST", "/", &[], "", None, PathForm::Normalized, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-header-key-sort", "POST", "/", &[("My-Header1", "value1")], "", None, PathForm::Normalized, "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    ("post-header-value-case", "POST", "/", &[("My-Header1", "VALUE1")], "", None, PathForm::Normalized, "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    ("post-sts-header-before", "POST", "/", &[], "", Some(TOKEN), PathForm::Normalized, "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
    ("post-vanilla", "POST", "/", &[], "", None, PathForm::Normalized, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-vanilla-empty-query-value", "POST", "/?Param1=value1", &[], "", None, PathForm::Normalized, "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ("post-vanilla-query", "POST", "/?Param1=value1", &[], "", None, PathForm::Normalized, "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ("post-x-www-form-urlencoded", "POST", "/", &[("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "13")], "Param1=value1", None, PathForm::Normalized, "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"),
    ("post-x-www-form-urlencoded-parameters", "POST", "/", &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Content-Length", "13")], "Param1=value1", None, PathForm::Normalized, "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"),
];

fn secret() -> Secret {
    Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
}

fn scope() -> Scope<'static> {
    Scope { region: "us-east-1", service: "service", at: "2015-08-30T12:36:00Z".parse().unwrap() }
}

#[test]
fn signatures_are_those_of_the_published_suite() {
    for (name, method, target, headers_, body, token, path, expected) in SUITE.iter().copied() {
        let url = Url::parse(&format!("https://example.amazonaws.com{target}")).unwrap();
        let (secret, token) = (secret(), token.map(Secret::from));
        let credentials = Credentials { key_id: "AKIDEXAMPLE", secret: &secret, session_token: token.as_ref() };
        // The suite signs the body's hash as a header wherever there is a body.
        let (payload, content_hash) = (Payload::Bytes(body.as_bytes()), !body.is_empty());
        let request = Request { method, url: &url, headers: headers_, payload, path, content_hash };
        let made = headers(&request, credentials, scope()).unwrap();
        let (header, value) = made.last().unwrap();
        assert_eq!(*header, "authorization");
        assert!(value.expose().ends_with(&format!("Signature={expected}")), "{name}: {}", value.expose());
    }
}

#[test]
fn a_query_is_signed_as_the_bytes_that_are_sent() {
    let secret = secret();
    let credentials = Credentials { key_id: "AKIDEXAMPLE", secret: &secret, session_token: None };
    for (sent, canonical) in [
        ("k=%E9", "k=%E9"),
        ("k=%e9&K=%EF%BF%BD", "K=%EF%BF%BD&k=%E9"),
        ("b=it's&a='", "a=%27&b=it%27s"),
        ("flag&b=&a=%zz", "a=%25zz&b=&flag="),
    ] {
        let url = Url::parse(&format!("https://example.amazonaws.com/?{sent}")).unwrap();
        let (payload, path) = (Payload::Bytes(b""), PathForm::AsSent);
        let request = Request { method: "GET", url: &url, headers: &[], payload, path, content_hash: false };
        let made = headers(&request, credentials, scope()).unwrap();
        let signed = ["host:example.amazonaws.com", "x-amz-date:20150830T123600Z"].map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_owned(), value.to_owned())
        });
        let parts =
            Canonical { method: "GET", path: "/", query: canonical, headers: &signed, payload: &sha256_hex(b"") };
        assert_eq!(made.last().unwrap().1, authorization(&parts, credentials, scope()).unwrap(), "{sent}");
    }
}

#[test]
fn paths_are_encoded_once_more_for_all_services_but_s3() {
    // `double-encode-path` and `double-url-encode` of the same suite; dots and slashes as in its other cases.
    for (sent, expected) in [
        ("/test/@connections/JBDvjfGEIAMCERw%3D", "/test/%40connections/JBDvjfGEIAMCERw%253D"),
        ("/functions/arn%3Aaws%3Alambda/invocations", "/functions/arn%253Aaws%253Alambda/invocations"),
        ("", "/"),
        ("//", "/"),
        ("//example//", "/example/"),
        ("/a/./b", "/a/b"),
    ] {
        assert_eq!(normalized(sent), expected, "{sent:?}");
    }
}

#[test]
fn the_documented_requests_to_s3_have_their_documented_signatures() {
    // Amazon S3 API Reference, "Signature Calculations for the Authorization Header", GET Object and PUT Object.
    let secret = Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials { key_id: "AKIAIOSFODNN7EXAMPLE", secret: &secret, session_token: None };
    let scope = Scope { region: "us-east-1", service: "s3", at: "2013-05-24T00:00:00Z".parse().unwrap() };
    let put: &[(&str, &str)] =
        &[("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
    for (method, path, signed, body, expected) in [
        (
            "GET",
            "/test.txt",
            [("Range", "bytes=0-9")].as_slice(),
            "",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            put,
            "Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    ] {
        let url = Url::parse(&format!("https://examplebucket.s3.amazonaws.com{path}")).unwrap();
        let payload = Payload::Bytes(body.as_bytes());
        let request =
            Request { method, url: &url, headers: signed, payload, path: PathForm::AsSent, content_hash: true };
        let made = headers(&request, credentials, scope).unwrap();
        let value = made.last().unwrap().1.expose();
        assert!(value.ends_with(&format!("Signature={expected}")), "{method}: {value}");
    }
}

#[test]
fn an_unsigned_payload_and_a_session_token_are_sent_as_headers() {
    let (secret, token) = (secret(), Secret::new("token-1"));
    let credentials = Credentials { key_id: "AKIDEXAMPLE", secret: &secret, session_token: Some(&token) };
    let url = Url::parse("https://example.amazonaws.com:8443/").unwrap();
    let request = Request {
        method: "put",
        url: &url,
        headers: &[("Host", "evil.example"), ("X-Amz-Date", "19700101T000000Z")],
        payload: Payload::Unsigned,
        path: PathForm::AsSent,
        content_hash: true,
    };
    let made = headers(&request, credentials, scope()).unwrap();
    let shown: Vec<(&str, &str)> = made.iter().map(|(name, value)| (*name, value.expose())).collect();
    assert_eq!(
        shown[..3],
        [
            ("x-amz-date", "20150830T123600Z"),
            ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
            ("x-amz-security-token", "token-1")
        ]
    );
    let names = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
    assert!(shown[3].1.contains(names), "{}", shown[3].1);
    let plain = headers(&Request { headers: &[], ..request }, credentials, scope()).unwrap();
    assert_eq!(plain, made, "headers that are signed from their own source are left out");
}

#[test]
fn empty_parts_are_refused_and_named() {
    let (url, empty, secret) = (Url::parse("https://example.com/").unwrap(), Secret::default(), secret());
    let request = Request {
        method: "GET",
        url: &url,
        headers: &[],
        payload: Payload::Bytes(b""),
        path: PathForm::Normalized,
        content_hash: false,
    };
    let full = Credentials { key_id: "AKIDEXAMPLE", secret: &secret, session_token: None };
    for (credentials, scope, named) in [
        (Credentials { key_id: "", ..full }, scope(), "access key id"),
        (Credentials { secret: &empty, ..full }, scope(), "secret access key"),
        (full, Scope { region: "", ..scope() }, "region"),
        (full, Scope { service: "", ..scope() }, "service"),
    ] {
        let error = headers(&request, credentials, scope).unwrap_err();
        assert!(error.message().contains(named), "{error}");
    }
}
