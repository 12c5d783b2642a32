//! The examples, run against the mock over HTTP.
//!
//! Requests for the vendors are taken to the mock by a transport; all else is what the examples do by themselves. The
//! examples are in `tests/examples`.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]
#![allow(dead_code, reason = "the examples have a `main` of their own")]

mod connected;
mod interop;
#[path = "../../examples/issues.rs"]
mod issues;
mod library;
#[path = "../../examples/private_api.rs"]
mod private_api;
#[path = "../../examples/three_vendors/main.rs"]
mod three_vendors;
#[path = "../../examples/ticketing.rs"]
mod ticketing;
#[path = "../../examples/tower_stack.rs"]
mod tower_stack;
mod twelve;
mod vouched;
#[path = "../../examples/weather.rs"]
mod weather;
#[path = "../../examples/with_faults.rs"]
mod with_faults;
#[path = "../../examples/with_reqwest.rs"]
mod with_reqwest;

use keyway::client::Builder;
use keyway::connection::ConfigMap;
use keyway::credentials::Token;
use keyway::fields::Trust;
use keyway::{ConnectionKey, Credentials, ErrorKind, Integration, Keyway, Provider};
use keyway_providers::freshdesk::{self, Freshdesk};
use keyway_providers::github::Github;
use keyway_providers::gitlab::Gitlab;
use keyway_tests::client::Client;
use keyway_tests::mock::{API_KEY, CLIENT_ID, CLIENT_SECRET, Detour, Mock};
use ticketing::Ticket;

/// Where the mock plays the vendor of a URL.
fn route(uri: &http::Uri) -> Option<String> {
    let path = uri.path_and_query()?.as_str();
    match uri.host()? {
        "github.com" => Some("/token".to_owned()),
        host => Some(format!("/vendors/{host}{path}")),
    }
}

fn builder(mock: &Mock) -> Builder {
    Keyway::builder().transport(Detour::new(mock.url(), route))
}

#[tokio::test]
async fn the_app_connects_a_user_and_lists_issues() {
    let mock = Mock::start().await.unwrap();
    let integration = issues::integration(CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned());
    let keyway = builder(&mock).integration(integration).build().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let app = issues::app(keyway, &origin);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let browser = Client::new(origin.as_str());

    let early = browser.get("/issues").await.unwrap();
    assert!(early.text().contains("there is no connection `user-1` of `github`"), "{}", early.text());

    // Another browser gets nothing out of the link back, and then it is used up.
    let (_, callback) = agree(&browser, &mock, &origin).await;
    let stranger = browser.get(&callback).await.unwrap();
    assert_eq!(stranger.status, 502, "{}", stranger.text());

    let (cookie, callback) = agree(&browser, &mock, &origin).await;
    let back = browser.with("cookie", &format!("a=b; {cookie}")).get(&callback).await.unwrap();
    assert_eq!(back.header("location"), "/issues", "{}", back.text());
    let listed = browser.get("/issues").await.unwrap();
    assert_eq!(listed.text(), "#7 It breaks\n#8 It is slow\n");
}

/// Starts to connect, and agrees at the vendor: the cookie of the flow, and where the browser is sent back to.
async fn agree(browser: &Client, mock: &Mock, origin: &str) -> (String, String) {
    let sent = browser.get("/connect").await.unwrap();
    let cookie = sent.header("set-cookie").split(';').next().unwrap().to_owned();
    let (page, query) = sent.header("location").split_once('?').unwrap();
    assert_eq!(page, "https://github.com/login/oauth/authorize");
    let agreed = Client::new(mock.url()).get(&format!("/authorize?{query}")).await.unwrap();
    (cookie, agreed.header("location").strip_prefix(origin).unwrap().to_owned())
}

#[tokio::test]
async fn the_command_line_program_tells_the_weather_or_why_not() {
    let mock = Mock::start().await.unwrap();
    for (city, expected) in [("Berlin", "Berlin: 21.5 °C"), ("Atlantis", "Atlantis: city not found")] {
        assert_eq!(weather::report(builder(&mock), API_KEY.to_owned(), city).await.unwrap(), expected);
    }
    let error = weather::report(builder(&mock), "another-key".to_owned(), "Berlin").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotVerified);
}

#[tokio::test]
async fn the_private_api_is_described_where_it_is_used() {
    let mock = Mock::start().await.unwrap();
    for (count, expected) in [(3, "3 of 5 reserved"), (9, "only 5 left")] {
        let line = private_api::reserve(builder(&mock), API_KEY.to_owned(), "A-1", count).await.unwrap();
        assert_eq!(line, expected);
    }
    assert_eq!(
        mock.changes(),
        [3, 9].map(|count| {
            format!(r#"POST warehouse.acme.example.com/v1/reservations {{"sku":"A-1","count":{count}}}"#)
        })
    );
}

#[tokio::test]
async fn three_vendors_are_one_ticketing_system() {
    let mock = Mock::start().await.unwrap();
    let keyway = builder(&mock)
        .integration(Integration::<Github>::new("github").oauth_app(CLIENT_ID, CLIENT_SECRET))
        .integration(Integration::<Gitlab>::new("gitlab").oauth_app(CLIENT_ID, CLIENT_SECRET))
        .integration(Integration::<Freshdesk>::new("freshdesk"))
        .build()
        .unwrap();
    let (github, gitlab) = (signed_in::<Github>(&keyway, "github").await, signed_in::<Gitlab>(&keyway, "gitlab").await);
    let freshdesk = keyway.integration::<Freshdesk>("freshdesk").unwrap();
    let config = freshdesk::Config { subdomain: "globex".to_owned() };
    let credentials = freshdesk::Credentials { username: API_KEY.into() };
    freshdesk.connect("me", config, credentials).set_credential(freshdesk::PASSWORD, "X").import().await.unwrap();
    let freshdesk = freshdesk.client("me").await.unwrap();

    let ticket = |id, title: &str| vec![Ticket { id, title: title.to_owned() }];
    assert_eq!(ticketing::close_all(&github).await.unwrap(), ticket(1, "One"));
    assert_eq!(ticketing::close_all(&gitlab).await.unwrap(), ticket(2, "Two"));
    assert_eq!(ticketing::close_all(&freshdesk).await.unwrap(), ticket(3, "Three"));
    assert_eq!(
        mock.changes(),
        [
            r#"PATCH api.github.com/repos/acme/app/issues/1 {"state":"closed"}"#,
            "PUT gitlab.com/api/v4/projects/acme%2Fapp/issues/2?state_event=close ",
            r#"PUT globex.freshdesk.com/api/v2/tickets/3 {"status":5}"#,
        ]
    );
}

/// A client of an account that signed in elsewhere.
async fn signed_in<P: Provider>(keyway: &Keyway, integration: &str) -> keyway::Client<P> {
    let token = Token::new(API_KEY);
    let credentials = Credentials::default().token(token);
    let key = ConnectionKey::new(integration, "me");
    let (config, metadata) = (ConfigMap::new(), serde_json::Map::new());
    keyway.import(key, config, metadata, credentials, Trust::Operator).await.unwrap();
    keyway.integration::<P>(integration).unwrap().client("me").await.unwrap()
}
