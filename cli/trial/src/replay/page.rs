//! A page of a list: its items, and the request for the next one.

use super::outcome::{ReplayOutcome, ReplayProblem};
use super::{Then, account, last_page};
use crate::sample::Sample;
use crate::vendor::Arrived;
use http::Method;
use keyway::Call;
use keyway::request::Paginate;
use keyway_format::endpoint_path::fits;
use keyway_spec::proxy::PaginateKind;
use keyway_spec::{self as spec, Operation, ProviderSpec};
use std::collections::BTreeSet;

/// Replays a page: it is read by the entry's rule, and the request for the one behind it is looked at.
pub(super) async fn read(spec: &'static ProviderSpec, sample: &Sample) -> ReplayOutcome {
    let mut outcome = ReplayOutcome::of(sample);
    let (method, path) = sample.request.clone().unwrap_or((Method::GET, "/".to_owned()));
    let Some(rule) = rule(spec, &method, &path) else {
        let message = "the entry has no `proxy.paginate`, so nothing says how lists go on";
        outcome.problem(ReplayProblem::NotDescribed(message.to_owned()));
        return outcome;
    };
    let (account, vendor) = match account(spec, &[sample], Then::Nothing) {
        Ok(made) => made,
        Err(error) => return outcome.refused(&error),
    };
    if let Err(error) = account.found(false).await {
        return outcome.refused(&error);
    }
    let mut pages = account.keyway.pages(&account.key, Call::new(method, path)).rule(Paginate::from(rule));
    let items = match pages.next().await {
        Ok(items) => items.unwrap_or_default().len(),
        Err(error) => return outcome.refused(&error),
    };
    outcome.read(match items {
        1 => "1 item".to_owned(),
        items => format!("{items} items"),
    });
    match sample.meaning.items {
        Some(meant) if meant != items => {
            outcome.problem(ReplayProblem::Differs(format!("the page has {meant} items, and {items} are read")));
        }
        None if items == 0 => {
            let message = "no item is read; if the page is empty, say `# items: 0` in the sample".to_owned();
            outcome.problem(ReplayProblem::NotRead(message));
        }
        _ => {}
    }
    // Where the list cannot be followed, that is the error of the next page. Its answer does not matter.
    let next = pages.next().await;
    let arrived = vendor.arrived();
    match (arrived.first(), arrived.get(1)) {
        (Some(first), Some(second)) => follows(&mut outcome, sample, rule.kind, first, second),
        _ => match next {
            Err(error) => return outcome.refused(&error),
            Ok(_) => ends(&mut outcome, sample),
        },
    }
    outcome
}

/// The rule of the operation that the entry vouches for at this path, else that of the entry.
pub(crate) fn rule(spec: &ProviderSpec, method: &Method, path: &str) -> Option<spec::Paginate> {
    let path = path.split('?').next().unwrap_or(path);
    let is_it = |one: &&Operation| method.as_str().eq_ignore_ascii_case(one.verb.name()) && fits(one.path, path);
    let operation = spec.operations.iter().find(is_it).and_then(|operation| operation.paginate);
    operation.or_else(|| spec.proxy.and_then(|proxy| proxy.paginate))
}

/// Judges the request for the next page.
fn follows(outcome: &mut ReplayOutcome, sample: &Sample, rule: PaginateKind, first: &Arrived, second: &Arrived) {
    let before: BTreeSet<(String, String)> = first.url.query_pairs().into_owned().collect();
    let changed: Vec<String> = (second.url.query_pairs().into_owned())
        .filter(|pair| !before.contains(pair))
        .map(|(name, value)| format!("`{name}={value}`"))
        .collect();
    let same = first.url == second.url && first.body == second.body && first.headers == second.headers;
    if same {
        outcome.problem(ReplayProblem::Implausible("the next page would be this one again".to_owned()));
    } else if changed.is_empty() {
        outcome.read(format!("the next page is `{}`", second.url.path()));
    } else {
        outcome.read(format!("the next page has {}", changed.join(", ")));
    }
    if let Some(meant) = &sample.meaning.next
        && !has(second, meant)
    {
        let message = format!("the vendor's page says that the next page has `{meant}`, and it is `{}`", second.url);
        outcome.problem(ReplayProblem::Differs(message));
    }
    if sample.meaning.more != Some(false) && !sample.meaning.asks_no_more {
        return;
    }
    let key = || last_page::told_by(&serde_json::from_slice(&sample.body).ok()?);
    let words = match key() {
        Some(key) => format!(
            "this is the last page, and another one is asked for: `keyway.paginate` with `{key}` ends the list here"
        ),
        None => "this is the last page, and another one is asked for".to_owned(),
    };
    // Counted pages go on until one is empty, unless the entry says what ends them.
    if matches!(rule, PaginateKind::Offset { .. }) && !sample.meaning.asks_no_more {
        outcome.read(words);
    } else {
        outcome.problem(ReplayProblem::Differs(words));
    }
}

/// True if a request has a parameter or a header of this value, or this path and query.
fn has(request: &Arrived, meant: &str) -> bool {
    if meant.starts_with('/') {
        return &request.url[url::Position::BeforePath..] == meant;
    }
    let Some((name, value)) = meant.split_once('=') else { return false };
    let in_query = request.url.query_pairs().any(|(other, found)| other == name && found == value);
    in_query || request.headers.get(name).is_some_and(|found| found == value)
}

/// Judges a page that nothing is read behind.
fn ends(outcome: &mut ReplayOutcome, sample: &Sample) {
    if sample.meaning.more == Some(false) || sample.meaning.asks_no_more {
        outcome.read("the list ends here");
    } else {
        let message = "no next page is read from it; if it is the last one, say `# more: no` in the sample".to_owned();
        outcome.problem(ReplayProblem::NotRead(message));
    }
}
