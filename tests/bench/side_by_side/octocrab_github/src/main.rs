//! The open issues of a customer's repository, all pages, and a new one: with octocrab.

use octocrab::{Octocrab, params::State};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An OAuth token of a customer is not renewed.
    let client = Octocrab::builder().base_uri(std::env::var("API")?)?.personal_token(std::env::var("TOKEN")?).build()?;
    let first = client.issues("acme", "app").list().state(State::Open).per_page(1).send().await?;
    let issues = client.all_pages(first).await?;
    let made = client.issues("acme", "app").create("It breaks").send().await?;
    println!("{} issues, made {}", issues.len(), made.number);
    Ok(())
}
