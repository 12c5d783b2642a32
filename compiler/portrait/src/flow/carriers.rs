//! Where a call carries its credential.

use super::words::{in_words, refers, value_refers};
use super::{FlowLine, code, says};
use keyway_spec::mode::Place;
use keyway_spec::{Mode, ProviderSpec, Reference, Root, Value};

const AUTHORIZATION: &str = "authorization";

/// The headers, parameters and members of a body that hold a credential, and the signature over them.
pub fn carriers(spec: &ProviderSpec) -> Vec<FlowLine> {
    let proxy = spec.proxy.unwrap_or(keyway_spec::Proxy::EMPTY);
    let has_own = proxy.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION));
    let mut lines = of_mode(spec, has_own);
    let headers = proxy.headers.iter().filter(|(_, template)| refers(template, &is_credential));
    lines.extend(headers.map(|(name, template)| code(format!("{name}: {}", in_words(template)))));
    let query = proxy.query.iter().filter(|(_, template)| refers(template, &is_credential));
    lines.extend(query.map(|(name, template)| code(format!("?{name}={}", in_words(template)))));
    let members = proxy.body.iter().filter(|entry| value_refers(&entry.value, &is_credential));
    lines.extend(members.map(|entry| {
        let value = if let Value::Text(template) = &entry.value { in_words(template) } else { "...".to_owned() };
        code(format!("in the body, {}: {value}", entry.name))
    }));
    lines
}

/// The lines that follow from the mode, before anything of the entry's.
fn of_mode(spec: &ProviderSpec, has_own: bool) -> Vec<FlowLine> {
    match spec.auth.facts().place {
        Place::Bearer | Place::Basic if has_own => Vec::new(),
        Place::Bearer => vec![code("authorization: Bearer <access_token>")],
        Place::Basic => vec![code("authorization: Basic base64(<username>:<password>)")],
        Place::Headers => {
            let carried = spec.auth.facts().carried;
            let names = carried.token.iter().chain(carried.submitted);
            names.map(|name| code(format!("{}: <{name}>", name.replace('_', "")))).collect()
        }
        Place::Signature => vec![says(signature(spec.auth.kind()))],
        Place::Templates => Vec::new(),
    }
}

fn signature(mode: Mode) -> String {
    format!("signed as a whole: {}", mode.facts().title)
}

/// True for a name that stands for a credential of the connection or of its operator.
fn is_credential(reference: &Reference) -> bool {
    match reference.root {
        Root::Credentials
        | Root::AccessToken
        | Root::RefreshToken
        | Root::ClientId
        | Root::ClientSecret
        | Root::AssertionOption
        | Root::Token
        | Root::Assertion
        | Root::Code => true,
        Root::ConnectionConfig
        | Root::Metadata
        | Root::Step(_)
        | Root::AppPublicLink
        | Root::ConnectionId
        | Root::Method
        | Root::Host
        | Root::Path
        | Root::Endpoint
        | Root::Params
        | Root::UrlCanonicalParams
        | Root::BodyCanonicalParams
        | Root::ContentType
        | Root::Callback
        | Root::RedirectUri
        | Root::Scopes => false,
    }
}
