//! Sentences that name a wait, where the entry says which: the wait stays, with the words that it is found by.

use super::times::TimeShift;
use super::words::{is_number, is_span};
use keyway::pattern::Pattern;
use keyway_spec::ProviderSpec;

/// The most words that are kept before a wait, and behind it.
const MAX_BEFORE: usize = 4;
const MAX_BEHIND: usize = 2;
/// The longest of these words.
const MAX_WORD: usize = 12;

/// The member that holds such a sentence, and the pattern of the wait.
pub(super) struct WaitInSentence {
    name: String,
    pattern: Pattern,
}

impl WaitInSentence {
    /// That of an entry.
    pub(super) fn of(spec: &ProviderSpec) -> Option<WaitInSentence> {
        let rule = spec.proxy?.retry.in_body?;
        let name = rule.path.rsplit('.').next().unwrap_or(rule.path).to_owned();
        Some(WaitInSentence { name, pattern: Pattern::compile(rule.pattern).ok()? })
    }

    fn group(&self, text: &str) -> Option<String> {
        self.pattern.first_group(text).ok().flatten().map(std::borrow::Cow::into_owned)
    }
}

/// The wait of a sentence with the fewest words around it by which it is still found; `None` for any other text.
pub(super) fn sentence(rule: &WaitInSentence, times: TimeShift, name: &str, text: &str) -> Option<String> {
    let wait = rule.group(text).filter(|_| rule.name == name)?;
    let moved = times.text(&wait);
    let moved = moved.or_else(|| (is_number(&wait) || is_span(&wait)).then(|| wait.clone()))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| word.contains(&wait))?;
    let is_plain = |word: &&str| word.len() <= MAX_WORD && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    for (before, behind) in (0..=MAX_BEFORE).flat_map(|before| (0..=MAX_BEHIND).map(move |behind| (before, behind))) {
        let (Some(first), Some(rest)) = (at.checked_sub(before), words.get(at + 1..at + 1 + behind)) else { continue };
        let ahead = words.get(first..at).unwrap_or_default();
        let all = ahead.iter().copied().chain([moved.as_str()]).chain(rest.iter().copied());
        let made = all.collect::<Vec<_>>().join(" ");
        if rule.group(&made).as_ref() == Some(&moved) {
            return ahead.iter().chain(rest).all(is_plain).then_some(made);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_stays_with_the_words_that_it_is_found_by() {
        let times = TimeShift::of("2026-11-30T00:00:00Z".parse().unwrap());
        for (pattern, text, expected) in [
            ("in (\\d+) seconds", "Dear Ann, come back in 30 seconds or so", Some("in 30 seconds")),
            ("Retry after (\\S+)", "Ann: Retry after 2026-11-30T00:01:00Z", Some("Retry after 2026-01-02T03:05:05Z")),
            ("wait (\\S+)", "wait ann@acme.io", None),
            ("no (\\d+)", "text", None),
        ] {
            let rule = WaitInSentence { name: "message".to_owned(), pattern: Pattern::compile(pattern).unwrap() };
            assert_eq!(sentence(&rule, times, "message", text).as_deref(), expected, "{text}");
            assert_eq!(sentence(&rule, times, "other", text), None);
        }
    }
}
