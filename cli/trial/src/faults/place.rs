//! The request that a fault is for.

use keyway_simulator::EndpointKind;
use keyway_spec::mode::TokenFrom;
use keyway_spec::{Auth, ProviderSpec};
use std::str::FromStr;

/// The request that a fault is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPlace {
    /// The first request of signing in.
    Token,
    /// The request that renews a token.
    Refresh,
    /// The call that proves a credential.
    Probe,
    /// A call of the API that is none of the others.
    Call,
    /// A page of a list.
    Page,
    /// A look-up after signing in.
    Lookup,
    /// The end of a token.
    Revoke,
}

impl FaultPlace {
    /// All of them.
    pub const ALL: [FaultPlace; 7] = [
        FaultPlace::Token,
        FaultPlace::Refresh,
        FaultPlace::Probe,
        FaultPlace::Call,
        FaultPlace::Page,
        FaultPlace::Lookup,
        FaultPlace::Revoke,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            FaultPlace::Token => "token",
            FaultPlace::Refresh => "refresh",
            FaultPlace::Probe => "probe",
            FaultPlace::Call => "call",
            FaultPlace::Page => "page",
            FaultPlace::Lookup => "look-up",
            FaultPlace::Revoke => "revoke",
        }
    }

    /// The endpoint at the vendor of an entry; `None` where it has no such request.
    pub fn endpoint(self, spec: &ProviderSpec) -> Option<EndpointKind> {
        let auth = &spec.auth;
        let login = || {
            let stores_login = matches!(auth, Auth::TwoStep(_) | Auth::Bill(_));
            let is_client = matches!(auth, Auth::OAuth2ClientCredentials(_));
            let client = is_client.then_some(EndpointKind::TokenClient);
            client.or(stores_login.then_some(EndpointKind::LogIn))
        };
        let signs = matches!(auth, Auth::OAuth1(_));
        match self {
            FaultPlace::Token => login()
                .or(signs.then_some(EndpointKind::TokenCredentials))
                .or(auth.code_flow().map(|_| EndpointKind::TokenCode)),
            FaultPlace::Refresh if !auth.facts().refreshes => None,
            FaultPlace::Refresh => {
                login().or_else(|| (auth.facts().token == TokenFrom::Consent).then_some(EndpointKind::TokenRefresh))
            }
            FaultPlace::Probe => spec.proxy.and_then(|proxy| proxy.verification).map(|_| EndpointKind::Probe),
            FaultPlace::Call => spec.proxy.map(|_| EndpointKind::Call),
            FaultPlace::Page => spec.proxy.and_then(|proxy| proxy.paginate).map(|_| EndpointKind::Page(0)),
            FaultPlace::Lookup => spec.quirks.filter(|quirks| !quirks.lookups.is_empty()).map(|_| EndpointKind::Lookup),
            FaultPlace::Revoke => spec.quirks.and_then(|quirks| quirks.revocation).map(|_| EndpointKind::Revoke),
        }
    }
}

impl FromStr for FaultPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<FaultPlace, String> {
        // A read is a call; tables of walks name it so.
        let name = if text == "read" { "call" } else { text };
        let place = FaultPlace::ALL.into_iter().find(|place| place.name() == name);
        place.ok_or_else(|| format!("there is no request `{text}`: {}", possible()))
    }
}

/// All that is possible, for messages.
pub(super) fn possible() -> String {
    let names = FaultPlace::ALL.map(|place| if place == FaultPlace::Call { "call (or read)" } else { place.name() });
    format!("a request is one of {}", names.join(", "))
}
