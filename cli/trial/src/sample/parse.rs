//! From the text of a file to a sample.

use super::{Meaning, MeantTime, Sample, SampleKind};
use bytes::Bytes;
use http::header::DATE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use keyway::Timestamp;
use std::fmt;

/// The largest sample in bytes: 1 MiB. A vendor's page prints less.
pub const MAX_SAMPLE: usize = 1 << 20;
/// The most headers of one.
const MAX_HEADERS: usize = 100;

/// A sample that cannot be read: what is wrong, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1; 0 where it is the file as a whole.
    pub line: usize,
    /// The fault, and what to write instead.
    pub message: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads a sample. `name` is its file's, without folders.
pub fn parse(name: &str, text: &str) -> Result<Sample, Unreadable> {
    let whole = |message: String| Unreadable { line: 0, message };
    let kind = SampleKind::of_file(name).ok_or_else(|| {
        let names = SampleKind::ALL.map(|kind| format!("`{}.http`", kind.name())).join(", ");
        whole(format!(
            "`{name}` does not say what it answers; name it one of {names}, with `-` and more behind the word"
        ))
    })?;
    if text.len() > MAX_SAMPLE {
        return Err(whole(format!("it is larger than {} KiB: keep what is needed", MAX_SAMPLE >> 10)));
    }
    let mut sample = Sample {
        name: name.to_owned(),
        kind,
        source: String::new(),
        at: None,
        request: None,
        meaning: Meaning::default(),
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    let (mut at, mut line) = (0, 1);
    for comment in text.split_inclusive('\n').take_while(|line| line.starts_with('#') || line.trim().is_empty()) {
        said(&mut sample, comment.trim_start_matches('#').trim()).map_err(|message| Unreadable { line, message })?;
        (at, line) = (at + comment.len(), line + 1);
    }
    if sample.source.is_empty() {
        let message = "nothing says where it is from: begin with `# source: ` and the address of the vendor's page, or \
            `# source: recorded`";
        return Err(Unreadable { line: 1, message: message.to_owned() });
    }
    answer(&mut sample, text.get(at..).unwrap_or_default()).map_err(|message| Unreadable { line, message })?;
    let date = || httpdate(sample.headers.get(DATE)?);
    sample.at = sample.at.or_else(date);
    Ok(sample)
}

/// Takes up a comment, `name: value`.
fn said(sample: &mut Sample, comment: &str) -> Result<(), String> {
    if comment.is_empty() {
        return Ok(());
    }
    let (name, value) =
        comment.split_once(':').ok_or("a comment is `# name: value`; free words go behind `# note:`")?;
    let value = value.trim();
    let time = || match value {
        "none" => Ok(MeantTime::Nothing),
        _ => {
            value.parse().map(MeantTime::Seconds).map_err(|_| format!("`{value}` is no number of seconds, nor `none`"))
        }
    };
    let yes = || match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("`{value}` is neither `yes` nor `no`")),
    };
    match name.trim() {
        "note" => {}
        "read" if is_day(value) => {}
        "read" => return Err(format!("`{value}` is no day such as `2026-01-31`")),
        "source" if value == "recorded" || value.starts_with("https://") => value.clone_into(&mut sample.source),
        "source" => return Err(format!("`{value}` is no `https:` address of a page, nor the word `recorded`")),
        "at" => {
            let at = value.parse().map_err(|_| format!("`{value}` is no instant such as `2026-01-02T03:04:05Z`"))?;
            sample.at = Some(at);
        }
        "request" => sample.request = Some(request(value)?),
        "lifetime" => sample.meaning.lifetime = Some(time()?),
        "wait" => sample.meaning.wait = Some(time()?),
        "items" => {
            let items = value.parse().map_err(|_| format!("`{value}` is no number of items"))?;
            sample.meaning.items = Some(items);
        }
        "more" => sample.meaning.more = Some(yes()?),
        "retried" => sample.meaning.retried = Some(yes()?),
        "next" if value.starts_with('/') || value.contains('=') => sample.meaning.next = Some(value.to_owned()),
        "next" if value == "none" => sample.meaning.asks_no_more = true,
        "next" => return Err(format!("`{value}` is neither a parameter such as `page=2`, a path, nor `none`")),
        "refresh_token" => sample.meaning.refresh_token = Some(yes()?),
        other => {
            return Err(format!(
                "there is no `{other}`; a comment is one of source, read, note, at, request, lifetime, wait, items, \
                 more, next, retried, refresh_token"
            ));
        }
    }
    Ok(())
}

/// `GET /v1/charges?limit=3`.
fn request(text: &str) -> Result<(Method, String), String> {
    let wrong = || format!("`{text}` is no request such as `GET /v1/users?limit=2`");
    let (method, path) = text.split_once(' ').ok_or_else(wrong)?;
    let method = method.parse().map_err(|_| wrong())?;
    if path.starts_with('/') { Ok((method, path.trim().to_owned())) } else { Err(wrong()) }
}

/// Takes up status line, headers and body.
fn answer(sample: &mut Sample, text: &str) -> Result<(), String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(text.as_bytes()).map_err(|error| {
        format!("no HTTP answer begins here ({error}): write `HTTP/1.1 200 OK`, the headers and an empty line")
    })?;
    let httparse::Status::Complete(length) = parsed else {
        return Err("the answer ends in its headers: an empty line ends them, with or without a body behind".to_owned());
    };
    let code = head.code.unwrap_or_default();
    sample.status = StatusCode::from_u16(code).map_err(|_| format!("`{code}` is no status"))?;
    for header in head.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(header.value).map_err(|error| error.to_string())?;
        sample.headers.append(name, value);
    }
    // Editors end a file with a line break, which is no part of the body.
    let body = text.get(length..).unwrap_or_default().trim_end_matches(['\r', '\n']);
    sample.body = Bytes::copy_from_slice(body.as_bytes());
    Ok(())
}

/// True of a day of the calendar, as RFC 3339 writes one.
fn is_day(text: &str) -> bool {
    text.len() == "2026-01-31".len() && format!("{text}T00:00:00Z").parse::<Timestamp>().is_ok()
}

fn httpdate(value: &HeaderValue) -> Option<Timestamp> {
    let milliseconds = keyway_format::instant::date(value.to_str().ok()?)?;
    Timestamp::from_millisecond(milliseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# source: https://docs.acme.example/lists\n# read: 2028-02-29\n# request: GET /users?limit=2\n# items: 2\n\
        # more: yes\n\nHTTP/1.1 200 OK\ncontent-type: application/json\ndate: Fri, 02 Jan 2026 03:04:05 GMT\n\n{\"a\": 1}\n";

    #[test]
    fn a_sample_is_read_whole() {
        let sample = parse("page-users.http", PAGE).unwrap();
        assert_eq!((sample.kind, sample.status, &*sample.body), (SampleKind::Page, StatusCode::OK, &b"{\"a\": 1}"[..]));
        assert_eq!(sample.request, Some((Method::GET, "/users?limit=2".to_owned())));
        assert_eq!((sample.meaning.items, sample.meaning.more), (Some(2), Some(true)));
        assert_eq!(sample.at.map(|at| at.to_string()).as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(sample.headers["content-type"], "application/json");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let with = |comment: &str| format!("# source: recorded\n{comment}\nHTTP/1.1 200 OK\n\n");
        for (name, text, line, message) in [
            ("tokens.http", PAGE.to_owned(), 0, "does not say what it answers"),
            ("token.http", "HTTP/1.1 200 OK\n\n{}".to_owned(), 1, "where it is from"),
            ("token.http", "# source: http://a.example\n".to_owned(), 1, "`https:` address"),
            ("token.http", with("# lifetime: an hour"), 2, "no number of seconds"),
            ("token.http", with("# expires: 3600"), 2, "there is no `expires`"),
            ("token.http", with("# of an app"), 2, "`# note:`"),
            ("token.http", with("# more: perhaps"), 2, "neither `yes` nor `no`"),
            ("token.http", with("# at: yesterday"), 2, "no instant"),
            ("token.http", with("# read: 2026-13-01"), 2, "`2026-13-01` is no day such as `2026-01-31`"),
            ("token.http", with("# read: 2026-02-29"), 2, "no day"),
            ("token.http", with("# read: 2026-1-01"), 2, "no day"),
            ("token.http", with("# read: today"), 2, "no day"),
            ("page.http", with("# next: page"), 2, "neither a parameter such as `page=2`"),
            ("page.http", with("# request: /users"), 2, "no request such as"),
            ("page.http", with("# request: GET users"), 2, "no request such as"),
            ("token.http", "# source: recorded\n{\"access_token\": 1}".to_owned(), 2, "no HTTP answer begins here"),
            ("token.http", "# source: recorded\nHTTP/1.1 200 OK\na: b".to_owned(), 2, "ends in its headers"),
            ("token.http", "# source: recorded\nHTTP/1.1 099 No\n\n".to_owned(), 2, "`99` is no status"),
            ("token.http", "x".repeat(MAX_SAMPLE + 1), 0, "larger than 1024 KiB"),
        ] {
            let error = parse(name, &text).unwrap_err();
            assert!(error.line == line && error.message.contains(message), "{name}: {error:?}");
        }
    }
}
