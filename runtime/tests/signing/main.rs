//! Modes that sign each request, against servers that verify every signature with `openssl`.
#![allow(clippy::unwrap_used, reason = "a test: what breaks should stop it")]

mod oauth1;
mod openssl;
mod rfc5849;
#[path = "../support/mod.rs"]
mod support;
mod tba;
mod vendor;

use keyway::integration::IntegrationRecord;
use keyway::transport::Body;
use keyway::{Catalogue, EgressPolicy, Keyway};
use keyway_spec::ProviderSpec;
use rfc5849::Received;
use support::{Hand, Seen};

fn received(seen: &Seen) -> Received {
    Received {
        method: seen.method.clone(),
        host: seen.header("host").to_owned(),
        target: seen.target.clone(),
        authorization: seen.header("authorization").to_owned(),
        content_type: seen.header("content-type").to_owned(),
        body: seen.body.clone(),
    }
}

/// A Keyway with one provider and its integration `acme`.
fn keyway(spec: &ProviderSpec, mut record: IntegrationRecord) -> Keyway {
    spec.key.clone_into(&mut record.provider);
    let spec: &'static ProviderSpec = Box::leak(Box::new(*spec));
    Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .clock(Hand::new())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record)
        .build()
        .unwrap()
}

fn operators_client() -> IntegrationRecord {
    IntegrationRecord::default().key("acme").client_id(vendor::CLIENT_ID).client_secret(vendor::CLIENT_SECRET)
}

async fn text(response: http::Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = response.into_body().collect(1000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}
