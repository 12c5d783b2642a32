//! The purpose of a request of an exchange, as far as its sender acts on it.

/// The purpose of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Credentials are asked for. A redirect is an error.
    #[default]
    Credentials,
    /// Credentials are asked for by a client that may have registered itself: one that the server does not know any
    /// more (`invalid_client`) is forgotten here too.
    RegisteredClient {
        /// The client's id.
        id: String,
    },
    /// Public metadata is asked for. Redirects are followed.
    Discovery,
    /// A client registers (RFC 7591); one that the same request registered before is used again.
    Registration {
        /// The issuer that the client is registered with.
        issuer: String,
        /// A client that the server has forgotten: it is not used again.
        except: Option<String>,
    },
    /// A page for people is looked at without cookies. A redirect is its answer.
    Page,
    /// The account is looked up that was just connected.
    Lookup,
    /// A token is asked about (RFC 7662).
    Introspection,
    /// A token is ended (RFC 7009).
    Revocation,
}

impl Purpose {
    /// The endpoint that such a request goes to, as errors name it.
    pub const fn endpoint(&self) -> &'static str {
        match self {
            Purpose::Credentials | Purpose::RegisteredClient { .. } => "the token endpoint",
            Purpose::Discovery => "the server that was asked for its metadata",
            Purpose::Registration { .. } => "the registration endpoint",
            Purpose::Page => "the vendor's page",
            Purpose::Lookup => "the endpoint of the look-up",
            Purpose::Introspection => "the introspection endpoint",
            Purpose::Revocation => "the revocation endpoint",
        }
    }
}
