//! One connection: shown without its credentials, renewed, deleted, and the link that makes it.

use super::answer::ServerAnswer;
use super::ask::{Ask, Remote};
use super::confirm;
use super::hidden::without_credentials;
use super::listing::{instant, state};
use super::refused::{self, NoAnswer};
use super::table::{details, text};
use super::when::from_now;
use crate::commands::format::Format;
use crate::exit::{Exit, Failure, written};
use crate::harmless::{harmless, json_line};
use crate::terminal::say;
use http::Method;
use keyway::clock::{Clock as _, System};
use serde_json::{Map, Value, json};
use std::io::{Write as _, stdout};

/// Which connection.
#[derive(Debug, clap::Args)]
pub(super) struct WhichConnection {
    /// The connection's id
    #[arg(value_name = "ID")]
    id: String,
    /// The key of its integration
    #[arg(long, value_name = "KEY")]
    integration: String,
}

impl WhichConnection {
    /// The members by which the server knows it.
    pub(super) fn named(&self) -> [(&'static str, &str); 2] {
        [("integration", &self.integration), ("connection_id", &self.id)]
    }

    /// Shows it. Where its credential is not good, the rest is shown all the same, and the reason.
    pub(super) fn show(&self, remote: &Remote, credentials: bool, format: Format) -> Result<Exit, Failure> {
        match self.get(remote, &[]) {
            Ok(shown) if credentials => print(&shown, format),
            Ok(shown) => print(&without_credentials(remote, shown)?, format),
            Err(refused) if refused.is_about_credential() && !credentials => {
                let Some(row) = self.row(remote)? else { return Err(refused.failure) };
                print(&row, format)?;
                Err(refused.failure)
            }
            Err(refused) => Err(refused.failure),
        }
    }

    /// Renews its token, and shows it.
    pub(super) fn refresh(&self, remote: &Remote, format: Format) -> Result<Exit, Failure> {
        let renewed = self.get(remote, &[("refresh", "true")])?;
        print(&without_credentials(remote, renewed)?, format)
    }

    /// Deletes it. The provider's answer about its token changes nothing of that, and is said.
    pub(super) fn delete(&self, remote: &Remote, is_confirmed: bool, format: Format) -> Result<Exit, Failure> {
        let (id, integration) = (harmless(&self.id), harmless(&self.integration));
        if !is_confirmed {
            confirm::typed(&format!("This deletes the connection `{id}` of `{integration}`."), &self.id)?;
        }
        let answer = self.ask(remote, Method::DELETE, &[])?;
        let revocation = answer.revocation.unwrap_or_default();
        let line = match format {
            Format::Json => json_line(&json!({
                "integration": self.integration,
                "connection_id": self.id,
                "deleted": true,
                "revocation": revocation,
            })),
            Format::Text => format!("the connection `{id}` of `{integration}` is deleted{}", fate(&revocation)),
        };
        written(writeln!(stdout(), "{line}"))?;
        Ok(Exit::Clean)
    }

    /// Makes the link, and prints its address.
    pub(super) fn link(&self, remote: &Remote, format: Format) -> Result<Exit, Failure> {
        let body = json!({"integration": self.integration, "connection_id": self.id});
        let ask = Ask { body: Some(&body), ..Ask::new(Method::POST, &["connect", "sessions"]) };
        let answer = remote.ask(&ask)?.members;
        let Some(url) = answer.get("url").and_then(Value::as_str) else {
            return Err(refused::other_shape(remote.address()).into());
        };
        let expires = answer.get("expires_at").and_then(Value::as_str).unwrap_or_default();
        match format {
            Format::Json => {
                let line = json_line(&json!({"url": url, "expires_at": expires}));
                written(writeln!(stdout(), "{line}"))?;
            }
            Format::Text => {
                written(writeln!(stdout(), "{}", harmless(url)))?;
                say(&format!(
                    "for this customer only, and for one connection; it ends {}",
                    from_now(expires, System.now())
                ));
            }
        }
        Ok(Exit::Clean)
    }

    /// Replaces its metadata, and shows it.
    pub(super) fn set_metadata(
        &self,
        remote: &Remote,
        metadata: &Map<String, Value>,
        format: Format,
    ) -> Result<Exit, Failure> {
        let body = json!({"metadata": metadata});
        let query = [("integration", self.integration.as_str())];
        let path = ["connections", self.id.as_str()];
        let changed = remote.ask(&Ask { query: &query, body: Some(&body), ..Ask::new(Method::PATCH, &path) })?;
        print(&changed.members, format)
    }

    fn get(&self, remote: &Remote, query: &[(&str, &str)]) -> Result<Map<String, Value>, NoAnswer> {
        Ok(self.ask(remote, Method::GET, query)?.members)
    }

    fn ask(&self, remote: &Remote, method: Method, query: &[(&str, &str)]) -> Result<ServerAnswer, NoAnswer> {
        let query = [&[("integration", self.integration.as_str())], query].concat();
        remote.ask(&Ask { query: &query, ..Ask::new(method, &["connections", &self.id]) })
    }

    /// Its row in the list, which the server has without opening the connection: of the ids that begin so it is the
    /// first.
    fn row(&self, remote: &Remote) -> Result<Option<Map<String, Value>>, NoAnswer> {
        let query = [("integration", self.integration.as_str()), ("id_prefix", &self.id), ("limit", "1")];
        let mut answer = remote.ask(&Ask { query: &query, ..Ask::new(Method::GET, &["connections"]) })?;
        let rows = answer.list(remote.address(), "connections")?;
        Ok(rows.into_iter().find(|row| row.get("connection_id").and_then(Value::as_str) == Some(&self.id)))
    }
}

pub(super) fn print(shown: &Map<String, Value>, format: Format) -> Result<Exit, Failure> {
    let now = System.now();
    let of = |name: &str| text(shown.get(name));
    let lines = match format {
        Format::Json => json_line(&Value::Object(shown.clone())) + "\n",
        Format::Text => details(&[
            ("connection", of("connection_id")),
            ("integration", of("integration")),
            ("provider", of("provider")),
            ("state", state(shown).to_owned()),
            ("expires", instant(shown, "expires_at", now)),
            ("created", instant(shown, "created_at", now)),
            ("updated", instant(shown, "updated_at", now)),
            ("config", of("config")),
            ("metadata", of("metadata")),
            ("credentials", of("credentials")),
        ]),
    };
    written(stdout().write_all(lines.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The fate of a token at its provider, as `keyway-revocation` has it.
fn fate(revocation: &str) -> String {
    match revocation.split(';').next().unwrap_or_default() {
        "revoked" => ", and its provider revoked the token".to_owned(),
        "refused" => ", and its provider refused to revoke the token: it may have been invalid already".to_owned(),
        "unreachable" => "; its provider did not answer, and the grant may live on there".to_owned(),
        "not-sent" => "; nothing was sent to its provider, and the grant may live on there".to_owned(),
        "not-described" => "; the grant lives on at its provider until the customer removes it there".to_owned(),
        _ => String::new(),
    }
}
