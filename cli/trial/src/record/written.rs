//! The file of a sample.

use super::takes::Take;
use crate::redact::{RedactionFailed, Redactor};
use http::StatusCode;
use std::fmt::Write as _;

/// Comments that a person may have added to a file, which stay when it is recorded again.
const OF_A_PERSON: [&str; 8] = ["note", "items", "more", "next", "lifetime", "wait", "retried", "refresh_token"];

/// The text of a sample's file. `before` is that of the file that is there, `day` the day of the recording.
pub fn file(take: &Take, redactor: &mut Redactor, before: &str, day: &str) -> Result<String, RedactionFailed> {
    let request = take.request.as_ref().map(|(method, path)| redactor.request(method, path));
    let redacted = redactor.answer(&take.answer)?;
    let mut text = format!("# source: recorded\n# read: {day}\n# at: {}\n", redacted.at);
    if let Some((method, path)) = &request {
        redactor.check([path.as_str()])?;
        let _ = writeln!(text, "# request: {method} {path}");
    }
    for comment in before.lines().take_while(|line| line.starts_with('#')) {
        let name = comment.trim_start_matches('#').trim().split(':').next().unwrap_or_default();
        if OF_A_PERSON.contains(&name) {
            let _ = writeln!(text, "{comment}");
        }
    }
    let _ = writeln!(text, "HTTP/1.1 {} {}", redacted.status.as_u16(), reason(redacted.status));
    for (name, value) in &redacted.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    let _ = write!(text, "\n{}", redacted.body);
    if !redacted.body.is_empty() {
        text.push('\n');
    }
    Ok(text)
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Unknown")
}
