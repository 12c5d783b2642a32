//! Routes made from their descriptions, so that no path and no method is written twice.

use super::all::ALL;
use super::operation::ApiOperation;
use crate::app::App;
use crate::error;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use std::sync::Arc;

/// A router that is filled with operations.
pub(crate) trait Serves {
    /// The operation, answered by a handler.
    fn serves<H, T>(self, operation: &ApiOperation, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static;
}

impl Serves for Router<Arc<App>> {
    fn serves<H, T>(self, operation: &ApiOperation, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let filter = match operation.method {
            Method::POST => MethodFilter::POST,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let answered = on(filter, handler);
        let answered = if operation.is_looked_at {
            answered
        } else {
            let has_post = ALL.iter().any(|other| other.path == operation.path && other.method == Method::POST);
            let allowed = if has_post { "GET, POST" } else { "GET" };
            answered.head(move || async move { error::no_such_method(allowed) })
        };
        self.route(operation.path, answered)
    }
}
