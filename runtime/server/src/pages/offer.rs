//! The list of integrations among which a customer chooses.

use super::{FormTarget, document_of};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::client::WayBack;

/// An integration that can be connected.
pub(crate) struct OfferedIntegration {
    /// The provider, as a customer knows it.
    pub(crate) provider: &'static str,
    /// The integration's key: an operator's word, shown where the provider's name is on the list twice.
    pub(crate) key: String,
    /// Where it is connected.
    pub(crate) address: String,
}

/// The page of these integrations.
pub(crate) fn offer(offered: &[OfferedIntegration], way: Option<&WayBack>) -> Response {
    document_of(StatusCode::OK, &OfferPage { offered }, FormTarget::None, way)
}

#[derive(Template)]
#[template(path = "offer.html")]
struct OfferPage<'a> {
    offered: &'a [OfferedIntegration],
}

impl OfferPage<'_> {
    fn title(&self) -> String {
        match self.offered {
            [one] => format!("Connect {}", one.provider),
            _ => "Connect an account".to_owned(),
        }
    }

    fn is_ambiguous(&self, one: &OfferedIntegration) -> bool {
        self.offered.iter().filter(|other| other.provider == one.provider).count() > 1
    }
}
