//! The open issues of a customer's repository, all pages, and a new one: with oauth2 and reqwest.

use oauth2::basic::BasicClient;
use oauth2::{ClientId, ClientSecret, RefreshToken, TokenResponse, TokenUrl};
use reqwest::header::LINK;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

type Failure = Box<dyn std::error::Error>;

/// What a program keeps of a customer, in a store of its own.
struct Account {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Option<SystemTime>,
}

#[derive(Deserialize)]
struct Issue {
    number: i64,
}

#[derive(Serialize)]
struct NewIssue<'t> {
    title: &'t str,
}

/// Renews the token where it is about to expire. Two callers at once would both do it, and one of them lose the account
/// where refresh tokens are used once: that needs a lock, over processes too.
async fn fresh(account: &mut Account, http: &reqwest::Client) -> Result<String, Failure> {
    let soon = SystemTime::now() + Duration::from_secs(60);
    if account.expires_at.is_some_and(|at| at < soon) {
        let refresh = account.refresh_token.clone().ok_or("connect the account again")?;
        let app = BasicClient::new(ClientId::new("client".to_owned()))
            .set_client_secret(ClientSecret::new("secret".to_owned()))
            .set_token_uri(TokenUrl::new("https://github.com/login/oauth/access_token".to_owned())?);
        let renewed = app.exchange_refresh_token(&RefreshToken::new(refresh)).request_async(http).await?;
        account.access_token = renewed.access_token().secret().clone();
        account.refresh_token = renewed.refresh_token().map(|token| token.secret().clone());
        account.expires_at = renewed.expires_in().map(|lifetime| SystemTime::now() + lifetime);
    }
    Ok(account.access_token.clone())
}

/// Sends again what was refused for a while, as often as twice.
async fn sent(request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
    for turn in 0.. {
        let again = request.try_clone().ok_or("a body that is sent once")?;
        let answer = again.send().await?;
        let wait = match answer.status().as_u16() {
            429 | 500..=599 if turn < 2 => answer.headers().get("retry-after").and_then(|wait| wait.to_str().ok()?.parse().ok()),
            _ => return Ok(answer.error_for_status()?),
        };
        tokio::time::sleep(Duration::from_secs(wait.unwrap_or(1 << turn))).await;
    }
    unreachable!()
}

/// The URL of the next page in a `Link` header.
fn next(answer: &reqwest::Response) -> Option<String> {
    let links = answer.headers().get(LINK)?.to_str().ok()?;
    let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    Some(link.split_once('<')?.1.split_once('>')?.0.to_owned())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let api = std::env::var("API")?;
    let http = reqwest::Client::builder().user_agent("side-by-side").redirect(reqwest::redirect::Policy::none()).build()?;
    let mut account = Account { access_token: std::env::var("TOKEN")?, refresh_token: None, expires_at: None };
    let (mut issues, mut url) = (Vec::<Issue>::new(), Some(format!("{api}/repos/acme/app/issues?state=open&per_page=1")));
    while let Some(page) = url {
        // A link to another host would get the token.
        if !page.starts_with(&api) {
            return Err("a page on another host".into());
        }
        let token = fresh(&mut account, &http).await?;
        let answer = sent(http.get(page).bearer_auth(token).header("accept", "application/vnd.github+json")).await?;
        url = next(&answer);
        issues.extend(answer.json::<Vec<Issue>>().await?);
    }
    let token = fresh(&mut account, &http).await?;
    let request = http.post(format!("{api}/repos/acme/app/issues")).bearer_auth(token);
    let made: Issue = sent(request.json(&NewIssue { title: "It breaks" })).await?.json().await?;
    println!("{} issues, made {}", issues.len(), made.number);
    Ok(())
}
