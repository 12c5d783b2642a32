//! The values that a customer submitted, by a form or as JSON, on their way to the runtime.

use crate::app::App;
use crate::error::ApiError;
use keyway::Secret;
use keyway::connection::{ConfigMap, Connection};
use keyway::credentials::Credentials;
use std::collections::BTreeMap;

/// The submitted values.
#[derive(Default)]
pub(crate) struct Submission {
    pub(crate) token: Secret,
    pub(crate) config: ConfigMap,
    pub(crate) credentials: BTreeMap<String, Secret>,
    pub(crate) assertion_options: BTreeMap<String, Secret>,
}

/// Makes the connection.
pub(crate) async fn submit(app: &App, integration: &str, submission: Submission) -> Result<Connection, ApiError> {
    let Submission { token, config, credentials, assertion_options } = submission;
    let credentials = Credentials::submitted(credentials).assertion_options(assertion_options);
    Ok(app.keyway.submit(token.expose(), integration, config, credentials).await?)
}
