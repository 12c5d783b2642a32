//! `keyway connections list`: page by page, printed as it comes.

use super::ask::{Ask, Remote};
use super::refused;
use super::table::{Table, text};
use super::when::from_now;
use crate::commands::format::Format;
use crate::exit::{Exit, Failure, written};
use crate::harmless::json_line;
use crate::terminal::say;
use http::Method;
use keyway::clock::{Clock as _, System, Timestamp};
use serde_json::{Map, Value};
use std::io::{ErrorKind, Write as _, stdout};

/// The most connections of a page: the server's limit.
const MAX_PAGE: u64 = 1000;

/// Which connections to list.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Those of this integration
    #[arg(long, value_name = "KEY")]
    integration: Option<String>,
    /// Those whose id begins so
    #[arg(long, value_name = "TEXT")]
    id_prefix: Option<String>,
    /// Those whose customer has to connect again
    #[arg(long)]
    reconnect_needed: bool,
    /// The most connections to list
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    /// All of them, however many there are
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

/// Lists.
pub(super) fn run(remote: &Remote, args: &ListArgs, format: Format) -> Result<Exit, Failure> {
    let mut table = Table::new(["INTEGRATION", "CONNECTION", "STATE", "EXPIRES", "CREATED", "UPDATED"]);
    let mut left = if args.all { u64::MAX } else { args.limit };
    let mut after: Option<String> = None;
    let mut is_empty = true;
    loop {
        // One more than is printed, which says that there are more.
        let limit = left.saturating_add(1).min(MAX_PAGE).to_string();
        let mut query = vec![("limit", limit.as_str())];
        query.extend(args.integration.as_deref().map(|key| ("integration", key)));
        query.extend(args.id_prefix.as_deref().map(|prefix| ("id_prefix", prefix)));
        query.extend(args.reconnect_needed.then_some(("reconnect_needed", "true")));
        query.extend(after.as_deref().map(|after| ("after", after)));
        let mut answer = remote.ask(&Ask { query: &query, ..Ask::new(Method::GET, &["connections"]) })?;
        let mut rows = answer.list(remote.address(), "connections")?;
        let next = answer.members.get("next").and_then(Value::as_str).map(str::to_owned);
        let is_beyond = rows.len() as u64 > left;
        rows.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        left = left.saturating_sub(rows.len() as u64);
        is_empty &= rows.is_empty();
        let page = match format {
            Format::Text => {
                let now = System.now();
                table.page(&rows.iter().map(|row| cells(row, now)).collect::<Vec<_>>())
            }
            Format::Json => rows.into_iter().map(|row| json_line(&Value::Object(row)) + "\n").collect(),
        };
        match stdout().write_all(page.as_bytes()) {
            // The reader has seen enough (`keyway connections list --all | head`).
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Clean),
            result => written(result)?,
        }
        if is_beyond {
            say("there are more connections: `--limit` and `--all` list them");
            break;
        }
        match next {
            None => break,
            // A page that leads to itself would be printed for ever.
            Some(_) if next == after => return Err(refused::other_shape(remote.address()).into()),
            Some(_) => after = next,
        }
    }
    if is_empty && format == Format::Text {
        say("there is no such connection; `keyway connections link` makes a link for a customer");
    }
    Ok(Exit::Clean)
}

fn cells(row: &Map<String, Value>, now: Timestamp) -> [String; 6] {
    let of = |name: &str| text(row.get(name));
    let at = |name: &str| instant(row, name, now);
    [
        of("integration"),
        of("connection_id"),
        state(row).to_owned(),
        at("expires_at"),
        at("created_at"),
        at("updated_at"),
    ]
}

/// An instant of a connection, as people say it.
pub(super) fn instant(row: &Map<String, Value>, name: &str, now: Timestamp) -> String {
    row.get(name).and_then(Value::as_str).map_or_else(|| "never".to_owned(), |at| from_now(at, now))
}

/// The state of a connection.
pub(super) fn state(row: &Map<String, Value>) -> &'static str {
    match row.get("reconnect_needed").and_then(Value::as_bool) {
        Some(false) => "good",
        Some(true) => "reconnect needed",
        None => "unknown",
    }
}
