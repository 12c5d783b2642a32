//! The result of a replay, for people and for programs.

use super::Replayed;
use crate::commands::format::Format;
use serde_json::json;
use std::io::{self, BufWriter, Write};

/// Writes all of it.
pub(super) fn print(replayed: &[Replayed], format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for one in replayed {
        match format {
            Format::Text => text(&mut out, one)?,
            Format::Json => json(&mut out, one)?,
        }
    }
    out.flush()
}

fn text(out: &mut impl Write, one: &Replayed) -> io::Result<()> {
    writeln!(out, "{}", one.spec.key)?;
    let names = one.outcomes.iter().map(|outcome| outcome.sample.len());
    let width = names.chain(one.unreadable.iter().map(|(name, _)| name.len())).max().unwrap_or(0);
    for outcome in &one.outcomes {
        writeln!(out, "  {:width$}  {}", outcome.sample, outcome.read.join(", "))?;
        for problem in &outcome.problems {
            writeln!(out, "  {:width$}  {problem}", "")?;
        }
    }
    for (name, reason) in &one.unreadable {
        writeln!(out, "  {name:width$}  cannot be read: {reason}")?;
    }
    Ok(())
}

/// One object per sample.
fn json(out: &mut impl Write, one: &Replayed) -> io::Result<()> {
    for outcome in &one.outcomes {
        let mut line = json!({ "provider": one.spec.key, "layer": "recorded" });
        if let (Some(line), Ok(serde_json::Value::Object(members))) =
            (line.as_object_mut(), serde_json::to_value(outcome))
        {
            line.extend(members);
        }
        writeln!(out, "{line}")?;
    }
    for (name, reason) in &one.unreadable {
        let problem = json!({ "problem": "unreadable", "message": reason });
        let line = json!({ "provider": one.spec.key, "layer": "recorded", "sample": name, "problems": [problem] });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
