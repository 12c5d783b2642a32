//! What a replay reports.

use crate::sample::{Kind, Sample};
use serde::Serialize;
use std::fmt;

/// What became of one sample.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The sample's file.
    pub sample: String,
    /// The request that it answers.
    pub kind: Kind,
    /// Where it is from.
    pub source: String,
    /// What was read from it, in words. No secret.
    pub read: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Something that is wrong with an entry, or with a sample of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", content = "message", rename_all = "kebab-case")]
pub enum Problem {
    /// The runtime does not get what it needs from the answer.
    Refused(String),
    /// The answer holds something that is not read.
    NotRead(String),
    /// What is read cannot be meant.
    Implausible(String),
    /// What is read is not what the vendor's page says.
    Differs(String),
    /// The entry says nothing of what the sample is about.
    NotDescribed(String),
}

impl Problem {
    /// The words that begin its line.
    pub const fn title(&self) -> &'static str {
        match self {
            Problem::Refused(_) => "refused",
            Problem::NotRead(_) => "not read",
            Problem::Implausible(_) => "implausible",
            Problem::Differs(_) => "differs",
            Problem::NotDescribed(_) => "not described",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Problem::Refused(message)
        | Problem::NotRead(message)
        | Problem::Implausible(message)
        | Problem::Differs(message)
        | Problem::NotDescribed(message)) = self;
        write!(f, "{}: {message}", self.title())
    }
}

impl Outcome {
    /// Nothing yet about a sample.
    pub(super) fn of(sample: &Sample) -> Outcome {
        Outcome {
            sample: sample.name.clone(),
            kind: sample.kind,
            source: sample.source.clone(),
            read: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, words: impl Into<String>) {
        self.read.push(words.into());
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The same, with an error of the runtime's as the reason.
    pub(super) fn refused(mut self, error: &keyway::Error) -> Outcome {
        self.problem(Problem::Refused(error.to_string()));
        self
    }
}

/// A number of seconds as people say it: `2 h 30 min`.
pub(super) fn duration(seconds: u64) -> String {
    let units = [("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut left = seconds;
    let parts = units.iter().filter_map(|(name, size)| {
        let count = left / size;
        left %= size;
        let name = if count == 1 && *name == "days" { "day" } else { name };
        (count > 0).then(|| format!("{count} {name}"))
    });
    let words: Vec<String> = parts.take(2).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_as_people_do() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (3600, "1 h"),
            (5400, "1 h 30 min"),
            (900_000, "10 days 10 h"),
            (61, "1 min 1 s"),
            (90_000, "1 day 1 h"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
