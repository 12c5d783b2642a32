//! The commands of `docs/src/guide/operating.md` that ask a server: run in order, they print what the page shows.
//!
//! `...` on the page stands for any text within a line. A word in single quotes is one without them, as to a shell.

use crate::setup::{ACCESS_TOKEN, CLIENT_SECRET, CUSTOMER_KEY, Served};
use serde_json::json;
use std::path::Path;

#[tokio::test]
async fn the_commands_of_the_page_print_what_it_shows() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/guide/operating.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```text,tested=cli/tests/remote/page.rs\n").skip(1);
    let text: String = blocks.map(|block| block.split("```").next().unwrap()).collect();
    let served = Served::built_in();
    let customer = json!({
        "integration": "stripe-api-key", "connection_id": "acme-inc", "metadata": {"plan": "pro"}, "verify": false,
        "credentials": {"username": CUSTOMER_KEY},
    });
    served.post("/connections", &customer).await;
    let mut run = 0;
    for part in text.split("$ keyway ").skip(1) {
        let (line, expected) = part.split_once('\n').unwrap();
        let (line, input) = line.split_once(" < ").map_or((line, ""), |(line, _)| (line, CLIENT_SECRET));
        if line == "connections list" {
            let user = json!({
                "integration": "github", "connection_id": "user-7", "verify": false,
                "credentials": {"access_token": ACCESS_TOKEN, "expires_in": 7_200_000},
            });
            served.post("/connections", &user).await;
        }
        let words = line.split(' ').map(|word| word.trim_matches('\''));
        let words: Vec<&str> = words.chain(["--format", "text"]).collect();
        let (code, out, err) = served.run_with_input(&words, input);
        assert_eq!(code, 0, "{line}: {err}");
        let (shown, printed) = (expected.lines(), format!("{out}{err}"));
        assert_eq!(shown.clone().count(), printed.lines().count(), "{line}: {printed}");
        for (shown, printed) in shown.zip(printed.lines()) {
            assert!(is_shown(shown, printed), "{line} prints\n{printed}\nand the page shows\n{shown}");
        }
        run += 1;
    }
    assert!(run >= 7, "this test no longer finds the commands it is about");
}

/// True if a line of the page stands for one that was printed; blanks between columns do not count.
fn is_shown(shown: &str, printed: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, printed) = (words(shown), words(printed));
    match shown.split_once("...") {
        Some((before, after)) => printed.strip_prefix(before).is_some_and(|rest| rest.ends_with(after)),
        None => shown == printed,
    }
}
