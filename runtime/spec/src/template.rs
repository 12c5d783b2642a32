//! The template language as data: what `${...}` means after it was parsed, once, at compile time.
//!
//! Text that a reference is replaced with is never scanned again. This module neither parses nor evaluates.

/// A text, or a sequence of nodes whose texts are joined. A text without any reference is always [`Template::Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// Nothing to evaluate.
    Text(&'static str),
    /// Something to evaluate, at least in part.
    Nodes(&'static [Node]),
}

impl Template {
    /// The empty text.
    pub const EMPTY: Template = Template::Text("");

    /// The text of a template without any reference; `None` as soon as something has to be evaluated.
    pub const fn as_literal(&self) -> Option<&'static str> {
        match self {
            Template::Text(text) | Template::Nodes([Node::Text(text)]) => Some(text),
            Template::Nodes([]) => Some(""),
            Template::Nodes(_) => None,
        }
    }

    /// The nodes that have to be evaluated; none where it is a text.
    pub const fn nodes(&self) -> &'static [Node] {
        match self {
            Template::Text(_) => &[],
            Template::Nodes(nodes) => nodes,
        }
    }
}

/// One node of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// Literal text.
    Text(&'static str),
    /// A value from the scope of the field.
    Reference(Reference),
    /// A function call.
    Call(Function, &'static [Template]),
    /// The request's instant.
    Now(Now),
    /// The request's UUID, version 4, lower case.
    Random,
    /// `a || b`: the first alternative whose references all resolve to non-empty values.
    Choice(&'static [Template]),
}

/// A name in scope, and where its text lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Which map the name is looked up in.
    pub root: Root,
    /// The rest of the name: a flat key or a dotted path, as written. Empty where the root is the whole name.
    pub path: &'static str,
    /// Where in a URL the value lands; [`Position::Text`] or [`Position::Quoted`] outside of URLs.
    pub position: Position,
}

/// The first part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `connectionConfig.x`.
    ConnectionConfig,
    /// `credentials.x`, and the bare names of credentials (`apiKey`, `username`, ...).
    Credentials,
    /// `assertionOption.x`.
    AssertionOption,
    /// `metadata.x` of the connection.
    Metadata,
    /// `accessToken`: the current token, whatever the mode calls it.
    AccessToken,
    /// `clientId` of the integration.
    ClientId,
    /// `clientSecret` of the integration.
    ClientSecret,
    /// `refresh_token`.
    RefreshToken,
    /// `token`: the JWT that the entry's `token` block describes, just signed.
    Token,
    /// `assertion`: the assertion just built.
    Assertion,
    /// `stepN.x`: the response of the N-th request of a two-step exchange, from 1.
    Step(u8),
    /// `appPublicLink` of the integration.
    AppPublicLink,
    /// `connection_id` of the connection.
    ConnectionId,
    /// `method` of the proxied call, upper case.
    Method,
    /// `host` of the final URL, with its port.
    Host,
    /// `path` of the final URL, percent-encoded.
    Path,
    /// `endpoint` as the caller gave it.
    Endpoint,
    /// `params`: canonical parameters of the call.
    Params,
    /// `urlCanonicalParams`: canonical parameters of the URL.
    UrlCanonicalParams,
    /// `bodyCanonicalParams`: the raw body.
    BodyCanonicalParams,
    /// `contentType` of the call.
    ContentType,
    /// `code`: the code that is exchanged.
    Code,
    /// `callback.x`: a parameter of the callback.
    Callback,
    /// `redirectUri`, and `redirectUri.host`: its host, with the port if it has one.
    RedirectUri,
    /// `scopes`: those that are asked for, joined.
    Scopes,
}

impl Node {
    /// True if it is a reference that fits, or holds one. The parser bounds how deep calls nest.
    pub fn has_reference(&self, fits: &dyn Fn(&Reference) -> bool) -> bool {
        match self {
            Node::Reference(reference) => fits(reference),
            Node::Call(_, below) | Node::Choice(below) => {
                below.iter().flat_map(Template::nodes).any(|node| node.has_reference(fits))
            }
            Node::Text(_) | Node::Now(_) | Node::Random => false,
        }
    }
}

impl Root {
    /// The name, as templates write it; of [`Root::Step`] without its number.
    pub const fn name(self) -> &'static str {
        match self {
            Root::ConnectionConfig => "connectionConfig",
            Root::Credentials => "credentials",
            Root::AssertionOption => "assertionOption",
            Root::Metadata => "metadata",
            Root::AccessToken => "accessToken",
            Root::ClientId => "clientId",
            Root::ClientSecret => "clientSecret",
            Root::RefreshToken => "refresh_token",
            Root::Token => "token",
            Root::Assertion => "assertion",
            Root::Step(_) => "step",
            Root::AppPublicLink => "appPublicLink",
            Root::ConnectionId => "connection_id",
            Root::Method => "method",
            Root::Host => "host",
            Root::Path => "path",
            Root::Endpoint => "endpoint",
            Root::Params => "params",
            Root::UrlCanonicalParams => "urlCanonicalParams",
            Root::BodyCanonicalParams => "bodyCanonicalParams",
            Root::ContentType => "contentType",
            Root::Code => "code",
            Root::Callback => "callback",
            Root::RedirectUri => "redirectUri",
            Root::Scopes => "scopes",
        }
    }
}

/// Where in a URL a reference stands. Decides how its value is encoded and what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Not in a URL: the text as it is.
    Text,
    /// Between the double quotes of a language inside a text (GraphQL, JSON): quotes, backslashes and control
    /// characters are escaped.
    Quoted,
    /// The value is `https://host[:port][/path]`.
    Origin,
    /// The value is a whole host name, perhaps with a port and a path.
    Host,
    /// The value is one or more labels of a host name.
    HostLabel,
    /// The value is a port number.
    Port,
    /// The value is one segment of the path, percent-encoded.
    Segment,
    /// The value is several segments of the path; `/` is kept, `.` and `..` are refused.
    Path,
    /// The value is (part of) a query value, percent-encoded.
    Query,
    /// The value is part of the fragment, percent-encoded.
    Fragment,
}

/// A function of the language. Arguments are split at compile time and evaluated afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `base64(x)`: padded Base64 of the UTF-8 bytes (RFC 4648 section 4).
    Base64,
    /// `sha256Hex(x)`: lower-case hexadecimal SHA-256.
    Sha256Hex,
    /// `sha256Base64(x)`: Base64 SHA-256.
    Sha256Base64,
    /// `hmacSha1Hex(message, key)`.
    HmacSha1Hex,
    /// `hmacSha256Hex(message, key)`.
    HmacSha256Hex,
    /// `truncate(text, n)`: the first `n` characters.
    Truncate,
    /// `ed25519Sign(message, key)`: Base64 of the signature (RFC 8032).
    Ed25519Sign,
    /// `fingerprint(privateKey)`: `SHA256:` and the Base64 SHA-256 of the public key.
    Fingerprint,
    /// `awsSigV4(keyId, secret, region, service[, host])`: an AWS Signature Version 4 `Authorization` value.
    AwsSigV4,
}

impl Function {
    /// The function as entries write it.
    pub const fn name(self) -> &'static str {
        match self {
            Function::Base64 => "base64",
            Function::Sha256Hex => "sha256Hex",
            Function::Sha256Base64 => "sha256Base64",
            Function::HmacSha1Hex => "hmacSha1Hex",
            Function::HmacSha256Hex => "hmacSha256Hex",
            Function::Truncate => "truncate",
            Function::Ed25519Sign => "ed25519Sign",
            Function::Fingerprint => "fingerprint",
            Function::AwsSigV4 => "awsSigV4",
        }
    }
}

/// `now`, perhaps moved and formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The offset of the instant.
    pub offset: Option<Offset>,
    /// The format, in UTC. Empty means ISO 8601 with milliseconds and `Z`.
    pub format: &'static [DatePart],
}

/// A distance in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// The number of units; negative is the past.
    pub amount: i32,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

/// One part of a date format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// Literal text.
    Text(&'static str),
    /// `YYYY`.
    Year,
    /// `MM`.
    Month,
    /// `DD`.
    Day,
    /// `HH`.
    Hour,
    /// `mm`.
    Minute,
    /// `ss`.
    Second,
    /// `SSS`.
    Millisecond,
    /// `ddd`: `Mon`.
    WeekdayName,
    /// `MMM`: `Jan`.
    MonthName,
    /// `Z`: `+00:00`.
    OffsetColon,
    /// `ZZ`: `+0000`.
    OffsetPlain,
    /// `X`: seconds since the epoch.
    UnixSeconds,
    /// `x`: milliseconds since the epoch.
    UnixMilliseconds,
}
