//! Keeping tokens alive: one refresh for many callers, failures that lose nothing.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::ConnectionQuery;
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::{ConnectionKey, ErrorKind, Keyway};
use keyway_spec::quirks::UnknownOutcome;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Hand, Mock, client_credentials, get, keyway, oauth2, reply};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// Imports a token that dies `seconds` after the clock's start.
async fn import(keyway: &Keyway, access: &str, seconds: i64) {
    let token = Token::new(access)
        .refresh(keyway::Secret::from("rt-canary-1"))
        .expires_at(keyway::clock::Timestamp::from_second(1_700_000_000 + seconds).unwrap());
    let credentials = Credentials::default().token(token);
    let metadata = serde_json::Map::new();
    keyway.import(key(), BTreeMap::new(), metadata, credentials, Trust::Operator).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_calls_with_a_dead_token_refresh_it_once() {
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => {
            assert_eq!(seen.form()["refresh_token"], "rt-canary-1");
            reply(200, r#"{"access_token":"new","refresh_token":"rt-canary-2","expires_in":3600}"#)
        }
        _ if seen.header("authorization") == "Bearer new" => reply(200, "ok"),
        _ => reply(401, "who?"),
    })
    .await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, "old", -10).await;
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let keyway = keyway.clone();
            tokio::spawn(async move { keyway.send(&key(), get("/me"), None).await.unwrap().status().as_u16() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(mock.seen_at("/token").len(), 1);
    let token = keyway.fetch(&key()).await.unwrap().credentials.token.unwrap();
    assert_eq!(token.refresh.unwrap().expose(), "rt-canary-2");
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_stop_the_refresh() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","expires_in":3600}"#)).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, "old", -10).await;
    {
        let key = key();
        let fetch = keyway.fetch(&key);
        tokio::pin!(fetch);
        // Polled until its request is on its way, then dropped.
        while mock.seen().is_empty() {
            tokio::select! {
                biased;
                _ = &mut fetch => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let connection = keyway.fetch(&key()).await.unwrap();
    assert_eq!(connection.credentials.token.unwrap().access.expose(), "new");
    assert_eq!(mock.seen().len(), 1);
}

#[tokio::test]
async fn a_failed_refresh_keeps_a_valid_token_and_waits_before_the_next() {
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => reply(401, r#"{"error":"invalid_client","secret":"body-canary"}"#),
        _ => reply(200, seen.header("authorization")),
    })
    .await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    import(&keyway, "old", 100).await;
    clock.advance(80);
    for _ in 0..3 {
        assert_eq!(keyway.send(&key(), get("/me"), None).await.unwrap().status(), 200);
        keyway.settled().await;
    }
    assert_eq!(mock.seen_at("/token").len(), 1, "the second attempt is not due yet");
    clock.advance(21);
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::RefreshBackoff, "dead, and not due");
    clock.advance(9);
    let error = keyway.fetch(&key()).await.unwrap_err();
    assert_eq!(mock.seen_at("/token").len(), 2);
    assert_eq!(
        (error.kind(), error.evidence().oauth_error.as_deref()),
        (ErrorKind::TokenRefused, Some("invalid_client"))
    );
    assert_eq!(error.evidence().wait.map(|wait| wait.as_secs()), Some(60), "the pause grows");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::RefreshBackoff);
    let forced = keyway.refresh(&key()).await.unwrap_err();
    assert_eq!(forced.kind(), ErrorKind::TokenRefused);
    assert!(!format!("{error:?} {forced:?} {forced}").contains("canary"), "{forced:?}");
    assert!(
        !keyway.list_connections(ConnectionQuery::first(1)).await.unwrap()[0].reconnect_needed,
        "the grant is good"
    );
}

#[tokio::test]
async fn days_without_an_answer_ask_for_a_new_connection_and_a_forced_success_heals() {
    let broken = Arc::new(AtomicUsize::new(1));
    let state = Arc::clone(&broken);
    let mock = Mock::start(move |_| match state.load(Ordering::SeqCst) {
        1 => reply(502, "<html>"),
        _ => reply(200, r#"{"access_token":"new"}"#),
    })
    .await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    import(&keyway, "old", -10).await;
    for day in 0..3 {
        assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::TokenRefused, "{day}");
        assert!(!keyway.list_connections(ConnectionQuery::first(10)).await.unwrap()[0].reconnect_needed, "{day}");
        clock.advance(86_400);
    }
    for _ in 0..2 {
        assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::ReconnectNeeded);
    }
    assert!(keyway.list_connections(ConnectionQuery::first(10)).await.unwrap()[0].reconnect_needed);
    assert_eq!(mock.seen().len(), 5, "twice on the first day, then once a day");
    broken.store(0, Ordering::SeqCst);
    let healed = keyway.refresh(&key()).await.unwrap();
    assert!(!healed.refresh.exhausted);
    let token = healed.credentials.token.unwrap();
    assert_eq!(token.refresh.unwrap().expose(), "rt-canary-1", "an absent refresh token keeps the old one");
}

#[tokio::test]
async fn a_living_token_is_used_while_a_token_endpoint_is_silent() {
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => reply(200, r#"{"access_token":"never"}"#).header("content-length", "500"),
        _ => reply(200, seen.header("authorization")),
    })
    .await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut spec = *oauth2(mock.address);
    let keyway_spec::Auth::OAuth2(mode) = &mut spec.auth else { panic!("another mode") };
    let address = silent.local_addr().unwrap();
    mode.token.url = support::template(format!("http://{address}/token"));
    spec.hosts.token = keyway_spec::HostSet::Fixed(Box::leak(Box::new([&*address.to_string().leak()])));
    let clock = Hand::new();
    let keyway = keyway(Box::leak(Box::new(spec)), &clock);
    import(&keyway, "old", 3600).await;
    clock.advance(3540);
    for number in 0..5 {
        let begun = std::time::Instant::now();
        assert_eq!(keyway.send(&key(), get("/me"), None).await.unwrap().status(), 200);
        assert!(begun.elapsed().as_millis() < 1000, "call {number} took {:?}", begun.elapsed());
        let begun = std::time::Instant::now();
        let token = keyway.fetch(&key()).await.unwrap().credentials.token.unwrap();
        assert_eq!(token.access.expose(), "old");
        // It may wait for the renewal for 0.8 s.
        assert!(begun.elapsed().as_millis() < 2000, "look {number} took {:?}", begun.elapsed());
    }
    assert_eq!(mock.seen_at("/api/me").len(), 5);
}

#[tokio::test]
async fn tokens_of_a_minute_are_not_renewed_at_each_call() {
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => reply(200, r#"{"access_token":"new","expires_in":60}"#),
        _ => reply(200, "ok"),
    })
    .await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    import(&keyway, "old", -1).await;
    for _ in 0..120 {
        assert_eq!(keyway.send(&key(), get("/me"), None).await.unwrap().status(), 200);
        keyway.settled().await;
        clock.advance(1);
    }
    assert_eq!(mock.seen_at("/token").len(), 3, "at the beginning, and every 46 seconds");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated() {
    let mock = Mock::start(|seen| match (seen.path(), seen.header("authorization")) {
        ("/token", _) => reply(200, r#"{"access_token":"new","expires_in":3600}"#),
        ("/api/me", "Bearer new") => reply(200, "ok"),
        _ => reply(401, "no"),
    })
    .await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, "old", 7200).await;
    assert_eq!(keyway.send(&key(), get("/me"), None).await.unwrap().status(), 200);
    assert_eq!(mock.seen_at("/api/me").len(), 2);
    for _ in 0..3 {
        assert_eq!(keyway.send(&key(), get("/forbidden"), None).await.unwrap().status(), 401);
    }
    assert_eq!(mock.seen_at("/token").len(), 1, "a 401 to a new token is no reason for another");
}

#[tokio::test]
async fn a_token_endpoint_that_redirects_is_not_followed() {
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => reply(307, "").header("location", "/elsewhere"),
        _ => reply(200, r#"{"access_token":"stolen"}"#),
    })
    .await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, "old", -10).await;
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::TokenRefused);
    assert!(mock.seen_at("/elsewhere").is_empty());
}

#[tokio::test]
async fn client_credentials_get_their_token_at_once_and_again_when_it_is_old() {
    let count = AtomicUsize::new(0);
    let mock = Mock::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        reply(200, format!("access_token=token-{number}&expires_in=3600"))
    })
    .await;
    let clock = Hand::new();
    let keyway = keyway(client_credentials(mock.address), &clock);
    let inputs = [("client_id", "cid"), ("client_secret", "secret-canary")];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.into()));
    let credentials = Credentials::submitted(inputs.into());
    let metadata = serde_json::Map::new();
    let made = keyway.import(key(), BTreeMap::new(), metadata, credentials, Trust::User).await.unwrap();
    assert_eq!(made.credentials.token.unwrap().access.expose(), "token-0");
    let sent = &mock.seen()[0];
    assert_eq!(sent.header("authorization"), "Basic Y2lkOnNlY3JldC1jYW5hcnk=");
    assert_eq!(sent.body, "scope=read+write");
    clock.advance(3000);
    let again = keyway.fetch(&key()).await.unwrap();
    assert_eq!(again.credentials.token.as_ref().unwrap().access.expose(), "token-1");
    assert!(!format!("{again:?}").contains("canary"));
}

#[tokio::test]
async fn what_a_killed_process_began_is_tried_again_when_its_lease_is_over() {
    for (policy, sent) in [(None, 1), (Some(UnknownOutcome::Retry), 1), (Some(UnknownOutcome::Final), 0)] {
        let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","expires_in":3600}"#)).await;
        let clock = Hand::new();
        let keyway = keyway(oauth2(mock.address), &clock);
        import(&keyway, "old", -10).await;
        let store = keyway.store();
        let mut record = store.integration("acme").await.unwrap().unwrap();
        record.unknown_outcome = policy;
        keyway.update_integration("acme", record).await.unwrap();
        let mut left = store.connection(&key()).await.unwrap().unwrap();
        left.refresh.intent = Some(keyway::clock::Timestamp::from_second(1_700_000_000 - 5).unwrap());
        let epoch = left.epoch;
        store.put_connection(left, Some(epoch)).await.unwrap();
        let found = keyway.fetch(&key()).await;
        assert_eq!(mock.seen().len(), sent, "{policy:?}");
        if sent == 0 {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::ReconnectNeeded);
            assert!(store.connections(ConnectionQuery::first(1)).await.unwrap()[0].reconnect_needed);
            // An operator may try once more by hand.
            keyway.refresh(&key()).await.unwrap();
        }
        let renewed = keyway.fetch(&key()).await.unwrap();
        assert_eq!(renewed.credentials.token.unwrap().access.expose(), "new");
        assert_eq!(renewed.refresh.intent, None);
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_with_one_store_redeem_a_refresh_token_once() {
    use keyway::seal::SealingKey;
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","refresh_token":"rt-2","expires_in":3600}"#)).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, sealing) = (folder.path().join("k.db"), SealingKey::generate().unwrap());
    let process = || {
        let spec = oauth2(mock.address);
        Keyway::builder()
            .store(keyway::Sqlite::open(&path, sealing.clone()).unwrap())
            .catalogue([spec].into_iter().collect::<keyway::Catalogue>())
            .clock(Hand::new())
            .egress(keyway::EgressPolicy::default().allow_private(true).allow_http(true))
            .integration_record(
                keyway::IntegrationRecord::without_scopes("acme", spec.key)
                    .client_id("client")
                    .client_secret("client-secret-canary"),
            )
            .build()
            .unwrap()
    };
    let processes = [process(), process(), process()];
    import(&processes[0], "old", -10).await;
    let mut tasks = tokio::task::JoinSet::new();
    for keyway in processes.iter().cycle().take(30) {
        let keyway = keyway.clone();
        tasks.spawn(async move { keyway.fetch(&key()).await });
    }
    for fetched in tasks.join_all().await {
        assert_eq!(fetched.unwrap().credentials.token.unwrap().access.expose(), "new");
    }
    assert_eq!(mock.seen().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn metadata_that_is_changed_while_a_token_is_renewed_stays_and_the_token_is_stored() {
    let (asked, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, waits) = (Arc::clone(&asked), Arc::clone(&go_on));
    let mock = Mock::start(move |_| {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        // Elsewhere, because what this thread is to do next would wait as well.
        tokio::task::block_in_place(|| {
            while waits.load(Ordering::SeqCst) < number {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        });
        reply(200, format!(r#"{{"access_token":"at-{number}","refresh_token":"rt-{number}","expires_in":3600}}"#))
    })
    .await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, "old", -10).await;
    for number in 1..=3 {
        let plan = serde_json::Map::from_iter([("plan".to_owned(), number.into())]);
        let renewal = tokio::spawn({
            let keyway = keyway.clone();
            async move { keyway.refresh(&key()).await }
        });
        // The intent is stored, and the request has left.
        while asked.load(Ordering::SeqCst) < number {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let changed = keyway.set_metadata(&key(), plan.clone()).await.unwrap();
        assert!(changed.refresh.intent.is_some() && changed.metadata == plan, "{changed:?}");
        go_on.store(number, Ordering::SeqCst);
        let renewed = renewal.await.unwrap().unwrap();
        let token = renewed.credentials.token.unwrap();
        let refresh = token.refresh.unwrap();
        assert_eq!((token.access.expose(), refresh.expose()), (&*format!("at-{number}"), &*format!("rt-{number}")));
        assert_eq!(renewed.metadata, plan);
    }
    // To connect again keeps it, unless there is new.
    import(&keyway, "again", 3600).await;
    assert_eq!(keyway.fetch(&key()).await.unwrap().metadata["plan"], 3);
    let credentials = Credentials::default().token(Token::new("new"));
    let metadata = serde_json::Map::from_iter([("plan".to_owned(), "new".into())]);
    let made = keyway.import(key(), BTreeMap::new(), metadata, credentials, Trust::Operator).await.unwrap();
    let stored = keyway.fetch(&key()).await.unwrap();
    assert_eq!((&made.metadata["plan"], &stored.metadata["plan"]), (&"new".into(), &"new".into()));
    let unknown = keyway.set_metadata(&ConnectionKey::new("acme", "nobody"), serde_json::Map::new()).await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::UnknownConnection);
}
