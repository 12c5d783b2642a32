//! Keys of stand-ins: for modes that sign, and for clients that prove themselves with one.

use keyway::Secret;
use keyway::connection::Trust;
use keyway::fields::validate;
use keyway_spec::auth::{ClientAuth, KeyKind};
use keyway_spec::quirks::Quirks;
use keyway_spec::{Auth, Mode, Node, ProviderSpec};
use std::collections::BTreeMap;

/// Keys that are good for nothing else: made for trials, and published here.
const RSA_KEY: &str = include_str!("keys/rsa.pem");
const EC_KEY: &str = include_str!("keys/ec.pem");
/// A certificate of the RSA key.
const CERTIFICATE: &str = include_str!("keys/certificate.pem");

/// The secret of the client that the operator registered.
pub(crate) const CLIENT_SECRET: &str = "trial-client-secret";

/// Values by name.
type Secrets = BTreeMap<String, Secret>;

/// The secret of the operator's client: a key, where the client signs.
pub(crate) fn client_secret(spec: &ProviderSpec) -> &'static str {
    let signs = spec.auth.code_flow().is_some_and(|(_, endpoint)| endpoint.client_auth == ClientAuth::PrivateKeyJwt);
    if signs || spec.quirks.is_some_and(signs_itself) || spec.auth.facts().app_page { RSA_KEY } else { CLIENT_SECRET }
}

/// True if a request of an entry's quirks proves its client by a signature, whatever the entry's other requests do.
fn signs_itself(quirks: &Quirks) -> bool {
    let exchanges = quirks.code.iter().chain(&quirks.refresh);
    let of_exchanges =
        exchanges.flat_map(|own| std::iter::once(&own.request).chain(own.then.iter().map(|next| &next.request)));
    let others = quirks.also.iter().map(|second| &second.request).chain(&quirks.introspect);
    let all = of_exchanges.chain(others).chain(quirks.revocation.iter().map(|revocation| &revocation.request));
    all.into_iter().any(|request| request.client_auth == ClientAuth::PrivateKeyJwt)
}

/// Puts keys where a mode signs with one.
pub(crate) fn sign(spec: &ProviderSpec, credentials: &mut Secrets, assertion_options: &mut Secrets) {
    let jwt = match &spec.auth {
        Auth::Jwt(jwt) => Some(jwt),
        Auth::TwoStep(mode) => mode.token,
        _ => None,
    };
    let key = jwt.and_then(|jwt| match jwt.key_kind {
        KeyKind::Rsa => Some((jwt, RSA_KEY.trim_end())),
        KeyKind::Ec => Some((jwt, EC_KEY.trim_end())),
        KeyKind::HmacHex => Some((jwt, "7b1f0c52e6d94a3f8c2b5d7e9a0f1c3d")),
        KeyKind::HmacUtf8 => None,
    });
    let reference = key.and_then(|(jwt, key)| match jwt.signing_key.nodes() {
        [Node::Reference(reference)] => Some((reference.path, key)),
        _ => None,
    });
    let is_key = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "").ends_with("privatekey");
    for map in [&mut *credentials, assertion_options] {
        for (name, value) in map.iter_mut() {
            match reference {
                Some((path, key)) if path == name => *value = Secret::from(key),
                _ if is_key(name) && takes_key(spec, name) => *value = Secret::from(RSA_KEY.trim_end()),
                _ => {}
            }
        }
    }
    let inputs = spec.auth.facts().inputs;
    for (name, key) in [("client_private_key", RSA_KEY.trim_end()), ("client_certificate", CERTIFICATE.trim_end())] {
        let asked = inputs.iter().any(|input| input.name == name) && needs(spec, name);
        if asked || credentials.contains_key(name) {
            credentials.insert(name.to_owned(), Secret::from(key));
        }
    }
}

/// Puts the operator's settings where a mode cannot do without: the keys of an account at AWS, of an app beside its
/// client, of an installed plugin. What the entry's own fields say stays.
pub(crate) fn set(spec: &ProviderSpec, settings: &mut Secrets) {
    let needed: &[(&str, &str)] = match spec.auth.kind() {
        Mode::AwsSigV4 => &[
            ("defaultRegion", "us-east-1"),
            ("awsAccessKeyId", "AKIATRIALTRIALTRIAL0"),
            ("awsSecretAccessKey", "trial-secret-access-key-of-the-operator"),
        ],
        Mode::Custom => &[("app_id", "trial-app-id"), ("private_key", RSA_KEY)],
        Mode::InstallPlugin => &[("username", "trial-username"), ("password", "trial-password")],
        Mode::None
        | Mode::ApiKey
        | Mode::Basic
        | Mode::OAuth1
        | Mode::OAuth2
        | Mode::OAuth2ClientCredentials
        | Mode::TwoStep
        | Mode::Jwt
        | Mode::Signature
        | Mode::Tba
        | Mode::McpOAuth2
        | Mode::McpOAuth2Generic
        | Mode::App
        | Mode::Bill => &[],
    };
    for (name, value) in needed {
        settings.entry((*name).to_owned()).or_insert_with(|| Secret::from(*value));
    }
}

/// True if a field takes a key as PEM has it.
fn takes_key(spec: &ProviderSpec, name: &str) -> bool {
    let fields = spec.credentials.iter().chain(spec.assertion_option);
    let field = fields.into_iter().find(|field| field.name == name);
    let values = BTreeMap::from([(name.to_owned(), RSA_KEY.trim_end().to_owned())]);
    field.is_none_or(|field| validate(std::slice::from_ref(field), &values, Trust::Provider).is_ok())
}

/// True if the client of an entry proves itself with this.
fn needs(spec: &ProviderSpec, name: &str) -> bool {
    let Auth::OAuth2ClientCredentials(mode) = &spec.auth else { return false };
    let signs = mode.token.client_auth == ClientAuth::PrivateKeyJwt;
    mode.client_certificate || signs && name == "client_private_key"
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
    use keyway_spec::quirks::{ExchangeQuirks, RequestQuirks, RevocationQuirks, RevokedToken};

    #[test]
    fn the_secret_is_a_key_where_any_request_of_the_entry_is_signed() {
        const SIGNED: RequestQuirks = RequestQuirks { client_auth: ClientAuth::PrivateKeyJwt, ..RequestQuirks::EMPTY };
        const EXCHANGE: ExchangeQuirks = ExchangeQuirks { request: SIGNED, then: &[] };
        const REVOCATION: RevocationQuirks = RevocationQuirks { request: SIGNED, token: RevokedToken::Both };
        const CODE: Quirks = Quirks { code: Some(EXCHANGE), ..Quirks::EMPTY };
        const REFRESH: Quirks = Quirks { refresh: Some(EXCHANGE), ..Quirks::EMPTY };
        const INTROSPECTED: Quirks = Quirks { introspect: Some(SIGNED), ..Quirks::EMPTY };
        const REVOKED: Quirks = Quirks { revocation: Some(REVOCATION), ..Quirks::EMPTY };
        for (client_auth, quirks, is_key) in [
            (ClientAuth::Post, None, false),
            (ClientAuth::PrivateKeyJwt, None, true),
            (ClientAuth::Post, Some(&Quirks::EMPTY), false),
            (ClientAuth::Post, Some(&CODE), true),
            (ClientAuth::Post, Some(&REFRESH), true),
            (ClientAuth::Post, Some(&INTROSPECTED), true),
            (ClientAuth::Post, Some(&REVOKED), true),
        ] {
            let token = TokenEndpoint { client_auth, ..TokenEndpoint::EMPTY };
            let auth = Auth::OAuth2(OAuth2 { authorization: Authorization::EMPTY, token, outbound: None });
            let spec = ProviderSpec { auth, quirks, ..ProviderSpec::EMPTY };
            assert_eq!(client_secret(&spec) == RSA_KEY, is_key, "{client_auth:?} {quirks:?}");
        }
    }
}
