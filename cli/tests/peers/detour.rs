//! A way to a server on which answers get lost: forwards every request, and spoils the first ones to a chosen path.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The delay of a late answer: long enough to leave and to stop a server, within the grace of a shutdown.
const LATE: Duration = Duration::from_secs(4);

/// The fate of an answer after the server has acted on the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The connection ends before a byte of it.
    Lost,
    /// It ends in the middle of the body.
    Cut,
    /// A gateway answers in its place.
    Replaced(&'static str),
    /// It never comes, and the connection stays.
    Held,
    /// It comes after a few seconds.
    Late,
}

/// A running detour. Stops when it is dropped.
pub(crate) struct Detour {
    /// Its origin.
    pub(crate) url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    server: String,
    path: &'static str,
    fault: Fault,
    left: AtomicUsize,
    spoiled: AtomicUsize,
}

impl Detour {
    /// To the server at `origin`. Nothing is spoiled until [`Detour::spoil`].
    pub(crate) async fn to(origin: &str, path: &'static str, fault: Fault) -> Detour {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = origin.trim_start_matches("http://").to_owned();
        let state = Arc::new(State { server, path, fault, left: AtomicUsize::new(0), spoiled: AtomicUsize::new(0) });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move {
                    let _the_other_side_left = pass(client, &state).await;
                });
            }
        });
        Detour { url, state, task }
    }

    /// Spoils the next `count` answers.
    pub(crate) fn spoil(&self, count: usize) {
        self.state.left.store(count, Ordering::SeqCst);
    }

    /// The number of spoiled answers.
    pub(crate) fn spoiled(&self) -> usize {
        self.state.spoiled.load(Ordering::SeqCst)
    }
}

impl Drop for Detour {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request of a connection; the answer closes it.
async fn pass(mut client: TcpStream, state: &State) -> std::io::Result<()> {
    let request = request(&mut client).await?;
    let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
    let chosen = line.split(' ').nth(1) == Some(state.path);
    let mut server = TcpStream::connect(&state.server).await?;
    server.write_all(&request).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    let taken = |left: usize| left.checked_sub(1);
    if !chosen || state.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, taken).is_err() {
        return client.write_all(&answer).await;
    }
    state.spoiled.fetch_add(1, Ordering::SeqCst);
    match state.fault {
        Fault::Lost => Ok(()),
        Fault::Cut => client.write_all(answer.get(..answer.len() - 20).unwrap_or_default()).await,
        Fault::Replaced(text) => client.write_all(text.as_bytes()).await,
        Fault::Late => {
            tokio::time::sleep(LATE).await;
            client.write_all(&answer).await
        }
        Fault::Held => {
            let mut rest = Vec::new();
            client.read_to_end(&mut rest).await.map(drop)
        }
    }
}

/// Reads one request, and asks for an answer that ends with the connection.
async fn request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::new();
    loop {
        if client.read_buf(&mut read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if read.len() >= end + 4 + length.unwrap_or(0) {
            read.splice(end..end, *b"\r\nconnection: close");
            return Ok(read);
        }
    }
}
