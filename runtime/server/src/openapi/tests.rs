//! The table against the rest of the server: routes, names of members and of parameters, examples.

use super::all::ALL;
use super::document::document;
use super::files::{DOCUMENT, ROUTES, api_files, text};
use super::operation::{Access, ApiOperation, JSON};
use super::parameter::ParameterPlace;
use super::{show, show_page};
use crate::{ServerConfig, connections, input, integrations, offer, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, Response};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use keyway::catalogue::Catalogue;
use keyway::{Keyway, Secret};
use keyway_spec::ProviderSpec;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const KEY: &str = "0123456789abcdef";

static PLAIN: ProviderSpec = ProviderSpec { key: "plain", ..ProviderSpec::EMPTY };

fn server() -> TowerToHyperService<Router> {
    let catalogue: Catalogue = [&PLAIN].into_iter().collect();
    let keyway = Keyway::builder().catalogue(catalogue).build().unwrap();
    let config = ServerConfig::new(crate::ApiKey::new(&Secret::new(KEY)).unwrap(), "https://kw.test".parse().unwrap());
    TowerToHyperService::new(router(keyway, config))
}

/// The path of an operation with something in the place of its variables.
fn path(operation: &ApiOperation) -> String {
    let pieces = operation.path.split('/');
    pieces.map(|piece| if piece.starts_with('{') { "plain" } else { piece }).collect::<Vec<_>>().join("/")
}

async fn ask(server: &TowerToHyperService<Router>, method: &Method, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header("host", "kw.test");
    let request = request.header("authorization", format!("Bearer {KEY}")).body(Body::from(body.to_string())).unwrap();
    let response: Response<Body> = server.call(request).await.unwrap();
    let status = response.status().as_u16();
    let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&text).unwrap_or_default())
}

/// The document as the table has it now.
static TABLE: LazyLock<Value> = LazyLock::new(document);

#[test]
fn what_is_served_is_what_the_table_says() {
    let again = "run `cargo run -p keyway-server --example openapi`";
    for (file, kept) in api_files().iter().zip([DOCUMENT, ROUTES]) {
        let served = text(kept);
        let first = served.lines().zip(file.text.lines()).find(|(served, text)| served != text);
        assert_eq!(first, None, "{}: {again}", file.name);
        assert!(served == file.text && !served.is_empty(), "{}: {again}", file.name);
    }
}

#[tokio::test]
async fn the_router_has_every_operation_of_the_table() {
    let server = server();
    for operation in ALL {
        let path = path(operation);
        let (status, answer) = ask(&server, &operation.method, &path, &json!({})).await;
        let code = answer["error"]["code"].as_str().unwrap_or_default();
        assert!(!["not_found", "method_not_allowed"].contains(&code), "{} {path}: {status} {code}", operation.method);
        if let Some(allowed) = operation.head_refused {
            let methods = ALL.iter().filter(|other| other.path == operation.path).map(|other| other.method.as_str());
            assert_eq!(allowed, methods.collect::<Vec<_>>().join(", "), "{path}");
        }
        if operation.method == Method::GET {
            let (status, _) = ask(&server, &Method::HEAD, &path, &json!({})).await;
            assert_eq!(status != 405, operation.head_refused.is_none(), "HEAD {path}");
        }
    }
}

/// A router does not tell its routes, so this reads how it is made.
#[test]
fn the_router_has_no_route_of_the_api_that_is_not_in_the_table() {
    let made = include_str!("../lib.rs");
    let by_hand: Vec<&str> =
        made.split(".route(\"").skip(1).filter_map(|rest| rest.split(',').next()).map(str::trim).collect();
    assert_eq!(by_hand, ["/proxy\"", "/proxy/\"", "/proxy/{*target}\""], "any method, also those of no document");
    let served = made.matches(".serves(").count();
    let listed = ALL.iter().filter(|operation| !operation.path.starts_with("/proxy")).count();
    assert_eq!(served, listed);
}

#[tokio::test]
async fn only_what_wants_no_key_is_answered_without_one() {
    let server = server();
    for operation in ALL {
        let request = Request::builder().method(&operation.method).uri(path(operation)).header("host", "kw.test");
        let response: Response<Body> = server.call(request.body(Body::empty()).unwrap()).await.unwrap();
        let refused = response.status() == 401;
        assert_eq!(refused, operation.access != Access::Open, "{} {}", operation.method, operation.path);
    }
}

/// The members that a schema of the document names, those of its objects behind a dot.
fn documented(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    let target = schema["anyOf"][0]["$ref"].as_str().or(schema["$ref"].as_str());
    let schema = target.map_or(schema, |target| TABLE.pointer(target.strip_prefix('#').unwrap()).unwrap());
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let name = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        documented(member, &name, found);
        found.insert(name);
    }
}

#[tokio::test]
async fn each_documented_member_is_read_and_each_member_that_is_read_is_documented() {
    let server = server();
    let made = ask(&server, &Method::POST, "/integrations", &json!({"provider": "plain", "key": "two"})).await;
    assert_eq!(made.0, 201, "{}", made.1);
    let settings = json!({
        "key": "three", "client_id": "a", "client_secret": "a", "scopes": [], "allowed_hosts": [], "base_url": null,
        "custom": {}, "app_link": null, "shared_redirect_uri": false, "unknown_outcome": "retry",
    });
    let mut new = settings.clone();
    new["provider"] = json!("plain");
    let credentials = json!({
        "type": null, "access_token": "a", "refresh_token": "a", "expires_at": "2030-01-31T12:00:00Z", "expires_in": 1,
        "assertion_option": {"a": "b"},
    });
    let connection = json!({
        "integration": "plain", "connection_id": "a", "config": {}, "metadata": {}, "credentials": credentials,
        "verify": false,
    });
    let session = json!({"integration": "plain", "connection_id": "a", "return_url": "https://a.test/", "origins": []});
    let form = json!({"token": "a", "config": {}, "credentials": {}, "assertion_option": {}});
    for (method, path, body, schema) in [
        ("POST", "/integrations", new, "NewIntegration"),
        ("PATCH", "/integrations/two", settings, "IntegrationChange"),
        ("POST", "/connections", connection, "NewConnection"),
        ("PATCH", "/connections/a?integration=plain", json!({"metadata": {}}), "ConnectionChange"),
        ("POST", "/connect/sessions", session, "NewSession"),
        ("POST", "/connect/two", form, "SubmittedForm"),
        ("POST", "/oauth/choice", json!({"token": "a", "value": "a"}), "MadeChoice"),
    ] {
        input::recording::take();
        let (status, answer) = ask(&server, &method.parse().unwrap(), path, &body).await;
        assert_ne!(answer["error"]["code"], "invalid_request", "{method} {path}: {status} {answer}");
        let mut expected = BTreeSet::new();
        documented(&TABLE["components"]["schemas"][schema], "", &mut expected);
        let given: BTreeSet<String> = body.as_object().unwrap().keys().cloned().collect();
        assert_eq!(given.difference(&expected).next(), None, "{schema}");
        assert_eq!(input::recording::take(), expected, "{schema}");
    }
}

#[test]
fn the_parameters_of_queries_are_those_that_handlers_take() {
    let documented: BTreeMap<&str, BTreeSet<&str>> = ALL
        .iter()
        .map(|operation| {
            let in_query = operation.parameters.iter().filter(|one| one.place == ParameterPlace::Query);
            (operation.id, in_query.map(|one| one.name).collect())
        })
        .collect();
    for (id, names) in [
        ("getIntegration", &integrations::QUERY[..]),
        ("listConnections", &connections::LIST_QUERY),
        ("getConnection", &connections::SHOW_QUERY),
        ("changeConnection", &connections::CHANGE_QUERY),
        ("deleteConnection", &connections::DELETE_QUERY),
        ("submitForm", &["token"]),
        ("openLink", &["token", "user_scope"]),
        ("chooseIntegration", &offer::QUERY),
        ("getForm", &["token", "user_scope"]),
    ] {
        assert_eq!(documented[id], names.iter().copied().collect(), "{id}");
    }
}

#[test]
fn every_variable_of_a_path_is_described_and_every_id_is_used_once() {
    let ids: BTreeSet<&str> = ALL.iter().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for operation in ALL {
        let in_path = operation.parameters.iter().filter(|one| one.place == ParameterPlace::Path);
        let described: Vec<String> = in_path.map(|one| format!("{{{}}}", one.name)).collect();
        let variables: Vec<&str> = operation.path.split('/').filter(|piece| piece.starts_with('{')).collect();
        assert_eq!(described, variables, "{}", operation.path);
    }
    // A second type of one name would be called so by `schemars`.
    let numbered: Vec<&String> = TABLE["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| name.ends_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!(numbered, Vec::<&String>::new());
}

#[test]
fn examples_fit_their_schemas() {
    let mut seen = 0;
    for (path, operations) in TABLE["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let answers = operation["responses"].as_object().unwrap().values();
            for body in answers.chain(operation.get("requestBody")) {
                let content = &body["content"][JSON];
                let several = content["examples"].as_object().into_iter().flatten().map(|(_, one)| &one["value"]);
                let examples: Vec<&Value> = content.get("example").into_iter().chain(several).collect();
                seen += examples.len();
                let mut schema = content["schema"].clone();
                schema["components"] = TABLE["components"].clone();
                let validator = jsonschema::validator_for(&schema).unwrap();
                for example in examples {
                    let errors: Vec<String> = validator.iter_errors(example).map(|error| error.to_string()).collect();
                    assert_eq!(errors, Vec::<String>::new(), "{path}: {example}");
                }
            }
        }
    }
    assert!(seen > 18, "{seen}");
}

#[tokio::test]
async fn a_caller_that_has_the_document_gets_it_once() {
    let first = show(HeaderMap::new()).await;
    let tag = first.headers()["etag"].clone();
    assert_eq!(
        (first.status().as_u16(), &first.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    let text = to_bytes(first.into_body(), usize::MAX).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&text).unwrap()["openapi"], "3.1.0");
    let weak = format!("\"other\", W/{}", tag.to_str().unwrap());
    for (value, status) in
        [(tag.to_str().unwrap(), 304), (weak.as_str(), 304), ("*", 304), ("\"other\"", 200), ("", 200)]
    {
        let headers = HeaderMap::from_iter([(http::header::IF_NONE_MATCH, value.parse().unwrap())]);
        let again = show(headers).await;
        assert_eq!((again.status().as_u16(), &again.headers()["etag"]), (status, &tag), "{value}");
    }
}

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_nothing() {
    let page = show_page().await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("form-action 'none'"), "{policy}");
    let html = String::from_utf8(to_bytes(page.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    for operation in ALL {
        for part in [
            format!("<section class=\"card\" id=\"{}\">", operation.id),
            format!("<a href=\"#{}\"><code>{} {}</code></a>", operation.id, operation.method, operation.path),
        ] {
            assert_eq!(html.matches(&part).count(), 1, "{part}");
        }
    }
    for forbidden in ["<script", "<img", "<link", " src=", " style=", "http-equiv"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for part in [
        "<code>credentials.access_token</code>",
        "<code>connections[].reconnect_needed</code>",
        "One of <code>retry</code>, <code>final</code>, <code>null</code>.",
        "<dt>401</dt><dd><code>unauthorized</code> </dd>",
    ] {
        assert!(html.contains(part), "{part}");
    }
}
