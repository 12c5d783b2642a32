//! The transport that answers expected requests: which of them a request is, and what it says of one that is none.

use super::compare;
use super::exchange::{Exchange, get};
use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, BoxFuture, Response, Transport};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The largest body that is compared, in bytes: 16 MiB.
const MAX_BODY: usize = 16 << 20;

/// A transport that answers expected requests. Clones share what is left.
#[derive(Clone)]
pub struct Recorded {
    state: Arc<Mutex<State>>,
}

struct State {
    ordered: bool,
    /// Those that may still come; `times` is how often.
    left: Vec<Exchange>,
    /// The number of requests that have to be sent, and of those that were.
    count: usize,
    sent: usize,
    /// The first failure.
    mismatch: Option<String>,
}

/// A test did not send the expected requests. `Debug` prints the report, for `unwrap`.
pub struct Mismatch(String);

impl Recorded {
    /// Answers these requests, in this order.
    pub fn new(exchanges: impl IntoIterator<Item = Exchange>) -> Recorded {
        Recorded::of(exchanges, true)
    }

    /// Answers these requests, in any order: for a program that sends some of them at once. Of equal ones the first is
    /// answered first.
    pub fn unordered(exchanges: impl IntoIterator<Item = Exchange>) -> Recorded {
        Recorded::of(exchanges, false)
    }

    fn of(exchanges: impl IntoIterator<Item = Exchange>, ordered: bool) -> Recorded {
        let left: Vec<Exchange> = exchanges.into_iter().filter(|exchange| exchange.times != Some(0)).collect();
        let count = left.iter().filter_map(|exchange| exchange.times).map(in_all).sum();
        Recorded { state: Arc::new(Mutex::new(State { ordered, left, count, sent: 0, mismatch: None })) }
    }

    /// An error unless every expected request was sent, and none besides. Call it at the end of a test.
    pub fn finish(&self) -> Result<(), Mismatch> {
        let state = self.lock();
        if let Some(mismatch) = &state.mismatch {
            return Err(Mismatch(mismatch.clone()));
        }
        let unsent: Vec<(String, u32)> =
            state.left.iter().filter_map(|exchange| Some((exchange.line(), exchange.times?))).collect();
        if unsent.is_empty() {
            return Ok(());
        }
        let lines = unsent.iter().map(|(line, times)| match times {
            1 => format!("\n  - {line}"),
            times => format!("\n  - {line} ({times} times)"),
        });
        let number: usize = unsent.iter().map(|(_, times)| in_all(*times)).sum();
        Err(Mismatch(format!("{number} of {} requests were not sent:{}", state.count, lines.collect::<String>())))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wait and the answer to a request, or how it differs from what is expected.
    fn answer(&self, seen: &compare::Seen) -> (Duration, Result<Response>) {
        let mut state = self.lock();
        match state.matching(seen) {
            Ok(at) => {
                let exchange = state.take(at);
                (exchange.delay, exchange.response())
            }
            Err(difference) => {
                state.mismatch.get_or_insert_with(|| difference.clone());
                let error = Error::new(ErrorKind::InvalidRequest, difference).stage(Stage::Testing).sent(false);
                (Duration::ZERO, Err(error))
            }
        }
    }
}

impl State {
    /// The place of the exchange that a request is answered by, or what differs. Those that are due come before those
    /// that may come at any point.
    fn matching(&self, seen: &compare::Seen) -> Result<usize, String> {
        let places = || self.left.iter().enumerate();
        let due = places().filter(|(_, exchange)| exchange.times.is_some());
        let due = due.take(if self.ordered { 1 } else { usize::MAX });
        let at_any_point = places().filter(|(_, exchange)| exchange.times.is_none());
        let mut closest: Option<String> = None;
        for (at, expected) in due.chain(at_any_point) {
            let Some(difference) = compare::difference(expected, seen) else { return Ok(at) };
            // In order it is the next one that is meant, whatever the others are like.
            let closer = |other: &String| !self.ordered && lines_that_differ(&difference) < lines_that_differ(other);
            if closest.as_ref().is_none_or(closer) {
                closest = Some(difference);
            }
        }
        let (number, count) = (self.sent + 1, self.count);
        Err(match closest {
            Some(lines) if self.sent < count && self.ordered => {
                format!("request {number} of {count} is not the expected one:\n{lines}")
            }
            Some(lines) if self.sent < count => {
                format!("request {number} of {count} is none of the expected ones; the closest:\n{lines}")
            }
            _ => format!("request {number} was not expected:\n{}", compare::unexpected(seen)),
        })
    }

    /// One of the times that an exchange may come.
    fn take(&mut self, at: usize) -> Exchange {
        let Some(exchange) = self.left.get_mut(at) else { return get("") };
        let Some(times) = &mut exchange.times else { return exchange.clone() };
        self.sent += 1;
        *times -= 1;
        if *times == 0 { self.left.remove(at) } else { exchange.clone() }
    }
}

fn in_all(times: u32) -> usize {
    usize::try_from(times).unwrap_or(usize::MAX)
}

fn lines_that_differ(difference: &str) -> usize {
    difference.lines().filter(|line| !line.starts_with("    ")).count()
}

impl Transport for Recorded {
    fn send<'a>(&'a self, request: http::Request<Body>, _egress: &'a Egress) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect(MAX_BODY).await?;
            let (delay, answer) = self.answer(&compare::Seen::new(&head, &body));
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            answer
        })
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").field("left", &self.lock().left.len()).finish_non_exhaustive()
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}
