//! The kinds of facts that catalogues of other people state too.

/// A kind of fact of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// The auth mode, by its family.
    AuthMode,
    /// The authorization endpoint.
    AuthorizationUrl,
    /// The token endpoint.
    TokenUrl,
    /// The endpoint of refreshes.
    RefreshUrl,
    /// The base of the API.
    BaseUrl,
    /// The hosts that the entry can reach.
    Hosts,
    /// The separator between scopes.
    ScopeSeparator,
    /// The way a client authenticates.
    ClientAuth,
    /// The encoding of token requests.
    BodyFormat,
    /// The use of PKCE.
    Pkce,
    /// A parameter of the authorization URL.
    AuthorizationParam,
    /// A parameter of the token request.
    TokenParam,
    /// The place of an API key, and what precedes it there.
    KeyPlacement,
    /// Another header or query parameter of every request.
    RequestParam,
    /// The kind of pagination.
    PageType,
    /// A parameter that takes the cursor, the offset or the page size.
    PageParam,
    /// A path in a page: of the next cursor or URL, of the list.
    PagePath,
    /// A header that says how long to wait.
    RetryHeader,
    /// The endpoint that verifies a credential.
    Verification,
}

impl FactKind {
    /// All of them, in the order of the table.
    pub const ALL: [FactKind; 19] = [
        FactKind::AuthMode,
        FactKind::AuthorizationUrl,
        FactKind::TokenUrl,
        FactKind::RefreshUrl,
        FactKind::BaseUrl,
        FactKind::Hosts,
        FactKind::ScopeSeparator,
        FactKind::ClientAuth,
        FactKind::BodyFormat,
        FactKind::Pkce,
        FactKind::AuthorizationParam,
        FactKind::TokenParam,
        FactKind::KeyPlacement,
        FactKind::RequestParam,
        FactKind::PageType,
        FactKind::PageParam,
        FactKind::PagePath,
        FactKind::RetryHeader,
        FactKind::Verification,
    ];

    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            FactKind::AuthMode => "auth mode",
            FactKind::AuthorizationUrl => "authorization URL",
            FactKind::TokenUrl => "token URL",
            FactKind::RefreshUrl => "refresh URL",
            FactKind::BaseUrl => "base URL",
            FactKind::Hosts => "hosts",
            FactKind::ScopeSeparator => "scope separator",
            FactKind::ClientAuth => "client authentication",
            FactKind::BodyFormat => "token body format",
            FactKind::Pkce => "PKCE",
            FactKind::AuthorizationParam => "authorization parameter",
            FactKind::TokenParam => "token parameter",
            FactKind::KeyPlacement => "key placement",
            FactKind::RequestParam => "header or parameter",
            FactKind::PageType => "page type",
            FactKind::PageParam => "page parameter",
            FactKind::PagePath => "page path",
            FactKind::RetryHeader => "retry header",
            FactKind::Verification => "verification",
        }
    }
}
