//! The table of refreshes, by cases: what is allowed, and what is not.

use super::cause::{Breakage, BreakageKind, Fate, Logged, LoggedEvent, Redemption};
use super::entries::{CONNECTIONS, VendorKind};
use super::ledger::{Called, Forced, Happened, Table};
use super::witness::Held;
use BreakageKind::{Kill, Stop, Term};
use Fate::{Cut, Delivered, Error, Left, Reset};
use LoggedEvent::{StoreAway, StoredLate, TimedOut};
use VendorKind::{Rotating, Steady, Windowed};
use Verdict::{Granted, Refused, Unavailable};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Granted,
    Refused,
    Unavailable,
}

/// A redemption: when, from which server, of which token, what the vendor did, what became of the answer.
type Sent = (i64, &'static str, &'static str, Verdict, Fate);
/// A server that was broken down: when and until when, which, how, and the token and the end of its lease that the
/// store held then.
type Halt = (i64, i64, &'static str, BreakageKind, Option<(&'static str, i64)>);

/// A connection, what happened to it, in milliseconds, and the verdict of the table.
#[derive(Clone, Default)]
struct Case {
    what: &'static str,
    sent: Vec<Sent>,
    halts: Vec<Halt>,
    called: Vec<(i64, &'static str)>,
    forced: Option<(i64, i64)>,
    logged: Option<(i64, &'static str, LoggedEvent)>,
    /// The last redemption was read when its sender had left.
    is_abandoned: bool,
    /// The time that every answer took.
    took: i64,
    lost: usize,
    violation: &'static str,
}

fn case(what: &'static str, sent: &[Sent]) -> Case {
    Case { what, sent: sent.to_vec(), took: 100, ..Case::default() }
}

impl Case {
    fn halts(mut self, halts: &[Halt]) -> Case {
        self.halts = halts.to_vec();
        self
    }

    fn called(mut self, called: &[(i64, &'static str)]) -> Case {
        self.called = called.to_vec();
        self
    }

    fn lost(self) -> Case {
        Case { lost: 1, ..self }
    }

    fn violates(self, violation: &'static str) -> Case {
        Case { violation, ..self }
    }

    fn judged(&self, kind: VendorKind) -> Table {
        let connection = (0..CONNECTIONS).find(|connection| VendorKind::of(*connection) == kind).unwrap();
        // An hour of room before the beginning.
        let begin = Instant::now() + Duration::from_secs(3600);
        let at = |milliseconds: i64| match u64::try_from(milliseconds) {
            Ok(after) => begin + Duration::from_millis(after),
            Err(_) => begin.checked_sub(Duration::from_millis(milliseconds.unsigned_abs())).unwrap(),
        };
        let last = self.sent.len() - 1;
        let sent = self.sent.iter().enumerate().map(|(number, (from, node, token, verdict, fate))| Redemption {
            connection,
            token: (*token).to_owned(),
            node: (*node).to_owned(),
            from: at(*from),
            to: Some(at(from + self.took)),
            is_granted: *verdict == Granted,
            is_refused: *verdict == Refused,
            fate: *fate,
            is_abandoned: self.is_abandoned && number == last,
            issued: None,
        });
        let broken = self.halts.iter().map(|(from, to, node, kind, held)| {
            let held = held.map(|(token, lease)| Held { token: token.to_owned(), lease: Some(at(lease)) });
            let held = held.into_iter().map(|held| (connection, held)).collect();
            Breakage { node: (*node).to_owned(), kind: *kind, from: at(*from), to: at(*to), held }
        });
        let mut calls = vec![Vec::new(); CONNECTIONS];
        let called = self.called.iter().map(|(when, node)| Called { node: (*node).to_owned(), at: at(*when) });
        calls[connection] = called.collect();
        let forced = self.forced.iter().map(|(begun, ended)| (at(*begun), at(*ended)));
        let forced = forced.map(|(begun, ended)| Forced { connection, begun, ended }).collect();
        let logged = self.logged.iter();
        let logged =
            logged.map(|(when, node, what)| Logged { node: (*node).to_owned(), kind, at: at(*when), what: *what });
        let logged = logged.collect();
        Table::of(&sent.collect::<Vec<_>>(), &Happened { broken: broken.collect(), calls, forced, logged })
    }
}

fn hold(kind: VendorKind, cases: &[Case]) {
    for case in cases {
        let (what, table) = (case.what, case.judged(kind));
        let violations = &table.violations;
        assert_eq!(table.lost(), case.lost, "{what}: {violations:?}");
        assert_eq!(violations.is_empty(), case.violation.is_empty(), "{what}: {violations:?}");
        assert!(violations.iter().all(|found| found.contains(case.violation)), "{what}: {violations:?}");
    }
}

const ARRIVED: &str = "after its successor arrived";
const IN_TIME: &str = "in time";

#[test]
fn an_answer_that_did_not_arrive_costs_a_grant_and_one_that_did_is_the_last_of_its_token() {
    let again = |first: Fate| [(0, "n0", "a", Granted, first), (2100, "n0", "a", Refused, Delivered)];
    let gone = [(0, "n0", "a", Granted, Error), (2100, "n1", "a", Refused, Delivered)];
    let then = |more: &[Sent]| [&gone[..], more].concat();
    hold(
        Rotating,
        &[
            case("each once", &[(0, "n0", "a", Granted, Delivered), (5000, "n1", "b", Granted, Delivered)]),
            case("an answer that was lost", &again(Error)).lost(),
            case("a cut one", &again(Cut)).lost(),
            case("a reset", &again(Reset)).lost(),
            case("sent again after it arrived", &again(Delivered)).violates(ARRIVED),
            case("left without a reason", &again(Left)).violates(ARRIVED),
            Case {
                took: 7900,
                ..case("left before its time", &[(0, "n0", "a", Granted, Left), (9000, "n0", "a", Refused, Delivered)])
            }
            .violates(ARRIVED),
            Case {
                took: 12_000,
                ..case("late", &[(0, "n0", "a", Granted, Left), (14_000, "n0", "a", Refused, Delivered)])
            }
            .lost(),
            Case { logged: Some((-2000, "n0", TimedOut)), ..case("read late, and left by then", &again(Left)) }.lost(),
            Case { logged: Some((1000, "n0", TimedOut)), ..case("answered late", &again(Delivered)) }.lost(),
            Case { logged: Some((1000, "n1", TimedOut)), ..case("by another server", &again(Delivered)) }
                .violates(ARRIVED),
            Case { logged: Some((-2000, "n0", TimedOut)), ..case("before the answer", &again(Delivered)) }
                .violates(ARRIVED),
            Case { is_abandoned: true, ..case("read after a later one", &again(Delivered)) },
            Case {
                logged: Some((1000, "n0", TimedOut)),
                ..case(
                    "answered, and another attempt had no answer",
                    &[
                        (0, "n0", "b", Granted, Left),
                        (500, "n0", "a", Granted, Delivered),
                        (2600, "n0", "a", Refused, Delivered),
                    ],
                )
            }
            .violates(ARRIVED),
            case("at the same time", &[(0, "n0", "a", Granted, Error), (50, "n1", "a", Refused, Delivered)])
                .lost()
                .violates("under way"),
            case("refused for no reason", &[(0, "n0", "a", Refused, Delivered)])
                .violates("every answer before had arrived"),
            case(
                "unavailable, then refused",
                &[(0, "n0", "a", Unavailable, Error), (2100, "n0", "a", Refused, Delivered)],
            )
            .violates("every answer before had arrived"),
            case("sent after the grant was gone", &then(&[(9000, "n0", "a", Refused, Delivered)]))
                .lost()
                .violates("had said that the grant is gone"),
            Case {
                forced: Some((8000, 9500)),
                ..case("by an operator", &then(&[(9000, "n0", "a", Refused, Delivered)]))
            }
            .lost(),
            Case { forced: Some((1000, 2000)), ..case("before", &then(&[(9000, "n0", "a", Refused, Delivered)])) }
                .lost()
                .violates("had said that the grant is gone"),
            case(
                "a refusal that was lost",
                &[
                    (0, "n0", "a", Granted, Error),
                    (2100, "n0", "a", Refused, Cut),
                    (9000, "n0", "a", Refused, Delivered),
                ],
            )
            .lost(),
            case("another token of a grant that was ended", &then(&[(9000, "n0", "b", Refused, Delivered)])).lost(),
            case(
                "one of these that was sent again after it arrived",
                &then(&[
                    (9000, "n0", "b", Granted, Delivered),
                    (9500, "n0", "a", Refused, Delivered),
                    (9900, "n0", "b", Refused, Delivered),
                ]),
            )
            .lost()
            .violates("sent again"),
            case(
                "another token after a grant",
                &then(&[(9000, "n0", "b", Granted, Delivered), (12_000, "n0", "c", Refused, Delivered)]),
            )
            .lost()
            .violates("every answer before had arrived"),
        ],
    );
    hold(
        Steady,
        &[
            case("for ever", &[(0, "n0", "a", Granted, Delivered), (200, "n1", "a", Granted, Delivered)]),
            case("refused", &[(0, "n0", "a", Granted, Error), (2100, "n1", "a", Refused, Delivered)])
                .violates("never replaced"),
        ],
    );
}

#[test]
fn a_server_that_came_to_a_halt_excuses_what_the_store_did_not_hold_then_and_nothing_else() {
    let by = |fate: Fate, when: i64| [(0, "n0", "a", Granted, fate), (when, "n1", "a", Refused, Delivered)];
    // Its lease began 100 ms before the token was sent.
    let own = Some(("a", 19_900));
    hold(
        Rotating,
        &[
            case("a kill", &by(Left, 20_000)).halts(&[(50, 550, "n0", Kill, own)]).lost(),
            case("before the outcome is stored", &by(Delivered, 20_000)).halts(&[(150, 650, "n0", Kill, own)]).lost(),
            case("before the request is read", &by(Left, 20_000)).halts(&[(-50, 450, "n0", Kill, own)]).lost(),
            case("after the outcome is stored", &by(Delivered, 20_000))
                .halts(&[(150, 650, "n0", Kill, Some(("b", 19_900)))])
                .violates(ARRIVED),
            case("in a later attempt", &by(Delivered, 20_000))
                .halts(&[(2500, 3000, "n0", Kill, Some(("a", 22_400)))])
                .violates(ARRIVED),
            case("in an earlier attempt", &by(Delivered, 20_000))
                .halts(&[(-600, -100, "n0", Kill, Some(("a", -1100)))])
                .violates(ARRIVED),
            case("without an attempt", &by(Delivered, 20_000)).halts(&[(150, 650, "n0", Kill, None)]).violates(ARRIVED),
            case("of another server", &by(Delivered, 20_000)).halts(&[(150, 650, "n1", Kill, own)]).violates(ARRIVED),
            case("a server that was told to end", &by(Delivered, 20_000))
                .halts(&[(50, 650, "n0", Term, own)])
                .violates(ARRIVED),
            case("within the lease", &by(Left, 18_000))
                .halts(&[(50, 550, "n0", Kill, own)])
                .lost()
                .violates("before the lease"),
            case("by a clock that is a second ahead", &by(Left, 19_000)).halts(&[(50, 550, "n0", Kill, own)]).lost(),
            case("within the lease, after an error", &by(Error, 2100))
                .halts(&[(150, 650, "n0", Kill, own)])
                .lost()
                .violates("before the lease"),
            case("a stop that outlasts the attempt", &by(Delivered, 20_000))
                .halts(&[(50, 24_050, "n0", Stop, own)])
                .lost(),
            case("a stop that does not", &by(Delivered, 20_000))
                .halts(&[(50, 1550, "n0", Stop, own)])
                .violates(ARRIVED),
            case("sent again by a server that went on", &by(Error, 2100)).halts(&[(50, 1550, "n0", Stop, own)]).lost(),
            Case { logged: Some((21_000, "n0", StoredLate)), ..case("a store that was away", &by(Delivered, 20_000)) }
                .lost(),
            Case { logged: Some((21_000, "n1", StoredLate)), ..case("for another server", &by(Delivered, 20_000)) }
                .violates(ARRIVED),
            Case { logged: Some((3000, "n0", StoredLate)), ..case("for another attempt", &by(Delivered, 20_000)) }
                .violates(ARRIVED),
            case(
                "a wait that was told and stored before a kill",
                &[(0, "n0", "a", Unavailable, Delivered), (2100, "n1", "a", Granted, Delivered)],
            )
            .halts(&[(3000, 3500, "n0", Kill, None)]),
        ],
    );
}

#[test]
fn a_window_that_a_vendor_keeps_is_used_by_servers_that_live() {
    let by = |fate: Fate, when: i64| [(0, "n0", "a", Granted, fate), (when, "n1", "a", Refused, Delivered)];
    let killed: &[Halt] = &[(50, 550, "n0", Kill, Some(("a", 19_900)))];
    let in_pause: &[Halt] = &[(1000, 1500, "n0", Kill, None)];
    let of_caller: &[Halt] = &[killed[0], (23_000, 24_000, "n2", Kill, None)];
    hold(
        Windowed,
        &[
            case("within it", &[(0, "n0", "a", Granted, Error), (2100, "n0", "a", Granted, Delivered)]),
            case("refused within it", &by(Error, 2100)).violates(IN_TIME),
            case(
                "two answers lost",
                &[
                    (0, "n0", "a", Granted, Error),
                    (2100, "n0", "a", Granted, Cut),
                    (32_200, "n1", "a", Refused, Delivered),
                ],
            )
            .called(&[(22_000, "n2")])
            .lost(),
            case(
                "unavailable, then lost",
                &[
                    (0, "n0", "a", Unavailable, Error),
                    (2100, "n0", "a", Granted, Cut),
                    (32_200, "n1", "a", Refused, Delivered),
                ],
            )
            .lost(),
            case(
                "a wait, then lost, then not tried again soon",
                &[
                    (0, "n0", "a", Unavailable, Delivered),
                    (2100, "n0", "a", Granted, Cut),
                    (32_200, "n1", "a", Refused, Delivered),
                ],
            )
            .violates(IN_TIME),
            case(
                "lost, and turned away in its window",
                &[
                    (0, "n0", "a", Granted, Error),
                    (2100, "n0", "a", Unavailable, Delivered),
                    (30_600, "n1", "a", Refused, Delivered),
                ],
            )
            .called(&[(22_000, "n2")])
            .lost(),
            case("lost, and not tried again soon", &by(Error, 30_100)).violates(IN_TIME),
            Case { logged: Some((9000, "n0", StoreAway)), ..case("while the store was away", &by(Error, 30_100)) }
                .lost(),
            Case { logged: Some((9000, "n2", StoreAway)), ..case("for another server", &by(Error, 30_100)) }
                .violates(IN_TIME),
            case("lost, and its server killed in the pause", &by(Error, 30_100)).halts(in_pause).lost(),
            case("the same, and used", &by(Error, 30_100)).halts(in_pause).called(&[(22_000, "n2")]).violates(IN_TIME),
            case("not used after a kill", &by(Left, 31_000))
                .halts(killed)
                .called(&[(10_000, "n2"), (29_000, "n2")])
                .lost(),
            case("used after a kill", &by(Left, 31_000)).halts(killed).called(&[(22_000, "n2")]).violates(IN_TIME),
            case("used at a server that is killed too", &by(Left, 31_000))
                .halts(of_caller)
                .called(&[(22_000, "n2")])
                .lost(),
        ],
    );
}
