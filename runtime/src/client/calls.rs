//! Calls of connections: sent, or only planned. The order of a call's steps stands in [`crate::call`].

use super::keyway::Keyway;
use crate::call::{self, CallOutcome};
use crate::connection::{Connection, ConnectionKey};
use crate::error::{Error, ErrorKind, Result};
use crate::recent::RecentCall;
use crate::request::{Call, CallBody, Plan};
use crate::transport::{Body, Response};

impl Keyway {
    /// Sends a call with the connection's credentials and returns the upstream's response, whatever its status.
    ///
    /// `stream` is the body of a call with [`CallBody::Stream`]; such a call is never retried. A response that is no
    /// success, or counts as none by its body (`keyway.errors`), and whose upstream asks for a wait, has
    /// [`crate::response::retry::GivenUp`] among its extensions.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::{Call, ConnectionKey};
    ///
    /// let key = ConnectionKey::new("acme", "customer-42");
    /// let response = keyway.send(&key, Call::get("/tickets").query("state", "open"), None).await?;
    /// assert!(response.status().is_success());
    /// let body = response.into_body().collect(1 << 20).await?; // at most 1 MiB
    /// # Ok(())
    /// # });
    /// ```
    pub async fn send(&self, key: &ConnectionKey, call: Call, stream: Option<Body>) -> Result<Response> {
        self.send_borrowed(key, &call, stream).await
    }

    /// The same for a caller that keeps the call, so that what waits for the answer does not hold it a second time.
    #[doc(hidden)]
    pub async fn send_borrowed(&self, key: &ConnectionKey, call: &Call, stream: Option<Body>) -> Result<Response> {
        self.call(key, call, stream).await.map(CallOutcome::into_response)
    }

    /// The same, with what is known of how the response was obtained.
    pub(super) async fn call(&self, key: &ConnectionKey, call: &Call, stream: Option<Body>) -> Result<CallOutcome> {
        if stream.is_some() != matches!(call.body, CallBody::Stream) {
            let message = "a body stream goes together with `CallBody::Stream`: give both or neither";
            return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
        }
        call::call(&self.inner.refresher, key, call, stream).await
    }

    /// The last calls of a connection that this process saw end, the newest first: ten at most, and of as many
    /// connections as [`super::Builder::cache_connections`] says. Those of other processes are not among them, nor
    /// those that a program sent itself.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::client::CallEnd;
    /// use keyway::{Call, ConnectionKey};
    ///
    /// let key = ConnectionKey::new("acme", "customer-42");
    /// keyway.send(&key, Call::get("/tickets"), None).await?;
    /// let last = keyway.recent_calls(&keyway.fetch(&key).await?)[0];
    /// assert_eq!(last.ended, CallEnd::Answered { status: 200, counts_as: None });
    /// # Ok(())
    /// # });
    /// ```
    pub fn recent_calls(&self, connection: &Connection) -> Vec<RecentCall> {
        self.engine().recent_calls(connection)
    }

    /// The request of a call as it would be sent now with the stored credentials. Nothing is renewed and nothing is
    /// sent; show it only through [`crate::mask`].
    pub async fn plan(&self, key: &ConnectionKey, call: &Call) -> Result<Plan> {
        let engine = self.engine();
        let account = engine.load_account(key).await?;
        let moment = engine.moment()?;
        Ok(account.plan(call, &moment)?.named(&engine.user_agent))
    }
}
