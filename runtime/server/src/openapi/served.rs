//! Routes made from their descriptions, so that no path and no method is written twice.

use super::operation::ApiOperation;
use crate::app::App;
use crate::error;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use std::sync::Arc;

/// The part of an operation that a router needs. The rest of a description is no part of a program that serves it.
#[derive(Clone, Copy)]
pub(crate) struct ApiRoute {
    path: &'static str,
    filter: MethodFilter,
    head_refused: Option<&'static str>,
}

impl ApiOperation {
    /// Its route.
    pub(crate) const fn route(&self) -> ApiRoute {
        let filter = match self.method {
            Method::POST => MethodFilter::POST,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        ApiRoute { path: self.path, filter, head_refused: self.head_refused }
    }
}

/// A router that is filled with operations.
pub(crate) trait Serves {
    /// The operation of a route, answered by a handler.
    fn serves<H, T>(self, route: ApiRoute, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static;
}

impl Serves for Router<Arc<App>> {
    fn serves<H, T>(self, route: ApiRoute, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let answered = on(route.filter, handler);
        let answered = match route.head_refused {
            None => answered,
            Some(allowed) => answered.head(move || async move { error::no_such_method(allowed) }),
        };
        self.route(route.path, answered)
    }
}
