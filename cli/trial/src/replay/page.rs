//! A page of a list: its items, and the request for the next one.

use super::account;
use super::outcome::{Outcome, Problem};
use crate::sample::Sample;
use crate::vendor::Arrived;
use http::Method;
use keyway::Call;
use keyway_spec::ProviderSpec;
use keyway_spec::proxy::PaginateKind;
use std::collections::BTreeSet;

/// Replays a page: it is read by the entry's rule, and the request for the one behind it is looked at.
pub(super) async fn read(spec: &'static ProviderSpec, sample: &Sample) -> Outcome {
    let mut outcome = Outcome::of(sample);
    let Some(rule) = spec.proxy.and_then(|proxy| proxy.paginate) else {
        outcome.problem(Problem::NotDescribed(
            "the entry has no `proxy.paginate`, so nothing says how lists go on".to_owned(),
        ));
        return outcome;
    };
    let (account, vendor) = match account(spec, &[sample]) {
        Ok(made) => made,
        Err(error) => return outcome.refused(&error),
    };
    if let Err(error) = account.found(false).await {
        return outcome.refused(&error);
    }
    let (method, path) = sample.request.clone().unwrap_or((Method::GET, "/".to_owned()));
    let mut pages = account.keyway.pages(&account.key, Call::new(method, path));
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
            outcome.problem(Problem::Differs(format!("the page has {meant} items, and {items} are read")));
        }
        None if items == 0 => {
            let message = "no item is read; if the page is empty, say `# items: 0` in the sample".to_owned();
            outcome.problem(Problem::NotRead(message));
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

/// Judges the request for the next page.
fn follows(outcome: &mut Outcome, sample: &Sample, rule: PaginateKind, first: &Arrived, second: &Arrived) {
    let before: BTreeSet<(String, String)> = first.url.query_pairs().into_owned().collect();
    let changed: Vec<String> = (second.url.query_pairs().into_owned())
        .filter(|pair| !before.contains(pair))
        .map(|(name, value)| format!("`{name}={value}`"))
        .collect();
    let same = first.url == second.url && first.body == second.body && first.headers == second.headers;
    if same {
        outcome.problem(Problem::Implausible("the next page would be this one again".to_owned()));
    } else if changed.is_empty() {
        outcome.read(format!("the next page is `{}`", second.url.path()));
    } else {
        outcome.read(format!("the next page has {}", changed.join(", ")));
    }
    // Counted pages go on until one is empty: no answer says so.
    if sample.meaning.more == Some(false) && !matches!(rule, PaginateKind::Offset { .. }) {
        outcome.problem(Problem::Differs("this is the last page, and another one is asked for".to_owned()));
    }
}

/// Judges a page that nothing is read behind.
fn ends(outcome: &mut Outcome, sample: &Sample) {
    if sample.meaning.more == Some(false) {
        outcome.read("the list ends here");
    } else {
        let message = "no next page is read from it; if it is the last one, say `# more: no` in the sample".to_owned();
        outcome.problem(Problem::NotRead(message));
    }
}
