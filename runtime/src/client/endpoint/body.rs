//! The body of an endpoint's call.

use super::{IntoBody, IntoBytes, Outgoing, has_header, multipart, values};
use crate::request::CallBody;
use keyway_spec::operation::ListStyle;
use serde::Serialize;
use serde_json::Value;

impl Outgoing<'_> {
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

    /// The same with values inside values, in a style with brackets.
    pub fn nested_form<T: Serialize + ?Sized>(self, name: &'static str, style: ListStyle, value: &T) -> Self {
        self.change(|call| {
            call.body = CallBody::Form(values::nested_fields(name, style, value)?);
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

    /// Fields and files as the body: `multipart/form-data`.
    pub fn multipart<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        let keyway = self.request.keyway;
        self.change(|call| {
            let boundary = keyway.engine().moment()?.uuid;
            let (body, media_type) = multipart::encoded(&multipart::parts(name, value)?, &boundary)?;
            call.body = CallBody::Bytes(body);
            call.headers.push(("content-type".to_owned(), media_type));
            Ok(())
        })
    }

    /// A stream as the body, sent as it comes.
    pub fn stream(self, value: impl IntoBody) -> Self {
        let mut outgoing = self.change(|call| {
            call.body = CallBody::Stream;
            Ok(())
        });
        outgoing.stream = Some(value.into_body());
        outgoing
    }

    /// The media type of the body, unless an argument says another.
    pub fn media_type(self, media_type: &'static str) -> Self {
        self.change(|call| {
            if !has_header(call, "content-type") {
                call.headers.push(("content-type".to_owned(), media_type.to_owned()));
            }
            Ok(())
        })
    }
}
