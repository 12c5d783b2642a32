//! A job that asks for something every night, and its tests: what it does when the network and the vendor do their
//! worst.
//!
//! ```sh
//! GITHUB_TOKEN=... cargo run -p keyway-tests --example with_faults -- rust-lang rust
//! cargo test -p keyway-tests --test examples with_faults
//! ```

use keyway::connection::{ConfigMap, Trust};
use keyway::credentials::Token;
use keyway::{Client, ConnectionKey, Credentials, Integration, Keyway};
use keyway_providers::github::{self, Github};
use serde::Deserialize;
use std::io::Write;
use std::time::Duration;

#[keyway::api(github)]
trait Repositories {
    #[get("/repos/{owner}/{repo}")]
    fn repository(&self, owner: &str, repo: &str) -> Repository;
}

#[derive(Debug, Deserialize)]
struct Repository {
    stargazers_count: u64,
}

/// The outcome of a run.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// It has what it wanted.
    Stars(u64),
    /// It comes back later.
    TryLater(Duration),
    /// It asks the customer to connect again.
    ConnectAgain,
}

/// One run of the job.
pub(crate) async fn run(client: &Client<Github>, owner: &str, repo: &str) -> keyway::Result<Next> {
    match client.repository(owner, repo).await {
        Ok(repository) => Ok(Next::Stars(repository.stargazers_count)),
        Err(error) if error.needs_reconnect() => Ok(Next::ConnectAgain),
        Err(error) => match error.retry_after() {
            Some(wait) => Ok(Next::TryLater(wait)),
            None => Err(error),
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (owner, repo) = arguments.next().zip(arguments.next()).ok_or("usage: with_faults OWNER REPO")?;
    let keyway = Keyway::builder().integration(Integration::<Github>::new("github")).build()?;
    let credentials = Credentials::default().token(Token::new(std::env::var("GITHUB_TOKEN")?));
    let (key, metadata) = (ConnectionKey::new("github", "me"), serde_json::Map::new());
    keyway.import(key, ConfigMap::new(), metadata, credentials, Trust::Operator).await?;
    let client = keyway.integration::<Github>("github")?.client("me").await?.retries(2);
    writeln!(std::io::stdout(), "{:?}", run(&client, &owner, &repo).await?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::ErrorKind;
    use keyway::testing::{self, Exchange, Recorded, get, post};
    use serde_json::json;

    fn asked() -> Exchange {
        get("https://api.github.com/repos/acme/app")
    }

    fn renewed() -> Exchange {
        post("https://github.com/login/oauth/access_token").any_body()
    }

    /// One run against these answers, with a token that lives.
    async fn run_against(answers: impl IntoIterator<Item = Exchange>) -> Result<Next, ErrorKind> {
        let api = Recorded::new(answers);
        let client = testing::connect::<Github>(api.clone()).await.unwrap().retries(2);
        let next = run(&client, "acme", "app").await;
        api.finish().unwrap();
        next.map_err(|error| error.kind())
    }

    #[tokio::test(start_paused = true)] // so that no test waits
    async fn the_job_gets_over_what_passes() {
        let stars = || asked().reply(json!({"stargazers_count": 7}));
        for answers in [
            vec![stars()],
            vec![asked().reset(), asked().unreachable(), stars()],
            vec![asked().reply_with(503, json!({})), stars()],
            vec![asked().too_many_requests(Duration::from_secs(30)), stars()],
            vec![stars().slow(Duration::from_secs(200))],
        ] {
            assert_eq!(run_against(answers).await, Ok(Next::Stars(7)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_job_says_what_does_not_pass() {
        let wait = Duration::from_secs(3600);
        for (answers, expected) in [
            (vec![asked().too_many_requests(wait)], Ok(Next::TryLater(wait))),
            (vec![asked().reset().times(3)], Err(ErrorKind::Unreachable)),
            (vec![asked().slow(Duration::from_secs(301))], Err(ErrorKind::Timeout)),
            (vec![asked().reply_text(200, r#"{"stargazers_count": "#).breaks_off()], Err(ErrorKind::Unreachable)),
            (vec![asked().reply(json!({"stars": 7}))], Err(ErrorKind::UnexpectedAnswer)),
        ] {
            assert_eq!(run_against(answers).await, expected);
        }
    }

    #[tokio::test]
    async fn an_expired_token_is_renewed_or_the_customer_is_asked() {
        let token = json!({"access_token": "new-token", "expires_in": 28800, "refresh_token": "next"});
        let api = Recorded::new([
            renewed().reply(token),
            asked().header("authorization", "Bearer new-token").reply(json!({"stargazers_count": 7})),
        ]);
        let client = testing::connect::<Github>(api.clone()).expired().await.unwrap();
        assert_eq!(run(&client, "acme", "app").await.unwrap(), Next::Stars(7));
        api.finish().unwrap();

        let api = Recorded::new([renewed().reply_with(400, json!({"error": "invalid_grant"}))]);
        let client = testing::connect::<Github>(api.clone()).expired().await.unwrap();
        assert_eq!(run(&client, "acme", "app").await.unwrap(), Next::ConnectAgain);
        api.finish().unwrap();
    }
}
