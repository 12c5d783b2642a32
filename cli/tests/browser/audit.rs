//! Demands on every page: as wide as the screen, reachable, free of what axe finds, valid, without a secret.

use crate::person::Person;
use crate::server::Server;
use crate::{needed, pictures};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs axe with everything that it knows of WCAG 2.2 AA, and its best practices. Its argument is true where the
/// browser runs no script of a page: a driver's own runs all the same, and so do promises, but no timer.
const AXE: &str = "const done = (found) => { window.keywayFound = found; };
    delete window.keywayFound;
    if (arguments[0]) window.setTimeout = (run, _, ...given) => { Promise.resolve().then(() => run(...given)); return 0; };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
        (found) => done(found.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html)])),
        (error) => done(String(error)));";

/// Looks at the page that is open.
pub(crate) async fn look(person: &Person, name: &str) {
    let wrong = out_of_reach(person).await;
    assert_eq!(wrong, json!([]), "{}: {name}", person.look.name);
    for scheme in pictures::SCHEMES {
        pictures::prefer(person, scheme).await;
        let found = faults(person).await;
        assert_eq!(found, json!([]), "{name} in {scheme}: {found:#}");
    }
    pictures::prefer(person, "light").await;
}

/// Controls of the page that cannot be reached, and a word where it scrolls to the side.
pub(crate) async fn out_of_reach(person: &Person) -> Value {
    person.eval(include_str!("reach.js")).await
}

/// Faults of the page that axe finds: its rule, what it asks for, and where.
pub(crate) async fn faults(person: &Person) -> Value {
    person.driver.execute(person.axe.as_str(), Vec::new()).await.unwrap();
    person.eval_with(AXE, vec![json!(!person.look.has_script)]).await;
    let has_ended = async || person.eval("return window.keywayFound !== undefined").await == json!(true);
    assert!(person.wait_for(has_ended).await, "{}: axe does not come to an end", person.look.name);
    person.eval("return window.keywayFound").await
}

/// The page as the server sent it, which a browser no longer shows: read from the messages of the network.
pub(crate) async fn source(person: &Person) -> String {
    let address = person.address().await;
    let address = address.split('#').next().unwrap();
    let messages = person.driver.get_log("performance").await.unwrap();
    let documents = messages.iter().rev().filter_map(|message| {
        let message: Value = serde_json::from_str(&message.message).ok()?;
        let message = &message["message"];
        let is_it = message["method"] == "Network.responseReceived"
            && message["params"]["type"] == "Document"
            && message["params"]["response"]["url"] == address;
        is_it.then(|| message["params"]["requestId"].clone())
    });
    for id in documents {
        if let Ok(body) = person.driver.cdp().send_raw("Network.getResponseBody", json!({"requestId": id})).await {
            return body["body"].as_str().unwrap().to_owned();
        }
    }
    panic!("the source of {address} is not among {} messages", messages.len());
}

/// No page of the walk and no line of the log holds a secret.
pub(crate) fn no_secret(person: &Person, server: &Server, secrets: &[&str]) {
    let (sources, log) = (person.sources(), server.log());
    assert!(!sources.is_empty() && log.len() > 1000, "there is nothing to look at");
    for secret in secrets {
        for (name, source) in &sources {
            assert!(!source.contains(secret), "{secret} is in the source of {name}");
        }
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
}

/// Every page of the walk is valid HTML, as `html-validate` has it.
pub(crate) fn valid(person: &Person) {
    let found = invalid(&person.sources());
    assert_eq!(found, "", "{}:\n{found}", person.look.name);
}

/// The faults of pages as HTML, a line each.
pub(crate) fn invalid(pages: &[(String, String)]) -> String {
    let folder = needed::packages().unwrap();
    let mut command = Command::new("node");
    command.args(["--preserve-symlinks", "--preserve-symlinks-main"]).arg(folder.join("programs/html.js"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let pages = serde_json::to_string(pages).unwrap();
    child.stdin.take().unwrap().write_all(pages.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "html-validate did not run");
    String::from_utf8(output.stdout).unwrap()
}
