//! One turn of load, by wrk, and what it reports.

use crate::Result;
use crate::proxies::{API_KEY, ENTRY, PATH};
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// The cores of wrk, as `taskset` reads them.
pub(crate) static CORES: OnceLock<String> = OnceLock::new();

/// What wrk reports of a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Load {
    pub(crate) requests: u64,
    pub(crate) rate: f64,
    pub(crate) half: Duration,
    pub(crate) most: Duration,
    /// Answers that are no success, connections that broke, and timeouts.
    pub(crate) errors: u64,
}

/// Loads a proxy for some time.
pub(crate) fn load(to: SocketAddr, connections: usize, time: Duration, script: Option<&Path>) -> Result<Load> {
    let mut command = Command::new("taskset");
    command.args(["-c", CORES.get().map_or("0", String::as_str), "wrk", "-t1", "--latency"]);
    command.arg(format!("-c{connections}")).arg(format!("-d{}s", time.as_secs().max(1)));
    command.args(["-H", &format!("authorization: Bearer {API_KEY}"), "-H", &format!("provider-config-key: {ENTRY}")]);
    match script {
        Some(script) => command.arg("-s").arg(script),
        None => command.args(["-H", "connection-id: account-1"]),
    };
    let output = command.arg(format!("http://{to}{PATH}")).output().map_err(|error| format!("wrk: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    parsed(&text).ok_or_else(|| format!("wrk said: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

fn parsed(text: &str) -> Option<Load> {
    let mut load = Load { requests: 0, rate: 0.0, half: Duration::ZERO, most: Duration::ZERO, errors: 0 };
    for line in text.lines().map(str::trim) {
        if let Some((requests, _)) = line.split_once(" requests in ") {
            load.requests = requests.parse().ok()?;
        } else if let Some(rate) = line.strip_prefix("Requests/sec:") {
            load.rate = rate.trim().parse().ok()?;
        } else if let Some(time) = line.strip_prefix("50%") {
            load.half = duration(time)?;
        } else if let Some(time) = line.strip_prefix("99%") {
            load.most = duration(time)?;
        } else if let Some(count) = line.strip_prefix("Non-2xx or 3xx responses:") {
            load.errors += count.trim().parse::<u64>().ok()?;
        } else if let Some(counts) = line.strip_prefix("Socket errors:") {
            load.errors += counts.split([' ', ',']).filter_map(|word| word.parse::<u64>().ok()).sum::<u64>();
        }
    }
    (load.requests > 0).then_some(load)
}

/// A time as wrk prints it: `12.34us`, `1.20ms`, `1.05s`.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let units = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0)];
    let (number, unit) = units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))?;
    Some(Duration::from_secs_f64(number.parse::<f64>().ok()? * unit))
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load { rate, half, most, errors, .. } = self;
        write!(f, "{rate:.0} requests/s, p50 {half:.2?}, p99 {most:.2?}, {errors} errors")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_prints_is_read() {
        let text = "Running 2s test @ http://127.0.0.1:1/\n  Thread Stats   Avg\n  Latency Distribution\n     50%  812.00us\n     \
                    99%    1.50ms\n  50 requests in 2.00s, 1.00MB read\n  Socket errors: connect 0, read 1, write 2, timeout 3\n  \
                    Non-2xx or 3xx responses: 4\nRequests/sec:  25.50\nTransfer/sec: 0.5MB\n";
        let half = Duration::from_micros(812);
        let expected = Load { requests: 50, rate: 25.5, half, most: Duration::from_micros(1500), errors: 10 };
        assert_eq!(parsed(text), Some(expected));
        assert_eq!(parsed("unable to connect"), None);
    }
}
