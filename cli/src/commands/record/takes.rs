//! The answers of a recording, kind after kind. One that cannot be had is said, and the others are recorded.

use super::Args;
use super::given::{self, GivenAccount};
use crate::commands::allowed;
use crate::commands::pairs::config;
use crate::exit::Failure;
use crate::terminal::{Terminal, say};
use crate::waiter::Waiter;
use keyway::client::Started;
use keyway::fields::{self, Trust};
use keyway::transport::hyper::HyperTransport;
use keyway::{Error, ErrorKind};
use keyway_spec::ProviderSpec;
use keyway_trial::record::takes::{self, Consent, NotTaken, Take};
use keyway_trial::record::{RealAccount, Recorder};
use keyway_trial::sample::SampleKind;
use std::io::{self, BufRead as _};

/// The answers, and the account that got them.
pub(super) struct RecordedTakes {
    pub(super) account: RealAccount,
    pub(super) takes: Vec<Take>,
    /// The number of kinds that could not be recorded.
    pub(super) failed: usize,
}

/// Sends the requests.
pub(super) fn recorded(
    args: &Args,
    spec: &'static ProviderSpec,
    terminal: &Terminal,
) -> Result<RecordedTakes, Failure> {
    let failure = |error: Error| Failure::usage(allowed::explain(&error));
    let config = fields::validate(spec.connection_config, &config(&args.config), Trust::Operator)
        .map_err(|error| Failure::usage(format!("{error}; set it with `--config NAME=VALUE`")))?;
    let GivenAccount { integration, credentials } = given::account(&args.credentials, spec)?;
    let integration = integration.allowed_hosts(args.allowed.hosts.clone());
    let has_token = credentials.token.is_some();
    let kinds = match args.kinds.as_slice() {
        [] => takes::usual(spec, has_token, !args.requests.is_empty()),
        kinds => kinds.to_vec(),
    };
    let needs_call = |kind: &&SampleKind| matches!(kind, SampleKind::Page | SampleKind::Limited);
    if let Some(kind) = kinds.iter().find(needs_call).filter(|_| args.requests.is_empty()) {
        return Err(Failure::usage(format!(
            "say which call `{}` is about: `--request 'GET /v1/users?limit=2'`",
            kind.name()
        )));
    }
    let recorder = Recorder::new(HyperTransport::new().map_err(failure)?);
    let mut account = RealAccount::new(spec, integration, config, credentials, args.allowed.policy(), recorder);
    let waiter = Waiter::new()?;
    let (mut made, mut failed) = (Vec::new(), 0);
    // Whatever else is recorded needs the token.
    let signs_in = kinds.contains(&SampleKind::Token)
        || (!has_token && takes::usual(spec, false, false).contains(&SampleKind::Token));
    for kind in SampleKind::ALL {
        let is_wanted = kinds.contains(&kind) || (kind == SampleKind::Token && signs_in);
        if !is_wanted {
            continue;
        }
        let progress = terminal.progress(format!("recording {}", kind.name()));
        let outcome = waiter.wait(of_kind(args, &mut account, kind));
        drop(progress);
        let (takes, reasons) = outcome;
        made.extend(takes.into_iter().filter(|take| kinds.contains(&take.kind)));
        failed += reasons.len();
        for reason in &reasons {
            let reason = match reason {
                NotTaken::Failed(error) => allowed::explain(error),
                NotTaken::Said(reason) => reason.clone(),
            };
            say(&format!("{}: {reason}", kind.name()));
        }
        if kind == SampleKind::Token && !reasons.is_empty() {
            break;
        }
    }
    Ok(RecordedTakes { account, takes: made, failed })
}

/// The answers of a kind, and the reasons why there are not more of them.
async fn of_kind(args: &Args, account: &mut RealAccount, kind: SampleKind) -> (Vec<Take>, Vec<NotTaken>) {
    let taken = match kind {
        SampleKind::Token => {
            let consent = Consent { scopes: &args.scopes, redirect_uri: &args.redirect_uri, ask: consent };
            takes::token(account, consent).await
        }
        SampleKind::Refresh => takes::refresh(account).await,
        SampleKind::Probe => takes::probe(account).await,
        SampleKind::Refused => takes::refused(account).await,
        SampleKind::Page => {
            let (mut made, mut failed): (Vec<Take>, Vec<NotTaken>) = (Vec::new(), Vec::new());
            for (at, call) in args.requests.iter().enumerate() {
                let mut name = if at == 0 { "page".to_owned() } else { format!("page-{}", list_name(&call.1, at)) };
                // Two lists may end with the same word.
                if made.iter().any(|take| take.name.starts_with(&format!("{name}."))) {
                    name = format!("page-list{}", at + 1);
                }
                let (pages, reason) = takes::pages(account, &name, call, args.pages.into()).await;
                made.extend(pages);
                failed.extend(reason);
            }
            return (made, failed);
        }
        SampleKind::Limited => {
            let Some(call) = args.requests.first() else { return (Vec::new(), vec!["no call is named".into()]) };
            takes::limited(account, call, args.max_calls.into()).await
        }
    };
    match taken {
        Ok(takes) => (takes, Vec::new()),
        Err(reason) => (Vec::new(), vec![reason]),
    }
}

/// The name of a list among several: the last word of its path, where it is a plain one.
fn list_name(path: &str, at: usize) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_plain = last.len() > 3 && last.ends_with('s') && last.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_plain { last.to_owned() } else { format!("list{}", at + 1) }
}

/// Sends a person to the vendor's page, and reads where the browser was sent back to.
fn consent(started: &Started) -> keyway::Result<String> {
    say(&format!(
        "Open this page and agree:\n  {}\nThen paste the address to which the browser is sent ({}?...):",
        started.url, started.redirect_uri,
    ));
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let line = line.trim();
    if read.is_err() || !line.contains('?') {
        let message = "no address was given: paste the whole of it, with what stands behind the `?`";
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    Ok(line.to_owned())
}
