//! Signatures of AWS Signature Version 4, verified (AWS IAM User Guide, "Create a signed AWS API request"; Amazon S3
//! API Reference, "Authenticating Requests: Using the Authorization Header").
//!
//! Everything is computed again from the request as it was received. The tests are the examples that AWS prints.

use crate::canonical::{canonical, is_storage};
use crate::check::{Checks, RefusalKind};
use crate::crypto::{hex, hmac_sha2, sha256};
use crate::instant;
use crate::mask::Mask;
use crate::request::ReceivedRequest;

/// Milliseconds by which the time of a request may differ.
const MAX_SKEW: i64 = 300_000;
/// The same of S3 (its error `RequestTimeTooSkewed`).
const MAX_STORAGE_SKEW: i64 = 900_000;

/// The only algorithm.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The hash of a body that is not signed, which S3 alone takes.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// AWS answers 403 to a signature that is none.
const REFUSED: RefusalKind = RefusalKind::Status(403);

/// The keys that sign a request, and what it is signed for.
pub(crate) struct AwsSigner<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) secret: &'a str,
    /// The session token of temporary credentials.
    pub(crate) session_token: Option<&'a str>,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// The parts of the `Authorization` header.
struct AwsAuthorization<'a> {
    credential: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

fn parse(header: &str) -> Option<AwsAuthorization<'_>> {
    let list = header.strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
    let part = |name: &str| {
        let mut parts = list.split(',').filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        parts.next().filter(|_| parts.next().is_none())
    };
    Some(AwsAuthorization {
        credential: part("Credential")?,
        signed_headers: part("SignedHeaders")?.split(';').collect(),
        signature: part("Signature")?,
    })
}

/// Checks the signature and everything that it covers.
pub(crate) fn verify(checks: &mut Checks, signer: &AwsSigner<'_>, received: &ReceivedRequest, mask: &Mask, now: i64) {
    let header = received.header("authorization").unwrap_or_default();
    let Some(own) = parse(&header) else {
        let expected = format!("{ALGORITHM} with Credential, SignedHeaders and Signature");
        checks.note(false, REFUSED, "the header `authorization`", expected, mask.wrong(&header));
        return;
    };
    let date = received.header("x-amz-date").unwrap_or_default();
    let skew = if is_storage(signer.service) { MAX_STORAGE_SKEW } else { MAX_SKEW };
    let (earliest, latest) = (stamp(now.saturating_sub(skew)), stamp(now.saturating_add(skew)));
    let is_now = date.len() == latest.len() && (earliest..=latest).contains(&date);
    checks.note(is_now, REFUSED, "the header `x-amz-date`", format!("{} or so", stamp(now)), date.clone());
    let day = date.get(..8).unwrap_or_default();
    let scope = format!("{day}/{}/{}/aws4_request", signer.region, signer.service);
    let credential = format!("{}/{scope}", signer.key_id);
    let got = mask.shown(own.credential);
    checks.note(own.credential == credential, REFUSED, "`Credential`", mask.shown(&credential), got);
    token(checks, signer, received, mask);
    headers(checks, &own.signed_headers, received);
    let payload = payload(checks, signer.service, received);
    let request = canonical(signer.service, received, &own.signed_headers, &payload);
    let text = format!("{ALGORITHM}\n{date}\n{scope}\n{}", hex(&sha256(&request)));
    let mut key = format!("AWS4{}", signer.secret).into_bytes();
    for part in [day, signer.region, signer.service, "aws4_request"] {
        key = hmac_sha2(256, &key, part.as_bytes());
    }
    let ok = hex(&hmac_sha2(256, &key, text.as_bytes())) == own.signature;
    let expected = format!("of {}", mask.shown(&String::from_utf8_lossy(&request).replace('\n', " ")));
    checks.note(ok, REFUSED, "`Signature`", expected, if ok { "it" } else { "another one" });
}

/// Temporary credentials are three: without the session token the other two are worth nothing.
fn token(checks: &mut Checks, signer: &AwsSigner<'_>, received: &ReceivedRequest, mask: &Mask) {
    let got = received.header("x-amz-security-token");
    let shown = |token: Option<&str>| token.map_or_else(|| "nothing".to_owned(), |token| mask.wrong(token));
    let ok = got.as_deref() == signer.session_token;
    checks.note(
        ok,
        REFUSED,
        "the header `x-amz-security-token`",
        signer.session_token.map_or("nothing", |_| "${session_token}"),
        shown(got.as_deref()),
    );
}

/// Signed are the host, the type of the body and every header of AWS's own; names in lower case, sorted.
fn headers(checks: &mut Checks, signed: &[&str], received: &ReceivedRequest) {
    let must = |name: &str| name == "host" || name == "content-type" || name.starts_with("x-amz-");
    let there = received.headers.keys().map(http::HeaderName::as_str).chain(["host"]);
    let left_out: Vec<&str> = there.filter(|name| must(name) && !signed.contains(name)).collect();
    let is_sorted = signed.is_sorted_by(|one, other| one < other);
    let is_lower = signed.iter().all(|name| !name.bytes().any(|byte| byte.is_ascii_uppercase()));
    let is_there = |name: &&str| *name == "host" || received.times(name) > 0;
    let missing: Vec<&str> = signed.iter().copied().filter(|name| !is_there(name)).collect();
    let got = signed.join(";");
    checks.note(is_sorted && is_lower, REFUSED, "`SignedHeaders`", "in lower case, sorted, each once", got);
    checks.unless(left_out.is_empty(), REFUSED, "`SignedHeaders`", "all that must be signed", left_out.join(";"));
    checks.unless(missing.is_empty(), REFUSED, "signed headers", "there", missing.join(";"));
}

/// The hash of the body, as the signature has it.
fn payload(checks: &mut Checks, service: &str, received: &ReceivedRequest) -> String {
    let hash = hex(&sha256(&received.body));
    let said = received.header("x-amz-content-sha256");
    match said {
        Some(said) if said == UNSIGNED && is_storage(service) => said,
        Some(said) => {
            let got = if said == UNSIGNED { UNSIGNED } else { "another one" };
            checks.unless(said == hash, REFUSED, "the header `x-amz-content-sha256`", "the hash of the body", got);
            said
        }
        None => {
            let what = "the header `x-amz-content-sha256`";
            checks.unless(!is_storage(service), REFUSED, what, "the hash of the body", "nothing");
            hash
        }
    }
}

/// ISO 8601 without punctuation: `20150830T123600Z`.
pub(crate) fn stamp(milliseconds: i64) -> String {
    let whole: String = instant::iso(milliseconds).chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{}Z", whole.split('.').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::Request;

    /// The key of the examples.
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const S3_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const FIVE_MINUTES: i64 = 300_000;

    fn received(method: &str, url: &str, headers: &[(&str, &str)], body: &'static str) -> ReceivedRequest {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ReceivedRequest::read(request.body(Bytes::from(body)).unwrap()).unwrap()
    }

    #[track_caller]
    fn problems(signer: &AwsSigner<'_>, received: &ReceivedRequest, now: i64) -> String {
        let mut checks = Checks::default();
        verify(&mut checks, signer, received, &Mask::default(), now);
        let wrong: Vec<&str> = checks.list.iter().filter(|check| !check.ok).map(|check| check.what.as_str()).collect();
        wrong.join(", ")
    }

    /// 30 August 2015, 12:36:00, and 24 May 2013.
    const IAM_TIME: i64 = 1_440_938_160_000;
    const S3_TIME: i64 = 1_369_353_600_000;

    const IAM: AwsSigner<'_> =
        AwsSigner { key_id: "AKIDEXAMPLE", secret: SECRET, session_token: None, region: "us-east-1", service: "iam" };
    const S3: AwsSigner<'_> = AwsSigner {
        key_id: "AKIAIOSFODNN7EXAMPLE",
        secret: S3_SECRET,
        session_token: None,
        region: "us-east-1",
        service: "s3",
    };

    fn list_users(url: &str, signature: &str) -> ReceivedRequest {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
        );
        let headers = [
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("x-amz-date", "20150830T123600Z"),
            ("authorization", &authorization),
        ];
        received("GET", url, &headers, "")
    }

    #[test]
    fn the_example_of_iam_is_accepted_and_any_change_of_it_is_not() {
        const URL: &str = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
        const SIGNATURE: &str = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
        let right = list_users(URL, SIGNATURE);
        assert_eq!(problems(&IAM, &right, IAM_TIME), "");
        assert_eq!(problems(&IAM, &right, IAM_TIME + FIVE_MINUTES), "");
        assert_eq!(problems(&IAM, &right, IAM_TIME + FIVE_MINUTES + 1000), "the header `x-amz-date`");
        assert_eq!(problems(&IAM, &right, IAM_TIME - FIVE_MINUTES - 1000), "the header `x-amz-date`");
        // The order of parameters is not signed.
        let sorted = list_users("https://iam.amazonaws.com/?Version=2010-05-08&Action=ListUsers", SIGNATURE);
        assert_eq!(problems(&IAM, &sorted, IAM_TIME), "");
        for (url, signature) in [
            ("https://iam.amazonaws.com/?Action=ListRoles&Version=2010-05-08", SIGNATURE),
            ("https://iam.amazonaws.com/a?Action=ListUsers&Version=2010-05-08", SIGNATURE),
            ("https://sts.amazonaws.com/?Action=ListUsers&Version=2010-05-08", SIGNATURE),
            (URL, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d8"),
        ] {
            assert_eq!(problems(&IAM, &list_users(url, signature), IAM_TIME), "`Signature`", "{url}");
        }
        for (signer, expected) in [
            (AwsSigner { key_id: "AKIDOTHER", ..IAM }, "`Credential`"),
            (AwsSigner { region: "eu-west-1", ..IAM }, "`Credential`, `Signature`"),
            (AwsSigner { service: "sts", ..IAM }, "`Credential`, `Signature`"),
            (AwsSigner { secret: S3_SECRET, ..IAM }, "`Signature`"),
            (AwsSigner { session_token: Some("session"), ..IAM }, "the header `x-amz-security-token`"),
        ] {
            assert_eq!(problems(&signer, &right, IAM_TIME), expected);
        }
    }

    fn object(method: &str, url: &str, headers: &[(&str, &str)], signed: &str, signature: &str) -> ReceivedRequest {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders={signed}, Signature={signature}"
        );
        let own = [("x-amz-date", "20130524T000000Z"), ("authorization", authorization.as_str())];
        received(method, url, &[headers, &own].concat(), if method == "PUT" { "Welcome to Amazon S3." } else { "" })
    }

    #[test]
    fn the_examples_of_s3_are_accepted() {
        let welcome = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        let hash = |hash| ("x-amz-content-sha256", hash);
        for (method, path, headers, signed, signature) in [
            (
                "GET",
                "/test.txt",
                &[("range", "bytes=0-9"), hash(EMPTY)][..],
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "PUT",
                "/test%24file.text",
                &[
                    ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    hash(welcome),
                ],
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            (
                "GET",
                "/?lifecycle",
                &[hash(EMPTY)],
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "GET",
                "/?max-keys=2&prefix=J",
                &[hash(EMPTY)],
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let url = format!("https://examplebucket.s3.amazonaws.com{path}");
            let right = object(method, &url, headers, signed, signature);
            assert_eq!(problems(&S3, &right, S3_TIME), "", "{method} {path}");
            // A dollar sign may be sent as it is.
            let plain = object(method, &url.replace("%24", "$"), headers, signed, signature);
            assert_eq!(problems(&S3, &plain, S3_TIME), "", "{method} {path}");
            for (skew, expected) in [
                (3 * FIVE_MINUTES, ""),
                (-3 * FIVE_MINUTES, ""),
                (3 * FIVE_MINUTES + 1000, "the header `x-amz-date`"),
                (-3 * FIVE_MINUTES - 1000, "the header `x-amz-date`"),
            ] {
                assert_eq!(problems(&S3, &right, S3_TIME + skew), expected, "{method} {path} {skew}");
            }
        }
        let url = "https://examplebucket.s3.amazonaws.com/test.txt";
        for (headers, signed, expected) in [
            (
                &[("x-amz-acl", "private"), hash(EMPTY)][..],
                "host;x-amz-content-sha256;x-amz-date",
                "`SignedHeaders`, `Signature`",
            ),
            (&[hash(EMPTY)], "x-amz-date;x-amz-content-sha256;host", "`SignedHeaders`, `Signature`"),
            (
                &[hash(EMPTY)],
                "Host;x-amz-content-sha256;x-amz-date",
                "`SignedHeaders`, `SignedHeaders`, signed headers, `Signature`",
            ),
            (&[hash(EMPTY)], "host;range;x-amz-content-sha256;x-amz-date", "signed headers, `Signature`"),
            (&[], "host;x-amz-date", "the header `x-amz-content-sha256`, `Signature`"),
            (
                &[hash(welcome)],
                "host;x-amz-content-sha256;x-amz-date",
                "the header `x-amz-content-sha256`, `Signature`",
            ),
        ] {
            assert_eq!(problems(&S3, &object("GET", url, headers, signed, "0"), S3_TIME), expected, "{signed}");
        }
    }
}
