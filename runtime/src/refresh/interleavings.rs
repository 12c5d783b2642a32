//! Every order in which two processes can take the steps of a refresh, and every step at which one of them can die.
//!
//! The code that runs is the real one. Its store, its transport and its sleep stand at gates, and a scheduler opens one
//! gate at a time, in every order there is. The authorization server redeems each refresh token once and hands out the
//! next. What must hold at every end stands in [`check`].
//!
//! This is one file because the gates, the scheduler and what is checked are read together: each is written for the
//! other two. Absent here: stores that fail, and more than two processes.

use super::{Want, renew};
use crate::catalogue::Catalogue;
use crate::clock::{Clock, Timestamp};
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::credentials::{Credentials, Token};
use crate::egress::{Egress, EgressPolicy};
use crate::error::{ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::parts::Parts;
use crate::store::{ConnectionListing, Memory, Registration, RegistrationKey, Store, Ticket};
use crate::transport::{Body, BoxFuture, Transport};
use http::{Request, Response};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, HostSet, Hosts, ProviderSpec, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

const HOST: HostSet = HostSet::Fixed(&["auth.acme.test"]);
static SPEC: ProviderSpec = ProviderSpec {
    key: "acme",
    auth: Auth::OAuth2(OAuth2 {
        authorization: Authorization::EMPTY,
        token: TokenEndpoint { url: Template::Text("https://auth.acme.test/token"), ..TokenEndpoint::EMPTY },
        outbound: None,
    }),
    hosts: Hosts { token: HOST, ..Hosts::EMPTY },
    ..ProviderSpec::EMPTY
};

/// What two processes share, and what the scheduler knows.
#[derive(Debug, Default)]
struct World {
    /// Seconds since the epoch.
    now: AtomicI64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The process whose next gate is open.
    open: Option<usize>,
    /// Processes that stand at a gate.
    waiting: BTreeSet<usize>,
    /// The number of the refresh token that is good now, and whether an old one was ever presented.
    current: u32,
    presented_twice: bool,
    /// Counts writes: a sleeper looks again only when there is something to see.
    writes: u32,
}

impl World {
    /// Waits until the scheduler lets this process go on.
    async fn gate(&self, process: usize) {
        poll_fn(|_| {
            let mut state = self.state.lock().unwrap();
            if state.open == Some(process) {
                state.open = None;
                state.waiting.remove(&process);
                return Poll::Ready(());
            }
            state.waiting.insert(process);
            Poll::Pending
        })
        .await;
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::SeqCst)).unwrap()
    }

    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        bytes.fill(7);
        Ok(())
    }
}

/// One process's view of the store and of the network.
#[derive(Clone, Debug)]
struct Process {
    number: usize,
    world: Arc<World>,
    store: Arc<Memory>,
}

impl Store for Process {
    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        Box::pin(async move {
            self.world.gate(self.number).await;
            self.store.connection(key).await
        })
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            self.world.gate(self.number).await;
            self.world.state.lock().unwrap().writes += 1;
            self.store.put_connection(connection, expected).await
        })
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        self.store.registration(key)
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        self.store.put_registration(registration)
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.store.delete_registration(integration, client_id)
    }

    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        self.store.insert_integration(record)
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        self.store.update_integration(key, record, expected)
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        self.store.integration(key)
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        self.store.integrations()
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.store.delete_integration(key)
    }

    fn connections<'a>(
        &'a self,
        after: Option<&'a ConnectionKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<ConnectionListing>>> {
        self.store.connections(after, limit)
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        self.store.delete_connection(key)
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        self.store.put_ticket(ticket)
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.store.ticket(id, now)
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.store.take_ticket(id, now)
    }
}

impl Transport for Process {
    /// Redeems the token at one gate, and has the answer at the next: in between, the process may die.
    fn send<'a>(&'a self, request: Request<Body>, _: &'a Egress) -> BoxFuture<'a, Result<Response<Body>>> {
        Box::pin(async move {
            let body = request.into_body().collect(10_000).await?;
            self.world.gate(self.number).await;
            let next = {
                let mut state = self.world.state.lock().unwrap();
                let presented = form_urlencoded::parse(&body).find(|(name, _)| name == "refresh_token").unwrap().1;
                if presented == format!("rt-{}", state.current) {
                    state.current += 1;
                } else {
                    state.presented_twice = true;
                }
                state.current
            };
            self.world.gate(self.number).await;
            let body = format!(r#"{{"access_token":"at-{next}","refresh_token":"rt-{next}","expires_in":3600}}"#);
            Ok(Response::new(Body::full(body)))
        })
    }
}

impl Process {
    fn parts(&self) -> Parts {
        Parts {
            user_agent: "test".to_owned(),
            store: Arc::new(self.clone()),
            catalogue: [&SPEC].into_iter().collect::<Catalogue>(),
            transport: Arc::new(self.clone()),
            clock: Arc::clone(&self.world) as Arc<dyn Clock>,
            policy: EgressPolicy::default(),
            max_wait: Duration::ZERO,
            retries: 0,
            call_timeout: Duration::ZERO,
            flights: super::Flights::default(),
            running: crate::client::running::Running::default(),
            registrations: crate::pipeline::Turns::default(),
            hooks: BTreeMap::new(),
            client_metadata: None,
            in_code: Vec::new(),
            written: tokio::sync::OnceCell::new_with(Some(())),
        }
    }

    /// A refresh, as the process runs it.
    fn refresh(&self) -> Pin<Box<dyn Future<Output = Result<()>>>> {
        let parts = self.parts();
        Box::pin(async move { renew::renew(&parts, &key(), &Want::Fresh).await })
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// A token that is due, in a store of its own.
fn stored() -> Memory {
    let store = Memory::new();
    let token = Token {
        access: "at-0".into(),
        refresh: Some("rt-0".into()),
        expires_at: Some(Timestamp::from_second(60).unwrap()),
        raw: None,
    };
    let connection = Connection {
        key: key(),
        provider: "acme".to_owned(),
        config: BTreeMap::new(),
        metadata: serde_json::Map::new(),
        credentials: Credentials { token: Some(token), ..Credentials::default() },
        refresh: RefreshState::default(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        epoch: 0,
    };
    let integration = IntegrationRecord {
        key: "acme".to_owned(),
        provider: "acme".to_owned(),
        client_id: Some("client".to_owned()),
        client_secret: Some("secret".into()),
        ..IntegrationRecord::default()
    };
    ready(store.insert_integration(integration)).unwrap();
    ready(store.put_connection(connection, None)).unwrap();
    store
}

/// The outcome of a future that never waits.
fn ready<T>(mut future: impl Future<Output = T> + Unpin) -> T {
    match Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("it waits"),
    }
}

/// What the scheduler can do next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    /// Lets a process take one step.
    Step(usize),
    /// Lets a sleeping process look again.
    Look(usize),
    /// Kills a process.
    Kill(usize),
    /// Lets so much time pass that every lease ends.
    Wait,
}

enum Life {
    Running(Pin<Box<dyn Future<Output = Result<()>>>>),
    Ended(Result<()>),
    Killed,
}

/// One run: the processes, and what happened so far.
struct Run {
    world: Arc<World>,
    store: Arc<Memory>,
    processes: Vec<Life>,
    /// What each process could see when it went to sleep.
    slept_at: Vec<Option<(u32, i64)>>,
    may_kill: bool,
    may_wait: bool,
}

impl Run {
    fn new() -> Run {
        let (world, store) = (Arc::new(World::default()), Arc::new(stored()));
        let process = |number| Process { number, world: Arc::clone(&world), store: Arc::clone(&store) }.refresh();
        let processes = vec![Life::Running(process(0)), Life::Running(process(1))];
        let mut run = Run { world, store, processes, slept_at: vec![None; 2], may_kill: true, may_wait: true };
        run.poll(0);
        run.poll(1);
        run
    }

    fn seen(&self) -> (u32, i64) {
        (self.world.state.lock().unwrap().writes, self.world.now.load(Ordering::SeqCst))
    }

    fn poll(&mut self, number: usize) {
        let Life::Running(future) = &mut self.processes[number] else { return };
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.processes[number] = Life::Ended(outcome);
        } else if !self.world.state.lock().unwrap().waiting.contains(&number) {
            self.slept_at[number] = Some(self.seen());
        }
    }

    fn actions(&self) -> Vec<Action> {
        let waiting = self.world.state.lock().unwrap().waiting.clone();
        let mut actions = Vec::new();
        for (number, process) in self.processes.iter().enumerate() {
            if !matches!(process, Life::Running(_)) {
                continue;
            }
            if waiting.contains(&number) {
                actions.push(Action::Step(number));
            } else if self.slept_at[number].is_some_and(|seen| seen != self.seen()) {
                actions.push(Action::Look(number));
            }
            if self.may_kill {
                actions.push(Action::Kill(number));
            }
        }
        let running = self.processes.iter().any(|process| matches!(process, Life::Running(_)));
        // Time passes once wherever it can make a difference, and always where nothing else can happen.
        if running && (self.may_wait || actions.is_empty()) {
            actions.push(Action::Wait);
        }
        actions
    }

    async fn act(&mut self, action: Action) {
        match action {
            Action::Step(number) => {
                self.world.state.lock().unwrap().open = Some(number);
                self.poll(number);
            }
            Action::Look(number) => {
                tokio::time::advance(Duration::from_millis(300)).await;
                self.slept_at[number] = None;
                self.poll(number);
            }
            Action::Kill(number) => {
                self.may_kill = false;
                self.processes[number] = Life::Killed;
                self.world.state.lock().unwrap().waiting.remove(&number);
            }
            Action::Wait => {
                self.may_wait = false;
                self.world.now.fetch_add(100, Ordering::SeqCst);
            }
        }
    }
}

/// What must hold when nothing more can happen.
fn check(run: &Run, schedule: &[Action]) {
    assert!(!run.world.state.lock().unwrap().presented_twice, "a refresh token was redeemed twice: {schedule:?}");
    let killed = run.processes.iter().any(|process| matches!(process, Life::Killed));
    let waited = !run.may_wait;
    for process in &run.processes {
        if let Life::Ended(Err(error)) = process {
            assert!(killed || waited, "{error}: {schedule:?}");
            assert!(
                matches!(error.kind(), ErrorKind::ReconnectNeeded | ErrorKind::RefreshBackoff),
                "{error:?}: {schedule:?}"
            );
        }
    }
    // Whoever comes later, when every lease is over, is told what is so.
    run.world.now.fetch_add(1000, Ordering::SeqCst);
    let current = run.world.state.lock().unwrap().current;
    let stored = ready(run.store.connection(&key())).unwrap().unwrap();
    let token = stored.credentials.token.as_ref().unwrap();
    assert!(token.access.expose().starts_with("at-"), "the old token is not thrown away: {schedule:?}");
    let has_current = token.refresh.as_ref().unwrap().expose() == format!("rt-{current}");
    if stored.refresh.exhausted || stored.refresh.intent.is_some() {
        assert!(killed || waited, "reconnecting is asked for without a reason: {schedule:?}");
        return;
    }
    assert!(has_current, "what was granted was lost without a word: {schedule:?}");
}

/// Explores every schedule that begins with `schedule`. Gives back how many there are.
fn explore<'s>(schedule: &'s mut Vec<Action>) -> Pin<Box<dyn Future<Output = usize> + 's>> {
    Box::pin(async move {
        let mut run = Run::new();
        for action in schedule.clone() {
            run.act(action).await;
        }
        let actions = run.actions();
        let stuck = run.processes.iter().any(|process| matches!(process, Life::Running(_)));
        if actions.is_empty() {
            assert!(!stuck, "somebody waits for ever: {schedule:?}");
            check(&run, schedule);
            return 1;
        }
        drop(run);
        let mut count = 0;
        for action in actions {
            schedule.push(action);
            count += explore(schedule).await;
            schedule.pop();
        }
        count
    })
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_is_redeemed_once_in_every_order_and_whoever_dies() {
    let schedules = explore(&mut Vec::new()).await;
    assert!(schedules > 5000, "only {schedules} schedules: the gates are gone");
}

#[tokio::test(start_paused = true)]
async fn one_process_alone_refreshes_and_keeps_what_it_was_given() {
    let mut run = Run::new();
    run.act(Action::Kill(1)).await;
    while let Some(step) = run.actions().into_iter().find(|action| matches!(action, Action::Step(0))) {
        run.act(step).await;
    }
    assert!(matches!(run.processes[0], Life::Ended(Ok(()))));
    let stored = ready(run.store.connection(&key())).unwrap().unwrap();
    assert_eq!(stored.credentials.token.unwrap().refresh.unwrap().expose(), "rt-1");
}
