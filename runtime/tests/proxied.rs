//! The production transport through an HTTP proxy: a real one on loopback that makes tunnels by CONNECT.

#![cfg(feature = "http-proxy")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "tls/server.rs"]
mod server;

use http::{Request, Version};
use keyway::egress::{Egress, HostPattern};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, Transport};
use keyway::{EgressPolicy, ErrorKind};
use server::{Server, file};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// A proxy that knows one host, which it takes to this machine, and wants an account where it has one.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(knows: &'static str, account: Option<&'static str>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, knows, account, Arc::clone(&log)));
            }
        });
        Proxy { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn tunnel(mut client: TcpStream, knows: &str, account: Option<&str>, log: Arc<Mutex<Vec<String>>>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).await.unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    log.lock().unwrap().push(head.clone());
    let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let port = target.strip_prefix(knows).and_then(|rest| rest.strip_prefix(':')?.parse::<u16>().ok());
    let allowed = account.is_none_or(|account| head.contains(&format!("Proxy-Authorization: Basic {account}\r\n")));
    let refusal = match port {
        _ if !allowed => "407 Proxy Authentication Required",
        None => "502 Bad Gateway",
        Some(port) => {
            let mut vendor = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut vendor).await;
            return;
        }
    };
    client.write_all(format!("HTTP/1.1 {refusal}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
}

/// Through a proxy, the server of the tests is asked under its name; nothing about it is resolved here.
async fn ask(transport: &HyperTransport, url: &str) -> keyway::Result<(Version, String)> {
    let anywhere = HostPattern::parse("*:*").unwrap();
    let egress = Egress::within(EgressPolicy::default().allow_private(true).allow_http(true), vec![anywhere]);
    let request = Request::get(url).header("authorization", "Bearer canary").body(Body::empty()).unwrap();
    let response = transport.send(request, &egress).await?;
    let version = response.version();
    let body = response.into_body().collect(100).await?;
    Ok((version, String::from_utf8_lossy(&body).into_owned()))
}

fn through(proxy: &str) -> HyperTransport {
    HyperTransport::builder().extra_roots(file!("authority")).proxy(proxy).build().unwrap()
}

#[tokio::test]
async fn a_request_goes_through_a_tunnel_that_shows_the_proxy_host_and_port_alone() {
    let vendor = Server::start(file!("server"), file!("server.key"), false).await;
    let proxy = Proxy::start("localhost", None).await;
    let transport = through(&format!("http://{}", proxy.address));
    for _ in 0..2 {
        let found = ask(&transport, &format!("https://localhost:{}/secret-path", vendor.port)).await.unwrap();
        assert_eq!(found, (Version::HTTP_2, "0".to_owned()));
    }
    let port = vendor.port;
    let expected = format!("CONNECT localhost:{port} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    assert_eq!(proxy.heads(), [expected], "one tunnel is used for both");
    assert_eq!(vendor.seen().iter().map(|seen| seen.authorization.as_str()).collect::<Vec<_>>(), ["Bearer canary"; 2]);
}

#[tokio::test]
async fn the_proxy_gets_its_account_and_what_it_refuses_is_said_without_it() {
    let vendor = Server::start(file!("server"), file!("server.key"), false).await;
    let proxy = Proxy::start("localhost", Some("YW5uOnByb3h5LWNhbmFyeQ==")).await;
    let (address, vendor) = (proxy.address, format!("https://localhost:{}/", vendor.port));
    let found = ask(&through(&format!("http://ann:proxy-canary@{address}")), &vendor).await.unwrap();
    assert_eq!(found.1, "0");
    for (user, url, says) in [
        ("", vendor.as_str(), "proxy authorization required"),
        ("ann:wrong-canary@", &vendor, "proxy authorization required"),
        ("ann:proxy-canary@", "https://unknown.example/", "unsuccessful"),
    ] {
        let error = ask(&through(&format!("http://{user}{address}")), url).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)), "{error}");
        assert!(error.message().contains(says) && error.message().contains(&address.to_string()), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn what_may_not_be_asked_is_not_asked_through_a_proxy_either() {
    let proxy = Proxy::start("localhost", None).await;
    let transport = through(&format!("http://{}", proxy.address));
    let egress = Egress::within(EgressPolicy::default(), vec![HostPattern::parse("api.vendor.com").unwrap()]);
    for url in ["https://evil.net/", "http://api.vendor.com/", "https://127.0.0.1/"] {
        let request = Request::get(url).body(Body::empty()).unwrap();
        assert_eq!(transport.send(request, &egress).await.unwrap_err().kind(), ErrorKind::HostNotAllowed, "{url}");
    }
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_says_nothing_is_an_error_in_time() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = ask(&through(&format!("http://{closed}")), "https://localhost/").await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)), "{error}");

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let quick = HyperTransport::builder().connect_timeout(Duration::from_millis(50));
    let transport = quick.proxy(format!("http://{address}")).build().unwrap();
    let error = ask(&transport, "https://localhost/").await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Timeout, Some(false)), "{error}");
    assert!(error.message().contains("more than 50ms"), "{error}");
}

#[test]
fn what_is_no_proxy_is_refused_when_the_transport_is_built() {
    for url in ["", "socks5://localhost:1080", "https://localhost", "http://ann:canary@ localhost"] {
        let error = HyperTransport::builder().proxy(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{url}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
    let builder = HyperTransport::builder().proxy("http://ann:canary@localhost");
    assert!(!format!("{builder:?} {:?}", builder.clone().build()).contains("canary"));
    assert!(HyperTransport::builder().connect_timeout(Duration::ZERO).build().is_err());
}

#[cfg(feature = "native-roots")]
#[tokio::test]
async fn the_systems_roots_do_not_know_the_authority_of_the_tests_until_it_is_added() {
    let vendor = Server::start(file!("server"), file!("server.key"), false).await;
    let url = format!("https://localhost:{}/", vendor.port);
    let native = || HyperTransport::builder().native_roots();
    // A machine without any certificates has no such transport, and the error says why.
    let Ok(transport) = native().build() else { return };
    assert_eq!(ask(&transport, &url).await.unwrap_err().kind(), ErrorKind::Unreachable);
    let transport = native().extra_roots(file!("authority")).build().unwrap();
    assert_eq!(ask(&transport, &url).await.unwrap().1, "0");
}
