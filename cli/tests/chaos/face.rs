//! The vendors on a socket: requests are received whole, answers delivered late, cut or not at all as they say.

use super::cause::Fate;
use super::line::Line;
use super::vendors::{Answered, Vendors};
use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use keyway_simulator::{CutShort, Delay};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpListener;

/// Answers until the test ends.
pub(crate) async fn listen(listener: TcpListener, vendors: Arc<Vendors>) {
    let origin = format!("http://{}", listener.local_addr().unwrap());
    while let Ok((stream, _)) = listener.accept().await {
        let (vendors, origin) = (Arc::clone(&vendors), origin.clone());
        let line = Line::of(&stream);
        tokio::spawn(async move {
            let service = service_fn(|request| answered(&vendors, &origin, request, &line));
            // It ends with an error where an answer was lost.
            let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An error ends the connection without an answer.
async fn answered(
    vendors: &Vendors,
    origin: &str,
    request: Request<Incoming>,
    line: &Line,
) -> io::Result<Response<MaybeCut>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    head.uri = format!("{origin}{}", head.uri).parse().map_err(io::Error::other)?;
    let Answered { answer, is_reset, redemption } = vendors.answer(Request::from_parts(head, body), line);
    // Where the caller leaves meanwhile, this future is dropped, and the redemption with it.
    let under_way = UnderWay { vendors, redemption };
    let (mut head, body) = answer.into_parts();
    if let Some(Delay(milliseconds)) = head.extensions.remove() {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    let is_cut = head.extensions.remove::<CutShort>().is_some();
    under_way.ended(match (is_reset, is_cut, head.status.is_server_error()) {
        (true, ..) => Fate::Reset,
        (_, true, _) => Fate::Cut,
        (.., true) => Fate::Error,
        (.., false) => Fate::Delivered,
    });
    if is_reset {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    if !is_cut {
        head.headers.remove(header::CONTENT_LENGTH);
    }
    Ok(Response::from_parts(head, MaybeCut { body: Some(body), is_cut, is_flushed: false }))
}

/// A redemption whose answer is on its way.
struct UnderWay<'a> {
    vendors: &'a Vendors,
    redemption: Option<usize>,
}

impl UnderWay<'_> {
    fn ended(&self, fate: Fate) {
        if let Some(redemption) = self.redemption {
            self.vendors.ended(redemption, fate);
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.ended(Fate::Left);
    }
}

/// A body that may end before its length.
struct MaybeCut {
    body: Option<Bytes>,
    is_cut: bool,
    is_flushed: bool,
}

impl Body for MaybeCut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(body) = self.body.take().filter(|body| !body.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(body))));
        }
        if !self.is_cut {
            return Poll::Ready(None);
        }
        // An error would take the part with it that was not written yet.
        if !self.is_flushed {
            self.is_flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Some(body) if !self.is_cut => SizeHint::with_exact(body.len() as u64),
            _ => SizeHint::default(),
        }
    }
}
