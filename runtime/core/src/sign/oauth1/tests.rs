//! RFC 5849 and a vendor's worked example give the vectors.

use super::*;

fn secret(text: &str) -> Secret {
    Secret::from(text)
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn the_base_string_is_the_one_of_rfc_5849_section_3_4_1_1() {
    let url = url("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b");
    let request = Request { method: "post", url: &url, form: b"c2&a3=2+q" };
    let protocol = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ];
    assert_eq!(
        base_string(request, &protocol).as_str(),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%\
         26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1\
         %26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
}

#[test]
fn the_uri_of_the_base_string_has_no_default_port_user_query_or_fragment() {
    // RFC 5849 section 3.4.1.2.
    for (text, expected) in [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
        ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
        ("https://user:pass@example.com/a#b", "https://example.com/a"),
    ] {
        let url = url(text);
        let base = base_string(Request { method: "GET", url: &url, form: b"" }, &[]);
        assert_eq!(base.split('&').nth(1), Some(encode(expected).to_string().as_str()), "{text}");
    }
}

#[test]
fn signatures_are_those_of_rfc_5849_section_1_2() {
    // The example's requests carry no `oauth_version`, so they are signed below `authorization`.
    let callback = "http://printer.example.com/ready";
    let photos = "http://photos.example.net/photos?file=vacation.jpg&size=original";
    for (method, target, token, protocol, expected) in [
        (
            "POST",
            "https://photos.example.net/initiate",
            None,
            [("oauth_timestamp", "137131200"), ("oauth_nonce", "wIjqoS"), ("oauth_callback", callback)].as_slice(),
            "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
        ),
        (
            "POST",
            "https://photos.example.net/token",
            Some(("hh5s93j4hdidpola", "hdhd0244k9j7ao03")),
            [("oauth_timestamp", "137131201"), ("oauth_nonce", "walatlh"), ("oauth_verifier", "hfdp7dh39dks9884")]
                .as_slice(),
            "gKgrFCywp7rO0OXSjdot/IHF7IU=",
        ),
        (
            "GET",
            photos,
            Some(("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")),
            [("oauth_timestamp", "137131202"), ("oauth_nonce", "chapoH")].as_slice(),
            "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        ),
    ] {
        let (consumer, url) = (secret("kd94hf93k423kf44"), url(target));
        let mut all = vec![("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_signature_method", "HMAC-SHA1")];
        all.extend(protocol);
        all.extend(token.map(|(token, _)| ("oauth_token", token)));
        let token_secret = token.map(|(token, text)| (token, secret(text)));
        let credentials = Credentials {
            consumer_key: "dpf43f3p2l4k3l03",
            consumer_secret: &consumer,
            token: token_secret.as_ref().map(|(token, secret)| (*token, secret)),
        };
        let base = base_string(Request { method, url: &url, form: b"" }, &all);
        assert_eq!(signature(Method::HmacSha1, &secrets(credentials), &base).as_str(), expected, "{target}");
    }
}

#[test]
fn a_form_body_is_signed() {
    // The worked example of "Creating a signature" in X's developer documentation.
    let (consumer, token) =
        (secret("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"), secret("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"));
    let url = url("https://api.twitter.com/1.1/statuses/update.json?include_entities=true");
    let form = b"status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21";
    let credentials = Credentials {
        consumer_key: "xvz1evFS4wEEPTGEFPHBog",
        consumer_secret: &consumer,
        token: Some(("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", &token)),
    };
    let options = Options {
        method: Method::HmacSha1,
        nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        timestamp: 1_318_622_958,
        extra: &[],
        realm: None,
    };
    let header = authorization(Request { method: "POST", url: &url, form }, credentials, options).unwrap();
    assert!(header.expose().contains(r#"oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D""#), "{}", header.expose());
}

/// The request of most tests below.
fn example(method: Method, extra: &[(&str, &str)], realm: Option<&str>) -> Result<Secret> {
    let (consumer, token) = (secret("djr9rjt0jd78jf88"), secret("jjd99$tj88uiths3"));
    let url = url("https://example.com/request?b=1");
    let credentials = Credentials { consumer_key: "key", consumer_secret: &consumer, token: Some(("tok", &token)) };
    let options = Options { method, nonce: "n", timestamp: 1, extra, realm };
    authorization(Request { method: "GET", url: &url, form: b"" }, credentials, options)
}

#[test]
fn the_plain_method_sends_both_secrets_encoded() {
    // RFC 5849 section 3.4.4, with a character that needs encoding in the token's secret; encoded again for the header.
    let header = example(Method::Plaintext, &[], None).unwrap();
    let expected = r#"oauth_signature="djr9rjt0jd78jf88%26jjd99%2524tj88uiths3", oauth_signature_method="PLAINTEXT""#;
    assert!(header.expose().contains(expected), "{}", header.expose());
}

#[test]
fn the_header_is_sorted_with_the_realm_first() {
    let header = example(Method::HmacSha256, &[("oauth_verifier", "v 1")], Some("123_SB1")).unwrap();
    let names: Vec<&str> =
        header.expose()["OAuth ".len()..].split(", ").map(|field| field.split('=').next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "realm",
            "oauth_consumer_key",
            "oauth_nonce",
            "oauth_signature",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_token",
            "oauth_verifier",
            "oauth_version"
        ]
    );
    assert!(header.expose().starts_with(r#"OAuth realm="123_SB1", "#));
    assert!(header.expose().contains(r#"oauth_verifier="v%201""#), "{}", header.expose());
}

#[test]
fn a_realm_cannot_end_its_quotes() {
    for realm in ["a\"b", "a\\b", "a\r\nb", "ä"] {
        let error = example(Method::HmacSha1, &[], Some(realm)).unwrap_err();
        assert!(error.message().contains("`realm`"), "{error}");
    }
}
