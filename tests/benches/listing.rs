//! Pages of a store with many connections: `cargo bench -p keyway-tests --bench listing`.
//!
//! The file is made once, by SQL, under the target folder: half of the connections belong to one integration, the rest
//! to 999 others; of one of these every customer has to connect again, elsewhere one in a thousand. For every condition
//! the first page, one in the middle and the last one are read in turns. Printed are the 50th and 99th percentile of
//! the time that a page takes, as a caller of the store waits for it. `KEYWAY_BENCH_CONNECTIONS` (1000000) says how
//! many connections there are. Nothing here asserts a time; that no page is read from the start is a test of the store.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench: the figures are the output, a defect stops it")]

use keyway::ConnectionKey;
use keyway::Secret;
use keyway::clock::Timestamp;
use keyway::connection::Connection;
use keyway::credentials::Credentials;
use keyway::integration::IntegrationRecord;
use keyway::seal::SealingKey;
use keyway::store::{ConnectionQuery, Sqlite, Store};
use std::path::Path;
use std::time::{Duration, Instant};

const INTEGRATIONS: usize = 1000;
const PAGES: usize = 200;
/// The page that the server gives by default, and its largest one.
const LIMITS: [usize; 2] = [100, 1000];
/// Opens the one file of the bench, which holds no real secret.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

#[tokio::main]
async fn main() {
    let connections = std::env::var("KEYWAY_BENCH_CONNECTIONS").ok().and_then(|text| text.parse().ok());
    let connections: usize = connections.unwrap_or(1_000_000);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("listing-{connections}.db"));
    let key = || SealingKey::from_base64(KEY).unwrap();
    if !path.exists() {
        let unfinished = path.with_extension("unfinished");
        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(format!("{}{end}", unfinished.display())).ok();
        }
        let started = Instant::now();
        fill(&unfinished, key(), connections).await;
        std::fs::rename(&unfinished, &path).unwrap();
        println!("made {} in {:.0} s", path.display(), started.elapsed().as_secs_f64());
    }
    let opened = Instant::now();
    let store = Sqlite::open(&path, key()).unwrap();
    println!(
        "{connections} connections, {INTEGRATIONS} integrations, {} MiB, opened in {:.1} ms",
        std::fs::metadata(&path).unwrap().len() >> 20,
        millis(opened.elapsed()),
    );
    println!("{PAGES} pages each, milliseconds\n");
    println!("| connections | page | of 100: p50 | p99 | of 1000: p50 | p99 |\n|---|---|---|---|---|---|");
    for (name, query) in queries() {
        for (page, after) in places(&store, &query).await {
            let [small, large] = LIMITS.map(query);
            let (small, large) = (time(&store, small, after.clone()).await, time(&store, large, after).await);
            println!("| {name} | {page} | {:.2} | {:.2} | {:.2} | {:.2} |", small.0, small.1, large.0, large.1);
        }
    }
    let started = Instant::now();
    let count = store.integrations().await.unwrap().len();
    println!("\nall {count} integrations, opened: {:.1} ms", millis(started.elapsed()));
}

type Query = fn(usize) -> ConnectionQuery;

fn queries() -> [(&'static str, Query); 9] {
    let first = ConnectionQuery::first;
    [
        ("all", first),
        ("of one integration, half of all", |limit| ConnectionQuery::first(limit).integration("i500")),
        ("whose id begins with `user-77`", |limit| ConnectionQuery::first(limit).id_prefix("user-77")),
        ("whose id begins with what none does", |limit| ConnectionQuery::first(limit).id_prefix("zzz")),
        ("to connect again", |limit| ConnectionQuery::first(limit).reconnect_needed(true)),
        ("not to connect again", |limit| ConnectionQuery::first(limit).reconnect_needed(false)),
        ("of one integration, to connect again", |limit| {
            ConnectionQuery::first(limit).integration("i500").reconnect_needed(true)
        }),
        ("of one integration, id begins with `user-77`", |limit| {
            ConnectionQuery::first(limit).integration("i500").id_prefix("user-77")
        }),
        ("of one integration, all of it to connect again, not to", |limit| {
            ConnectionQuery::first(limit).integration("i501").reconnect_needed(false)
        }),
    ]
}

/// Where the first page begins, one in the middle and the last one, by reading all of them.
async fn places(store: &Sqlite, query: &Query) -> Vec<(&'static str, Option<ConnectionKey>)> {
    let (mut ends, mut next) = (vec![None], query(1000));
    loop {
        let page = store.connections(next.clone()).await.unwrap();
        let Some(last) = page.last().filter(|_| page.len() == 1000) else { break };
        next.after = Some(last.key.clone());
        ends.push(next.after.clone());
    }
    let mut places = vec![("first", None)];
    if ends.len() > 2 {
        places.push(("middle", ends[ends.len() / 2].clone()));
    }
    if ends.len() > 1 {
        places.push(("last", ends.last().cloned().flatten()));
    }
    places
}

async fn time(store: &Sqlite, mut query: ConnectionQuery, after: Option<ConnectionKey>) -> (f64, f64) {
    query.after = after;
    let mut times = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let started = Instant::now();
        std::hint::black_box(store.connections(query.clone()).await.unwrap());
        times.push(millis(started.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    (times[PAGES / 2], times[PAGES * 99 / 100])
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// One connection is written by the store; the others are copies of its row, which no listing opens.
async fn fill(path: &Path, key: SealingKey, connections: usize) {
    let store = Sqlite::open(path, key).unwrap();
    let record = |number: usize| {
        let record = IntegrationRecord::without_scopes(format!("i{number}"), "acme").id(format!("{number:032}"));
        record.client_secret(Secret::new("a secret of a client"))
    };
    for number in 0..INTEGRATIONS {
        store.insert_integration(record(number)).await.unwrap();
    }
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let like = Connection::new(ConnectionKey::new("i500", "like"), "acme", now)
        .config([("site".to_owned(), "example".repeat(8))].into())
        .credentials(Credentials::basic("ann", "password".repeat(40)));
    store.put_connection(like, None).await.unwrap();
    drop(store);
    let database = rusqlite::Connection::open(path).unwrap();
    database.execute_batch("PRAGMA synchronous = off; PRAGMA cache_size = -400000").unwrap();
    database
        .execute(
            "WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < ?1)
             INSERT INTO connections (integration, id, provider, config, metadata, credentials, attempts, exhausted,
                 created_at, updated_at, epoch)
             SELECT printf('%032d', CASE n % 2 WHEN 0 THEN 500 ELSE (n * 7919) % ?2 END),
                 printf('user-%d', n), provider, config, metadata, credentials, attempts,
                 n % 1000 = 0 OR (n % 2 = 1 AND (n * 7919) % ?2 = 501), created_at, updated_at, epoch
             FROM counted, (SELECT * FROM connections WHERE id = 'like')",
            [i64::try_from(connections).unwrap(), i64::try_from(INTEGRATIONS).unwrap()],
        )
        .unwrap();
    database.execute("DELETE FROM connections WHERE id = 'like'", []).unwrap();
}
