//! An entry's pattern as the `pattern` attribute has it.
//!
//! Browsers compile that attribute with the flag `v`, entries are written without flags (ECMA-262 section 22.2.1), and
//! a pattern that does not compile is not held against anything. Within a class, `v` wants a hyphen that makes no
//! range, and each character that it keeps for sets, behind a backslash: `[a-z0-9-]` becomes `[a-z0-9\-]`.

use std::iter::Peekable;
use std::str::Chars;

/// Characters that a class under `v` takes behind a backslash only.
const RESERVED: &str = "()[{}/|";

/// Characters that it does not take twice in a row.
const NOT_DOUBLED: &str = "&!#$%*+,.:;<=>?@^`~";

/// The same pattern, for browsers.
pub(super) fn for_browsers(pattern: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(pattern.len() + 8), pattern.chars().peekable());
    while let Some(character) = rest.next() {
        text.push(character);
        match character {
            '\\' => text.extend(rest.next()),
            '[' => class(&mut text, &mut rest),
            _ => {}
        }
    }
    text
}

/// A class, behind its bracket.
fn class(text: &mut String, rest: &mut Peekable<Chars<'_>>) {
    text.extend(rest.next_if_eq(&'^'));
    let mut last = None;
    // True behind one character, with which a range may begin.
    let mut may_begin = false;
    while let Some(character) = rest.next() {
        match character {
            ']' => return text.push(']'),
            '\\' => {
                let escaped = rest.next();
                text.push('\\');
                text.extend(escaped);
                may_begin = !escaped.is_some_and(|escaped| "dDsSwW".contains(escaped));
            }
            '-' if may_begin && rest.peek().is_some_and(|next| *next != ']') => {
                text.push('-');
                // The end of the range begins none.
                if let Some(end) = rest.next() {
                    one(text, end, None);
                    if end == '\\' {
                        text.extend(rest.next());
                    }
                }
                may_begin = false;
            }
            _ => {
                one(text, character, last);
                may_begin = true;
            }
        }
        last = Some(character);
    }
}

/// A character of a class, behind a backslash where it needs one.
fn one(text: &mut String, character: char, last: Option<char>) {
    let is_doubled = last == Some(character) && NOT_DOUBLED.contains(character);
    if character == '-' || RESERVED.contains(character) || is_doubled {
        text.push('\\');
    }
    text.push(character);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_escapes_what_browsers_take_for_something_else() {
        for (pattern, expected) in [
            ("^[a-z0-9-]+$", r"^[a-z0-9\-]+$"),
            ("^[-a-z]$", r"^[\-a-z]$"),
            ("^[^-a-z]$", r"^[^\-a-z]$"),
            (r"^[\w-.]$", r"^[\w\-.]$"),
            ("^[a-z-9]$", r"^[a-z\-9]$"),
            ("^[A-Za-z0-9._~/-]*$", r"^[A-Za-z0-9._~\/\-]*$"),
            ("^[(){}|[]$", r"^[\(\)\{\}\|\[]$"),
            (r"^[\]\\-]$", r"^[\]\\\-]$"),
            ("^[&&a]$", r"^[&\&a]$"),
            (r"^[+-\]]$", r"^[+-\]]$"),
            (r"^(\[a-b\]|c-d){1,2}/$", r"^(\[a-b\]|c-d){1,2}/$"),
            ("", ""),
            ("[", "["),
            ("[a-", r"[a\-"),
            ("\\", "\\"),
        ] {
            assert_eq!(for_browsers(pattern), expected, "{pattern}");
        }
    }
}
