//! The reason why the answer to a redemption did not arrive, or was not stored: by what the vendor did, by what the
//! store held when the server came to a halt, and by what the server logged. By no guess about how long anything takes.

use super::bounds::{ATTEMPT, CLOCK_ERROR, LEASE, LEASE_MARGIN, STORE_RETRIES};
use super::entries::VendorKind;
use super::witness::Held;
use std::collections::BTreeMap;
use std::time::Instant;

/// A refresh token that was sent to its vendor.
#[derive(Clone, Debug)]
pub(crate) struct Redemption {
    pub(crate) connection: usize,
    pub(crate) token: String,
    /// The server that sent it.
    pub(crate) node: String,
    pub(crate) from: Instant,
    pub(crate) to: Option<Instant>,
    /// True if the vendor issued tokens for it.
    pub(crate) is_granted: bool,
    /// True if the vendor refused it as used up.
    pub(crate) is_refused: bool,
    pub(crate) fate: Fate,
    /// True if its sender had left when it was read: then it may be read after a later one.
    pub(crate) is_abandoned: bool,
    /// The number of the access token that was issued, where it was in the answer.
    pub(crate) issued: Option<u64>,
}

/// The fate of an answer, as the vendor knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was handed to the socket.
    Delivered,
    /// An error of the way stood in its place.
    Error,
    Cut,
    /// The connection ended in its place.
    Reset,
    /// The sender had left.
    Left,
}

/// The harm that was done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BreakageKind {
    Kill,
    /// It was stopped for a time.
    Stop,
    /// It was told to end, and did: that costs nothing.
    Term,
}

#[derive(Clone, Debug)]
pub(crate) struct Breakage {
    pub(crate) node: String,
    pub(crate) kind: BreakageKind,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    /// The content of the store once the server did nothing any more.
    pub(crate) held: BTreeMap<usize, Held>,
}

/// The words of a server about a renewal. A log names no connection.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) node: String,
    pub(crate) kind: VendorKind,
    pub(crate) at: Instant,
    pub(crate) what: LoggedEvent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoggedEvent {
    /// An outcome was stored when its lease was over.
    StoredLate,
    /// There was no answer in the time of an attempt.
    TimedOut,
    /// The store could not be used: nothing that needs it was done by then. About any connection.
    StoreAway,
    /// A connection was closed because its client had sent no request for a minute. About any connection.
    ClientIdle,
}

/// The reason why an answer did not arrive: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Error,
    Cut,
    Reset,
    Late,
    Killed,
    Stopped,
    /// The store took the outcome only when the lease was over.
    Store,
}

/// The reason why the answer of a redemption did not arrive; `None` if it did.
pub(crate) fn cause(own: &Redemption, broken: &[Breakage], logged: &Evidence<'_>) -> Option<Cause> {
    let to = own.to?;
    match own.fate {
        Fate::Error => return Some(Cause::Error),
        Fate::Cut => return Some(Cause::Cut),
        Fate::Reset => return Some(Cause::Reset),
        // An attempt has less time where writing its intent took more than the half of the margin. No answer is planned
        // to take between two seconds and longer than any attempt.
        Fate::Left if to.duration_since(own.from) + LEASE_MARGIN / 2 >= ATTEMPT => return Some(Cause::Late),
        Fate::Left | Fate::Delivered => {}
    }
    for (breakage, lease) in left_behind(own, broken) {
        match breakage.kind {
            BreakageKind::Kill => return Some(Cause::Killed),
            // One that goes on before its attempt is over reads its answer; it is over at `lease - 8 s` or later.
            BreakageKind::Stop if breakage.to + LEASE_MARGIN + LEASE_MARGIN / 2 >= lease => {
                return Some(Cause::Stopped);
            }
            BreakageKind::Stop | BreakageKind::Term => {}
        }
    }
    // A vendor that is slow to read sees an attempt later than it began, and one that is slow to write is not read.
    let is_late = match own.fate {
        Fate::Left => logged.timed_out.iter().any(|it| is_left_at(own, to, it)),
        _ => logged.unclaimed.iter().any(|it| is_of(own, it) && it.at + CLOCK_ERROR >= to && it.at <= to + ATTEMPT),
    };
    // The lease is over half a margin after the token was sent at the earliest.
    let is_stored_late =
        |it: &&Logged| is_of(own, it) && it.at >= own.from + LEASE_MARGIN / 2 && it.at <= to + LEASE + STORE_RETRIES;
    if is_late { Some(Cause::Late) } else { logged.stored_late.iter().any(is_stored_late).then_some(Cause::Store) }
}

/// The logs, as reasons.
pub(crate) struct Evidence<'a> {
    timed_out: Vec<&'a Logged>,
    /// Those of these that are of no attempt that its vendor saw end.
    unclaimed: Vec<&'a Logged>,
    stored_late: Vec<&'a Logged>,
}

impl<'a> Evidence<'a> {
    pub(crate) fn of(logged: &'a [Logged], redemptions: &[Redemption]) -> Evidence<'a> {
        let of = |what: LoggedEvent| logged.iter().filter(|it| it.what == what).collect::<Vec<_>>();
        let (timed_out, stored_late) = (of(LoggedEvent::TimedOut), of(LoggedEvent::StoredLate));
        // Each is of one attempt. What a sender gave up because its vendor was slow is one that the vendor saw it
        // leave.
        let mut unclaimed = timed_out.clone();
        for own in redemptions.iter().filter(|own| own.fate == Fate::Left) {
            let Some(to) = own.to else { continue };
            let claimed = unclaimed.iter().position(|it| is_left_at(own, to, it));
            claimed.map(|at| unclaimed.remove(at));
        }
        Evidence { timed_out, unclaimed, stored_late }
    }
}

fn is_of(own: &Redemption, logged: &Logged) -> bool {
    logged.node == own.node && logged.kind == VendorKind::of(own.connection)
}

/// True if a server may have given an attempt up that its vendor saw end at `to`.
fn is_left_at(own: &Redemption, to: Instant, logged: &Logged) -> bool {
    is_of(own, logged) && logged.at + ATTEMPT >= own.from && logged.at <= to + CLOCK_ERROR
}

/// The halts of a server in which it left this attempt behind, each with the end of its lease.
pub(crate) fn left_behind<'a>(
    own: &'a Redemption,
    broken: &'a [Breakage],
) -> impl Iterator<Item = (&'a Breakage, Instant)> {
    broken.iter().filter(|breakage| breakage.node == own.node).filter_map(|breakage| {
        let held = breakage.held.get(&own.connection).filter(|held| held.token == own.token)?;
        // The attempt's own: a lease begins before its token is sent, and no other begins before it is over.
        let lease =
            held.lease.filter(|end| *end + CLOCK_ERROR >= own.from && *end <= own.from + LEASE + CLOCK_ERROR)?;
        Some((breakage, lease))
    })
}

/// The refresh tokens of a connection as its vendor saw them, for people: milliseconds after the beginning.
pub(crate) fn shown(redemptions: &[Redemption], connection: usize, begun: Instant) -> String {
    let own = redemptions.iter().filter(|own| own.connection == connection);
    let lines = own.map(|own| {
        let after = |moment: Instant| moment.saturating_duration_since(begun).as_millis();
        let (from, to, node, fate) = (after(own.from), own.to.map(after), &own.node, own.fate);
        let verdict = match (own.is_granted, own.is_refused) {
            (true, _) => "granted",
            (_, true) => "refused",
            _ => "turned away",
        };
        // The token is one of a simulator, and its number says enough.
        let number = own.token.rsplit('_').nth(1).unwrap_or_default();
        format!("{from:>7} ms  token {number} from {node}: {verdict}, {fate:?} at {to:?} ms")
    });
    lines.collect::<Vec<_>>().join("\n")
}
