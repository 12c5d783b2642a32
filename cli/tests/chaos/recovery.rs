//! After the faults: every connection works on every server, but those that were lost.

use super::connect;
use super::entries::{CONNECTIONS, VendorKind, account};
use super::plan::NODES;
use super::run::for_each;
use super::secrets::locked;
use super::world::{CallOutcome, World, is_lost};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longer than the lease of a process that died, and the attempts after it, on a machine that does other things too.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(120);

/// Calls every connection until it works or is lost, and connects the lost ones again. Gives the connections that do
/// neither.
pub(crate) async fn recover(world: &Arc<World>) -> Vec<String> {
    let stuck = Arc::new(Mutex::new(Vec::new()));
    // All at once: some wait for a lease.
    for_each(CONNECTIONS, |connection| {
        let (world, stuck) = (Arc::clone(world), Arc::clone(&stuck));
        async move {
            for node in 0..NODES {
                if let Err(said) = works(&world, connection, node).await {
                    locked(&stuck).push(format!("{} at n{node}: {said}", account(connection)));
                    return;
                }
            }
        }
    })
    .await;
    let stuck = locked(&stuck);
    stuck.clone()
}

async fn works(world: &World, connection: usize, node: usize) -> Result<(), String> {
    let deadline = Instant::now() + RECOVERY_TIMEOUT;
    let mut said = String::new();
    for attempt in 0.. {
        if Instant::now() > deadline {
            break;
        }
        let record = world.call(connection, node, &format!("/after-{connection}-{node}-{attempt}"), false).await;
        match &record.outcome {
            CallOutcome::Answered(200, _) => return Ok(()),
            _ if is_lost(&record) => connect::again(world, connection).await,
            // A token that should still live is sent, and its refusal handed on, also where it cannot be renewed.
            CallOutcome::Answered(401, _) if is_given_up(world, connection, node).await => {
                connect::again(world, connection).await;
            }
            // A pause after several failures is long: an operator ends it.
            CallOutcome::Answered(424, error) if error == "refresh_backoff" && attempt % 4 == 3 => {
                world.refresh(connection, node).await;
            }
            CallOutcome::Answered(..) | CallOutcome::Broken | CallOutcome::Hung => {}
        }
        said = format!("{:?}", record.outcome);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(said)
}

/// True if the list of connections says that the customer has to connect again.
async fn is_given_up(world: &World, connection: usize, node: usize) -> bool {
    let integration = VendorKind::of(connection).key();
    let listing =
        format!("/connections?integration={integration}&id_prefix={}&reconnect_needed=true", account(connection));
    let listed = world.client(node).get(&listing).await;
    listed.is_ok_and(|listed| listed.json()["connections"].as_array().is_some_and(|own| !own.is_empty()))
}
