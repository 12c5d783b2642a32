//! The connection of a sender, asked whether the sender has left: the system knows it before a busy test is told.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::sync::Arc;

/// A connection beside the one that is served. It has to be given up with that, or the other side sees no end.
#[derive(Clone)]
pub(crate) struct Line(Arc<TcpStream>);

impl Line {
    pub(crate) fn of(stream: &impl AsFd) -> Line {
        Line(Arc::new(stream.as_fd().try_clone_to_owned().unwrap().into()))
    }

    /// True if the other side has ended the connection. One that waits for an answer sends nothing more.
    pub(crate) fn is_left(&self) -> bool {
        match self.0.peek(&mut [0]) {
            Ok(read) => read == 0,
            Err(error) => error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[test]
fn a_sender_that_left_is_seen_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().unwrap();
    stream.set_nonblocking(true).unwrap();
    let line = Line::of(&stream);
    assert!(!line.is_left());
    drop(sender);
    assert!(line.is_left());
}
