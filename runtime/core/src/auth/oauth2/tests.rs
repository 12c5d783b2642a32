//! The one code exchange: what its requests are with quirks and without.

use super::*;
use crate::auth::exchange::Returned;
use crate::auth::token_request::TokenRequest;
use crate::clock::Moment;
use crate::credentials::Token;
use keyway_spec::auth::{Authorization, TokenEndpoint};
use keyway_spec::quirks::{ExchangeQuirks, RefreshWhen, RequestQuirks};
use keyway_spec::{Entry, Node, Position, Reference, Root, Template, Value};

const PAGE: Authorization =
    Authorization { url: Some(Template::Text("https://acme.test/authorize")), ..Authorization::EMPTY };
const ENDPOINT: TokenEndpoint = TokenEndpoint {
    url: Template::Text("https://acme.test/token"),
    refresh_url: Some(Template::Text("https://acme.test/refresh")),
    params: &[Entry { name: "audience", value: Value::Text(Template::Text("api")) }],
    refresh_params: &[Entry { name: "tenant", value: Value::Text(Template::Text("t")) }],
    ..TokenEndpoint::EMPTY
};
const MODE: OAuth2 = OAuth2 { authorization: PAGE, token: ENDPOINT, outbound: None };
/// Quirks that say nothing about requests.
const SILENT: Quirks = Quirks { invalid_grant_codes: &["gone"], ..Quirks::EMPTY };
/// A parameter with the operator's secret.
const SECRET: &[Entry] = &[Entry {
    name: "app_secret",
    value: Value::Text(Template::Nodes(&[Node::Reference(Reference {
        root: Root::ClientSecret,
        path: "",
        position: Position::Text,
    })])),
}];

/// The request of a grant: of a browser that came back, of a webhook's code (`browser` is false), or of a renewal.
fn request(mode: &OAuth2, quirks: Option<&'static Quirks>, browser: Option<bool>, own_client: bool) -> TokenRequest {
    let callback = Callback::parse("code=c-1");
    let (uri, verifier) = if browser == Some(true) { ("https://app.test/callback", "verifier") } else { ("", "") };
    let (verifier, kept) = (Secret::new(verifier), FlowState::new());
    let returned = Returned { callback: &callback, redirect_uri: uri, verifier: &verifier, kept: &kept };
    let grant = if browser.is_some() { Grant::Returned(returned) } else { Grant::Renewal };
    let own = [(ID_OVERRIDE, "own-id"), (SECRET_OVERRIDE, "own-secret")];
    let own = own.into_iter().filter(|_| own_client).map(|(name, value)| (name.to_owned(), Secret::new(value)));
    let token = Token { access: "at".into(), refresh: Some("rt".into()), expires_at: None, raw: None };
    let inputs = Inputs {
        spec: &ProviderSpec { key: "acme", quirks, ..ProviderSpec::EMPTY },
        integration: &IntegrationRecord {
            client_id: Some("id".to_owned()),
            client_secret: Some("shh".into()),
            ..IntegrationRecord::default()
        },
        config: &ConfigMap::new(),
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials: &Credentials { token: Some(token), inputs: own.collect(), ..Credentials::default() },
        moment: &Moment { now: Timestamp::UNIX_EPOCH, uuid: String::new() },
    };
    match mode.step(&inputs, grant, &[]).unwrap() {
        Step::Send(request) => *request,
        Step::Done(_) => panic!("nothing was asked"),
    }
}

/// The lifetime that an answer to a code gives a token, in seconds.
fn lifetime(quirks: &'static Quirks, body: &str) -> Option<i64> {
    let callback = Callback::parse("code=c-1");
    let (verifier, kept) = (Secret::new("verifier"), FlowState::new());
    let uri = "https://app.test/callback";
    let returned = Returned { callback: &callback, redirect_uri: uri, verifier: &verifier, kept: &kept };
    let inputs = Inputs {
        spec: &ProviderSpec { key: "acme", quirks: Some(quirks), ..ProviderSpec::EMPTY },
        integration: &IntegrationRecord { client_id: Some("id".to_owned()), ..IntegrationRecord::default() },
        config: &ConfigMap::new(),
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials: &Credentials::default(),
        moment: &Moment { now: Timestamp::UNIX_EPOCH, uuid: String::new() },
    };
    let headers = http::HeaderMap::new();
    let received = Timestamp::UNIX_EPOCH;
    let answer = Answer { status: 200, headers, body: Secret::new(body), received, secrets: Vec::new(), kept: false };
    match MODE.step(&inputs, Grant::Returned(returned), &[answer]).unwrap() {
        Step::Send(_) => panic!("nothing more is asked"),
        Step::Done(granted) => granted.token.unwrap().expires_at.map(Timestamp::as_second),
    }
}

#[test]
fn a_lifetime_of_zero_is_no_end_where_nothing_renews_the_token() {
    const NEVER: Quirks = Quirks { refresh_when: RefreshWhen::Never, ..Quirks::EMPTY };
    const BY_TOKEN: Quirks = Quirks {
        refresh: Some(ExchangeQuirks {
            request: RequestQuirks { grant: GrantType::AccessToken, ..RequestQuirks::EMPTY },
            then: &[],
        }),
        ..Quirks::EMPTY
    };
    const UNREADABLE: Option<i64> = Some(55 * 60);
    for (quirks, members, expected) in [
        (&SILENT, r#""expires_in":0"#, None),
        (&SILENT, r#""expires_in":"0""#, None),
        (&SILENT, r#""expires_in":0,"refresh_token":"""#, None),
        (&SILENT, r#""expires_in":0,"expires_at":0"#, None),
        (&SILENT, r#""expires_in":0,"expires_at":null"#, None),
        (&NEVER, r#""expires_in":0,"refresh_token":"rt""#, None),
        // What can be renewed is renewed.
        (&SILENT, r#""expires_in":0,"refresh_token":"rt""#, UNREADABLE),
        (&BY_TOKEN, r#""expires_in":0"#, UNREADABLE),
        // An instant beside it is said, and a number that is none is not 0.
        (&SILENT, r#""expires_in":0,"expires_at":3600"#, Some(3600)),
        (&SILENT, r#""expires_in":-1"#, UNREADABLE),
        (&SILENT, r#""expires_in":0.5"#, Some(0)),
        (&SILENT, r#""expires_in":3600"#, Some(3600)),
    ] {
        let body = format!(r#"{{"access_token":"at",{members}}}"#);
        assert_eq!(lifetime(quirks, &body), expected, "{members}");
    }
}

fn shown(request: &TokenRequest) -> String {
    let headers: Vec<_> = request.headers.iter().map(|header| (&*header.name, header.value.expose())).collect();
    format!("{} {} {headers:?} {} {:?}", request.method, request.url.0, request.body.expose(), request.carries)
}

#[test]
fn an_entry_without_quirks_is_one_whose_quirks_are_absent() {
    for (browser, own_client, expected) in [
        (
            Some(true),
            false,
            "grant_type=authorization_code&code=c-1&redirect_uri=https%3A%2F%2Fapp.test%2Fcallback&audience=api&\
             code_verifier=verifier&client_id=id&client_secret=shh Operator",
        ),
        (
            Some(false),
            false,
            "grant_type=authorization_code&code=c-1&audience=api&client_id=id&client_secret=shh Operator",
        ),
        (
            None,
            true,
            "grant_type=refresh_token&tenant=t&refresh_token=rt&client_id=own-id&client_secret=own-secret \
             Customer",
        ),
    ] {
        let standard = shown(&request(&MODE, None, browser, own_client));
        assert!(standard.ends_with(expected), "{standard}");
        assert_eq!(standard, shown(&request(&MODE, Some(&SILENT), browser, own_client)));
    }
}

#[test]
fn a_parameter_with_the_operators_secret_makes_a_request_the_operators_whatever_the_client() {
    let in_params = TokenEndpoint { params: SECRET, ..ENDPOINT };
    let in_refresh = TokenEndpoint { refresh_params: SECRET, ..ENDPOINT };
    for (token, browser) in [(in_params, Some(true)), (in_refresh, None)] {
        for quirks in [None, Some(&SILENT)] {
            let request = request(&OAuth2 { token, ..MODE }, quirks, browser, true);
            assert!(request.body.expose().contains("app_secret=shh"));
            assert_eq!(request.carries, SecretOwner::Operator, "{}", shown(&request));
        }
    }
}
