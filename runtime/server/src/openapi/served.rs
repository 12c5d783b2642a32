//! Routes made from their descriptions, so that no path and no method is written twice.

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
        let filter = match &operation.method {
            &Method::POST => MethodFilter::POST,
            &Method::PATCH => MethodFilter::PATCH,
            &Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let answered = on(filter, handler);
        let answered = if operation.is_looked_at { answered } else { answered.head(error::method_not_allowed) };
        self.route(operation.path, answered)
    }
}
