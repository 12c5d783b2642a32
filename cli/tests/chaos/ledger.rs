//! The fate of refresh tokens, held against the table of refreshes (`runtime/src/refresh`, `docs/http.md`).
//!
//! A token whose answer arrived is never sent again. One whose answer did not is sent again when the attempt before
//! is over; a vendor that does not honour it twice ends the grant then, and the connection is lost. Nothing else loses
//! one.

use super::entries::{VendorKind, account};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

/// Milliseconds for which a windowed vendor honours a refresh token after its first use.
pub(crate) const REUSE_WINDOW: i64 = 30_000;

/// A server has stored within this time what it was answered, or was killed before: the longest that an operation of
/// the store takes.
const STORE_TIME: Duration = Duration::from_secs(15);
/// An attempt takes 12 seconds at most; a caller that left after this waited for all of it.
const ATTEMPT_TIME: Duration = Duration::from_secs(11);
/// A renewal waits for a store that is away for as long as this, at least.
const AWAY_TIME: Duration = Duration::from_secs(30);
/// A server that was stopped for less than this still reads its answer. An attempt may last 12 seconds.
const SHORT_STOP: Duration = Duration::from_secs(8);
/// Another process does not send a token before the attempt of the first is over.
const MIN_LEASE: Duration = Duration::from_secs(8);
/// When the lease of a process that died is over, and when a connection that is used must have been renewed by.
const LEASE: Duration = Duration::from_secs(21);
const IN_TIME: Duration = Duration::from_secs(25);

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

/// A server that was killed, or stopped for a time.
#[derive(Clone, Debug)]
pub(crate) struct Breakage {
    pub(crate) node: String,
    pub(crate) is_kill: bool,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
}

/// Everything else that happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Happened {
    pub(crate) broken: Vec<Breakage>,
    /// The moments at which each connection was called.
    pub(crate) calls: Vec<Vec<Instant>>,
    /// Renewals that an operator asked for whatever had failed before, by connection.
    pub(crate) forced: Vec<(usize, Instant)>,
    /// The moments at which a caller was told that the store is away.
    pub(crate) store_away: Vec<Instant>,
}

impl Happened {
    fn is_store_away(&self, from: Instant, to: Instant) -> bool {
        self.store_away.iter().any(|told| (from..=to).contains(told))
    }
}

/// The reason why an answer did not arrive: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Error,
    Cut,
    Reset,
    Late,
    Killed,
    Stopped,
    /// The store was away when the outcome was to be written.
    Store,
}

/// A row as it is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    /// Answers that did not arrive, or may not have been stored.
    in_doubt: usize,
    /// Tokens of these that were sent again.
    again: usize,
    /// Connections that were lost by that.
    lost: usize,
}

/// The table of a run.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<(VendorKind, Cause), Counts>,
    pub(crate) redeemed: usize,
    /// The violations of the table of refreshes.
    pub(crate) violations: Vec<String>,
}

impl Table {
    /// Judges what was seen.
    pub(crate) fn of(redemptions: &[Redemption], happened: &Happened) -> Table {
        let mut table = Table { redeemed: redemptions.iter().filter(|own| own.is_granted).count(), ..Table::default() };
        let mut chains: BTreeMap<(usize, &str), Vec<&Redemption>> = BTreeMap::new();
        // Grants that a vendor ended when it saw another token of theirs twice, by the token that was refused.
        let (mut ended, mut of_ended) = (BTreeMap::new(), BTreeSet::new());
        let mut last: BTreeMap<usize, &Redemption> = BTreeMap::new();
        for own in redemptions {
            if let Some(before) = last.insert(own.connection, own)
                && before.to.is_none_or(|to| to > own.from)
            {
                table.violate(own, "is redeemed while another redemption is under way");
            }
            if own.is_granted {
                ended.remove(&own.connection);
            }
            if own.is_refused && *ended.entry(own.connection).or_insert(&own.token) != &own.token {
                of_ended.insert(own.token.as_str());
            }
            chains.entry((own.connection, &own.token)).or_default().push(own);
        }
        // The refusal that ended a grant is judged, and not those of its other tokens.
        for ((connection, _), chain) in chains.into_iter().filter(|((_, token), _)| !of_ended.contains(token)) {
            table.judge(connection, &chain, happened);
        }
        table
    }

    /// The redemptions of one token, in order.
    fn judge(&mut self, connection: usize, chain: &[&Redemption], happened: &Happened) {
        let kind = VendorKind::of(connection);
        let causes: Vec<Option<Cause>> = chain.iter().map(|own| cause(own, happened)).collect();
        for (at, own) in chain.iter().enumerate() {
            let before = || chain[..at].iter().zip(&causes);
            let unanswered = before().filter(|(before, _)| before.is_granted).find_map(|(_, cause)| *cause);
            if !kind.rotates() {
                if own.is_refused {
                    self.violate(own, "is refused, though it is never replaced");
                }
                continue;
            }
            if own.is_granted
                && let Some(cause) = causes[at]
            {
                let row = self.rows.entry((kind, cause)).or_default();
                row.in_doubt += 1;
                row.again += usize::from(chain.len() > at + 1);
            }
            if let Some((before, _)) = before().find(|(before, cause)| before.is_granted && cause.is_none()) {
                let since = own.from.duration_since(before.from).as_millis();
                self.violate(own, &format!("is sent again {since} ms after its successor arrived at {}", before.node));
                continue;
            }
            if let Some((before, _)) = before().next_back()
                && before.is_granted
                && before.node != own.node
                && own.from.duration_since(before.from) < MIN_LEASE
                && before.to.is_none_or(|to| to + STORE_TIME > own.from)
                && causes[at - 1].is_some_and(|cause| matches!(cause, Cause::Killed | Cause::Stopped))
            {
                self.violate(own, &format!("is sent before the lease of {} is over", before.node));
            }
            if let Some((before, cause)) = before().next_back()
                && before.is_refused
                && cause.is_none()
                && !happened.forced.iter().any(|(at, when)| *at == connection && *when <= own.from)
            {
                self.violate(own, "is sent again, though its vendor had said that the grant is gone");
            }
            // Where the refusal was lost, the token comes once more.
            if !own.is_refused || before().any(|(before, _)| before.is_refused) {
                continue;
            }
            match unanswered {
                None => self.violate(own, "is refused, and every answer before had arrived"),
                Some(_)
                    if kind == VendorKind::Windowed
                        && !is_too_late(chain, at, &happened.calls[connection], happened) =>
                {
                    self.violate(own, "is refused, though the vendor would have honoured it in time");
                }
                Some(cause) => self.rows.entry((kind, cause)).or_default().lost += 1,
            }
        }
    }

    fn violate(&mut self, own: &Redemption, what: &str) {
        self.violations.push(format!("{}: a refresh token {what} (at {})", account(own.connection), own.node));
    }

    /// The connections that the table of refreshes gives up.
    pub(crate) fn lost(&self) -> usize {
        self.rows.values().map(|row| row.lost).sum()
    }
}

/// The reason why the answer of a redemption did not arrive; `None` if it did.
fn cause(own: &Redemption, happened: &Happened) -> Option<Cause> {
    let to = own.to?;
    let of_node = |kill: bool| happened.broken.iter().filter(move |it| it.node == own.node && it.is_kill == kill);
    // What a process sent may be read after its death.
    let killed = of_node(true).any(|it| it.from <= to + STORE_TIME && it.to >= own.from);
    let stopped = of_node(false)
        .any(|it| it.from <= to + STORE_TIME && it.to >= own.from && it.to.duration_since(it.from) >= SHORT_STOP);
    match own.fate {
        Fate::Error => Some(Cause::Error),
        Fate::Cut => Some(Cause::Cut),
        Fate::Reset => Some(Cause::Reset),
        Fate::Left if to.duration_since(own.from) >= ATTEMPT_TIME => Some(Cause::Late),
        Fate::Delivered | Fate::Left if killed => Some(Cause::Killed),
        Fate::Delivered | Fate::Left if stopped => Some(Cause::Stopped),
        Fate::Delivered | Fate::Left if happened.is_store_away(own.from, to + AWAY_TIME) => Some(Cause::Store),
        Fate::Delivered | Fate::Left => None,
    }
}

/// True if a vendor with a window could not honour a token any more: it had been sent twice in vain, or was not used
/// when the lease was over.
fn is_too_late(chain: &[&Redemption], at: usize, calls: &[Instant], happened: &Happened) -> bool {
    let first = chain.iter().find(|own| own.is_granted).map_or(chain[0].from, |own| own.from);
    let is_used = calls.iter().any(|call| *call >= first + LEASE && *call <= first + IN_TIME);
    let window = Duration::from_millis(REUSE_WINDOW.unsigned_abs());
    chain[at].from.duration_since(first) >= window
        && (at >= 2 || !is_used || happened.is_store_away(first, first + window))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} refresh tokens redeemed; answers that did not arrive, or may not have been stored:",
            self.redeemed
        )?;
        writeln!(f, "{:<10} {:<10} {:>10} {:>10} {:>6}", "vendor", "answer", "in doubt", "sent again", "lost")?;
        for ((kind, cause), row) in &self.rows {
            let (kind, cause) = (kind.key(), format!("{cause:?}").to_lowercase());
            writeln!(f, "{kind:<10} {cause:<10} {:>10} {:>10} {:>6}", row.in_doubt, row.again, row.lost)?;
        }
        Ok(())
    }
}
