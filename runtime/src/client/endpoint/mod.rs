//! What a method of an `#[api]` trait does: the call of one endpoint, put together piece by piece.
//!
//! Generated code calls it through `__codegen`; people use the trait. The first value that does not fit is the error
//! of the whole call, and nothing is sent. Sending is [`super::answer`]'s.
//!
//! | what | where |
//! |---|---|
//! | values as texts; their places in a call | [`values`], [`crate::values`] |
//! | bodies; those of parts, those that come as a stream | [`body`], [`multipart`], [`upload`] |
//! | answers as values, answers as a stream | [`read`], [`download`] |
//! | what is asked of an entry at compile time | [`hosts`] |
//! | the operations that an entry vouches for | [`operation`] |

mod body;
mod download;
mod hosts;
mod multipart;
mod operation;
mod read;
mod reading;
mod upload;
mod values;

pub use download::Download;
pub use hosts::{ConstText, allows, no_host};
pub use multipart::{Multipart, Part};
pub use operation::EndpointCall;
pub use read::{Answer, AsBytes, AsJson, AsNothing, AsText, OrAbsent, ReadAs, WithHead};
pub use reading::ReadFuture;
pub use upload::{IntoBody, Upload};
pub use values::IntoBytes;

use super::answer::{self, Accepted};
use super::pages::Pages;
use super::refusal::{CallError, ErrorRule, Refusals};
use super::typed::{Client, Request};
use crate::error::{Error, Result};
use crate::response::paginate::PaginateOverlay;
use crate::transport::{Body, Response};
use crate::values as written;
use http::Method;
use keyway_spec::operation::ListStyle;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;
use std::time::Duration;
use values::misfits;

/// The call of an endpoint, with the error that it reports.
#[must_use = "nothing is sent before `read`, `raw`, `download` or `pages`"]
#[derive(Debug)]
pub struct Outgoing<'c, E = Error> {
    request: Request<'c>,
    /// The body where it is a stream.
    stream: Option<Body>,
    /// Statuses that mean that there is no value.
    absent: &'static [u16],
    refusals: Refusals<E>,
}

impl<'c> Outgoing<'c> {
    /// A call of a connection, to the base URL so far.
    pub fn new<P>(client: &'c Client<P>, method: Method) -> Outgoing<'c> {
        Outgoing { request: client.request(method, ""), stream: None, absent: &[], refusals: Refusals::PLAIN }
    }

    /// Says the shape of a refusal's body, and which answers have it. Asked here alone, so that rustc reports a type
    /// that cannot be read where it is written.
    pub fn refusal<E: DeserializeOwned>(self, rules: &'static [ErrorRule]) -> Outgoing<'c, CallError<E>> {
        let Outgoing { request, stream, absent, .. } = self;
        Outgoing { request, stream, absent, refusals: Refusals::typed(rules) }
    }

    /// The next part of the path, as the trait has it.
    pub fn text(self, text: &'static str) -> Self {
        self.change(|call| {
            call.endpoint.push_str(text);
            call.endpoint_template.get_or_insert_default().push_str(text);
            Ok(())
        })
    }

    /// The next part of the path: a value, percent-encoded, so that it stays inside its segment.
    pub fn part<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            let text = values::one(name, value)?.unwrap_or_default();
            call.endpoint.push_str(&written::segment(&text).map_err(|misfit| misfits(name, &misfit))?);
            let template = call.endpoint_template.get_or_insert_default();
            template.extend(["{", name, "}"]);
            Ok(())
        })
    }

    /// The next parts of the path: a value that keeps its slashes, or a list of segments. Each is percent-encoded, and
    /// none leads up.
    pub fn parts<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            let segments = written::segments(values::json(name, value)?);
            call.endpoint.push_str(&segments.map_err(|misfit| misfits(name, &misfit))?);
            call.endpoint_template.get_or_insert_default().extend(["{", name, "}"]);
            Ok(())
        })
    }

    /// Another host than the base URL's; the path stands at its root. Whether it is one of the entry is asked when the
    /// trait is compiled, and once more before anything is sent.
    pub fn host(self, host: &'static str) -> Self {
        self.change(|call| {
            call.base_url_override = Some(format!("https://{host}"));
            Ok(())
        })
    }

    /// A query parameter: nothing for `None`, one for each item of a list, one for each field of a struct.
    pub fn query<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.query.extend(values::pairs(name, value)?);
            Ok(())
        })
    }

    /// A query parameter in a style. Without a `name` a struct brings those of its fields.
    pub fn styled_query<T: Serialize + ?Sized>(
        self,
        argument: &'static str,
        name: Option<&'static str>,
        style: ListStyle,
        value: &T,
    ) -> Self {
        self.change(|call| {
            let parameters = written::styled(argument, name, style, values::json(argument, value)?);
            written::add_to_query(call, parameters.map_err(|misfit| misfits(argument, &misfit))?);
            Ok(())
        })
    }

    /// A header; nothing for `None`.
    pub fn header<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.change(|call| {
            call.headers.extend(values::one(name, value)?.map(|text| (name.to_owned(), text)));
            Ok(())
        })
    }

    /// The number of retries of a failed call, as far as it may reach the upstream twice.
    pub fn retries(self, retries: u32) -> Self {
        self.change(|call| {
            call.safe_retries = Some(retries);
            Ok(())
        })
    }

    /// A key by which the upstream knows the call again: made once, and the same in every retry. An argument that
    /// brings one wins.
    pub fn idempotent(self, header: &'static str) -> Self {
        let keyway = self.request.keyway;
        self.change(|call| {
            if !has_header(call, header) {
                call.headers.push((header.to_owned(), keyway.engine().moment()?.uuid));
            }
            call.repeatable = true;
            Ok(())
        })
    }

    /// The longest time for the call with its retries, and then for its body.
    pub fn timeout(self, milliseconds: u64) -> Self {
        self.change(|call| {
            call.timeout = Some(Duration::from_millis(milliseconds));
            Ok(())
        })
    }

    /// Statuses that mean that there is no value.
    pub fn absent(mut self, statuses: &'static [u16]) -> Self {
        self.absent = statuses;
        self
    }

    fn change(mut self, change: impl FnOnce(&mut crate::Call) -> Result<()>) -> Self {
        self.request.call = self.request.call.and_then(|mut call| change(&mut call).map(|()| call));
        self
    }
}

fn has_header(call: &crate::Call, name: &str) -> bool {
    call.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
}

impl<'c, E: From<Error>> Outgoing<'c, E> {
    /// Sends the call and reads a successful answer.
    pub fn read<R: ReadAs>(self) -> ReadFuture<'c, R, E> {
        let Outgoing { request, stream, absent, refusals } = self;
        let answer = Box::pin(async move {
            let accepted = answer::accepted(request.keyway, request.key, request.call?, stream, absent).await;
            Ok(accepted?.whole().await?)
        });
        ReadFuture { answer, absent, refusals, reads: PhantomData }
    }

    /// Sends the call and gives the body of a successful answer as it comes.
    pub async fn download(self) -> Result<Download, E> {
        Ok(self.accepted().await?.response.into())
    }

    async fn accepted(self) -> Result<Accepted, E> {
        let Outgoing { request, stream, absent, refusals } = self;
        let accepted = answer::accepted(request.keyway, request.key, request.call?, stream, absent).await;
        accepted.map_err(|failure| refusals.error(failure))
    }
}

impl Outgoing<'_> {
    /// Sends the call and returns the response as it comes, whatever its status.
    pub async fn raw(self) -> Result<Response> {
        let Outgoing { request, stream, .. } = self;
        request.keyway.send(request.key, request.call?, stream).await
    }
}

impl<E> Outgoing<'_, E> {
    /// The pages of a list, by the entry's rule and what the endpoint says of its own.
    pub fn pages<T: DeserializeOwned>(self, overlay: PaginateOverlay) -> Pages<T, E> {
        let Outgoing { request, refusals, .. } = self;
        Pages::of_endpoint(request.keyway.clone(), request.key.clone(), request.call, overlay, refusals)
    }
}
