//! Claims about what customers enter.

use super::{pairs, says, spec};
use keyway::fields::{Trust, validate};

#[test]
fn a_field_takes_what_the_pages_say() {
    for (rule, words, field, given, trust, expected) in [
        ("KW0350", "no customer can enter", "automated: true", Some("x"), Trust::User, Err(())),
        ("KW0350", "The provider sends the value", "automated: true", Some("x"), Trust::Provider, Ok(Some("x"))),
        ("KW0351", "may not enter anything", "automated: true", None, Trust::User, Ok(None)),
        ("KW0352", "submitted with its default", "hidden: true, default_value: d", None, Trust::User, Ok(Some("d"))),
        ("KW0352", "no value unless a program gives it", "hidden: true", None, Trust::User, Ok(None)),
        ("KW0352", "no value unless a program gives it", "hidden: true", Some("x"), Trust::User, Ok(Some("x"))),
        ("KW0352", "an empty default says", "hidden: true, default_value: ''", None, Trust::User, Ok(Some(""))),
        ("KW0356", "Patterns are searched", "pattern: '[a-z]+'", Some("1a1"), Trust::User, Ok(Some("1a1"))),
        ("KW0356", "Patterns are searched", "pattern: '^[a-z]+$'", Some("1a1"), Trust::User, Err(())),
        ("KW0357", "customers cannot connect", "pattern: '^[a-z]+$', example: A1", Some("A1"), Trust::User, Err(())),
        (
            "KW0358",
            "takes a default as the entry writes it",
            "pattern: '^[a-z]+$', default_value: A1",
            None,
            Trust::User,
            Ok(Some("A1")),
        ),
        (
            "KW0358",
            "takes a default as the entry writes it",
            "enum: [a], default_value: b",
            None,
            Trust::User,
            Ok(Some("b")),
        ),
        (
            "KW0336",
            "Until the list is mended, its customers cannot connect",
            "pattern: '^(eu|us)$'",
            Some("jp"),
            Trust::User,
            Err(()),
        ),
    ] {
        says(rule, words);
        let spec = spec(&format!(
            "    auth_mode: NONE\n    connection_config: {{x: {{type: string, title: T, description: D., {field}}}}}\n    \
             proxy: {{base_url: https://a.example}}\n"
        ));
        let given = given.map(|value| ("x", value));
        let got = validate(spec.connection_config, &pairs(given.as_slice()), trust).map_err(|_| ());
        let got = got.as_ref().map(|kept| kept.get("x").map(String::as_str)).map_err(|error| *error);
        assert_eq!(got, expected, "{rule} {words} {field}");
    }
}
