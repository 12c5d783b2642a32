//! The beginning of a body, read before the body is given on: nothing of it is lost.
//!
//! Reading ahead is bounded twice, by bytes and by an instant. What was read so far is handed on in each case, and
//! after it what stopped the reading: trailers, or the error of a body that broke off.

use super::body::{Body, BoxError};
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Instant, timeout_at};

/// A body of which the beginning was read.
pub(crate) struct ReadAhead {
    read: Bytes,
    /// The frame after it that is no data.
    then: Option<Result<Frame<Bytes>, BoxError>>,
    rest: Body,
    late: bool,
}

impl Body {
    /// The beginning of the body: about `limit` bytes at most, and what comes until an instant.
    pub(crate) async fn beginning_until(mut self, limit: usize, until: Instant) -> ReadAhead {
        let (mut read, mut then, mut late) = (BytesMut::new(), None, false);
        while read.len() < limit {
            let frame = match timeout_at(until, self.frame()).await {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                Err(_) => {
                    late = true;
                    break;
                }
            };
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => read.extend_from_slice(&data),
                Ok(Err(trailers)) => {
                    then = Some(Ok(trailers));
                    break;
                }
                Err(error) => {
                    then = Some(Err(error));
                    break;
                }
            }
        }
        ReadAhead { read: read.freeze(), then, rest: self, late }
    }

    /// A body of which the beginning was read: it still gives all of it.
    pub(crate) fn resumed(read: Bytes, rest: Body) -> Body {
        ReadAhead { read, then: None, rest, late: false }.into_body()
    }
}

impl ReadAhead {
    /// The bytes that were read.
    pub(crate) fn read(&self) -> &Bytes {
        &self.read
    }

    /// True if the body was not there in time, up to its end or to the limit.
    pub(crate) fn is_late(&self) -> bool {
        self.late
    }

    /// True if the body broke off in what was read.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.then, Some(Err(_)))
    }

    /// A body that gives all of it, as it came.
    pub(crate) fn into_body(self) -> Body {
        Body::stream(self)
    }

    /// The same, or the error of a body that broke off.
    pub(crate) fn unbroken(self) -> Result<Body, BoxError> {
        match self.then {
            Some(Err(error)) => Err(error),
            then => Ok(ReadAhead { then, ..self }.into_body()),
        }
    }
}

impl HttpBody for ReadAhead {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if !self.read.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.read)))));
        }
        match self.then.take() {
            Some(frame) => Poll::Ready(Some(frame)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.then.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (read, rest) = (self.read.len() as u64, self.rest.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(read));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(read)) {
            hint.set_upper(upper);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;
    use std::collections::VecDeque;
    use std::time::Duration;

    /// Frames after waits of so many seconds.
    struct Scripted(VecDeque<(u64, Result<Frame<Bytes>, BoxError>)>, Option<Pin<Box<tokio::time::Sleep>>>);

    impl HttpBody for Scripted {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let Some(wait) = self.0.front().map(|(wait, _)| Duration::from_secs(*wait)) else {
                return Poll::Ready(None);
            };
            let sleep = self.1.get_or_insert_with(|| Box::pin(tokio::time::sleep(wait)));
            std::task::ready!(sleep.as_mut().poll(cx));
            self.1 = None;
            Poll::Ready(self.0.pop_front().map(|(_, frame)| frame))
        }

        fn size_hint(&self) -> SizeHint {
            let left = self.0.iter().filter_map(|(_, frame)| frame.as_ref().ok()?.data_ref());
            SizeHint::with_exact(left.map(|data| data.len() as u64).sum())
        }
    }

    fn data(wait: u64, text: &'static str) -> (u64, Result<Frame<Bytes>, BoxError>) {
        (wait, Ok(Frame::data(Bytes::from(text))))
    }

    fn trailers() -> (u64, Result<Frame<Bytes>, BoxError>) {
        (0, Ok(Frame::trailers(HeaderMap::from_iter([(http::header::ETAG, "\"v1\"".parse().unwrap())]))))
    }

    fn broken() -> (u64, Result<Frame<Bytes>, BoxError>) {
        (0, Err("cut".into()))
    }

    /// The rest of a body: its data, its trailers, and its error.
    async fn left(mut body: Body) -> (String, bool, bool) {
        let (mut text, mut trailers) = (String::new(), false);
        while let Some(frame) = body.frame().await {
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => text.push_str(std::str::from_utf8(&data).unwrap()),
                Ok(Err(_)) => trailers = true,
                Err(_) => return (text, trailers, true),
            }
        }
        (text, trailers, false)
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_whole_after_its_beginning_was_read_however_the_reading_stopped() {
        for (frames, limit, read, late, all) in [
            (vec![], 9, "", false, ("", false, false)),
            (vec![data(0, "abc")], 0, "", false, ("abc", false, false)),
            (vec![data(0, "abc"), data(0, "def")], 9, "abcdef", false, ("abcdef", false, false)),
            // A piece is never cut.
            (vec![data(0, "abc"), data(0, "def")], 2, "abc", false, ("abcdef", false, false)),
            (vec![data(1, "abc"), data(9, "def")], 9, "abc", true, ("abcdef", false, false)),
            (vec![data(9, "abc"), trailers()], 9, "", true, ("abc", true, false)),
            (vec![data(0, "abc"), trailers()], 9, "abc", false, ("abc", true, false)),
            (vec![data(0, "abc"), broken()], 9, "abc", false, ("abc", false, true)),
        ] {
            let length: usize =
                frames.iter().filter_map(|(_, frame)| frame.as_ref().ok()?.data_ref()).map(Bytes::len).sum();
            let body = Body::stream(Scripted(frames.into(), None));
            let ahead = body.beginning_until(limit, Instant::now() + Duration::from_secs(5)).await;
            assert_eq!((ahead.read().as_ref(), ahead.is_late()), (read.as_bytes(), late), "{all:?}");
            assert_eq!(ahead.is_broken(), all.2);
            let body = ahead.into_body();
            assert_eq!(body.size_hint().exact(), Some(length as u64), "{all:?}");
            let (text, trailers, broke) = left(body).await;
            assert_eq!((text.as_str(), trailers, broke), all);
        }
    }

    #[tokio::test]
    async fn a_body_that_broke_off_is_its_error() {
        let until = Instant::now() + Duration::from_secs(5);
        for (last, expected) in [(broken(), Some("cut")), (data(0, "def"), None)] {
            let body = Body::stream(Scripted([data(0, "abc"), last].into(), None));
            let unbroken = body.beginning_until(9, until).await.unbroken();
            assert_eq!(unbroken.err().map(|error| error.to_string()).as_deref(), expected);
        }
    }
}
