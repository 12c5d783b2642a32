//! The request that a sample answers.

use serde::Serialize;

/// The request that a sample answers, as the beginning of its file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SampleKind {
    /// A request of signing in: of a code, of a client, of a login. Where it takes several, `token-1`, `token-2`.
    Token,
    /// The renewal of a token.
    Refresh,
    /// The request that proves a credential, with one that is right.
    Probe,
    /// The same with one that is wrong, or revoked.
    Refused,
    /// A page of a list.
    Page,
    /// An answer to too many requests.
    Limited,
}

impl SampleKind {
    /// All of them, in the order in which they are replayed.
    pub const ALL: [SampleKind; 6] = [
        SampleKind::Token,
        SampleKind::Refresh,
        SampleKind::Probe,
        SampleKind::Refused,
        SampleKind::Page,
        SampleKind::Limited,
    ];

    /// The beginning of a file's name.
    pub const fn name(self) -> &'static str {
        match self {
            SampleKind::Token => "token",
            SampleKind::Refresh => "refresh",
            SampleKind::Probe => "probe",
            SampleKind::Refused => "refused",
            SampleKind::Page => "page",
            SampleKind::Limited => "limited",
        }
    }

    /// The exchange that a file belongs to: its name without the number at its end. `token-1` and `token-2` answer one
    /// exchange in turn; `token-user` answers another one.
    pub fn exchange(name: &str) -> &str {
        let stem = name.strip_suffix(".http").unwrap_or(name);
        match stem.rsplit_once('-') {
            Some((before, number)) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => before,
            _ => stem,
        }
    }

    /// The kind of a file: `page.http`, `page-users.http`. `None` for every other file.
    pub fn of_file(name: &str) -> Option<SampleKind> {
        let stem = name.strip_suffix(".http")?;
        let word = stem.split_once('-').map_or(stem, |(word, _)| word);
        SampleKind::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_files_are_one_exchange() {
        for (name, expected) in [
            ("token.http", "token"),
            ("token-1.http", "token"),
            ("token-user.http", "token-user"),
            ("token-user-12.http", "token-user"),
            ("token-.http", "token-"),
        ] {
            assert_eq!(SampleKind::exchange(name), expected);
        }
    }

    #[test]
    fn the_name_of_a_file_says_which_request_it_answers() {
        for (name, expected) in [
            ("token.http", Some(SampleKind::Token)),
            ("token-2.http", Some(SampleKind::Token)),
            ("page-of-users.http", Some(SampleKind::Page)),
            ("limited.http", Some(SampleKind::Limited)),
            ("tokens.http", None),
            ("page.json", None),
            ("-page.http", None),
            ("", None),
        ] {
            assert_eq!(SampleKind::of_file(name), expected, "{name}");
        }
    }
}
