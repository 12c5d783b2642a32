//! Extractors for handlers: the key in its path, an empty query, a JSON object.
//!
//! Each refuses with this server's own error, so that a handler that takes it answers as the rest of the API does.
//! axum runs them in the order of a handler's parameters, the body last: what stands before it is judged before the
//! body is read.

use crate::error::ApiError;
use crate::input::{self, Fields};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;

/// The variable of the route's path, decoded; a tuple where the route has several.
pub(crate) struct Key<T = String>(pub(crate) T);

impl<T, S> FromRequestParts<S> for Key<T>
where
    S: Send + Sync,
    Path<T>: FromRequestParts<S, Rejection = PathRejection>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Key<T>, ApiError> {
        let Path(key) = Path::from_request_parts(parts, state).await?;
        Ok(Key(key))
    }
}

/// No query at all, or an empty one.
pub(crate) struct NoQuery;

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<NoQuery, ApiError> {
        let [] = input::query(parts.uri.query(), [])?;
        Ok(NoQuery)
    }
}

/// A body that is a JSON object, of any content type.
pub(crate) struct Object(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Object, ApiError> {
        let body = input::whole(request.into_body(), input::MAX_BODY).await?;
        Ok(Object(Fields::parse(&body)?))
    }
}
