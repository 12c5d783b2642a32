//! The open issues of a customer's repository, all pages, and a new one: with Keyway and imported operations.

#[path = "../../../../examples/three_vendors/imported/github.rs"]
mod github;

use github::{Issues, IssuesCreateBody, IssuesCreateBodyTitle, IssuesListForRepoQuery, IssuesListForRepoState};
use keyway::connection::{ConfigMap, Trust};
use keyway::credentials::Token;
use keyway::{ConnectionKey, Credentials, EgressPolicy, Integration, Keyway};
use keyway_providers::github::Github;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = std::env::var("API")?;
    let host = api.trim_start_matches("http://").to_owned();
    let app = Integration::<Github>::new("github").oauth_app("client", "secret").base_url(&api).allowed_hosts([host]);
    let local = EgressPolicy::default().allow_private(true).allow_http(true);
    let keyway = Keyway::builder().egress(local).integration(app).build()?;
    let token = Credentials::default().token(Token::new(std::env::var("TOKEN")?));
    let (key, metadata) = (ConnectionKey::new("github", "customer-1"), Default::default());
    keyway.import(key, ConfigMap::new(), metadata, token, Trust::Operator).await?;

    // A token that has expired is renewed before a call, once for all callers, and stored.
    let client = keyway.integration::<Github>("github")?.client("customer-1").await?.retries(2);
    let open = IssuesListForRepoQuery { state: Some(IssuesListForRepoState::Open), ..Default::default() };
    let issues = client.issues_list_for_repo("acme", "app", &open).limit(1).collect(1_000).await?;
    let title = Some(IssuesCreateBodyTitle::Text("It breaks".to_owned()));
    let made = client.issues_create("acme", "app", &IssuesCreateBody { title, ..Default::default() }).await?;
    println!("{} issues, made {}", issues.len(), made.number.unwrap_or_default());
    Ok(())
}
