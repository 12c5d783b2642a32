//! `keyway simulate KEY --serve`: the stand-in kept up on a loopback address, with its page.

use super::faults::order;
use crate::catalogue;
use crate::commands::generated::output_failure;
use crate::commands::serve;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::shell::quoted;
use crate::terminal::{Terminal, say};
use crate::waiter::Waiter;
use keyway_compiler::diagnostic::{Severity, render};
use keyway_compiler::output;
use keyway_compiler::pipeline;
use keyway_simulator::Simulator;
use keyway_spec::mode::Connect;
use keyway_spec::{Mode, ProviderSpec};
use keyway_trial::desk::{Desk, OVERLAY, set_up};
use keyway_trial::faults::FaultOrder;
use keyway_trial::listen::{VendorFace, listen};
use keyway_trial::moved::overlay;
use keyway_trial::simulated::simulated_at;
use keyway_trial::stand_in::Filled;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

/// The entry and where its stand-in listens.
pub(super) struct Stand<'a> {
    pub(super) key: &'a str,
    pub(super) catalogue: &'a Path,
    pub(super) overlays: &'a [PathBuf],
    pub(super) listen: SocketAddr,
    pub(super) overlay_out: Option<&'a Path>,
    pub(super) faults: &'a [FaultOrder],
}

/// Refuses addresses that other machines reach.
pub(super) fn loopback(address: SocketAddr) -> Result<(), Failure> {
    if address.ip().is_loopback() {
        return named(address);
    }
    Err(Failure::usage(format!(
        "`--listen {address}` can be reached from other machines, and a stand-in is for this one: \
         choose a loopback address such as `127.0.0.1:0`"
    )))
}

/// Refuses the port that URLs leave out.
fn named(address: SocketAddr) -> Result<(), Failure> {
    if address.port() != 80 {
        return Ok(());
    }
    let message = "URLs leave port 80 out, by which a stand-in knows its own: choose another, such as `127.0.0.1:0`";
    Err(Failure::usage(message))
}

/// Serves until it is told to stop.
pub(super) fn run(stand: &Stand<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    loopback(stand.listen)?;
    Waiter::new()?.wait(up(stand, terminal))
}

async fn up(stand: &Stand<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    let cannot = |error: io::Error| {
        Failure::usage(format!("cannot listen on {}: {error}; choose another with `--listen`", stand.listen))
    };
    let listener = TcpListener::bind(stand.listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let (spec, overlay) = moved(stand, address, terminal)?;
    servable(spec)?;
    let account = simulated_at(spec, Filled::Required, address);
    let mut simulator = Simulator::new(spec, account).map_err(|unsupported| Failure {
        message: format!("`{}` cannot be simulated: {unsupported}", spec.key),
        exit: Exit::Findings,
    })?;
    order(&mut simulator, spec, stand.faults)?;
    let origin = format!("http://{address}");
    let setup = set_up(spec, simulator.account(), &origin);
    if let Some(path) = stand.overlay_out {
        save(path, &overlay)?;
    }
    let vendor = Arc::new(Mutex::new(simulator));
    let desk = Desk::new(Arc::clone(&vendor), now, address, setup, overlay);
    let face = VendorFace::new(vendor, now).own(move |request| desk.answer(request));
    let stop = serve::stop()?;
    written(announce(stand, spec, &origin))?;
    tokio::select! {
        outcome = listen(face, listener) => outcome.map_err(cannot)?,
        () = stop => {}
    }
    Ok(Exit::Clean)
}

/// Refuses what a stand-in that is kept up cannot be reached by.
fn servable(spec: &ProviderSpec) -> Result<(), Failure> {
    let mode = spec.auth.kind();
    let reason = if matches!(mode, Mode::AwsSigV4 | Mode::McpOAuth2Generic) {
        "an endpoint of its mode is not in the entry, so no overlay moves it"
    } else if spec.auth.facts().app_page || mode == Mode::Custom {
        "no browser reaches its installation page"
    } else if spec.auth.connect() == Connect::Outbound {
        "it is installed at the vendor, whose webhook is not sent"
    } else {
        return Ok(());
    };
    let message = format!("`{0}` cannot be kept up: {reason}; walk it with `keyway simulate {0}`", spec.key);
    Err(Failure { message, exit: Exit::Findings })
}

/// Writes the overlay; over another file only where that is an overlay of a stand-in.
fn save(path: &Path, overlay: &str) -> Result<(), Failure> {
    let shown = path.display();
    if path.exists() && !input::read(path, "--overlay-out FILE")?.text.starts_with(OVERLAY_TITLE) {
        let message =
            format!("`{shown}` is another file, and stays as it is: choose a new name with `--overlay-out FILE`");
        return Err(Failure::usage(message));
    }
    output::replace(path, overlay).map_err(|error| output_failure(path, &error))
}

/// The beginning of an overlay that is written.
const OVERLAY_TITLE: &str = "# Moves `";

/// The entry at an address, and the overlay that moves it there. What is wrong with it is told.
fn moved(
    stand: &Stand<'_>,
    address: SocketAddr,
    terminal: &Terminal,
) -> Result<(&'static ProviderSpec, String), Failure> {
    let key = stand.key;
    let (mut sources, mut input) = input::with_overlays(stand.catalogue, stand.overlays, "--catalogue FILE")?;
    let (checked, _) = pipeline::compile(&sources, input.clone(), &[key.to_owned()]);
    if !checked.keys.iter().any(|own| own == key) {
        return Err(catalogue::unknown(key, checked.keys.iter().map(String::as_str)));
    }
    let text = checked.entries.iter().find(|entry| entry.key.name == key).map(|entry| {
        let yaml = serde_yaml::to_string(&overlay(entry, address)).unwrap_or_default();
        format!("{OVERLAY_TITLE}{key}` to its stand-in at http://{address}, for as long as that is up.\n{yaml}")
    });
    let mut specs = Vec::new();
    if let Some(text) = &text {
        input.overlays.push(sources.add("the stand-in's overlay", text.as_str()));
        specs = pipeline::load(&sources, input).1;
    }
    let Some((spec, text)) = specs.into_iter().find(|spec| spec.key == key).zip(text) else {
        let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
        for error in &errors {
            say(&format!("{}\n", render::text::render(error, &sources, terminal.errors)));
        }
        let message = catalogue::unusable(key, &input::name(stand.catalogue), errors.len());
        return Err(Failure { message, exit: Exit::Findings });
    };
    Ok((Box::leak(Box::new(spec)), text))
}

/// Says where it is, and how a program is pointed at it.
fn announce(stand: &Stand<'_>, spec: &ProviderSpec, origin: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{} (consistent): a stand-in listens on {origin}", spec.key)?;
    writeln!(out, "page:    {origin}/  its account, buttons, and the requests that it saw")?;
    writeln!(out, "overlay: {origin}{OVERLAY}  moves the entry's URLs to it\n")?;
    writeln!(out, "Point `keyway serve` at it, in another terminal:")?;
    let quoted = |path: &Path| quoted(&path.to_string_lossy());
    let over: String = stand.overlays.iter().flat_map(|path| [" --overlay ".to_owned(), quoted(path)]).collect();
    let serve = format!("keyway serve --catalogue {}{over}", quoted(stand.catalogue));
    let flags = "--allow-private-hosts --allow-http";
    match stand.overlay_out {
        Some(path) => writeln!(out, "  {serve} --overlay {} {flags}\n", quoted(path))?,
        None => writeln!(out, "  curl -s {origin}{OVERLAY} | {serve} --overlay - {flags}\n")?,
    }
    out.flush()
}

/// Milliseconds since the epoch.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
