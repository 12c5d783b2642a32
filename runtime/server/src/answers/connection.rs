//! Connections, as they are shown. Only [`OpenConnection`] has credentials.

use crate::input::instant;
use keyway::client::{CallEnd, RecentCall};
use keyway::connection::ConfigMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A connection without its credentials.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Connection")]
pub(crate) struct StoredConnection<'a> {
    /// The integration's key.
    pub(crate) integration: &'a str,
    /// The id that you chose.
    pub(crate) connection_id: &'a str,
    /// The provider's key in the catalogue.
    pub(crate) provider: &'a str,
    /// The provider's `connection_config`.
    pub(crate) config: Cow<'a, ConfigMap>,
    /// Your own data.
    pub(crate) metadata: &'a Map<String, Value>,
    /// When its token expires; `null`: not known, or never.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) expires_at: Option<String>,
    /// True if the customer has to connect again.
    pub(crate) reconnect_needed: bool,
    /// When it was made.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) created_at: String,
    /// When anything but its metadata was changed last.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) updated_at: String,
}

/// A connection with its credentials.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConnectionWithCredentials")]
pub(crate) struct OpenConnection<'a> {
    #[serde(flatten)]
    pub(crate) connection: StoredConnection<'a>,
    /// Of the customer. Never stored by a cache.
    #[schemars(with = "ShownCredentials")]
    pub(crate) credentials: Value,
    /// The last calls that this server saw end, the newest first; none after a restart, nor those of other servers.
    #[schemars(length(max = 10))]
    pub(crate) recent_calls: Vec<ShownCall>,
}

/// A call that ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecentCall")]
pub(crate) struct ShownCall {
    /// When it ended.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) at: String,
    /// The status of the provider's answer; `null`: there was none.
    pub(crate) status: Option<u16>,
    /// The status that the answer counts as, where its body tells that it is an error.
    pub(crate) counts_as: Option<u16>,
    /// The code of the error that it ended with in the place of an answer.
    pub(crate) error: Option<&'static str>,
    /// The time that it took, every try and wait included.
    pub(crate) milliseconds: u32,
}

impl From<RecentCall> for ShownCall {
    fn from(call: RecentCall) -> ShownCall {
        let (status, counts_as, error) = match call.ended {
            CallEnd::Answered { status, counts_as } => (Some(status), counts_as, None),
            CallEnd::Failed(kind) => (None, None, Some(kind.code())),
            _ => (None, None, None),
        };
        ShownCall { at: instant(call.at), status, counts_as, error, milliseconds: call.milliseconds }
    }
}

/// The credentials: what was entered and obtained by its own names, and the token, where there is one.
#[derive(JsonSchema)]
#[schemars(rename = "Credentials")]
#[expect(dead_code, reason = "describes a map: the provider names its other members")]
struct ShownCredentials {
    /// The auth mode; `null` where the provider left the catalogue.
    #[schemars(rename = "type")]
    mode: Option<String>,
    /// The access token.
    #[schemars(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// The refresh token.
    #[schemars(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// When the access token expires.
    #[schemars(skip_serializing_if = "Option::is_none", extend("format" = "date-time"))]
    expires_at: Option<String>,
    /// The token endpoint's answer.
    #[schemars(skip_serializing_if = "Option::is_none")]
    raw: Option<Value>,
    #[serde(flatten)]
    values: BTreeMap<String, Value>,
}

/// A page of the list of connections.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConnectionPage")]
pub(crate) struct ConnectionPage<'a> {
    /// The connections of this page.
    #[schemars(length(max = 1000))]
    pub(crate) connections: Vec<ListedConnection<'a>>,
    /// The `after` of the next page; `null` on the last one, and only there.
    pub(crate) next: Option<String>,
}

/// A connection in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedConnection")]
pub(crate) struct ListedConnection<'a> {
    /// The integration's key.
    pub(crate) integration: &'a str,
    /// The id that you chose.
    pub(crate) connection_id: &'a str,
    /// The provider's key in the catalogue.
    pub(crate) provider: &'a str,
    /// When its token expires; `null`: not known, or never.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) expires_at: Option<String>,
    /// True if the customer has to connect again.
    pub(crate) reconnect_needed: bool,
    /// When it was made.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) created_at: String,
    /// When it was changed last.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) updated_at: String,
}
