//! The call of an operation that a catalogue vouches for: [`Client::endpoint`].
//!
//! The request is put together as the methods of `#[api]` traits do it; only where the pieces come from differs.

use super::{AsJson, Outgoing, QueryStyle, styles, values};
use crate::client::pages::Pages;
use crate::client::typed::Client;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::request::CallBody;
use crate::response::paginate::PaginateOverlay;
use crate::transport::Response;
use http::Method;
use keyway_format::endpoint_path::{self, PathPiece};
use keyway_provider::{Endpoint, EndpointValue, Paged, Provider};
use keyway_spec::Operation;
use keyway_spec::operation::{ListStyle, OperationBody, OperationParameter, ParameterPlace, Verb};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::marker::PhantomData;
use styles::Parameter;
use values::refused;

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

type Given<'v> = (&'static OperationParameter, EndpointValue<'v>);

fn outgoing<'c, P>(client: &'c Client<P>, operation: &'static Operation, values: &[EndpointValue<'_>]) -> Outgoing<'c> {
    let given: Vec<Given<'_>> = operation.parameters.iter().zip(values.iter().copied()).collect();
    let of = |place: ParameterPlace| given.iter().filter(move |(parameter, _)| parameter.place == place);
    let mut outgoing = Outgoing::new(client, method(operation.verb)).change(|_| allowed(&given));
    outgoing = path(outgoing, operation, &given);
    for (parameter, value) in of(ParameterPlace::Query) {
        outgoing = match json(parameter, *value) {
            Ok(value) => outgoing.styled_query(parameter.name, Some(parameter.name), style(parameter.style), &value),
            Err(error) => outgoing.change(|_| Err(error)),
        };
    }
    for (name, value) in operation.headers {
        outgoing = outgoing.header(name, value);
    }
    outgoing = outgoing.change(|call| {
        let given = of(ParameterPlace::Body).filter(|(_, value)| *value != EndpointValue::Absent);
        match operation.body {
            OperationBody::None => {}
            OperationBody::Json => {
                let members = given.map(|(parameter, value)| Ok((parameter.name.to_owned(), json(parameter, *value)?)));
                call.body = CallBody::Json(Value::Object(members.collect::<Result<Map<_, _>>>()?));
            }
            OperationBody::Form => {
                let pairs = given.map(|(parameter, value)| form(parameter, &json(parameter, *value)?));
                call.body = CallBody::Form(pairs.collect::<Result<Vec<_>>>()?.concat());
            }
        }
        Ok(())
    });
    match operation.idempotency_key {
        Some(header) => outgoing.idempotent(header),
        None => outgoing,
    }
}

/// Refuses a value that is not one of those that the entry lists.
fn allowed(given: &[Given<'_>]) -> Result<()> {
    for (parameter, value) in given.iter().filter(|(parameter, _)| !parameter.values.is_empty()) {
        let is_listed = |text: &&str| parameter.values.contains(text);
        let fits = match value {
            EndpointValue::Text(text) => is_listed(text),
            EndpointValue::Texts(texts) => texts.iter().all(is_listed),
            _ => true,
        };
        if !fits {
            let values = parameter.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
            return Err(refused(parameter.name, &format!("must be one of {values}")));
        }
    }
    Ok(())
}

fn path<'c>(mut outgoing: Outgoing<'c>, operation: &'static Operation, given: &[Given<'_>]) -> Outgoing<'c> {
    let pieces = match endpoint_path::parse(operation.path) {
        Ok(pieces) => pieces,
        Err(fault) => {
            let message = format!("the operation `{}` cannot be called: {}", operation.name, fault.message);
            return outgoing
                .change(|_| Err(Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Request).sent(false)));
        }
    };
    let value = |name: &str| match given.iter().find(|(parameter, _)| parameter.name == name) {
        Some((parameter, value)) => json(parameter, *value),
        None => Err(refused(name, "is a part of the path and no parameter of the operation")),
    };
    for (_, piece) in pieces {
        outgoing = match piece {
            PathPiece::Text(text) => outgoing.text(text),
            PathPiece::Value(name) | PathPiece::Rest(name) => match (value(name), piece) {
                (Err(error), _) => outgoing.change(|_| Err(error)),
                (Ok(value), PathPiece::Rest(_)) => outgoing.parts(name, &value),
                (Ok(value), _) => outgoing.part(name, &value),
            },
        };
    }
    outgoing
}

/// The pairs of a value in a form. An object has brackets in every style.
fn form(parameter: &OperationParameter, value: &Value) -> Result<Vec<(String, String)>> {
    let style = match (value, style(parameter.style)) {
        (Value::Object(_), QueryStyle::Repeat | QueryStyle::Comma | QueryStyle::Space | QueryStyle::Pipe) => {
            QueryStyle::DeepObject
        }
        (_, style) => style,
    };
    let separator = match style {
        QueryStyle::Space => " ",
        QueryStyle::Pipe => "|",
        _ => ",",
    };
    let written = styles::written(parameter.name, Some(parameter.name), style, value)?;
    Ok(written
        .into_iter()
        .map(|written| match written {
            Parameter::Pair(name, value) => (name, value),
            // A form encodes its separators with the rest.
            Parameter::Joined(name, texts, _) => (name, texts.join(separator)),
        })
        .collect())
}

fn json(parameter: &OperationParameter, value: EndpointValue<'_>) -> Result<Value> {
    Ok(match value {
        EndpointValue::Absent => Value::Null,
        EndpointValue::Text(text) => Value::from(text),
        EndpointValue::Integer(number) => Value::from(number),
        EndpointValue::Number(number) => serde_json::Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| refused(parameter.name, "must be a finite number"))?,
        EndpointValue::Boolean(is) => Value::from(is),
        EndpointValue::Texts(texts) => Value::from(texts),
        EndpointValue::Integers(numbers) => Value::from(numbers),
        EndpointValue::Json(value) => value.clone(),
    })
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Head => Method::HEAD,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
    }
}

fn style(style: ListStyle) -> QueryStyle {
    match style {
        ListStyle::Repeat => QueryStyle::Repeat,
        ListStyle::Comma => QueryStyle::Comma,
        ListStyle::Space => QueryStyle::Space,
        ListStyle::Pipe => QueryStyle::Pipe,
        ListStyle::Brackets => QueryStyle::Brackets,
        ListStyle::Indices => QueryStyle::Indices,
    }
}
