//! Clients that registered themselves.

use super::*;

#[test]
fn registered_clients_belong_to_an_integration_and_an_issuer() {
    on_every_store(async |store| {
        let first = registration("a", "https://one.test", "1");
        let nobody = store.put_registration(first.clone()).await.unwrap_err();
        assert_eq!(nobody.kind(), ErrorKind::UnknownIntegration);
        for key in ["a", "b"] {
            store.insert_integration(integration(key)).await.unwrap();
        }
        let others = [registration("a", "https://two.test", "2"), registration("b", "https://one.test", "1")];
        for client in others.iter().chain([&first]) {
            store.put_registration(client.clone()).await.unwrap();
        }
        assert_eq!(store.registration(&first.key).await.unwrap().as_ref(), Some(&first));
        let newer = Registration { client_id: "3".to_owned(), expires_at: None, ..first.clone() };
        store.put_registration(newer.clone()).await.unwrap();
        assert_eq!(store.registration(&first.key).await.unwrap(), Some(newer), "the newer takes its place");
        assert!(!store.delete_registration("a", "1").await.unwrap(), "the client of another integration stays");
        assert!(store.delete_registration("a", "3").await.unwrap());
        assert_eq!(store.registration(&first.key).await.unwrap(), None);
        for client in &others {
            assert_eq!(store.registration(&client.key).await.unwrap().as_ref(), Some(client));
        }
        store.update_integration("a", integration("renamed"), None).await.unwrap();
        assert_eq!(store.registration(&others[0].key).await.unwrap(), None);
        let moved = registration("renamed", "https://two.test", "2");
        assert_eq!(store.registration(&moved.key).await.unwrap(), Some(moved.clone()));
        store.delete_integration("renamed").await.unwrap();
        assert_eq!(store.registration(&moved.key).await.unwrap(), None);
        assert!(store.registration(&others[1].key).await.unwrap().is_some());
    });
}

#[test]
fn registered_clients_are_listed_page_by_page() {
    on_every_store(async |store| {
        for key in ["a", "b"] {
            store.insert_integration(integration(key)).await.unwrap();
        }
        let mut expected = Vec::new();
        for (issuer, request) in [("x", "1"), ("x", "2"), ("xy", "1"), ("y", "0")] {
            let mut client = registration("b", issuer, "c");
            client.key.request = request.to_owned();
            store.put_registration(client.clone()).await.unwrap();
            expected.push(client);
        }
        store.put_registration(registration("a", "x", "c")).await.unwrap();
        for limit in [1, 3, 9] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = store.registrations("b", after.as_ref(), limit).await.unwrap();
                let Some(last) = page.last() else { break };
                assert!(page.len() <= limit);
                after = Some(last.key.clone());
                found.extend(page);
            }
            assert_eq!(found, expected, "{limit}");
        }
        assert_eq!(store.registrations("c", None, 9).await.unwrap(), []);
    });
}

#[cfg(feature = "sqlite")]
#[test]
fn a_record_is_read_from_its_text_as_it_was() {
    let read = |text: &[u8]| Record::from_json(text);
    for record in [
        Record::Integration(integration("ab")),
        Record::Integration(IntegrationRecord::default()),
        Record::Connection(Box::new(connection("ab", "u"))),
        Record::Registration(registration("ab", "https://one.test", "1")),
    ] {
        let text = record.to_json().unwrap();
        assert_eq!(read(&text).unwrap(), record);
        // What a newer version may add is not left behind in silence.
        let more = String::from_utf8(text.to_vec()).unwrap().replacen(":{", r#":{"newer":1,"#, 1);
        let error = read(more.as_bytes()).unwrap_err();
        assert!(error.message().contains("newer version") && !format!("{error:?}").contains("canary"), "{error:?}");
        assert!(read(&text[..text.len() - 1]).is_err());
    }
}
