//! Facts of an API, each with where it is from.

use keyway_spec::Mode;

/// Something that is known, or guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Where it is from: a JSON pointer, an option, another catalogue's line. Written beside it.
    pub from: Option<String>,
    /// The question that settles it, where it is a guess.
    pub question: Option<String>,
}

impl<T> Fact<T> {
    /// A value that a person said.
    pub fn said(value: T) -> Fact<T> {
        Fact { value, from: None, question: None }
    }

    /// A value that a document says.
    pub fn read(value: T, from: impl Into<String>) -> Fact<T> {
        Fact { value, from: Some(from.into()), question: None }
    }

    /// A value that no source says.
    pub fn guess(value: T, question: impl Into<String>) -> Fact<T> {
        Fact { value, from: None, question: Some(question.into()) }
    }

    /// The same with a question.
    #[must_use]
    pub fn asking(self, question: impl Into<String>) -> Fact<T> {
        Fact { question: Some(question.into()), ..self }
    }
}

/// Where a key or a token stands in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In a header, behind a prefix such as `Bearer `; the header's name is in lower case.
    Header {
        /// Its name.
        name: String,
        /// The text before the key, with its space; empty for none.
        prefix: String,
    },
    /// A query parameter of this name.
    Query(String),
    /// As the user name of HTTP Basic.
    BasicUser,
}

/// The client authentication at a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Body,
    /// `private_key_jwt`.
    PrivateKeyJwt,
    /// `none`.
    None,
}

/// The way in which a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingFact {
    /// The `Link` header.
    LinkHeader,
    /// A URL in the body, at this path.
    LinkBody(String),
    /// A cursor.
    Cursor {
        /// The request parameter.
        name: String,
        /// The path of the next one in the answer.
        path: String,
    },
    /// A number that grows.
    Offset {
        /// The request parameter.
        name: String,
        /// True if it counts pages.
        pages: bool,
    },
}

/// A list's paging with what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPages {
    /// The rule.
    pub rule: PagingFact,
    /// The parameter of the page's size.
    pub limit: Option<String>,
    /// The path of the items.
    pub items: Option<String>,
}

/// A field that a customer fills in, because a URL needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigField {
    /// Its name.
    pub name: String,
    /// Its label.
    pub title: String,
    /// The value to enter, in words.
    pub description: String,
    /// An example.
    pub example: Option<String>,
    /// The values there are.
    pub values: Vec<String>,
    /// The value when none is entered.
    pub default: Option<String>,
    /// The pattern of a value.
    pub pattern: Option<String>,
    /// DraftValue behind the value in a form.
    pub suffix: Option<String>,
}

/// Everything that may be known of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiFacts {
    /// The API's name.
    pub display_name: Option<Fact<String>>,
    /// The page that documents it.
    pub docs: Option<Fact<String>>,
    /// Its categories.
    pub categories: Vec<String>,
    /// The way to sign in.
    pub mode: Option<Fact<Mode>>,
    /// Where the credential stands.
    pub placement: Option<Fact<Placement>>,
    /// The authorization endpoint.
    pub authorization_url: Option<Fact<String>>,
    /// The token endpoint.
    pub token_url: Option<Fact<String>>,
    /// The temporary-credential endpoint (RFC 5849).
    pub request_url: Option<Fact<String>>,
    /// The registration endpoint (RFC 7591).
    pub registration_url: Option<Fact<String>>,
    /// Client authentication.
    pub client_auth: Option<Fact<ClientAuth>>,
    /// True if PKCE is understood.
    pub pkce: Option<Fact<bool>>,
    /// True if a refresh token comes with the token.
    pub refreshes: Option<Fact<bool>>,
    /// Scopes that the vendor documents.
    pub scopes: Vec<String>,
    /// The separator between scopes.
    pub scope_separator: Option<Fact<String>>,
    /// The base of every URL, a template.
    pub base_url: Option<Fact<String>>,
    /// Fields about the customer's account.
    pub config: Vec<ConfigField>,
    /// Headers that hold the seconds to wait.
    pub retry_after: Vec<Fact<String>>,
    /// Headers that hold the instant to wait for.
    pub retry_at: Vec<Fact<String>>,
    /// Lists.
    pub pages: Option<Fact<ListPages>>,
    /// The path of a read that proves a credential.
    pub probe: Option<Fact<String>>,
    /// Members of a source that no key of an entry is for, and other things to tell the person.
    pub notes: Vec<String>,
}

impl ApiFacts {
    /// These facts, and of the others what is not known here.
    #[must_use]
    pub fn or(self, others: ApiFacts) -> ApiFacts {
        let first = |own: Vec<Fact<String>>, other: Vec<Fact<String>>| if own.is_empty() { other } else { own };
        let texts = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        let mut config = self.config;
        for field in others.config {
            if config.iter().all(|own| own.name != field.name) {
                config.push(field);
            }
        }
        ApiFacts {
            display_name: self.display_name.or(others.display_name),
            docs: self.docs.or(others.docs),
            categories: texts(self.categories, others.categories),
            mode: self.mode.or(others.mode),
            placement: self.placement.or(others.placement),
            authorization_url: self.authorization_url.or(others.authorization_url),
            token_url: self.token_url.or(others.token_url),
            request_url: self.request_url.or(others.request_url),
            registration_url: self.registration_url.or(others.registration_url),
            client_auth: self.client_auth.or(others.client_auth),
            pkce: self.pkce.or(others.pkce),
            refreshes: self.refreshes.or(others.refreshes),
            scopes: texts(self.scopes, others.scopes),
            scope_separator: self.scope_separator.or(others.scope_separator),
            base_url: self.base_url.or(others.base_url),
            config,
            retry_after: first(self.retry_after, others.retry_after),
            retry_at: first(self.retry_at, others.retry_at),
            pages: self.pages.or(others.pages),
            probe: self.probe.or(others.probe),
            notes: [self.notes, others.notes].concat(),
        }
    }
}
