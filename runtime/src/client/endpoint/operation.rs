//! The call of an operation that a catalogue vouches for: [`Client::endpoint`].
//!
//! The request is decided in [`crate::operation`], as for a call by name through a server or the command line.

use super::values::refused;
use super::{AsJson, Outgoing};
use crate::client::pages::Pages;
use crate::client::typed::Client;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::operation::{self, GivenValues};
use crate::request::Call;
use crate::response::paginate::PaginateOverlay;
use crate::transport::Response;
use http::Method;
use keyway_provider::{Endpoint, EndpointValue, Paged, Provider};
use keyway_spec::Operation;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;

/// A call of the operation `E`: [`Client::endpoint`].
#[must_use = "nothing is sent before `json`, `send` or `pages`"]
#[derive(Debug)]
pub struct EndpointCall<'c, E> {
    outgoing: Outgoing<'c>,
    operation: PhantomData<fn() -> E>,
}

impl<P: Provider> Client<P> {
    /// A call of an operation that the catalogue vouches for, with its values: a struct of the provider's module
    /// `endpoints`. A value that the entry does not list is an error when the call is sent, before anything is.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// use acme::endpoints::TicketsList;
    ///
    /// let open = TicketsList { state: Some("open"), ..TicketsList::new() };
    /// let tickets: Vec<serde_json::Value> = client.endpoint(&open).json().await?;
    /// assert_eq!(tickets.len(), 2);
    /// let mut pages = client.endpoint(&open).pages::<serde_json::Value>();
    /// assert_eq!(pages.next().await?.map(|page| page.len()), Some(2));
    /// # Ok(())
    /// # });
    /// ```
    pub fn endpoint<E: Endpoint<Provider = P>>(&self, endpoint: &E) -> EndpointCall<'_, E> {
        EndpointCall { outgoing: outgoing(self, E::OPERATION, &endpoint.values()), operation: PhantomData }
    }
}

impl<E: Endpoint> EndpointCall<'_, E> {
    /// Retries this call this many times if it fails, as far as it may reach the upstream twice: it may where the
    /// method is idempotent, or the entry names the header of a key that makes it so.
    pub fn retries(self, retries: u32) -> Self {
        EndpointCall { outgoing: self.outgoing.retries(retries), ..self }
    }

    /// Sets a header.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        EndpointCall { outgoing: self.outgoing.header(name, value), ..self }
    }

    /// Sends the call and returns the response as it comes, whatever its status.
    pub async fn send(self) -> Result<Response> {
        self.outgoing.raw().await
    }

    /// Sends the call and reads a successful answer as JSON; an empty body is `null`. Any other status is an error with
    /// the beginning of the answer.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        self.outgoing.read::<AsJson<T>>().await
    }

    /// The pages of a list, by the rule of the operation: [`Pages::next`] sends.
    pub fn pages<T: DeserializeOwned>(self) -> Pages<T>
    where
        E: Paged,
    {
        let rule = E::OPERATION.paginate.map_or(PaginateOverlay::NONE, PaginateOverlay::from);
        self.outgoing.pages(rule)
    }
}

fn outgoing<'c, P>(client: &'c Client<P>, operation: &'static Operation, values: &[EndpointValue<'_>]) -> Outgoing<'c> {
    let outgoing = Outgoing::new(client, Method::GET);
    let keyway = outgoing.request.keyway;
    outgoing.change(|call| {
        let key = if operation.idempotency_key.is_some() { keyway.engine().moment()?.uuid } else { String::new() };
        let made = operation::call(operation, given(operation, values)?, Vec::new(), &key);
        let made = made.map_err(|problems| {
            Error::new(ErrorKind::InvalidValue, operation::summary(&problems)).stage(Stage::Request).sent(false)
        })?;
        let Call { method, endpoint, endpoint_template, query, headers, body, repeatable, .. } = made;
        (call.method, call.endpoint, call.endpoint_template) = (method, endpoint, endpoint_template);
        (call.query, call.headers, call.body, call.repeatable) = (query, headers, body, repeatable);
        Ok(())
    })
}

fn given(operation: &Operation, values: &[EndpointValue<'_>]) -> Result<GivenValues> {
    let mut given = GivenValues::default();
    for (parameter, value) in operation.parameters.iter().zip(values) {
        if let Some(value) = json(parameter.name, *value)? {
            given = given.json(parameter.name, value);
        }
    }
    Ok(given)
}

fn json(name: &str, value: EndpointValue<'_>) -> Result<Option<Value>> {
    Ok(Some(match value {
        EndpointValue::Absent => return Ok(None),
        EndpointValue::Text(text) => Value::from(text),
        EndpointValue::Integer(number) => Value::from(number),
        EndpointValue::Number(number) => serde_json::Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| refused(name, "must be a finite number"))?,
        EndpointValue::Boolean(is) => Value::from(is),
        EndpointValue::Texts(texts) => Value::from(texts),
        EndpointValue::Integers(numbers) => Value::from(numbers),
        EndpointValue::Json(value) => value.clone(),
    }))
}
