//! The open issues of a customer's repository, all pages, and a new one: with progenitor.

progenitor::generate_api!(spec = "api.json", interface = Builder);

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The document's ways to sign in are not generated, so the header is ours, and so is renewing the token.
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {}", std::env::var("TOKEN")?))?);
    headers.insert(USER_AGENT, HeaderValue::from_static("side-by-side"));
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let client = Client::new_with_client(&std::env::var("API")?, http);
    let (mut issues, mut page) = (0, 1);
    loop {
        // Pages are counted by hand: the document has no extension of theirs.
        let answer = client
            .issues_list_for_repo()
            .owner("acme")
            .repo("app")
            .state(types::IssuesListForRepoState::Open)
            .per_page(1)
            .page(page)
            .send()
            .await?;
        let more = answer.headers().get("link").is_some_and(|link| link.to_str().is_ok_and(|link| link.contains("rel=\"next\"")));
        issues += answer.into_inner().len();
        if !more {
            break;
        }
        page += 1;
    }
    let body = types::IssuesCreateBody::builder().title(types::IssuesCreateBodyTitle::String("It breaks".to_owned()));
    let made = client.issues_create().owner("acme").repo("app").body(body).send().await?;
    println!("{issues} issues, made {}", made.number);
    Ok(())
}
