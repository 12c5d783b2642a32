//! Answers of token endpoints: signing in, and renewing.

use super::outcome::{ReplayOutcome, ReplayProblem, duration};
use super::{Then, account};
use crate::account::Account;
use crate::sample::{MeantTime, Sample, SampleKind};
use crate::stand_in::found_out;
use crate::vendor::Vendor;
use crate::webhook;
use keyway::Connection;
use keyway::client::Started;
use keyway::connection::Token;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::{Connect, TokenFrom};
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

/// The code that a vendor gives.
const CODE: &str = "trial-code";
/// A shorter lifetime is none that a vendor would choose: 10 s.
const MIN_LIFETIME: u64 = 10;
/// A longer one is rarely meant: 90 days.
const MAX_LIFETIME: u64 = 90 * 86_400;
/// The depth to which members are looked for in an answer.
const MAX_DEPTH: usize = 8;

/// Answers one exchange with the samples together: signing in, or a renewal. The last sample gets the verdict on all.
pub(super) async fn exchanged(
    spec: &'static ProviderSpec,
    samples: &[&Sample],
    kind: SampleKind,
) -> Vec<ReplayOutcome> {
    let mut outcomes: Vec<ReplayOutcome> = samples.iter().map(|sample| ReplayOutcome::of(sample)).collect();
    let Some(mut last) = outcomes.pop() else { return outcomes };
    if matches!(spec.auth.facts().token, TokenFrom::Nothing | TokenFrom::Made) {
        let message = format!("`{}` has no token endpoint: its calls carry {}", spec.key, spec.auth.facts().title);
        last.problem(ReplayProblem::NotDescribed(message));
        outcomes.push(last);
        return outcomes;
    }
    outcomes.push(run(spec, samples, kind, last).await);
    outcomes
}

async fn run(spec: &'static ProviderSpec, samples: &[&Sample], kind: SampleKind, last: ReplayOutcome) -> ReplayOutcome {
    let (account, vendor) = match account(spec, samples, Then::Nothing) {
        Ok(made) => made,
        Err(error) => return last.refused(&error),
    };
    let begun = account.keyway.clock().now();
    let connected = if kind == SampleKind::Refresh {
        match account.found(true).await {
            Ok(_) => account.keyway.refresh(&account.key).await,
            Err(error) => Err(error),
        }
    } else {
        let installed = || webhook::installation(spec, &account.said.config, &found_out(spec), CODE);
        account.connect(|started| Ok(callback(spec, started)), installed).await
    };
    let asked = vendor.arrived().len();
    let connection = match connected {
        Ok(connection) => connection,
        Err(error) if asked > samples.len() && error.kind() != keyway::ErrorKind::NotVerified => {
            return too_few(last, samples, &vendor, &error);
        }
        Err(error) => return last.refused(&error),
    };
    let mut outcome = last;
    if asked < samples.len() {
        let message = format!("the entry makes {asked} of {} requests: the others are never made", samples.len());
        outcome.problem(ReplayProblem::NotRead(message));
    }
    judge(&mut outcome, samples, &connection, begun.as_second());
    config(&mut outcome, &account, &connection);
    outcome
}

/// The outcome of an exchange that asked for more than there is.
fn too_few(mut last: ReplayOutcome, samples: &[&Sample], vendor: &Vendor, error: &keyway::Error) -> ReplayOutcome {
    let next = vendor.arrived().get(samples.len()).map(|request| {
        let mut url = request.url.clone();
        url.set_query(None);
        format!("{} {url}", request.method)
    });
    let message = format!(
        "{error}; this entry goes on with `{}`, which has no sample: number them, `{}-1.http`, `{}-2.http`",
        next.unwrap_or_default(),
        last.kind.name(),
        last.kind.name(),
    );
    last.problem(ReplayProblem::Refused(message));
    last
}

/// The parameters with which a browser comes back, whatever the mode reads of them.
fn callback(spec: &'static ProviderSpec, started: &Started) -> Vec<(String, String)> {
    let code = spec.auth.code_flow().map_or("code", |(page, _)| page.code_param);
    let page = Url::parse(&started.url).ok();
    let asked = page.as_ref().and_then(|page| page.query_pairs().find(|(name, _)| name == "oauth_token"));
    let mut brought = vec![(code.to_owned(), CODE.to_owned())];
    brought.push(("oauth_token".to_owned(), asked.map_or_else(String::new, |(_, value)| value.into_owned())));
    brought.push(("oauth_verifier".to_owned(), "trial-verifier".to_owned()));
    if spec.auth.connect() == Connect::Interactive && spec.auth.facts().app_page {
        brought.push(("installation_id".to_owned(), "1".to_owned()));
    }
    let metadata = spec.auth.code_flow().map_or(&[][..], |(page, _)| page.redirect_uri_metadata);
    // A field may take the vendor's own values only.
    let values = found_out(spec);
    let value = |name: &str| values.get(name).cloned().unwrap_or_else(|| "1".to_owned());
    brought.extend(metadata.iter().map(|name| ((*name).to_owned(), value(name))));
    brought
}

/// Says what was read, and what was not.
fn judge(outcome: &mut ReplayOutcome, samples: &[&Sample], connection: &Connection, begun: i64) {
    let Some(token) = &connection.credentials.token else {
        outcome.problem(ReplayProblem::NotRead("no token was found in the answer".to_owned()));
        return;
    };
    outcome.read("a token");
    let members: Vec<(String, Value)> = samples.iter().flat_map(|sample| members(sample)).collect();
    lifetime(outcome, token, &members, samples.iter().rev().find_map(|sample| sample.meaning.lifetime), begun);
    let expected = samples.iter().rev().find_map(|sample| sample.meaning.refresh_token);
    refresh_token(outcome, token, &members, expected);
}

fn lifetime(
    outcome: &mut ReplayOutcome,
    token: &Token,
    members: &[(String, Value)],
    meant: Option<MeantTime>,
    begun: i64,
) {
    let read = token.expires_at.map(|at| u64::try_from(at.as_second().saturating_sub(begun)).unwrap_or(0));
    match read {
        Some(seconds) => outcome.read(format!("it lasts {}", duration(seconds))),
        None => outcome.read("it does not say when it expires"),
    }
    let says = || members.iter().find(|(name, value)| names_expiry(name) && is_some_number(value));
    match (read, meant) {
        (Some(seconds), Some(MeantTime::Seconds(meant))) if seconds.abs_diff(meant) > 1 => {
            let message = format!(
                "the vendor's page says that the token lasts {} ({meant} s), and {} ({seconds} s) is read",
                duration(meant),
                duration(seconds),
            );
            outcome.problem(ReplayProblem::Differs(message));
        }
        (Some(seconds), Some(MeantTime::Nothing)) => {
            let message = format!("the vendor's page says that the token does not expire, and {seconds} s is read");
            outcome.problem(ReplayProblem::Differs(message));
        }
        (Some(seconds), None) if !(MIN_LIFETIME..=MAX_LIFETIME).contains(&seconds) => {
            let message = format!(
                "the token would last {} ({seconds} s); if that is meant, say `# lifetime: {seconds}` in the sample, \
                 and if it is another unit, `keyway.token.expires_in_unit` in the entry",
                duration(seconds),
            );
            outcome.problem(ReplayProblem::Implausible(message));
        }
        (None, Some(MeantTime::Seconds(meant))) => {
            let message =
                format!("the vendor's page says that the token lasts {}, and nothing is read", duration(meant));
            outcome.problem(ReplayProblem::Differs(message));
        }
        (None, None) if says().is_some() => {
            let named = says().map(|(name, value)| format!("`{name}`: {value}")).unwrap_or_default();
            let message = format!("the answer says {named}, which the entry does not read as the token's expiry");
            outcome.problem(ReplayProblem::NotRead(message));
        }
        _ => {}
    }
}

fn refresh_token(outcome: &mut ReplayOutcome, token: &Token, members: &[(String, Value)], meant: Option<bool>) {
    let says = || {
        members
            .iter()
            .find(|(name, value)| names_refresh_token(name) && value.as_str().is_some_and(|text| !text.is_empty()))
    };
    let was_sent = outcome.kind == SampleKind::Refresh;
    let has_new = token.refresh.as_ref().is_some_and(|token| token.expose() != crate::account::REFRESH_TOKEN);
    let read = if was_sent { has_new } else { token.refresh.is_some() };
    if read {
        outcome.read(if was_sent { "a new refresh token" } else { "a refresh token" });
    }
    match (read, meant) {
        (false, Some(true)) => {
            outcome.problem(ReplayProblem::Differs(
                "the vendor's page says that a refresh token comes, and none is read".to_owned(),
            ));
        }
        (true, Some(false)) => {
            outcome.problem(ReplayProblem::Differs(
                "the vendor's page says that no refresh token comes, and one is read".to_owned(),
            ));
        }
        (false, None) if says().is_some() => {
            let named = says().map(|(name, _)| name.as_str()).unwrap_or_default();
            outcome.problem(ReplayProblem::NotRead(format!("the answer has `{named}`, which the entry does not read")));
        }
        _ => {}
    }
}

/// The values that the entry reads from answers, and whether each was there.
fn config(outcome: &mut ReplayOutcome, account: &Account, connection: &Connection) {
    let Some((_, endpoint)) = account.spec.auth.code_flow() else { return };
    for path in endpoint.response_metadata {
        let field = account.spec.connection_config.iter().find(|field| field.name == *path);
        if connection.config.contains_key(*path) {
            outcome.read(format!("`{path}` of the answer"));
        } else if field.is_some_and(|field| field.optional) {
            outcome.read(format!("no `{path}`, which is optional"));
        } else {
            let message = format!(
                "the answer has no `{path}`, which `token_response_metadata` names; where it does not always come, the \
                 field is `optional`"
            );
            outcome.problem(ReplayProblem::NotRead(message));
        }
    }
}

/// The members of an answer by their names, of whatever depth.
fn members(sample: &Sample) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    match serde_json::from_slice(&sample.body) {
        Ok(value) => collect(&value, 0, &mut found),
        Err(_) => found.extend(
            form_urlencoded::parse(&sample.body)
                .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))),
        ),
    }
    found
}

fn collect(value: &Value, depth: usize, found: &mut Vec<(String, Value)>) {
    if depth == MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.push((name.clone(), member.clone()));
                collect(member, depth + 1, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, found)),
        _ => {}
    }
}

/// True if a member's name says when a token ends; the end of a refresh token is not read.
fn names_expiry(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let says = ["expir", "ttl", "valid_until", "validuntil", "lifetime", "validity"];
    says.iter().any(|word| name.contains(word)) && !name.contains("refresh") && !name.contains("rt_")
}

fn names_refresh_token(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    name == "refreshtoken" || name == "refresh"
}

/// True for a number or a date that is not zero.
fn is_some_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        Value::String(text) => text.starts_with(|first: char| first.is_ascii_digit()) && text != "0",
        _ => false,
    }
}
