//! `GET /api/stream/{chunks}`: a body whose chunk n+1 leaves only after the client has confirmed chunk n.
//!
//! A proxy that collects the body before it passes it on waits for ever here. `POST /api/sink` counts what it is sent.

use super::State;
use axum::body::Body;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The size of a chunk, in bytes.
pub(super) const CHUNK: usize = 1024 * 1024;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/api/stream/{chunks}", get(stream)).route("/api/sink", post(sink))
}

async fn stream(Extract(state): Extract<Arc<State>>, Path(chunks): Path<usize>) -> Response {
    state.lock().requests += 1;
    Response::new(Body::new(Chunks { left: chunks, wait: None, state }))
}

async fn sink(Extract(state): Extract<Arc<State>>, mut body: Body) -> Json<Value> {
    state.lock().requests += 1;
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        length += frame.data_ref().map_or(0, Bytes::len);
    }
    Json(json!({"length": length}))
}

struct Chunks {
    left: usize,
    wait: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    state: Arc<State>,
}

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(wait) = &mut self.wait {
            match wait.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(()) => self.wait = None,
            }
        }
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        let state = self.state.clone();
        self.wait = Some(Box::pin(async move { state.chunk.notified().await }));
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; CHUNK])))))
    }
}
