//! The line to the database: lost, full, refused, encrypted.

use super::*;

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/", $name, ".pem"))
    };
}

#[test]
fn a_restart_of_the_database_costs_an_operation_nothing_but_time() {
    let Some(cluster) = Cluster::start() else { return };
    let (url, key) = (cluster.database(), SealingKey::generate().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = opened(&url, &key).await.unwrap();
        store.insert_integration(integration("a")).await.unwrap();
        let key = ConnectionKey::new("a", "u");
        let mut epoch = store.put_connection(connection("a", "u"), None).await.unwrap();
        for mode in ["fast", "immediate"] {
            tokio::task::block_in_place(|| cluster.restart(mode));
            assert!(store.connection(&key).await.unwrap().is_some(), "{mode}");
            epoch = store.put_connection(connection("a", "u"), Some(epoch)).await.unwrap();
        }
        tokio::task::block_in_place(|| cluster.stop());
        let error = store.connection(&key).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StoreUnavailable);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        tokio::task::block_in_place(|| cluster.start_again());
        assert_eq!(store.connection(&key).await.unwrap().unwrap().epoch, epoch);
    });
}

#[test]
fn a_full_pool_is_said_and_a_stopped_writer_does_not_hold_others_up_for_long() {
    with_database(async |database| {
        let options = PostgresOptions::parse(&format!("{}?max_connections=1", database.url)).unwrap();
        let store = Postgres::connect(options, database.key.clone()).await.unwrap();
        store.insert_integration(integration("a")).await.unwrap();
        let sleeper = {
            let (cluster, name) = (database.cluster, database.name().to_owned());
            let locked = "BEGIN; LOCK TABLE keyway.integrations; SELECT pg_sleep(7); COMMIT";
            tokio::task::spawn_blocking(move || cluster.sql(&name, locked))
        };
        while database.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'keyway.integrations'::regclass") == "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (first, second) = tokio::join!(store.integration("a"), store.integration("a"));
        let refused = second.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StoreUnavailable);
        assert!(refused.to_string().contains("max_connections"), "{refused}");
        assert!(first.unwrap().is_some(), "it waited for the lock");
        sleeper.await.unwrap();
    });
}

#[test]
fn a_wrong_password_role_or_database_is_said_without_the_password() {
    with_database(async |database| {
        for (url, expected) in [
            (database.url.replace(PASSWORD, "wrong-canary"), "password"),
            (database.url.replace("keyway:", "nobody:"), "password"),
            (database.url.replace(database.name(), "nowhere"), "no such database"),
            ("postgres://ann:pw-canary@127.0.0.1:1/db".to_owned(), "check that it runs"),
        ] {
            let error = opened(&url, &database.key).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StoreUnavailable, "{error}");
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    });
}

#[test]
fn with_tls_the_server_is_verified_and_without_it_the_line_is_plain() {
    let settings = ["ssl = on", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key.pem'"];
    let files = [("server.pem", file!("server")), ("server.key.pem", file!("server.key"))];
    let Some(cluster) = Cluster::start_with(&settings, &files) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (right, wrong) = (path("right.pem", file!("authority")), path("wrong.pem", file!("impostor")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for (parameters, encrypted) in [
            (String::new(), Some("f")),
            ("sslmode=disable".to_owned(), Some("f")),
            (format!("sslmode=prefer&sslrootcert={right}"), Some("t")),
            (format!("sslmode=require&sslrootcert={right}"), Some("t")),
            (format!("sslmode=verify-full&sslrootcert={right}"), Some("t")),
            (format!("sslmode=verify-full&sslrootcert={wrong}"), None),
            (format!("sslmode=require&sslrootcert={wrong}"), None),
            (format!("sslmode=prefer&sslrootcert={wrong}"), None),
            ("sslmode=verify-full".to_owned(), None),
        ] {
            let (url, key) = (cluster.database().replace("127.0.0.1", "localhost"), SealingKey::generate().unwrap());
            let store = opened(&format!("{url}?{parameters}"), &key).await;
            match encrypted {
                None => assert_eq!(store.unwrap_err().kind(), ErrorKind::StoreUnavailable, "{parameters}"),
                Some(expected) => {
                    let store = store.unwrap();
                    store.integrations().await.unwrap();
                    let used = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                                WHERE usename = 'keyway' AND datname = current_database()";
                    assert_eq!(cluster.sql(url.rsplit('/').next().unwrap(), used), expected, "{parameters}");
                }
            }
        }
    });
}
