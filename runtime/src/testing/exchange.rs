//! One expected request and its answer, as a test writes them.

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, Response};
use bytes::Bytes;
use serde_json::Value;

/// An expected request and its answer; 204 without a body until a `reply` says more.
#[derive(Clone, Debug)]
#[must_use = "give it to `Recorded::new`"]
pub struct Exchange {
    pub(super) method: http::Method,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Expected,
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
    Response { status: u16, headers: Vec<(String, String)>, body: Bytes },
    Unreachable,
}

/// A request of any method, to a whole URL.
pub fn request(method: http::Method, url: impl Into<String>) -> Exchange {
    let answer = Answer::Response { status: 204, headers: Vec::new(), body: Bytes::new() };
    Exchange { method, url: url.into(), headers: Vec::new(), body: Expected::Empty, answer }
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

    /// Answers with 200 and this JSON.
    pub fn reply(self, body: Value) -> Exchange {
        self.reply_with(200, body)
    }

    /// Answers with a status and this JSON.
    #[allow(clippy::needless_pass_by_value, reason = "a test writes `json!(...)` here")]
    pub fn reply_with(self, status: u16, body: Value) -> Exchange {
        let kind = ("content-type".to_owned(), "application/json".to_owned());
        Exchange { answer: Answer::Response { status, headers: vec![kind], body: body.to_string().into() }, ..self }
    }

    /// Answers with a status and this text, without a content type.
    pub fn reply_text(self, status: u16, body: impl Into<Bytes>) -> Exchange {
        Exchange { answer: Answer::Response { status, headers: Vec::new(), body: body.into() }, ..self }
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
        Exchange { answer: Answer::Unreachable, ..self }
    }

    /// The request's first line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    /// The answer.
    pub(super) fn response(self) -> Result<Response> {
        let Answer::Response { status, headers, body } = self.answer else {
            return Err(Error::new(ErrorKind::Unreachable, "the test lets this request fail").sent(false));
        };
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response.body(Body::full(body)).map_err(|error| {
            Error::new(ErrorKind::InvalidValue, "the test's answer is no HTTP response")
                .stage(Stage::Testing)
                .source(error)
        })
    }
}
