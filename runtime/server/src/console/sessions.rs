//! The state that operators' pages share: the key of their sessions, those that are signed out, attempts to sign in.

use super::session::SessionKey;
use super::signed_out::SignedOut;
use crate::api_key::ApiKey;
use keyway::Secret;
use tokio::sync::Semaphore;

/// The most attempts to sign in at a time.
const MAX_ATTEMPTS: usize = 8;

/// The sessions of operators.
#[derive(Debug)]
pub(crate) struct OperatorSessions {
    /// `None` where there is no secret: nobody can sign in then.
    pub(super) key: Option<SessionKey>,
    pub(super) signed_out: SignedOut,
    pub(super) attempts: Semaphore,
}

impl OperatorSessions {
    /// With the secret that the servers of a fleet share.
    pub(crate) fn new(shared: Option<&Secret>, api_key: &ApiKey) -> OperatorSessions {
        let key = shared.map(|shared| SessionKey::new(shared, api_key));
        OperatorSessions { key, signed_out: SignedOut::default(), attempts: Semaphore::new(MAX_ATTEMPTS) }
    }
}
