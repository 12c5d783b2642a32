//! The vendor's page as a browser reaches it: over HTTP, with the decision of the customer made before.

use crate::authorize::{self, ConsentDecision, ConsentRefused};
use crate::compare::is_same_place;
use crate::simulator::Simulator;
use crate::template::evaluate;
use bytes::Bytes;
use http::{Method, Request};
use keyway_spec::Auth;
use url::Url;

impl Simulator {
    /// Answers a request of a browser, if it is for the page where customers agree: the URL that it is sent to. `None`
    /// for other requests, which are for [`Simulator::answer`].
    pub fn browse(&mut self, request: &Request<Bytes>, now: i64) -> Option<Result<String, ConsentRefused>> {
        let url = request.uri().to_string();
        let parsed = Url::parse(&url).ok()?;
        if request.method() != Method::GET || !self.is_page(&parsed, now) {
            return None;
        }
        if let Some((page, _)) = self.state.spec.auth.code_flow() {
            authorize::register(&mut self.state, page, &parsed, now);
        }
        let decision = std::mem::replace(&mut self.next_decision, ConsentDecision::Approve);
        Some(self.consent(&url, decision, now))
    }

    /// Sets the decision of the customer at the next page that a browser opens. Customers approve by default.
    pub fn decide_next(&mut self, decision: ConsentDecision) {
        self.next_decision = decision;
    }

    /// The decision of the customer at the next page.
    pub fn next_decision(&self) -> ConsentDecision {
        self.next_decision
    }

    fn is_page(&self, url: &Url, now: i64) -> bool {
        let auth = &self.state.spec.auth;
        let page = if let Some((page, _)) = auth.code_flow() {
            let values = self.state.values(None, now);
            page.url.and_then(|url| evaluate(&url, &values)?.literal())
        } else if let Auth::OAuth1(mode) = auth {
            Some(mode.authorization_url.to_owned())
        } else {
            None
        };
        page.is_some_and(|page| is_same_place(&page, url))
    }
}
