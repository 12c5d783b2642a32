//! Circles of a graph: the files that all reach each other.

use super::Graph;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// Files that cannot be put in an order in which each uses only those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// All of them.
    pub files: BTreeSet<String>,
    /// The shortest way from the first of them back to itself: a file, what it uses, and so on.
    pub way: Vec<(String, String)>,
}

impl fmt::Display for Circle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} files use each other in a circle:", self.files.len())?;
        for (file, name) in &self.way {
            write!(out, " {file} -> `{name}` of")?;
        }
        write!(out, " {}; all of them: {:?}", self.way.first().map_or("", |(file, _)| file), self.files)
    }
}

/// The circles of a graph, by their first file. No two share a file.
pub fn circles(graph: &Graph) -> Vec<Circle> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.uses.keys().map(|file| (file.as_str(), reached(graph, file))).collect();
    let mut circles: Vec<Circle> = Vec::new();
    for (&file, from_here) in &reached {
        let is_known = circles.iter().any(|circle| circle.files.contains(file));
        if is_known || !from_here.contains(file) {
            continue;
        }
        let reaches_back = |other: &&&str| reached.get(**other).is_some_and(|back| back.contains(file));
        let files = from_here.iter().filter(reaches_back).map(|other| (*other).to_owned()).collect();
        circles.push(Circle { files, way: way(graph, file) });
    }
    circles
}

/// The files that a file uses, those that they use, and so on; itself only where there is a way back.
fn reached<'a>(graph: &'a Graph, file: &str) -> BTreeSet<&'a str> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![file]);
    while let Some(file) = waiting.pop() {
        for used in graph.uses.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(used.as_str()) {
                waiting.push(used);
            }
        }
    }
    found
}

/// The shortest way from a file back to itself, found breadth first.
fn way(graph: &Graph, start: &str) -> Vec<(String, String)> {
    let mut came_from: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for (used, name) in graph.uses.get(file).into_iter().flatten() {
            if !came_from.contains_key(used.as_str()) {
                came_from.insert(used, (file, name));
                waiting.push_back(used);
            }
        }
    }
    let (mut way, mut at) = (Vec::new(), start);
    while let Some((file, name)) = came_from.get(at) {
        way.push(((*file).to_owned(), (*name).to_owned()));
        at = file;
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}
