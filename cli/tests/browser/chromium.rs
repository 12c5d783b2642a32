//! Chromium and its driver: few at a time, in a fresh profile, gone when the test ends however it ends.

use crate::needed;
use crate::person::Person;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::sync::Semaphore;

/// The time limit of one command to the browser.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// The most browsers at a time: more of them make each other slow on a small machine.
static MAX_BROWSERS: Semaphore = Semaphore::const_new(2);

/// The window that a person looks through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Names it in messages.
    pub(crate) name: &'static str,
    pub(crate) has_script: bool,
    /// The width of a phone, in pixels; `None` at a desk.
    pub(crate) phone: Option<u32>,
}

/// A window at a desk.
pub(crate) const DESK: Look = Look { name: "desk", has_script: true, phone: None };
/// The scripts of pages are switched off; those that a driver brings along run.
pub(crate) const NO_SCRIPT: Look = Look { name: "no script", has_script: false, phone: None };
/// The narrowest screen that is supported.
pub(crate) const PHONE: Look = Look { name: "phone", has_script: true, phone: Some(320) };

/// Has a person do something in a new browser; nothing where there is no browser.
pub(crate) async fn with(look: Look, walk: impl AsyncFnOnce(&Person)) {
    let Some(packages) = needed::packages() else { return };
    let _turn = MAX_BROWSERS.acquire().await.unwrap();
    let driver = Driver::start();
    let session = WebDriver::builder(&driver.url, capabilities(look)).request_timeout(COMMAND_TIMEOUT);
    let session = session.connect().await.unwrap_or_else(|error| panic!("no browser: {error}"));
    let axe = std::fs::read_to_string(packages.join("node_modules/axe-core/axe.min.js")).unwrap();
    // Also where it fails, the session ends before its driver does.
    let done = session.run_and_quit(async |session| {
        walk(&Person::new(session, look, axe)).await;
        Ok::<(), WebDriverError>(())
    });
    done.await.unwrap();
}

/// The driver as a process, with a folder for profiles.
struct Driver {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Driver {
    fn start() -> Driver {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("chromedriver");
        command.args(["--port=0", "--log-level=SEVERE"]).env("TMPDIR", folder.path());
        group(&mut command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("successfully on port")).unwrap();
        thread::spawn(move || lines.for_each(drop));
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap();
        Driver { child, url: format!("http://127.0.0.1:{port}"), _folder: folder }
    }
}

/// A process group of its own, so that the browser ends with its driver where a test fails.
#[cfg(unix)]
fn group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn group(_: &mut Command) {}

impl Drop for Driver {
    fn drop(&mut self) {
        if Path::new("/proc").is_dir() {
            let group = format!("-{}", self.child.id());
            let _ended_already = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        }
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

fn capabilities(look: Look) -> Capabilities {
    let mut wanted = DesiredCapabilities::chrome();
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--hide-scrollbars",
        // Letters without coloured edges: pictures are smaller.
        "--disable-lcd-text",
        "--window-size=1100,1000",
        // The text of pages is English.
        "--lang=en-US",
    ] {
        wanted.add_arg(argument).unwrap();
    }
    if !look.has_script {
        let off = serde_json::json!({"profile.managed_default_content_settings.javascript": 2});
        wanted.add_experimental_option("prefs", off).unwrap();
    }
    if let Some(width) = look.phone {
        let metrics =
            serde_json::json!({"width": width, "height": 640, "pixelRatio": 1, "touch": true, "mobile": true});
        wanted.add_experimental_option("mobileEmulation", serde_json::json!({"deviceMetrics": metrics})).unwrap();
    }
    // Messages of the network, from which the source of a page is read as it came.
    wanted.set("goog:loggingPrefs".to_owned(), serde_json::json!({"performance": "ALL", "browser": "ALL"})).unwrap();
    wanted.into()
}
