//! `schemathesis` against the server's own `/openapi.json`: requests that the document allows and requests that it
//! does not, made from its schemas, and answers that have to be as it says.
//!
//! What is left out stands in `tests/peers/schemathesis.toml`, with the reason.

use crate::keyway::{Keyway, entry};
use crate::peer::{installed, root};
use keyway_tests::mock::{API_KEY, Mock};
use serde_json::json;
use std::process::Command;

/// The most requests that one operation gets from each of the phases that invent them.
const MAX_EXAMPLES: &str = "40";

/// The checks, all that Schemathesis has but those that its configuration leaves out.
const CHECKS: &str = "all";

/// A provider with the key of the document's examples.
fn github(upstream: &str) -> String {
    let rest = format!(
        "    auth_mode: API_KEY
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of your account.
            secret: true
    proxy:
        base_url: {upstream}
        headers:
            x-api-key: ${{apiKey}}
    keyway:
        endpoints:
            issues.list:
                get: /repos/{{owner}}/{{repo}}/issues
                query: {{labels: {{type: strings, style: comma}}, per_page: {{type: integer}}}}"
    );
    entry("github", &rest)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_as_its_own_document_says() {
    let Some(installed) = installed() else { return };
    let mock = Mock::start().await.unwrap();
    let keyway = Keyway::start(&github(&format!("http://{}/api/echo", mock.address())));
    keyway.integration(json!({"provider": "github"})).await;
    let connection = json!({"integration": "github", "connection_id": "user-42", "credentials": {"apiKey": API_KEY}});
    assert_eq!(keyway.import(connection).await.status, 201);
    // An answer with credentials, before a request of the run removes the connection.
    assert_eq!(keyway.connection("github", "user-42").await.status, 200);

    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(installed.join("python/bin/python"));
    command.args(["-m", "schemathesis.cli", "--config-file"]).arg(root().join("tests/peers/schemathesis.toml"));
    command.args(["run", &format!("{}/openapi.json", keyway.url), "--url", &keyway.url, "--no-color"]);
    command.args(["--header", &format!("Authorization: {}", keyway.bearer()), "--checks", CHECKS]);
    command.args(["--phases", "examples,coverage,fuzzing", "--max-examples", MAX_EXAMPLES, "--no-shrink"]);
    // A path that is not empty and a name without blanks are many filters, and there are few values per filter here.
    command.args(["--suppress-health-check", "filter_too_much,too_slow", "--warnings", "off"]);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONWARNINGS", "ignore").current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let operations = said.lines().find(|line| line.contains("selected /")).unwrap_or_default();
    assert!(operations.contains("33 selected / 33 total"), "another number of operations than known here: {said}");
}
