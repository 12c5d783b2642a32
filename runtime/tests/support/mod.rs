//! A mock API on loopback, providers that point at it, and a clock that stands still until it is moved.

#![allow(dead_code)] // each test binary uses its own part

use keyway::clock::{Clock, System, Timestamp};
use keyway::integration::IntegrationRecord;
use keyway::{Call, Catalogue, EgressPolicy, Keyway, Started};
use keyway_spec::auth::{Authorization, BodyFormat, ClientAuth, ClientCredentials, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as the mock saw it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

/// An answer of the mock.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    endless: bool,
}

pub(crate) fn reply(status: u16, body: impl Into<String>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into(), endless: false }
}

impl Reply {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer, after which more seems to come and nothing does.
    pub(crate) fn endless(mut self) -> Reply {
        self.endless = true;
        self
    }
}

/// A server that answers with a function and remembers what it was asked.
pub(crate) struct Mock {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Mock {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Mock {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log), Arc::clone(&answer)));
            }
        });
        Mock { address, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn seen_at(&self, path: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.path() == path).collect()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn serve<F: Fn(&Seen) -> Reply>(mut stream: TcpStream, log: Arc<Mutex<Vec<Seen>>>, answer: Arc<F>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let (head, body_start) = loop {
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break (String::from_utf8_lossy(&bytes[..end]).into_owned(), end + 4);
        }
    };
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    while bytes.len() < body_start + length {
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    let seen = Seen {
        method: first.next().unwrap().to_owned(),
        target: first.next().unwrap().to_owned(),
        headers,
        body: String::from_utf8_lossy(&bytes[body_start..]).into_owned(),
    };
    log.lock().unwrap().push(seen.clone());
    let Reply { status, headers, body, endless } = answer(&seen);
    let length = body.len() + if endless { 1000 } else { 0 };
    let mut text = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value.as_str(), "\r\n"]);
    }
    let _ = stream.write_all(format!("{text}\r\n{body}").as_bytes()).await;
    if endless {
        std::future::pending::<()>().await;
    }
}

/// A clock that is moved by hand, with the system's randomness.
#[derive(Clone, Debug)]
pub(crate) struct Hand(Arc<AtomicI64>);

impl Hand {
    pub(crate) fn new() -> Hand {
        Hand(Arc::new(AtomicI64::new(1_700_000_000)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn random(&self, bytes: &mut [u8]) -> keyway::Result<()> {
        System.random(bytes)
    }
}

/// The URL on which a browser comes back to a flow.
pub(crate) fn back(started: &Started, query: &str) -> String {
    let uri = &started.redirect_uri;
    format!("{uri}{}{}", if uri.contains('?') { '&' } else { '?' }, query.trim_start_matches('?'))
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub(crate) fn template(text: impl Into<String>) -> Template {
    let text: &'static str = leak(text.into()).as_str();
    Template::Nodes(leak([Node::Text(text)]).as_slice())
}

fn hosts(address: SocketAddr) -> Hosts {
    let host: &'static str = leak(address.to_string()).as_str();
    let set = HostSet::Fixed(leak([host]));
    Hosts { authorize: set, token: set, api: set, trusted: &[] }
}

fn proxy(address: SocketAddr) -> Proxy {
    Proxy { base_url: template(format!("http://{address}/api")), ..Proxy::EMPTY }
}

/// A provider of the code flow whose every endpoint is at `address`.
pub(crate) fn oauth2(address: SocketAddr) -> &'static ProviderSpec {
    leak(ProviderSpec {
        key: "acme",
        auth: Auth::OAuth2(OAuth2 {
            authorization: Authorization {
                url: Some(template(format!("http://{address}/authorize"))),
                redirect_uri_metadata: &["realm"],
                ..Authorization::EMPTY
            },
            token: TokenEndpoint {
                url: template(format!("http://{address}/token")),
                response_metadata: &["team.id"],
                ..TokenEndpoint::EMPTY
            },
            outbound: None,
        }),
        proxy: Some(proxy(address)),
        hosts: hosts(address),
        ..ProviderSpec::EMPTY
    })
}

/// A provider of client credentials at `address`.
pub(crate) fn client_credentials(address: SocketAddr) -> &'static ProviderSpec {
    leak(ProviderSpec {
        key: "acme-cc",
        auth: Auth::OAuth2ClientCredentials(ClientCredentials {
            token: TokenEndpoint {
                url: template(format!("http://{address}/token")),
                client_auth: ClientAuth::BasicRaw,
                body_format: BodyFormat::Form,
                ..TokenEndpoint::EMPTY
            },
            scope_separator: " ",
            expires_in_milliseconds: false,
            client_certificate: false,
        }),
        proxy: Some(proxy(address)),
        hosts: hosts(address),
        ..ProviderSpec::EMPTY
    })
}

/// A provider with an API key in `x-api-key` at `address`.
pub(crate) fn api_key(address: SocketAddr) -> &'static ProviderSpec {
    static KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };
    static HEADERS: [(&str, Template); 1] = [("x-api-key", Template::Nodes(&[Node::Reference(KEY)]))];
    leak(ProviderSpec {
        key: "acme-key",
        auth: Auth::ApiKey,
        proxy: Some(Proxy { headers: &HEADERS, ..proxy(address) }),
        hosts: hosts(address),
        ..ProviderSpec::EMPTY
    })
}

/// A Keyway with one provider, its integration `acme`, a client of the operator, and loopback allowed.
pub(crate) fn keyway(spec: &'static ProviderSpec, clock: &Hand) -> Keyway {
    let record = IntegrationRecord::without_scopes("acme", spec.key)
        .client_id("client")
        .client_secret("client-secret-canary")
        .scopes(vec!["read".to_owned(), "write".to_owned()]);
    Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .clock(clock.clone())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record)
        .build()
        .unwrap()
}

pub(crate) fn get(endpoint: &str) -> Call {
    Call::get(endpoint)
}
