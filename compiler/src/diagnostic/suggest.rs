//! "Did you mean": the nearest of a list of names.
//!
//! Pure text: no stage, no span.

/// The candidate nearest to `word` by edits (insert, delete, replace, swap neighbours), if it is near enough: at
/// most a third of the word's characters, at least one, never all of them. Earlier candidates win ties.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().map(|c| c.to_ascii_lowercase()).collect();
    if word.len() > 64 {
        return None;
    }
    let limit = (word.len() / 3).max(1).min(word.len().saturating_sub(1));
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().map(|c| c.to_ascii_lowercase()).collect();
        if letters.len() > 64 || letters.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = distance(&word, &letters);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replace = last[j] + usize::from(x != y);
            let mut least = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_name() {
        let keys = ["subdomain", "base_url", "token_url", "token_params"];
        for (word, expected) in [
            ("subdomian", Some("subdomain")),
            ("tokenurl", Some("token_url")),
            ("TOKEN_URL", Some("token_url")),
            ("zebra", None),
            ("", None),
            ("b", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }
}
