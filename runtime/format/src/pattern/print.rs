//! A pattern in the dialect of the engine that runs it.
//!
//! Both dialects are printed here, and differ only in what an automaton cannot do. Sets are written out, character by
//! character where they are not letters and digits, so no engine's own idea of `\d`, `.` or `$` matters.

use super::set::Set;
use super::tree::{Kind, Node};
use super::units::{SURROGATES, character};
use super::{Alphabet, Oddity};
use std::fmt::Write as _;

/// A dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Of `regex-syntax`: no look-around, no back-references.
    Automaton(Alphabet),
    /// Of `fancy-regex`.
    Backtracking,
}

/// Writes a part of a pattern. An error says what an automaton cannot do; the other dialect has everything.
pub(super) fn print(node: &Node, dialect: Dialect, out: &mut String) -> Result<(), Oddity> {
    match &node.kind {
        Kind::Unit(set) => unit(set, dialect, out),
        Kind::Start => out.push_str(r"\A"),
        Kind::End => out.push_str(r"\z"),
        Kind::Boundary { negated } => out.push_str(boundary(*negated, dialect)),
        Kind::Group { number, body } => group(*number, body, "", dialect, out)?,
        Kind::Look { ahead, negated, body } => {
            beyond("look-around", node, dialect)?;
            out.push_str(if *ahead { "(?" } else { "(?<" });
            out.push(if *negated { '!' } else { '=' });
            print(body, dialect, out)?;
            out.push(')');
        }
        Kind::Reference(number) => {
            beyond("a back-reference", node, dialect)?;
            let _ = write!(out, r"(?:\{number})");
        }
        Kind::Repeat { body, least, most, lazy } => repeat(body, (*least, *most, *lazy), dialect, out)?,
        Kind::Concat(nodes) => nodes.iter().try_for_each(|node| print(node, dialect, out))?,
        Kind::Either(nodes) => {
            for (place, node) in nodes.iter().enumerate() {
                out.push_str(if place > 0 { "|" } else { "" });
                print(node, dialect, out)?;
            }
        }
    }
    Ok(())
}

fn beyond(what: &'static str, node: &Node, dialect: Dialect) -> Result<(), Oddity> {
    match dialect {
        Dialect::Automaton(_) => Err(Oddity { at: node.at.clone(), what }),
        Dialect::Backtracking => Ok(()),
    }
}

/// A group, with another branch at its end.
fn group(number: Option<u32>, body: &Node, other: &str, dialect: Dialect, out: &mut String) -> Result<(), Oddity> {
    let captures = number.is_some() && dialect == Dialect::Backtracking;
    out.push_str(if captures { "(" } else { "(?:" });
    print(body, dialect, out)?;
    out.push_str(other);
    out.push(')');
    Ok(())
}

type Bounds = (u32, Option<u32>, bool);

fn repeat(body: &Node, (least, most, lazy): Bounds, dialect: Dialect, out: &mut String) -> Result<(), Oddity> {
    if body.width().1 == Some(0) {
        return repeated_assertion(body, least == 0, dialect, out);
    }
    // What may be repeated is one thing in the other dialects as well.
    print(body, dialect, out)?;
    match most {
        Some(most) => _ = write!(out, "{{{least},{most}}}"),
        None => _ = write!(out, "{{{least},}}"),
    }
    out.push_str(if lazy { "?" } else { "" });
    Ok(())
}

/// A repetition of an expression that matches only the empty text changes nothing, and engines refuse to repeat it.
/// Where it may be left out, it is a branch beside an empty one, and not nothing, because its groups have numbers.
fn repeated_assertion(body: &Node, optional: bool, dialect: Dialect, out: &mut String) -> Result<(), Oddity> {
    match &body.kind {
        Kind::Group { number, body } if optional => group(*number, body, "|", dialect, out),
        _ if optional => group(None, body, "|", dialect, out),
        _ => print(body, dialect, out),
    }
}

/// Between a character of `\w` and another one. What the engines call a word may be of all of Unicode.
fn boundary(negated: bool, dialect: Dialect) -> &'static str {
    match (dialect, negated) {
        (Dialect::Automaton(_), false) => r"(?-u:\b)",
        (Dialect::Automaton(_), true) => r"(?-u:\B)",
        (Dialect::Backtracking, false) => "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))",
        (Dialect::Backtracking, true) => "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))",
    }
}

fn unit(set: &Set, dialect: Dialect, out: &mut String) {
    let ascii = dialect == Dialect::Automaton(Alphabet::Ascii);
    let clipped = if ascii { set.within(&(0..=0x7f)) } else { set.clone() };
    if let Some(one) = clipped.single() {
        return letter(character(one), out);
    }
    // Most sets are a few characters, or all but a few: the shorter way is the smaller automaton too.
    let inverse = !ascii && clipped.ranges().last().is_some_and(|(_, last)| *last == u16::MAX);
    let listed = if inverse { clipped.negated() } else { clipped };
    let all = if ascii { r"\x{0}-\x{7F}" } else { r"\x{0}-\x{10FFFF}" };
    if listed.ranges().is_empty() {
        out.push_str(if inverse { "[" } else { "[^" });
        out.push_str(all);
    } else {
        out.push_str(if inverse { "[^" } else { "[" });
        for (first, last) in ranges(&listed) {
            range(first, last, out);
        }
    }
    out.push(']');
}

/// The ranges of a set as characters. Surrogates are written as other characters, so what stands on both sides of them
/// is one range of characters: `regex-syntax` inverts a class wrongly that has U+D7FF and U+E000 at the ends of two.
fn ranges(set: &Set) -> Vec<(char, char)> {
    let (low, high) = SURROGATES;
    let mut ranges: Vec<(char, char)> = Vec::new();
    for part in [0..=low - 1, high + 1..=u16::MAX, low..=high] {
        for (first, last) in set.within(&part).ranges() {
            let (first, last) = (character(*first), character(*last));
            match ranges.last_mut() {
                Some(before) if (before.1, first) == ('\u{d7ff}', '\u{e000}') => before.1 = last,
                _ => ranges.push((first, last)),
            }
        }
    }
    ranges
}

fn range(first: char, last: char, out: &mut String) {
    letter(first, out);
    if first < last {
        out.push('-');
        letter(last, out);
    }
}

fn letter(letter: char, out: &mut String) {
    if letter.is_ascii_alphanumeric() {
        out.push(letter);
    } else {
        let _ = write!(out, r"\x{{{:X}}}", u32::from(letter));
    }
}
