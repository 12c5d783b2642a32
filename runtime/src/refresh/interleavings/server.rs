//! The authorization servers that the schedules are run against: what they do with a token that they have seen, and
//! which of their answers are lost.

use crate::error::{Error, ErrorKind, Result};
use crate::transport::Body;
use http::Response;

/// What becomes of a refresh token that was redeemed before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reuse {
    /// It is honoured again: the same successor comes back.
    Grace,
    /// It is refused.
    Refused,
    /// It is refused, and everything that came of it ends.
    Revokes,
}

/// How an answer is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Loss {
    /// The connection is reset after the redemption.
    Reset,
    /// A 502 takes the answer's place after the redemption.
    BadGateway,
    /// A success is cut off after the redemption.
    Cut,
    /// A 500 comes although nothing was redeemed.
    Unhandled,
}

/// A server that hands out `rt-0`, `rt-1`, ... one for the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) reuse: Reuse,
    pub(super) loss: Loss,
    /// The number of answers that are still to be lost.
    pub(super) losses: u32,
    /// The number of the refresh token that is good now.
    pub(super) current: u32,
    pub(super) revoked: bool,
}

impl Server {
    pub(super) const fn new(reuse: Reuse, loss: Loss, losses: u32) -> Server {
        Server { reuse, loss, losses, current: 0, revoked: false }
    }

    /// Handles a refresh token, and says what comes back.
    pub(super) fn handle(&mut self, presented: u32) -> Result<Response<Body>> {
        let lost = self.losses > 0;
        self.losses = self.losses.saturating_sub(1);
        if lost && self.loss == Loss::Unhandled {
            return Ok(answer(500, String::new()));
        }
        if presented == self.current {
            self.current += 1;
        } else if self.reuse != Reuse::Grace || presented + 1 != self.current {
            self.revoked |= self.reuse == Reuse::Revokes;
        }
        if self.revoked || presented + 1 != self.current {
            return Ok(answer(400, r#"{"error":"invalid_grant"}"#.to_owned()));
        }
        let next = self.current;
        let granted = format!(r#"{{"access_token":"at-{next}","refresh_token":"rt-{next}","expires_in":3600}}"#);
        match self.loss {
            _ if !lost => Ok(answer(200, granted)),
            Loss::BadGateway => Ok(answer(502, "<html>".to_owned())),
            Loss::Cut => Ok(answer(200, granted.chars().take(20).collect())),
            Loss::Reset | Loss::Unhandled => Err(Error::new(ErrorKind::Unreachable, "reset").sent(true)),
        }
    }
}

fn answer(status: u16, body: String) -> Response<Body> {
    Response::builder().status(status).body(Body::full(body)).unwrap()
}
