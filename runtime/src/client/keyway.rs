//! [`Keyway`]: what it is made of, and what it shows of that.
//!
//! Its methods stand beside what they are about, in the other files of this folder.

use super::sign_ins::SignIns;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::egress::EgressPolicy;
use crate::engine::Engine;
use crate::hooks::Hooks;
use crate::refresh::Refresher;
use crate::store::Store;
use std::sync::Arc;

/// Integrations, connections and authenticated calls. Cheap to clone.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::connected().await?;
/// use keyway::{ConnectionKey, Keyway};
///
/// let for_a_task: Keyway = keyway.clone(); // shares everything
/// let connection = for_a_task.fetch(&ConnectionKey::new("acme", "customer-42")).await?;
/// assert_eq!(connection.provider, "acme");
/// keyway.settled().await; // before the program ends
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Keyway {
    pub(super) inner: Arc<Inner>,
}

/// What the clones of a [`Keyway`] share.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) refresher: Refresher,
    pub(super) sign_ins: SignIns,
    /// Code that entries ask for by name.
    pub(super) hooks: Hooks,
}

impl Keyway {
    pub(super) fn new(engine: Engine, hooks: Hooks) -> Keyway {
        let engine = Arc::new(engine);
        let sign_ins = SignIns::new(Arc::clone(&engine));
        Keyway { inner: Arc::new(Inner { refresher: Refresher::new(engine), sign_ins, hooks }) }
    }

    pub(super) fn engine(&self) -> &Arc<Engine> {
        self.inner.refresher.engine()
    }

    /// The providers.
    pub fn catalogue(&self) -> &Catalogue {
        &self.engine().catalogue
    }

    /// What is allowed beyond public hosts and HTTPS. Default: nothing.
    pub fn egress_policy(&self) -> &EgressPolicy {
        &self.engine().policy
    }

    /// The source of time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.engine().clock
    }

    /// The store. Integrations that were set up in code are written to it when any other method is first used.
    pub fn store(&self) -> &dyn Store {
        &*self.engine().store
    }

    /// Waits until no renewal and no sign-in is running, including those whose caller has left: call it before the
    /// program ends, because a renewal that is cut off may have used up its refresh token. It takes about a minute at
    /// most; a program that cannot wait that long sets its own timeout.
    pub async fn settled(&self) {
        self.inner.sign_ins.idle().await;
        self.inner.refresher.settled().await;
    }
}
