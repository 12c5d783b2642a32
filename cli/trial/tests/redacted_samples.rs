//! The samples of the catalogue, redacted as if an account had got them: a replay reads of each what it read before.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use http::Method;
use keyway::connection::{ConfigMap, Credentials};
use keyway::{EgressPolicy, IntegrationRecord};
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use keyway_trial::record::{RealAccount, Recorder, Take, file};
use keyway_trial::redact::{PlainAnswer, Redactor};
use keyway_trial::replay::{ReplayOutcome, replay};
use keyway_trial::sample::{Sample, parse};
use keyway_trial::stand_in::{Filled, found_out, said};
use keyway_trial::vendor::Vendor;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Samples that are not written when they are recorded: a value that was replaced would still be there.
const REFUSED: [&str; 12] = [
    "1password-scim/page.http",
    "1password-scim/probe.http",
    "circleci/page.http",
    "circleci/probe.http",
    "docusign/token-2.http",
    "heroku/page.http",
    "heroku/refresh.http",
    "heroku/token.http",
    "jumpcloud/page.http",
    "shipstation-v2/page-last.http",
    "shipstation-v2/page.http",
    "slack/token.http",
];

/// Samples of which a replay reads something else when they are redacted. A recording says so.
const DIFFERENT: [&str; 5] = [
    "avanan/token.http",
    "docusign/page-last.http",
    "mcp-generic/token-5.http",
    "sap-business-one/page.http",
    "workable/probe.http",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn outcomes(spec: &'static ProviderSpec, samples: &[Sample]) -> Vec<ReplayOutcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(replay(spec, samples))
}

/// The account of which a replay thinks that it gives the answers.
fn redactor(spec: &'static ProviderSpec) -> Redactor {
    let mut config: ConfigMap = found_out(spec);
    config.extend(said(spec, Filled::All).config);
    let recorder = Recorder::new(Vendor::new(|_, _| http::Response::default()));
    let integration = IntegrationRecord::new(spec.key, spec);
    let (credentials, policy) = (Credentials::default(), EgressPolicy::default());
    let account = RealAccount::new(spec, integration, config, credentials, policy, recorder);
    Redactor::new(account.redaction(BTreeSet::new()))
}

/// A reading with the stand-ins of what the answer names: waits, lifetimes and fields are as they were.
fn moved(redactor: &mut Redactor, read: &str) -> String {
    if let Some(count) = read.strip_suffix(" items").and_then(|count| count.parse::<usize>().ok()) {
        // Of a list the first item and the last stay.
        return format!("{} items", count.min(2));
    }
    let mut path = |path: &str| redactor.request(&Method::GET, path).1;
    match read.split_once('`') {
        Some(("the next page has ", pairs)) => {
            let pairs = pairs.trim_end_matches('`').split("`, `").map(|pair| {
                let (name, value) = pair.split_once('=').unwrap();
                let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
                let made = path(&format!("/?{query}"));
                let (name, value) = url::form_urlencoded::parse(&made.as_bytes()[2..]).next().unwrap();
                format!("`{name}={value}`")
            });
            format!("the next page has {}", pairs.collect::<Vec<_>>().join(", "))
        }
        Some((words @ "the next page is ", rest)) => format!("{words}`{}`", path(rest.trim_end_matches('`'))),
        _ => read.to_owned(),
    }
}

#[test]
fn samples_of_the_catalogue_are_read_alike_when_they_are_redacted_but_those_that_are_listed() {
    let mut sources = Sources::default();
    let yaml = std::fs::read_to_string(root().join("providers.yaml")).unwrap();
    let catalogue = sources.add("providers.yaml".to_owned(), yaml);
    let specs: &'static [ProviderSpec] =
        Vec::leak(pipeline::load(&sources, Input { catalogue, overlays: Vec::new() }).1);
    let (mut seen, mut differences, mut refused) = (0, Vec::new(), Vec::new());
    for folder in std::fs::read_dir(root().join("fixtures")).unwrap() {
        let folder = folder.unwrap();
        let spec = specs.iter().find(|spec| folder.file_name() == spec.key).unwrap();
        let mut redactor = redactor(spec);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "http"));
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let sample = parse(name, &text).unwrap();
            let answer = PlainAnswer {
                at: sample.at.unwrap_or("2026-01-02T03:04:05Z".parse().unwrap()),
                status: sample.status,
                headers: sample.headers.clone(),
                body: sample.body.clone(),
            };
            let take = Take::new(name, sample.kind, sample.request.clone(), answer);
            // Comments about values and numbers of items are about the answer before; an empty page stays empty.
            let kept =
                |line: &&str| *line == "# items: 0" || (!line.starts_with("# next:") && !line.starts_with("# items:"));
            let comments: Vec<&str> = text.lines().filter(kept).collect();
            let Ok(redacted) = file(&take, &mut redactor, &comments.join("\n"), "2026-11-30") else {
                refused.push(format!("{}/{name}", spec.key));
                continue;
            };
            after.push(parse(name, &redacted).unwrap());
            before.push(sample);
        }
        for (before, after) in outcomes(spec, &before).iter().zip(outcomes(spec, &after)) {
            seen += 1;
            let is_alike = |(one, other): (&String, &String)| one == other || moved(&mut redactor, one) == *other;
            let are_alike = before.read.len() == after.read.len() && before.read.iter().zip(&after.read).all(is_alike);
            if !are_alike || before.problems.len() != after.problems.len() {
                println!("{}/{}: {:?}\n  {:?} {:?}", spec.key, after.sample, before.read, after.read, after.problems);
                differences.push(format!("{}/{}", spec.key, after.sample));
            }
        }
    }
    assert!(seen > 600, "{seen} samples: this test no longer finds them");
    differences.sort();
    refused.sort();
    assert_eq!(refused, REFUSED, "these are not written when recorded");
    assert_eq!(differences, DIFFERENT, "read otherwise when redacted, as printed above");
}
