//! What is logged: Keyway's own events, to standard error.
//!
//! Events of other crates are left out whatever the filter says: those of an HTTP library print headers, and headers
//! hold credentials.

use std::io::{IsTerminal, stderr};
use tracing_subscriber::filter::{EnvFilter, FilterExt, FilterFn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Warnings, unless the environment asks for something else.
const DEFAULT: &str = "warn";

/// Starts logging. A second call changes nothing.
pub(super) fn start() {
    let wanted = ["KEYWAY_LOG", "RUST_LOG"].iter().find_map(|name| std::env::var(name).ok());
    let wanted = EnvFilter::new(wanted.as_deref().unwrap_or(DEFAULT));
    let ours = FilterFn::new(|metadata| is_ours(metadata.target()));
    let ansi = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let layer = tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(ansi).with_filter(wanted.and(ours));
    let _started_before = tracing_subscriber::registry().with(layer).try_init();
}

fn is_ours(target: &str) -> bool {
    let root = target.split("::").next().unwrap_or_default();
    root == "keyway" || root.starts_with("keyway_")
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_keyways_own_events_are_logged() {
        for (target, expected) in [
            ("keyway", true),
            ("keyway::refresh", true),
            ("keyway_server", true),
            ("hyper::proto", false),
            ("h2", false),
            ("keywayward", false),
        ] {
            assert_eq!(is_ours(target), expected, "{target}");
        }
    }
}
