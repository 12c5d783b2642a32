//! What a method of an `#[api]` trait does: the call of one endpoint, put together piece by piece.
//!
//! Generated code calls it through `__codegen`; people use the trait. The first value that does not fit is the error
//! of the whole call, and nothing is sent. Sending is [`super::typed::Request`]'s.

mod error;
mod values;

pub use error::CallError;
pub use values::IntoBytes;

use super::answer::Refusal;
use super::pages::Pages;
use super::typed::{Client, Request};
use crate::error::Result;
use crate::request::CallBody;
use crate::template::position;
use crate::transport::Response;
use http::Method;
use keyway_spec::Position;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use values::refused;

/// The call of an endpoint.
#[must_use = "nothing is sent before `read`, `done`, `raw` or `pages`"]
#[derive(Debug)]
pub struct Outgoing<'c> {
    request: Request<'c>,
}

impl<'c> Outgoing<'c> {
    /// A call of a connection, to the base URL so far.
    pub fn new<P>(client: &'c Client<P>, method: Method) -> Outgoing<'c> {
        Outgoing { request: client.request(method, "") }
    }

    /// The next part of the path, as the trait has it.
    pub fn text(self, text: &'static str) -> Self {
        self.change(|call| {
            call.endpoint.push_str(text);
            call.endpoint_template.get_or_insert_default().push_str(text);
            Ok(())
        })
    }

    /// The next part of the path: a value, percent-encoded, so that it stays inside its segment.
    pub fn part<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            let text = values::one(name, value)?.filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| refused(name, "must not be empty: it is a part of the path"))?;
            let fitted = position::fit(Position::Segment, &text).map_err(|reason| refused(name, reason))?;
            call.endpoint.push_str(&fitted);
            let template = call.endpoint_template.get_or_insert_default();
            template.extend(["{", name, "}"]);
            Ok(())
        })
    }

    /// A query parameter: nothing for `None`, one for each item of a list, one for each field of a struct.
    pub fn query<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.query.extend(values::pairs(name, value)?);
            Ok(())
        })
    }

    /// A header; nothing for `None`.
    pub fn header<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.headers.extend(values::one(name, value)?.map(|text| (name.to_owned(), text)));
            Ok(())
        })
    }

    /// A JSON body; none for `None`.
    pub fn json<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.body = match values::json(name, value)? {
                Value::Null => CallBody::Empty,
                value => CallBody::Json(value),
            };
            Ok(())
        })
    }

    /// A body of names and values: `application/x-www-form-urlencoded`.
    pub fn form<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.body = CallBody::Form(values::fields(name, value)?);
            Ok(())
        })
    }

    /// Bytes as the body, sent as they are.
    pub fn bytes(self, value: impl IntoBytes) -> Self {
        self.change(|call| {
            call.body = CallBody::Bytes(value.into_bytes());
            Ok(())
        })
    }

    /// Sends the call and reads a successful answer as JSON; an empty body is `null`.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T> {
        self.request.json().await
    }

    /// Sends the call and ignores the body of a successful answer.
    pub async fn done(self) -> Result<()> {
        self.request.text().await.map(drop)
    }

    /// Says the shape of a refusal's body. Asked here alone, so that rustc reports a type that cannot be read where it
    /// is written.
    pub fn refusal<E: DeserializeOwned>(self) -> OrRefusal<'c, E> {
        OrRefusal { request: self.request, typed: error::typed }
    }

    /// Sends the call and returns the response as it comes, whatever its status.
    pub async fn raw(self) -> Result<Response> {
        self.request.send().await
    }

    /// The pages of a list.
    pub fn pages<T: DeserializeOwned>(self) -> Pages<T> {
        self.request.pages()
    }

    fn change(mut self, change: impl FnOnce(&mut crate::Call) -> Result<()>) -> Self {
        self.request.call = self.request.call.and_then(|mut call| change(&mut call).map(|()| call));
        self
    }
}

/// The call of an endpoint whose refusals have a shape.
#[must_use = "nothing is sent before `read` or `done`"]
#[derive(Debug)]
pub struct OrRefusal<'c, E> {
    request: Request<'c>,
    typed: fn(Refusal) -> CallError<E>,
}

impl<E> OrRefusal<'_, E> {
    /// Sends the call and reads a successful answer as JSON; an empty body is `null`.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T, CallError<E>> {
        Ok(self.request.whole_or_refusal().await?.map_err(self.typed)?.json()?)
    }

    /// Sends the call and ignores the body of a successful answer.
    pub async fn done(self) -> Result<(), CallError<E>> {
        self.request.whole_or_refusal().await?.map_err(self.typed).map(drop)
    }
}
