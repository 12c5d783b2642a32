//! The search for what must not be shown: secrets in logs, answers and files, and in requests of another account.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A word in every secret that a customer, the operator or a vendor has.
const CANARY: &str = "canary";

/// Secrets without that word: those that servers make, and encoded ones.
#[derive(Default)]
pub(crate) struct Secrets(Mutex<BTreeSet<String>>);

impl Secrets {
    pub(crate) fn add(&self, secret: &str) {
        assert!(secret.len() >= 8, "too short to be looked for: {secret}");
        locked(&self.0).insert(secret.to_owned());
    }

    /// The first secret of a text, with what stands around it.
    pub(crate) fn found(&self, text: &str) -> Option<String> {
        let known = locked(&self.0);
        let at = text.find(CANARY).or_else(|| known.iter().find_map(|secret| text.find(secret.as_str())))?;
        let from = text.get(..at)?.char_indices().rev().nth(80).map_or(0, |(at, _)| at);
        Some(text.get(from..)?.chars().take(200).collect())
    }

    /// The same of a file that is no text.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Option<String> {
        self.found(&String::from_utf8_lossy(bytes))
    }
}

/// The accounts whose secrets a request holds, where they stand in the open or as HTTP Basic has them.
pub(crate) fn accounts_in(request: &Request<Bytes>) -> BTreeSet<String> {
    let headers = request.headers().values().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let mut texts: Vec<String> = headers.collect();
    let basic = texts.iter().filter_map(|text| text.strip_prefix("Basic "));
    let basic: Vec<String> =
        basic.filter_map(|pair| STANDARD.decode(pair).ok()).filter_map(|pair| String::from_utf8(pair).ok()).collect();
    texts.extend(basic);
    texts.extend([request.uri().to_string(), String::from_utf8_lossy(request.body()).into_owned()]);
    let named = |text: &String| -> Vec<String> {
        let after = text.split("canary-").skip(1).filter_map(|after| after.get(..4));
        after.filter(|name| name.starts_with('c')).map(str::to_owned).collect()
    };
    texts.iter().flat_map(named).collect()
}

/// The value in a lock, also after a panic: a test that fails says more than the lock does.
pub(crate) fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_secret_is_found_wherever_it_stands() {
    let secrets = Secrets::default();
    secrets.add("0123456789");
    for (text, found) in [("a canary-c001-key b", true), ("x=0123456789", true), ("access token 012345678", false)] {
        assert_eq!(secrets.found(text).is_some(), found, "{text}");
    }
    let basic = STANDARD.encode("user-c002:canary-c002-basic");
    for (request, expected) in [
        (Request::get("http://a/x?k=canary-c001-key"), vec!["c001"]),
        (Request::get("http://a/").header("authorization", format!("Basic {basic}")), vec!["c002"]),
        (Request::get("http://a/").header("authorization", "Bearer access_canary-c003_1"), vec!["c003"]),
        (Request::get("http://a/").header("x", "canary-secret-of-the-operator"), vec![]),
    ] {
        let found = accounts_in(&request.body(Bytes::new()).unwrap());
        assert_eq!(found, expected.into_iter().map(str::to_owned).collect());
    }
}
