//! The provider, integration or connection that the path of an operator's page names.

use super::guard::Unanswered;
use crate::app::App;
use crate::extract::Key;
use axum::extract::FromRequestParts;
use http::request::Parts;
use keyway::ErrorKind;
use keyway::connection::{Connection, ConnectionKey};
use std::sync::Arc;

/// The key of a provider or of an integration.
pub(super) struct NamedKey(pub(super) String);

/// A connection, as it is stored; looking renews nothing.
pub(super) struct NamedConnection {
    pub(super) key: ConnectionKey,
    pub(super) connection: Connection,
}

impl FromRequestParts<Arc<App>> for NamedKey {
    type Rejection = Unanswered;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<NamedKey, Unanswered> {
        let Key(key) = Key::from_request_parts(parts, app).await?;
        Ok(NamedKey(key))
    }
}

impl FromRequestParts<Arc<App>> for NamedConnection {
    type Rejection = Unanswered;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<NamedConnection, Unanswered> {
        let Key((integration, id)) = Key::<(String, String)>::from_request_parts(parts, app).await?;
        let key = ConnectionKey::new(integration, id);
        if let Some(connection) = app.keyway.store().connection(&key).await? {
            return Ok(NamedConnection { key, connection });
        }
        let message = format!("there is no connection `{}` of `{}`", key.id, key.integration);
        Err(keyway::Error::new(ErrorKind::UnknownConnection, message).into())
    }
}
