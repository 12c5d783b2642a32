//! Calls of an engine with accounts in memory, over a store that counts what it is asked and can be told to wait or
//! fail.

mod store;

use super::*;
use crate::connection::Connection;
use crate::engine::tests::{connection, engine};
use crate::engine::{Engine, NotedWrites};
use crate::error::ErrorKind;
use freshness::MAX_STALENESS;
use std::sync::atomic::Ordering;
use store::Observed;

const LIMITS: CacheLimits = CacheLimits { connections: 100, bytes: 1 << 20 };

/// An engine over a store, with one connection, and that store.
async fn kept_by(observed: Observed) -> (Arc<Engine>, Arc<Observed>) {
    let observed = Arc::new(observed);
    let store: Arc<dyn Store> = Arc::new(Arc::clone(&observed));
    let cache = Cache::new(LIMITS, &*store).unwrap();
    let store = Arc::new(NotedWrites { store, cache: Arc::clone(&cache) });
    let engine = Engine { store, cache: Some(cache), ..engine() };
    engine.store().await.unwrap().put_connection(connection(), None).await.unwrap();
    (Arc::new(engine), observed)
}

fn key() -> ConnectionKey {
    connection().key
}

/// What a call of the connection would use: its configuration's `site`.
async fn site(engine: &Engine) -> Result<String, ErrorKind> {
    let account = engine.kept_account(&key()).await.map_err(|error| error.kind())?;
    Ok(account.connection.config["site"].clone())
}

fn with_site(site: &str) -> Connection {
    let mut connection = connection();
    connection.config.insert("site".to_owned(), site.to_owned());
    connection
}

async fn write(store: &dyn Store, site: &str) {
    let epoch = store.connection(&key()).await.unwrap().unwrap().epoch;
    store.put_connection(with_site(site), Some(epoch)).await.unwrap();
}

#[tokio::test]
async fn a_hit_asks_no_store() {
    let (engine, store) = kept_by(Observed::default()).await;
    for _ in 0..100 {
        assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    }
    assert_eq!(store.reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_was_read_before_a_write_and_kept_after_it_is_not_given_out() {
    let (engine, store) = kept_by(Observed::default()).await;
    // The reader has read the old record, and waits with it.
    store.hold.store(true, Ordering::SeqCst);
    let reader = tokio::spawn({
        let engine = Arc::clone(&engine);
        async move { site(&engine).await }
    });
    store.held.notified().await;
    // The writer writes, and its write is noted.
    store.hold.store(false, Ordering::SeqCst);
    write(engine.store().await.unwrap(), "us").await;
    // The reader keeps what it has: its own call began before the write.
    store.go_on.notify_one();
    assert_eq!(reader.await.unwrap().as_deref(), Ok("eu"));
    assert_eq!(site(&engine).await.as_deref(), Ok("us"), "the call after the write");
}

#[tokio::test]
async fn every_write_of_this_process_is_seen_at_once() {
    type Write = for<'a> fn(&'a dyn Store) -> crate::transport::BoxFuture<'a, ()>;
    let cases: [(&str, Write, Result<&str, ErrorKind>); 6] = [
        ("nothing", |_| Box::pin(async {}), Ok("eu")),
        ("a new value", |store| Box::pin(write(store, "us")), Ok("us")),
        (
            "a deleted connection",
            |store| Box::pin(async { assert!(store.delete_connection(&key()).await.unwrap()) }),
            Err(ErrorKind::UnknownConnection),
        ),
        (
            "a deleted integration",
            |store| Box::pin(async { assert!(store.delete_integration("acme").await.unwrap()) }),
            Err(ErrorKind::UnknownIntegration),
        ),
        (
            "a renamed integration",
            |store| {
                Box::pin(async {
                    let record = store.integration("acme").await.unwrap().unwrap();
                    let renamed = record.key("other");
                    store.update_integration("acme", renamed, None).await.unwrap();
                })
            },
            Err(ErrorKind::UnknownIntegration),
        ),
        (
            "a write whose caller leaves at once",
            |store| {
                Box::pin(async {
                    let epoch = store.connection(&key()).await.unwrap().unwrap().epoch;
                    // The memory store has written when its method was called.
                    drop(store.put_connection(with_site("us"), Some(epoch)));
                })
            },
            Ok("us"),
        ),
    ];
    for (name, write, expected) in cases {
        let (engine, _) = kept_by(Observed::default()).await;
        assert_eq!(site(&engine).await.as_deref(), Ok("eu"), "{name}");
        write(engine.store().await.unwrap()).await;
        assert_eq!(site(&engine).await.as_deref(), expected.as_ref().map(|site| *site), "{name}");
    }
}

#[tokio::test]
async fn what_an_operator_changes_is_seen_at_once() {
    let (engine, _) = kept_by(Observed::default()).await;
    for hosts in [vec!["a.acme.test".to_owned()], Vec::new()] {
        let store = engine.store().await.unwrap();
        let record = store.integration("acme").await.unwrap().unwrap();
        store.update_integration("acme", record.allowed_hosts(hosts.clone()), None).await.unwrap();
        let account = engine.kept_account(&key()).await.unwrap();
        assert_eq!(account.integration().allowed_hosts, hosts);
    }
}

#[tokio::test]
async fn a_write_of_another_process_is_seen_after_the_bound_by_one_check_of_all() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    // Past this engine, as another process writes.
    write(&store.inner, "us").await;
    tokio::time::sleep(MAX_STALENESS).await;
    let before = store.checks.load(Ordering::SeqCst);
    let calls = (0..50).map(|_| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move { site(&engine).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().as_deref(), Ok("us"));
    }
    let checks = store.checks.load(Ordering::SeqCst) - before;
    assert!(checks <= 2, "{checks} checks for calls that waited together");
}

#[tokio::test]
async fn calls_that_wait_for_a_check_go_on_when_its_caller_leaves() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    write(&store.inner, "us").await;
    tokio::time::sleep(MAX_STALENESS).await;
    store.hold_check.store(true, Ordering::SeqCst);
    let call = || {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move { site(&engine).await })
    };
    let leaves = call();
    store.held.notified().await;
    let waiting = [call(), call(), call()];
    tokio::task::yield_now().await;
    leaves.abort();
    for call in waiting {
        assert_eq!(call.await.unwrap().as_deref(), Ok("us"));
    }
}

#[tokio::test]
async fn without_calls_nothing_is_checked() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    let before = store.checks.load(Ordering::SeqCst);
    tokio::time::sleep(2 * MAX_STALENESS).await;
    assert_eq!(store.checks.load(Ordering::SeqCst), before);
}

#[tokio::test]
async fn where_the_check_fails_the_store_answers_the_call() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    tokio::time::sleep(MAX_STALENESS).await;
    store.no_checks.store(true, Ordering::SeqCst);
    let before = store.reads.load(Ordering::SeqCst);
    for read in 1..=3 {
        assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
        assert_eq!(store.reads.load(Ordering::SeqCst) - before, read);
    }
    store.away.store(true, Ordering::SeqCst);
    assert_eq!(site(&engine).await, Err(ErrorKind::StoreUnavailable));
    store.away.store(false, Ordering::SeqCst);
    store.no_checks.store(false, Ordering::SeqCst);
    write(&store.inner, "us").await;
    assert_eq!(site(&engine).await.as_deref(), Ok("us"), "the first call that can ask again");
}

#[tokio::test]
async fn of_a_store_that_does_not_count_its_writes_nothing_is_kept() {
    let (engine, store) = kept_by(Observed { uncounted: true, ..Observed::default() }).await;
    for read in 1..=3 {
        assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
        assert_eq!(store.reads.load(Ordering::SeqCst), read);
    }
    assert!(engine.cache.as_ref().unwrap().accounts.is_empty());
}

#[tokio::test]
async fn a_check_ages_by_the_instant_at_which_it_began() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    let freshness = &engine.cache.as_ref().unwrap().freshness;
    let now = Instant::now();
    assert_eq!(freshness.age(now), Age::Fresh);
    assert_eq!(freshness.age(now + MAX_STALENESS / 2), Age::Due);
    assert_eq!(freshness.age(now + MAX_STALENESS), Age::Stale, "however long the process stood still");
    store.notify.send_modify(|number| *number += 1);
    assert_eq!(freshness.age(now), Age::Due, "another process says that it has written");
    assert!(freshness.check(&store, |_| ()).await);
    assert_eq!(freshness.age(now), Age::Fresh);
}

#[tokio::test]
async fn a_cursor_that_the_store_no_longer_knows_makes_everything_out_of_date() {
    let (engine, store) = kept_by(Observed::default()).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    for number in 0..10_001 {
        write(&store.inner, &number.to_string()).await;
    }
    tokio::time::sleep(MAX_STALENESS).await;
    assert_eq!(site(&engine).await.as_deref(), Ok("10000"));
}

#[tokio::test]
async fn what_is_out_of_date_leaves_the_memory() {
    let (engine, store) = kept_by(Observed::default()).await;
    let cache = engine.cache.as_ref().unwrap();
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    assert_eq!(cache.accounts.len(), 1);
    engine.store().await.unwrap().delete_connection(&key()).await.unwrap();
    assert_eq!(cache.accounts.len(), 0, "deleted here");
    engine.store().await.unwrap().put_connection(connection(), None).await.unwrap();
    assert_eq!(site(&engine).await.as_deref(), Ok("eu"));
    store.inner.delete_connection(&key()).await.unwrap();
    tokio::time::sleep(SWEEP_INTERVAL).await;
    let other = ConnectionKey::new("acme", "another one");
    assert!(engine.kept_account(&other).await.is_err());
    assert_eq!(cache.accounts.len(), 0, "deleted elsewhere, and found by a call of another connection");
}

#[tokio::test]
async fn both_limits_hold() {
    for (limits, value, expected) in [
        (CacheLimits { connections: 100, bytes: 64 << 20 }, 10, 50..=100),
        (CacheLimits { connections: 10_000, bytes: 4 << 20 }, 100_000, 10..=41),
        (CacheLimits { connections: 10_000, bytes: 64 << 20 }, 10, 1000..=1000),
    ] {
        let cache = Cache::new(limits, &crate::store::Memory::new()).unwrap();
        let engine = engine();
        for number in 0..1000 {
            let mut connection = with_site(&"x".repeat(value));
            connection.key.id = number.to_string();
            let key = connection.key.clone();
            let account = Arc::new(engine.account_of(connection).await.unwrap());
            cache.keep(&key, &account, cache.reading());
        }
        assert!(expected.contains(&cache.accounts.len()), "{limits:?}: {}", cache.accounts.len());
    }
    for limits in [CacheLimits { connections: 0, ..LIMITS }, CacheLimits { connections: 0, bytes: 0 }] {
        assert!(Cache::new(limits, &crate::store::Memory::new()).is_none(), "{limits:?}");
    }
}
