//! Lists of more than one page: walked by the server's cursor, printed as they come, and never without an end.

use crate::setup::{API_KEY, run};
use crate::stand_in::StandIn;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn every_page_is_asked_for_once_and_no_row_is_printed_twice() {
    let pages: [(&[&str], Option<&str>); 4] =
        [(&["a", "b"], Some("1/2&x")), (&[], Some("3")), (&["c"], Some("4")), (&[], None)];
    for (arguments, expected, asked) in [
        (&["--all"][..], "abc", 4),
        (&["--limit", "3"], "abc", 4),
        (&["--limit", "2"], "ab", 3),
        (&["--limit", "1"], "a", 1),
    ] {
        let server = StandIn::pages(&pages);
        let (code, out, err) = run(&server.url, API_KEY, &[&["connections", "list"][..], arguments].concat(), "");
        let ids: String = out.lines().map(|line| line.split('"').nth(3).unwrap()).collect();
        assert_eq!((code, ids.as_str()), (0, expected), "{arguments:?}: {err}");
        assert_eq!(err.contains("there are more"), expected != "abc", "{arguments:?}: {err}");
        let requests = server.requests();
        assert_eq!(requests.len(), asked, "{arguments:?}");
        let after: Vec<bool> = requests.iter().map(|request| request.contains("&after=")).collect();
        assert!(!after[0] && after[1..].iter().all(|is_after| *is_after), "{requests:?}");
        assert!(requests.len() < 2 || requests[1].contains("&after=1%2F2%26x HTTP/1.1"), "{requests:?}");
        let authorized =
            |request: &String| request.to_lowercase().contains(&format!("authorization: bearer {API_KEY}"));
        assert!(requests.iter().all(authorized), "{requests:?}");
    }
}

#[test]
fn a_page_that_leads_to_itself_ends_the_list_as_a_failure() {
    let server = StandIn::pages(&[(&["a"], Some("1"))]);
    let (code, out, err) = run(&server.url, API_KEY, &["connections", "list", "--all"], "");
    assert_eq!((code, out.lines().count()), (2, 2), "{err}");
    assert!(err.contains("of another shape"), "{err}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_a_list_without_an_end() {
    let server = StandIn::pages(&[(&["a"], Some("1")), (&["b"], Some("2"))]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.args(["connections", "list", "--all"]).env("KEYWAY_SERVER", &server.url).env("KEYWAY_API_KEY", API_KEY);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, "{\"connection_id\":\"a\"}\n", "it comes before the list ends");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
