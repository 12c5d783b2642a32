//! A vendor of OAuth 1.0a: it verifies every signature, confirms callbacks, and takes no nonce twice.

use super::rfc5849::{Protocol, Received, encoded, is_signed_with, protocol};
use keyway_spec::auth::{OAuth1, SignatureMethod};
use keyway_spec::{Auth, Entry, HostSet, Hosts, ProviderSpec, Proxy, Retry, Template, Value};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Mutex;

pub(crate) const CLIENT_ID: &str = "client";
/// With every character that must be encoded before it becomes a part of a key.
pub(crate) const CLIENT_SECRET: &str = "client secret-canary&+/=";

/// The vendor's memory: nonces that were used, temporary tokens that were redeemed.
#[derive(Default)]
pub(crate) struct Vendor {
    used: Mutex<HashSet<String>>,
}

impl Vendor {
    /// Status and body. `/request` and `/token` issue, everything else is the API.
    pub(crate) fn answer(&self, received: &Received) -> (u16, String) {
        let Some(protocol) = protocol(received) else { return (401, "nothing is signed".to_owned()) };
        let token = protocol.get("oauth_token").map_or("", String::as_str);
        let secret = if token.is_empty() { String::new() } else { secret_of(token) };
        let known = protocol["oauth_consumer_key"] == CLIENT_ID;
        if !known || !is_signed_with(received, &protocol, CLIENT_SECRET, &secret) {
            return (401, format!("oauth_problem=signature_invalid for {CLIENT_SECRET} {secret}"));
        }
        if !self.is_new(&protocol["oauth_nonce"]) {
            return (401, "oauth_problem=nonce_used".to_owned());
        }
        match received.target.as_str() {
            "/request" => self.temporary(&protocol),
            "/token" => self.lasting(token, &protocol),
            _ if token.starts_with("access-") => (200, "welcome".to_owned()),
            _ => (401, "oauth_problem=token_rejected".to_owned()),
        }
    }

    fn temporary(&self, protocol: &Protocol) -> (u16, String) {
        if !protocol.contains_key("oauth_callback") {
            return (400, "no callback".to_owned());
        }
        let token = format!("temporary-{}", self.used.lock().unwrap().len());
        (200, format!("{}&oauth_callback_confirmed=true", issued(&token)))
    }

    fn lasting(&self, token: &str, protocol: &Protocol) -> (u16, String) {
        let agreed = token.starts_with("temporary-") && protocol.get("oauth_verifier") == Some(&verifier(token));
        if !agreed || !self.is_new(token) {
            return (401, format!("oauth_problem=token_rejected&token={token}"));
        }
        (200, format!("{}&user_id=7", issued(&token.replace("temporary", "access"))))
    }

    fn is_new(&self, value: &str) -> bool {
        self.used.lock().unwrap().insert(value.to_owned())
    }
}

/// The verifier that the vendor's page gives a customer who agrees to this token.
pub(crate) fn verifier(token: &str) -> String {
    format!("verifier of {token}")
}

fn secret_of(token: &str) -> String {
    format!("secret-canary of {token} &+/=")
}

fn issued(token: &str) -> String {
    format!("oauth_token={}&oauth_token_secret={}", encoded(token), encoded(&secret_of(token)))
}

/// The vendor's entry.
pub(crate) fn spec(address: SocketAddr, signature_method: SignatureMethod) -> ProviderSpec {
    let params = Vec::leak(vec![Entry { name: "x_scope", value: Value::Text(Template::Text("read & write")) }]);
    let mode = OAuth1 {
        request_url: leak(format!("http://{address}/request")),
        request_params: params,
        authorization_url: leak(format!("http://{address}/agree")),
        authorization_params: &[],
        token_url: leak(format!("http://{address}/token")),
        token_params: &[],
        signature_method,
        scope_separator: ",",
        redirect_uri_metadata: &[],
    };
    ProviderSpec { key: "signed", auth: Auth::OAuth1(mode), ..at(address) }
}

/// An entry without a mode whose hosts are this one.
pub(crate) fn at(address: SocketAddr) -> ProviderSpec {
    let set = HostSet::Fixed(Vec::leak(vec![leak(address.to_string())]));
    let base_url = Template::Text(leak(format!("http://{address}/api")));
    let retry = Retry { after: &["retry-after"], ..Retry::EMPTY };
    ProviderSpec {
        hosts: Hosts { authorize: set, token: set, api: set, ..Hosts::EMPTY },
        proxy: Some(Proxy { base_url, retry, ..Proxy::EMPTY }),
        ..ProviderSpec::EMPTY
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
