//! The table of refreshes, by cases: what is allowed, and what is not.

use super::entries::{CONNECTIONS, VendorKind};
use super::ledger::{Breakage, Fate, Happened, Redemption, Table};
use std::time::{Duration, Instant};

const ROTATING: usize = 0;

fn connection(kind: VendorKind) -> usize {
    (0..CONNECTIONS).find(|connection| VendorKind::of(*connection) == kind).unwrap()
}

/// A redemption: when, from which server, of which token, what the vendor did, what became of the answer.
type Sent = (u64, &'static str, &'static str, Verdict, Fate);

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Granted,
    Refused,
    Unavailable,
}
use Verdict::{Granted, Refused, Unavailable};

/// The verdict of the table on a connection: the connections that were lost, and the violations.
fn judged(kind: VendorKind, sent: &[Sent], killed: &[(i64, &'static str)], called: &[u64]) -> (usize, Vec<String>) {
    let begin = Instant::now();
    let at = |milliseconds: u64| begin + Duration::from_millis(milliseconds);
    let signed = |milliseconds: i64| match u64::try_from(milliseconds) {
        Ok(after) => at(after),
        Err(_) => begin.checked_sub(Duration::from_millis(milliseconds.unsigned_abs())).unwrap(),
    };
    let redemptions: Vec<Redemption> = sent
        .iter()
        .map(|(from, node, token, verdict, fate)| Redemption {
            connection: connection(kind),
            token: (*token).to_owned(),
            node: (*node).to_owned(),
            from: at(*from),
            to: Some(at(from + 100)),
            is_granted: *verdict == Granted,
            is_refused: *verdict == Refused,
            fate: *fate,
        })
        .collect();
    let killed = killed.iter().map(|(from, node)| Breakage {
        node: (*node).to_owned(),
        is_kill: true,
        from: signed(*from),
        to: signed(from + 500),
    });
    let mut calls = vec![Vec::new(); CONNECTIONS];
    calls[connection(kind)] = called.iter().map(|called| at(*called)).collect();
    let happened = Happened { broken: killed.collect(), calls, ..Happened::default() };
    let table = Table::of(&redemptions, &happened);
    (table.lost(), table.violations)
}

#[test]
fn what_the_table_of_refreshes_gives_up_is_lost_and_everything_else_is_a_violation() {
    use Fate::{Cut, Delivered, Error, Left, Reset};
    use VendorKind::{Rotating, Steady, Windowed};
    assert_eq!(connection(Rotating), ROTATING);
    for (what, kind, sent, killed, called, lost, violation) in [
        (
            "each once",
            Rotating,
            &[(0, "n0", "a", Granted, Delivered), (5000, "n1", "b", Granted, Delivered)][..],
            &[][..],
            &[][..],
            0,
            "",
        ),
        (
            "an answer that was lost",
            Rotating,
            &[(0, "n0", "a", Granted, Error), (2100, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            1,
            "",
        ),
        (
            "a cut one",
            Rotating,
            &[(0, "n0", "a", Granted, Cut), (2100, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            1,
            "",
        ),
        (
            "a reset",
            Rotating,
            &[(0, "n0", "a", Granted, Reset), (2100, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            1,
            "",
        ),
        (
            "a kill",
            Rotating,
            &[(0, "n0", "a", Granted, Left), (20_000, "n1", "a", Refused, Delivered)],
            &[(50, "n0")],
            &[],
            1,
            "",
        ),
        (
            "a kill before the outcome is stored",
            Rotating,
            &[(0, "n0", "a", Granted, Delivered), (20_000, "n1", "a", Refused, Delivered)],
            &[(150, "n0")],
            &[],
            1,
            "",
        ),
        (
            "a request that is read when its server is dead",
            Rotating,
            &[(0, "n0", "a", Granted, Left), (20_000, "n1", "a", Refused, Delivered)],
            &[(-50, "n0")],
            &[],
            1,
            "",
        ),
        (
            "a kill long before",
            Rotating,
            &[(0, "n0", "a", Granted, Delivered), (20_000, "n1", "a", Refused, Delivered)],
            &[(-600, "n0")],
            &[],
            0,
            "after its successor arrived",
        ),
        (
            "a kill of another server",
            Rotating,
            &[(0, "n0", "a", Granted, Delivered), (20_000, "n1", "a", Refused, Delivered)],
            &[(150, "n1")],
            &[],
            0,
            "after its successor arrived",
        ),
        (
            "a wait that was told and stored before a kill",
            Rotating,
            &[(0, "n0", "a", Unavailable, Delivered), (2100, "n1", "a", Granted, Delivered)],
            &[(3000, "n0")],
            &[],
            0,
            "",
        ),
        (
            "another token of a grant that was ended",
            Rotating,
            &[
                (0, "n0", "a", Granted, Error),
                (2100, "n1", "a", Refused, Delivered),
                (9000, "n0", "b", Refused, Delivered),
            ],
            &[],
            &[],
            1,
            "",
        ),
        (
            "another token after a grant",
            Rotating,
            &[
                (0, "n0", "a", Granted, Error),
                (2100, "n1", "a", Refused, Delivered),
                (9000, "n0", "b", Granted, Delivered),
                (12_000, "n0", "c", Refused, Delivered),
            ],
            &[],
            &[],
            1,
            "every answer before had arrived",
        ),
        (
            "a kill within the lease",
            Rotating,
            &[(0, "n0", "a", Granted, Left), (3000, "n1", "a", Refused, Delivered)],
            &[(50, "n0")],
            &[],
            1,
            "before the lease",
        ),
        (
            "sent again after it arrived",
            Rotating,
            &[(0, "n0", "a", Granted, Delivered), (3000, "n1", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "after its successor arrived",
        ),
        (
            "at the same time",
            Rotating,
            &[(0, "n0", "a", Granted, Error), (50, "n1", "a", Refused, Delivered)],
            &[],
            &[],
            1,
            "under way",
        ),
        (
            "sent after the grant was gone",
            Rotating,
            &[
                (0, "n0", "a", Granted, Error),
                (2100, "n0", "a", Refused, Delivered),
                (9000, "n0", "a", Refused, Delivered),
            ],
            &[],
            &[],
            1,
            "had said that the grant is gone",
        ),
        (
            "a refusal that was lost",
            Rotating,
            &[(0, "n0", "a", Granted, Error), (2100, "n0", "a", Refused, Cut), (9000, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            1,
            "",
        ),
        (
            "refused for no reason",
            Rotating,
            &[(0, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "every answer before had arrived",
        ),
        (
            "unavailable, then refused",
            Rotating,
            &[(0, "n0", "a", Unavailable, Error), (2100, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "every answer before had arrived",
        ),
        (
            "left without a reason",
            Rotating,
            &[(0, "n0", "a", Granted, Left), (2100, "n0", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "after its successor arrived",
        ),
        (
            "a token that stays is sent for ever",
            Steady,
            &[(0, "n0", "a", Granted, Delivered), (200, "n1", "a", Granted, Delivered)],
            &[],
            &[],
            0,
            "",
        ),
        (
            "a token that stays is refused",
            Steady,
            &[(0, "n0", "a", Granted, Error), (2100, "n1", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "never replaced",
        ),
        (
            "honoured in its window",
            Windowed,
            &[(0, "n0", "a", Granted, Error), (2100, "n0", "a", Granted, Delivered)],
            &[],
            &[],
            0,
            "",
        ),
        (
            "two answers lost",
            Windowed,
            &[(0, "n0", "a", Granted, Error), (2100, "n0", "a", Granted, Cut), (32_200, "n1", "a", Refused, Delivered)],
            &[],
            &[22_000],
            1,
            "",
        ),
        (
            "not used after a kill",
            Windowed,
            &[(0, "n0", "a", Granted, Left), (31_000, "n1", "a", Refused, Delivered)],
            &[(50, "n0")],
            &[10_000, 29_000],
            1,
            "",
        ),
        (
            "used after a kill",
            Windowed,
            &[(0, "n0", "a", Granted, Left), (31_000, "n1", "a", Refused, Delivered)],
            &[(50, "n0")],
            &[22_000],
            0,
            "in time",
        ),
        (
            "refused within its window",
            Windowed,
            &[(0, "n0", "a", Granted, Error), (2100, "n1", "a", Refused, Delivered)],
            &[],
            &[],
            0,
            "in time",
        ),
    ] {
        let (counted, violations) = judged(kind, sent, killed, called);
        assert_eq!(counted, lost, "{what}");
        assert_eq!(violations.is_empty(), violation.is_empty(), "{what}: {violations:?}");
        assert!(violations.iter().all(|found| found.contains(violation)), "{what}: {violations:?}");
    }
}
