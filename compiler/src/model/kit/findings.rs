//! The rules of this stage. Codes KW0100 to KW0199.

use crate::diagnostic::Rule;

pub(in crate::model) static UNKNOWN_KEY: Rule = Rule::error("KW0101", "unknown-key");
pub(in crate::model) static MISPLACED_KEY: Rule = Rule::error("KW0102", "misplaced-key");
pub(in crate::model) static WRONG_TYPE: Rule = Rule::error("KW0103", "wrong-type");
pub(in crate::model) static UNKNOWN_ENUM_VALUE: Rule = Rule::error("KW0104", "unknown-enum-value");
pub(in crate::model) static MISSING_KEY: Rule = Rule::error("KW0105", "missing-key");
pub(in crate::model) static AUTH_MODE_SHAPE: Rule = Rule::error("KW0106", "auth-mode-shape");
pub(in crate::model) static AUTH_MODE_UNKNOWN: Rule = Rule::error("KW0107", "auth-mode-unknown");
pub(in crate::model) static AUTH_MODE_UNSUPPORTED: Rule = Rule::error("KW0108", "auth-mode-unsupported");
pub(in crate::model) static DEAD_KEY: Rule = Rule::warning("KW0109", "dead-key");
pub(in crate::model) static INVALID_PROVIDER_KEY: Rule = Rule::error("KW0110", "invalid-provider-key");
pub(in crate::model) static INVALID_FIELD_NAME: Rule = Rule::error("KW0111", "invalid-field-name");
pub(in crate::model) static HEADER_CASE: Rule = Rule::error("KW0112", "header-case");
pub(in crate::model) static INVALID_HEADER_NAME: Rule = Rule::error("KW0113", "invalid-header-name");
pub(crate) static INVALID_HEADER_VALUE: Rule = Rule::error("KW0114", "invalid-header-value");
pub(in crate::model) static INVALID_VALUE: Rule = Rule::error("KW0115", "invalid-value");
/// The rule `missing-base-url` of `rules`, where the map that lacks it is there: then nothing can be built.
pub(in crate::model) static MISSING_BASE_URL: Rule = Rule::error("KW0320", "missing-base-url");

/// The rules this stage reports.
pub static RULES: [&Rule; 15] = [
    &UNKNOWN_KEY,
    &MISPLACED_KEY,
    &WRONG_TYPE,
    &UNKNOWN_ENUM_VALUE,
    &MISSING_KEY,
    &AUTH_MODE_SHAPE,
    &AUTH_MODE_UNKNOWN,
    &AUTH_MODE_UNSUPPORTED,
    &DEAD_KEY,
    &INVALID_PROVIDER_KEY,
    &INVALID_FIELD_NAME,
    &HEADER_CASE,
    &INVALID_HEADER_NAME,
    &INVALID_HEADER_VALUE,
    &INVALID_VALUE,
];
