//! A request to a token endpoint: parameters in order, the client's proof, the encoding.
//!
//! Built here, sent by the pipeline.

use super::purpose::Purpose;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::planned::{PlannedHeader, PlannedUrl};
use crate::secret::Secret;
use crate::template::position;
use crate::template::{Scope, Text, evaluate, mentions, value_mentions};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use http::Method;
use keyway_spec::auth::{BodyFormat, ClientAuth, TokenEndpoint};
use keyway_spec::{Root, Template};
use serde_json::Value as Json;

/// A request of an exchange, ready to be sent.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The method.
    pub method: Method,
    /// The endpoint; in the query encoding it holds the parameters.
    pub url: PlannedUrl,
    /// Headers, names in lower case.
    pub headers: Vec<PlannedHeader>,
    /// The body.
    pub body: Secret,
    /// Whose secret it carries: decides where it may go.
    pub carries: SecretOwner,
    /// Secrets of the answer that must not be repeated.
    pub secrets: Vec<Secret>,
    /// The client certificate of the connection (RFC 8705).
    pub identity: Option<ClientIdentity>,
    /// True if the exchange goes on without an answer.
    pub optional: bool,
    /// Its purpose, as far as its sender acts on it.
    pub purpose: Purpose,
}

impl TokenRequest {
    /// A POST to a token endpoint, without a body yet.
    pub(crate) fn post(url: url::Url, carries: SecretOwner) -> TokenRequest {
        let headers = vec![PlannedHeader { name: "accept".into(), value: "application/json".into(), injected: false }];
        let url = PlannedUrl(url);
        let (method, body, secrets) = (Method::POST, Secret::default(), Vec::new());
        let (identity, optional, purpose) = (None, false, Purpose::default());
        TokenRequest { method, url, headers, body, carries, secrets, identity, optional, purpose }
    }

    /// A GET for public metadata: it carries no credential, and follows redirects.
    pub(crate) fn discovery(url: url::Url) -> TokenRequest {
        let post = TokenRequest::post(url, SecretOwner::None);
        TokenRequest { method: Method::GET, purpose: Purpose::Discovery, ..post }
    }

    /// A GET for a page that people are sent to; the exchange goes on without its answer.
    pub(crate) fn page(url: url::Url) -> TokenRequest {
        let post = TokenRequest::post(url, SecretOwner::None);
        let mut page = TokenRequest { method: Method::GET, purpose: Purpose::Page, optional: true, ..post };
        page.set_header("accept", "text/html, application/json");
        page
    }

    /// The request with parameters in an encoding, and the `Authorization` header that [`prove`] gave.
    pub(crate) fn with_body(
        mut self,
        format: BodyFormat,
        parameters: Parameters,
        authorization: Option<Secret>,
    ) -> Result<TokenRequest> {
        let (content_type, body) = match format {
            BodyFormat::Form => (Some("application/x-www-form-urlencoded"), encoded(&parameters)),
            BodyFormat::Json => (Some("application/json"), object(parameters)),
            BodyFormat::Query => {
                self.url.0.query_pairs_mut().extend_pairs(parameters.pairs());
                (None, String::new())
            }
            BodyFormat::Xml => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "only the login of `TWO_STEP` can be XML: choose another `body_format`",
                ));
            }
        };
        self.body = body.into();
        if let Some(content_type) = content_type {
            self.set_header("content-type", content_type);
        }
        if let Some(authorization) = authorization {
            self.secrets.push(authorization.clone());
            self.set_header("authorization", authorization);
        }
        Ok(self)
    }

    /// Sets a header, in the place of one of that name.
    pub(crate) fn set_header(&mut self, name: &str, value: impl Into<Secret>) {
        let header = PlannedHeader { name: name.to_ascii_lowercase().into(), value: value.into(), injected: true };
        header.put_into(&mut self.headers);
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&Secret> {
        self.headers.iter().find(|header| header.name == name).map(|header| &header.value)
    }
}

/// The name of the scope, in every request (RFC 6749 section 3.3).
pub(crate) const SCOPE: &str = "scope";

/// Parameters in order; a later value of a name takes the place of the earlier one.
#[derive(Default)]
pub(crate) struct Parameters(Vec<(String, Json)>);

/// A client's id and secret.
pub(crate) struct Client<'a> {
    pub(crate) id: &'a str,
    pub(crate) secret: Option<&'a Secret>,
}

impl Parameters {
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(other, _)| other != name);
    }

    /// Leaves a scope without a value out: the parameter is optional (RFC 6749 sections 3.3, 4.1.1 and 4.4.2), its
    /// grammar has no empty value, and servers refuse one.
    pub(crate) fn leave_out_empty_scope(&mut self) {
        self.0.retain(|(name, value)| name != SCOPE || value.as_str().is_none_or(|scope| !scope.is_empty()));
    }

    /// Sorts the parameters; those of one rank stay in their order.
    pub(crate) fn sort_by_key(&mut self, rank: impl Fn(&str) -> usize) {
        self.0.sort_by_key(|(name, _)| rank(name));
    }

    /// Names and values as a form has them.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(name, value)| (name.as_str(), plain(value)))
    }
}

/// Encodes a request. `authorization` is what [`prove`] gave; `carries` is whose client it is. An entry that names the
/// operator's secret in a parameter makes it the operator's request whatever the client.
pub(crate) fn build(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    mut parameters: Parameters,
    client: &Client<'_>,
    authorization: Option<Secret>,
    carries: SecretOwner,
) -> Result<TokenRequest> {
    parameters.leave_out_empty_scope();
    let operators = endpoint_mentions(endpoint, Root::ClientSecret);
    let carries = if operators { SecretOwner::Operator } else { carries };
    let url = url(&endpoint.url, &inputs.scope())?;
    let own = inputs.credentials.secrets().chain(client.secret).chain(&inputs.integration.client_secret);
    let request = TokenRequest { secrets: own.cloned().collect(), ..TokenRequest::post(url, carries) };
    request.with_body(endpoint.body_format, parameters, authorization)
}

/// True if the URL or a parameter of an endpoint uses a name.
pub(crate) fn endpoint_mentions(endpoint: &TokenEndpoint, root: Root) -> bool {
    let mut entries = endpoint.params.iter().chain(endpoint.refresh_params);
    mentions(&endpoint.url, root)
        || endpoint.refresh_url.is_some_and(|url| mentions(&url, root))
        || entries.any(|entry| value_mentions(&entry.value, root))
}

/// The text of a template that must have one.
pub(crate) fn text(template: &Template, scope: &Scope<'_>) -> Result<String> {
    match evaluate(template, scope)? {
        Text::Resolved(text) => Ok(text),
        Text::Unresolved(name) => {
            Err(Error::new(ErrorKind::MissingValue, format!("`{name}` has no value: signing in needs it")))
        }
    }
}

/// The token endpoint.
pub(crate) fn url(template: &Template, scope: &Scope<'_>) -> Result<url::Url> {
    position::url(&text(template, scope)?).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidValue,
            "the token URL is not a URL that can be called: check the entry, and the connection's configuration",
        )
    })
}

/// Puts the client's id and secret where the endpoint wants them: into the parameters, or into the `Authorization`
/// header that is given back.
pub(crate) fn authenticate_client(
    how: ClientAuth,
    client: &Client<'_>,
    parameters: &mut Parameters,
) -> Result<Option<Secret>> {
    let secret = || {
        let missing =
            || Error::new(ErrorKind::MissingValue, "the client secret is missing: this token endpoint needs one");
        client.secret.map(Secret::expose).ok_or_else(missing)
    };
    let mut post = |id: &str, secret_name: &str| {
        parameters.set(id, client.id);
        if let Some(secret) = client.secret {
            parameters.set(secret_name, secret.expose());
        }
    };
    match how {
        ClientAuth::Post => post("client_id", "client_secret"),
        ClientAuth::UsernamePassword => post("username", "password"),
        ClientAuth::Basic => return Ok(Some(basic(&form_encoded(client.id), &form_encoded(secret()?)))),
        ClientAuth::BasicRaw => return Ok(Some(basic(client.id, secret()?))),
        ClientAuth::PrivateKeyJwt => {
            let message = "this client cannot prove itself with `private_key_jwt`: it was registered without a key";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        ClientAuth::Public => parameters.set("client_id", client.id),
        ClientAuth::Nothing => {}
    }
    Ok(None)
}

pub(super) fn basic(id: &str, secret: &str) -> Secret {
    Secret::new(format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
}

fn form_encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Parameters as a form or a query.
pub(super) fn encoded(parameters: &Parameters) -> String {
    Serializer::new(String::new()).extend_pairs(parameters.pairs()).finish()
}

fn object(parameters: Parameters) -> String {
    Json::Object(parameters.0.into_iter().collect()).to_string()
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_proves_itself_where_the_endpoint_looks() {
        let secret = Secret::new("s+ r");
        let both = "client_id=i%26d&client_secret=s%2B+r";
        for (how, body, header) in [
            (ClientAuth::Post, both, None),
            (ClientAuth::UsernamePassword, "username=i%26d&password=s%2B+r", None),
            (ClientAuth::Public, "client_id=i%26d", None),
            (ClientAuth::Nothing, "", None),
            // `i%26d:s%2B+r`, then `i&d:s+ r`: in the header alone (RFC 6749 section 2.3).
            (ClientAuth::Basic, "", Some("Basic aSUyNmQ6cyUyQity")),
            (ClientAuth::BasicRaw, "", Some("Basic aSZkOnMrIHI=")),
        ] {
            let mut parameters = Parameters::default();
            let proof =
                authenticate_client(how, &Client { id: "i&d", secret: Some(&secret) }, &mut parameters).unwrap();
            assert_eq!((encoded(&parameters).as_str(), proof.as_ref().map(Secret::expose)), (body, header), "{how:?}");
        }
        for how in [ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::PrivateKeyJwt] {
            let nobody = Client { id: "i", secret: None };
            assert!(authenticate_client(how, &nobody, &mut Parameters::default()).is_err(), "{how:?}");
        }
    }

    #[test]
    fn parameters_are_a_form_an_object_or_a_query() {
        for (format, query, content_type, body) in [
            (BodyFormat::Form, None, Some("application/x-www-form-urlencoded"), "a=x+y&b=true"),
            (BodyFormat::Json, None, Some("application/json"), r#"{"a":"x y","b":true}"#),
            (BodyFormat::Query, Some("a=x+y&b=true"), None, ""),
        ] {
            let mut parameters = Parameters::default();
            parameters.set("a", "old");
            parameters.set("b", true);
            parameters.set("a", "x y");
            let request = TokenRequest::post("https://acme.test/token".parse().unwrap(), SecretOwner::None);
            let request = request.with_body(format, parameters, None).unwrap();
            assert_eq!(request.url.0.query(), query);
            assert_eq!(request.header("content-type").map(Secret::expose), content_type);
            assert_eq!(request.body.expose(), body);
        }
        let request = TokenRequest::post("https://acme.test/token".parse().unwrap(), SecretOwner::None);
        assert!(request.with_body(BodyFormat::Xml, Parameters::default(), None).is_err());
    }
}
