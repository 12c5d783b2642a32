//! The fate of refresh tokens, held against the table of refreshes (`runtime/src/refresh`, `docs/http.md`).
//!
//! A token whose answer arrived is never sent again. One whose answer did not is sent again when the attempt before
//! is over; a vendor that does not honour it twice ends the grant then, and the connection is lost. Nothing else loses
//! one.

use super::bounds::{BUSY_TIMEOUT, CLOCK_ERROR, LEASE, POLL_INTERVAL};
use super::cause::{Breakage, BreakageKind, Cause, Evidence, Logged, LoggedEvent, Redemption, cause, left_behind};
use super::entries::{VendorKind, account};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

/// Milliseconds for which a windowed vendor honours a refresh token after its first use.
pub(crate) const REUSE_WINDOW: i64 = 30_000;

/// A call of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub(crate) node: String,
    pub(crate) at: Instant,
}

/// A renewal that an operator asked for, whatever had failed before.
#[derive(Clone, Debug)]
pub(crate) struct Forced {
    pub(crate) connection: usize,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
}

/// Everything else that happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Happened {
    pub(crate) broken: Vec<Breakage>,
    /// The calls of each connection.
    pub(crate) calls: Vec<Vec<Called>>,
    pub(crate) forced: Vec<Forced>,
    pub(crate) logged: Vec<Logged>,
}

impl Happened {
    /// True if a server was killed, stopped or told to end within a time.
    fn is_broken(&self, node: &str, from: Instant, to: Instant) -> bool {
        self.broken.iter().any(|it| it.node == node && it.from <= to && it.to >= from)
    }
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
                && !own.is_abandoned
            {
                let since = own.from.duration_since(before.from).as_millis();
                let what = format!("is redeemed while a redemption is under way, for {since} ms, at {}", before.node);
                table.violate(own, &what);
            }
            if own.is_granted {
                ended.remove(&own.connection);
            }
            if own.is_refused && *ended.entry(own.connection).or_insert(&own.token) != &own.token {
                of_ended.insert(own.token.as_str());
            }
            chains.entry((own.connection, &own.token)).or_default().push(own);
        }
        let logged = Evidence::of(&happened.logged, redemptions);
        for ((connection, token), chain) in chains {
            let causes: Vec<_> = chain.iter().map(|own| cause(own, &happened.broken, &logged)).collect();
            table.judge(connection, &chain, &causes, of_ended.contains(token), happened);
        }
        table
    }

    /// The redemptions of one token, in order. The refusal that ended a grant is judged, and not those of its other
    /// tokens, as which `is_of_ended` marks them.
    fn judge(
        &mut self,
        connection: usize,
        chain: &[&Redemption],
        causes: &[Option<Cause>],
        is_of_ended: bool,
        happened: &Happened,
    ) {
        let kind = VendorKind::of(connection);
        for (at, own) in chain.iter().enumerate() {
            let before = || chain[..at].iter().zip(causes);
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
                if own.is_abandoned {
                    continue;
                }
                let since = own.from.duration_since(before.from).as_millis();
                self.violate(own, &format!("is sent again {since} ms after its successor arrived at {}", before.node));
                continue;
            }
            if let Some((before, _)) = before().next_back()
                && left_behind(before, &happened.broken).any(|(breakage, lease)| {
                    // One that went on may have ended its attempt since.
                    let is_away = breakage.kind == BreakageKind::Kill || own.from <= breakage.to;
                    is_away && own.from + CLOCK_ERROR < lease
                })
            {
                self.violate(own, &format!("is sent before the lease of {} is over", before.node));
            }
            if let Some((before, cause)) = before().next_back()
                && before.is_refused
                && cause.is_none()
                && !happened
                    .forced
                    .iter()
                    .any(|it| it.connection == connection && it.begun <= own.from && it.ended >= before.from)
            {
                self.violate(own, "is sent again, though its vendor had said that the grant is gone");
            }
            // Where the refusal was lost, the token comes once more.
            if !own.is_refused || is_of_ended || before().any(|(before, _)| before.is_refused) {
                continue;
            }
            match unanswered {
                None => self.violate(own, "is refused, and every answer before had arrived"),
                Some(_) if kind == VendorKind::Windowed && !is_too_late(&chain[..=at], causes, happened) => {
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

/// True if a vendor with a window could not honour the last token of a chain any more, through no fault of a server.
fn is_too_late(chain: &[&Redemption], causes: &[Option<Cause>], happened: &Happened) -> bool {
    let Some((own, before)) = chain.split_last() else { return false };
    let Some(at) = before.iter().position(|own| own.is_granted) else { return false };
    let (first, window) = (before[at], Duration::from_millis(REUSE_WINDOW.unsigned_abs()));
    let end = first.from + window;
    if own.from < end {
        return false;
    }
    // After the second answer that did not arrive, the pause is as long as the window.
    if causes.iter().take(before.len()).filter(|cause| cause.is_some()).count() > 1 {
        return true;
    }
    // A vendor that turns a token away within its window has told when to come again; who comes is a caller.
    let is_turned_away = |own: &&Redemption| !own.is_granted && !own.is_refused && own.from < end;
    if before[at..].iter().any(is_turned_away) {
        return true;
    }
    // Each step needs the store: one that failed for the server that had to act, or for the one that did, is a reason.
    let mut away = happened.logged.iter().filter(|it| it.what == LoggedEvent::StoreAway);
    if away.any(|it| [&first.node, &own.node].contains(&&it.node) && (first.from..=own.from).contains(&it.at)) {
        return true;
    }
    // A server that lives on sends it again by itself, soon; what one left behind takes a call.
    let is_used = happened.calls[own.connection].iter().any(|call| {
        (first.from + LEASE + POLL_INTERVAL..end.checked_sub(BUSY_TIMEOUT).unwrap_or(end)).contains(&call.at)
            && !happened.is_broken(&call.node, call.at, end)
    });
    match causes[at] {
        None => false,
        Some(Cause::Store) => true,
        Some(Cause::Killed | Cause::Stopped) => !is_used,
        Some(Cause::Error | Cause::Cut | Cause::Reset | Cause::Late) => {
            !is_used && happened.is_broken(&first.node, first.from, end)
        }
    }
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
