//! On a terminal: a table unless JSON is asked for, and a question before something is deleted.

use crate::setup::{API_KEY, Served};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::Command;

/// The exit code of a command at a terminal, and all that stood on the screen; `typed` is what a person types.
fn at_terminal(served: &Served, line: &[&str], typed: &str) -> (i32, String) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
    let terminal = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
    let mut controller = File::from(controller);
    controller.write_all(typed.as_bytes()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.args(line).env("KEYWAY_SERVER", &served.url).env("KEYWAY_API_KEY", API_KEY).env("NO_COLOR", "1");
    command.stdin(terminal()).stdout(terminal()).stderr(terminal());
    let mut child = command.spawn().unwrap();
    // The ends that the command holds are closed here, so that reading ends with it.
    drop(command);
    let (mut screen, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = controller.read(&mut piece) {
        screen.extend_from_slice(&piece[..count]);
    }
    let screen = String::from_utf8(screen).unwrap().replace("\r\n", "\n");
    assert!(!screen.contains(API_KEY) && !screen.contains('\u{1b}'), "{screen:?}");
    (child.wait().unwrap().code().unwrap(), screen)
}

#[tokio::test]
async fn a_person_gets_a_table_and_is_asked_before_something_is_deleted() {
    let served = Served::start("https://vendor.example.com");
    for id in ["acme-1", "acme-2"] {
        served.connect(id, json!({})).await;
    }
    let (code, screen) = at_terminal(&served, &["connections", "list"], "");
    assert_eq!(code, 0);
    assert!(screen.starts_with("INTEGRATION  CONNECTION  STATE"), "{screen}");
    let (_, screen) = at_terminal(&served, &["connections", "list", "--format", "json"], "");
    assert!(screen.starts_with('{'), "{screen}");

    let connection = ["connections", "delete", "acme-1", "--integration", "mock-key"];
    let integration = ["integrations", "delete", "mock-key"];
    for (line, typed, expected, says) in [
        (&connection[..], "yes\n", 2, "something else was typed"),
        (&connection, "\n", 2, "something else was typed"),
        (&connection, "\u{4}", 2, "something else was typed"),
        (&connection, "acme-1\n", 0, "is deleted; the grant lives on"),
        (&integration, "acme-2\n", 2, "`mock-key` and its connection. Type `mock-key`"),
        (&integration, "mock-key\n", 0, "is deleted, and its connections"),
    ] {
        let (code, screen) = at_terminal(&served, line, typed);
        assert_eq!(code, expected, "{line:?} {typed:?}: {screen}");
        assert!(screen.contains(says), "{line:?} {typed:?}: {screen}");
    }
    let (_, screen) = at_terminal(&served, &["connections", "list"], "");
    assert!(screen.contains("there is no such connection"), "{screen}");
}
