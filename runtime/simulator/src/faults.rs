//! Faults on order: what happens to the next request of a kind.

use crate::check::EndpointKind;
use crate::injected::{CutShort, Delay, InjectedFault};
use crate::{answer, limits};
use bytes::Bytes;
use http::Response;
use http::header::CONTENT_LENGTH;
use keyway_spec::Proxy;
use serde_json::json;

/// The most faults that wait; more are dropped.
const MAX_WAITING: usize = 1_000;

/// Faults that wait for their request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<(EndpointKind, InjectedFault)>,
}

impl Faults {
    /// Adds a fault for the next request of a kind; of a page, whatever its number.
    pub(crate) fn add(&mut self, kind: EndpointKind, fault: InjectedFault) {
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push((kind, fault));
        }
    }

    /// Those that wait, in order.
    pub(crate) fn waiting(&self) -> &[(EndpointKind, InjectedFault)] {
        &self.waiting
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
pub(crate) fn instead(fault: InjectedFault, proxy: &Proxy, now: i64) -> Option<Response<Bytes>> {
    match fault {
        InjectedFault::Unavailable(status) => Some(answer::json(status, &json!({"error": "temporarily_unavailable"}))),
        InjectedFault::Limited(seconds) => Some(limits::limited(proxy, i64::from(seconds), now).0),
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
