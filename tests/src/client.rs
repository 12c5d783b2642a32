//! An HTTP client for tests: it follows nothing, adds nothing, and reads bodies in pieces when asked to.
//!
//! Not supported: TLS, retries, cookies.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// Whatever goes wrong in a test's own plumbing.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A client with a base URL and headers that every request carries.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    headers: Vec<(String, String)>,
    pool: Pool<HttpConnector, Full<Bytes>>,
}

/// A response that was read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; `Null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    /// A client of one server.
    pub fn new(base: impl Into<String>) -> Client {
        Client { base: base.into(), headers: Vec::new(), pool: Pool::builder(TokioExecutor::new()).build_http() }
    }

    /// The URL that paths are put after.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same client with one more header.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client, calling as a connection.
    #[must_use]
    pub fn as_connection(&self, integration: &str, id: &str) -> Client {
        self.with("provider-config-key", integration).with("connection-id", id)
    }

    /// Sends a request and reads the whole answer. `target` is a path on the server, or a URL.
    pub async fn send(&self, method: &str, target: &str, body: impl Into<Bytes>) -> Result<Answer, Failure> {
        let (parts, body) = self.open(method, target, body).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Sends a JSON body.
    pub async fn json(&self, method: &str, target: &str, body: &Value) -> Result<Answer, Failure> {
        self.with("content-type", "application/json").send(method, target, body.to_string()).await
    }

    /// Sends a GET.
    pub async fn get(&self, target: &str) -> Result<Answer, Failure> {
        self.send("GET", target, Bytes::new()).await
    }

    /// Sends a request; the body of the answer is still on its way.
    pub async fn open(
        &self,
        method: &str,
        target: &str,
        body: impl Into<Bytes>,
    ) -> Result<Response<Incoming>, Failure> {
        let url = if target.starts_with('/') { format!("{}{target}", self.base) } else { target.to_owned() };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Ok(self.pool.request(request.body(Full::new(body.into()))?).await?)
    }
}

/// Reads at least `length` bytes of a body; fewer only where it ends.
pub async fn read(body: &mut Incoming, length: usize) -> Result<Bytes, Failure> {
    let mut read = BytesMut::new();
    while read.len() < length {
        let Some(frame) = body.frame().await else { break };
        if let Ok(data) = frame?.into_data() {
            read.extend_from_slice(&data);
        }
    }
    Ok(read.freeze())
}
