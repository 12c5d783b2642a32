//! Errors in words for a customer, where the API's speak to the operator: a customer cannot make a link, and has not
//! heard of sessions and states. What to do is said by the page, below.

use super::sentence::sentence;
use keyway::client::over::{CHOICE_OVER, FLOW_ELSEWHERE, FLOW_OVER, LINK_USED, LINK_WORN, SESSION_OVER};

const BY_MESSAGE: [(&str, &str); 6] = [
    (SESSION_OVER, "This link is not good any more: it was used already, or is older than 30 minutes"),
    (LINK_USED, "This link was used already"),
    (LINK_WORN, "This link was opened too often, and no account was connected"),
    (FLOW_OVER, "This sign-in is over: it was finished already, or took longer than an hour"),
    (FLOW_ELSEWHERE, "This sign-in began in another browser"),
    (CHOICE_OVER, "This choice is over: it was made already, or took longer than 15 minutes"),
];

const BY_CODE: [(&str, &str); 2] = [
    ("unknown_integration", "What this link leads to is not there any more"),
    ("unknown_provider", "What this link leads to is not there any more"),
];

/// An error as a sentence without its full stop.
pub(super) fn for_customers(code: &str, message: &str) -> String {
    let by_message = BY_MESSAGE.iter().find(|(operators, _)| message.contains(operators));
    let words = by_message.or_else(|| BY_CODE.iter().find(|(known, _)| *known == code));
    words.map_or_else(|| sentence(message), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_not_told_what_only_an_operator_can_do() {
        for (operators, words) in BY_MESSAGE {
            assert_eq!(for_customers("invalid_state", operators), words);
            assert_eq!(for_customers("invalid_state", &format!("acme: {operators}")), words);
            for word in ["session", "state", "flow", "make a new", ": start", ": connect"] {
                assert!(!words.contains(word), "{words}");
            }
        }
        assert_eq!(for_customers("not_verified", "the key is wrong"), "The key is wrong");
        assert!(for_customers("unknown_integration", "there is no integration `x`").starts_with("What this link"));
    }
}
