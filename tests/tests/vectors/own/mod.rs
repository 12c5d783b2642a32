//! Keyway's own entries, `providers.yaml`, against what was recorded with the corpus's.
//!
//! Each line of `proxy.jsonl` and `token.jsonl` whose key and auth mode our catalogue has, too, is run through our
//! entry. Where both differ, each place ([`parts`]) must be explained: Keyway does with the corpus's entry what it does
//! with ours (a class of [`crate::deviations`]), or it is in a class of [`classes`], most of which ask for a line of
//! `fixtures/KEY/differs.tsv`. The test prints a line of each file, and how many lines have a place in which class.
//!
//! Not covered: entries that the corpus lacks, and what a recorded call does not reach (pages, retries).

mod classes;
mod filled;
mod judged;
mod parts;

use self::judged::{Catalogues, Recording, Verdict, judged};
use crate::{compare, proxy, recorded, token};
use keyway_spec::ProviderSpec;
use keyway_tests::differs::{self, DiffersLine};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn what_our_entries_send_is_what_was_recorded_or_is_explained() {
    let (Some(corpus), Some(plain)) = (keyway_tests::corpus::quirky_specs(), keyway_tests::corpus::specs()) else {
        return;
    };
    let mut explained = differs::lines("differs.tsv");
    let beside = differs::lines("recorded.tsv").into_iter().map(|(folder, line)| {
        let fact = format!("recorded.{}", line.fact);
        (folder, DiffersLine { fact, ..line })
    });
    explained.extend(beside);
    let catalogues = Catalogues { own: own(), corpus, plain, explained };
    let mut seen = Vec::new();
    for recording in [PROXY, TOKEN] {
        let Some(lines) = recorded::lines(recording.file) else { return };
        seen.extend(compare(&recording, &catalogues, &lines));
    }
    if recorded::are_the_shared_ones() {
        nothing_is_listed_in_vain(&seen, &catalogues.explained);
    }
}

/// A place that is explained.
struct Explained {
    key: &'static str,
    class: &'static str,
    /// As `recorded.token.body.scope`.
    place: String,
}

fn nothing_is_listed_in_vain(seen: &[Explained], explained: &[(String, DiffersLine)]) {
    let empty: Vec<&str> = classes::names().filter(|name| seen.iter().all(|place| place.class != *name)).collect();
    assert!(empty.is_empty(), "nothing is in these classes of own.toml: {empty:?}");
    for (key, line) in explained.iter().filter(|(_, line)| line.fact.starts_with("recorded.")) {
        let is_about = |place: &Explained| place.key == key && line.covers(&place.place);
        assert!(seen.iter().any(is_about), "fixtures/{key}/recorded.tsv: {line:?} explains nothing");
        let sound = line.key == *key && line.reason.ends_with('.') && line.page.starts_with("https://");
        assert!(sound, "fixtures/{key}/recorded.tsv: {line:?}");
    }
}

const PROXY: Recording = Recording {
    file: "proxy",
    recorded: |line| {
        let output = line.get("output").filter(|output| !output.is_null());
        output.map_or_else(|| json!("error: refused"), compare::recorded)
    },
    run: |spec, line, recorded| match proxy::build(spec, line) {
        Ok(request) => proxy::without_added_type(recorded, request, line),
        Err(error) => format!("error: {error}").into(),
    },
};

const TOKEN: Recording = Recording {
    file: "token",
    recorded: |line| {
        let refused = line.get("result").is_some_and(|result| result.get("credentials").is_none());
        if refused { json!("error: refused") } else { token::recorded_exchange(line) }
    },
    run: |spec, line, _| match token::walked(spec, line) {
        token::Walk::Ended(ended) => token::told(ended, line),
        token::Walk::Unrecorded(requests) => json!({"requests": requests}),
    },
};

fn own() -> BTreeMap<&'static str, ProviderSpec> {
    let text = std::fs::read_to_string(keyway_tests::source::workspace_root().join("providers.yaml")).unwrap();
    keyway_tests::corpus::lowered("providers.yaml", text).into_iter().map(|spec| (spec.key, spec)).collect()
}

/// Compares the lines of shared keys, and prints what was found.
fn compare(recording: &Recording, catalogues: &Catalogues, lines: &[Value]) -> Vec<Explained> {
    let (mut agree, mut keys, mut other_mode) = (0, BTreeSet::new(), 0);
    let (mut by_class, mut listed, mut differ) = (BTreeMap::<&str, usize>::new(), Vec::new(), Vec::new());
    let mut seen = Vec::new();
    for line in lines {
        let Some(spec) = catalogues.own.get(line["provider"].as_str().unwrap()) else { continue };
        if line["auth_mode"] != spec.auth.facts().name {
            other_mode += 1;
            continue;
        }
        keys.insert(spec.key);
        match judged(recording, catalogues, spec, line) {
            Verdict::Agrees => agree += 1,
            Verdict::Listed(places, text) => {
                let classes: BTreeSet<_> = places.iter().map(|(class, _)| *class).collect();
                for class in classes {
                    *by_class.entry(class).or_default() += 1;
                }
                let file = recording.file;
                seen.extend(places.into_iter().map(|(class, place)| Explained {
                    key: spec.key,
                    class,
                    place: format!("recorded.{file}.{place}"),
                }));
                listed.push(text);
            }
            Verdict::Differs(text) => differ.push(text),
        }
    }
    let (name, keys) = (format!("own {}", recording.file), keys.len());
    println!("{name}: {agree} agree, {} differ as listed, {} differ ({keys} keys)", listed.len(), differ.len());
    if other_mode > 0 {
        println!("    {other_mode} more are of entries that sign in otherwise here");
    }
    for (class, count) in &by_class {
        println!("    {count} x {class}");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vectors");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.txt")), differ.join("\n\n")).unwrap();
    std::fs::write(folder.join(format!("{name}.listed.txt")), listed.join("\n\n")).unwrap();
    assert!(
        differ.is_empty(),
        "{name}: {} differ: mend the entry, or explain it in its differs.tsv (recorded.tsv); {}/{name}.txt:\n{:.1500}",
        differ.len(),
        folder.display(),
        differ[0]
    );
    assert!(agree > 0, "{name}: nothing was compared");
    seen
}
