//! Values in a path. None leads to another endpoint: each is percent-encoded as a segment (RFC 3986 section 3.3), none
//! is empty, `.` or `..`.

use super::{Misfit, scalar};
use crate::template::position;
use keyway_spec::Position;
use serde_json::Value;
use std::borrow::Cow;

/// A value as one segment.
pub fn segment(text: &str) -> Result<Cow<'_, str>, Misfit> {
    if text.is_empty() {
        return Err("must not be empty: it is a part of the path".into());
    }
    Ok(position::fit(Position::Segment, text)?)
}

/// A text that keeps its slashes, or a list of segments.
pub fn segments(value: Value) -> Result<String, Misfit> {
    let wrong = "must be a text, or a list of the path's segments";
    let segments: Vec<String> = match value {
        Value::Array(items) => items.into_iter().map(scalar).collect::<Option<_>>().ok_or(wrong)?,
        value => scalar(value).ok_or(wrong)?.split('/').map(str::to_owned).collect(),
    };
    if segments.first().is_none_or(String::is_empty) {
        return Err("must not be empty or begin with `/`: it is a part of the path".into());
    }
    let fitted: Vec<Cow<'_, str>> =
        segments.iter().map(|segment| position::fit(Position::Segment, segment)).collect::<Result<_, _>>()?;
    Ok(fitted.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_segment_stays_one() {
        for (text, expected) in [
            ("hello", Ok("hello")),
            ("a/b", Ok("a%2Fb")),
            ("12:ab", Ok("12:ab")),
            ("a b?#", Ok("a%20b%3F%23")),
            ("%2e%2e", Err("must not be `.` or `..`")),
            ("..", Err("must not be `.` or `..`")),
            ("", Err("must not be empty: it is a part of the path")),
        ] {
            let got = segment(text).map_err(|misfit| misfit.reason);
            assert_eq!(got.as_deref(), expected.as_ref().map(|text| &**text), "{text}");
        }
    }

    #[test]
    fn segments_keep_the_slashes_between_them() {
        let empty = Err("must not be empty or begin with `/`: it is a part of the path");
        for (value, expected) in [
            (json!("src/a b.rs"), Ok("src/a%20b.rs")),
            (json!(["src", "a/b"]), Ok("src/a%2Fb")),
            (json!("a//b/"), Ok("a//b/")),
            (json!(7), Ok("7")),
            (json!("a/../b"), Err("must not be `.` or `..`")),
            (json!("/a"), empty),
            (json!(""), empty),
            (json!([]), empty),
            (json!({"a": 1}), Err("must be a text, or a list of the path's segments")),
        ] {
            let got = segments(value.clone()).map_err(|misfit| misfit.reason);
            assert_eq!(got.as_deref(), expected.as_ref().map(|text| &**text), "{value}");
        }
    }
}
