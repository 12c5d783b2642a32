//! Bodies that never come: the reader of an answer gives up in time. On a clock that runs ahead while all wait.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use keyway::connection::ConnectionKey;
use keyway::credentials::Credentials;
use keyway::egress::Egress;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::transport::{Body, BoxError, BoxFuture, Transport};
use keyway::{Call, Catalogue, ErrorKind, Keyway, Result};
use keyway_spec::proxy::{ErrorAnswer, StatusRange};
use keyway_spec::{Auth, HostClass, HostSet, Hosts, Node, ProviderSpec, Proxy, Template, Verification};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

const SPEC: ProviderSpec = ProviderSpec {
    key: "vendor",
    auth: Auth::ApiKey,
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[Node::Text("https://api.vendor.com")]),
        verification: Some(Verification {
            method: "GET",
            endpoints: &[Template::Nodes(&[Node::Text("/probe")])],
            base_url_override: None,
            headers: &[],
            data: &[],
        }),
        ..Proxy::EMPTY
    }),
    hosts: Hosts { api: HostSet::new(HostClass::Fixed, &["api.vendor.com"]), ..Hosts::EMPTY },
    ..ProviderSpec::EMPTY
};

/// The same, whose answers of these statuses may be errors by their bodies.
const TELLING: ProviderSpec = match SPEC.proxy {
    Some(proxy) => ProviderSpec { proxy: Some(Proxy { errors: ERRORS, ..proxy }), ..SPEC },
    None => SPEC,
};

const ERRORS: &[ErrorAnswer] = &[ErrorAnswer {
    statuses: &[StatusRange { first: 200, last: 299 }, StatusRange { first: 400, last: 499 }],
    has: Some("error"),
    when: &[],
    counts_as: 401,
}];

/// Answers with a status after a while, and with a body of which the end never comes.
#[derive(Clone, Copy, Debug)]
struct Silent {
    status: u16,
    head: Duration,
}

/// The beginning of a body, and no more.
struct Never(Option<&'static str>);

impl HttpBody for Never {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, BoxError>>> {
        self.0.take().map_or(Poll::Pending, |first| Poll::Ready(Some(Ok(Frame::data(first.into())))))
    }
}

impl Transport for Silent {
    fn send<'a>(&'a self, _: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            tokio::time::sleep(self.head).await;
            Ok(http::Response::builder().status(self.status).body(Body::stream(Never(Some("{")))).unwrap())
        })
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("vendor", "acme")
}

fn keyway(spec: &'static ProviderSpec, silent: Silent) -> Keyway {
    let record = IntegrationRecord::without_scopes("vendor", "vendor");
    let catalogue = [spec].into_iter().collect::<Catalogue>();
    Keyway::builder().catalogue(catalogue).transport(silent).integration_record(record).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_refused_probe_has_what_its_head_left_of_the_time() {
    for (spec, status, head) in [
        (&SPEC, 401, 0),
        (&SPEC, 403, 29),
        (&SPEC, 503, 10),
        (&TELLING, 401, 0),
        (&TELLING, 403, 29),
        (&TELLING, 503, 9),
    ] {
        let keyway = keyway(spec, Silent { status, head: Duration::from_secs(head) });
        let begun = Instant::now();
        let credentials = Credentials::api_key("key-canary");
        let proved = keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::User);
        let error = tokio::time::timeout(Duration::from_secs(600), proved).await.expect("it hangs").unwrap_err();
        assert_eq!((error.kind(), error.evidence().status), (ErrorKind::NotVerified, Some(status)));
        assert!(begun.elapsed() < Duration::from_secs(31), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_whose_body_might_tell_an_error_proves_nothing_until_it_is_there() {
    let keyway = keyway(&TELLING, Silent { status: 200, head: Duration::from_secs(29) });
    let begun = Instant::now();
    let credentials = Credentials::api_key("key-canary");
    let proved = keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::User);
    let error = tokio::time::timeout(Duration::from_secs(600), proved).await.expect("it hangs").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(31), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_answer_whose_body_might_tell_an_error_is_given_on_soon_with_what_came() {
    let seconds = |limit| Some(Duration::from_secs(limit));
    for (status, timeout, taken) in
        [(200, None, 5), (201, None, 5), (400, None, 5), (422, None, 5), (200, seconds(9), 5), (200, seconds(2), 1)]
    {
        let keyway = keyway(&TELLING, Silent { status, head: Duration::ZERO });
        let credentials = Credentials::api_key("key-canary");
        keyway.import_unverified(key(), BTreeMap::new(), serde_json::Map::new(), credentials).await.unwrap();
        let begun = Instant::now();
        let mut call = Call::get("/watch");
        call.timeout = timeout;
        let answer = keyway.send(&key(), call, None).await.unwrap();
        assert_eq!((answer.status().as_u16(), begun.elapsed().as_secs()), (status, taken));
        let mut body = answer.into_body();
        let first = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "{");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_as_a_whole_has_the_time_of_a_call() {
    for (status, kind) in [(200, ErrorKind::Timeout), (500, ErrorKind::Refused)] {
        let keyway = keyway(&SPEC, Silent { status, head: Duration::ZERO });
        let credentials = Credentials::api_key("key-canary");
        keyway.import_unverified(key(), BTreeMap::new(), serde_json::Map::new(), credentials).await.unwrap();
        let mut pages = keyway.pages(&key(), Call::get("/list"));
        pages = pages.rule(keyway::response::paginate::Paginate::link_body("next"));
        let error = tokio::time::timeout(Duration::from_secs(1200), pages.next()).await.expect("it hangs").unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}
