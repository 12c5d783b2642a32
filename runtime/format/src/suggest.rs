//! "Did you mean": the nearest of a list of names.
//!
//! Pure text: the compiler says it of keys and names, the runtime of operations and their parameters.

/// A name that was probably meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near<'a> {
    /// The name.
    pub name: &'a str,
    /// True if no other name is as near: only then is an edit offered.
    pub clear: bool,
}

/// The candidate nearest to `word` by edits (insert, delete, replace, swap neighbours), if it is near enough: at
/// most a third of the word's characters, at least one, never all of them. Earlier candidates win ties.
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
    near_one_of(word, &mut candidates.into_iter())
}

/// [`near`], compiled once for whatever the candidates come from.
fn near_one_of<'a>(word: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<Near<'a>> {
    let word: Vec<char> = word.chars().map(|c| c.to_ascii_lowercase()).collect();
    if word.len() > 64 {
        return None;
    }
    let limit = (word.len() / 3).max(1).min(word.len().saturating_sub(1));
    let mut best: Option<(usize, Near<'_>)> = None;
    for name in candidates {
        let letters: Vec<char> = name.chars().map(|c| c.to_ascii_lowercase()).collect();
        if letters.len() > 64 || letters.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = distance(&word, &letters);
        match &mut best {
            Some((least, near)) if distance == *least => near.clear &= near.name == name,
            Some((least, _)) if distance > *least => {}
            _ if distance > limit => {}
            _ => best = Some((distance, Near { name, clear: true })),
        }
    }
    best.map(|(_, near)| near)
}

/// The name of [`near`].
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).map(|near| near.name)
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

    #[test]
    fn a_tie_is_not_clear() {
        for (word, keys, expected) in [
            ("OAUTH", ["OAUTH1", "OAUTH2"], Some(("OAUTH1", false))),
            ("OAUTH2C", ["OAUTH1", "OAUTH2"], Some(("OAUTH2", true))),
            ("token_ulr", ["token_url", "token_url"], Some(("token_url", true))),
        ] {
            assert_eq!(near(word, keys).map(|near| (near.name, near.clear)), expected, "{word}");
        }
    }
}
