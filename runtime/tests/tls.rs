//! TLS on loopback: HTTP/2, whom it trusts, and clients with certificates.
//!
//! The certificates in `tests/tls` were made with `openssl` for a hundred years: `authority` issued `server` and
//! `client`, another one issued `impostor` and `other-client`.

#![allow(clippy::unwrap_used)]

#[path = "tls/server.rs"]
mod server;

use http::{Request, Version};
use keyway::egress::{Egress, HostPattern};
use keyway::transport::hyper::{HyperTransport, MAX_IDENTITIES};
use keyway::transport::{Body, ClientIdentity, Transport, certified};
use keyway::{EgressPolicy, ErrorKind, Secret};
use keyway_spec::Port;
use server::{Server, file, trusting};
use std::sync::atomic::Ordering;

/// The server's answer, and its HTTP version.
async fn ask(
    server: &Server,
    transport: &HyperTransport,
    identity: Option<&ClientIdentity>,
) -> keyway::Result<(Version, String)> {
    let egress = Egress::within(
        EgressPolicy::default().allow_private(true).allow_http(true),
        vec![HostPattern { host: "localhost".to_owned(), port: Port::Any }],
    );
    let mut request =
        Request::builder().uri(format!("https://localhost:{}/", server.port)).body(Body::empty()).unwrap();
    if let Some(identity) = identity {
        request.extensions_mut().insert(identity.clone());
    }
    let response = transport.send(request, &egress).await?;
    let version = response.version();
    let body = response.into_body().collect(100).await?;
    Ok((version, String::from_utf8_lossy(&body).into_owned()))
}

fn identity(certificate: &str, key: &str) -> ClientIdentity {
    ClientIdentity::parse(&Secret::from(certificate), &Secret::from(key)).unwrap()
}

fn client() -> ClientIdentity {
    identity(file!("client"), file!("client.key"))
}

#[tokio::test]
async fn http_2_is_spoken_where_the_server_offers_it() {
    let server = Server::start(file!("server"), file!("server.key"), false).await;
    let transport = trusting();
    for _ in 0..2 {
        assert_eq!(ask(&server, &transport, None).await.unwrap(), (Version::HTTP_2, "0".to_owned()));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_is_verified_with_and_without_a_client_certificate() {
    let impostor = Server::start(file!("impostor"), file!("impostor.key"), false).await;
    let genuine = Server::start(file!("server"), file!("server.key"), false).await;
    for identity in [None, Some(client())] {
        let error = ask(&impostor, &trusting(), identity.as_ref()).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)), "{error}");
        // Without the extra root the genuine server's authority is unknown too.
        let transport = HyperTransport::new().unwrap();
        assert_eq!(ask(&genuine, &transport, identity.as_ref()).await.unwrap_err().kind(), ErrorKind::Unreachable);
    }
}

#[tokio::test]
async fn a_client_shows_its_certificate_and_only_the_right_one_is_accepted() {
    let server = Server::start(file!("server"), file!("server.key"), true).await;
    let transport = trusting();
    assert_eq!(ask(&server, &transport, Some(&client())).await.unwrap().1, "1");
    let stranger = identity(file!("other-client"), file!("other-client.key"));
    // A connection made with one identity is never used for another one, nor for requests without one.
    ask(&server, &transport, Some(&stranger)).await.unwrap_err();
    ask(&server, &transport, None).await.unwrap_err();
    assert_eq!(ask(&server, &transport, Some(&client())).await.unwrap().1, "1");
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_pools_of_identities_are_bounded() {
    let server = Server::start(file!("server"), file!("server.key"), true).await;
    let transport = trusting();
    ask(&server, &transport, Some(&client())).await.unwrap();
    for copies in 2..2 + MAX_IDENTITIES {
        // A longer chain is another identity with the same key.
        ask(&server, &transport, Some(&identity(&file!("client").repeat(copies), file!("client.key")))).await.unwrap();
    }
    ask(&server, &transport, Some(&client())).await.unwrap();
    assert_eq!(server.connections.load(Ordering::SeqCst), MAX_IDENTITIES + 2);
}

#[tokio::test]
async fn a_certificate_is_not_sent_without_tls() {
    let egress = Egress::within(
        EgressPolicy::default().allow_private(true).allow_http(true),
        vec![HostPattern { host: "localhost".to_owned(), port: Port::Any }],
    );
    let mut request = Request::builder().uri("http://localhost:9/").body(Body::empty()).unwrap();
    request.extensions_mut().insert(client());
    let error = trusting().send(request, &egress).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)));
}

#[test]
fn certificates_and_keys_are_read_as_people_paste_them() {
    for spell in [
        |text: &str| text.replace('\n', "\r\n"),
        |text: &str| text.replace('\n', "\\n"),
        |text: &str| text.replace('\n', " "),
        |text: &str| text.replace('\n', ""),
        |text: &str| text.lines().filter(|line| !line.starts_with('-')).collect(),
    ] {
        certified(&identity(&spell(file!("client")), &spell(file!("client.key")))).unwrap();
    }
    let foreign = certified(&identity(file!("client"), file!("server.key"))).unwrap_err();
    assert!(foreign.message().contains("do not belong together"), "{foreign}");
    for (certificate, says) in [("", "not PEM"), ("!", "not PEM"), (file!("client.key"), "not PEM")] {
        let error = ClientIdentity::parse(&certificate.into(), &file!("client.key").into()).unwrap_err();
        assert!(error.message().contains(says), "{certificate}: {error}");
    }
}
