//! URLs of different catalogues, reduced to what can be compared.
//!
//! The scheme, `www.`, the query and a slash at the end say nothing. A placeholder stands for any text, however it is
//! spelled: `${x}`, `{{.x}}`, `{x}`, `[x]`.

/// The longest text that is compared; a longer one is no URL that a catalogue means.
pub(super) const MAX_TEXT: usize = 512;

/// Words in a host, or in the name of a service, that say it is for trying things out.
const TRIAL: [&str; 8] = ["sandbox", "demo", "staging", "stage", "test", "developer", "uat", "dev"];

/// A URL: its host and its path, with `*` where a placeholder was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NormalUrl {
    pub(super) host: String,
    pub(super) path: String,
}

/// The URLs that a template may become: one, or several with `||` between.
pub(super) fn alternatives(text: &str) -> Vec<NormalUrl> {
    if text.len() > MAX_TEXT {
        return Vec::new();
    }
    without_placeholders(text).split("||").filter_map(normal).collect()
}

/// The text with `*` for each placeholder.
pub(super) fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = placeholder(rest) {
            if !out.ends_with('*') {
                out.push('*');
            }
            rest = rest.get(length..).unwrap_or_default();
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// The length of the placeholder that a text begins with.
fn placeholder(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("[") {
        return rest.find(']').map(|end| end + 2);
    }
    let dollar = usize::from(text.starts_with("${"));
    if !text.get(dollar..)?.starts_with('{') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(dollar) {
        depth = match byte {
            b'{' => depth + 1,
            b'}' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// One URL without placeholders.
fn normal(text: &str) -> Option<NormalUrl> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    // `{base}path`: the placeholder is the whole origin.
    let (host, path) = if rest.len() == text.len() && rest.starts_with('*') {
        let path = rest.get(1..).unwrap_or_default();
        if path.starts_with('.') { origin(rest) } else { ("*", path) }
    } else {
        origin(rest)
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let host = host.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).trim_end_matches(":443").trim_end_matches('.');
    (!host.is_empty()).then(|| NormalUrl { host: host.to_owned(), path: path.to_owned() })
}

/// The authority and the rest.
fn origin(text: &str) -> (&str, &str) {
    text.find(['/', '?', '#']).map_or((text, ""), |at| text.split_at(at))
}

impl NormalUrl {
    /// True if a customer or an operator names the whole host.
    pub(super) fn is_open(&self) -> bool {
        is_open(&self.host)
    }

    /// True if both can be the same URL.
    pub(super) fn meets(&self, other: &NormalUrl) -> bool {
        meets(&self.host, &other.host) && meets(&self.path, &other.path)
    }

    /// True if both can be on the same host, and one path begins with the other.
    pub(super) fn meets_as_base(&self, other: &NormalUrl) -> bool {
        let segments = |path: &'_ str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let (ours, theirs): (Vec<String>, Vec<String>) = (segments(&self.path), segments(&other.path));
        meets(&self.host, &other.host) && ours.iter().zip(&theirs).all(|(one, other)| meets(one, other))
    }
}

/// True if nothing of a host is said.
pub(super) fn is_open(host: &str) -> bool {
    !host.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// True if there is a text that both patterns match: `*` stands for any text, also an empty one.
pub(super) fn meets(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if !one.contains('*') && !other.contains('*') {
        return false;
    }
    let (one, other) = (one.as_bytes(), other.as_bytes());
    // `row[j]`: whether what is left of `one` and `other[j..]` meet, from the ends backwards.
    let mut row = vec![false; other.len() + 1];
    for i in (0..=one.len()).rev() {
        let left = one.get(i);
        let below = std::mem::replace(&mut row, vec![false; other.len() + 1]);
        for j in (0..=other.len()).rev() {
            let at = |row: &[bool], j: usize| row.get(j).copied().unwrap_or(false);
            let right = other.get(j);
            let ends = i == one.len() && j == other.len();
            let by_left = left == Some(&b'*') && (at(&below, j) || at(&row, j + 1));
            let by_right = right == Some(&b'*') && (at(&row, j + 1) || left.is_some() && at(&below, j));
            let same = left.is_some() && left == right && at(&below, j + 1);
            if let Some(cell) = row.get_mut(j) {
                *cell = ends || by_left || by_right || same;
            }
        }
    }
    row.first().copied().unwrap_or(false)
}

/// The domain that an owner registered: `example.co.uk` of `api.example.co.uk`; of a pattern, what is certain of it.
pub(super) fn registered(host: &str) -> Option<&str> {
    let host = host.split(':').next()?;
    let certain =
        host.rfind('*').map_or(Some(host), |star| host.get(star + 1..)?.split_once('.').map(|(_, rest)| rest))?;
    let mut domain = certain;
    if keyway_suffix::is_public(domain) {
        return None;
    }
    while let Some((_, parent)) = domain.split_once('.') {
        if keyway_suffix::is_public(parent) {
            return Some(domain);
        }
        domain = parent;
    }
    None
}

/// True if a host or a name says that it is for trying things out.
pub(super) fn is_trial(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        TRIAL.iter().any(|trial| {
            // `leverSandbox`, `api-sandbox`: a long word also at an end of another.
            word == *trial || trial.len() > 4 && word.ends_with(trial) || *trial == "sandbox" && word.contains(trial)
        }) || word == "d"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_spelling_stand_for_any_text() {
        for (text, host, path) in [
            ("https://${connectionConfig.subdomain}.a.example/oauth/tokens", "*.a.example", "oauth/tokens"),
            ("https://{{.workspace}}.a.example/oauth/tokens/", "*.a.example", "oauth/tokens"),
            ("https://[subdomain].a.example/oauth/tokens?x=1", "*.a.example", "oauth/tokens"),
            ("http://www.{x}a.example", "*a.example", ""),
            ("{url}oauth/token", "*", "oauth/token"),
            ("{+base}/oauth/token", "*", "oauth/token"),
            ("{sub}.a.example/x", "*.a.example", "x"),
            ("HTTPS://API.a.example:443/X#y", "api.a.example", "X"),
            ("https://${base64(${a}:${b})}.a.example", "*.a.example", ""),
            ("https://a.example/{unclosed", "a.example", "{unclosed"),
        ] {
            let expected = NormalUrl { host: host.to_owned(), path: path.to_owned() };
            assert_eq!(alternatives(text), [expected], "{text}");
        }
        let both = alternatives("https://${connectionConfig.host}/t || https://a.example/t");
        assert_eq!(both.iter().map(|url| url.host.as_str()).collect::<Vec<_>>(), ["*", "a.example"]);
        assert_eq!(alternatives(""), []);
        assert_eq!(alternatives(&"x".repeat(MAX_TEXT + 1)), []);
    }

    #[test]
    fn patterns_meet_where_one_text_matches_both() {
        for (one, other, expected) in [
            ("*.a.example", "x.a.example", true),
            ("x.a.example", "*.a.example", true),
            ("*.a.example", "*.example", true),
            ("a*c", "ab*", true),
            ("*", "", true),
            ("*b", "a*", true),
            ("*.a.example", "a.example", false),
            ("a*c", "a*d", false),
            ("a", "b", false),
            ("a/*/c", "a/b", false),
        ] {
            assert_eq!(meets(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_base_meets_a_longer_one() {
        for (one, other, expected) in [
            ("https://a.example", "https://a.example/v1/", true),
            ("https://a.example/v3/company/${x}", "https://a.example", true),
            ("https://a.example/v1", "https://a.example/v2", false),
            ("https://a.example/api", "https://a.example/apis", false),
            ("https://a.example", "https://api.a.example", false),
        ] {
            let [one, other] = [one, other].map(|text| alternatives(text).remove(0));
            assert_eq!(one.meets_as_base(&other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_is_for_trials_says_so() {
        for (text, expected) in [
            ("api.sandbox.a.example", true),
            ("api-sandbox.a.example", true),
            ("leverSandbox", true),
            ("account-d.a.example", true),
            ("app.demo.a.example", true),
            ("developer.a.example", true),
            ("api.a.example", false),
            ("contest.a.example", false),
            ("greatest", false),
        ] {
            assert_eq!(is_trial(text), expected, "{text}");
        }
        for (host, expected) in [
            ("api.a.co.uk", Some("a.co.uk")),
            ("*.zone.example.com", Some("example.com")),
            ("*example.com", None),
            ("*", None),
            ("com", None),
        ] {
            assert_eq!(registered(host), expected, "{host}");
        }
    }
}
