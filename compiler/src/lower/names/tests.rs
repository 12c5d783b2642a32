//! Names as tables, and the promise about them as a property.

use super::*;
use keyway_spec::{Auth, Field, KnownScope};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn providers_get_modules_and_marker_types() {
    for (key, expected_module, expected_marker) in [
        ("github", "github", "Github"),
        ("google-calendar-mcp", "google_calendar_mcp", "GoogleCalendarMcp"),
        ("1password-events", "_1password_events", "_1passwordEvents"),
        ("8x8", "_8x8", "_8x8"),
        ("a-1-2", "a_1_2", "A1_2"),
        ("-a--b-", "a_b", "AB"),
        ("box", "box_", "BoxApi"),
        ("custom", "custom", "CustomApi"),
        ("template", "template", "TemplateApi"),
        ("self", "self_", "SelfApi"),
        ("str", "str_", "Str"),
        ("std", "std_", "Std"),
        ("lib", "lib_", "Lib"),
        ("com1", "com1_", "Com1"),
        ("lpt9", "lpt9_", "Lpt9"),
        ("com10", "com10", "Com10"),
        ("-", "unnamed", "Unnamed"),
    ] {
        assert_eq!((module(key).as_str(), marker(key).as_str()), (expected_module, expected_marker), "{key}");
    }
}

#[test]
fn a_long_key_is_a_file_name_still() {
    let (first, second) = (format!("a{}", "-b".repeat(200)), format!("a{}-c", "-b".repeat(200)));
    assert!(module(&first).len() <= MAX_MODULE_NAME && module(&first) != module(&second));
    assert!(module(&first).starts_with("a_b_b_b_"));
}

#[test]
fn modules_that_would_clash_are_found() {
    assert_eq!(clashes(["box", "box-", "a-b", "a--b"]), [("box", "box-"), ("a-b", "a--b")]);
}

#[test]
fn a_scope_has_the_names_of_each_list_that_it_stands_in() {
    let listed =
        ["read:user", "https://acme.example/auth/drive.file", "https://mail.acme.example/", "read-user", "openid"];
    let names: Vec<String> = scopes::constants(&["read:user", "offline", "openid", "email"], &listed)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "READ_USER",
        "DRIVE_FILE",
        "MAIL_ACME_EXAMPLE",
        "READ_USER_2",
        "OPENID",
        "DEFAULT_READ_USER",
        "DEFAULT_OFFLINE",
        "EMAIL",
    ];
    assert_eq!(names, expected);
}

/// A field that people may leave out, or must give, with a list of values or without.
fn field((name, optional, choices): (&'static str, bool, &'static [&'static str])) -> Field {
    Field { name, optional, choices, ..Field::EMPTY }
}

/// Each name of a module with what it stands for.
fn meanings(spec: &ProviderSpec) -> Vec<String> {
    let module = Module::new(spec);
    let of = |kind: &str, all: &[Field], names: &[Named]| {
        let mut meanings = Vec::new();
        for named in names {
            let field = &all[named.field];
            let place = if named.is_required { kind } else { "constant" };
            meanings.push(format!("{place} {} = {kind} {}", named.name, field.name));
            let Some(choice) = &named.choice else { continue };
            meanings.push(format!("enum {} = {kind} {}", choice.name, field.name));
            let variants = choice.variants.iter().zip(field.choices);
            meanings.extend(variants.map(|(variant, value)| format!("{kind} {}::{variant} = {value}", field.name)));
        }
        meanings
    };
    let mut all = of("config", spec.connection_config, &module.config);
    all.extend(of("credentials", spec.credentials, &module.credentials));
    all.extend(module.scopes.iter().map(|(name, scope)| format!("scope {name} = {scope}")));
    all
}

/// Names that meet in Rust in many ways, with those that a mode knows.
const WORDS: [&str; 20] = [
    "region",
    "Region",
    "REGION",
    "region_2",
    "region-2",
    "regionChoice",
    "type",
    "Type",
    "spec",
    "format",
    "2",
    "-",
    "credential",
    "credential_region",
    "credentialRegion",
    "config_region",
    "username",
    "userName",
    "Password",
    "password",
];
const SCOPES: [&str; 14] = [
    "read:user",
    "read-user",
    "read.user",
    "read_user_2",
    "https://a.example/read:user",
    "write",
    "Write",
    "openid",
    "openID",
    ".default",
    "2",
    "default",
    "default_write",
    "listed:default",
];
const CHOICES: [&[&str]; 4] = [&[], &["eu"], &["eu", "EU"], &["eu", "EU", "e-u", "Eu2", ""]];

fn fields() -> impl Strategy<Value = Vec<Field>> {
    let choices = proptest::sample::select(&CHOICES[..]);
    let one = (proptest::sample::select(&WORDS[..]), any::<bool>(), choices).prop_map(field);
    proptest::collection::vec(one, 0..6)
}

fn known(names: &[&'static str]) -> &'static [KnownScope] {
    names.iter().map(|name| KnownScope { name, allows: None }).collect::<Vec<_>>().leak()
}

fn scope_list() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(&SCOPES[..]), 0..6)
}

/// The fields of lists that follow one another, each name once; with what the mode asks for after them.
fn joined(lists: &[&[Field]], standard: &[&'static str]) -> &'static [Field] {
    let standard: Vec<Field> = standard.iter().map(|name| Field { name, ..Field::EMPTY }).collect();
    let mut seen = BTreeSet::new();
    let all = lists.iter().copied().flatten().chain(&standard).filter(|field| seen.insert(field.name));
    all.copied().collect::<Vec<_>>().leak()
}

/// A list with some more values for each field after those it has.
fn with_more_values(fields: &[Field], more: &[usize]) -> Vec<Field> {
    let grown = fields.iter().zip(more.iter().cycle()).map(|(field, more)| {
        let longer = CHOICES.iter().skip(*more).find(|all| all.starts_with(field.choices));
        Field { choices: if field.choices.is_empty() { &[] } else { longer.unwrap_or(&field.choices) }, ..*field }
    });
    grown.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is added after the others, in any of the lists and in all of them at once.
    #[test]
    fn what_is_added_behind_the_others_renames_nothing(
        (config, more_config) in (fields(), fields()),
        (credentials, more_credentials) in (fields(), fields()),
        (default, more_default) in (scope_list(), scope_list()),
        (listed, more_listed) in (scope_list(), scope_list()),
        more_values in proptest::collection::vec(0_usize..CHOICES.len(), 1..4),
        auth in proptest::sample::select(&[Auth::None, Auth::Basic, Auth::ApiKey][..]),
    ) {
        let standard: &[&str] = if matches!(auth, Auth::Basic) { &["username", "password"] } else { &[] };
        let before = ProviderSpec {
            key: "acme",
            auth,
            connection_config: joined(&[&config], &[]),
            credentials: joined(&[&credentials], standard),
            default_scopes: default.clone().leak(),
            known_scopes: known(&listed),
            ..ProviderSpec::EMPTY
        };
        // A name that the mode asks for anyway is there already: to write it is no addition.
        let new: Vec<Field> = more_credentials.into_iter().filter(|field| !standard.contains(&field.name)).collect();
        let after = ProviderSpec {
            connection_config: joined(&[&with_more_values(&config, &more_values), &more_config], &[]),
            credentials: joined(&[&with_more_values(&credentials, &more_values), &new], standard),
            default_scopes: [default, more_default].concat().leak(),
            known_scopes: known(&[listed, more_listed].concat()),
            ..before
        };
        let now = meanings(&after);
        for meaning in meanings(&before) {
            prop_assert!(now.contains(&meaning), "{meaning} is not in {now:?}");
        }
        let names = |meanings: &[String]| {
            let named = meanings.iter().filter_map(|meaning| meaning.split_once(" = "));
            named.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        let distinct: BTreeSet<String> = names(&now).into_iter().collect();
        prop_assert_eq!(distinct.len(), names(&now).len(), "a name with two meanings in {:?}", now);
    }
}

/// The findings about names in an entry with these lines, each with its place; and the names that its module has.
fn found(lines: &str) -> (Vec<String>, Vec<String>) {
    let text = format!(
        "acme: {{display_name: Acme, docs: 'https://acme.example', categories: [other], auth_mode: OAUTH2, \
         authorization_url: 'https://acme.example/a', token_url: 'https://acme.example/t', \
         proxy: {{base_url: 'https://api.acme.example'}}, {lines}}}"
    );
    let mut sources = crate::source::Sources::default();
    let file = sources.add("t.yaml", text);
    let (checked, specs) = crate::pipeline::compile(&sources, file, &[]);
    let of_names = |code: &str| ["KW0211", "KW0212"].contains(&code);
    let found = checked.diagnostics.iter().filter(|found| of_names(found.rule.code));
    let found = found.map(|found| format!("{} {}", found.path[1..].join("."), found.message)).collect();
    (found, specs.first().map(meanings).unwrap_or_default())
}

#[test]
fn a_clash_says_which_name_the_one_behind_has() {
    let field = |name: &str, rest: &str| format!("{name}: {{type: string, title: T, description: D.{rest}}}");
    let optional = |name: &str| field(name, ", optional: true");
    for (lines, expected) in [
        (
            format!("connection_config: {{{}, {}}}", field("accountId", ""), field("account_id", "")),
            "connection_config.account_id the field `account_id` is `account_id_2` in Rust, because `account_id` is `accountId`",
        ),
        (
            format!("connection_config: {{{}, {}}}", optional("team"), optional("Team")),
            "connection_config.Team the field `Team` is `TEAM_2` in Rust, because `TEAM` is `team`",
        ),
        (
            format!("credentials: {{{}, {}}}", optional("team"), optional("Team")),
            "credentials.Team the field `Team` is `CREDENTIAL_TEAM_2` in Rust, because `CREDENTIAL_TEAM` is `team`",
        ),
        (format!("connection_config: {{{}, {}}}", optional("team"), field("Team", "")), ""),
        (format!("connection_config: {{{}}}, credentials: {{{}}}", optional("team"), optional("team")), ""),
        (format!("connection_config: {{{}, {}}}", field("team", ", automated: true"), optional("Team")), ""),
        (
            format!(
                "connection_config: {{{}, {}}}",
                field("team", ", enum: [a]"),
                field("Team", ", enum: [b], optional: true")
            ),
            "connection_config.Team the enum of `Team` is `TeamChoice` in Rust, because `Team` is `team`",
        ),
        (
            format!("connection_config: {{{}}}", field("format", ", enum: [live, LIVE]")),
            "connection_config.format.enum.1 the value `LIVE` is `Live2` in Rust, because `Live` is `live`",
        ),
        (
            "keyway: {scopes: ['read:user', write, read-user]}".to_owned(),
            "keyway.scopes.2 the scope `read-user` is `READ_USER_2` in Rust, because `READ_USER` is `read:user`",
        ),
        (
            "keyway: {scopes: {'read:user': Read, write: Write, read-user: Read}}".to_owned(),
            "keyway.scopes.read-user the scope `read-user` is `READ_USER_2` in Rust, because `READ_USER` is `read:user`",
        ),
        ("default_scopes: [read-user], keyway: {scopes: [write, 'read:user']}".to_owned(), ""),
        (
            "default_scopes: [read-user, 'read:user']".to_owned(),
            "default_scopes.1 the scope `read:user` is `DEFAULT_READ_USER_2` in Rust, because `DEFAULT_READ_USER` is `read-user`",
        ),
        (
            format!(
                "connection_config: {{{}}}, keyway: {{authorization: {{config_params: [Team]}}}}",
                optional("team")
            ),
            "keyway.authorization.config_params `Team` is not declared, and its constant would be `TEAM`, which is that of `team`",
        ),
        (
            format!(
                "connection_config: {{{}}}, keyway: {{authorization: {{config_params: [Team]}}}}",
                field("team", "")
            ),
            "",
        ),
        (
            "keyway: {authorization: {config_params: [Team, team]}}".to_owned(),
            "keyway.authorization.config_params the field `team` is `TEAM_2` in Rust, because `TEAM` is `Team`",
        ),
    ] {
        let (found, names) = found(&lines);
        assert_eq!(found.join("; "), expected, "{lines}");
        // What is said is what the module has: it is read from the entry there and from the spec here.
        if let Some((_, named)) = expected.split_once(" is `").filter(|_| !expected.contains("not declared")) {
            let name = named.split('`').next().unwrap_or_default();
            assert!(names.iter().any(|meaning| meaning.contains(&format!("{name} = "))), "{name} is not in {names:?}");
        }
    }
}
