//! A type that holds itself has no size: fields on such a circle are boxed.

use super::types::{Item, ItemKind};

/// Boxes the fields of structs that lie on a circle of structs and enums held by value.
pub fn end_recursion(items: &mut [Item]) {
    let held: Vec<Vec<usize>> = items.iter().map(held).collect();
    let circle = circles(&held);
    for (index, item) in items.iter_mut().enumerate() {
        if let ItemKind::Struct(fields) = &mut item.kind {
            for field in fields {
                if field.is.held().is_some_and(|target| circle[target] == circle[index]) {
                    field.is_boxed = true;
                    field.is_plain = false;
                }
            }
        }
    }
}

/// The items that an item holds by value.
fn held(item: &Item) -> Vec<usize> {
    match &item.kind {
        ItemKind::Struct(fields) => fields.iter().filter_map(|field| field.is.held()).collect(),
        // Their variants are boxed as they are written.
        ItemKind::Choice(..) | ItemKind::Tagged { .. } | ItemKind::Untagged(_) => Vec::new(),
    }
}

/// The strongly connected component of each node (Kosaraju), without recursion.
fn circles(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            back[*to].push(from);
        }
    }
    let mut component = vec![usize::MAX; edges.len()];
    for (count, start) in finished(edges).into_iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(next) = open.pop() {
            if component[next] == usize::MAX {
                component[next] = count;
                open.extend(&back[next]);
            }
        }
    }
    component
}

/// Nodes in the order in which a walk in depth leaves them.
fn finished(edges: &[Vec<usize>]) -> Vec<usize> {
    let (mut seen, mut order) = (vec![false; edges.len()], Vec::new());
    for start in 0..edges.len() {
        let mut open = vec![(start, false)];
        while let Some((node, is_left)) = open.pop() {
            if is_left {
                order.push(node);
            } else if !seen[node] {
                seen[node] = true;
                open.push((node, true));
                open.extend(edges[node].iter().map(|next| (*next, false)));
            }
        }
    }
    order
}
