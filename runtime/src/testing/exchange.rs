//! One expected request and its answer, as a test writes them.

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, BoxError, Response};
use bytes::Bytes;
use http_body::Frame;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// An expected request and its answer; 204 without a body until a `reply` says more.
#[derive(Clone, Debug)]
#[must_use = "give it to `Recorded::new`"]
pub struct Exchange {
    pub(super) method: http::Method,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Expected,
    /// The number of times that it is to be sent; `None` for any.
    pub(super) times: Option<u32>,
    /// The time before the answer begins.
    pub(super) delay: Duration,
    answer: Answer,
}

/// An expected body.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    Empty,
    Json(Value),
    Form(Vec<(String, String)>),
    Text(String),
    Any,
}

#[derive(Clone, Debug)]
enum Answer {
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: Bytes,
        /// True if the body breaks off after these bytes.
        breaks_off: bool,
    },
    /// None: the connection was not made, or broke after the request was sent.
    Broken { sent: bool },
}

impl Answer {
    fn of(status: u16, headers: Vec<(String, String)>, body: Bytes) -> Answer {
        Answer::Response { status, headers, body, breaks_off: false }
    }
}

/// A request of any method, to a whole URL.
pub fn request(method: http::Method, url: impl Into<String>) -> Exchange {
    let answer = Answer::of(204, Vec::new(), Bytes::new());
    let (body, times, delay) = (Expected::Empty, Some(1), Duration::ZERO);
    Exchange { method, url: url.into(), headers: Vec::new(), body, times, delay, answer }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident $method:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(url: impl Into<String>) -> Exchange {
            request(http::Method::$method, url)
        })*
    };
}

verbs! {
    /// A GET of a whole URL, its query included.
    get GET;
    /// A POST.
    post POST;
    /// A PUT.
    put PUT;
    /// A PATCH.
    patch PATCH;
    /// A DELETE.
    delete DELETE;
    /// A HEAD.
    head HEAD;
}

impl Exchange {
    /// Expects a header with this value. Others may be there.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Exchange {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// Expects a JSON body, whatever the order of its keys.
    pub fn json(self, body: Value) -> Exchange {
        Exchange { body: Expected::Json(body), ..self }
    }

    /// Expects a form with these names and values, in any order.
    pub fn form<N: Into<String>, V: Into<String>>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Exchange {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Exchange { body: Expected::Form(pairs), ..self }
    }

    /// Expects this text as the body.
    pub fn text(self, body: impl Into<String>) -> Exchange {
        Exchange { body: Expected::Text(body.into()), ..self }
    }

    /// Takes any body, or none.
    pub fn any_body(self) -> Exchange {
        Exchange { body: Expected::Any, ..self }
    }

    /// Expects the request so many times, with the same answer each time. In a list that is in order the next one
    /// comes after them.
    pub fn times(self, times: u32) -> Exchange {
        Exchange { times: Some(times), ..self }
    }

    /// Takes the request at any point, as often as it comes and also never: what a test is not about, such as the
    /// renewal of a token.
    pub fn any_times(self) -> Exchange {
        Exchange { times: None, ..self }
    }

    /// Answers with 200 and this JSON.
    pub fn reply(self, body: Value) -> Exchange {
        self.reply_with(200, body)
    }

    /// Answers with a status and this JSON.
    #[allow(clippy::needless_pass_by_value, reason = "a test writes `json!(...)` here")]
    pub fn reply_with(self, status: u16, body: Value) -> Exchange {
        let kind = ("content-type".to_owned(), "application/json".to_owned());
        Exchange { answer: Answer::of(status, vec![kind], body.to_string().into()), ..self }
    }

    /// Answers with a status and this text, without a content type.
    pub fn reply_text(self, status: u16, body: impl Into<Bytes>) -> Exchange {
        Exchange { answer: Answer::of(status, Vec::new(), body.into()), ..self }
    }

    /// Adds a header to the answer: call it after the `reply`.
    pub fn reply_header(mut self, name: &str, value: impl Into<String>) -> Exchange {
        if let Answer::Response { headers, .. } = &mut self.answer {
            headers.push((name.to_owned(), value.into()));
        }
        self
    }

    /// Does not answer: the connection broke off before the request was sent.
    pub fn unreachable(self) -> Exchange {
        Exchange { answer: Answer::Broken { sent: false }, ..self }
    }

    /// Does not answer: the connection was reset after the request was sent, so that it may have been carried out.
    pub fn reset(self) -> Exchange {
        Exchange { answer: Answer::Broken { sent: true }, ..self }
    }

    /// Lets the body of the answer break off at its end, as if more had been to come: call it after the `reply`.
    pub fn breaks_off(mut self) -> Exchange {
        if let Answer::Response { breaks_off, .. } = &mut self.answer {
            *breaks_off = true;
        }
        self
    }

    /// Lets the answer wait so long. Under Tokio's paused clock (`start_paused`) no test has to.
    pub fn slow(self, delay: Duration) -> Exchange {
        Exchange { delay, ..self }
    }

    /// Answers 429 and asks for a wait, in whole seconds, in `retry-after`.
    pub fn too_many_requests(self, wait: Duration) -> Exchange {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.reply_text(429, "").reply_header("retry-after", seconds.to_string())
    }

    /// The request's first line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    /// The answer.
    pub(super) fn response(self) -> Result<Response> {
        let (status, headers, body, breaks_off) = match self.answer {
            Answer::Response { status, headers, body, breaks_off } => (status, headers, body, breaks_off),
            Answer::Broken { sent } => {
                let message = if sent { "the test resets this connection" } else { "the test lets this request fail" };
                return Err(Error::new(ErrorKind::Unreachable, message).sent(sent));
            }
        };
        let body = if breaks_off { Body::stream(BreaksOff(Some(body))) } else { Body::full(body) };
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response.body(body).map_err(|error| {
            Error::new(ErrorKind::InvalidValue, "the test's answer is no HTTP response")
                .stage(Stage::Testing)
                .source(error)
        })
    }
}

/// A body that gives its bytes and then an error.
struct BreaksOff(Option<Bytes>);

impl http_body::Body for BreaksOff {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err("the test lets this body break off".into()),
        }))
    }
}
