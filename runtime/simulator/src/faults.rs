//! Faults on order: what happens to the next request of a kind.

use crate::check::EndpointKind;
use crate::{answer, limits};
use bytes::Bytes;
use http::Response;
use http::header::CONTENT_LENGTH;
use keyway_spec::Retry;
use serde_json::json;

/// A fault of the vendor, or of the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFault {
    /// The request is answered with a status and not processed.
    Unavailable(u16),
    /// The request is processed, and its answer is lost: the caller sees this status.
    LostAnswer(u16),
    /// The request is processed, and half of its answer's body arrives. [`CutShort`] is an extension of the answer.
    CutShort,
    /// The answer takes these milliseconds. [`Delay`] is an extension of the answer.
    Slow(u64),
    /// The quota is spent for these seconds, told as the entry says.
    Limited(u32),
}

/// An extension of an answer: the driver delivers it after these milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay(pub u64);

/// An extension of an answer: its body ends before its `Content-Length`, as a connection that breaks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutShort;

/// Faults that wait for their request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<(EndpointKind, InjectedFault)>,
}

impl Faults {
    /// Adds a fault for the next request of a kind; of a page, whatever its number.
    pub(crate) fn add(&mut self, kind: EndpointKind, fault: InjectedFault) {
        self.waiting.push((kind, fault));
    }

    /// Forgets those whose request has not come.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The fault for a request.
    pub(crate) fn take(&mut self, kind: EndpointKind) -> Option<InjectedFault> {
        let at = self.waiting.iter().position(|(own, _)| {
            *own == kind || matches!((own, kind), (EndpointKind::Page(0), EndpointKind::Page(_)))
        })?;
        Some(self.waiting.remove(at).1)
    }
}

/// The answer instead of one, if the request is not processed.
pub(crate) fn instead(fault: InjectedFault, retry: &Retry, now: i64) -> Option<Response<Bytes>> {
    match fault {
        InjectedFault::Unavailable(status) => Some(answer::json(status, &json!({"error": "temporarily_unavailable"}))),
        InjectedFault::Limited(seconds) => Some(limits::limited(retry, i64::from(seconds), now).0),
        InjectedFault::LostAnswer(_) | InjectedFault::CutShort | InjectedFault::Slow(_) => None,
    }
}

/// The answer as it arrives.
pub(crate) fn damaged(fault: InjectedFault, mut answer: Response<Bytes>) -> Response<Bytes> {
    match fault {
        InjectedFault::LostAnswer(status) => answer::text(status, "text/plain", "upstream connect error".to_owned()),
        InjectedFault::CutShort => {
            let length = answer.body().len();
            answer.headers_mut().insert(CONTENT_LENGTH, length.into());
            let half = answer.body().slice(..length / 2);
            *answer.body_mut() = half;
            answer.extensions_mut().insert(CutShort);
            answer
        }
        InjectedFault::Slow(milliseconds) => {
            answer.extensions_mut().insert(Delay(milliseconds));
            answer
        }
        InjectedFault::Unavailable(_) | InjectedFault::Limited(_) => answer,
    }
}
