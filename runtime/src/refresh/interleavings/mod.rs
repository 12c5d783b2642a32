//! Every order in which two processes can take the steps of a refresh, and every step at which one of them can die.
//!
//! The code that runs is the real one. Its store, its transport and its sleep stand at gates, and a scheduler opens one
//! gate at a time, in every order there is, against servers that lose answers, with and without a grace period, and
//! with detection of reuse ([`server`]). What must hold whenever a token is sent stands in [`State::sends`], what must
//! hold at every end in [`check`].
//!
//! This is one file because the gates, the scheduler and what is checked are read together: each is written for the
//! other two. Not covered: stores that fail, and more than two processes.

mod server;

use super::{RefreshIf, renew};
use crate::catalogue::Catalogue;
use crate::clock::{Clock, Timestamp};
use crate::connection::{Connection, ConnectionKey};
use crate::credentials::{Credentials, Token};
use crate::egress::{Egress, EgressPolicy};
use crate::engine::Engine;
use crate::error::{ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::store::{ConnectionListing, ConnectionQuery, Memory, Registration, RegistrationKey, Store, Ticket};
use crate::transport::{Body, BoxFuture, Transport};
use http::{Request, Response};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, HostSet, Hosts, ProviderSpec, Template};
use server::{Loss, Reuse, Server};
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

/// The number of a process that no gate stops: one that comes when everything is over.
const LATER: usize = usize::MAX;

/// What two processes share, and what the scheduler knows.
#[derive(Debug)]
struct World {
    /// Seconds since the epoch.
    now: AtomicI64,
    /// A process connects before it sends, at a gate of its own: it may be stopped there.
    connects: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The process whose next gate is open.
    open: Option<usize>,
    /// Processes that stand at a gate.
    waiting: BTreeSet<usize>,
    server: Server,
    /// The requests whose answer has not come, by process: until when one may be under way.
    under_way: BTreeMap<usize, i64>,
    /// Processes that connect to the server.
    connecting: BTreeSet<usize>,
    /// Processes that have an answer and have not written it yet.
    holding: BTreeSet<usize>,
    /// What was wrong when a token was sent.
    wrong: Option<String>,
}

impl State {
    /// Notes that a process sends a token: no other may be under way, and no successor of it may be stored.
    fn sends(&mut self, process: usize, presented: u32, stored: u32, now: i64) {
        self.under_way.retain(|_, until| now < *until);
        if self.under_way.keys().any(|other| *other != process) {
            self.wrong = Some("two redemptions are under way".to_owned());
        }
        if presented != stored {
            self.wrong = Some(format!("rt-{presented} is sent, and rt-{stored} has arrived"));
        }
        let limit = i64::try_from(super::DEFAULT_REFRESH_TIMEOUT.as_secs()).unwrap();
        self.under_way.insert(process, now + limit);
    }
}

impl World {
    /// Waits until the scheduler lets this process go on.
    async fn gate(&self, process: usize) {
        if process == LATER {
            return;
        }
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
            self.world.state.lock().unwrap().holding.remove(&self.number);
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

    fn set_metadata<'a>(
        &'a self,
        key: &'a ConnectionKey,
        metadata: serde_json::Map<String, serde_json::Value>,
    ) -> BoxFuture<'a, Result<bool>> {
        self.store.set_metadata(key, metadata)
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        self.store.connections(query)
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
            if self.world.connects {
                self.world.state.lock().unwrap().connecting.insert(self.number);
                self.world.gate(self.number).await;
                self.world.state.lock().unwrap().connecting.remove(&self.number);
            }
            let body = request.into_body().collect(10_000).await?;
            let presented = form_urlencoded::parse(&body).find(|(name, _)| name == "refresh_token").unwrap().1;
            let presented = number(&presented);
            let stored = number_in(&ready(self.store.connection(&key())).unwrap().unwrap());
            let now = self.world.now.load(Ordering::SeqCst);
            self.world.state.lock().unwrap().sends(self.number, presented, stored, now);
            self.world.gate(self.number).await;
            let answer = self.world.state.lock().unwrap().server.handle(presented);
            self.world.gate(self.number).await;
            let mut state = self.world.state.lock().unwrap();
            state.under_way.remove(&self.number);
            state.holding.insert(self.number);
            drop(state);
            answer
        })
    }
}

impl Process {
    fn engine(&self) -> Engine {
        Engine {
            store: Arc::new(self.clone()),
            cache: None,
            catalogue: [&SPEC].into_iter().collect::<Catalogue>(),
            transport: Arc::new(self.clone()),
            clock: Arc::clone(&self.world) as Arc<dyn Clock>,
            policy: EgressPolicy::default(),
            max_wait: Duration::ZERO,
            retries: 0,
            user_agent: "test".to_owned(),
            call_timeout: Duration::ZERO,
            refresh_timeout: super::DEFAULT_REFRESH_TIMEOUT,
            registrations: crate::engine::Turns::default(),
            client_metadata: None,
            in_code: Vec::new(),
            written: tokio::sync::OnceCell::new_with(Some(())),
        }
    }

    /// A refresh, as the process runs it.
    fn refresh(&self) -> Pin<Box<dyn Future<Output = Result<()>>>> {
        let engine = self.engine();
        Box::pin(async move { renew::renew(&engine, &key(), &RefreshIf::Due).await })
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// The number of a refresh token.
fn number(token: &str) -> u32 {
    token.strip_prefix("rt-").unwrap().parse().unwrap()
}

/// The number of a connection's refresh token.
fn number_in(connection: &Connection) -> u32 {
    number(connection.credentials.token.as_ref().unwrap().refresh.as_ref().unwrap().expose())
}

/// A token that is due, in a store of its own.
fn stored() -> Memory {
    let store = Memory::new();
    let token = Token::new("at-0").refresh(crate::secret::Secret::from("rt-0")).expires_at(Timestamp::UNIX_EPOCH);
    let connection =
        Connection::new(key(), "acme", Timestamp::UNIX_EPOCH).credentials(Credentials::default().token(token));
    let integration = IntegrationRecord::without_scopes("acme", "acme").client_id("client").client_secret("secret");
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
    /// Kills a process.
    Kill(usize),
    /// Lets the pause between two attempts pass.
    Pause,
    /// Lets so much time pass that every attempt and every lease ends.
    Wait,
    /// Stops the first process while it connects, and lets the same time pass.
    Stop,
    /// Lets it go on: it is connected.
    Continue,
}

enum Life {
    Stopped(Pin<Box<dyn Future<Output = Result<()>>>>),
    Running(Pin<Box<dyn Future<Output = Result<()>>>>),
    Ended(Result<()>),
    Killed,
}

/// What may happen once in a schedule, beside the steps.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Events {
    None,
    /// A death.
    Death,
    /// A death, or time that passes while there are steps to take.
    Any,
    /// A process that is stopped for longer than its lease, and goes on.
    Stop,
}

/// One run: the processes, and what happened so far.
struct Run {
    world: Arc<World>,
    store: Arc<Memory>,
    processes: Vec<Life>,
    /// True if nothing has happened yet, and how often a pause has passed.
    untouched: bool,
    pauses: u32,
    /// What may still happen, once, that need not.
    events: Events,
}

impl Run {
    fn new(server: Server, events: Events) -> Run {
        let state = State {
            open: None,
            waiting: BTreeSet::new(),
            server,
            under_way: BTreeMap::new(),
            connecting: BTreeSet::new(),
            holding: BTreeSet::new(),
            wrong: None,
        };
        let world =
            Arc::new(World { now: AtomicI64::new(0), connects: events == Events::Stop, state: Mutex::new(state) });
        let store = Arc::new(stored());
        let process = |number| Process { number, world: Arc::clone(&world), store: Arc::clone(&store) }.refresh();
        let processes = vec![Life::Running(process(0)), Life::Running(process(1))];
        let mut run = Run { world, store, processes, untouched: true, pauses: 0, events };
        run.poll(0);
        run.poll(1);
        run
    }

    fn poll(&mut self, number: usize) {
        let Life::Running(future) = &mut self.processes[number] else { return };
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.processes[number] = Life::Ended(outcome);
            self.world.state.lock().unwrap().waiting.remove(&number);
        }
    }

    fn actions(&self) -> Vec<Action> {
        let waiting = self.world.state.lock().unwrap().waiting.clone();
        let running = |number: &usize| matches!(self.processes[*number], Life::Running(_));
        let mut actions: Vec<Action> = waiting.iter().copied().map(Action::Step).collect();
        let asleep = (0..2).filter(running).any(|number| !waiting.contains(&number));
        let must_wait = actions.is_empty() && asleep;
        if self.events == Events::Stop {
            // The schedules without a stop are those of other rows.
            if waiting.contains(&0) && self.world.state.lock().unwrap().connecting.contains(&0) {
                actions = vec![Action::Stop];
            }
        } else if self.events != Events::None {
            // The first to act: what can happen to the second is no different.
            actions.extend([0].into_iter().filter(running).map(Action::Kill));
        }
        // A living process writes an answer that it has well within its lease; a dead one does not.
        let may_pass = self.events == Events::Any && self.world.state.lock().unwrap().holding.is_empty();
        if matches!(self.processes[0], Life::Stopped(_)) {
            actions.push(Action::Continue);
        }
        // Where nothing else can happen, the first to pass is the pause between two attempts.
        if must_wait {
            actions.push(if self.pauses < 2 { Action::Pause } else { Action::Wait });
        } else if may_pass {
            actions.extend([Action::Pause].into_iter().filter(|_| asleep));
            actions.extend([Action::Wait].into_iter().filter(|_| (0..2).any(|number| running(&number))));
        }
        // The processes are alike: what one of them can do first, the other can.
        actions.retain(|action| !self.untouched || *action == Action::Step(0));
        actions
    }

    async fn act(&mut self, action: Action) {
        self.untouched = false;
        let needed = self.world.state.lock().unwrap().waiting.is_empty();
        match action {
            Action::Step(number) => {
                self.world.state.lock().unwrap().open = Some(number);
                self.poll(number);
            }
            Action::Kill(number) => {
                self.events = Events::None;
                self.processes[number] = Life::Killed;
                let mut state = self.world.state.lock().unwrap();
                state.waiting.remove(&number);
                state.holding.remove(&number);
            }
            Action::Stop => {
                self.events = Events::None;
                let process = std::mem::replace(&mut self.processes[0], Life::Killed);
                let Life::Running(future) = process else { panic!("it does not run") };
                self.processes[0] = Life::Stopped(future);
                self.world.state.lock().unwrap().waiting.remove(&0);
                self.pass(100, true).await;
            }
            Action::Continue => {
                let process = std::mem::replace(&mut self.processes[0], Life::Killed);
                let Life::Stopped(future) = process else { panic!("it is not stopped") };
                self.processes[0] = Life::Running(future);
                self.world.state.lock().unwrap().open = Some(0);
                self.poll(0);
                // Where its time was over, it does not go through.
                self.world.state.lock().unwrap().open = None;
            }
            Action::Pause => {
                self.pauses += 1;
                self.pass(3, needed).await;
            }
            Action::Wait => self.pass(100, needed).await,
        }
    }

    /// Lets time pass, on the machine's clock and on the timers.
    async fn pass(&mut self, seconds: u64, needed: bool) {
        if !needed {
            self.events = Events::None;
        }
        self.world.now.fetch_add(i64::try_from(seconds).unwrap(), Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(seconds)).await;
        for number in 0..2 {
            // One whose attempt is over goes on; one that waits to act still does.
            self.world.state.lock().unwrap().waiting.remove(&number);
            self.poll(number);
        }
    }
}

/// What must hold when nothing more can happen: every process was told what is so, and one that comes later finds a
/// good connection, or is told that the grant is lost, which is so only where the server does not honour a token again.
async fn check(run: &Run, schedule: &[Action]) {
    let state = || run.world.state.lock().unwrap();
    for process in &run.processes {
        if let Life::Ended(Err(error)) = process {
            let told = [ErrorKind::ReconnectNeeded, ErrorKind::RefreshBackoff];
            let unknown = error.message().contains("the outcome is unknown");
            assert!(told.contains(&error.kind()) || unknown, "{error:?}: {schedule:?}");
        }
    }
    let stored = || ready(run.store.connection(&key())).unwrap().unwrap();
    assert!(stored().credentials.token.unwrap().access.expose().starts_with("at-"), "{schedule:?}");
    run.world.now.fetch_add(1000, Ordering::SeqCst);
    state().server.losses = 0;
    let later = Process { number: LATER, world: Arc::clone(&run.world), store: Arc::clone(&run.store) };
    let outcome = later.refresh().await;
    assert_eq!(state().wrong, None, "{schedule:?}");
    let (server, stored) = (state().server, stored());
    if stored.refresh.exhausted {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{schedule:?}");
        assert_ne!(server.reuse, Reuse::Grace, "a grant was lost that the server would have honoured: {schedule:?}");
        assert!(number_in(&stored) < server.current, "a good grant was given up: {schedule:?}");
        return;
    }
    outcome.unwrap_or_else(|error| panic!("{error:?}: {schedule:?}"));
    assert!(!server.revoked, "what was granted ended: {schedule:?}");
    assert_eq!(number_in(&stored), server.current, "what was granted was lost without a word: {schedule:?}");
}

/// Explores every schedule that begins with `schedule`. Gives back how many there are.
fn explore<'s>(
    server: Server,
    events: Events,
    schedule: &'s mut Vec<Action>,
) -> Pin<Box<dyn Future<Output = usize> + 's>> {
    Box::pin(async move {
        let mut run = Run::new(server, events);
        for action in schedule.clone() {
            run.act(action).await;
        }
        assert!(schedule.len() < 60, "it goes on for ever: {schedule:?}");
        assert_eq!(run.world.state.lock().unwrap().wrong, None, "{schedule:?}");
        let actions = run.actions();
        if actions.is_empty() {
            let is_left = |process: &Life| matches!(process, Life::Running(_) | Life::Stopped(_));
            assert!(!run.processes.iter().any(is_left), "stuck: {schedule:?}");
            check(&run, schedule).await;
            return 1;
        }
        drop(run);
        let mut count = 0;
        for action in actions {
            schedule.push(action);
            count += explore(server, events, schedule).await;
            schedule.pop();
        }
        count
    })
}

#[tokio::test(start_paused = true)]
async fn in_every_order_and_whoever_dies_a_token_is_sent_by_one_process_and_only_a_lost_grant_is_given_up() {
    for (server, events, least) in [
        (Server::new(Reuse::Revokes, Loss::Reset, 0), Events::Any, 500),
        (Server::new(Reuse::Grace, Loss::BadGateway, 1), Events::Death, 500),
        (Server::new(Reuse::Revokes, Loss::Reset, 0), Events::Stop, 50),
        (Server::new(Reuse::Revokes, Loss::Cut, 1), Events::None, 50),
        (Server::new(Reuse::Grace, Loss::Cut, 1), Events::None, 50),
        (Server::new(Reuse::Grace, Loss::Reset, 2), Events::None, 50),
        (Server::new(Reuse::Refused, Loss::Reset, 1), Events::None, 50),
        (Server::new(Reuse::Revokes, Loss::BadGateway, 1), Events::None, 50),
        (Server::new(Reuse::Revokes, Loss::Unhandled, 1), Events::None, 50),
        (Server::new(Reuse::Revokes, Loss::Unhandled, 2), Events::None, 50),
    ] {
        let schedules = explore(server, events, &mut Vec::new()).await;
        assert!(schedules > least, "only {schedules} schedules: the gates are gone");
    }
}

#[tokio::test(start_paused = true)]
async fn one_process_alone_refreshes_and_keeps_what_it_was_given() {
    for (server, steps) in [
        (Server::new(Reuse::Revokes, Loss::Reset, 0), 6),
        (Server::new(Reuse::Grace, Loss::Reset, 1), 12),
        (Server::new(Reuse::Revokes, Loss::Unhandled, 1), 12),
    ] {
        let mut run = Run::new(server, Events::Death);
        run.act(Action::Kill(1)).await;
        let mut taken = 0;
        while let Some(action) = run.actions().into_iter().find(|action| *action != Action::Wait) {
            run.act(action).await;
            taken += 1;
        }
        assert!(matches!(run.processes[0], Life::Ended(Ok(()))), "{server:?}");
        assert!(taken >= steps - 1, "{server:?}: {taken}");
        let stored = ready(run.store.connection(&key())).unwrap().unwrap();
        assert_eq!(stored.credentials.token.unwrap().refresh.unwrap().expose(), "rt-1", "{server:?}");
    }
}
