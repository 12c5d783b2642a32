//! Sending requests as a customer.

use crate::client::Keyway;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::request::{Call, CallBody};
use crate::transport::Body;
use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The most a response that becomes a value may hold: 32 MiB. Larger ones are for [`RequestBuilder::send`].
const MAX_VALUE: usize = 32 * 1024 * 1024;

/// Requests as one connection. Credentials are renewed, retries and the egress check happen inside.
#[derive(Clone, Debug)]
pub struct Client {
    keyway: Keyway,
    key: ConnectionKey,
}

impl Client {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey) -> Client {
        Client { keyway, key }
    }

    /// A GET of a path below the API's base URL.
    pub fn get(&self, endpoint: impl Into<String>) -> RequestBuilder {
        self.request(Method::GET, endpoint)
    }

    /// A POST.
    pub fn post(&self, endpoint: impl Into<String>) -> RequestBuilder {
        self.request(Method::POST, endpoint)
    }

    /// A PUT.
    pub fn put(&self, endpoint: impl Into<String>) -> RequestBuilder {
        self.request(Method::PUT, endpoint)
    }

    /// A PATCH.
    pub fn patch(&self, endpoint: impl Into<String>) -> RequestBuilder {
        self.request(Method::PATCH, endpoint)
    }

    /// A DELETE.
    pub fn delete(&self, endpoint: impl Into<String>) -> RequestBuilder {
        self.request(Method::DELETE, endpoint)
    }

    /// Any method.
    pub fn request(&self, method: Method, endpoint: impl Into<String>) -> RequestBuilder {
        let call = Call { method, endpoint: endpoint.into(), ..Call::default() };
        RequestBuilder { client: self.clone(), call, stream: None, broken: None }
    }
}

/// A request about to be sent.
#[derive(Debug)]
#[must_use = "a request is sent with `send()` or `json()`"]
pub struct RequestBuilder {
    client: Client,
    call: Call,
    stream: Option<Body>,
    broken: Option<Error>,
}

impl RequestBuilder {
    /// Sets a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> RequestBuilder {
        self.call.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> RequestBuilder {
        self.call.headers.push((name.into(), value.into()));
        self
    }

    /// A JSON body.
    pub fn body_json(mut self, value: &impl Serialize) -> RequestBuilder {
        match serde_json::to_value(value) {
            Ok(value) => self.call.body = CallBody::Json(value),
            Err(error) => {
                let message = "the body cannot be written as JSON";
                self.broken = Some(Error::new(ErrorKind::InvalidRequest, message).sent(false).source(error));
            }
        }
        self
    }

    /// A body of bytes; its type goes into a `content-type` header.
    pub fn body_bytes(mut self, bytes: impl Into<Bytes>) -> RequestBuilder {
        self.call.body = CallBody::Bytes(bytes.into());
        self
    }

    /// A body that is sent as it comes; such a request is never retried.
    pub fn body_stream(mut self, body: Body) -> RequestBuilder {
        self.call.body = CallBody::Stream;
        self.stream = Some(body);
        self
    }

    /// How many times a failed call is tried again, by the provider's own rules.
    pub fn retries(mut self, retries: u32) -> RequestBuilder {
        self.call.retries = retries;
        self
    }

    /// Sends, and gives back whatever the API answers.
    pub async fn send(self) -> Result<http::Response<Body>> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        self.client.keyway.send(&self.client.key, self.call, self.stream).await
    }

    /// Sends, and reads the answer as JSON. A status outside 2xx is [`ErrorKind::UpstreamStatus`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let response = self.send().await?;
        let status = response.status();
        let body = response.into_body().collect(MAX_VALUE).await?;
        if !status.is_success() {
            let text = String::from_utf8_lossy(&body).into_owned();
            let error = Error::new(ErrorKind::UpstreamStatus, "the API refused the call");
            return Err(error.stage("response").sent(true).response(status.as_u16(), text));
        }
        serde_json::from_slice(&body).map_err(|error| {
            // The parser's own words may repeat the body; its place does not.
            let (line, column) = (error.line(), error.column());
            let message = format!("the API's answer is not the JSON that was expected, at line {line}, column {column}");
            Error::new(ErrorKind::UpstreamStatus, message).stage("response").sent(true)
        })
    }
}
