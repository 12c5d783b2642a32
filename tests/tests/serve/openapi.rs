//! `/openapi.json` and `/docs` as they are served, and `docs/http.md` against the document: both name the same routes,
//! members, parameters and codes.

use crate::setup::{start, start_with_config};
use keyway_tests::source::workspace_root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn the_description_needs_no_key_and_is_cached() {
    let server = start().await;
    let first = server.browser.get("/openapi.json").await.unwrap();
    assert_eq!((first.status.as_u16(), first.header("content-type")), (200, "application/json"));
    assert_eq!(first.header("cache-control"), "no-cache");
    let again = server.browser.with("if-none-match", first.header("etag")).get("/openapi.json").await.unwrap();
    assert_eq!((again.status.as_u16(), again.text().as_str()), (304, ""));
    let asked = server.browser.get("/openapi.json?x=1").await.unwrap();
    assert_eq!((asked.status.as_u16(), asked.header("keyway-error")), (400, "invalid_request"));
    let page = server.browser.get("/docs").await.unwrap();
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("href=\"openapi.json\""), "beside the page, also below a path of a reverse proxy");

    let without = start_with_config(|config| config.pages(false)).await;
    assert_eq!(without.browser.get("/docs").await.unwrap().status, 404);
    assert_eq!(without.browser.get("/openapi.json").await.unwrap().status, 200);
}

/// A refusal of a method that a route has not names those that it has (RFC 9110 section 15.5.6).
#[tokio::test]
async fn a_refused_method_comes_with_those_there_are() {
    let server = start().await;
    for (method, path, allowed) in [
        ("PUT", "/integrations", "GET,HEAD,POST"),
        ("TRACE", "/proxy/x", "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"),
        ("HEAD", "/oauth/callback", "GET"),
        ("HEAD", "/connect/x", "GET, POST"),
    ] {
        let answer = server.client.send(method, path, "").await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{method} {path}");
    }
}

/// A page of an error says its code to programs, too.
#[tokio::test]
async fn a_page_of_an_error_has_its_code_in_the_header() {
    let server = start().await;
    for (path, code) in [
        ("/connect/mock-key", "invalid_request"),
        ("/connect/mock-key?token=x", "invalid_state"),
        ("/oauth/connect/mock-key?token=x", "invalid_state"),
        ("/oauth/callback?state=x", "invalid_state"),
    ] {
        let answer = server.browser.get(path).await.unwrap();
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (400, code), "{path}");
    }
}

async fn document() -> Value {
    start().await.browser.get("/openapi.json").await.unwrap().json()
}

fn page() -> String {
    std::fs::read_to_string(workspace_root().join("docs/http.md")).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, operations)| {
        let each = operations.as_object().unwrap().iter();
        each.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

/// The pieces of code of a text, blocks of code left out.
fn code(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

/// The routes of headings: `GET /a`, `GET /b?c=...`.
#[tokio::test]
async fn the_page_and_the_document_name_the_same_routes() {
    let (document, page) = (document().await, page());
    let headings = page.lines().filter(|line| line.starts_with("### "));
    let named: BTreeSet<String> = headings
        .flat_map(code)
        .map(|route| route.split('?').next().unwrap().to_owned())
        .filter(|route| !route.starts_with("ANY "))
        .collect();
    let described: BTreeSet<String> =
        operations(&document).map(|(route, _)| route).filter(|route| !route.contains(" /proxy/")).collect();
    assert_eq!(named, described);
    assert!(page.contains("### `ANY /proxy/<raw target>`"));
}

/// The rows of the table of errors: a status and its codes.
#[tokio::test]
async fn the_page_and_the_document_name_the_same_codes_under_each_status() {
    let (document, page) = (document().await, page());
    let table = page.split("\n## Errors").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut named: BTreeSet<(String, String)> = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()) {
        let status = row.split('|').nth(1).unwrap().trim().to_owned();
        let codes = code(row).into_iter().filter(|word| {
            word.contains('_') && !word.contains("error_description")
                || ["busy", "conflict", "internal", "unauthorized", "unsupported"].contains(word)
        });
        named.extend(codes.map(|code| (status.clone(), code.to_owned())));
    }
    let mut described = BTreeSet::new();
    let routes = operations(&document).flat_map(|(_, operation)| operation["responses"].as_object().unwrap());
    let no_route = document["components"]["responses"].as_object().unwrap();
    let no_route = no_route.iter().map(|(name, answer)| (name.trim_start_matches("NoRoute"), answer));
    for (status, answer) in routes.map(|(status, answer)| (status.as_str(), answer)).chain(no_route) {
        let codes = answer["headers"]["keyway-error"]["schema"]["enum"].as_array();
        described
            .extend(codes.into_iter().flatten().map(|code| (status.to_owned(), code.as_str().unwrap().to_owned())));
    }
    assert_eq!(named, described);
}

/// Every member of a body and every parameter stands in the page, as code.
#[tokio::test]
async fn the_page_names_every_member_and_every_parameter_of_the_document() {
    let (document, page) = (document().await, page());
    let words: BTreeSet<&str> = page
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut missing: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let members = schema["properties"].as_object().into_iter().flatten();
        let unnamed = members.map(|(member, _)| member.as_str()).filter(|member| !words.contains(member));
        missing.entry(name.clone()).or_default().extend(unnamed);
    }
    for (route, operation) in operations(&document) {
        let names = operation["parameters"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str());
        missing.entry(route).or_default().extend(names.filter(|name| !words.contains(name)));
    }
    missing.retain(|_, names| !names.is_empty());
    assert_eq!(missing, BTreeMap::new());
}

/// The other way: what the tables of members and parameters of the page have is in the document.
#[tokio::test]
async fn the_document_has_every_member_and_every_parameter_of_the_pages_tables() {
    let (document, page) = (document().await, page());
    let mut known: BTreeSet<String> = BTreeSet::new();
    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        known.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    for (_, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().unwrap() {
            known.insert(parameter["name"].as_str().unwrap().to_owned());
        }
    }
    let (mut unknown, mut seen) = (Vec::new(), 0);
    let mut is_about_members = false;
    for line in page.lines() {
        match line.strip_prefix("| ").map(|row| row.split(" |").next().unwrap_or_default()) {
            Some("member" | "parameter" | "request header") => is_about_members = true,
            Some(first) if is_about_members && line.contains('`') => {
                for name in code(first).into_iter().filter(|name| !name.contains("Proxy-<Name>")) {
                    seen += 1;
                    let name = name.split('[').next().unwrap_or_default();
                    if !known.contains(name) {
                        unknown.push(line);
                    }
                }
            }
            None if !line.starts_with('|') => is_about_members = false,
            _ => {}
        }
    }
    assert_eq!(unknown, Vec::<&str>::new());
    assert!(seen > 30, "{seen}");
}
