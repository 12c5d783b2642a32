//! Look-ups: what the vendor says about an account becomes its configuration, once, when it is connected.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::connection::{ConfigMap, Trust};
use keyway::credentials::{Credentials, Token};
use keyway::error::Choices;
use keyway::{Authorize, Connection, ConnectionKey, ErrorKind, Keyway, Result, Stage};
use keyway_spec::proxy::Verification;
use keyway_spec::quirks::{Lookup, LookupChoice, Quirks};
use keyway_spec::{Entry, Field, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value};
use std::net::SocketAddr;
use support::{Hand, Mock, Reply, back, get, keyway, oauth2, reply, template};

const SITES: &str =
    r#"{"sites":[{"id":"s-1","name":"First","base":"BASE"},{"id":"s-2","name":"Second","base":"BASE"}]}"#;
const FIELDS: &[Field] = &[
    Field { name: "site", automated: true, ..Field::EMPTY },
    Field { name: "base", automated: true, optional: true, ..Field::EMPTY },
];

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn config(path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root: Root::ConnectionConfig, path, position })
}

/// Sites at `/sites`; calls go to the base URL of the site and carry its id, and `/me` proves them.
fn spec(address: SocketAddr) -> &'static ProviderSpec {
    let of = oauth2(address);
    let lookup = Lookup {
        url: template(format!("http://{address}/sites")),
        headers: &[],
        items: Some("sites"),
        choose: Some(LookupChoice { value: "id", label: Some("name") }),
        set: &[("site", "id"), ("base", "base")],
        ..Lookup::EMPTY
    };
    let base_url = [Node::Text("http://"), config("base", Position::Host), Node::Text("/api")];
    let proxy = Proxy {
        base_url: Template::Nodes(leak(base_url)),
        headers: leak([("x-site", Template::Nodes(leak([config("site", Position::Text)])))]),
        verification: Some(Verification { endpoints: &[Template::Text("/me")], ..Verification::EMPTY }),
        ..Proxy::EMPTY
    };
    let quirks = Some(leak(Quirks { lookups: leak([lookup]), ..Quirks::EMPTY }));
    leak(ProviderSpec { quirks, proxy: Some(proxy), connection_config: FIELDS, ..*of })
}

/// A vendor whose `/sites` answers `sites`, with its own address in the place of `BASE`.
async fn vendor(sites: &'static str) -> Mock {
    Mock::start(move |seen| answer(seen, sites)).await
}

fn answer(seen: &support::Seen, sites: &str) -> Reply {
    match seen.path() {
        "/token" => reply(200, r#"{"access_token":"access-canary","refresh_token":"refresh-canary","expires_in":600}"#),
        "/sites" => reply(200, sites.replace("BASE", seen.header("host"))),
        _ => reply(200, "{}"),
    }
}

async fn finish(keyway: &Keyway, given: &[(&str, &str)]) -> Result<Connection> {
    let config = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = Authorize::new(key(), "https://app.example.com/callback").config(config);
    let started = keyway.authorize(request).await?;
    let query = format!("state={}&code=c", started.state.expose());
    keyway.finish(&back(&started, &query), started.binding.expose()).await
}

/// The choices of an error that asks for one.
fn choices(outcome: Result<Connection>) -> Choices {
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.evidence().stage), (ErrorKind::ChoiceNeeded, Some(Stage::Lookup)), "{error}");
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    error.evidence().choices.clone().unwrap()
}

#[tokio::test]
async fn one_site_is_taken_before_anything_is_proved_or_stored() {
    let mock = vendor(r#"{"sites":[{"id":"s-1","base":"BASE"}]}"#).await;
    let keyway = keyway(spec(mock.address), &Hand::new());
    let connection = finish(&keyway, &[]).await.unwrap();
    assert_eq!(connection.config["site"], "s-1");
    keyway.send(&key(), get("/things"), None).await.unwrap();
    let seen = mock.seen();
    let asked: Vec<(&str, &str)> = seen.iter().map(|seen| (seen.path(), seen.header("x-site"))).collect();
    assert_eq!(asked, [("/token", ""), ("/sites", ""), ("/api/me", "s-1"), ("/api/things", "s-1")]);
    assert_eq!((seen[1].method.as_str(), seen[1].header("authorization")), ("GET", "Bearer access-canary"));
}

#[tokio::test]
async fn of_several_the_customer_chooses_and_what_was_granted_waits() {
    let mock = vendor(SITES).await;
    let keyway = keyway(spec(mock.address), &Hand::new());
    let choices = choices(finish(&keyway, &[]).await);
    let options: Vec<_> = choices.options.iter().map(|it| (it.value.as_str(), it.label.as_str())).collect();
    assert_eq!((choices.field.as_str(), options), ("site", vec![("s-1", "First"), ("s-2", "Second")]));
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
    let token = choices.token.unwrap();

    let odd = keyway.choose(token.expose(), "s-9").await.unwrap_err();
    assert_eq!(odd.kind(), ErrorKind::InvalidValue);
    assert!(odd.message().contains("`s-1` (First), `s-2` (Second)"), "{odd}");
    let connection = keyway.choose(token.expose(), "s-2").await.unwrap();
    assert_eq!(connection.config["site"], "s-2");
    let token_of = connection.credentials.token.unwrap();
    assert_eq!((token_of.access.expose(), token_of.expires_at.unwrap().as_second()), ("access-canary", 1_700_000_600));
    assert_eq!(mock.seen_at("/token").len(), 1, "the code is good once");
    let again = keyway.choose(token.expose(), "s-1").await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidState);

    // Connected again, the account is the one that was chosen, unless another is named.
    assert_eq!(finish(&keyway, &[]).await.unwrap().config["site"], "s-2");
    assert_eq!(finish(&keyway, &[("site", "s-1")]).await.unwrap().config["site"], "s-1");
}

#[tokio::test]
async fn an_optional_look_up_by_post_may_fail_and_the_account_is_connected() {
    const BODY: &[Entry] = &[Entry { name: "query", value: Value::Text(Template::Text("{ viewer { id } }")) }];
    for (answer, optional, expected) in [
        (r#"{"sites":[{"id":"s-1","base":"BASE"}]}"#, true, Some("s-1")),
        ("no JSON", true, None),
        (r#"{"sites":[]}"#, true, None),
    ] {
        let mock = vendor(answer).await;
        let own = spec(mock.address);
        let lookup = Lookup { body: BODY, optional, ..own.quirks.unwrap().lookups[0] };
        let quirks = Some(leak(Quirks { lookups: leak([lookup]), ..Quirks::EMPTY }));
        // Nothing of the base URL is looked up.
        let proxy = Proxy { base_url: template(format!("http://{}/api", mock.address)), ..own.proxy.unwrap() };
        let proxy = Proxy { headers: &[], ..proxy };
        let keyway = keyway(leak(ProviderSpec { quirks, proxy: Some(proxy), ..*own }), &Hand::new());
        let connection = finish(&keyway, &[]).await.unwrap();
        assert_eq!(connection.config.get("site").map(String::as_str), expected, "{answer}");
        let seen = mock.seen_at("/sites");
        let asked = (seen[0].method.as_str(), seen[0].header("content-type"), seen[0].body.as_str());
        assert_eq!(asked, ("POST", "application/json", r#"{"query":"{ viewer { id } }"}"#));
    }
}

#[tokio::test]
async fn a_choice_has_a_quarter_of_an_hour() {
    let mock = vendor(SITES).await;
    let clock = Hand::new();
    let keyway = keyway(spec(mock.address), &clock);
    let token = choices(finish(&keyway, &[]).await).token.unwrap();
    clock.advance(15 * 60 + 1);
    assert_eq!(keyway.choose(token.expose(), "s-1").await.unwrap_err().kind(), ErrorKind::InvalidState);
}

#[tokio::test]
async fn a_value_given_beforehand_chooses_and_has_to_be_in_the_list() {
    let mock = vendor(SITES).await;
    let keyway = keyway(spec(mock.address), &Hand::new());
    assert_eq!(finish(&keyway, &[("site", "s-2")]).await.unwrap().config["site"], "s-2");
    let error = finish(&keyway, &[("site", "s-9")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    // What does not choose stays the provider's to say.
    let error = finish(&keyway, &[("base", "evil.example")]).await.unwrap_err();
    assert!(error.message().contains("set by the provider"), "{error}");
}

#[tokio::test]
async fn an_imported_token_is_looked_up_too_unless_everything_was_given() {
    let mock = vendor(SITES).await;
    let keyway = keyway(spec(mock.address), &Hand::new());
    let credentials = || Credentials::default().token(Token::new("access-canary"));
    let given = |values: &[(&str, &str)]| -> ConfigMap {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let none = serde_json::Map::new;
    let error = keyway.import(key(), given(&[]), none(), credentials(), Trust::Operator).await;
    assert_eq!(choices(error).options.len(), 2);
    let site = given(&[("site", "s-1")]);
    let made = keyway.import(key(), site.clone(), none(), credentials(), Trust::Operator).await.unwrap();
    assert_eq!(made.config["base"], mock.address.to_string());
    let asked = mock.seen_at("/sites").len();
    let all = given(&[("site", "s-7"), ("base", &mock.address.to_string())]);
    let made = keyway.import_unverified(key(), all, none(), credentials()).await.unwrap();
    assert_eq!((made.config["site"].as_str(), mock.seen_at("/sites").len()), ("s-7", asked));
}

#[tokio::test]
async fn what_is_looked_up_widens_no_host_set_and_is_asked_of_the_entrys_hosts() {
    let mock = vendor(r#"{"sites":[{"id":"s-1","base":"evil.example"}]}"#).await;
    let error = finish(&keyway(spec(mock.address), &Hand::new()), &[]).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().stage), (ErrorKind::HostNotAllowed, Some(Stage::Verify)), "{error}");

    let own = spec(mock.address);
    let lookup = Lookup { url: template("https://elsewhere.example/sites"), ..own.quirks.unwrap().lookups[0] };
    let quirks = Some(leak(Quirks { lookups: leak([lookup]), ..Quirks::EMPTY }));
    let keyway = keyway(leak(ProviderSpec { quirks, ..*own }), &Hand::new());
    let error = finish(&keyway, &[]).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().stage), (ErrorKind::HostNotAllowed, Some(Stage::Lookup)), "{error}");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
}

#[tokio::test]
async fn a_refused_look_up_makes_no_connection_and_shows_no_secret() {
    let mock = Mock::start(|seen| match seen.path() {
        "/sites" => reply(403, r#"{"message":"access-canary lacks a scope"}"#),
        _ => answer(seen, ""),
    })
    .await;
    let keyway = keyway(spec(mock.address), &Hand::new());
    let error = finish(&keyway, &[]).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().status), (ErrorKind::NotVerified, Some(403)), "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
}

#[tokio::test]
async fn an_error_names_the_endpoint_that_was_asked() {
    let mock = Mock::start(|seen| match seen.path() {
        "/sites" => reply(302, "").header("location", "/elsewhere"),
        _ => answer(seen, ""),
    })
    .await;
    let error = finish(&keyway(spec(mock.address), &Hand::new()), &[]).await.unwrap_err();
    assert!(error.message().starts_with("the endpoint of the look-up redirected"), "{error}");
    assert!(mock.seen_at("/elsewhere").is_empty());
}
