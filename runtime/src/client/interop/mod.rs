//! Requests of other HTTP libraries: what a connection's own calls get, for a request that another client sends.
//!
//! The same steps as in [`crate::call`] and [`crate::send`] but for the last: fresh credentials, plan, egress; then the
//! request goes back to the caller instead of to the transport.

mod known;
#[cfg(feature = "tower")]
mod service;

use super::keyway::Keyway;
use super::typed::Client;
use crate::account::Account;
use crate::clock::Moment;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedHeader;
use crate::refresh::RefreshIf;
use crate::request::{Call, CallBody, Plan, addressed, is_reserved};
use crate::send::header_map;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Uri};
use std::any::type_name;

impl<P> Client<P> {
    /// A request with this connection's credentials, for another HTTP client to send: its token is renewed if that is
    /// due, its host is held against the provider's, and what authenticates is put into its headers and its query.
    ///
    /// The URI is a whole URL on one of the provider's hosts, or a path below the base URL (`/user`). Method, body and
    /// headers stay, but that the provider's own headers take the place of others as in [`Client::request`]. Nothing
    /// else is added, no `user-agent` either, without which some vendors refuse.
    ///
    /// Some providers have the body signed. For those its bytes have to be known: the body is `()`, [`Bytes`],
    /// `Vec<u8>`, `String`, `&'static str`, `&'static [u8]`, `http_body_util::Full<Bytes>` or a
    /// [`Body`](crate::transport::Body) in memory. A body of another type, which may be a stream, is an error there,
    /// and so is any body into which the provider's entry puts values, or a connection with a TLS client certificate:
    /// send these with [`Client::request`].
    ///
    /// From there on the request is in the other client's hands: which addresses it connects to, what it logs, whom it
    /// trusts. Let it follow no redirects, which could take the credentials elsewhere, and send the request soon: some
    /// signatures hold for minutes. An answer with 401 may mean that the token was revoked:
    /// [`Keyway::refresh`] makes another one.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// let request = http::Request::get("https://api.acme.example/me").body(())?;
    /// let request = client.authorize(request).await?;
    /// assert_eq!(request.headers()["x-api-key"], "a-customers-key");
    ///
    /// let elsewhere = http::Request::get("https://evil.example/me").body(())?;
    /// assert!(client.authorize(elsewhere).await.is_err());
    /// # Ok(())
    /// # });
    /// ```
    pub async fn authorize<B: 'static>(&self, request: Request<B>) -> Result<Request<B>> {
        self.keyway.authorize_request(&self.key, request).await
    }
}

impl Keyway {
    /// [`Client::authorize`] for programs that know providers only at run time.
    pub async fn authorize_request<B: 'static>(&self, key: &ConnectionKey, request: Request<B>) -> Result<Request<B>> {
        let account = self.inner.refresher.account(key, RefreshIf::Due).await?;
        let engine = self.engine();
        let moment = account.moment(&*engine.clock)?;
        let (mut head, body) = request.into_parts();
        let authorized = async {
            let bytes = known::bytes(&body).or_else(|| is_empty(&head).then(Bytes::new));
            let call = call_of(&account, &moment, &head)?;
            let plan = plan::<B>(&account, &moment, &call, bytes.as_ref())?;
            account.call_egress(&engine.policy, &call, &moment).check_url(&plan.url.0)?;
            put_into(&mut head, &plan)
        };
        authorized.await.map_err(|error| error.provider(account.spec.key).sent(false))?;
        Ok(Request::from_parts(head, body))
    }
}

/// The request that Keyway would send; an error where it would be another one than the caller's with headers and query
/// added.
fn plan<B>(account: &Account, moment: &Moment, call: &Call, bytes: Option<&Bytes>) -> Result<Plan> {
    let body = match bytes {
        None => CallBody::Stream,
        Some(bytes) if bytes.is_empty() => CallBody::Empty,
        Some(bytes) => CallBody::Bytes(bytes.clone()),
    };
    let plan = match account.plan(&call.clone().body(body), moment) {
        // With an empty body there is a request: so the body is what is in the way.
        Err(error) if bytes.is_none() && account.plan(call, moment).is_ok() => return Err(unread::<B>(&error)),
        planned => planned?,
    };
    if bytes.is_some() && plan.body.encoded().as_ref() != bytes {
        let message = "the provider's entry puts values into the body, which another client has already: send this \
                       call with `Client::request`";
        return Err(Error::new(ErrorKind::Unsupported, message).stage(Stage::Request));
    }
    if plan.identity.is_some() {
        let message = "this connection proves itself with a TLS client certificate, which another client does not \
                       have: send this call with `Client::request`";
        return Err(Error::new(ErrorKind::Unsupported, message).stage(Stage::Request));
    }
    Ok(plan)
}

/// The error of a body that has to be read and cannot be.
fn unread<B>(error: &Error) -> Error {
    let message = format!(
        "the provider has the body signed or filled in, and a body of the type `{}` cannot be read for that: pass it as \
         `Bytes`, `Vec<u8>` or `String` and convert it afterwards, or send this call with `Client::request`",
        type_name::<B>()
    );
    Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Request).source(error.clone())
}

/// The call that a request stands for, without its body, and without the headers that the transport writes.
fn call_of(account: &Account, moment: &Moment, head: &Parts) -> Result<Call> {
    let mut headers = Vec::with_capacity(head.headers.len());
    for (name, value) in head.headers.iter().filter(|(name, _)| !is_reserved(name.as_str())) {
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| {
            let message = format!("the value of the header `{name}` is not UTF-8: encode it");
            Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Request)
        })?;
        headers.push((name.as_str().to_owned(), text.to_owned()));
    }
    let call = Call::default().method(head.method.clone()).headers(headers);
    addressed(&account.inputs(moment), call, &head.uri).map_err(|error| error.stage(Stage::Request))
}

/// True if a request certainly has no body, whatever the type of its body.
fn is_empty(head: &Parts) -> bool {
    let none = head.headers.get(CONTENT_LENGTH).is_some_and(|length| length == "0");
    let said = head.headers.contains_key(CONTENT_LENGTH) || head.headers.contains_key(TRANSFER_ENCODING);
    none || (!said && matches!(head.method, Method::GET | Method::HEAD))
}

/// Puts the URL and the headers of a plan into a request. What concerns the connection alone stays as it was.
fn put_into(head: &mut Parts, plan: &Plan) -> Result<()> {
    let unfit = |message: &str| Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Request);
    let uri: Uri = plan.target().parse().map_err(|_| unfit("the request does not fit into HTTP"))?;
    let same = |host: &http::HeaderValue| {
        uri.authority().is_some_and(|authority| host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()))
    };
    if !head.headers.get_all(HOST).iter().all(same) {
        return Err(unfit("the header `host` names another host than the URL: leave it out"));
    }
    // What Keyway says of itself (`user-agent`, the codings that it reads) is not true of another client.
    let wanted = |header: &&PlannedHeader| header.injected || head.headers.contains_key(&*header.name);
    let mut headers: HeaderMap = header_map(plan.headers.iter().filter(wanted))?;
    let kept = head.headers.iter().filter(|(name, _)| is_reserved(name.as_str()));
    for (name, value) in kept {
        headers.append(name.clone(), value.clone());
    }
    (head.uri, head.headers) = (uri, headers);
    Ok(())
}
