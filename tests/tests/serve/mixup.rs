//! Authorization server mix-up (RFC 9700 section 4.4): one server must not come by the code of another.
//!
//! The attacker begins a flow of his own with the honest server, for its code challenge. Then the victim opens a link
//! whose authorization server is the attacker's, which sends the victim on to the honest one: with the honest client,
//! the victim's state and that challenge. Were the code that comes back redeemed as the victim's flow says, it would go
//! to the attacker's token endpoint, and the attacker would finish his own flow with it.

use crate::authority::{CLIENT, Evil, Honest, SECRET};
use crate::setup::{Server, start_with};
use http::header::{LOCATION, SET_COOKIE};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, Field, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use keyway_tests::client::Answer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use url::Url;

const HONEST: &str = "honest";

struct World {
    server: Server,
    honest: Honest,
    honest_at: SocketAddr,
    evil: Evil,
    evil_at: SocketAddr,
}

/// A flow that a browser began.
struct Flow {
    page: Url,
    cookie: String,
}

impl Flow {
    fn get(&self, name: &str) -> String {
        self.page.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned()
    }
}

async fn world() -> World {
    let (honest, honest_at) = Honest::start().await;
    let (evil, evil_at) = Evil::start().await;
    let specs = [fixed(HONEST, honest_at), fixed("compromised", evil_at), open(), mcp()];
    let server = start_with(|builder| builder.catalogue(specs.into_iter().collect())).await;
    for provider in [HONEST, "compromised", "open", "mcp"] {
        let mut body = json!({"provider": provider});
        if provider != "mcp" {
            body["client_id"] = json!(CLIENT);
            body["client_secret"] = json!(SECRET);
        }
        let made = server.client.json("POST", "/integrations", &body).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let world = World { server, honest, honest_at, evil, evil_at };
    world.honest.register(world.shown(HONEST).await["redirect_uri"].as_str().unwrap());
    world
}

impl World {
    async fn shown(&self, integration: &str) -> Value {
        self.server.client.get(&format!("/integrations/{integration}")).await.unwrap().json()
    }

    /// A link for `integration`, opened by a browser.
    async fn begin(&self, integration: &str, id: &str, more: &str) -> Flow {
        let body = json!({"integration": integration, "connection_id": id});
        let session = self.server.client.json("POST", "/connect/sessions", &body).await.unwrap().json();
        let left = self.server.browser.get(&format!("{}{more}", session["url"].as_str().unwrap())).await.unwrap();
        assert_eq!(left.status, 302, "{}", left.text());
        let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
        Flow { page: left.header(LOCATION.as_str()).parse().unwrap(), cookie }
    }

    /// Follows the browser from page to page until one is no redirect.
    async fn follow(&self, flow: &Flow) -> (Vec<String>, Answer) {
        let browser = self.server.browser.with("cookie", &flow.cookie);
        let (mut way, mut next) = (Vec::new(), flow.page.to_string());
        loop {
            let answer = browser.get(&next).await.unwrap();
            way.push(next);
            if !answer.status.is_redirection() {
                return (way, answer);
            }
            next = String::from(answer.header(LOCATION.as_str()));
        }
    }

    async fn connections(&self) -> usize {
        self.server.client.get("/connections").await.unwrap().json()["connections"].as_array().unwrap().len()
    }

    /// The attack through a link for `integration`, which leads to the attacker's server.
    async fn attack(&self, integration: &str, more: &str) {
        let registered = self.shown(HONEST).await["redirect_uri"].as_str().unwrap().to_owned();
        let his_own = self.begin(HONEST, "attacker", "").await;
        for redirect_uri in [registered.as_str(), ""] {
            self.evil.bounce(self.honest_at, redirect_uri, &his_own.get("code_challenge"));
            let victims = self.begin(integration, "victim", more).await;
            assert_eq!(victims.page.authority(), self.evil_at.to_string());
            let (way, page) = self.follow(&victims).await;
            assert_eq!(page.status, 400, "{integration} {redirect_uri}: {way:?}: {}", page.text());
            assert_eq!(self.evil.stolen(), Vec::<String>::new(), "{integration}: the code went to the attacker");
            if redirect_uri.is_empty() {
                // The honest server does not know the attacker's redirect URI, and never sends a browser there.
                assert!(page.text().contains("not registered"), "{way:?}: {}", page.text());
                continue;
            }
            assert!(page.text().contains("another redirect URI"), "{way:?}: {}", page.text());
            assert_eq!((self.honest.redeemed(), self.connections().await), (0, 0), "{integration}");
            // What it was about: with that code the attacker's own flow ends well.
            let code = query(way.last().unwrap())["code"].clone();
            let with_it = format!("{registered}?code={code}&state={}", his_own.get("state"));
            let done = self.server.browser.with("cookie", &his_own.cookie).get(&with_it).await.unwrap();
            assert_eq!((done.status.as_u16(), self.honest.redeemed()), (200, 1), "{}", done.text());
        }
    }
}

fn query(url: &str) -> BTreeMap<String, String> {
    url.parse::<Url>().unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_server_that_a_customer_named_does_not_get_anothers_code() {
    let world = world().await;
    let own = format!(
        "&params[host]={}&credentials[oauth_client_id_override]=mine&credentials[oauth_client_secret_override]=m",
        world.evil_at
    );
    world.attack("open", &own).await;
}

#[tokio::test]
async fn an_mcp_server_does_not_get_anothers_code() {
    let world = world().await;
    world.attack("mcp", &format!("&params[mcp_server_url]=http://{}/", world.evil_at)).await;
}

#[tokio::test]
async fn a_compromised_vendor_does_not_get_the_code_of_another_integration() {
    let world = world().await;
    world.attack("compromised", "").await;
}

#[tokio::test]
async fn redirect_uris_are_one_for_each_integration_and_for_each_server_that_a_customer_named() {
    let world = world().await;
    let own = "&credentials[oauth_client_id_override]=mine&credentials[oauth_client_secret_override]=m";
    let mut seen = Vec::new();
    for (integration, more) in [
        (HONEST, String::new()),
        ("compromised", String::new()),
        ("open", format!("{own}&params[host]=one.example.com")),
        ("open", format!("{own}&params[host]=two.example.com")),
        ("open", format!("{own}&params[host]=two.example.com:8443")),
        ("mcp", format!("&params[mcp_server_url]=http://{}/", world.evil_at)),
    ] {
        let uri = world.begin(integration, "x", &more).await.get("redirect_uri");
        assert_eq!(world.begin(integration, "y", &more).await.get("redirect_uri"), uri, "the same for every flow");
        seen.push(uri);
    }
    for (index, uri) in seen.iter().enumerate() {
        assert!(uri.contains("/oauth/callback/") && !seen[..index].contains(uri), "{seen:?}");
    }
    // What an operator reads is what flows have.
    let shown = world.shown(HONEST).await;
    assert_eq!(shown["redirect_uri_per"], "integration");
    let id = shown["id"].as_str().unwrap();
    assert!(shown["redirect_uri"].as_str().unwrap().ends_with(&format!("/oauth/callback/{id}")), "{shown}");
    let shown = world.shown("open").await;
    assert_eq!((&shown["redirect_uri"], &shown["redirect_uri_per"]), (&Value::Null, &json!("issuer")));
    for (issuer, uri) in
        [("two.example.com", &seen[3]), ("https://two.example.com/", &seen[3]), ("two.example.com:8443", &seen[4])]
    {
        let shown = world.shown(&format!("open?issuer={issuer}")).await;
        assert_eq!(shown["redirect_uri"], **uri, "{issuer}");
    }
    assert_eq!(world.shown(&format!("mcp?issuer=http://{}", world.evil_at)).await["redirect_uri"], seen[5]);
    let listed = json!({"allowed_hosts": ["two.example.com", "*.example.org"]});
    let listed = world.server.client.json("PATCH", "/integrations/open", &listed).await.unwrap().json();
    assert_eq!(listed["redirect_uris"], json!({"two.example.com": seen[3]}));
}

#[tokio::test]
async fn renaming_an_integration_breaks_no_redirect_uri_and_no_flow() {
    let world = world().await;
    let before = world.shown(HONEST).await["redirect_uri"].clone();
    let begun = world.begin(HONEST, "customer", "").await;
    let renamed = json!({"key": "renamed"});
    let renamed = world.server.client.json("PATCH", "/integrations/honest", &renamed).await.unwrap();
    assert_eq!((renamed.status.as_u16(), &renamed.json()["redirect_uri"]), (200, &before));
    // Another integration that takes the old name is not the one that the flow began with.
    let body = json!({"provider": "compromised", "key": HONEST, "client_id": "i", "client_secret": "s"});
    let other = world.server.client.json("POST", "/integrations", &body).await.unwrap();
    assert_ne!(other.json()["redirect_uri"], before);
    let (_, page) = world.follow(&begun).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!((world.honest.redeemed(), world.evil.stolen().len()), (1, 0));
    let connected = world.server.client.get("/connections/customer?integration=renamed").await.unwrap();
    assert_eq!(connected.status, 200, "{}", connected.text());
}

#[tokio::test]
async fn the_shared_redirect_uri_is_a_choice_where_the_server_is_fixed() {
    let world = world().await;
    let share = json!({"shared_redirect_uri": true});
    for integration in ["open", "mcp"] {
        let target = format!("/integrations/{integration}");
        let refused = world.server.client.json("PATCH", &target, &share).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.header("keyway-error")), (400, "invalid_value"), "{integration}");
    }
    let shared = world.server.client.json("PATCH", "/integrations/honest", &share).await.unwrap().json();
    let uri = shared["redirect_uri"].as_str().unwrap();
    assert!(uri.ends_with("/oauth/callback") && shared["redirect_uri_per"] == "server", "{shared}");
    world.honest.register(uri);
    let flow = world.begin(HONEST, "customer", "").await;
    assert_eq!(flow.get("redirect_uri"), uri);
    let (_, page) = world.follow(&flow).await;
    assert_eq!(page.status, 200, "{}", page.text());
    // Who has a redirect URI of its own is not fooled by one that shares.
    let own = world.begin("compromised", "victim", "").await;
    world.evil.bounce(world.honest_at, uri, &flow.get("code_challenge"));
    let (_, page) = world.follow(&own).await;
    assert!(page.status == 400 && page.text().contains("another redirect URI"), "{}", page.text());
    assert_eq!(world.evil.stolen(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_refused_in_every_mode() {
    let world = world().await;
    let share = json!({"shared_redirect_uri": true});
    for integration in [HONEST, "compromised"] {
        let target = format!("/integrations/{integration}");
        let shared = world.server.client.json("PATCH", &target, &share).await.unwrap().json();
        world.honest.register(shared["redirect_uri"].as_str().unwrap());
    }
    let honest = format!("http://{}", world.honest_at);
    let elsewhere = format!("http://{}", world.evil_at);
    for (issuer, status) in
        [(honest.as_str(), 200), (elsewhere.as_str(), 400), ("https://as.example.com", 400), ("x", 400)]
    {
        world.honest.say(issuer);
        let (_, page) = world.follow(&world.begin(HONEST, issuer, "").await).await;
        assert_eq!(page.status, status, "{issuer}: {}", page.text());
    }
    assert_eq!(world.honest.redeemed(), 1);
    // Where both share the redirect URI, the issuer is what tells them apart.
    world.honest.say(&honest);
    let flow = world.begin("compromised", "victim", "").await;
    world.evil.bounce(world.honest_at, "", "x");
    let (way, page) = world.follow(&flow).await;
    assert!(page.status == 400 && page.text().contains("another authorization server"), "{way:?} {}", page.text());
    assert_eq!(world.evil.stolen(), Vec::<String>::new());
}

/// A provider whose every endpoint is at `address`.
fn fixed(key: &'static str, address: SocketAddr) -> &'static ProviderSpec {
    let host: &'static str = leak(address.to_string());
    let set = HostSet::Fixed(leak([host]));
    let at = |path: &str| Template::Text(leak(format!("http://{address}/{path}")));
    leak(ProviderSpec {
        key,
        display_name: key,
        auth: oauth2(at("authorize"), at("token")),
        proxy: Some(Proxy { base_url: at("api"), ..Proxy::EMPTY }),
        hosts: Hosts { authorize: set, token: set, api: set, trusted: &[] },
        ..ProviderSpec::EMPTY
    })
}

/// A provider whose customer names the host.
fn open() -> &'static ProviderSpec {
    static HOST: Reference = Reference { root: Root::ConnectionConfig, path: "host", position: Position::Host };
    static AUTHORIZE: [Node; 3] = [Node::Text("http://"), Node::Reference(HOST), Node::Text("/authorize")];
    static TOKEN: [Node; 3] = [Node::Text("http://"), Node::Reference(HOST), Node::Text("/token")];
    static FIELDS: [Field; 1] = [Field { name: "host", title: "Host", ..Field::EMPTY }];
    let any = HostSet::Open(&["*:*"]);
    leak(ProviderSpec {
        key: "open",
        display_name: "Open",
        auth: oauth2(Template::Nodes(&AUTHORIZE), Template::Nodes(&TOKEN)),
        connection_config: &FIELDS,
        hosts: Hosts { authorize: any, token: any, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    })
}

fn mcp() -> &'static ProviderSpec {
    static FIELDS: [Field; 1] = [Field { name: "mcp_server_url", title: "URL", ..Field::EMPTY }];
    let any = HostSet::Open(&["*:*"]);
    leak(ProviderSpec {
        key: "mcp",
        display_name: "MCP",
        auth: Auth::McpOAuth2Generic,
        connection_config: &FIELDS,
        hosts: Hosts { authorize: any, token: any, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    })
}

fn oauth2(authorize: Template, token: Template) -> Auth {
    Auth::OAuth2(OAuth2 {
        authorization: Authorization { url: Some(authorize), ..Authorization::EMPTY },
        token: TokenEndpoint { url: token, ..TokenEndpoint::EMPTY },
        outbound: None,
    })
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
