//! A connection's metadata on the command line: a JSON object, as an argument or from standard input.

use super::secret_input;
use crate::exit::Failure;
use serde_json::{Map, Value};
use std::path::Path;

/// The object that an argument gives, or standard input where it is `-`.
pub(super) fn read(argument: &str) -> Result<Map<String, Value>, Failure> {
    let file = Path::new(argument);
    if secret_input::is_standard_input(file) { secret_input::object(file, None) } else { object(argument) }
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
