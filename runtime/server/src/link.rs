//! Connect links: what one holds, and the addresses of this server.

use crate::app::App;
use crate::error::ApiError;
use crate::form_fields::split_input_name;
use keyway::Secret;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::integration::IntegrationRecord;
use keyway_spec::mode::Connect;
use std::collections::BTreeMap;
use url::Url;

/// The query of a connect link.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The connect session's token.
    pub(crate) token: Secret,
    pub(crate) config: ConfigMap,
    /// An OAuth client of the customer's own.
    pub(crate) credentials: BTreeMap<String, Secret>,
}

impl Link {
    /// Reads the query of a link; an unknown parameter is refused, and so is a link without a token.
    pub(crate) fn read(query: Option<&str>) -> Result<Link, ApiError> {
        let mut token = None;
        let (mut config, mut credentials) = (ConfigMap::new(), BTreeMap::new());
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match (&*name, split_input_name(&name)) {
                ("token", _) => token = Some(Secret::new(value)),
                ("user_scope", _) => drop(config.insert(name.into_owned(), value.into_owned())),
                (_, Some(("params", field))) => drop(config.insert(field.to_owned(), value.into_owned())),
                (_, Some(("authorization_params", field))) => {
                    config.insert(format!("authorization_params.{field}"), value.into_owned());
                }
                (_, Some(("credentials", field))) => drop(credentials.insert(field.to_owned(), Secret::new(value))),
                _ => {
                    let known = "`token`, `params[<name>]`, `authorization_params[<name>]`, `credentials[<name>]`, \
                                 `user_scope`";
                    return Err(ApiError::invalid(format!("unknown parameter `{name}`: send {known}")));
                }
            }
        }
        match token {
            Some(token) => Ok(Link { token, config, credentials }),
            None => Err(ApiError::invalid("this link has no token")),
        }
    }
}

/// The connection that a session's token allows, if it is one of this integration. The token stays valid.
pub(crate) async fn connection_of(app: &App, token: &Secret, integration: &str) -> Result<ConnectionKey, ApiError> {
    let keys = app.keyway.session_keys(token.expose()).await?;
    let key = keys.into_iter().find(|key| key.integration == integration);
    key.ok_or_else(|| ApiError::invalid("this link is for another integration"))
}

/// An address of this server: path segments appended to its public URL, which was checked to have a base at start-up.
pub(crate) fn server_url(public_url: &Url, segments: &[&str]) -> Url {
    let mut url = public_url.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The address at which a customer connects an account of an integration: a form, or the way to the provider's pages.
pub(crate) fn address_of_integration(app: &App, integration: &IntegrationRecord, token: &Secret) -> Url {
    let path = match app.keyway.catalogue().get(&integration.provider) {
        Some(spec) if spec.auth.connect() != Connect::Interactive => &["connect", integration.key.as_str()][..],
        _ => &["oauth", "connect", &integration.key],
    };
    with_token(app, path, token)
}

/// The address at which a customer chooses one of several.
pub(crate) fn address_of_list(app: &App, token: &Secret) -> Url {
    with_token(app, &["connect"], token)
}

/// The same for a page of the session; `None` where there is nothing to choose.
pub(crate) async fn way_to_others(app: &App, token: &Secret) -> Option<String> {
    let keys = app.keyway.session_keys(token.expose()).await.ok()?;
    (keys.len() > 1).then(|| local(&address_of_list(app, token)))
}

fn with_token(app: &App, path: &[&str], token: &Secret) -> Url {
    let mut url = server_url(&app.config.public_url, path);
    url.query_pairs_mut().append_pair("token", token.expose());
    url
}

/// An address of this server for a page of it: the path and the query.
pub(crate) fn local(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_a_token_and_parameters() {
        let raw = "token=t&params[subdomain]=ac%20me&params%5Ba.b%5D=1&authorization_params[prompt]=login\
                   &credentials[oauth_client_id_override]=id&user_scope=chat";
        let link = Link::read(Some(raw)).unwrap();
        let config =
            [("a.b", "1"), ("authorization_params.prompt", "login"), ("subdomain", "ac me"), ("user_scope", "chat")];
        let config = config.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let credentials = BTreeMap::from([("oauth_client_id_override".to_owned(), Secret::new("id"))]);
        assert_eq!(link, Link { token: Secret::new("t"), config, credentials });
        for raw in [None, Some(""), Some("params[a]=b"), Some("token=t&subdomain=x"), Some("token=t&params[a=b")] {
            assert!(Link::read(raw).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn addresses_are_below_the_public_url() {
        for (public, expected) in [
            ("https://kw.test", "https://kw.test/connect/a%2Fb"),
            ("https://kw.test/below/", "https://kw.test/below/connect/a%2Fb"),
            ("https://kw.test/below?x=1#y", "https://kw.test/below/connect/a%2Fb"),
        ] {
            let url = server_url(&public.parse().unwrap(), &["connect", "a/b"]);
            assert_eq!(url.as_str(), expected);
        }
    }
}
