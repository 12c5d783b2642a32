//! Places in whole and in broken text.

use super::*;

/// The context at `|`, as `entry/path slot "token" before`.
fn context_of(text: &str) -> String {
    let cursor = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let Some(context) = at(&text, cursor) else { return "nowhere".to_owned() };
    let token = &text[context.token.clone()];
    let path = context.entry.into_iter().chain(context.path).collect::<Vec<_>>().join("/");
    let before = context.before.join(" ");
    format!("{path} {:?} {token:?} {before}", context.slot).trim_end().to_owned()
}

#[test]
fn a_place_is_found_in_whole_and_in_broken_text() {
    for (text, expected) in [
        ("ac|me:\n  docs: x", " Key \"acme\""),
        ("|", " Key \"\""),
        ("acme:\n  |", "acme Either \"\""),
        ("acme:\n  do|", "acme Either \"do\""),
        ("acme:\n  docs: x\n  pr|", "acme Key \"pr\" docs"),
        ("acme:\n  docs: x\n  pr|oxy:\n    base_url: y", "acme Key \"proxy\" docs"),
        ("acme:\n  docs: x\n  |\nother:\n", "acme Key \"\" docs"),
        ("acme:\n  auth_mode: API|", "acme/auth_mode Value \"API\""),
        ("acme:\n  auth_mode: |", "acme/auth_mode Value \"\""),
        ("acme:\n  auth_mode:|", "nowhere"),
        ("acme:\n  auth_mode: 'AP|I'", "acme/auth_mode Value \"API\""),
        ("acme:\n  auth_mode: \"AP|", "acme/auth_mode Value \"AP\""),
        ("acme:\n  proxy:\n    base_url: https://${con|", "acme/proxy/base_url Value \"https://${con\""),
        ("acme:\n  proxy:\n    |", "acme/proxy Either \"\""),
        ("acme:\n  proxy:\n    base_url: x\n  |", "acme Key \"\" proxy"),
        ("acme:\n  proxy:\n    base_url: x\n    |", "acme/proxy Key \"\" base_url"),
        ("acme:\n  categories:\n    - o|", "acme/categories/[] Either \"o\""),
        ("acme:\n  categories:\n  - o|", "acme/categories/[] Either \"o\""),
        ("acme:\n  categories:\n  - other\n  do|", "acme Key \"do\" categories"),
        ("acme:\n  categories: [other, cr|]", "acme/categories/[] Value \"cr\""),
        ("acme:\n  categories: [|", "acme/categories/[] Value \"\""),
        ("acme:\n  steps:\n    - token_url: x\n      to|", "acme/steps/[] Key \"to\" token_url"),
        ("acme:\n  steps:\n    - token_url: x|", "acme/steps/[]/token_url Value \"x\""),
        ("acme:\n  steps:\n    - a: 1\n    - to|", "acme/steps/[] Either \"to\""),
        ("acme:\n  credentials:\n    apiKey: {type: string, ti|", "acme/credentials/apiKey Key \"ti\" type"),
        ("acme:\n  credentials:\n    apiKey: {type: st|, title: x}", "acme/credentials/apiKey/type Value \"st\""),
        ("acme:\n  credentials: {apiKey: {type: string, title: T}, us|}", "acme/credentials Key \"us\" apiKey"),
        ("acme: {auth_mode: |}", "acme/auth_mode Value \"\""),
        ("acme: {proxy: {base_url: 'https://${c|'", "acme/proxy/base_url Value \"https://${c\""),
        ("acme: {proxy: {headers: {x: a${b|}, y: z}}}", "acme/proxy/headers/x Value \"a${b}\""),
        ("acme:\n  headers: {\n    a: b,\n    c|\n  }", "acme/headers Key \"c\" a"),
        ("acme:\n  # comm|ent\n  docs: x", "nowhere"),
        ("acme:\n  docs: x # com|ment", "nowhere"),
        ("acme:\n  docs: |\n", "acme/docs Value \"\""),
        ("acme:\n  why: >\n    te|xt: x\n  docs: x", "nowhere"),
        ("acme:\n  why: >\n    text: x\n  do|cs: x", "acme Key \"docs\" why"),
        ("acme:\n  docs: x\n\n\nother:\n  do|", "other Either \"do\""),
        ("acme:\r\n  docs: x\r\n  do|\r\n", "acme Key \"do\" docs"),
        ("acme:\n  alias: gi|thub\n", "acme/alias Value \"github\""),
        ("acme:\n  'do|cs': x", "acme Key \"docs\""),
        ("acme:\n    docs: x\n  |", "acme Either \"\""),
    ] {
        assert_eq!(context_of(text), expected, "{text}");
    }
}

#[test]
fn every_cursor_in_every_text_ends() {
    let text = "a: {b: [\n'c\n- d: \"e\n  - - f: |\n   g\n# h\n}] i: >\n\n  - ${j, k}: l, \u{e4}: \t\r\nm:\n";
    for end in text.char_indices().map(|(at, _)| at) {
        for cursor in text.char_indices().map(|(at, _)| at).filter(|at| *at <= end) {
            let context = at(&text[..end], cursor);
            assert!(context.is_none_or(|context| text.get(context.token).is_some()), "{end} {cursor}");
        }
    }
}
