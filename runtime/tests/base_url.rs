//! An integration with a base URL of its own: where its calls go, what judges it, and that it is kept.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/mod.rs"]
mod support;
#[path = "support/vendor.rs"]
mod vendor;

use keyway::provider::NoConfig;
use keyway::{EgressPolicy, Error, ErrorKind, Integration, Keyway};
use support::{Mock, reply};
use vendor::{Key, Vendor};

fn built(base_url: &str, allowed_hosts: &[&str], policy: EgressPolicy) -> Result<Keyway, Error> {
    let integration = Integration::<Vendor>::new("vendor").base_url(base_url).allowed_hosts(allowed_hosts.to_vec());
    Keyway::builder().egress(policy).integration(integration).build()
}

fn local() -> EgressPolicy {
    EgressPolicy::default().allow_private(true).allow_http(true)
}

#[test]
fn a_base_url_is_judged_when_it_is_set_up() {
    let strict = EgressPolicy::default;
    for (base_url, listed, policy, expected) in [
        ("https://api.vendor.com/sandbox", &[][..], strict(), Ok(())),
        ("https://sandbox.vendor.com", &["sandbox.vendor.com"], strict(), Ok(())),
        ("https://eu.sandbox.vendor.com/v1/", &["*.sandbox.vendor.com"], strict(), Ok(())),
        ("http://127.0.0.1:8080", &["127.0.0.1:8080"], local(), Ok(())),
        ("https://sandbox.vendor.com", &[], strict(), Err((ErrorKind::HostNotAllowed, "allowed hosts"))),
        ("https://api.vendor.com:8443", &[], strict(), Err((ErrorKind::HostNotAllowed, "api.vendor.com:8443"))),
        ("http://api.vendor.com", &[], strict(), Err((ErrorKind::HostNotAllowed, "use `https:`"))),
        ("https://127.0.0.1", &["127.0.0.1"], strict(), Err((ErrorKind::HostNotAllowed, "127.0.0.1"))),
        ("https://169.254.169.254", &["169.254.169.254"], local(), Err((ErrorKind::HostNotAllowed, "169.254"))),
        ("sandbox.vendor.com", &["sandbox.vendor.com"], strict(), Err((ErrorKind::InvalidRequest, "base URL"))),
        ("https://api.vendor.com?x=1", &[], strict(), Err((ErrorKind::InvalidRequest, "without a query"))),
        ("https://u:p@api.vendor.com", &[], strict(), Err((ErrorKind::InvalidRequest, "user name"))),
        ("https://api.vendor.com/${apiKey}", &[], strict(), Err((ErrorKind::InvalidRequest, "no template"))),
        ("", &[], strict(), Err((ErrorKind::InvalidRequest, "base URL"))),
    ] {
        let found = built(base_url, listed, policy);
        match (found, expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err((kind, says))) => {
                assert!(error.kind() == kind && error.message().contains(says), "{base_url}: {error}");
                assert!(error.message().ends_with("(the base URL of the integration)"), "{error}");
            }
            (found, expected) => panic!("{base_url}: {found:?}, and not {expected:?}"),
        }
    }
}

#[tokio::test]
async fn calls_go_to_the_base_url_of_the_integration_and_stay_below_it() {
    let server = Mock::start(|seen| reply(200, format!("{:?}", seen.target))).await;
    let host = server.address.to_string();
    let keyway = built(&server.url("/sandbox/v2/"), &[&host], local()).unwrap();
    let vendor = keyway.integration::<Vendor>("vendor").unwrap();
    vendor.connect("user-1", NoConfig {}, Key("key-canary".into())).import().await.unwrap();
    let client = vendor.client("user-1").await.unwrap();
    for (path, target) in
        [("/items?a=1", "/sandbox/v2/items?a=1"), (server.url("/sandbox/v2/items").as_str(), "/sandbox/v2/items")]
    {
        assert_eq!(client.get(path).json::<String>().await.unwrap(), target);
    }
    assert!(server.seen().iter().all(|seen| seen.header("x-key") == "key-canary"));
    let asked = server.seen().len();
    for path in ["https://api.vendor.com/items", "https://evil.net/items", &server.url("/items"), "/../items"] {
        let error = client.get(path).text().await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{path}");
    }
    assert_eq!(server.seen().len(), asked);
}

#[tokio::test]
async fn a_base_url_is_changed_and_taken_away_while_the_program_runs() {
    let keyway = built("https://api.vendor.com/sandbox", &[], EgressPolicy::default()).unwrap();
    let refused = keyway.change_integration("vendor", |record| {
        record.base_url = Some("https://evil.net".to_owned());
        Ok::<(), Error>(())
    });
    assert_eq!(refused.await.unwrap_err().kind(), ErrorKind::HostNotAllowed);
    let kept = keyway.get_integration("vendor").await.unwrap().base_url;
    assert_eq!(kept.as_deref(), Some("https://api.vendor.com/sandbox"));
    let vendor = keyway.integration::<Vendor>("vendor").unwrap();
    vendor.connect("user-1", NoConfig {}, Key("key-canary".into())).import_unverified().await.unwrap();
    let client = vendor.client("user-1").await.unwrap();
    let target = async || {
        let request = http::Request::get("/items").body(()).unwrap();
        client.authorize(request).await.unwrap().uri().to_string()
    };
    assert_eq!(target().await, "https://api.vendor.com/sandbox/items");
    let taken = keyway.change_integration("vendor", |record| {
        record.base_url = None;
        Ok::<(), Error>(())
    });
    taken.await.unwrap();
    assert_eq!(target().await, "https://api.vendor.com/items");
}
