//! The library example of `README.md`, compiled, and run against the mock.
//!
//! The lines between `// README` and `// end` are the example; a test compares them with the page. There is no TLS;
//! the transport takes each request to the mock instead of the vendor.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use http::Uri;
use keyway::seal::SealingKey;
use keyway::transport::Transport;
use keyway_tests::client::Client;
use keyway_tests::mock::{CLIENT_ID, CLIENT_SECRET, Detour, Mock};
use keyway_tests::source::workspace_root;
use std::path::Path;
// README
use keyway::{Integration, Keyway, Sqlite};
use keyway_providers::github::{self, Github};
// end

fn set_up(path: &Path, sealing_key: SealingKey, transport: impl Transport) -> keyway::Result<Keyway> {
    let (id, secret) = (CLIENT_ID, CLIENT_SECRET);
    let builder = |keyway: keyway::client::Builder| keyway.transport(transport).build();
    builder(
        // README
        Keyway::builder()
            .store(Sqlite::open(path, sealing_key)?) // in memory when left out
            .integration(Integration::<Github>::new("github").oauth_app(id, secret).scopes(["repo"])),
        // end
    )
}

#[tokio::test]
async fn the_example_connects_a_user_and_calls_the_api() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mock = Mock::start().await?;
    let folder = tempfile::tempdir()?;
    let transport = Detour::new(mock.url(), route);
    let keyway = set_up(&folder.path().join("keyway.db"), SealingKey::generate()?, transport)?;
    let callback = "http://127.0.0.1:3900/callback";

    // README
    let github = keyway.integration::<Github>("github")?;
    let start = github.authorize("user-42", github::Config {}).redirect_uri(callback).begin().await?;
    // send the user to start.url; keep start.binding in a cookie
    // the user comes back on start.redirect_uri, which is callback + "/" + the integration's id
    // end
    let query = start.url.split_once('?').map_or("", |(_, query)| query);
    let agreed = Client::new(mock.url()).get(&format!("/authorize?{query}")).await?;
    let came: url::Url = agreed.header("location").parse()?;
    let path_and_query = format!("{}?{}", came.path(), came.query().unwrap_or_default());
    let binding = start.binding.expose().to_owned();
    // README
    let connection = keyway.finish(&path_and_query, &binding).await?;

    let client = github.client("user-42").await?;
    let me: serde_json::Value = client.get("/user").json().await?; // auth, refresh and the host check are inside
    // end

    assert_eq!(connection.key.id, "user-42");
    assert_eq!(me["target"], "/api/echo/user");
    assert!(me["headers"]["authorization"].as_str().is_some_and(|value| value.starts_with("Bearer access-")), "{me}");
    Ok(())
}

#[test]
fn the_page_shows_this_example() {
    let page = std::fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let shown = page.split("```rust\n").find(|block| block.starts_with("use keyway::{Integration")).unwrap();
    let shown = lines(shown.split("```").next().unwrap());
    let mut here = Vec::new();
    for part in include_str!("readme.rs").split("// README\n").skip(1) {
        here.extend(lines(part.split("// end\n").next().unwrap()));
    }
    // The page names the value and builds it; here the transport is given to it first.
    let shown: Vec<String> =
        shown.into_iter().filter(|line| line != ".build()?;").map(|line| line.replace("let keyway = ", "")).collect();
    let here: Vec<String> = here.into_iter().map(|line| line.replace("([\"repo\"])),", "([\"repo\"]))")).collect();
    assert_eq!(shown, here);
}

/// Lines that say something, without their indentation.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Where the mock plays the vendor.
fn route(uri: &Uri) -> Option<String> {
    match uri.host()? {
        "github.com" => Some("/token".to_owned()),
        "api.github.com" => Some(format!("/api/echo{}", uri.path())),
        _ => None,
    }
}
