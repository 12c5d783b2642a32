//! No page reads what stands before it.

use super::*;
use crate::store::postgres::PostgresOptions;
use crate::store::postgres::connect::Database;
use crate::store::tests::postgres::database;

/// Rows are counted as the planner does it, so the table has many.
#[test]
fn every_page_is_sought_in_an_index() {
    let Some(database) = database() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        database.store().await;
        let pool = Database::new(PostgresOptions::parse(&database.url).unwrap()).unwrap();
        let mut lent = pool.lend().await.unwrap();
        let client = lent.client().unwrap();
        let rows = "
            INSERT INTO integrations SELECT 'i' || n, 'key-' || n, 'acme', NULL, NULL, '[]', '[]', '', NULL, false, NULL
            FROM generate_series(1, 50) n;
            INSERT INTO connections SELECT 'i' || n % 5, 'id-' || n, 'acme', '', '', '', NULL, NULL, 0, 0, 0, NULL,
                n % 1000 = 0, NULL, 0, 0, NULL, n FROM generate_series(1, 20000) n WHERE n % 5 > 0;
            ANALYZE integrations, connections;";
        client.batch_execute(rows).await.unwrap();
        let all = || ConnectionQuery::first(50);
        let after = || ConnectionKey::new("key-2", "id-5002");
        for query in [
            all(),
            all().integration("key-2"),
            all().integration("key-2").after(after()),
            all().integration("key-2").id_prefix("id-77"),
            all().integration("key-2").reconnect_needed(true),
            all().integration("key-2").reconnect_needed(false).after(after()),
            all().integration("key-2").reconnect_needed(true).id_prefix("id-7").after(after()),
            all().after(after()),
            all().after(after()).id_prefix("id-9"),
            all().after(after()).reconnect_needed(true),
        ] {
            for Statement { sql, values } in statements(&query) {
                let mut values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
                values.push(&50_i64);
                let plan = client.query(&format!("EXPLAIN {sql}"), &values).await.unwrap();
                let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
                let plan = plan.join("\n");
                assert!(!plan.contains("Seq Scan on connections"), "{query:?}\n{plan}");
                let (all, by_exhausted) = ("connections_pkey", "connections_by_exhausted");
                assert!(plan.contains(all) || plan.contains(by_exhausted), "{query:?}\n{plan}");
            }
        }
    });
}
