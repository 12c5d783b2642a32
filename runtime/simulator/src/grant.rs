//! Codes and tokens that were issued, and what became of them.
//!
//! The tokens of one consent are a family: a refresh token that is used twice ends all of them (RFC 9700 section
//! 4.14.2), and so does a code that is used twice (RFC 6749 section 4.1.2).

use crate::crypto;
use std::collections::BTreeSet;

/// Milliseconds that a code lives.
const CODE_LIFETIME: i64 = 60_000;

/// The name of the user's token, where an installation has one beside its own.
pub(crate) const USER_TOKEN: &str = "user_access_token";

/// The use of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenUse {
    /// Calls of the API.
    Access,
    /// A refresh.
    Refresh,
    /// The second token of this name.
    Second(&'static str),
    /// The refresh of the second token of this name.
    SecondRefresh(&'static str),
}

/// A code.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) value: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) at: i64,
    pub(crate) used: bool,
    pub(crate) family: u64,
}

/// A token.
#[derive(Clone, Debug)]
pub(crate) struct IssuedToken {
    pub(crate) value: String,
    pub(crate) usage: TokenUse,
    pub(crate) family: u64,
    pub(crate) expires_at: Option<i64>,
    /// The instant at which another token took its place.
    pub(crate) replaced_at: Option<i64>,
}

/// Everything that was issued.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grants {
    counter: u64,
    /// A word in every text that is issued.
    pub(crate) name: String,
    /// Milliseconds for which a refresh token is honoured once another took its place.
    pub(crate) window: i64,
    pub(crate) codes: Vec<AuthorizationCode>,
    pub(crate) tokens: Vec<IssuedToken>,
    revoked: BTreeSet<u64>,
}

impl Grants {
    /// A text that was never issued before.
    pub(crate) fn fresh(&mut self, prefix: &str) -> String {
        self.counter += 1;
        let (name, counter) = (&self.name, self.counter);
        let digest = crypto::hex(&crypto::sha256(format!("{prefix} {name}{counter}").as_bytes()));
        format!("{prefix}_{name}{counter}_{}", digest.get(..32).unwrap_or_default())
    }

    /// A new family of tokens.
    pub(crate) fn family(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// Issues a code.
    pub(crate) fn code(&mut self, redirect_uri: &str, challenge: Option<String>, now: i64) -> String {
        let (value, family) = (self.fresh("code"), self.family());
        let redirect_uri = redirect_uri.to_owned();
        self.codes.push(AuthorizationCode {
            value: value.clone(),
            redirect_uri,
            challenge,
            at: now,
            used: false,
            family,
        });
        value
    }

    /// Issues a token.
    pub(crate) fn token(&mut self, value: String, usage: TokenUse, family: u64, expires_at: Option<i64>) {
        self.tokens.push(IssuedToken { value, usage, family, expires_at, replaced_at: None });
    }

    /// The reason why a code is refused.
    pub(crate) fn code_problem(&self, value: &str, now: i64) -> Option<&'static str> {
        let Some(code) = self.codes.iter().find(|code| code.value == value) else {
            return Some("a code that was never issued");
        };
        if code.used {
            return Some("a code that was used before");
        }
        if now.saturating_sub(code.at) > CODE_LIFETIME {
            return Some("a code that expired");
        }
        None
    }

    /// The reason why a token is refused for a use.
    pub(crate) fn token_problem(&self, value: &str, usage: TokenUse, now: i64) -> Option<&'static str> {
        let Some(token) = self.tokens.iter().find(|token| token.value == value) else {
            return Some("a token that was never issued");
        };
        if token.usage != usage {
            return Some("a token of another kind");
        }
        if self.revoked.contains(&token.family) {
            return Some("a token that was revoked");
        }
        if token.replaced_at.is_some_and(|at| now.saturating_sub(at) >= self.window) {
            return Some("a token that was used before");
        }
        if token.expires_at.is_some_and(|at| at <= now) {
            return Some("a token that expired");
        }
        None
    }

    /// The tokens that are good for a use, the latest first.
    pub(crate) fn usable(&self, usage: TokenUse, now: i64) -> impl Iterator<Item = &IssuedToken> {
        self.tokens
            .iter()
            .rev()
            .filter(move |token| token.usage == usage && self.token_problem(&token.value, usage, now).is_none())
    }

    /// The tokens of a use that are good but for the end of their family.
    pub(crate) fn revoked(&self, usage: TokenUse, now: i64) -> impl Iterator<Item = &IssuedToken> {
        let is_good = move |token: &&IssuedToken| {
            token.usage == usage && token.replaced_at.is_none() && token.expires_at.is_none_or(|at| now < at)
        };
        self.tokens.iter().filter(|token| self.revoked.contains(&token.family)).filter(is_good)
    }

    /// The latest token of a use, whatever became of it.
    pub(crate) fn latest(&self, usage: TokenUse) -> Option<&IssuedToken> {
        self.tokens.iter().rev().find(|token| token.usage == usage)
    }

    /// The latest code.
    pub(crate) fn latest_code(&self) -> Option<&AuthorizationCode> {
        self.codes.last()
    }

    /// The family of a code or a token.
    pub(crate) fn family_of(&self, value: &str) -> Option<u64> {
        let code = self.codes.iter().find(|code| code.value == value).map(|code| code.family);
        code.or_else(|| self.tokens.iter().find(|token| token.value == value).map(|token| token.family))
    }

    /// Marks a code as used.
    pub(crate) fn use_code(&mut self, value: &str) {
        self.codes.iter_mut().filter(|code| code.value == value).for_each(|code| code.used = true);
    }

    /// Marks the tokens of a use in a family as replaced. For one that was, the first time counts.
    pub(crate) fn replace(&mut self, usage: TokenUse, family: u64, now: i64) {
        let tokens = self.tokens.iter_mut().filter(|token| token.usage == usage && token.family == family);
        tokens.for_each(|token| token.replaced_at = token.replaced_at.or(Some(now)));
    }

    /// Ends a family.
    pub(crate) fn revoke(&mut self, family: u64) {
        self.revoked.insert(family);
    }

    /// Ends every family.
    pub(crate) fn revoke_all(&mut self) {
        self.revoked.extend(self.tokens.iter().map(|token| token.family));
    }

    /// Lets every token for calls expire.
    pub(crate) fn expire(&mut self, now: i64) {
        let tokens = self.tokens.iter_mut();
        let access = tokens.filter(|token| matches!(token.usage, TokenUse::Access | TokenUse::Second(_)));
        access.for_each(|token| token.expires_at = Some(now));
    }
}
