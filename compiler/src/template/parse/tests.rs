//! The grammar, as tables of texts and trees.

use super::*;

/// A tree as text that shows its structure: `[a|b]` for a choice, `f(a;b)` for a call, `<name>` for a name.
fn show(template: &Template) -> String {
    let join = |parts: &[Template], by: &str| parts.iter().map(show).collect::<Vec<_>>().join(by);
    template
        .nodes
        .iter()
        .map(|node| match &node.kind {
            Kind::Text(text) => text.clone(),
            Kind::Name(name) => format!("<{name}>"),
            Kind::Call(function, arguments) => format!("{}({})", function.name(), join(arguments, ";")),
            Kind::Now(now) => format!("<{now}>"),
            Kind::Random => "<random>".to_owned(),
            Kind::Choice(alternatives) => format!("[{}]", join(alternatives, "|")),
        })
        .collect()
}

const TEMPLATES: [(&str, bool, &str); 24] = [
    ("", true, ""),
    ("plain", true, "plain"),
    ("a || b", true, "a || b"),
    ("{ } {{$guid}} $ $x", true, "{ } {{$guid}} $ $x"),
    ("{ \"${credentials.email}\" }", false, "{ \"<credentials.email>\" }"),
    ("${a}", true, "<a>"),
    ("${a} || b || ${c}", true, "[<a>|b|<c>]"),
    ("${a} || ", true, "[<a>|]"),
    ("${a}||${b}", false, "<a>||<b>"),
    ("${connectionConfig.accounts-server}/x", true, "<connectionConfig.accounts-server>/x"),
    ("${now}${random}", true, "<now><random>"),
    ("${nowhere}", true, "<nowhere>"),
    ("${now:ddd, DD MMM YYYY HH:mm:ss ZZ}", true, "<now:ddd, DD MMM YYYY HH:mm:ss ZZ>"),
    ("${now:YYYYMMDDTHHmmss[Z]}", true, "<now:YYYYMMDDTHHmmss[Z]>"),
    ("${base64(${u}:${p})}", true, "base64(<u>:<p>)"),
    ("Basic ${base64(a(b),c)}!", true, "Basic base64(a(b),c)!"),
    ("${base64(${a}||${b})}", true, "base64(<a>||<b>)"),
    ("${sha256Hex(${base64(${a})})}", true, "sha256Hex(base64(<a>))"),
    ("${hmacSha1Hex(${now:ddd, DD}\nx, y , ${k} )}", true, "hmacSha1Hex(<now:ddd, DD>\nx, y ;<k>)"),
    ("${ed25519Sign(m,${k})}", true, "ed25519Sign(m;<k>)"),
    ("${awsSigV4(${a}, ${b}, us-east-1, iam)}", true, "awsSigV4(<a>;<b>;us-east-1;iam)"),
    ("${awsSigV4(a,b,c,d,${x}.y(1,2))}", true, "awsSigV4(a;b;c;d;<x>.y(1,2))"),
    ("${base64(${hmacSha1Hex(a,b)}:c)}", true, "base64(hmacSha1Hex(a;b):c)"),
    ("ü${a}é || ö", true, "[ü<a>é|ö]"),
];

#[test]
fn reads_every_form() {
    for (text, choice, expected) in TEMPLATES {
        let (template, problems) = parse(text, choice);
        assert_eq!(problems, [], "{text}");
        assert_eq!(show(&template), expected, "{text}");
    }
}

#[test]
fn what_is_printed_reads_back() {
    for (text, choice, expected) in TEMPLATES {
        let printed = parse(text, choice).0.to_string();
        let (again, problems) = parse(&printed, choice);
        assert_eq!(problems, [], "{printed}");
        assert_eq!(show(&again), expected, "{text}");
        assert_eq!(again.to_string(), printed);
    }
}

#[test]
fn ranges_are_the_bytes_of_the_text() {
    let text = "é ${a} || x${base64(${b})}";
    let (template, _) = parse(text, true);
    let mut names = Vec::new();
    template.each_name(&mut |name, range| names.push((name.to_owned(), &text[range.clone()])));
    assert_eq!(names, [("a".to_owned(), "${a}"), ("b".to_owned(), "${b}")]);
}

#[test]
fn says_what_is_wrong_and_where() {
    for (text, rule, at, message) in [
        ("x${a", "template-syntax", "${a", "`${` is never closed"),
        ("${a{b}}", "template-syntax", "${", "`${` is never closed"),
        ("${}", "template-syntax", "${}", "`${}` names nothing"),
        ("${now:hh}", "template-syntax", "${now:hh}", "`now:hh` is not a date"),
        ("${base64(x)", "template-syntax", "${base64(", "the call of `base64` is never closed"),
        ("${base64(x}", "template-syntax", "${base64(", "the call of `base64` is never closed"),
        ("${bas64(x)}", "unknown-function", "bas64", "unknown function `bas64`"),
        ("${hmacSha1Hex(x)}", "wrong-arity", "x", "`hmacSha1Hex` takes 2 arguments, found 1"),
        ("${awsSigV4(a,b)}", "wrong-arity", "a,b", "`awsSigV4` takes 4 or 5 arguments, found 2"),
        ("${base64()}", "wrong-arity", "base64", "`base64` takes 1 argument, found 0"),
    ] {
        let (_, problems) = parse(text, true);
        let found: Vec<_> = problems.iter().map(|p| (p.rule.name, &text[p.range.clone()])).collect();
        assert_eq!(found, [(rule, at)], "{text}");
        assert!(problems[0].message.starts_with(message), "{text}: {}", problems[0].message);
    }
}

#[test]
fn a_misspelt_function_is_offered_the_right_name() {
    let (_, problems) = parse("${bas64(x)}", true);
    assert_eq!(problems[0].replacement.as_deref(), Some("base64"));
}

#[test]
fn nesting_without_end_is_an_error_and_not_an_overflow() {
    let text = "${base64(".repeat(100_000);
    let (_, problems) = parse(&text, true);
    assert!(problems.iter().any(|problem| problem.message.contains("nest deeper")));
}
