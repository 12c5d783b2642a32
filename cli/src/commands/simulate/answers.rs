//! `--answer token=FILE`: answers that a vendor's page prints, as samples.
//!
//! A file is a sample as `keyway replay` reads them, an answer as HTTP has it, or the body alone.

use crate::exit::Failure;
use crate::input;
use keyway_trial::sample::{Sample, SampleKind, parse};
use std::path::PathBuf;
use std::str::FromStr;

/// An answer and the request that it is for.
#[derive(Clone, Debug)]
pub(super) struct PrintedAnswer {
    kind: SampleKind,
    file: PathBuf,
}

impl FromStr for PrintedAnswer {
    type Err = String;

    fn from_str(text: &str) -> Result<PrintedAnswer, String> {
        let possible = || {
            let names = SampleKind::ALL.map(|kind| format!("`{}=FILE`", kind.name()));
            names.join(", ")
        };
        let (name, file) = text.split_once('=').unwrap_or((text, ""));
        let kind = SampleKind::ALL.into_iter().find(|kind| kind.name() == name);
        match kind {
            Some(kind) if !file.is_empty() => Ok(PrintedAnswer { kind, file: PathBuf::from(file) }),
            _ => Err(format!("`{text}` is no answer: it is one of {}", possible())),
        }
    }
}

/// Reads the answers. Several of a kind answer in turn.
pub(super) fn samples(answers: &[PrintedAnswer]) -> Result<Vec<Sample>, Failure> {
    input::reads_stdin_once(answers.iter().map(|answer| answer.file.as_path()))?;
    let numbered = |at: usize, kind: SampleKind| {
        let before = answers.iter().take(at).filter(|answer| answer.kind == kind).count();
        format!("{}-{}.http", kind.name(), before + 1)
    };
    let read = |(at, answer): (usize, &PrintedAnswer)| {
        let read = input::read(&answer.file, &format!("--answer {}=FILE", answer.kind.name()))?;
        let name = numbered(at, answer.kind);
        parse(&name, &whole(answer.kind, &read.text))
            .map_err(|error| Failure::usage(format!("`{}` is no answer: {}", read.name, error.message)))
    };
    answers.iter().enumerate().map(read).collect()
}

/// The text of a sample: with what a bare answer or a bare body leaves out.
fn whole(kind: SampleKind, text: &str) -> String {
    const SOURCE: &str = "# source: recorded\n";
    if text.starts_with('#') {
        let has_source = text.lines().take_while(|line| line.starts_with('#')).any(|line| line.contains("source:"));
        return if has_source { text.to_owned() } else { format!("{SOURCE}{text}") };
    }
    if text.starts_with("HTTP/") {
        return format!("{SOURCE}{text}");
    }
    let status = match kind {
        SampleKind::Token | SampleKind::Refresh | SampleKind::Probe | SampleKind::Page => "200 OK",
        SampleKind::Refused => "401 Unauthorized",
        SampleKind::Limited => "429 Too Many Requests",
    };
    format!("{SOURCE}HTTP/1.1 {status}\ncontent-type: application/json\n\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_a_bare_answer_and_a_sample_are_each_made_whole() {
        for (kind, text, expected) in [
            (
                SampleKind::Token,
                "{\"a\": 1}",
                "# source: recorded\nHTTP/1.1 200 OK\ncontent-type: application/json\n\n{\"a\": 1}",
            ),
            (
                SampleKind::Limited,
                "{}",
                "# source: recorded\nHTTP/1.1 429 Too Many Requests\ncontent-type: application/json\n\n{}",
            ),
            (SampleKind::Page, "HTTP/1.1 200 OK\n\n[]", "# source: recorded\nHTTP/1.1 200 OK\n\n[]"),
            (
                SampleKind::Page,
                "# items: 2\nHTTP/1.1 200 OK\n\n[]",
                "# source: recorded\n# items: 2\nHTTP/1.1 200 OK\n\n[]",
            ),
            (SampleKind::Page, "# source: recorded\nHTTP/1.1 200 OK\n\n", "# source: recorded\nHTTP/1.1 200 OK\n\n"),
        ] {
            assert_eq!(whole(kind, text), expected);
        }
    }

    #[test]
    fn an_answer_that_is_none_gets_the_list_of_those_that_there_are() {
        const POSSIBLE: &str =
            "it is one of `token=FILE`, `refresh=FILE`, `probe=FILE`, `refused=FILE`, `page=FILE`, `limited=FILE`";
        for text in ["tokens=a.json", "token", "token=", "=a.json"] {
            assert_eq!(text.parse::<PrintedAnswer>().unwrap_err(), format!("`{text}` is no answer: {POSSIBLE}"));
        }
        assert_eq!("page=a=b.json".parse::<PrintedAnswer>().unwrap().file, PathBuf::from("a=b.json"));
    }
}
