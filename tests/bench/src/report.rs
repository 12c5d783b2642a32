//! The table: medians over the rounds, and ratios to nginx.

use crate::load::Load;
use crate::proxies::Proxy;
use std::fmt;
use std::time::Duration;

/// What one turn gave.
pub(crate) struct Turn {
    pub(crate) cpu: Duration,
    pub(crate) resident: u64,
    pub(crate) load: Load,
}

/// The medians of a proxy's turns.
struct Medians {
    /// In microseconds a request: least, median, most.
    cpu: (f64, f64, f64),
    rate: f64,
    half: f64,
    most: f64,
    mebibytes: f64,
    errors: u64,
}

impl Turn {
    /// CPU time of a request, in microseconds.
    #[expect(clippy::cast_precision_loss, reason = "far fewer requests than a float counts exactly")]
    fn cpu_per_request(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.load.requests as f64
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} us of CPU, {}, {} KiB resident", self.cpu_per_request(), self.load, self.resident / 1024)
    }
}

impl Medians {
    #[expect(clippy::cast_precision_loss, reason = "a figure in a table")]
    fn of(turns: &[Turn]) -> Medians {
        let cpu = sorted(turns.iter().map(Turn::cpu_per_request));
        let least_and_most = (cpu.first().copied().unwrap_or_default(), cpu.last().copied().unwrap_or_default());
        Medians {
            cpu: (least_and_most.0, middle(&cpu), least_and_most.1),
            rate: middle(&sorted(turns.iter().map(|turn| turn.load.rate))),
            half: middle(&sorted(turns.iter().map(|turn| turn.load.half.as_secs_f64() * 1e3))),
            most: middle(&sorted(turns.iter().map(|turn| turn.load.most.as_secs_f64() * 1e3))),
            mebibytes: middle(&sorted(turns.iter().map(|turn| turn.resident as f64 / 1_048_576.0))),
            errors: turns.iter().map(|turn| turn.load.errors).sum(),
        }
    }
}

/// Prints the table of one number of connections, in Markdown.
pub(crate) fn print(connections: usize, proxies: &[Proxy], turns: &[Vec<Turn>]) {
    println!(
        "\n| {connections} connections | CPU a request (least, most) | requests/s | p50 | p99 | resident | errors |"
    );
    println!("|---|---|---|---|---|---|---|");
    let medians: Vec<Medians> = turns.iter().map(|turns| Medians::of(turns)).collect();
    let nginx = proxies.iter().position(|proxy| proxy.name == "nginx").and_then(|index| medians.get(index));
    for (proxy, of) in proxies.iter().zip(&medians) {
        let ratio = |value: f64, of_nginx: fn(&Medians) -> f64| match nginx {
            Some(nginx) if proxy.name != "nginx" => format!(" ({:.2} x)", value / of_nginx(nginx)),
            _ => String::new(),
        };
        let (least, cpu, most) = of.cpu;
        println!(
            "| {} | {cpu:.1} us{} ({least:.1}, {most:.1}) | {:.0}{} | {:.2} ms{} | {:.2} ms{} | {:.1} MiB | {} |",
            proxy.name,
            ratio(cpu, |nginx| nginx.cpu.1),
            of.rate,
            ratio(of.rate, |nginx| nginx.rate),
            of.half,
            ratio(of.half, |nginx| nginx.half),
            of.most,
            ratio(of.most, |nginx| nginx.most),
            of.mebibytes,
            of.errors,
        );
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
