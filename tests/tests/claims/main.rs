//! What `keyway explain` says about the runtime, tried on the runtime.
//!
//! Each case names a rule and the words of its page that it tries: a page that is changed without its case, and a
//! runtime that is changed without the page, both fail. Entries are compiled as users' are. Not covered: what pages say
//! of vendors and of other readers of the format.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::large_types_passed_by_value,
    reason = "in a test, also in its helpers, it is the assertion"
)]

mod fields;
mod requests;
mod signing_in;
mod waits;

use keyway::clock::Moment;
use keyway::connection::ConfigMap;
use keyway::credentials::Credentials;
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway_compiler::pipeline::compile;
use keyway_compiler::reference::rules_of;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;

/// What every entry of these tests begins with.
const ENTRY: &str = "acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
";

/// Fails unless a page of the rule says so.
fn says(rule: &str, words: &str) {
    let pages: Vec<&str> = rules_of(rule).iter().filter_map(|doc| doc.page).map(|page| page.why).collect();
    assert!(pages.iter().any(|why| why.contains(words)), "`{rule}` does not say `{words}`: {pages:?}");
}

/// The entry with these further keys, as the compiler lowers it; findings of rules do not keep it from that.
fn spec(keys: &str) -> ProviderSpec {
    let mut sources = Sources::default();
    let file = sources.add("claims.yaml", format!("{ENTRY}{keys}"));
    let (checked, specs) = compile(&sources, file, &[]);
    specs.into_iter().next().unwrap_or_else(|| panic!("{keys}: {:?}", checked.diagnostics))
}

/// The codes of what is found in an entry.
fn findings(keys: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("claims.yaml", format!("{ENTRY}{keys}"));
    let (checked, _) = compile(&sources, file, &[]);
    checked.diagnostics.iter().map(|found| found.rule.code.to_owned()).collect()
}

/// Whether an entry can be used at all.
fn is_lowered(keys: &str) -> bool {
    let mut sources = Sources::default();
    let file = sources.add("claims.yaml", format!("{ENTRY}{keys}"));
    !compile(&sources, file, &[]).1.is_empty()
}

fn pairs(pairs: &[(&str, &str)]) -> ConfigMap {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A connection of an entry.
struct Account {
    spec: ProviderSpec,
    integration: IntegrationRecord,
    config: ConfigMap,
    credentials: Credentials,
    moment: Moment,
}

impl Account {
    fn of(spec: ProviderSpec) -> Account {
        Account {
            integration: IntegrationRecord::new("acme", &spec).client_id("client").client_secret("secret"),
            spec,
            config: ConfigMap::new(),
            credentials: Credentials::default(),
            moment: Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: "0-0".to_owned() },
        }
    }

    fn with(self, config: &[(&str, &str)], submitted: &[(&str, &str)]) -> Account {
        let inputs = submitted.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        Account { config: pairs(config), credentials: Credentials::submitted(inputs), ..self }
    }

    fn inputs<'a>(&'a self, metadata: &'a serde_json::Map<String, serde_json::Value>) -> Inputs<'a> {
        Inputs {
            spec: &self.spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "c",
            metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }
}
