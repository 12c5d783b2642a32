//! A connection's metadata on the command line: a JSON object, as an argument or from standard input.

use crate::exit::Failure;
use serde_json::{Map, Value};
use std::io::{Read as _, stdin};

/// The most bytes that are read of standard input: more than any server takes.
const MAX_INPUT: u64 = 1 << 20;

/// The object that an argument gives, or standard input where it is `-`.
pub(super) fn read(argument: &str) -> Result<Map<String, Value>, Failure> {
    if argument != "-" {
        return object(argument);
    }
    let mut text = String::new();
    let read = stdin().lock().take(MAX_INPUT + 1).read_to_string(&mut text);
    read.map_err(|error| Failure::usage(format!("cannot read the metadata: {error}")))?;
    if text.len() as u64 > MAX_INPUT {
        return Err(Failure::usage("the metadata on standard input is larger than 1 MiB; is it the right input?"));
    }
    object(&text)
}

fn object(text: &str) -> Result<Map<String, Value>, Failure> {
    const ADVICE: &str = r#"the metadata has to be a JSON object, such as '{"plan": "pro"}'"#;
    match serde_json::from_str(text) {
        Ok(Value::Object(metadata)) => Ok(metadata),
        Ok(_) => Err(Failure::usage(ADVICE)),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(Failure::usage(format!("{ADVICE}: it is not JSON at line {line}, column {column}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_taken_and_nothing_else() {
        for (text, is_taken) in
            [("{}", true), (r#" {"a": [1]} "#, true), ("", false), ("[]", false), ("null", false), ("{a: 1}", false)]
        {
            assert_eq!(object(text).is_ok(), is_taken, "{text}");
        }
    }
}
