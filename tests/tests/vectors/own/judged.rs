//! One line: what Keyway does with it by our entry, by the corpus's, and why both differ from the recording.

use super::classes::{self, Sighting};
use super::filled::{self, Filled};
use super::parts::{self, Differing, REFUSED};
use crate::deviations::{self, Difference};
use crate::recorded;
use keyway_spec::ProviderSpec;
use keyway_tests::differs::DiffersLine;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A recorded file, and how a line of it is run.
pub(crate) struct Recording {
    pub(crate) file: &'static str,
    pub(crate) recorded: fn(&Value) -> Value,
    /// With the recorded side, which the client of the recording stopped at.
    pub(crate) run: fn(&ProviderSpec, &Value, &Value) -> Value,
}

/// The entries of both projects, and the differences that are explained.
pub(crate) struct Catalogues {
    pub(crate) own: BTreeMap<&'static str, ProviderSpec>,
    /// With what the first implementation does in code.
    pub(crate) corpus: &'static BTreeMap<&'static str, ProviderSpec>,
    pub(crate) plain: &'static BTreeMap<&'static str, ProviderSpec>,
    /// Of facts, and of places where both entries agree.
    pub(crate) explained: Vec<(String, DiffersLine)>,
}

/// The outcome of a line.
pub(crate) enum Verdict {
    Agrees,
    /// The class of each place, and both sides.
    Listed(Vec<(&'static str, String)>, String),
    Differs(String),
}

pub(crate) fn judged(recording: &Recording, catalogues: &Catalogues, spec: &ProviderSpec, line: &Value) -> Verdict {
    let recorded = (recording.recorded)(line);
    let run = |spec: &ProviderSpec, line: &Value| (recording.run)(spec, line, &recorded);
    let of = |catalogue: &BTreeMap<&str, ProviderSpec>| match catalogue.get(spec.key) {
        Some(spec) => run(spec, line),
        None => json!("error: the entry does not compile"),
    };
    let (theirs, plain) = (of(catalogues.corpus), of(catalogues.plain));
    let (connection, ours) = ours(spec, line, &recorded, &theirs, &run);
    let mut places = parts::differing(&recorded, &ours);
    // `signatures.rs` verifies those.
    let random = line["nondeterministic"].to_string().contains("randomized_signature");
    places.retain(|place| !(random && place.at.1.ends_with(".jwt.signature")));
    if places.is_empty() {
        return Verdict::Agrees;
    }

    let (plain, theirs_at) = (parts::places(&plain), parts::places(&theirs));
    let config = recorded::flat(&connection.line["input"]["connection_config"]);
    let of_entry: Vec<&DiffersLine> =
        catalogues.explained.iter().filter(|(key, _)| key == spec.key).map(|(_, line)| line).collect();
    let sighting = |place| Sighting {
        file: recording.file,
        line,
        place,
        places: &places,
        plain: &plain,
        config: &config,
        filled: &connection.values,
        explained: &of_entry,
    };
    let with_the_corpus = || {
        let difference = Difference { line, recorded: recorded.clone(), ours: theirs.clone() };
        deviations::class(recording.file, &difference)
    };
    let (mut listed, mut unlisted, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for place in &places {
        let as_theirs = theirs_at.get(&place.at) == place.ours.as_ref();
        let sighting = sighting(place);
        let of_deviation = as_theirs.then(with_the_corpus).flatten();
        if let Some(class) = of_deviation.or_else(|| classes::class(&sighting)) {
            listed.push((class, place.at.1.clone()));
            shown.push(format!("  [{class}] {}", told(place)));
        } else {
            unlisted.push(format!("  {}\n    explained by {:?}", told(place), classes::facts(&sighting)));
        }
    }
    let what = line.get("case").or(line.get("flow")).unwrap_or(&Value::Null);
    let head = format!("{} {what}, filled in {:?}", spec.key, connection.values);
    match unlisted[..] {
        [] => Verdict::Listed(listed, format!("{head}\n{}", shown.join("\n"))),
        _ => Verdict::Differs(format!("{head}\n{}\n  keyway {ours}", unlisted.join("\n"))),
    }
}

/// The side of our entry, whose connection is filled in where nothing can be sent without.
fn ours(
    spec: &ProviderSpec,
    line: &Value,
    recorded: &Value,
    theirs: &Value,
    run: &dyn Fn(&ProviderSpec, &Value) -> Value,
) -> (Filled, Value) {
    let refused = Value::is_string;
    let connection = filled::with_defaults(spec, line);
    let sent = run(spec, &connection.line);
    if !refused(&sent) || refused(recorded) || refused(theirs) {
        return (connection, sent);
    }
    let tries = filled::filled(spec, line, recorded).into_iter().map(|filled| {
        let sent = run(spec, &filled.line);
        (filled, sent)
    });
    tries.into_iter().find(|(_, sent)| !refused(sent)).unwrap_or((connection, sent))
}

fn told(place: &Differing) -> String {
    let (number, name) = &place.at;
    let number = number.map_or_else(String::new, |number| format!("request {number}, "));
    let absent = if *name == REFUSED { "sent" } else { "-" };
    let [recorded, ours] = [&place.recorded, &place.ours].map(|text| text.as_deref().unwrap_or(absent));
    format!("{number}{name}: recorded {recorded}, ours {ours}")
}
