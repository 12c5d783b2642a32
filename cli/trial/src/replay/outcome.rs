//! The report of a replay.

use crate::sample::{Sample, SampleKind};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// The outcome for one sample.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReplayOutcome {
    /// The sample's file.
    pub sample: String,
    /// The request that it answers.
    pub kind: SampleKind,
    /// Where it is from.
    pub source: String,
    /// The values read from it, in words. No secret.
    pub read: Vec<String>,
    /// The faults.
    pub problems: Vec<ReplayProblem>,
}

/// Something that is wrong with an entry, or with a sample of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", content = "message", rename_all = "kebab-case")]
pub enum ReplayProblem {
    /// The runtime does not get what it needs from the answer.
    Refused(String),
    /// The answer holds something that is not read.
    NotRead(String),
    /// The value read cannot be meant.
    Implausible(String),
    /// The value read differs from the vendor's page.
    Differs(String),
    /// The entry says nothing of what the sample is about.
    NotDescribed(String),
}

impl ReplayProblem {
    /// The words that begin its line.
    pub const fn title(&self) -> &'static str {
        match self {
            ReplayProblem::Refused(_) => "refused",
            ReplayProblem::NotRead(_) => "not read",
            ReplayProblem::Implausible(_) => "implausible",
            ReplayProblem::Differs(_) => "differs",
            ReplayProblem::NotDescribed(_) => "not described",
        }
    }
}

impl fmt::Display for ReplayProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ReplayProblem::Refused(message)
        | ReplayProblem::NotRead(message)
        | ReplayProblem::Implausible(message)
        | ReplayProblem::Differs(message)
        | ReplayProblem::NotDescribed(message)) = self;
        write!(f, "{}: {message}", self.title())
    }
}

impl ReplayOutcome {
    /// Nothing yet about a sample.
    pub(super) fn of(sample: &Sample) -> ReplayOutcome {
        ReplayOutcome {
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

    pub(super) fn problem(&mut self, problem: ReplayProblem) {
        self.problems.push(problem);
    }

    /// The same, with an error of the runtime's as the reason.
    pub(super) fn refused(mut self, error: &keyway::Error) -> ReplayOutcome {
        self.problem(ReplayProblem::Refused(error.to_string()));
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

/// Seconds of a wait: a part of one is waited too.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_second_is_waited_too() {
        let cases = [(0, 0), (1, 1), (1000, 1), (38_001, 39), (38_421, 39)];
        for (milliseconds, expected) in cases {
            assert_eq!(whole_seconds(Duration::from_millis(milliseconds)), expected, "{milliseconds}");
        }
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
    }

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
