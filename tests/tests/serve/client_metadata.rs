//! The metadata document of an integration's client.

use crate::setup::{start, start_with};
use keyway::integration::IntegrationRecord;
use keyway_spec::{Auth, ProviderSpec};
use keyway_tests::catalogue::OAUTH;
use serde_json::json;

static MCP: ProviderSpec =
    ProviderSpec { key: "mock-mcp", display_name: "Mock", auth: Auth::McpOAuth2Generic, ..ProviderSpec::EMPTY };

#[tokio::test]
async fn a_document_is_public_and_only_there_for_integrations_that_need_one() {
    let server = start_with(|builder| {
        let record = IntegrationRecord::without_scopes("tools", MCP.key).client_secret("operator-canary");
        let base = "https://keyway.test/oauth/client-metadata".parse().unwrap();
        builder.catalogue([&MCP].into_iter().collect()).client_metadata(base).integration_record(record)
    })
    .await;
    // There is one for each authorization server, as there is a redirect URI.
    let issuer = "https://as.example.com/tenant";
    let shown = server.client.get(&format!("/integrations/tools?issuer={issuer}")).await.unwrap().json();
    let (uri, name) = shown["redirect_uri"].as_str().and_then(|uri| Some((uri, uri.rsplit_once('/')?.1))).unwrap();
    let answer = server.browser.get(&format!("/oauth/client-metadata/tools/{name}")).await.unwrap();
    let document = answer.json();
    assert_eq!(document["client_id"], format!("https://keyway.test/oauth/client-metadata/tools/{name}"));
    assert_eq!(document["token_endpoint_auth_method"], "none");
    assert_eq!(document["redirect_uris"], json!([uri]));
    assert!(!answer.text().contains("canary"), "{document}");
    for other in [OAUTH, "nothing", "tools", "tools/x"] {
        let answer = server.browser.get(&format!("/oauth/client-metadata/{other}")).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (404, "unknown_integration"), "{other}");
    }
}

#[tokio::test]
async fn without_a_public_https_url_there_is_no_document() {
    let server = start().await;
    let answer = server.browser.get("/oauth/client-metadata/tools").await.unwrap();
    assert_eq!(answer.status.as_u16(), 404);
}
