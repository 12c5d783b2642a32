//! A body as the bytes that are sent.

use super::{CallBody, form};
use bytes::Bytes;

impl CallBody {
    /// The bytes of the body; `None` where they come from a stream.
    #[doc(hidden)]
    pub fn encoded(&self) -> Option<Bytes> {
        match self {
            CallBody::Empty => Some(Bytes::new()),
            CallBody::Json(value) => Some(Bytes::from(value.to_string())),
            CallBody::Form(pairs) => Some(form::encoded(pairs)),
            CallBody::Bytes(bytes) | CallBody::JsonText(bytes) => Some(bytes.clone()),
            CallBody::Stream => None,
        }
    }

    /// The media type that follows from the kind of body alone.
    pub(super) fn media_type(&self) -> Option<&'static str> {
        match self {
            CallBody::Json(_) | CallBody::JsonText(_) => Some("application/json"),
            CallBody::Form(_) => Some("application/x-www-form-urlencoded"),
            CallBody::Empty | CallBody::Bytes(_) | CallBody::Stream => None,
        }
    }
}
