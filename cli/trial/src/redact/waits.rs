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
/// The most signs before a wait, and the most letters and signs behind it, in the word that it stands in: `~30s.`
const MAX_SIGNS: usize = 2;
const MAX_UNIT: usize = 4;

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
    // The same digits may stand in another word, too.
    let mut places = words.iter().enumerate().filter(|(_, word)| word.contains(&*wait));
    places.find_map(|(at, word)| {
        let (sign, unit) = word.split_once(&*wait)?;
        around(rule, &words, at, &moved, sign, unit)
    })
}

/// A wait with the fewest words around it by which it is found; `None` where one of these is no plain word.
fn around(rule: &WaitInSentence, words: &[&str], at: usize, wait: &String, sign: &str, unit: &str) -> Option<String> {
    let own = [("", ""), (sign, unit)].into_iter().filter(|(sign, unit)| is_sign(sign) && is_unit(unit));
    let kept = (0..=MAX_BEFORE).flat_map(|before| (0..=MAX_BEHIND).map(move |behind| (before, behind)));
    for ((before, behind), (sign, unit)) in kept.flat_map(|kept| own.clone().map(move |own| (kept, own))) {
        let (Some(first), Some(rest)) = (at.checked_sub(before), words.get(at + 1..at + 1 + behind)) else { continue };
        let ahead = words.get(first..at).unwrap_or_default();
        let word = format!("{sign}{wait}{unit}");
        let all = ahead.iter().copied().chain([word.as_str()]).chain(rest.iter().copied());
        let made = all.collect::<Vec<_>>().join(" ");
        if rule.group(&made).as_ref() == Some(wait) {
            return ahead.iter().chain(rest).all(|word| is_plain(word)).then_some(made);
        }
    }
    None
}

/// True for a word of letters, with a sign behind it that ends a part of the sentence.
fn is_plain(word: &str) -> bool {
    let letters = word.strip_suffix(['.', ',', ':', ';', '!']).unwrap_or(word);
    word.len() <= MAX_WORD && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_sign(text: &str) -> bool {
    text.len() <= MAX_SIGNS && text.bytes().all(|byte| byte.is_ascii_punctuation())
}

fn is_unit(text: &str) -> bool {
    text.len() <= MAX_UNIT && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte.is_ascii_punctuation())
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
            ("in ~?([0-9.]+) ?s", "Dear Ann, it resets in ~30s.", Some("in ~30s.")),
            ("retry in ([0-9.]+)s", "Ann:\nPlease retry in 38.42s.", Some("retry in 38.42s.")),
            ("in ([0-9]+) ?s", "in 30 seconds", Some("in 30 seconds")),
            ("in ([0-9]+) ?s", "Ann 71: Expected in 1 second.", Some("in 1 second.")),
            ("after: ([0-9]+)", "Ann, retry after: 30", Some("after: 30")),
            ("([0-9]+)ann", "30annsmith", None),
            ("smith([0-9]+)", "annsmith30", None),
            ("no (\\d+)", "text", None),
        ] {
            let rule = WaitInSentence { name: "message".to_owned(), pattern: Pattern::compile(pattern).unwrap() };
            assert_eq!(sentence(&rule, times, "message", text).as_deref(), expected, "{text}");
            assert_eq!(sentence(&rule, times, "other", text), None);
        }
    }
}
