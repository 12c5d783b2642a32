//! Accounts as the engine makes them.

use super::*;
use crate::account::Account;
use crate::auth::registration::SERVED_METADATA_URL;
use crate::catalogue::Catalogue;
use crate::clock::System;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::request::Call;
use crate::secret::Secret;
use crate::store::Memory;
use crate::transport::hyper::HyperTransport;
use keyway_spec::auth::OAuth1;
use keyway_spec::{Auth, Field, HostSet, Hosts, Node, Position, Proxy, Reference, Root, Template};

static SPEC: ProviderSpec = ProviderSpec {
    key: "acme",
    connection_config: &[Field { name: "pin", secret: true, ..Field::EMPTY }],
    ..ProviderSpec::EMPTY
};

/// Customers name a part of the host.
static OPEN: ProviderSpec = ProviderSpec {
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[
            Node::Text("https://"),
            Node::Reference(Reference { root: Root::ConnectionConfig, path: "site", position: Position::HostLabel }),
            Node::Text(".acme.test"),
        ]),
        ..Proxy::EMPTY
    }),
    hosts: Hosts { api: HostSet::Confined(&["*.acme.test"]), ..Hosts::EMPTY },
    ..SPEC
};

/// A header holds a UUID.
static OF_MOMENT: ProviderSpec = ProviderSpec {
    proxy: Some(Proxy {
        headers: &[("x-request-id", Template::Nodes(&[Node::Random]))],
        base_url: Template::Text("https://api.acme.test"),
        ..Proxy::EMPTY
    }),
    ..SPEC
};

/// Each request is signed.
static SIGNED: ProviderSpec = ProviderSpec { auth: Auth::OAuth1(OAuth1::EMPTY), ..SPEC };

pub(super) fn engine() -> Engine {
    let record = IntegrationRecord::without_scopes("acme", "acme")
        .client_secret("client-secret")
        .custom([("api_token".to_owned(), "operator-token".into())].into());
    Engine {
        store: Arc::new(Memory::new()),
        cache: None,
        catalogue: Catalogue::from_iter([&SPEC]),
        transport: Arc::new(HyperTransport::new().unwrap()),
        clock: Arc::new(System),
        policy: EgressPolicy::default(),
        max_wait: Duration::ZERO,
        retries: 0,
        call_timeout: Duration::ZERO,
        user_agent: "test".to_owned(),
        refresh_timeout: Duration::ZERO,
        client_metadata: Some("https://app.acme.test/client-metadata/".parse().unwrap()),
        registrations: Turns::default(),
        in_code: vec![record],
        written: tokio::sync::OnceCell::new(),
    }
}

pub(super) fn connection() -> Connection {
    Connection::new(ConnectionKey::new("acme", "user-1"), "acme", Timestamp::UNIX_EPOCH)
        .config(ConfigMap::from([("pin".to_owned(), "1234".to_owned()), ("site".to_owned(), "eu".to_owned())]))
        .credentials(Credentials::submitted([("api_key".to_owned(), "key".into())].into()))
}

#[tokio::test]
async fn an_account_knows_its_metadata_document_and_a_record_stays_as_it_is_stored() {
    let engine = engine();
    let account = engine.account_of(connection()).await.unwrap();
    let served = account.integration().custom.get(SERVED_METADATA_URL).map(Secret::expose);
    assert_eq!(served, Some("https://app.acme.test/client-metadata/acme"));
    let (record, _) = engine.integration("acme").await.unwrap();
    assert_eq!(record.custom.get(SERVED_METADATA_URL), None);
}

#[tokio::test]
async fn the_secrets_of_an_account_are_both_sides_and_no_public_address() {
    let account = engine().account_of(connection()).await.unwrap();
    let mut secrets: Vec<String> = account.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
    secrets.sort();
    assert_eq!(secrets, ["1234", "client-secret", "key", "operator-token"]);
}

#[tokio::test]
async fn a_stored_account_is_missed_by_its_connection_first() {
    let engine = engine();
    for (integration, expected) in [("acme", "user-1"), ("other", "other")] {
        let error = engine.load_account(&ConnectionKey::new(integration, "user-1")).await.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::UnknownConnection);
        assert!(error.message().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn what_is_decided_once_for_an_account_is_what_would_be_decided_for_each_call() {
    let engine = engine();
    let moment = engine.moment().unwrap();
    for spec in [&SPEC, &OPEN, &OF_MOMENT] {
        for base_url in [None, Some("https://other.acme.test".to_owned())] {
            let mut call = Call::default();
            call.base_url_override = base_url;
            let integration = IntegrationRecord::default().key("acme");
            let each = engine.account((integration.clone(), spec), connection());
            let once = engine.account((integration, spec), connection()).shared();
            for _ in 0..2 {
                let expected = each.call_egress(&engine.policy, &call, &moment);
                assert_eq!(once.call_egress(&engine.policy, &call, &moment), expected);
            }
            // A copy may be changed.
            let mut copy = Account::clone(&once);
            copy.connection.config.insert("site".to_owned(), "us".to_owned());
            let mut changed = connection();
            changed.config.insert("site".to_owned(), "us".to_owned());
            let of_changed = engine.account((copy.integration().clone(), spec), changed);
            assert_eq!(
                copy.call_egress(&engine.policy, &call, &moment),
                of_changed.call_egress(&engine.policy, &call, &moment)
            );
        }
    }
    let hosts = |spec| {
        let account = engine.account((IntegrationRecord::default(), spec), connection()).shared();
        account.call_egress(&engine.policy, &Call::default(), &moment).patterns.clone()
    };
    assert_eq!(hosts(&OPEN)[0].host, "eu.acme.test");
}

#[tokio::test]
async fn a_call_has_a_uuid_where_its_request_may_hold_one() {
    let engine = engine();
    for (spec, expected) in [(&SPEC, false), (&OPEN, false), (&OF_MOMENT, true), (&SIGNED, true)] {
        let account = engine.account((IntegrationRecord::default(), spec), connection());
        assert!(!account.moment(&*engine.clock).unwrap().uuid.is_empty(), "before it is shared");
        let uuid = account.shared().moment(&*engine.clock).unwrap().uuid;
        assert_eq!(!uuid.is_empty(), expected, "{spec:?}");
    }
}
