//! One trait for three vendors: open tickets, wherever a customer keeps them.
//!
//! ```sh
//! FRESHDESK_DOMAIN=globex FRESHDESK_KEY=... cargo run -p keyway-tests --example ticketing            # what is open
//! FRESHDESK_DOMAIN=globex FRESHDESK_KEY=... cargo run -p keyway-tests --example ticketing -- --close # closes it
//! ```
//!
//! `#[api]` describes each vendor's endpoints as the vendor has them; [`Ticketing`] is what a program wants of all.
//! The example `issues` shows how accounts are connected by OAuth.

use keyway::{Client, Integration, Keyway};
use keyway_providers::freshdesk::{self, Freshdesk};
use keyway_providers::github::{self, Github};
use keyway_providers::gitlab::{self, Gitlab};
use serde::{Deserialize, Serialize};
use std::io::Write;

/// A ticket of any vendor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) id: u64,
    pub(crate) title: String,
}

/// What a program wants of a ticketing system.
pub(crate) trait Ticketing {
    /// The first open tickets.
    fn open(&self) -> impl Future<Output = keyway::Result<Vec<Ticket>>> + Send;
    /// Closes a ticket.
    fn close(&self, id: u64) -> impl Future<Output = keyway::Result<()>> + Send;
}

/// What GitHub and GitLab call a ticket is an issue of one repository.
const REPOSITORY: (&str, &str) = ("acme", "app");

#[keyway::api(github)]
trait GithubIssues {
    #[get("/repos/{owner}/{repo}/issues?state=open")]
    #[paginate]
    fn issues(&self, owner: &str, repo: &str) -> Vec<GithubIssue>;

    #[patch("/repos/{owner}/{repo}/issues/{number}")]
    fn set_state(&self, owner: &str, repo: &str, number: u64, #[body] change: &Change);
}

#[derive(Deserialize)]
struct GithubIssue {
    number: u64,
    title: String,
}

#[derive(Serialize)]
struct Change {
    state: &'static str,
}

impl Ticketing for Client<Github> {
    async fn open(&self) -> keyway::Result<Vec<Ticket>> {
        let page = self.issues(REPOSITORY.0, REPOSITORY.1).next().await?.unwrap_or_default();
        Ok(page.into_iter().map(|issue| Ticket { id: issue.number, title: issue.title }).collect())
    }

    async fn close(&self, id: u64) -> keyway::Result<()> {
        self.set_state(REPOSITORY.0, REPOSITORY.1, id, &Change { state: "closed" }).await
    }
}

#[keyway::api(gitlab)]
trait GitlabIssues {
    #[get("/api/v4/projects/{project}/issues?state=opened")]
    #[paginate]
    fn issues(&self, project: &str) -> Vec<GitlabIssue>;

    #[put("/api/v4/projects/{project}/issues/{number}")]
    fn edit(&self, project: &str, number: u64, #[query] state_event: &str);
}

#[derive(Deserialize)]
struct GitlabIssue {
    iid: u64,
    title: String,
}

impl Ticketing for Client<Gitlab> {
    async fn open(&self) -> keyway::Result<Vec<Ticket>> {
        // The slash becomes `%2F`, as GitLab wants it: a value stays in its segment.
        let page = self.issues(&[REPOSITORY.0, REPOSITORY.1].join("/")).next().await?.unwrap_or_default();
        Ok(page.into_iter().map(|issue| Ticket { id: issue.iid, title: issue.title }).collect())
    }

    async fn close(&self, id: u64) -> keyway::Result<()> {
        self.edit(&[REPOSITORY.0, REPOSITORY.1].join("/"), id, "close").await
    }
}

#[keyway::api(freshdesk)]
trait FreshdeskTickets {
    #[get("/api/v2/tickets?filter=new_and_my_open")]
    #[paginate]
    fn tickets(&self) -> Vec<FreshdeskTicket>;

    #[put("/api/v2/tickets/{id}")]
    fn update(&self, id: u64, #[body] change: &Status);
}

#[derive(Deserialize)]
struct FreshdeskTicket {
    id: u64,
    subject: String,
}

#[derive(Serialize)]
struct Status {
    status: u8,
}

impl Ticketing for Client<Freshdesk> {
    async fn open(&self) -> keyway::Result<Vec<Ticket>> {
        let page = self.tickets().next().await?.unwrap_or_default();
        Ok(page.into_iter().map(|ticket| Ticket { id: ticket.id, title: ticket.subject }).collect())
    }

    async fn close(&self, id: u64) -> keyway::Result<()> {
        const CLOSED: u8 = 5;
        self.update(id, &Status { status: CLOSED }).await
    }
}

/// Closes what is open and says what that was. It knows no vendor.
pub(crate) async fn close_all(system: &(impl Ticketing + Sync)) -> keyway::Result<Vec<Ticket>> {
    let open = system.open().await?;
    for ticket in &open {
        system.close(ticket.id).await?;
    }
    Ok(open)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keyway = Keyway::builder().integration(Integration::<Freshdesk>::new("freshdesk")).build()?;
    let freshdesk = keyway.integration::<Freshdesk>("freshdesk")?;
    let config = freshdesk::Config { subdomain: std::env::var("FRESHDESK_DOMAIN")? };
    let credentials = freshdesk::Credentials { username: std::env::var("FRESHDESK_KEY")?.into() };
    freshdesk.connect("me", config, credentials).set_credential(freshdesk::PASSWORD, "X").import().await?;
    let client = freshdesk.client("me").await?;
    let closing = std::env::args().any(|argument| argument == "--close");
    let tickets = if closing { close_all(&client).await? } else { client.open().await? };
    for ticket in tickets {
        writeln!(std::io::stdout(), "{} {}", ticket.id, ticket.title)?;
    }
    Ok(())
}
