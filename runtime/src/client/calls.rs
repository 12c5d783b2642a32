//! Calls of connections: sent, or only planned.
//!
//! [`crate::pipeline`] has the order of a call's steps.

use super::Keyway;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::inputs;
use crate::pipeline;
use crate::request::{self, Call, CallBody, Plan};
use crate::transport::Body;

impl Keyway {
    /// Sends a call with the connection's credentials and returns the upstream's response, whatever its status.
    ///
    /// `stream` is the body of a call with [`CallBody::Stream`]; such a call is never retried.
    pub async fn send(&self, key: &ConnectionKey, call: Call, stream: Option<Body>) -> Result<http::Response<Body>> {
        if stream.is_some() != matches!(call.body, CallBody::Stream) {
            let message = "a body stream goes together with `CallBody::Stream`: give both or neither";
            return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
        }
        pipeline::call(&self.parts, key, &call, stream).await
    }

    /// The request of a call as it would be sent now with the stored credentials. Nothing is renewed and nothing is
    /// sent; show it only through [`crate::mask`].
    pub async fn plan(&self, key: &ConnectionKey, call: &Call) -> Result<Plan> {
        let connection = self.parts.connection(key).await?;
        let (integration, spec) = self.parts.integration(&key.integration).await?;
        let moment = self.parts.moment()?;
        Ok(request::plan(&inputs(spec, &integration, &connection, &moment), call)?.named(&self.parts.user_agent))
    }
}
