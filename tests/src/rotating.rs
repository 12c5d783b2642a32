//! A vendor that rotates refresh tokens, and notes what a set of servers must not do with them.
//!
//! A refresh token is `GRANT.NUMBER`. Each redemption issues the next number at once and answers a while later, so that
//! answers are lost when a server is killed. The newest token is honoured, and so is the one before as long as the
//! newest was never shown: that is how an answer that was lost is made good. Everything older is a reuse.

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running vendor. Stops when it is dropped.
#[derive(Debug)]
pub struct Rotating {
    address: SocketAddr,
    notes: Arc<Notes>,
    task: JoinHandle<()>,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many refresh tokens were redeemed.
    pub redeemed: usize,
    /// Redemptions of one grant that were under way at the same time: the grants.
    pub overlaps: Vec<String>,
    /// Tokens that came after a successor of theirs had been shown.
    pub reused: Vec<String>,
    /// Tokens that came once more because their answer was lost.
    pub repeated: Vec<Repeated>,
}

/// A token that came twice.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The token.
    pub token: String,
    /// Who sent it first, as it called itself (`user-agent`).
    pub first: String,
    /// When it came first.
    pub since: Instant,
    /// When it came again.
    pub until: Instant,
}

#[derive(Debug, Default)]
struct Notes(Mutex<(BTreeMap<String, Grant>, Seen)>);

#[derive(Debug, Default)]
struct Grant {
    /// The newest number that was issued, and the number that it was issued for.
    newest: u64,
    redeemed: u64,
    under_way: usize,
    last: Option<(String, Instant)>,
}

impl Rotating {
    /// Starts one on a free port.
    pub async fn start() -> std::io::Result<Rotating> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let notes = Arc::new(Notes::default());
        let router = Router::new().route("/token", post(token)).route("/api/{*path}", any(async || "ok"));
        let router = router.with_state(Arc::clone(&notes));
        let task = tokio::spawn(async move {
            let _ended_with_the_test = axum::serve(listener, router).await;
        });
        Ok(Rotating { address, notes, task })
    }

    /// Its origin.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was seen until now.
    pub fn seen(&self) -> Seen {
        self.notes.lock().1.clone()
    }
}

impl Drop for Rotating {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Notes {
    fn lock(&self) -> MutexGuard<'_, (BTreeMap<String, Grant>, Seen)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a token: the number that is issued for it, or `None` for one that is not honoured.
    fn redeem(&self, grant: &str, number: u64, who: &str) -> Option<u64> {
        let (grants, seen) = &mut *self.lock();
        let noted = grants.entry(grant.to_owned()).or_default();
        if noted.under_way > 1 {
            seen.overlaps.push(grant.to_owned());
        }
        let now = Instant::now();
        if number != noted.newest {
            let token = format!("{grant}.{number}");
            let Some((first, since)) = noted.last.clone().filter(|_| number == noted.redeemed) else {
                seen.reused.push(token);
                return None;
            };
            seen.repeated.push(Repeated { token, first, since, until: now });
        }
        seen.redeemed += 1;
        noted.redeemed = number;
        noted.newest += 1;
        noted.last = Some((who.to_owned(), now));
        Some(noted.newest)
    }
}

/// Counts a redemption as under way until it is answered, or its sender is gone.
struct UnderWay<'a>(&'a Notes, &'a str);

impl<'a> UnderWay<'a> {
    fn begin(notes: &'a Notes, grant: &'a str) -> UnderWay<'a> {
        notes.lock().0.entry(grant.to_owned()).or_default().under_way += 1;
        UnderWay(notes, grant)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(grant) = self.0.lock().0.get_mut(self.1) {
            grant.under_way -= 1;
        }
    }
}

async fn token(
    State(notes): State<Arc<Notes>>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let refuse = || (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    let token = form.get("refresh_token").map(String::as_str).unwrap_or_default();
    let Some((grant, number)) = token.rsplit_once('.') else { return refuse() };
    let Ok(number) = number.parse::<u64>() else { return refuse() };
    let who = headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let under_way = UnderWay::begin(&notes, grant);
    let Some(next) = notes.redeem(grant, number, who) else { return refuse() };
    // Long enough to be killed in, and never the same.
    tokio::time::sleep(Duration::from_millis(50 + next * 37 % 400)).await;
    drop(under_way);
    let (access, refresh) = (format!("access-{grant}-{next}"), format!("{grant}.{next}"));
    Json(json!({"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 2}))
        .into_response()
}
