//! A short line diff: what stands between the common start and the common end of two texts.
//!
//! It never looks for the smallest edit; generated files differ in one place at a time.

use std::fmt::Write;
use std::path::Path;

/// How many lines of each side are shown.
const SHOWN: usize = 20;

pub(super) fn append(out: &mut String, path: &Path, before: &str, after: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let _ = writeln!(out, "--- {}:{}", path.display(), start + 1);
    side(out, '-', old_rest.get(..old_rest.len() - end).unwrap_or_default());
    side(out, '+', new_rest.get(..new_rest.len() - end).unwrap_or_default());
}

pub(super) fn append_removed(out: &mut String, path: &Path) {
    let _ = writeln!(out, "--- {}: nothing generates this file any more", path.display());
}

fn side(out: &mut String, sign: char, lines: &[&str]) {
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(out, "{sign}{line}");
    }
    if lines.len() > SHOWN {
        let _ = writeln!(out, "{sign} ... {} more lines", lines.len() - SHOWN);
    }
}
