//! Calls: a read, a write, pages, a limit.

use super::signing_in::without_query;
use super::stage::{WalkStage, of_kind, wrong};
use super::step::Walked;
use http::Method;
use keyway::request::CallBody;
use keyway::{Call, Result};
use keyway_simulator::{EndpointKind, ITEMS, LIMITED};
use keyway_spec::Retry;
use keyway_spec::proxy::PaginateKind;
use serde_json::json;

/// A path of no meaning.
const SOMETHING: &str = "/keyway-simulator/something";
/// More pages than the stand-in has.
const MAX_PAGES: usize = 10;

/// All calls.
pub(super) async fn all(stage: &mut WalkStage, walked: &mut Walked) {
    if stage.spec.proxy.is_none() {
        walked.not_described("read", "`proxy.base_url`: nothing says where the API is");
        return;
    }
    let read = one(stage, Call::get(SOMETHING)).await;
    walked.step("read", read);
    let body = CallBody::Json(json!({"name": "simulated"}));
    let write = one(stage, Call::new(Method::POST, SOMETHING).body(body)).await;
    walked.step("write", write);
    pages(stage, walked).await;
    limited(stage, walked).await;
}

/// Makes one call, and looks at what arrived.
pub(super) async fn one(stage: &mut WalkStage, call: Call) -> Result<String, String> {
    let answer = stage.account.keyway.send(&stage.account.key, call, None).await;
    let requests = stage.look();
    let answer = answer.map_err(|error| error.to_string())?;
    if let Some(wrong) = wrong(&requests) {
        return Err(wrong);
    }
    let last = requests.last().map(|request| format!("{} {}", request.method, without_query(&request.url)));
    if answer.status().is_success() {
        Ok(last.unwrap_or_default())
    } else {
        Err(format!("{} answers {}", last.unwrap_or_default(), answer.status().as_u16()))
    }
}

async fn pages(stage: &mut WalkStage, walked: &mut Walked) {
    if stage.spec.proxy.is_none_or(|proxy| proxy.paginate.is_none()) {
        walked.not_described("pages", "`proxy.paginate`: nothing says how lists go on");
        return;
    }
    let Some(rule) = stage.spec.proxy.and_then(|proxy| proxy.paginate) else { return };
    let in_object = matches!(rule.kind, PaginateKind::Cursor { .. } | PaginateKind::LinkBody { .. });
    if in_object && rule.response_path.is_none() {
        let words = "`proxy.paginate.response_path`: each list has a name of its own, which `keyway.endpoints` may say";
        walked.not_described("pages", words);
        return;
    }
    let mut pages = stage.account.keyway.pages(&stage.account.key, Call::get(format!("/{ITEMS}"))).max_pages(MAX_PAGES);
    let (mut count, mut items) = (0, 0);
    let error = loop {
        match pages.next().await {
            Ok(Some(page)) => {
                count += 1;
                items += page.len();
            }
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    let requests = stage.look();
    let each_once = (1..=3).all(|number| of_kind(&requests, EndpointKind::Page(number)) == 1);
    walked.step(
        "pages",
        match (wrong(&requests), error) {
            (Some(wrong), _) => Err(wrong),
            (None, Some(error)) => Err(error),
            (None, None) if items == 0 => Err("no item was read".to_owned()),
            (None, None) if !each_once => Err(format!("{} requests for three pages", requests.len())),
            (None, None) => Ok(format!("{items} items on {count} pages, {} requests", requests.len())),
        },
    );
}

async fn limited(stage: &mut WalkStage, walked: &mut Walked) {
    let retry = stage.spec.proxy.map_or(Retry::EMPTY, |proxy| proxy.retry);
    let call = Call::get(format!("/{LIMITED}")).retries(2);
    let begun = tokio::time::Instant::now();
    let answer = stage.account.keyway.send(&stage.account.key, call, None).await;
    let waited = begun.elapsed().as_secs();
    let requests = stage.look();
    let outcome = match (wrong(&requests), answer) {
        (Some(wrong), _) => Err(wrong),
        (None, Err(error)) => Err(error.to_string()),
        (None, Ok(answer)) if !answer.status().is_success() => {
            Err(format!("after {} requests the answer is still {}", requests.len(), answer.status().as_u16()))
        }
        (None, Ok(_)) if of_kind(&requests, EndpointKind::Limited) < 2 => Err("the limit was not met".to_owned()),
        (None, Ok(_)) => Ok(format!("called again after {waited} s")),
    };
    let is_described =
        !retry.at.is_empty() || !retry.after.is_empty() || retry.in_body.is_some() || !retry.limits.is_empty();
    match outcome {
        Ok(words) if !is_described => {
            walked.not_described("limit", format!("`proxy.retry`: no header says how long to wait; {words}"));
        }
        outcome => drop(walked.step("limit", outcome)),
    }
}
