//! A text that a pattern of an entry finds a value in: of each choice the first, of each repetition one.
//!
//! Patterns are written to find the wait in a vendor's sentence, so what is made is such a sentence. A pattern that
//! looks around itself or back is read as if it did not.

use std::iter::Peekable;
use std::str::Chars;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 32;
/// The most repetitions of a part.
const MAX_REPEATED: usize = 32;
/// The longest text that is made, in bytes: what would make it longer is left out.
const MAX_SENTENCE: usize = 4096;

/// The text. The value stands where the first group of the pattern is.
pub(crate) fn with(pattern: &str, value: &str) -> String {
    let pattern = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).unwrap_or(pattern);
    let mut maker = SentenceMaker { rest: pattern.chars().peekable(), value: Some(value) };
    let mut text = String::new();
    maker.choice(&mut text, MAX_DEPTH);
    text
}

struct SentenceMaker<'p> {
    rest: Peekable<Chars<'p>>,
    /// The value, until it was written.
    value: Option<&'p str>,
}

impl SentenceMaker<'_> {
    /// `a|b|c`, up to the end of its group: the first.
    fn choice(&mut self, text: &mut String, depth: usize) {
        self.sequence(text, depth);
        while self.rest.next_if_eq(&'|').is_some() {
            // What stands in another choice is passed over, groups included.
            let value = self.value.take();
            self.sequence(&mut String::new(), depth);
            self.value = value;
        }
    }

    fn sequence(&mut self, text: &mut String, depth: usize) {
        while let Some(next) = self.rest.peek().copied() {
            if matches!(next, '|' | ')') {
                return;
            }
            let mut part = String::new();
            self.part(&mut part, depth);
            let times = self.repeated();
            for _ in 0..times {
                if text.len() + part.len() <= MAX_SENTENCE {
                    text.push_str(&part);
                }
            }
        }
    }

    fn part(&mut self, part: &mut String, depth: usize) {
        match self.rest.next() {
            Some('(') => self.group(part, depth),
            Some('[') => part.extend(self.class()),
            Some('\\') => part.extend(self.rest.next().and_then(escaped)),
            Some('^' | '$') | None => {}
            Some('.') => part.push('.'),
            Some(literal) => part.push(literal),
        }
    }

    /// Behind `(`: a group that captures, or one that does not.
    fn group(&mut self, part: &mut String, depth: usize) {
        let captures = self.rest.next_if_eq(&'?').is_none() || self.is_named();
        let mut inner = String::new();
        let value = if captures { self.value.take() } else { None };
        if depth > 0 {
            self.choice(&mut inner, depth - 1);
        }
        self.rest.next_if_eq(&')');
        part.push_str(value.unwrap_or(&inner));
    }

    /// Behind `(?`: whether the group has a name: `?<name>`, `?P<name>`, and not `?:`, `?i:`. Flags alone, `?i`, end at
    /// once.
    fn is_named(&mut self) -> bool {
        let mut named = false;
        while let Some(next) = self.rest.next_if(|next| *next != ')') {
            named |= next == '<';
            if matches!(next, ':' | '>') {
                break;
            }
        }
        named
    }

    /// Behind `[`: the first character that it takes, or one that it does not name.
    fn class(&mut self) -> Option<char> {
        let is_not = self.rest.next_if_eq(&'^').is_some();
        let mut named: Vec<(char, char)> = Vec::new();
        let mut is_range = false;
        while let Some(next) = self.rest.next() {
            let (first, last) = match next {
                // The first one is a character of the class.
                ']' if !named.is_empty() => break,
                '-' if !named.is_empty() && !is_range => {
                    is_range = true;
                    continue;
                }
                '\\' => match self.rest.next() {
                    Some('d') => ('0', '9'),
                    Some('w') => ('0', 'z'),
                    letter => letter.and_then(escaped).map_or(('\\', '\\'), |letter| (letter, letter)),
                },
                next => (next, next),
            };
            match named.last_mut().filter(|_| is_range) {
                Some(range) => range.1 = last,
                None => named.push((first, last)),
            }
            is_range = false;
        }
        let is_named = |one: &char| named.iter().any(|(first, last)| first <= one && one <= last);
        if is_not { ['x', '0', ' ', '~'].into_iter().find(|one| !is_named(one)) } else { named.first().map(|it| it.0) }
    }

    /// The number of times that the part before is there: once, but for a number in braces.
    fn repeated(&mut self) -> usize {
        let times = match self.rest.peek() {
            Some('*' | '+' | '?') => {
                self.rest.next();
                1
            }
            Some('{') => {
                let mut digits = String::new();
                self.rest.next();
                while let Some(next) = self.rest.next_if(|next| *next != '}') {
                    digits.push(next);
                }
                self.rest.next();
                digits.split(',').next().and_then(|least| least.parse().ok()).unwrap_or(1)
            }
            _ => return 1,
        };
        self.rest.next_if_eq(&'?');
        times.min(MAX_REPEATED)
    }
}

/// A character that stands for a class, or for itself; `None` for a place between two.
const fn escaped(letter: char) -> Option<char> {
    Some(match letter {
        'd' => '1',
        's' => ' ',
        'w' | 'D' | 'S' => 'a',
        'W' => '-',
        'n' => '\n',
        't' => '\t',
        'b' | 'B' | 'A' | 'z' | 'Z' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_made_of_the_first_choices_with_the_value_in_the_first_group() {
        for (pattern, expected) in [
            (r"Retry after (\S+)", "Retry after 7"),
            ("/retry after (.+)/", "retry after 7"),
            (r"in ~?([0-9]+) ?s", "in ~7 s"),
            (r"(?:try|retry) again in (\d+) (?:seconds|minutes)", "try again in 7 seconds"),
            (r"in (\d+) seconds|after (\d+) s", "in 7 seconds"),
            (r"(?i)wait (\d+)s?", "wait 7s"),
            (r"^in (?P<wait>\d+)\s*s\b", "in 7 s"),
            (r"in (a|b) (\d+)", "in 7 1"),
            (r"\[(\d{1,3})\] [a-z]{2}x", "[7] aax"),
            (r"[^a-z]x([]a]+)", "0x7"),
            (r"x{2,}?(.*)", "xx7"),
            (r"[^\d]+ [^a-z0-9] [^\w\s](\d)", "x   ~7"),
            (r"[-a][a-](\d)", "-a7"),
            ("(.+)", "7"),
            ("no group", "no group"),
            ("", ""),
            ("(", "7"),
            ("[", ""),
            ("a{", "a"),
            ("\\", ""),
            (")(", ""),
        ] {
            assert_eq!(with(pattern, "7"), expected, "{pattern}");
        }
        assert_eq!(with(&"(".repeat(100_000), "7"), "7");
        // Whatever is asked for, the text is short.
        assert!(with(&"(?:x".repeat(100_000), "7").len() <= MAX_SENTENCE);
        let nested = format!("{}a{}", "(?:".repeat(20), "{32})".repeat(20));
        assert!(with(&nested, "7").len() <= MAX_SENTENCE);
    }
}
