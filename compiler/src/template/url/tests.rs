//! Tables of URLs: what is said of each, and which host it has.

use super::*;
use crate::template::parse;

/// `range message`, for each fault.
fn said(text: &str, form: Form) -> Vec<String> {
    let (template, _) = parse(text, true);
    let found = template.alternatives().iter().flat_map(|one| faults(&one.nodes, form));
    found.map(|fault| format!("{}..{} {}", fault.range.start, fault.range.end, fault.message)).collect()
}

#[test]
fn what_is_no_url_is_said_at_its_bytes() {
    for (text, expected) in [
        ("", "0..0 an empty URL"),
        ("https://a.com ", "13..14 a URL ends with a blank"),
        ("  https://a.com", "0..2 a URL begins with a blank"),
        ("https://a.com\n", "13..14 a URL holds a line break"),
        ("https://a.com/\tb", "14..15 a URL holds a tab"),
        ("https://a .com", "9..10 a URL holds a blank"),
        ("https://a.com\u{a0}", "13..15 a URL holds a no-break space (U+00A0)"),
        ("https://\u{feff}a.com", "8..11 a URL holds a byte order mark (U+FEFF), which the eye does not see"),
        ("https://a\u{ad}b.com", "9..11 a URL holds a soft hyphen (U+00AD), which the eye does not see"),
        ("https://a.com/\u{202e}x", "14..17 a URL holds U+202E, which the eye does not see"),
        ("\u{201c}https://a.com", "0..3 a URL holds a typographic quotation mark (U+201C)"),
        ("https://a\u{7f}.com", "9..10 a URL holds a control character (U+007F)"),
        ("\"https://a.com\"", "0..6 a URL begins with its scheme"),
        ("<https://a.com>", "0..6 a URL begins with its scheme"),
        ("ftp://a.com", "0..3 `ftp` is not a scheme that can be called"),
        ("wss://a.com", "0..3 `wss` is not a scheme that can be called"),
        ("htps://a.com", "0..4 `htps` is not a scheme that can be called"),
        ("https://", "6..8 a URL without a host"),
        ("https:///x", "6..9 a URL without a host"),
        ("https://?x", "6..8 a URL without a host"),
        ("https://:8443", "8..8 a URL without a host"),
        ("https://https://a.com", "8..16 a URL begins twice"),
        ("https://user:pw@a.com", "8..16 a URL holds a user name or a password"),
        ("https://@a.com", "8..9 a URL holds a user name or a password"),
        ("https://a.com:99999", "14..19 `99999` is not a port"),
        ("https://a.com:0", "14..15 `0` is not a port"),
        ("https://a.com:port", "14..18 `port` is not a port"),
        ("https://a.com:80:81", "14..19 `80:81` is not a port"),
        ("https://a.com:-1", "14..16 `-1` is not a port"),
        ("https://a..com", "10..11 a host with an empty label"),
        ("https://.a.com", "8..9 a host with an empty label"),
        ("https://a.com..", "14..15 a host with an empty label"),
        ("https://.", "8..9 a host with an empty label"),
        ("https://-a.com", "8..10 a label of a host begins or ends with `-`"),
        ("https://a.com-", "10..14 a label of a host begins or ends with `-`"),
        ("https://*.a.com", "8..9 no host holds `*`"),
        ("https://a.com,https://b.com", "13..14 no host holds `,`"),
        ("https://a%2ecom", "9..10 no host holds `%`"),
        ("https://a.com|b", "13..14 no host holds `|`"),
        ("https://{sub}.a.com", "8..9 no host holds `{`"),
        ("https://1.2.3", "8..13 a host whose last label is a number is read as an IPv4 address"),
        ("https://0x7f.1", "8..14 a host whose last label is a number is read as an IPv4 address"),
        ("https://010.0.0.1", "8..17 a host whose last label is a number is read as an IPv4 address"),
        ("https://256.1.1.1", "8..17 a host whose last label is a number is read as an IPv4 address"),
        ("https://a.0x", "8..12 a host whose last label is a number is read as an IPv4 address"),
        (
            "https://169.254.169.254",
            "8..23 the address `169.254.169.254` is link-local (169.254.0.0/16), where clouds serve their machines' credentials",
        ),
        ("https://[::1", "8..12 no IPv6 address stands in the brackets"),
        ("https://[fe80::1%25eth0]", "8..24 no IPv6 address stands in the brackets"),
        ("https://[2001:db8::1]", "8..21 the address `2001:db8::1` is reserved for documentation"),
        ("https://[::1]x", "8..14 no IPv6 address stands in the brackets"),
        ("https://2606:4700::1111", "8..23 an IPv6 address in a URL stands in brackets"),
        ("https://m\u{fc}nchen.de", "8..19 `m\u{fc}nchen.de` is not spelled in ASCII"),
        ("https://a\u{3002}com", "8..15 `a\u{3002}com` is not spelled in ASCII"),
        ("https://a.com\\v1", "13..14 a URL holds a `\\`"),
        ("https://a.com/../x", "14..16 `..` is a part of the path"),
        ("https://a.com/x/%2E%2e", "16..22 `%2E%2e` is a part of the path"),
        ("https://a.com/./x?y=..", "14..15 `.` is a part of the path"),
        // Between values.
        ("https://${x}.a.com:99999/b", "19..24 `99999` is not a port"),
        ("https://${x}.a.com:8${y}/b", "19..24 a value is a part of a port"),
        ("https://${x}..a.com", "13..14 a host with an empty label"),
        ("https://${x}-.a.com", "8..13 a label of a host begins or ends with `-`"),
        ("https://u:${x}@a.com", "8..15 a URL holds a user name or a password"),
        ("https://${x}.1", "8..14 a host whose last label is a number is read as an IPv4 address"),
        ("https://[${x}]/", "8..14 no IPv6 address stands in the brackets"),
        ("${x}://a.com", "0..7 a value stands for the scheme of a URL"),
        ("${x}:99999/b", "5..10 `99999` is not a port"),
        ("${x}/a/../b", "7..9 `..` is a part of the path"),
        ("https://${x} || https://a .com", "25..26 a URL holds a blank"),
        ("https://${x}.a.com || ftp://a.com", "22..25 `ftp` is not a scheme that can be called"),
    ] {
        assert_eq!(said(text, Form::Whole), [expected], "{text:?}");
        assert_eq!(said(text, Form::Base).first().map(String::as_str), Some(expected), "{text:?} as a base");
    }
}

#[test]
fn what_works_is_not_refused() {
    for text in [
        "https://a.com",
        "HTTPS://A.com:8443/v1/",
        "http://a_b.example.co.uk/v1?x=y&z",
        "https://8.8.8.8:1/x",
        "https://[2606:4700::1111]:8443/x",
        "https://xn--mnchen-3ya.de",
        "https://a.com./x",
        "https://a.com/v1//x",
        "https://a.com/:create,b;c=d@e!$&'()*+~",
        "https://a.com/%2F%20",
        "https://localhost:3000",
        "https://${x}",
        "https://${x}:${y}/z",
        "https://${x}${y}.a.com",
        "https://a-${x}.a.com/${y}.json",
        "${x}/oauth",
        "${x}.a.com/oauth",
        "https://${x}.a.com || ${y}/b",
        "https://a.com/..${x}",
    ] {
        let refused: Vec<Fault> =
            parse(text, true).0.alternatives().iter().flat_map(|one| faults(&one.nodes, Form::Whole)).collect();
        assert!(refused.iter().all(|fault| fault.weight != Weight::Refused), "{text}: {refused:?}");
    }
}

#[test]
fn the_form_decides_about_what_stands_behind_the_host() {
    for (form, text, expected) in [
        (Form::Base, "https://a.com/#f", Some((Weight::Refused, "14..16 a base URL holds a fragment"))),
        (Form::Whole, "https://a.com/#f", Some((Weight::Refused, "14..16 a URL holds a fragment, which is not sent"))),
        (Form::Link, "https://a.com/#f", None),
        (Form::Below, "/x#f", Some((Weight::Respelled, "2..4 an endpoint holds a fragment, which is not sent"))),
        (Form::Base, "https://a.com/x y", Some((Weight::Refused, "15..16 a URL holds a blank"))),
        (
            Form::Whole,
            "https://a.com/x y",
            Some((Weight::Respelled, "15..16 a URL holds a blank, which is sent as `%20`")),
        ),
        (Form::Below, " /x", Some((Weight::Respelled, "0..1 a URL begins with a blank"))),
        (Form::Below, "//x", Some((Weight::Refused, "0..2 an endpoint begins with two slashes"))),
        (Form::Below, "/x/../y", Some((Weight::Refused, "3..5 `..` is a part of the path"))),
        (Form::Below, "/x\\y", Some((Weight::Refused, "2..3 a URL holds a `\\`"))),
        (Form::Below, "/x\ny", Some((Weight::Refused, "2..3 a URL holds a line break"))),
        (Form::Below, "", Some((Weight::Refused, "0..0 an empty URL"))),
        (Form::Below, "v1/users?page[size]=1", None),
        (Form::Link, "https://m\u{fc}nchen.de/x", None),
    ] {
        let found = faults_of_text(text, form);
        let shown: Vec<_> = found
            .iter()
            .map(|fault| (fault.weight, format!("{}..{} {}", fault.range.start, fault.range.end, fault.message)))
            .collect();
        let expected: Vec<_> = expected.into_iter().map(|(weight, text)| (weight, text.to_owned())).collect();
        assert_eq!(shown, expected, "{form:?} {text:?}");
    }
}

#[cfg(feature = "tools")]
#[test]
fn a_name_in_another_script_is_shown_in_ascii() {
    for (text, expected) in [
        ("https://M\u{fc}nchen.de/x", Some("xn--mnchen-3ya.de")),
        ("https://\u{4f8b}\u{3048}.jp", Some("xn--r8jz45g.jp")),
        ("https://a\u{3002}com", Some("a.com")),
        ("https://\u{ff41}.com", Some("a.com")),
        ("https://${x}.m\u{fc}nchen.de", None),
        ("https://a.\u{fc}\u{2488}.de", None),
    ] {
        let (template, _) = parse(text, true);
        let found = faults(&template.nodes, Form::Whole);
        assert_eq!(found.first().map(|fault| fault.mended.as_deref()), Some(expected), "{text}");
    }
    assert_eq!(said("https://xn--a.com", Form::Whole), ["8..13 `xn--a` stands for no name"]);
    let help = faults(&parse("https://${x}.m\u{fc}nchen.de", true).0.nodes, Form::Whole);
    assert_eq!(
        help.first().map(|fault| fault.help.as_str()),
        Some("write `*.xn--mnchen-3ya.de`, which is what is called")
    );
}
