//! `keyway diff` says breaking exactly where a program breaks: for each edit of a catalogue, a program written
//! against the state before it is compiled against the state after it, and what both do is compared.
//!
//! | file | what |
//! |---|---|
//! | `catalogue.yaml` | the state before |
//! | `edits` | the edits |
//! | `consumer.rs` | the program; compiled once for each edit |
//! | `programs` | compiling and running them, all in one package |
//! | `behaviour` | what the runtime does with a spec, as texts to compare |
//!
//! No verdict is written down: what is expected of an edit is what rustc and the runtime say.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod behaviour;
mod edits;
mod programs;

use behaviour::Observed;
use keyway_compiler::diff::{Change, diff};
use keyway_compiler::emit::single_file;
use keyway_compiler::pipeline::{self, Checked};
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use programs::Programs;
use std::collections::BTreeMap;

const BEFORE: &str = include_str!("catalogue.yaml");

/// A state of the catalogue, compiled.
struct State {
    checked: Checked,
    specs: Vec<ProviderSpec>,
}

impl State {
    fn of(sources: &mut Sources, name: &str, text: &str) -> State {
        let file = sources.add(name, text);
        let (checked, specs) = pipeline::compile(sources, file, &[]);
        assert_eq!(specs.len(), checked.keys.len(), "{name} cannot be built: {:#?}", checked.diagnostics);
        State { checked, specs }
    }

    async fn observed(&self) -> Observed {
        let mut all = Observed::new();
        for spec in &self.specs {
            all.extend(behaviour::of(spec).await);
        }
        all
    }
}

/// What became of who uses the state before: nothing that was is gone or another.
fn lost(before: &Observed, after: &Observed) -> Vec<String> {
    let differs = |(what, value): &(&String, &String)| after.get(*what) != Some(*value);
    let lost = before.iter().filter(differs);
    lost.map(|(what, value)| format!("{what}: {value} -> {:?}", after.get(what))).collect()
}

#[tokio::test]
async fn diff_says_breaking_exactly_where_a_user_breaks() {
    let mut sources = Sources::default();
    let before = State::of(&mut sources, "before", BEFORE);
    let states: Vec<(&str, State)> =
        edits::all().map(|(name, text)| (name, State::of(&mut sources, name, &text))).collect();
    assert!(states.len() >= 60, "{}", states.len());

    let mut programs = Programs::new();
    programs.add("before", &single_file(&before.specs).text);
    for (index, (_, state)) in states.iter().enumerate() {
        programs.add(&module(index), &single_file(&state.specs).text);
    }
    let outcome = programs.run();
    let said = |module: &str| outcome.said.get(module);
    let (passed_on, did) =
        (said("before").expect("the program compiles against its own state"), before.observed().await);
    assert!(passed_on.len() > 20 && did.len() > 60, "{} {}", passed_on.len(), did.len());

    let (mut wrong, mut verdicts) = (Vec::new(), BTreeMap::<bool, usize>::new());
    for (index, (name, state)) in states.iter().enumerate() {
        let changes = diff(&before.checked, &state.checked);
        let says_breaking = changes.iter().any(|change| change.kind.is_breaking());
        let why = match said(&module(index)) {
            None => outcome.errors.get(&module(index)).cloned().unwrap_or_default(),
            Some(now) => [lost(passed_on, now), lost(&did, &state.observed().await)].concat(),
        };
        *verdicts.entry(!why.is_empty()).or_default() += 1;
        if says_breaking == why.is_empty() {
            wrong.push(format!("{name}: diff says {:#?}\nusers: {why:#?}", shown(&changes)));
        }
        wrong.extend(
            unclear(&changes).map(|message| format!("{name}: the message does not say what changed: {message}")),
        );
        if changes.is_empty() && !edits::says_nothing(name) {
            wrong.push(format!("{name}: nothing is told"));
        }
    }
    println!("{} edits, {verdicts:?}", states.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(verdicts.values().all(|count| *count >= 15), "both verdicts are tried: {verdicts:?}");
}

fn module(index: usize) -> String {
    format!("e{index:02}")
}

fn shown(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{}: {}", change.kind.name(), change.message)).collect()
}

/// Messages that say of a value that it was what it is.
fn unclear(changes: &[Change]) -> impl Iterator<Item = &str> {
    let is_unclear = |message: &&str| {
        message.split_once(" was ").and_then(|(_, rest)| rest.split_once(" and is ")).is_some_and(|(was, is)| was == is)
    };
    changes.iter().map(|change| change.message.as_str()).filter(is_unclear)
}
