//! Errors in the entry's own words: the status and the members that `keyway.errors` says the vendor tells one by.

use crate::check::RefusalKind;
use crate::expected::to_json;
use crate::template::Values;
use crate::{answer, path};
use bytes::Bytes;
use http::Response;
use keyway_spec::Proxy;
use keyway_spec::proxy::ErrorAnswer;
use serde_json::{Value, json};

/// The words for an error of a status; `None` where the entry has none, and the status itself tells it.
pub(crate) fn of_status(proxy: &Proxy, status: u16) -> Option<&'static ErrorAnswer> {
    proxy.errors.iter().find(|error| error.counts_as == status)
}

/// The error with its members in a body.
pub(crate) fn answer(error: &ErrorAnswer, body: &mut Value) -> Response<Bytes> {
    if let Some(at) = error.has {
        path::set(body, at, json!([{"message": "the call failed"}]));
    }
    for entry in error.when {
        path::set(body, entry.name, to_json(&entry.value, &Values::default()));
    }
    answer::json(error.statuses.first().map_or(200, |range| range.first), body)
}

/// The refusal of a call in the entry's words. A probe may be refused by any error of the caller's.
pub(crate) fn refusal(proxy: &Proxy, refused: RefusalKind, is_probe: bool, reason: &str) -> Option<Response<Bytes>> {
    let status = match refused {
        RefusalKind::Unauthorized => 401,
        RefusalKind::Status(status) => status,
        RefusalKind::OAuth(_) => return None,
    };
    let any = || proxy.errors.iter().find(|error| matches!(error.counts_as, 400 | 403)).filter(|_| is_probe);
    let error = of_status(proxy, status).or_else(any)?;
    Some(answer(error, &mut json!({"reason": reason})))
}
