//! The plan of a run: everything that is done to vendors and servers, and when. A function of the seed and the length.

use super::entries::{CONNECTIONS, VendorKind, account};
use fastrand::Rng;
use keyway_simulator::{EndpointKind, InjectedFault};
use std::fmt;

/// The number of servers.
pub(crate) const NODES: usize = 3;

/// Calls that a second begins, most of them alone and some together.
const CALLS_PER_SECOND: u64 = 40;
/// Half of them at calls, half at what renews tokens.
const FAULTS_PER_SECOND: u64 = 12;
const EXPIRIES_PER_SECOND: u64 = 2;
/// Milliseconds: longer than the lease of an attempt, so that another server takes over meanwhile.
const LONG_STOP: u64 = 24_000;
/// Milliseconds: longer than an attempt may take, so that its answer comes to nobody.
const TOO_LATE: u64 = 13_500;
/// From this length on, in seconds, things happen that take longer than a short run.
const LONG_RUN: u64 = 60;

/// A run, before it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) seconds: u64,
    /// Seconds that tokens live, by connection.
    pub(crate) lifetimes: Vec<i64>,
    /// In the order of their moments.
    pub(crate) events: Vec<Event>,
}

/// Something that is done, so many milliseconds after the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: u64,
    pub(crate) action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Callers call a connection at once, each at the next server.
    Call { connection: usize, callers: usize, first: usize, posts: bool },
    /// The next request of a kind at a connection's vendor goes wrong.
    Fault { connection: usize, endpoint: EndpointKind, fault: PlannedFault },
    /// The vendor ends the access token of a connection before its time.
    Expire { connection: usize },
    /// A server is killed, and started again after milliseconds.
    Kill { node: usize, down: u64 },
    /// A server is stopped for milliseconds.
    Stop { node: usize, time: u64 },
    /// A server is told to end, and started again so many milliseconds after it has.
    Term { node: usize, down: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlannedFault {
    Injected(InjectedFault),
    /// The request is processed, and the connection closed without an answer.
    Reset,
}

impl Plan {
    pub(crate) fn of(seed: u64, seconds: u64) -> Plan {
        let mut random = Rng::with_seed(seed);
        // A few accounts are busy, most are not; a quarter has tokens that outlive a short run.
        let weights: Vec<u64> = (0..CONNECTIONS).map(|_| 1 + random.u64(0..8).pow(2)).collect();
        let lifetime = |random: &mut Rng| if random.u8(0..4) == 0 { 600 } else { random.i64(3..=9) };
        let lifetimes = (0..CONNECTIONS).map(|_| lifetime(&mut random)).collect();
        let mut plan = Plan { seed, seconds, lifetimes, events: Vec::new() };
        plan.call(&mut random, &weights);
        plan.disturb(&mut random, &weights);
        plan.break_down(&mut random);
        plan.events.sort_by_key(|event| event.at);
        plan
    }

    fn add(&mut self, at: u64, action: Action) {
        self.events.push(Event { at, action });
    }

    fn call(&mut self, random: &mut Rng, weights: &[u64]) {
        for _ in 0..self.seconds * CALLS_PER_SECOND {
            let connection = weighted(random, weights);
            let callers = if random.u8(0..10) == 0 { 2 * NODES } else { 1 };
            let (first, posts) = (random.usize(0..NODES), random.u8(0..4) == 0);
            self.add(random.u64(0..self.seconds * 1000), Action::Call { connection, callers, first, posts });
        }
    }

    fn disturb(&mut self, random: &mut Rng, weights: &[u64]) {
        let is_renewed = |at: &usize| self.lifetimes[*at] < 60 && VendorKind::of(*at).renewed_at().is_some();
        let renewed: Vec<usize> = (0..CONNECTIONS).filter(is_renewed).collect();
        for number in 0..self.seconds * FAULTS_PER_SECOND {
            let at_renewal = number % 2 == 0;
            let connection =
                if at_renewal { renewed[random.usize(0..renewed.len())] } else { weighted(random, weights) };
            let is_late = at_renewal && self.seconds >= LONG_RUN && random.u8(0..20) == 0;
            let late = PlannedFault::Injected(InjectedFault::Slow(TOO_LATE));
            let fault = if is_late { late } else { fault(random) };
            let renewal = VendorKind::of(connection).renewed_at().filter(|_| at_renewal);
            let endpoint = renewal.unwrap_or(EndpointKind::Call);
            let at = random.u64(0..self.seconds * 1000);
            self.add(at, Action::Fault { connection, endpoint, fault });
            // It happens to the next call that needs a token, so one comes soon.
            let (first, soon) = (random.usize(0..NODES), at + random.u64(50..3000));
            if renewal.is_some() && soon < self.seconds * 1000 {
                self.add(soon, Action::Call { connection, callers: 2, first, posts: false });
            }
        }
        for _ in 0..self.seconds * EXPIRIES_PER_SECOND {
            let connection = weighted(random, weights);
            self.add(random.u64(0..self.seconds * 1000), Action::Expire { connection });
        }
    }

    /// Kills and stops. In a short run they come early, because what they leave lasts for 20 seconds.
    fn break_down(&mut self, random: &mut Rng) {
        let until = if self.seconds < LONG_RUN { self.seconds * 300 } else { (self.seconds - 25) * 1000 };
        for number in 0..(self.seconds / 12).max(3) {
            let (at, node) = (random.u64(1000..until.max(1001)), random.usize(0..NODES));
            self.ambush(random, at, node);
            self.add(at, Action::Kill { node, down: random.u64(50..800) });
            let is_long = self.seconds >= LONG_RUN && number % 5 == 4;
            let time = if is_long { LONG_STOP } else { random.u64(200..1500) };
            let (at, node) = (random.u64(1000..until.max(1001)), random.usize(0..NODES));
            self.ambush(random, at, node);
            self.add(at, Action::Stop { node, time });
        }
        for _ in 0..(self.seconds / 24).max(2) {
            let (at, node) = (random.u64(1000..until.max(1001)), random.usize(0..NODES));
            self.ambush(random, at, node);
            self.add(at, Action::Term { node, down: random.u64(50..800) });
        }
    }

    /// Lets a server be in the middle of redeeming refresh tokens at a moment, as far as they are due.
    fn ambush(&mut self, random: &mut Rng, at: u64, node: usize) {
        let rotates = |connection: &usize| VendorKind::of(*connection).rotates();
        let rotating: Vec<usize> = (0..CONNECTIONS).filter(rotates).collect();
        for _ in 0..8 {
            let connection = rotating[random.usize(0..rotating.len())];
            let fault = PlannedFault::Injected(InjectedFault::Slow(random.u64(300..1500)));
            let endpoint = EndpointKind::TokenRefresh;
            self.add(at.saturating_sub(320), Action::Fault { connection, endpoint, fault });
            let call = Action::Call { connection, callers: 1, first: node, posts: false };
            self.add(at.saturating_sub(random.u64(20..300)), call);
        }
    }

    /// The events that are no calls, and those of one connection.
    pub(crate) fn shown(&self, of: Option<usize>) -> String {
        let is_shown = |event: &&Event| match event.action {
            Action::Kill { .. } | Action::Stop { .. } | Action::Term { .. } => true,
            Action::Call { connection, .. } | Action::Fault { connection, .. } | Action::Expire { connection } => {
                of == Some(connection)
            }
        };
        let lines: Vec<String> = self.events.iter().filter(is_shown).map(Event::to_string).collect();
        lines.join("\n")
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7} ms  ", self.at)?;
        match self.action {
            Action::Call { connection, callers, first, .. } => {
                write!(f, "{callers} calls of {} at n{first}", account(connection))
            }
            Action::Fault { connection, endpoint, fault } => {
                write!(f, "{fault:?} at the next {endpoint:?} of {}", account(connection))
            }
            Action::Expire { connection } => write!(f, "the token of {} ends", account(connection)),
            Action::Kill { node, down } => write!(f, "n{node} is killed, and started after {down} ms"),
            Action::Stop { node, time } => write!(f, "n{node} is stopped for {time} ms"),
            Action::Term { node, down } => write!(f, "n{node} is told to end, and started {down} ms after"),
        }
    }
}

fn weighted(random: &mut Rng, weights: &[u64]) -> usize {
    let mut rest = random.u64(0..weights.iter().sum());
    for (at, weight) in weights.iter().enumerate() {
        if rest < *weight {
            return at;
        }
        rest -= weight;
    }
    0
}

fn fault(random: &mut Rng) -> PlannedFault {
    PlannedFault::Injected(match random.u8(0..12) {
        0 | 1 => InjectedFault::Unavailable(503),
        2 => InjectedFault::Unavailable(500),
        3 | 4 => InjectedFault::LostAnswer(502),
        5 | 6 => InjectedFault::CutShort,
        7 => InjectedFault::Limited(random.u32(1..3)),
        8..=10 => InjectedFault::Slow(random.u64(100..2000)),
        _ => return PlannedFault::Reset,
    })
}

#[test]
fn a_plan_is_a_function_of_its_seed_and_holds_everything_that_can_happen() {
    assert_eq!(Plan::of(7, 10), Plan::of(7, 10));
    assert_ne!(Plan::of(7, 10).events, Plan::of(8, 10).events);
    for (seed, seconds) in [(1, 8), (2, 10), (3, 300)] {
        let plan = Plan::of(seed, seconds);
        let count = |is: &dyn Fn(&Action) -> bool| plan.events.iter().filter(|event| is(&event.action)).count();
        let faults = |wanted: &str| {
            count(&|action| matches!(action, Action::Fault { fault, .. } if format!("{fault:?}").contains(wanted)))
        };
        for wanted in ["Unavailable", "LostAnswer", "CutShort", "Limited", "Slow", "Reset"] {
            assert!(faults(wanted) > 0, "{seed}: {wanted}");
        }
        assert!(count(&|action| matches!(action, Action::Call { callers: 2.., .. })) > 0, "{seed}");
        assert!(count(&|action| matches!(action, Action::Expire { .. })) > 0, "{seed}");
        assert!(count(&|action| matches!(action, Action::Kill { .. })) > 1, "{seed}");
        assert!(count(&|action| matches!(action, Action::Term { .. })) > 1, "{seed}");
        let stops = |least: u64| count(&|action| matches!(action, Action::Stop { time, .. } if *time >= least));
        assert!(stops(0) > 1, "{seed}");
        assert_eq!(stops(LONG_STOP) > 0, seconds >= LONG_RUN, "{seed}");
        assert!(plan.events.is_sorted_by_key(|event| event.at), "{seed}");
        assert!(plan.events.iter().all(|event| event.at < seconds * 1000), "{seed}");
    }
}
