//! Words that no generated name may be, in the scope where it stands.

/// Keywords of all editions, reserved ones included.
#[rustfmt::skip]
pub(super) const KEYWORDS: [&str; 55] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "pub", "raw", "ref", "return", "safe", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Modules that would hide a primitive type, a crate or a file of its own from the module that they stand in, and the
/// file names that Windows keeps for devices.
#[rustfmt::skip]
pub(super) const MODULES: [&str; 48] = [
    "alloc", "aux", "bool", "char", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con",
    "core", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "keyway", "lib", "lpt0", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "main", "nul", "prn", "proc_macro", "std", "str", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

/// Type names that a module may import.
#[rustfmt::skip]
pub(crate) const IMPORTED: [&str; 98] = [
    "App", "Assertion", "Auth", "Authorization", "Bill", "BodyFormat", "ClientAuth", "ClientCredentials",
    "ClientRegistration", "ConfigKey", "CredentialKey", "Custom", "DatePart", "Endpoint", "EndpointValue", "Entry",
    "ErrorAnswer", "ExchangeQuirks", "Field", "Fields", "FollowUp", "Format", "Function", "GrantType", "HostSet", "Hosts",
    "InstallPlugin", "Json", "Jwt", "KeepRefreshToken", "KeyKind", "KnownScope", "LifetimeUnit", "LinkPart", "ListStyle", "LoginRequest",
    "Lookup", "LookupChoice", "McpOAuth2", "MoreForm", "NoConfig", "NoCredentials", "Node", "Now", "OAuth1", "OAuth2", "Offset",
    "OffsetCount", "Operation", "OperationBody", "OperationMember", "OperationParameter", "Outbound", "Paged",
    "Paginate", "PaginateKind", "Pairs", "ParameterPlace", "Position", "Provider", "ProviderSpec", "Proxy", "Quirks",
    "RateLimit", "RateLimitReset", "RateLimitUsage", "Reference", "RefreshWhen", "RequestMethod", "RequestQuirks",
    "ResponseQuirks", "Retry", "RetryInBody", "RetryStrategy", "RevocationQuirks", "RevokedToken", "Root", "Saml",
    "Scripts", "SecondToken", "Secret", "Signature", "SignatureMethod", "SplitCredential", "StatusRange", "Template",
    "TokenEndpoint", "TokenResponse", "TwoStep", "Unit", "UnknownOutcome", "Value", "ValueKind", "Verb",
    "Verification", "VisibleWhen", "WaitUnit", "Webhooks",
];

/// A module's own type names, and those of the prelude.
#[rustfmt::skip]
pub(super) const FAMILIAR: [&str; 43] = [
    "AsMut", "AsRef", "Box", "Clone", "Config", "Copy", "Credentials", "Debug", "Default", "DoubleEndedIterator",
    "Drop", "Eq", "Err", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator", "Hash",
    "Into", "IntoIterator", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Self",
    "Send", "Sized", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "Vec",
];
