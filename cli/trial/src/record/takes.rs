//! An answer of each kind.

use super::account::RealAccount;
use super::recorder::RecordedExchange;
use super::wrong::wrong;
use crate::redact::PlainAnswer;
use crate::replay::list_rule;
use crate::sample::SampleKind;
use http::{Method, StatusCode};
use keyway::client::Started;
use keyway::request::Paginate;
use keyway::response::retry::wait_of;
use keyway::{Call, ErrorKind};
use keyway_spec::ProviderSpec;
use keyway_spec::mode::TokenFrom;
use url::Url;

/// An answer that will be a sample.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Take {
    /// The file's name.
    pub name: String,
    /// The kind.
    pub kind: SampleKind,
    /// The call that it answers, below the base URL, of a page and of a limit.
    pub request: Option<(Method, String)>,
    /// The answer.
    pub answer: PlainAnswer,
}

impl Take {
    /// An answer that came in another way.
    pub fn new(name: &str, kind: SampleKind, request: Option<(Method, String)>, answer: PlainAnswer) -> Take {
        Take { name: name.to_owned(), kind, request, answer }
    }
}

/// The reason why there is no answer of a kind.
#[derive(Debug)]
pub enum NotTaken {
    /// The runtime's.
    Failed(Box<keyway::Error>),
    /// A sentence.
    Said(String),
}

impl From<keyway::Error> for NotTaken {
    fn from(error: keyway::Error) -> NotTaken {
        NotTaken::Failed(Box::new(error))
    }
}

impl From<String> for NotTaken {
    fn from(reason: String) -> NotTaken {
        NotTaken::Said(reason)
    }
}

impl From<&str> for NotTaken {
    fn from(reason: &str) -> NotTaken {
        NotTaken::Said(reason.to_owned())
    }
}

/// Where a person agrees, and how it is asked for.
pub struct Consent<'c, F> {
    /// Scopes; empty for those of the entry.
    pub scopes: &'c [String],
    /// Where the browser is sent back to.
    pub redirect_uri: &'c str,
    /// Told where a person agrees; says to which URL the browser was sent back.
    pub ask: F,
}

/// Signs in. The account has a token afterwards.
pub async fn token<F>(account: &mut RealAccount, consent: Consent<'_, F>) -> Result<Vec<Take>, NotTaken>
where
    F: FnOnce(&Started) -> keyway::Result<String>,
{
    let Consent { scopes, redirect_uri, ask } = consent;
    let signed_in = account.sign_in(scopes, redirect_uri, ask).await;
    let exchanges = account.recorder().take();
    let (connection, brought) = signed_in?;
    account.hide(brought);
    account.granted(connection);
    Ok(numbered(SampleKind::Token, exchanges))
}

/// Renews the token. Where the vendor rotates refresh tokens, the one that was given is used up.
pub async fn refresh(account: &mut RealAccount) -> Result<Vec<Take>, NotTaken> {
    if account.credentials.token.as_ref().is_none_or(|token| token.refresh.is_none()) {
        return Err("there is no refresh token: give one, or sign in with a scope that brings one".into());
    }
    let keyway = account.found().await?;
    account.recorder().take();
    let renewed = keyway.refresh(&account.key()).await;
    let exchanges = account.recorder().take();
    account.granted(renewed?);
    Ok(numbered(SampleKind::Refresh, exchanges))
}

/// Proves the credential.
pub async fn probe(account: &RealAccount) -> Result<Vec<Take>, NotTaken> {
    if account.spec.proxy.is_none_or(|proxy| proxy.verification.is_none()) {
        return Err("the entry has no `proxy.verification`, so nothing proves a credential".into());
    }
    account.recorder().take();
    let proved = account.prove(account.credentials.clone()).await;
    let last = account.recorder().take().pop();
    match (proved, last) {
        (Ok(_), Some(last)) => Ok(vec![one("probe.http", SampleKind::Probe, last)]),
        (Ok(_), None) => Err("nothing was asked".into()),
        (Err(error), _) => Err(error.into()),
    }
}

/// Has a wrong credential refused: by the probe, or where the entry has none by the request that signs in.
pub async fn refused(account: &mut RealAccount) -> Result<Vec<Take>, NotTaken> {
    let has_probe = account.spec.proxy.is_some_and(|proxy| proxy.verification.is_some());
    if !has_probe && !account.spec.auth.facts().obtains_at_once() {
        return Err("the entry has no `proxy.verification`, so nothing refuses a credential".into());
    }
    let mut right = account.credentials.clone();
    if !has_probe {
        right.token = None;
    }
    let wrong = wrong(account.spec, &right);
    account.hide(wrong.secrets().cloned().collect::<Vec<_>>());
    account.recorder().take();
    let outcome = if has_probe { account.prove(wrong).await } else { account.exchange(wrong).await };
    let last = account.recorder().take().pop();
    let refuses = |kind| matches!(kind, ErrorKind::NotVerified | ErrorKind::TokenRefused);
    match (outcome, last) {
        (Ok(_), last) => {
            // Half of a wrong credential is the right one, and some stand in a path.
            let asked = last.map(|last| {
                format!("`{} {}` answers {}", last.method, account.masked(last.url.path()), last.answer.status)
            });
            let asked = asked.unwrap_or_else(|| "nothing is asked".to_owned());
            Err(format!("a wrong credential is taken for a right one: {asked}; choose another probe").into())
        }
        (Err(error), Some(last)) if refuses(error.kind()) && last.answer.status.as_u16() < 500 => {
            Ok(vec![one("refused.http", SampleKind::Refused, last)])
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// Reads pages of a list, by the rule of the entry: as many as are asked for, or as there are. Beside the pages is the
/// reason where they end before that.
pub async fn pages(
    account: &RealAccount,
    name: &str,
    call: &(Method, String),
    most: usize,
) -> (Vec<Take>, Option<NotTaken>) {
    let mut takes = Vec::new();
    let ended = read_pages(account, name, call, most, &mut takes).await;
    (takes, ended.err())
}

async fn read_pages(
    account: &RealAccount,
    name: &str,
    call: &(Method, String),
    most: usize,
    takes: &mut Vec<Take>,
) -> Result<(), NotTaken> {
    let (method, path) = call;
    let rule = list_rule(account.spec, method, path);
    let rule = rule.ok_or("the entry has no `proxy.paginate`, so nothing says how lists go on")?;
    let keyway = account.found().await?;
    account.recorder().take();
    let mut pages = keyway
        .pages(&account.key(), Call::new(method.clone(), path.as_str()))
        .rule(Paginate::from(rule))
        .max_pages(most);
    let mut base: Option<String> = None;
    for number in 1..=most {
        // A page that the entry cannot read is the one that is worth recording.
        let read = pages.next().await;
        let Some(last) = account.recorder().take().pop() else { return read.map(drop).map_err(NotTaken::from) };
        if !last.answer.status.is_success() {
            return Err(format!("`{method} {path}` answers {}", last.answer.status).into());
        }
        let asked = match &base {
            None => path.clone(),
            Some(base) => below(base, &last.url),
        };
        base = base.or_else(|| base_of(&last.url, path));
        let name = if number == 1 { format!("{name}.http") } else { format!("{name}-{number}.http") };
        takes.push(Take { request: Some((method.clone(), asked)), ..one(&name, SampleKind::Page, last) });
        if read.is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes a call until it is one too many.
pub async fn limited(account: &RealAccount, call: &(Method, String), most: usize) -> Result<Vec<Take>, NotTaken> {
    let keyway = account.found().await?;
    account.recorder().take();
    for _ in 0..most {
        let made = Call::new(call.0.clone(), call.1.as_str()).retries(0);
        let answer = keyway.send(&account.key(), made, None).await?;
        let names_wait = wait_of(answer.extensions()).is_some() && !answer.status().is_success();
        let last = account.recorder().take().pop();
        if let Some(last) = last.filter(|_| names_wait || answer.status() == StatusCode::TOO_MANY_REQUESTS) {
            let take = one("limited.http", SampleKind::Limited, last);
            return Ok(vec![Take { request: Some(call.clone()), ..take }]);
        }
    }
    Err(format!("{most} calls were answered, and none of them was too many; allow more with `--max-calls`").into())
}

/// The kinds that are recorded where none is named: those that the entry describes and that cost nothing. Renewing uses
/// up a refresh token, and a limit is another account's patience.
pub fn usual(spec: &ProviderSpec, has_token: bool, has_request: bool) -> Vec<SampleKind> {
    let has_probe = spec.proxy.is_some_and(|proxy| proxy.verification.is_some());
    let facts = spec.auth.facts();
    let obtains = matches!(facts.token, TokenFrom::Consent | TokenFrom::Exchange);
    let wanted = [
        (SampleKind::Token, obtains && !has_token),
        (SampleKind::Probe, has_probe),
        (SampleKind::Refused, has_probe || facts.obtains_at_once()),
        (SampleKind::Page, has_request),
    ];
    wanted.into_iter().filter_map(|(kind, is_wanted)| is_wanted.then_some(kind)).collect()
}

fn one(name: &str, kind: SampleKind, exchange: RecordedExchange) -> Take {
    Take { name: name.to_owned(), kind, request: None, answer: exchange.answer }
}

/// The answers of one exchange: numbered where there are several.
fn numbered(kind: SampleKind, exchanges: Vec<RecordedExchange>) -> Vec<Take> {
    let is_one = exchanges.len() == 1;
    let named = exchanges.into_iter().enumerate().map(|(at, exchange)| {
        let name = if is_one { format!("{}.http", kind.name()) } else { format!("{}-{}.http", kind.name(), at + 1) };
        one(&name, kind, exchange)
    });
    named.collect()
}

/// The path of the base URL, known from the URL of a call below it.
fn base_of(url: &Url, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or(path);
    url.path().strip_suffix(path).map(str::to_owned)
}

/// Path and query of a URL below a base.
fn below(base: &str, url: &Url) -> String {
    let path = url.path().strip_prefix(base).unwrap_or(url.path());
    url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}
