//! Entries of modes that sign, install and discover walk with the real runtime to the end of their grants.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod support;

use keyway_trial::walk::StepVerdict;
use support::{entry, walked};

const HEAD: &str = "acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
";

const ROLE: &str = "  auth_mode: AWS_SIGV4
  credentials:
    role_arn:
      {type: string, title: Role, description: Its ARN., example: 'arn:aws:iam::123456789012:role/reader'}
  connection_config:
    region: {type: string, title: Region, description: The region of calls., example: eu-central-1, optional: true}
    service: {type: string, title: Service, description: The service of calls., automated: true}
  integration_config:
    service: {type: string, title: Service, description: The service of calls., example: s3}
    defaultRegion: {type: string, title: Region, description: The usual region., example: us-east-1, optional: true}
  proxy: {base_url: 'https://${connectionConfig.service}.${connectionConfig.region}.amazonaws.com'}
";

const APP: &str = "  auth_mode: APP
  authorization_url: ${connectionConfig.appPublicLink}/installations/new
  token_url: https://api.acme.example/app/installations/${connectionConfig.installation_id}/access_tokens
  connection_config:
    appPublicLink: {type: string, title: App, description: The page of the app., format: uri, automated: true}
    installation_id: {type: string, title: Installation, description: Its id., example: '17', automated: true}
  proxy: {base_url: 'https://api.acme.example'}
";

const CUSTOM: &str = "  auth_mode: CUSTOM
  authorization_url: ${connectionConfig.appPublicLink}/installations/new
  token_url:
    OAUTH2: https://acme.example/access_token
    APP: https://api.acme.example/app/installations/${connectionConfig.installation_id}/access_tokens
  connection_config:
    appPublicLink: {type: string, title: App, description: The page of the app., format: uri, automated: true}
    installation_id: {type: string, title: Installation, description: Its id., example: '17', automated: true}
  proxy: {base_url: 'https://api.acme.example'}
";

const PLUGIN: &str = "  auth_mode: INSTALL_PLUGIN
  auth_type: BASIC
  redirect_uri_metadata: [website_id]
  proxy:
    base_url: https://api.acme.example
    verification: {method: GET, endpoints: [/account]}
";

const MCP: &str = "  auth_mode: MCP_OAUTH2_GENERIC
  connection_config:
    mcp_server_url:
      type: string
      title: Server
      description: The URL of the server.
      example: https://tools.acme.example/mcp
      pattern: '^https://[a-zA-Z0-9.-]+(/.*)?$'
  proxy: {base_url: '${connectionConfig.mcp_server_url}'}
";

#[test]
fn modes_that_sign_install_and_discover_walk_to_the_end() {
    for (mode, steps) in [
        (
            ROLE,
            "form, token, wrong credential, read, write, pages, limit, renewal, renewal at once, end of the grant, \
                connecting again, disconnecting",
        ),
        (
            APP,
            "form, page, token, read, write, pages, limit, renewal, renewal at once, end of the grant, connecting \
               again, disconnecting",
        ),
        (
            CUSTOM,
            "form, page, token, read, write, pages, limit, renewal, renewal at once, refresh tokens, end of the \
                  grant, connecting again, disconnecting",
        ),
        (PLUGIN, "form, page, probe, read, write, pages, limit"),
        (
            MCP,
            "form, discovery, page, token, read, write, pages, limit, renewal, renewal at once, refresh tokens, end \
               of the grant, connecting again, disconnecting",
        ),
    ] {
        let found = walked(entry(&format!("{HEAD}{mode}")));
        let failed: Vec<_> = found.iter().filter(|(_, verdict, _)| *verdict == StepVerdict::Failed).collect();
        assert!(failed.is_empty(), "{mode}{failed:#?}");
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names.join(", "), steps, "{mode}");
    }
}

#[test]
fn errors_in_bodies_and_steps_of_offsets_walk() {
    let found = walked(entry(&format!(
        "{HEAD}{}",
        "  auth_mode: API_KEY
  credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
  proxy:
    base_url: https://api.acme.example
    headers: {authorization: 'Bearer ${apiKey}'}
    retry: {after: [retry-after]}
    verification: {method: GET, endpoints: [/me]}
    paginate: {type: offset, offset_name_in_request: offset, response_path: entries}
  keyway:
    paginate: {offset_step: limit}
    errors:
      - {when: {code: limited}, counts_as: 429}
      - when: {ok: false}
"
    )));
    let words = |step: &str| {
        let (_, verdict, words) = found.iter().find(|(name, ..)| name == step).unwrap();
        assert_eq!(*verdict, StepVerdict::Walked, "{step}: {words}");
        words.as_str()
    };
    assert_eq!(words("wrong credential"), "it is refused, and not stored");
    assert_eq!(words("limit"), "called again after 7 s");
    assert_eq!(words("pages"), "2 items on 2 pages, 3 requests");
}

/// A token that no refresh token renews: with itself while it lives, or by the client without the customer.
#[test]
fn tokens_that_renew_without_a_refresh_token_walk() {
    for (refresh, renewal, end) in [
        (
            "{url: 'https://acme.example/renew', method: GET, grant: access_token, client_auth: none,
              params: {token: '${accessToken}'}}",
            "the token is renewed with itself before its end",
            "the customer has to connect again",
        ),
        (
            "{url: 'https://acme.example/renew', grant: client_credentials, client_auth: basic, params: {scope: null}}",
            "the token is renewed before the call",
            "the client obtains another token by itself; the call answers 401",
        ),
    ] {
        let found = walked(entry(&format!(
            "{HEAD}  auth_mode: OAUTH2
  authorization_url: https://acme.example/authorize
  token_url: https://acme.example/token
  proxy: {{base_url: 'https://api.acme.example'}}
  keyway: {{token: {{refresh: {refresh}}}}}
"
        )));
        let failed: Vec<_> = found.iter().filter(|(_, verdict, _)| *verdict == StepVerdict::Failed).collect();
        assert!(failed.is_empty(), "{refresh}\n{failed:#?}");
        let said = |step: &str| found.iter().find(|(name, ..)| name == step).map(|(_, _, words)| words.as_str());
        assert_eq!(said("renewal"), Some(renewal), "{refresh}");
        assert_eq!(said("renewal at once"), Some("10 calls, one renewal"), "{refresh}");
        assert_eq!(said("end of the grant"), Some(end), "{refresh}");
    }
}
