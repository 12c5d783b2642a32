//! The accounts at their vendors, each a simulator, and what happened to the answers that renewed tokens.

use super::cause::{Fate, Redemption};
use super::entries::{CLIENT_SECRET, CONNECTIONS, VendorKind, account, simulated};
use super::ledger::REUSE_WINDOW;
use super::line::Line;
use super::plan::PlannedFault;
use super::secrets::{self, locked};
use super::worn::{self, Worn};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use keyway_simulator::{EndpointKind, SeenRequest, Simulator};
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Every account, and what was seen of all.
pub(crate) struct Vendors {
    accounts: Vec<Mutex<Account>>,
    redemptions: Mutex<Vec<Redemption>>,
    /// The connections of those that are under way.
    lines: Mutex<BTreeMap<usize, Line>>,
    worn: Mutex<Vec<Worn>>,
    foreign: Mutex<Vec<String>>,
}

struct Account {
    vendor: Simulator,
    /// The requests whose answer ends with the connection.
    resets: Vec<EndpointKind>,
}

/// An answer on its way.
pub(crate) struct Answered {
    pub(crate) answer: Response<Bytes>,
    /// The connection ends in its place.
    pub(crate) is_reset: bool,
    /// The redemption of a refresh token that it answers.
    pub(crate) redemption: Option<usize>,
}

impl Vendors {
    pub(crate) fn new(specs: &'static [ProviderSpec], lifetimes: &[i64]) -> Vendors {
        let vendor = |connection: usize| {
            let kind = VendorKind::of(connection);
            let spec = specs.iter().find(|spec| spec.key == kind.key()).unwrap();
            let mut vendor = Simulator::new(spec, simulated(connection)).unwrap();
            vendor.set_name(&format!("canary-{}", account(connection)));
            vendor.set_token_lifetime(lifetimes[connection]);
            vendor.set_rotation(kind.rotates());
            if kind == VendorKind::Windowed {
                vendor.set_reuse_window(REUSE_WINDOW);
            }
            Mutex::new(Account { vendor, resets: Vec::new() })
        };
        let accounts = (0..CONNECTIONS).map(vendor).collect();
        let (redemptions, lines) = (Mutex::default(), Mutex::default());
        Vendors { accounts, redemptions, lines, worn: Mutex::default(), foreign: Mutex::default() }
    }

    /// Answers a request, whose URL is absolute.
    pub(crate) fn answer(&self, request: Request<Bytes>, line: &Line) -> Answered {
        let Some(connection) = connection_of(request.uri().path()) else {
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::NOT_FOUND;
            return Answered { answer, is_reset: false, redemption: None };
        };
        self.note_foreign(connection, &request);
        self.note_worn(connection, &request);
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let node = agent.and_then(|agent| agent.strip_prefix("node/")).unwrap_or_default().to_owned();
        let token = refresh_token(request.body());
        let from = Instant::now();
        let (answer, seen, is_reset) = self.account(connection).answer(request);
        let redemption = token.filter(|_| seen.endpoint == EndpointKind::TokenRefresh);
        let redemption = redemption.map(|token| {
            let (is_granted, is_refused) = verdict(&seen);
            let (issued, fate) = (issued(answer.body()), Fate::Left);
            let mut redemptions = locked(&self.redemptions);
            let mut lines = locked(&self.lines);
            // The one before may have been left by now, and this one before it was read.
            let before = redemptions.iter_mut().enumerate().rfind(|(_, own)| own.connection == connection);
            if let Some((at, before)) = before.filter(|(at, own)| own.to.is_none() && is_left(&lines, *at)) {
                before.to = Some(from);
                lines.remove(&at);
            }
            let to = line.is_left().then_some(from);
            redemptions.push(Redemption {
                connection,
                token,
                node,
                from,
                to,
                is_granted,
                is_refused,
                fate,
                is_abandoned: to.is_some(),
                issued,
            });
            let at = redemptions.len() - 1;
            lines.insert(at, line.clone());
            at
        });
        Answered { answer, is_reset, redemption }
    }

    /// Notes what became of an answer, unless that is known.
    pub(crate) fn ended(&self, redemption: usize, fate: Fate) {
        let (mut redemptions, mut lines) = (locked(&self.redemptions), locked(&self.lines));
        if let Some(own) = redemptions.get_mut(redemption).filter(|own| own.to.is_none()) {
            own.to = Some(Instant::now());
            own.fate = if is_left(&lines, redemption) { Fate::Left } else { fate };
        }
        lines.remove(&redemption);
    }

    /// Orders a fault.
    pub(crate) fn order(&self, connection: usize, endpoint: EndpointKind, fault: PlannedFault) {
        let mut account = self.account(connection);
        match fault {
            PlannedFault::Injected(fault) => account.vendor.next(endpoint, fault),
            PlannedFault::Reset => account.resets.push(endpoint),
        }
    }

    /// Ends every fault that has not happened.
    pub(crate) fn calm(&self) {
        for connection in 0..CONNECTIONS {
            let mut account = self.account(connection);
            account.resets.clear();
            account.vendor.clear_faults();
        }
    }

    /// A request to the vendor of one account.
    pub(crate) fn with<T>(&self, connection: usize, ask: impl FnOnce(&mut Simulator) -> T) -> T {
        ask(&mut self.account(connection).vendor)
    }

    pub(crate) fn redemptions(&self) -> Vec<Redemption> {
        locked(&self.redemptions).clone()
    }

    /// The access tokens of calls.
    pub(crate) fn worn(&self) -> Vec<Worn> {
        locked(&self.worn).clone()
    }

    /// Requests that held a secret of another account.
    pub(crate) fn foreign(&self) -> Vec<String> {
        locked(&self.foreign).clone()
    }

    fn account(&self, connection: usize) -> MutexGuard<'_, Account> {
        locked(&self.accounts[connection])
    }

    fn note_worn(&self, connection: usize, request: &Request<Bytes>) {
        let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let number = token.and_then(|token| token.strip_prefix("Bearer ")).and_then(worn::number);
        if let Some((path, number)) = request.uri().path().split("/api").nth(1).zip(number) {
            let path = path.to_owned();
            locked(&self.worn).push(Worn { connection, number, at: Instant::now(), path });
        }
    }

    fn note_foreign(&self, connection: usize, request: &Request<Bytes>) {
        let own = account(connection);
        let foreign = secrets::accounts_in(request).into_iter().filter(|other| *other != own);
        locked(&self.foreign)
            .extend(foreign.map(|other| format!("{own}: a request to {own} held a secret of {other}")));
    }
}

impl Account {
    fn answer(&mut self, request: Request<Bytes>) -> (Response<Bytes>, SeenRequest, bool) {
        let answer = self.vendor.answer(request, now());
        let seen = self.vendor.requests().last().unwrap().clone();
        let reset = self.resets.iter().position(|endpoint| *endpoint == seen.endpoint);
        reset.map(|at| self.resets.swap_remove(at));
        (answer, seen, reset.is_some())
    }
}

fn is_left(lines: &BTreeMap<usize, Line>, redemption: usize) -> bool {
    lines.get(&redemption).is_some_and(Line::is_left)
}

/// True if the vendor issued tokens for a refresh token; true if it refused it as one that is used up.
fn verdict(seen: &SeenRequest) -> (bool, bool) {
    // A fault in place of the answer is noted behind the faults of the request.
    let is_turned_away = matches!(seen.status, 429 | 500 | 503);
    let is_refused = seen.wrong().any(|check| check.what == "the refresh token") && !is_turned_away;
    let is_processed = seen.wrong().next().is_none();
    let reason = seen.reason.as_deref().unwrap_or_default();
    (is_processed && !reason.contains("Unavailable") && !reason.contains("Limited"), is_refused)
}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn connection_of(path: &str) -> Option<usize> {
    let number: usize = path.strip_prefix("/c")?.get(..3)?.parse().ok()?;
    (number < CONNECTIONS).then_some(number)
}

/// The number of the access token in an answer.
fn issued(body: &[u8]) -> Option<u64> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    worn::number(answer["access_token"].as_str()?)
}

fn refresh_token(body: &[u8]) -> Option<String> {
    url::form_urlencoded::parse(body).find(|(name, _)| name == "refresh_token").map(|(_, token)| token.into_owned())
}

#[test]
fn a_request_with_a_secret_of_another_account_is_noted() {
    let specs = super::entries::specs(&super::entries::catalogue("http://127.0.0.1:1"));
    let key = (0..CONNECTIONS).find(|at| VendorKind::of(*at) == VendorKind::Key).unwrap();
    let call = |secret: &str| {
        let request = Request::get(format!("http://127.0.0.1:1/{}/api/x", account(key)));
        request.header("x-key", secret).header("user-agent", "node/n0").body(Bytes::new()).unwrap()
    };
    let line = Line::of(&std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let own = format!("canary-{}-key", account(key));
    for (secret, status, noted) in [(own.as_str(), 200, 0), ("canary-c001-key", 401, 1), (CLIENT_SECRET, 401, 0)] {
        let vendors = Vendors::new(specs, &[60; CONNECTIONS]);
        assert_eq!(vendors.answer(call(secret), &line).answer.status(), status, "{secret}");
        assert_eq!(vendors.foreign().len(), noted, "{secret}");
    }
}
