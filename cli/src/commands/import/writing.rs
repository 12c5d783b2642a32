//! The options of writing, which a written file remembers, so that `--update` writes it the same way.

use crate::exit::Failure;
use clap::{Parser, ValueEnum};
use keyway_openapi::Options;
use keyway_openapi::write::TypeStyle;
use std::collections::BTreeMap;

/// The length of a line that is remembered, where names are not longer themselves.
const MAX_LINE: usize = 90;

/// Options of writing. One that is not given is as it was when the file was written, else as said here.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Writing {
    /// The trait's name; without it, made of the file's name, or of the entry
    #[arg(long = "trait", value_name = "NAME")]
    pub(super) trait_name: Option<String>,
    /// Structs within structs, at most; what lies deeper is JSON of any shape [default: 1]
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// The members that a type has, by their names in the document, where those are not all; may be given several times
    #[arg(long, value_name = "TYPE=MEMBER,...", value_parser = members)]
    members: Vec<(String, Vec<String>)>,
    /// Reads that the document answers with 304 take `If-None-Match`, and give back the head with its `ETag`
    #[arg(long)]
    conditional: bool,
    /// Copy what the document says about operations, types and members as comments
    #[arg(long)]
    docs: bool,
    /// Members of answers that the document does not name: `map` keeps them in a field [default: ignore]
    #[arg(long, value_name = "HOW")]
    unknown: Option<UnknownMembers>,
    /// Dates and instants: `time` makes them types of the crate `time` [default: text]
    #[arg(long, value_name = "HOW")]
    dates: Option<DateTypes>,
}

/// The fate of members that the document does not name.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum UnknownMembers {
    Ignore,
    Map,
}

/// The types of dates.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum DateTypes {
    Text,
    Time,
}

/// The options of a file, read as those of the command line are.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Remembered {
    #[command(flatten)]
    writing: Writing,
}

fn members(text: &str) -> Result<(String, Vec<String>), String> {
    let (name, members) = text.split_once('=').ok_or("write `Type=member,member`")?;
    let members: Vec<String> =
        members.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    if name.trim().is_empty() || members.is_empty() {
        return Err("write `Type=member,member`".to_owned());
    }
    Ok((name.trim().to_owned(), members))
}

impl Writing {
    /// These options, laid over those that a file remembers, one a line.
    pub(super) fn over(&self, lines: &[String]) -> Result<Writing, Failure> {
        let words = lines.iter().flat_map(|line| {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            [name, value].into_iter().filter(|word| !word.is_empty())
        });
        let before = Remembered::try_parse_from(words).map_err(|error| {
            let error = error.to_string();
            let problem = error.lines().next().unwrap_or_default();
            Failure::usage(format!("the options below the file's marker cannot be read: {problem}"))
        })?;
        let Writing { trait_name, depth, members, conditional, docs, unknown, dates } = before.writing;
        Ok(Writing {
            trait_name: self.trait_name.clone().or(trait_name),
            depth: self.depth.or(depth),
            members: if self.members.is_empty() { members } else { self.members.clone() },
            conditional: self.conditional || conditional,
            docs: self.docs || docs,
            unknown: self.unknown.or(unknown),
            dates: self.dates.or(dates),
        })
    }

    /// The lines that a file remembers.
    pub(super) fn lines(&self) -> Vec<String> {
        let Writing { trait_name, depth, members, conditional, docs, unknown, dates } = self;
        let mut lines = Vec::new();
        lines.extend(trait_name.iter().map(|name| format!("--trait {name}")));
        lines.extend(depth.map(|depth| format!("--depth {depth}")));
        lines.extend(conditional.then(|| "--conditional".to_owned()));
        lines.extend(docs.then(|| "--docs".to_owned()));
        lines.extend(unknown.and_then(|it| it.to_possible_value()).map(|it| format!("--unknown {}", it.get_name())));
        lines.extend(dates.and_then(|it| it.to_possible_value()).map(|it| format!("--dates {}", it.get_name())));
        for (name, members) in members {
            let first = format!("--members {name}=");
            let mut line = first.clone();
            for member in members {
                if line.len() + member.len() > MAX_LINE && line.len() > first.len() {
                    lines.push(std::mem::replace(&mut line, first.clone()));
                }
                if line.len() > first.len() {
                    line.push(',');
                }
                line.push_str(member);
            }
            lines.push(line);
        }
        lines
    }

    /// Lays them over the options of an import.
    pub(super) fn apply(&self, options: &mut Options) {
        options.depth = self.depth.unwrap_or(options.depth);
        options.members = BTreeMap::new();
        for (name, members) in &self.members {
            options.members.entry(name.clone()).or_default().extend(members.iter().cloned());
        }
        options.is_conditional = self.conditional;
        options.style = TypeStyle {
            has_docs: self.docs,
            keeps_unknown: matches!(self.unknown, Some(UnknownMembers::Map)),
            has_dates: matches!(self.dates, Some(DateTypes::Time)),
        };
    }
}
