//! Both ends of a walk and the clock between them.

use crate::account::Account;
use crate::clock::TrialClock;
use crate::simulated::simulated;
use crate::stand_in::{Filled, StandInValues};
use crate::vendor::{Arrived, Vendor};
use bytes::Bytes;
use keyway::client::Started;
use keyway::{Clock as _, Connection, Error, ErrorKind, Result, Timestamp};
use keyway_simulator::{ConsentDecision, EndpointKind, SeenRequest, Simulator};
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::Url;

/// The instant at which every walk begins: 2026-01-02T03:04:05Z.
const SOME_DAY: i64 = 1_767_323_045;

/// A runtime with an account, and the vendor that it talks to.
pub(super) struct WalkStage {
    pub(super) spec: &'static ProviderSpec,
    pub(super) account: Account,
    pub(super) clock: TrialClock,
    simulator: Arc<Mutex<Simulator>>,
    /// The number of requests that were looked at.
    looked: usize,
}

impl WalkStage {
    /// Sets a stage for an entry; the error says why there is none.
    pub(super) fn set(spec: &'static ProviderSpec, filled: Filled) -> Result<WalkStage, String> {
        WalkStage::with(spec, filled, |_| {})
    }

    /// The same, where the customer says something else than the vendor knows.
    pub(super) fn with(
        spec: &'static ProviderSpec,
        filled: Filled,
        change: impl FnOnce(&mut StandInValues),
    ) -> Result<WalkStage, String> {
        let simulator = Simulator::new(spec, simulated(spec, filled)).map_err(|unsupported| unsupported.to_string())?;
        let known: BTreeMap<String, String> = simulator.account().config.clone();
        let simulator = Arc::new(Mutex::new(simulator));
        let clock = TrialClock::at(Timestamp::from_second(SOME_DAY).unwrap_or_default());
        let (answering, time) = (Arc::clone(&simulator), clock.clone());
        let vendor = Vendor::new(move |arrived: &Arrived, _| answer(&answering, arrived, time.now().as_millisecond()));
        let account = Account::new(spec, filled, vendor, clock.clone(), &known).map_err(|error| error.to_string())?;
        let account = account.saying(change);
        Ok(WalkStage { spec, account, clock, simulator, looked: 0 })
    }

    pub(super) fn simulator(&self) -> MutexGuard<'_, Simulator> {
        self.simulator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects the account; where a page is in between, the customer agrees.
    pub(super) async fn connect(&self) -> Result<Connection> {
        let registered = self.account.registered().await;
        self.simulator().set_redirect_uri(registered);
        let installed = || self.simulator().install(self.clock.now().as_millisecond());
        self.account.connect(|started| self.consent(started), installed).await
    }

    fn consent(&self, started: &Started) -> Result<Vec<(String, String)>> {
        let now = self.clock.now().as_millisecond();
        let mut simulator = self.simulator();
        // Where a customer names the authorization server, each has a redirect URI of its own, which only now is known.
        simulator.set_redirect_uri(started.redirect_uri.as_str());
        let came_back = simulator.consent(&started.url, ConsentDecision::Approve, now);
        let refused = |reason: String| Error::new(ErrorKind::AuthorizationDenied, reason);
        let url = came_back.map_err(|refusal| refused(refusal.reason))?;
        let url = Url::parse(&url).map_err(|error| refused(error.to_string()))?;
        // The state is added where the flow is finished, and is the same.
        Ok(url
            .query_pairs()
            .filter(|(name, _)| name != "state")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect())
    }

    /// Lets time pass.
    pub(super) fn pass(&self, by: Duration) {
        self.clock.pass(by);
    }

    /// The requests since the last look.
    pub(super) fn look(&mut self) -> Vec<SeenRequest> {
        let requests: Vec<SeenRequest> = self.simulator().requests().iter().skip(self.looked).cloned().collect();
        self.looked += requests.len();
        requests
    }
}

/// The requests of a kind.
pub(super) fn of_kind(requests: &[SeenRequest], kind: EndpointKind) -> usize {
    requests.iter().filter(|request| request.endpoint == kind).count()
}

/// The faults of requests, as a sentence; `None` where all are as expected.
pub(super) fn wrong(requests: &[SeenRequest]) -> Option<String> {
    let of_one = |request: &SeenRequest| {
        let checks: Vec<String> = request
            .wrong()
            .take(3)
            .map(|check| format!("{} should be {}, and is {}", check.what, check.expected, check.got))
            .collect();
        (!checks.is_empty()).then(|| format!("{} {}: {}", request.method, request.url, checks.join("; ")))
    };
    let all: Vec<String> = requests.iter().filter_map(of_one).take(2).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn answer(simulator: &Mutex<Simulator>, arrived: &Arrived, now: i64) -> http::Response<Bytes> {
    let mut request = http::Request::new(arrived.body.clone());
    *request.method_mut() = arrived.method.clone();
    *request.headers_mut() = arrived.headers.clone();
    if let Ok(uri) = arrived.target.parse() {
        *request.uri_mut() = uri;
    }
    simulator.lock().unwrap_or_else(PoisonError::into_inner).answer(request, now)
}
