//! From the form to a connection, and what a wrong credential gets.

use super::stage::{WalkStage, of_kind, wrong};
use super::step::Walked;
use crate::stand_in::Filled;
use keyway::{ErrorKind, Secret};
use keyway_simulator::EndpointKind;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::{Connect, Verification};

/// The form: everything that it asks for can be filled in.
pub(super) fn form(stage: &WalkStage, walked: &mut Walked) {
    let said = &stage.account.said;
    if let Some(name) = said.impossible.first() {
        walked.failed("form", format!("no value fits the field `{name}`: say an `example`"));
        return;
    }
    let fields = said.config.len() + said.credentials.len() + said.assertion_options.len();
    walked.walked(
        "form",
        match fields {
            0 => "nothing is asked".to_owned(),
            1 => "1 field is filled in".to_owned(),
            fields => format!("{fields} fields are filled in"),
        },
    );
}

/// Connects the account; true if the walk may go on.
pub(super) async fn connected(stage: &mut WalkStage, walked: &mut Walked) -> bool {
    let connected = stage.connect().await;
    let requests = stage.look();
    let is_found = |kind| matches!(kind, EndpointKind::Discovery | EndpointKind::Registration);
    let found: Vec<_> = requests.iter().filter(|request| is_found(request.endpoint)).cloned().collect();
    if !found.is_empty() {
        let words = format!("{} requests find the authorization server", found.len());
        walked.step("discovery", wrong(&found).map_or(Ok(words), Err));
    }
    if stage.spec.auth.connect() == Connect::Interactive {
        let page = requests.iter().find(|request| request.endpoint == EndpointKind::Authorize);
        let outcome = match page {
            None => Err(connected.as_ref().err().map_or_else(|| "no page was opened".to_owned(), ToString::to_string)),
            Some(page) => match wrong(std::slice::from_ref(page)) {
                Some(wrong) => Err(wrong),
                None => Ok(format!("the customer agrees at {}", without_query(&page.url))),
            },
        };
        if !walked.step("page", outcome) {
            return false;
        }
    }
    let exchange: Vec<_> = requests.iter().filter(|request| is_exchange(request.endpoint)).cloned().collect();
    let error = connected.as_ref().err().map(ToString::to_string);
    if !exchange.is_empty() {
        let outcome = match (wrong(&exchange), &error) {
            (Some(wrong), _) => Err(wrong),
            (None, Some(error)) if of_kind(&requests, EndpointKind::Probe) == 0 => Err(error.clone()),
            (None, _) => Ok(format!(
                "{} {}",
                exchange.len(),
                if exchange.len() == 1 { "request gets a token" } else { "requests get a token" }
            )),
        };
        if !walked.step("token", outcome) {
            return false;
        }
    }
    let looked: Vec<_> = requests.iter().filter(|request| request.endpoint == EndpointKind::Lookup).cloned().collect();
    if !looked.is_empty() {
        let outcome = wrong(&looked).map_or_else(|| Ok("the account's own values are found out".to_owned()), Err);
        if !walked.step("look-up", outcome) {
            return false;
        }
    }
    let probes: Vec<_> = requests.iter().filter(|request| request.endpoint == EndpointKind::Probe).cloned().collect();
    let needs_proof = stage.spec.auth.facts().verification == Verification::Credential;
    match (probes.is_empty(), error) {
        (_, Some(error)) => {
            walked.failed("probe", wrong(&requests).unwrap_or(error));
            false
        }
        (true, None) => {
            if needs_proof {
                walked.not_described("probe", "`proxy.verification`: nothing proves the credential");
            }
            true
        }
        (false, None) => {
            walked.step("probe", wrong(&probes).map_or_else(|| Ok("the credential is proved".to_owned()), Err))
        }
    }
}

/// A wrong credential is not stored.
pub(super) async fn refused(spec: &'static ProviderSpec, filled: Filled, walked: &mut Walked) {
    let proves = spec.proxy.is_some_and(|proxy| proxy.verification.is_some());
    if spec.auth.connect() != Connect::Direct || (!proves && !spec.auth.facts().obtains_at_once()) {
        return;
    }
    let mut changed = false;
    let stage = WalkStage::with(spec, filled, |said| {
        for value in said.credentials.values_mut() {
            *value = Secret::from(format!("{}0", value.expose()));
            changed = true;
        }
    });
    let Ok(mut stage) = stage else { return };
    if !changed {
        return;
    }
    let outcome = stage.connect().await;
    let requests = stage.look();
    walked.step(
        "wrong credential",
        match outcome {
            Ok(_) => Err(match requests.last() {
                Some(last) => format!(
                    "{} {} answers {} to a credential that is wrong: it does not carry it",
                    last.method,
                    without_query(&last.url),
                    last.status
                ),
                None => "nothing is asked, so it is stored".to_owned(),
            }),
            Err(error) if is_refusal(error.kind()) => Ok("it is refused, and not stored".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    );
}

fn is_exchange(kind: EndpointKind) -> bool {
    matches!(
        kind,
        EndpointKind::TokenCode
            | EndpointKind::TokenRefresh
            | EndpointKind::TokenClient
            | EndpointKind::TokenFurther
            | EndpointKind::LogIn
            | EndpointKind::TemporaryCredentials
            | EndpointKind::TokenCredentials
            | EndpointKind::Unknown
    )
}

/// Errors that say that the credential is wrong: of the vendor, or of the entry's own pattern.
fn is_refusal(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotVerified | ErrorKind::TokenRefused | ErrorKind::InvalidValue | ErrorKind::AuthorizationDenied
    )
}

pub(super) fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}
