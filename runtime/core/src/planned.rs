//! Parts of requests that do not show what they carry.
//!
//! The proxied call's request is [`crate::request::Plan`], the token endpoint's
//! [`crate::auth::token_request::TokenRequest`].

use crate::secret::Secret;
use std::borrow::Cow;
use std::fmt;

/// A URL that does not show itself.
#[derive(Clone)]
pub struct PlannedUrl(pub ::url::Url);

impl fmt::Debug for PlannedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/..", self.0.scheme(), self.0.host_str().unwrap_or(""))
    }
}

/// A header of a request.
#[derive(Clone, Debug)]
pub struct PlannedHeader {
    /// The name, lower case; borrowed where the entry or the mode has it.
    pub name: Cow<'static, str>,
    /// The value.
    pub value: Secret,
    /// True if the entry or the auth mode put it there: it never leaves the provider's hosts.
    pub injected: bool,
}

impl PlannedHeader {
    /// Puts the header into a list: where the first of its name stands, in the place of all of them, or at the end.
    pub fn put_into(self, headers: &mut Vec<PlannedHeader>) {
        let at = headers.iter().position(|other| other.name == self.name).unwrap_or(headers.len());
        headers.retain(|other| other.name != self.name);
        headers.insert(at, self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_takes_the_place_of_every_other_of_its_name() {
        for (names, expected) in
            [(&["a", "b"][..], "a b x"), (&["a", "x", "b"], "a x b"), (&["x", "a", "x"], "x a"), (&[], "x")]
        {
            let header = |name: &&'static str| PlannedHeader {
                name: (*name).into(),
                value: Secret::from("old"),
                injected: false,
            };
            let mut headers: Vec<PlannedHeader> = names.iter().map(header).collect();
            PlannedHeader { value: Secret::from("new"), ..header(&"x") }.put_into(&mut headers);
            let of_the_name = headers.iter().filter(|header| header.name == "x").map(|header| header.value.expose());
            assert_eq!(of_the_name.collect::<Vec<_>>(), ["new"]);
            let order: Vec<&str> = headers.iter().map(|header| header.name.as_ref()).collect();
            assert_eq!(order.join(" "), expected);
        }
    }
}
