//! The functions of templates: what they are called, how many arguments they take, and how commas separate those.
//!
//! The names themselves stand beside the enum, in [`Function::name`]; what a function does is the runtime's.

use keyway_spec::template::Function;
use std::ops::RangeInclusive;

/// Every function.
pub const ALL: [Function; 9] = [
    Function::Base64,
    Function::Sha256Hex,
    Function::Sha256Base64,
    Function::HmacSha1Hex,
    Function::HmacSha256Hex,
    Function::Truncate,
    Function::Ed25519Sign,
    Function::Fingerprint,
    Function::AwsSigV4,
];

/// The meaning of commas inside the parentheses of a call (section 3.4 of the format's reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// They are text: the one argument is all of it.
    None,
    /// The last one separates; messages hold commas. Only what follows it is trimmed.
    LastComma,
    /// Each one separates. Every argument is trimmed.
    EveryComma,
}

/// The function of a name, in its exact spelling.
pub fn from_name(name: &str) -> Option<Function> {
    ALL.into_iter().find(|function| function.name() == name)
}

/// The separator of a function's arguments.
pub const fn separator(function: Function) -> Separator {
    match function {
        Function::Base64 | Function::Sha256Hex | Function::Sha256Base64 | Function::Fingerprint => Separator::None,
        Function::HmacSha1Hex | Function::HmacSha256Hex | Function::Truncate | Function::Ed25519Sign => {
            Separator::LastComma
        }
        Function::AwsSigV4 => Separator::EveryComma,
    }
}

/// The number of arguments of a function.
pub const fn arity(function: Function) -> RangeInclusive<usize> {
    match separator(function) {
        Separator::None => 1..=1,
        Separator::LastComma => 2..=2,
        Separator::EveryComma => 4..=5,
    }
}

/// Whether a call may have so many arguments. The error says how many it has and how many it needs.
pub fn check_arity(function: Function, found: usize) -> Result<(), String> {
    let takes = arity(function);
    if takes.contains(&found) {
        return Ok(());
    }
    let takes = match (*takes.start(), *takes.end()) {
        (1, 1) => "1 argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} or {most} arguments"),
    };
    Err(format!("takes {takes}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_by_its_exact_name() {
        for function in ALL {
            assert_eq!(from_name(function.name()), Some(function));
        }
        for name in ["", "Base64", "base64 ", "sha256", "hmac"] {
            assert_eq!(from_name(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_wrong_number_of_arguments_is_an_error_with_both_numbers() {
        for (function, found, expected) in [
            (Function::Base64, 1, Ok(())),
            (Function::Base64, 0, Err("takes 1 argument, found 0")),
            (Function::Fingerprint, 2, Err("takes 1 argument, found 2")),
            (Function::Truncate, 2, Ok(())),
            (Function::HmacSha1Hex, 1, Err("takes 2 arguments, found 1")),
            (Function::AwsSigV4, 4, Ok(())),
            (Function::AwsSigV4, 5, Ok(())),
            (Function::AwsSigV4, 6, Err("takes 4 or 5 arguments, found 6")),
        ] {
            assert_eq!(check_arity(function, found), expected.map_err(str::to_owned), "{function:?} {found}");
        }
    }
}
