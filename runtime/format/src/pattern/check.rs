//! Patterns that are refused although they parse: those that grow too large, and those that no engine here runs as
//! ECMAScript does.

use super::tree::{Kind, Node};
use super::{MAX_SIZE, Refused};

/// Refuses what cannot be run.
pub(super) fn bounds(root: &Node) -> Result<(), Refused> {
    if size(root) > MAX_SIZE {
        return Err(Refused { at: root.at.clone(), why: "is too large once its repetitions are written out" });
    }
    look_behind(root)?;
    references(root, &mut Vec::new())
}

/// The approximate number of states of an automaton: the parts, each as often as it is repeated.
fn size(node: &Node) -> u64 {
    let inside = node.children().iter().map(size).fold(0, u64::saturating_add);
    match &node.kind {
        Kind::Unit(set) => {
            let far = set.ranges().iter().any(|(_, last)| *last > 0x7f);
            if far { 8 } else { 1 }
        }
        Kind::Repeat { least, most, .. } => {
            let times = most.unwrap_or(*least).max(*least).max(1);
            inside.saturating_add(1).saturating_mul(u64::from(times))
        }
        _ => inside.saturating_add(1),
    }
}

/// An engine that goes back by a number of characters can look behind for a text of that length only.
fn look_behind(node: &Node) -> Result<(), Refused> {
    if let Kind::Look { ahead: false, body, .. } = &node.kind {
        let branches =
            if let Kind::Either(branches) = &body.kind { branches.as_slice() } else { std::slice::from_ref(&**body) };
        if branches.iter().map(Node::width).any(|(short, long)| long != Some(short)) {
            return Err(Refused { at: node.at.clone(), why: "has a look-behind for texts of several lengths" });
        }
    }
    node.children().iter().try_for_each(look_behind)
}

/// A back-reference is read where its group has surely matched before. ECMAScript takes others as empty, and forgets
/// groups whenever a repetition begins anew; engines with back-references do neither.
///
/// `matched`: the groups that have matched wherever `node` is reached.
fn references(node: &Node, matched: &mut Vec<u32>) -> Result<(), Refused> {
    let before = matched.len();
    match &node.kind {
        Kind::Reference(number) if !matched.contains(number) => {
            let why = "has a back-reference to a group that may not have matched before";
            return Err(Refused { at: node.at.clone(), why });
        }
        Kind::Either(branches) => {
            for branch in branches {
                references(branch, matched)?;
                matched.truncate(before);
            }
        }
        Kind::Look { ahead: false, body, .. } => {
            // Read from its end in ECMAScript, so that nothing before it has matched yet.
            references(body, &mut Vec::new())?;
        }
        Kind::Look { negated, body, .. } => {
            references(body, matched)?;
            if *negated {
                matched.truncate(before);
            }
        }
        Kind::Repeat { body, least, .. } => {
            references(body, matched)?;
            if *least == 0 {
                matched.truncate(before);
            }
        }
        Kind::Group { number, body } => {
            references(body, matched)?;
            matched.extend(number);
        }
        _ => node.children().iter().try_for_each(|child| references(child, matched))?,
    }
    Ok(())
}
