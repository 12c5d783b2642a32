//! A plan, carried out.

use super::cause::BreakageKind;
use super::connect;
use super::entries::CONNECTIONS;
use super::plan::{Action, Plan};
use super::secrets::locked;
use super::vendors::now;
use super::world::{World, is_lost};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;

/// Does what a plan says, each at its moment, and waits for the end of all of it.
pub(crate) async fn carry_out(world: &Arc<World>, plan: &Plan) {
    let begun = tokio::time::Instant::now();
    let (mut running, reconnecting) = (JoinSet::new(), Arc::new(Mutex::new(BTreeSet::new())));
    for (number, event) in plan.events.iter().enumerate() {
        tokio::time::sleep_until(begun + Duration::from_millis(event.at)).await;
        match event.action {
            Action::Fault { connection, endpoint, fault } => world.vendors.order(connection, endpoint, fault),
            Action::Expire { connection } => {
                world.vendors.with(connection, |vendor| vendor.expire_tokens(now()));
            }
            Action::Kill { node, down } => break_down(&mut running, world, node, BreakageKind::Kill, down),
            Action::Stop { node, time } => break_down(&mut running, world, node, BreakageKind::Stop, time),
            Action::Term { node, down } => break_down(&mut running, world, node, BreakageKind::Term, down),
            Action::Call { connection, callers, first, posts } => {
                for caller in 0..callers {
                    let (world, reconnecting) = (Arc::clone(world), Arc::clone(&reconnecting));
                    running.spawn(async move {
                        let path = format!("/call-{number}-{caller}");
                        let record = world.call(connection, first + caller, &path, posts).await;
                        if is_lost(&record) && locked(&reconnecting).insert(connection) {
                            connect::again(&world, connection).await;
                            locked(&reconnecting).remove(&connection);
                        }
                    });
                }
            }
        }
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}

fn break_down(running: &mut JoinSet<()>, world: &Arc<World>, node: usize, kind: BreakageKind, milliseconds: u64) {
    let (world, time) = (Arc::clone(world), Duration::from_millis(milliseconds));
    running.spawn(async move { world.break_down(node, kind, time).await });
}

/// Every connection, so many at a time.
pub(crate) async fn for_each<F: Future<Output = ()> + Send + 'static>(most: usize, act: impl Fn(usize) -> F) {
    let mut running = JoinSet::new();
    for connection in 0..CONNECTIONS {
        running.spawn(act(connection));
        while running.len() >= most {
            running.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}
