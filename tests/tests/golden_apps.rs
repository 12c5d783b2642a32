//! Recorded installations: the pages, the token request and the calls of `APP` and `INSTALL_PLUGIN`.
//!
//! Two things are not the recording's: an app's JWT is backdated by a minute, so its claims and not its bytes are
//! compared, and the plugin's page, whose app link the recording does not say, is given here.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::auth::exchange::{Answer, Ask, Grant, Step};
use keyway::auth::{page, step};
use keyway::clock::Moment;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, plan};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Value, json};

const NOW: i64 = 1_767_323_045;

/// The lines of a file that are about these modes, with their entries.
fn lines(file: &str) -> Vec<(Value, &'static ProviderSpec)> {
    let (Some(path), Some(specs)) =
        (keyway_tests::shared(&format!("golden/{file}.jsonl")), keyway_tests::corpus::specs())
    else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found = lines.filter_map(|line| Some((line["provider"].as_str().and_then(|key| specs.get(key))?, line)));
    found
        .filter(|(spec, _)| matches!(spec.auth, Auth::App(_) | Auth::Custom(_) | Auth::InstallPlugin(_)))
        .map(|(spec, line)| (line, spec))
        .collect()
}

fn with<T>(line: &Value, spec: &ProviderSpec, run: impl FnOnce(&Inputs<'_>) -> T) -> T {
    let input = &line["input"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let config: ConfigMap = input["connection_config"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect();
    let link = config.get("appPublicLink").cloned().unwrap_or_else(|| "https://github.com/apps/my-app".to_owned());
    let given = &input["integration"];
    let mut integration = IntegrationRecord::default()
        .client_secret(text(&given["oauth_client_secret"]).unwrap_or_else(|| "unused".to_owned()))
        .app_link(link);
    integration.client_id = text(&given["oauth_client_id"]).or(text(&input["client_id"]));
    let stored = &input["credentials"];
    let mut credentials = match (stored["username"].as_str(), stored["password"].as_str()) {
        (Some(username), Some(password)) => Credentials::basic(username, password),
        _ => Credentials::default(),
    };
    credentials.token = text(&stored["access_token"]).map(Token::new);
    run(&Inputs {
        spec,
        integration: &integration,
        config: &config,
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials: &credentials,
        moment: &Moment { now: keyway::clock::Timestamp::from_second(NOW).unwrap(), uuid: String::new() },
    })
}

#[test]
fn installation_pages_are_the_recorded_ones() {
    for (line, spec) in lines("authorize") {
        let state = line["input"]["state"].as_str().unwrap();
        let ask = Ask { redirect_uri: "https://r.test", scopes: &[], state, verifier: "v" };
        let Step::Done(page) = with(&line, spec, |inputs| page(inputs, ask, &[])).unwrap() else { panic!() };
        assert_eq!(line["output"]["url"], page.url);
    }
}

#[test]
fn installation_tokens_are_asked_for_as_recorded() {
    for (line, spec) in lines("token") {
        let next = |answers: &[Answer]| with(&line, spec, |inputs| step(inputs, Grant::Renewal, answers)).unwrap();
        let Step::Send(request) = next(&[]) else { panic!("a request comes first") };
        let recorded = &line["requests"][0];
        assert_eq!((recorded["url"].as_str(), &recorded["body"]), (Some(request.url.0.as_str()), &json!("{}")));
        let claims = |header: &str| {
            let part = header.split('.').nth(1).unwrap();
            serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        let theirs = claims(recorded["headers"]["authorization"].as_str().unwrap());
        let ours = claims(request.header("authorization").unwrap().expose());
        assert_eq!(theirs, json!({"iat": NOW, "exp": NOW + 600, "iss": ours["iss"]}));
        assert_eq!((&ours["iat"], &ours["exp"]), (&json!(NOW - 60), &json!(NOW + 540)));
        let answer = Answer {
            status: 200,
            headers: http::HeaderMap::new(),
            body: line["responses"][0]["body"].as_str().unwrap().into(),
            received: keyway::clock::Timestamp::from_second(NOW).unwrap(),
            secrets: Vec::new(),
            kept: false,
        };
        let Step::Done(granted) = next(&[answer]) else { panic!("one answer is enough") };
        let (token, result) = (granted.token.unwrap(), &line["result"]["credentials"]);
        assert_eq!(result["access_token"], token.access.expose());
        assert_eq!(result["expires_at"], token.expires_at.unwrap().to_string());
    }
}

#[test]
fn calls_of_installations_are_the_recorded_ones() {
    for (line, spec) in lines("proxy") {
        let asked = &line["input"]["request"];
        let call = Call::new(asked["method"].as_str().unwrap().parse().unwrap(), asked["endpoint"].as_str().unwrap());
        let planned = with(&line, spec, |inputs| plan(inputs, &call)).unwrap();
        let header =
            |name: &str| planned.headers.iter().find(|header| header.name == name).map(|header| header.value.expose());
        for name in ["authorization", "x-crisp-tier"] {
            assert_eq!(line["output"]["headers"][name].as_str(), header(name), "{} {name}", spec.key);
        }
    }
}
