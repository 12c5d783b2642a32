//! Answers as values: what a method's return type stands for.
//!
//! Generated code names these types, which nest as return types do: `Answer<Option<T>>` is
//! `WithHead<OrAbsent<AsJson<T>>>`.

use crate::client::answer::Whole;
use crate::error::Result;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;

/// An answer's value with its head.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::connected().await?;
/// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
/// # let me = keyway::Answer { value: 1, status: http::StatusCode::OK, headers: http::HeaderMap::new() };
/// use keyway::Answer;
///
/// // #[get("/me")] fn me(&self) -> Answer<User>;
/// let Answer { value, status, headers } = me;
/// assert!(status.is_success() && headers.get("etag").is_none());
/// # let _: i32 = value;
/// # Ok(())
/// # });
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// The body, as the method reads it.
    pub value: T,
    /// The status: a success, or one that the method names as absent.
    pub status: StatusCode,
    /// The headers: `ETag`, rate limits, `Location`.
    pub headers: HeaderMap,
}

impl<T> Answer<T> {
    /// The text of a header; `None` if it is not there or is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Headers are shown by name only: one may hold a cookie.
impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        let mut shown = f.debug_struct("Answer");
        shown.field("value", &self.value).field("status", &self.status).field("headers", &headers).finish()
    }
}

/// A way to read an answer.
pub trait ReadAs {
    /// The value that comes of it.
    type Out;

    #[doc(hidden)]
    fn read(answer: &Read<'_>) -> Result<Self::Out>;

    /// True if a body stands for no value.
    #[doc(hidden)]
    fn is_none(_: &Read<'_>) -> bool {
        false
    }
}

/// An answer that is to be read.
pub struct Read<'a> {
    pub(super) whole: &'a Whole,
    /// True if its status is one that means that there is no value.
    pub(super) is_absent: bool,
}

/// As JSON; an empty body is `null`.
pub struct AsJson<T>(PhantomData<T>);
/// As text; what is not UTF-8 is replaced.
pub struct AsText;
/// As bytes.
pub struct AsBytes;
/// Not at all.
pub struct AsNothing;
/// With status and headers.
pub struct WithHead<R>(PhantomData<R>);
/// As something that may not be there.
pub struct OrAbsent<R>(PhantomData<R>);

impl<T: DeserializeOwned> ReadAs for AsJson<T> {
    type Out = T;

    fn read(answer: &Read<'_>) -> Result<T> {
        answer.whole.json()
    }

    fn is_none(answer: &Read<'_>) -> bool {
        matches!(answer.whole.body.trim_ascii(), b"" | b"null")
    }
}

impl ReadAs for AsText {
    type Out = String;

    fn read(answer: &Read<'_>) -> Result<String> {
        Ok(String::from_utf8_lossy(&answer.whole.body).into_owned())
    }
}

impl ReadAs for AsBytes {
    type Out = Bytes;

    fn read(answer: &Read<'_>) -> Result<Bytes> {
        Ok(answer.whole.body.clone())
    }
}

impl ReadAs for AsNothing {
    type Out = ();

    fn read(_: &Read<'_>) -> Result<()> {
        Ok(())
    }
}

impl<R: ReadAs> ReadAs for WithHead<R> {
    type Out = Answer<R::Out>;

    fn read(answer: &Read<'_>) -> Result<Answer<R::Out>> {
        let Whole { status, headers, .. } = answer.whole;
        Ok(Answer { value: R::read(answer)?, status: *status, headers: headers.clone() })
    }

    fn is_none(answer: &Read<'_>) -> bool {
        R::is_none(answer)
    }
}

impl<R: ReadAs> ReadAs for OrAbsent<R> {
    type Out = Option<R::Out>;

    fn read(answer: &Read<'_>) -> Result<Option<R::Out>> {
        if answer.is_absent || R::is_none(answer) { Ok(None) } else { R::read(answer).map(Some) }
    }
}
