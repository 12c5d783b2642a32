//! Something that listens where a Keyway should: it gives every connection the same bytes.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

/// A listener, until the test ends.
pub(crate) struct StandIn {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    /// Listens. `piece` is sent once, or for as long as the other side takes it.
    pub(crate) fn new(head: &str, piece: Option<&'static str>) -> StandIn {
        StandIn::in_turn(vec![head.to_owned()], piece)
    }

    /// One that gives the first connection the first text, and begins again behind the last.
    fn in_turn(heads: Vec<String>, piece: Option<&'static str>) -> StandIn {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for (stream, head) in listener.incoming().zip(heads.into_iter().cycle()) {
                let (mut stream, log) = (stream.unwrap(), Arc::clone(&log));
                thread::spawn(move || {
                    let mut request = [0; 16384];
                    let count = stream.read(&mut request).unwrap_or_default();
                    log.lock().unwrap().push(String::from_utf8_lossy(&request[..count]).into_owned());
                    let _ = stream.write_all(head.as_bytes());
                    while let Some(piece) = piece
                        && stream.write_all(piece.as_bytes()).is_ok()
                    {}
                });
            }
        });
        StandIn { url, requests }
    }

    /// One that has a list of connections in pages, each with the ids and the cursor of the next one.
    pub(crate) fn pages(pages: &[(&[&str], Option<&str>)]) -> StandIn {
        let page = |(ids, next): &(&[&str], Option<&str>)| {
            let rows: Vec<_> = ids.iter().map(|id| serde_json::json!({"connection_id": id})).collect();
            let body = serde_json::json!({"connections": rows, "next": next}).to_string();
            answer("200 OK", "content-type: application/json\r\n", &body)
        };
        StandIn::in_turn(pages.iter().map(page).collect(), None)
    }

    /// One that answers with a status line, headers and a body.
    pub(crate) fn answering(status: &str, headers: &str, body: &str) -> StandIn {
        StandIn::new(&answer(status, headers, body), None)
    }

    /// One that answers with JSON.
    pub(crate) fn json(status: &str, headers: &str, body: &str) -> StandIn {
        StandIn::answering(status, &format!("content-type: application/json\r\n{headers}"), body)
    }

    /// One that takes connections and says nothing.
    pub(crate) fn silent() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let _open: Vec<_> = listener.incoming().collect();
        });
        url
    }

    /// The requests that came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}
