//! The items that methods use, and which way their values go.

use crate::method::{Returned, Taken, TraitMethod};
use crate::shape::{Direction, Item, ItemKind, Type};
use std::collections::HashSet;

/// The items that methods use, by name.
pub(crate) fn used(methods: &[TraitMethod], items: &[Item]) -> Vec<usize> {
    let mut used = reach(methods.iter().flat_map(roots), items, usize::MAX);
    used.sort_unstable_by(|one, two| items[*one].name.cmp(&items[*two].name));
    used
}

/// Says of enums of texts, which are the same both ways, which way they go here.
pub(crate) fn settle(methods: &[TraitMethod], items: &mut [Item]) {
    let sent: HashSet<usize> = reach(methods.iter().flat_map(sent), items, usize::MAX).into_iter().collect();
    let read: HashSet<usize> = reach(methods.iter().flat_map(read), items, usize::MAX).into_iter().collect();
    for (index, item) in items.iter_mut().enumerate() {
        if matches!(item.kind, ItemKind::Choice(..)) {
            item.direction = match (sent.contains(&index), read.contains(&index)) {
                (true, false) => Some(Direction::Request),
                (false, true) => Some(Direction::Answer),
                _ => None,
            };
        }
    }
}

/// The items that a method names.
pub(crate) fn roots(method: &TraitMethod) -> Vec<usize> {
    [sent(method), read(method)].concat()
}

fn sent(method: &TraitMethod) -> Vec<usize> {
    let values = method.arguments.iter().filter_map(|argument| match &argument.is {
        Taken::Value(is) => Some(is),
        Taken::Literal(_) => None,
    });
    values.filter_map(Type::item).collect()
}

fn read(method: &TraitMethod) -> Vec<usize> {
    let answer = match &method.answer {
        Returned::Json(is) | Returned::Pages(is) => Some(is),
        _ => None,
    };
    answer.into_iter().chain(&method.refusal).filter_map(Type::item).collect()
}

/// Every item that some items hold, themselves included; at most so many.
pub(crate) fn reach(roots: impl IntoIterator<Item = usize>, items: &[Item], most: usize) -> Vec<usize> {
    let (mut seen, mut order) = (HashSet::new(), Vec::new());
    let mut open: Vec<usize> = roots.into_iter().collect();
    while let Some(next) = open.pop() {
        if order.len() >= most || !seen.insert(next) {
            continue;
        }
        order.push(next);
        let held: Vec<&Type> = match &items[next].kind {
            ItemKind::Struct(fields) => fields.iter().map(|field| &field.is).collect(),
            ItemKind::Choice(..) => Vec::new(),
            ItemKind::Tagged { variants, .. } => variants.iter().map(|(_, _, is)| is).collect(),
            ItemKind::Untagged(variants) => variants.iter().map(|(_, is)| is).collect(),
        };
        open.extend(held.into_iter().filter_map(Type::item));
    }
    order
}
