//! The requests as vendors saw them, held against the calls: which access token a call wore, and how often it was sent.

use super::bounds::MAX_STALENESS;
use super::cause::{Breakage, Redemption};
use super::entries::account;
use std::collections::BTreeMap;
use std::time::Instant;

/// An access token in a request. Those of a connection are numbered in the order in which its vendor issued them, which
/// is the order in which they are stored: of two renewals at once the first to write wins, and the other's is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Worn {
    pub(crate) connection: usize,
    pub(crate) number: u64,
    pub(crate) at: Instant,
    pub(crate) path: String,
}

/// The number in a token of the simulator.
pub(crate) fn number(token: &str) -> Option<u64> {
    token.rsplit('_').nth(1)?.parse().ok()
}

/// Calls with a token whose successor was in use, and so was stored, for longer than a write may be unseen when they
/// began. `begun`: the calls by their paths.
pub(crate) fn stale(worn: &[Worn], begun: &BTreeMap<&str, Instant>) -> Vec<String> {
    let mut by_connection: BTreeMap<usize, Vec<&Worn>> = BTreeMap::new();
    for own in worn {
        by_connection.entry(own.connection).or_default().push(own);
    }
    let mut wrong = Vec::new();
    for own in worn {
        let Some(begun) = begun.get(own.path.as_str()) else { continue };
        let newer = by_connection[&own.connection].iter().filter(|other| other.number > own.number);
        // The first use of it is what proves the most.
        if let Some(first) = newer.min_by_key(|other| other.at).filter(|first| first.at + MAX_STALENESS < *begun) {
            let since = begun.duration_since(first.at).as_millis();
            wrong.push(format!(
                "{}: {} was sent with token {}, and {since} ms before it began token {} was in use",
                account(own.connection),
                own.path,
                own.number,
                first.number
            ));
        }
    }
    wrong
}

/// Tokens that were in use before the renewal was stored that brought them: the store still held what was redeemed for
/// them when a server had come to a halt.
pub(crate) fn unstored(worn: &[Worn], redemptions: &[Redemption], broken: &[Breakage]) -> Vec<String> {
    let mut wrong = Vec::new();
    for own in redemptions {
        let Some(number) = own.issued else { continue };
        let used = worn.iter().filter(|worn| worn.connection == own.connection && worn.number == number);
        let Some(used) = used.map(|worn| worn.at).min() else { continue };
        let is_held = |breakage: &&Breakage| {
            breakage.from > used && breakage.held.get(&own.connection).is_some_and(|held| held.token == own.token)
        };
        if let Some(breakage) = broken.iter().find(is_held) {
            let (connection, node) = (account(own.connection), &breakage.node);
            wrong.push(format!("{connection}: token {number} was in use, and not stored when {node} came to a halt"));
        }
    }
    wrong
}

/// A request of a call, and the status that its vendor decided on.
pub(crate) struct Sent<'a> {
    pub(crate) connection: usize,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
}

/// Calls that reached their vendor more than once. None asks for retries: what follows a 401 is all there may be.
pub(crate) fn repeated<'a>(sent: impl Iterator<Item = Sent<'a>>) -> Vec<String> {
    let mut statuses: BTreeMap<(usize, &str), Vec<u16>> = BTreeMap::new();
    for own in sent {
        statuses.entry((own.connection, own.path)).or_default().push(own.status);
    }
    let is_wrong = |statuses: &[u16]| statuses.len() > 2 || statuses.iter().rev().skip(1).any(|status| *status != 401);
    let wrong = statuses.iter().filter(|(_, statuses)| is_wrong(statuses));
    wrong.map(|((at, path), statuses)| format!("{}: {path} was answered {statuses:?}", account(*at))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cause::{BreakageKind, Fate};
    use super::super::witness::Held;
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_number_of_a_token_is_the_order_of_its_issue() {
        assert_eq!(number("access_canary-c003_17_0a1b"), Some(17));
        assert_eq!(number("token"), None);
    }

    #[test]
    fn a_call_wears_the_newest_token_that_was_in_use_a_quarter_of_a_second_before_it() {
        let begin = Instant::now();
        let at = |milliseconds| begin + Duration::from_millis(milliseconds);
        for (what, uses, begun, violations) in [
            ("the newest", [(1, 0, "/a"), (2, 1000, "/b")], [("/a", 0), ("/b", 900)], 0),
            ("an older one, in time", [(2, 1000, "/b"), (1, 1400, "/a")], [("/a", 1250), ("/b", 0)], 0),
            ("an older one, too late", [(2, 1000, "/b"), (1, 1400, "/a")], [("/a", 1251), ("/b", 0)], 1),
            ("an older one, begun before", [(2, 1000, "/b"), (1, 9000, "/a")], [("/a", 900), ("/b", 0)], 0),
        ] {
            let worn: Vec<Worn> = uses
                .iter()
                .map(|(number, when, path)| Worn {
                    connection: 0,
                    number: *number,
                    at: at(*when),
                    path: (*path).to_owned(),
                })
                .collect();
            let begun = begun.iter().map(|(path, when)| (*path, at(*when))).collect();
            assert_eq!(stale(&worn, &begun).len(), violations, "{what}");
        }
    }

    #[test]
    fn a_token_is_used_once_it_is_stored() {
        let begin = Instant::now();
        let at = |milliseconds| begin + Duration::from_millis(milliseconds);
        for (what, used, held, violations) in [
            ("stored and used", 200, "new", 0),
            ("not stored and not used", 400, "old", 0),
            ("used before it was stored", 200, "old", 1),
        ] {
            let redemption = Redemption {
                connection: 0,
                token: "old".to_owned(),
                node: "n0".to_owned(),
                from: at(0),
                to: Some(at(100)),
                is_granted: true,
                is_refused: false,
                is_abandoned: false,
                fate: Fate::Delivered,
                issued: Some(7),
            };
            let worn = Worn { connection: 0, number: 7, at: at(used), path: "/a".to_owned() };
            let held = [(0, Held { token: held.to_owned(), lease: None })].into();
            let kind = BreakageKind::Kill;
            let breakage = Breakage { node: "n0".to_owned(), kind, from: at(300), to: at(500), held };
            assert_eq!(unstored(&[worn], &[redemption], &[breakage]).len(), violations, "{what}");
        }
    }

    #[test]
    fn a_call_is_sent_once_and_again_after_a_401() {
        for (statuses, violations) in [
            (&[200][..], 0),
            (&[401, 200], 0),
            (&[401, 401], 0),
            (&[503], 0),
            (&[200, 200], 1),
            (&[502, 200], 1),
            (&[401, 401, 200], 1),
        ] {
            let sent = statuses.iter().map(|status| Sent { connection: 0, path: "/a", status: *status });
            assert_eq!(repeated(sent).len(), violations, "{statuses:?}");
        }
    }
}
