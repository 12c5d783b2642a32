//! `schemathesis` against the server's own `/openapi.json`: requests that the document allows and requests that it
//! does not, made from its schemas, and answers that have to be as it says.
//!
//! What is left out stands in `tests/peers/schemathesis.toml`, with the reason.

use crate::keyway::{Keyway, entry};
use crate::peer::{installed, root};
use keyway_tests::mock::Mock;
use serde_json::json;
use std::process::Command;

/// The most requests that one operation gets from each of the phases that invent them.
const MAX_EXAMPLES: &str = "40";

/// The providers of the document's examples.
fn catalogue(upstream: &str) -> String {
    let github = format!(
        "    auth_mode: OAUTH2
    authorization_url: {upstream}/authorize
    token_url: {upstream}/token
    proxy:
        base_url: {upstream}
    keyway:
        endpoints:
            issues.list:
                get: /repos/{{owner}}/{{repo}}/issues
                query: {{labels: {{type: strings, style: comma}}, per_page: {{type: integer}}}}"
    );
    let acme = format!(
        "    auth_mode: BASIC
    credentials:
        username:
            type: string
            title: API key
            description: The key of your account.
            secret: true
        password:
            type: string
            title: Password
            description: None.
            optional: true
    proxy:
        base_url: {upstream}"
    );
    [entry("github", &github), entry("acme-key", &acme)].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_as_its_own_document_says() {
    let Some(installed) = installed() else { return };
    if !installed.join("python/bin/schemathesis").exists() {
        let required = std::env::var("KEYWAY_PEERS").is_ok_and(|value| value == "required");
        assert!(!required, "the peers are of another version: run `tests/peers/install`");
        return keyway_tests::skip("the peers are installed without Schemathesis; `tests/peers/install` adds it");
    }
    let mock = Mock::start().await.unwrap();
    let keyway = Keyway::start(&catalogue(&format!("http://{}/api/echo", mock.address())));
    let client = json!({"client_id": "id", "client_secret": "secret"});
    for key in ["github", "changed", "removed"] {
        let mut integration = client.clone();
        (integration["provider"], integration["key"]) = (json!("github"), json!(key));
        keyway.integration(integration).await;
    }
    for id in ["user-42", "removed"] {
        let token = json!({"access_token": "token"});
        let made = keyway.import(json!({"integration": "github", "connection_id": id, "credentials": token})).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }

    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(installed.join("python/bin/python"));
    command.args(["-m", "schemathesis.cli", "--config-file"]).arg(root().join("tests/peers/schemathesis.toml"));
    command.args(["run", &format!("{}/openapi.json", keyway.url), "--url", &keyway.url, "--no-color"]);
    command.args(["--header", &format!("Authorization: {}", keyway.bearer())]);
    command.args([
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        MAX_EXAMPLES,
        "--no-shrink",
        "--max-redirects",
        "0",
    ]);
    // A path that is not empty and a name without blanks are many filters, and there are few values per filter here.
    command.args(["--suppress-health-check", "filter_too_much,too_slow", "--warnings", "off"]);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONWARNINGS", "ignore").current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let operations = said.lines().find(|line| line.contains("selected /")).unwrap_or_default();
    assert!(operations.contains("35 selected / 35 total"), "another number of operations than known here: {said}");
}
