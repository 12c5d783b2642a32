//! Rust names for what the format names: the only place that decides them. `docs/src/guide/names.md` tells users.
//!
//! Names are stable: they depend on the entry alone, and what is added behind others of its list renames none of them. Between two
//! lists, credentials name theirs before `connection_config`, and default scopes before the listed ones: the lists that grow
//! most come last.
//! Nothing here looks at a catalogue as a whole but [`clashes`].

pub(crate) mod reserved;
mod scope;

use keyway_spec::{Field, ProviderSpec};
use reserved::{FAMILIAR, IMPORTED, KEYWORDS, MODULES};
use scope::{Scope, camel, escape, snake};
use std::collections::BTreeMap;

/// Every name in a provider's module.
pub(crate) struct Module {
    /// The key, as written.
    pub(crate) key: &'static str,
    /// The module itself.
    pub(crate) name: String,
    /// The type that stands for the provider.
    pub(crate) marker: String,
    /// The fields of `connection_config` that people may fill in.
    pub(crate) config: Vec<Named>,
    /// The fields of `credentials` that people may fill in.
    pub(crate) credentials: Vec<Named>,
    /// The constant of each scope, with the scope.
    pub(crate) scopes: Vec<(String, &'static str)>,
}

/// A field with its Rust name.
pub(crate) struct Named {
    /// Which of the fields it is.
    pub(crate) field: usize,
    /// A struct field if it is required, else a constant.
    pub(crate) name: String,
    /// Whether a connection cannot be made without it.
    pub(crate) is_required: bool,
    /// The enum of its values, where the entry lists them.
    pub(crate) choice: Option<Choice>,
}

/// An enum of the values of a field.
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// A variant for each value, in the order of the file.
    pub(crate) variants: Vec<String>,
}

impl Module {
    /// The names of an entry.
    pub(crate) fn new(spec: &ProviderSpec) -> Module {
        let marker = marker(spec.key);
        let mut constants = Scope::new(&["SPEC"]);
        let mut types = Scope::new(&[&[marker.as_str()], &IMPORTED[..], &FAMILIAR[..]].concat());
        let credentials = named(spec.credentials, &mut constants, &mut types);
        Module {
            key: spec.key,
            name: module(spec.key),
            config: named(spec.connection_config, &mut constants, &mut types),
            credentials,
            scopes: scopes(spec),
            marker,
        }
    }
}

/// The module of a provider: `-` becomes `_`, a leading digit gets a `_` before it; a keyword, and what would hide a
/// primitive type or a crate, gets one behind it.
pub fn module(key: &str) -> String {
    let name = snake(key);
    let name = if MODULES.contains(&name.as_str()) { format!("{name}_") } else { escape(&name) };
    if name.len() <= LONGEST { name } else { shortened(&name) }
}

/// The longest module name: it is a file name too, and file systems have a limit of 255 bytes.
const LONGEST: usize = 120;

/// The beginning of a name, and a hash of the whole (FNV-1a, 64 bits).
fn shortened(name: &str) -> String {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let start: String = name.chars().take(LONGEST - 17).collect();
    format!("{}_{hash:016x}", start.trim_end_matches('_'))
}

/// The marker type of a provider: each part capitalised. A name that generated code imports, or that every Rust file
/// knows, gets `Api` behind it.
pub fn marker(key: &str) -> String {
    let name = camel(key);
    if IMPORTED.contains(&name.as_str()) || FAMILIAR.contains(&name.as_str()) || KEYWORDS.contains(&name.as_str()) {
        return format!("{name}Api");
    }
    escape(&name)
}

/// Pairs of keys whose modules would have the same name, each with the earlier key first.
pub fn clashes<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<(&'k str, &'k str)> {
    let mut modules: BTreeMap<String, &str> = BTreeMap::new();
    let mut clashes = Vec::new();
    for key in keys {
        match modules.get(&module(key)) {
            Some(first) => clashes.push((*first, key)),
            None => {
                modules.insert(module(key), key);
            }
        }
    }
    clashes
}

/// Names for the fields that anybody but the provider may fill in.
fn named(all: &[Field], constants: &mut Scope, types: &mut Scope) -> Vec<Named> {
    let mut fields = Scope::new(&[]);
    let asked = all.iter().enumerate().filter(|(_, field)| !field.automated);
    let name = |(index, field): (usize, &Field)| {
        let is_required = !field.optional && !field.hidden && field.default_value.is_none();
        let name = if is_required { fields.field(field.name) } else { constants.constant(field.name) };
        let choice = (!field.choices.is_empty()).then(|| {
            let mut variants = Scope::new(&[]);
            Choice {
                name: types.choice(field.name),
                variants: field.choices.iter().map(|value| variants.variant(value)).collect(),
            }
        });
        Named { field: index, name, is_required, choice }
    };
    asked.map(name).collect()
}

/// A constant for each scope that the entry lists, in the order of the listed ones and then the default ones. Default ones are
/// named first. One that is a URL is called after the end of its path.
fn scopes(spec: &ProviderSpec) -> Vec<(String, &'static str)> {
    let mut constants = Scope::new(&[]);
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for scope in spec.default_scopes.iter().chain(spec.known_scopes) {
        names.entry(*scope).or_insert_with(|| {
            let path = scope.split_once("://").map_or(*scope, |(_, rest)| {
                let rest = rest.trim_end_matches('/');
                rest.rsplit_once('/').map_or(rest, |(_, last)| last)
            });
            constants.constant(path)
        });
    }
    let listed = spec.known_scopes.iter().chain(spec.default_scopes);
    listed.filter_map(|scope| Some((names.remove(scope)?, *scope))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert!(module(&first).len() <= LONGEST && module(&first) != module(&second));
        assert!(module(&first).starts_with("a_b_b_b_"));
    }

    #[test]
    fn a_scope_that_is_a_url_is_called_after_its_end() {
        let spec = ProviderSpec {
            known_scopes: &[
                "read:user",
                "https://acme.example/auth/drive.file",
                "https://mail.acme.example/",
                "read-user",
            ],
            default_scopes: &["read:user", "offline"],
            ..ProviderSpec::EMPTY
        };
        let names: Vec<String> = scopes(&spec).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["READ_USER", "DRIVE_FILE", "MAIL_ACME_EXAMPLE", "READ_USER_2", "OFFLINE"]);
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

    /// Names that meet in Rust in many ways.
    const WORDS: [&str; 12] = [
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
    ];
    const SCOPES: [&str; 7] =
        ["read:user", "read-user", "read.user", "read_user_2", "https://a.example/read:user", "write", "Write"];

    fn fields() -> impl Strategy<Value = Vec<Field>> {
        let choices = prop_oneof![Just(&[][..]), Just(&["eu", "EU"][..]), Just(&["eu", "EU", "e-u", "Eu2"][..])];
        let one = (proptest::sample::select(&WORDS[..]), any::<bool>(), choices).prop_map(field);
        proptest::collection::vec(one, 0..5)
    }

    fn scope_list() -> impl Strategy<Value = Vec<&'static str>> {
        proptest::collection::vec(proptest::sample::select(&SCOPES[..]), 0..5)
    }

    /// The fields of a list of its names, each once.
    fn once(mut fields: Vec<Field>) -> &'static [Field] {
        let mut seen = std::collections::BTreeSet::new();
        fields.retain(|field| seen.insert(field.name));
        fields.leak()
    }

    proptest! {
        #[test]
        fn what_is_added_behind_the_others_renames_nothing(
            (config, more_config) in (fields(), fields()),
            (credentials, more_credentials) in (fields(), fields()),
            (default, listed, more_listed) in (scope_list(), scope_list(), scope_list()),
        ) {
            let both = |first: &[Field], more: &[Field]| once(first.iter().chain(more).copied().collect());
            let before = ProviderSpec {
                key: "acme",
                connection_config: once(config.clone()),
                credentials: once(credentials.clone()),
                default_scopes: default.clone().leak(),
                known_scopes: listed.clone().leak(),
                ..ProviderSpec::EMPTY
            };
            let grown = ProviderSpec {
                connection_config: both(&config, &more_config),
                known_scopes: [listed, more_listed].concat().leak(),
                ..before
            };
            let after = meanings(&grown);
            for meaning in meanings(&before) {
                prop_assert!(after.contains(&meaning), "{meaning} is not in {after:?}");
            }
            // Credentials are named first: a new one renames none of theirs, but may meet a name of `connection_config`.
            let grown = ProviderSpec { credentials: both(&credentials, &more_credentials), ..before };
            let after = meanings(&grown);
            for meaning in meanings(&before).iter().filter(|meaning| !meaning.contains("= config")) {
                prop_assert!(after.contains(meaning), "{meaning} is not in {after:?}");
            }
        }
    }

    #[test]
    fn modules_that_would_clash_are_found() {
        assert_eq!(clashes(["box", "box-", "a-b", "a--b"]), [("box", "box-"), ("a-b", "a--b")]);
    }
}
