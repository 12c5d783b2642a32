//! Mistakes in entries, and the layer that tells each: what `check` says of the text, what a walk meets, and what the
//! vendor's own answers show. Some no layer tells: they are the vendor's page to read, or a second source's.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod support;

use support::{caught, entry, replayed};

/// Signs in with a code, in JSON, with HTTP Basic; pages by cursor; tells waits in milliseconds.
const OAUTH: &str = "acme:
  display_name: Acme
  docs: https://docs.acme.com/api
  categories: [crm]
  auth_mode: OAUTH2
  authorization_url: https://acme.com/oauth/authorize
  authorization_params: {access_type: offline}
  token_url: https://acme.com/oauth/token
  token_request_auth_method: basic
  refresh_params: {grant_type: refresh_token}
  scope_separator: ','
  token_response_metadata: [team_id]
  connection_config:
    subdomain: {type: string, title: Name, description: Before .acme.com., example: globex, pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'}
    team_id: {type: string, title: Team, description: Comes with the token., automated: true}
  proxy:
    base_url: https://${connectionConfig.subdomain}.acme.com
    headers: {acme-team: '${connectionConfig.team_id}', acme-version: '2'}
    retry: {after: [x-wait-ms]}
    paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: meta.next, limit_name_in_request: limit, response_path: items}
  keyway:
    retry: {after_unit: milliseconds}
    token: {expires_in_unit: minutes}
    revocation: {url: 'https://acme.com/oauth/revoke'}
    scopes: [contacts.read, contacts.write]
";

/// A key in a header behind a word, with a probe; counts pages.
const KEY: &str = "acme:
  display_name: Acme
  docs: https://docs.acme.com/api
  categories: [crm]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: API key, description: Made in the settings.}
  proxy:
    base_url: https://api.acme.com
    headers: {authorization: 'Token ${apiKey}'}
    retry: {at: [x-reset], remaining: x-left, error_code: ['403', '429', 5xx]}
    paginate: {type: offset, offset_name_in_request: page, offset_start_value: 1, offset_calculation_method: per-page, response_path: data}
    verification: {method: GET, endpoints: [/v1/me]}
";

/// The answers that the first one's vendor prints.
const OAUTH_SAMPLES: [(&str, &str); 4] = [
    (
        "token.http",
        "# lifetime: 3600\n# refresh_token: yes\nHTTP/1.1 200 OK\n\n{\"access_token\": \"a\", \"expires_in\": 60, \"refresh_token\": \"r\", \"team_id\": \"t1\"}\n",
    ),
    (
        "refresh.http",
        "# lifetime: 3600\nHTTP/1.1 200 OK\n\n{\"access_token\": \"b\", \"expires_in\": 60, \"refresh_token\": \"r2\", \"team_id\": \"t1\"}\n",
    ),
    (
        "page.http",
        "# request: GET /v1/contacts?limit=2\n# items: 2\n# next: after=c2\nHTTP/1.1 200 OK\n\n{\"items\": [{\"id\": 1}, {\"id\": 2}], \"meta\": {\"next\": \"c2\"}}\n",
    ),
    ("limited.http", "# wait: 15\nHTTP/1.1 429 Too Many Requests\nx-wait-ms: 15000\n\n"),
];

/// Those of the second.
const KEY_SAMPLES: [(&str, &str); 4] = [
    ("refused.http", "HTTP/1.1 401 Unauthorized\n\n{\"error\": \"no such key\"}\n"),
    ("page.http", "# request: GET /v1/contacts\n# items: 2\n# next: page=2\nHTTP/1.1 200 OK\n\n{\"data\": [1, 2]}\n"),
    (
        "limited.http",
        "# at: 2026-01-02T03:04:05Z\n# wait: 55\nHTTP/1.1 403 Forbidden\nx-left: 0\nx-reset: 1767323100\n\n",
    ),
    ("probe.http", "HTTP/1.1 200 OK\n\n{\"id\": 1}\n"),
];

#[track_caller]
fn check(base: &str, samples: &[(&str, &str)], mutations: &[(&str, &str, &str)]) {
    assert_eq!(caught(base, base, samples), "nothing", "the entry itself is right");
    let mut wrong = Vec::new();
    for (from, to, expected) in mutations {
        let mutated = base.replacen(from, to, 1);
        assert_ne!(mutated, *base, "`{from}` is not in the entry");
        let told = caught(base, &mutated, samples);
        if told != *expected {
            wrong.push(format!("`{from}` -> `{to}`: {told}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_layer_that_tells_a_mistake_in_an_entry_of_a_code_flow() {
    check(
        OAUTH,
        &OAUTH_SAMPLES,
        &[
            // Units.
            ("expires_in_unit: minutes", "expires_in_unit: seconds", "recorded"),
            ("expires_in_unit: minutes", "expires_in_unit: milliseconds", "recorded"),
            ("after_unit: milliseconds", "after_unit: seconds", "recorded"),
            ("after_unit: milliseconds", "after_unit: minutes", "recorded"),
            // Paths and names of answers.
            ("cursor_path_in_response: meta.next", "cursor_path_in_response: next", "recorded"),
            ("response_path: items", "response_path: data", "recorded"),
            ("cursor_name_in_request: after", "cursor_name_in_request: cursor", "recorded"),
            (
                "type: cursor, cursor_name_in_request: after, cursor_path_in_response: meta.next",
                "type: offset, offset_name_in_request: offset",
                "recorded",
            ),
            (
                "type: cursor, cursor_name_in_request: after, cursor_path_in_response: meta.next",
                "type: link, link_rel_in_response_header: next",
                "recorded",
            ),
            ("after: [x-wait-ms]", "after: [x-wait]", "recorded"),
            ("after: [x-wait-ms]", "at: [x-wait-ms]", "check"),
            ("token_response_metadata: [team_id]", "token_response_metadata: [team.id]", "check consistent recorded"),
            ("  token_response_metadata: [team_id]\n", "", "check consistent"),
            // Names in templates, and what produces their values.
            ("${connectionConfig.subdomain}", "${connectionConfig.subdomian}", "check"),
            ("'${connectionConfig.team_id}'", "'${connectionConfig.team}'", "check"),
            (", automated: true", "", "check"),
            (
                "https://${connectionConfig.subdomain}.acme.com",
                "https://${connectionConfig.subdomain}",
                "consistent recorded",
            ),
            ("example: globex", "example: Globex Inc.", "check"),
            ("pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'", "pattern: '^[a-z0-9'", "check consistent recorded"),
            // Signing in, as only the vendor knows it.
            ("https://acme.com/oauth/token", "https://acme.com/oauth2/token", "nothing"),
            ("token_request_auth_method: basic\n", "token_request_auth_method: custom\n", "nothing"),
            ("scope_separator: ','", "scope_separator: ' '", "check"),
            ("https://acme.com/oauth/token", "http://acme.com/oauth/token", "check consistent recorded"),
            ("https://acme.com/oauth/authorize", "acme.com/oauth/authorize", "check consistent recorded"),
            ("access_type: offline", "redirect_uri: 'https://evil.example'", "check consistent"),
            ("access_type: offline", "response_type: token", "consistent"),
            (
                "refresh_params: {grant_type: refresh_token}",
                "refresh_params: {grant_type: authorization_code}",
                "check",
            ),
            (
                "url: 'https://acme.com/oauth/revoke'",
                "url: 'https://${connectionConfig.nobody}.acme.com/revoke'",
                "check",
            ),
        ],
    );
}

#[test]
fn the_layer_that_tells_a_mistake_in_an_entry_of_a_key() {
    check(
        KEY,
        &KEY_SAMPLES,
        &[
            // Where the key stands.
            ("headers: {authorization: 'Token ${apiKey}'}", "headers: {accept: application/json}", "check consistent"),
            ("'Token ${apiKey}'", "'Bearer Token ${apiKey}'", "check"),
            ("'Token ${apiKey}'", "'Token ${credentials.token}'", "check"),
            ("headers: {authorization: 'Token ${apiKey}'}", "query: {key: '${apiKey}'}", "nothing"),
            ("authorization: 'Token", "Authorization: 'Token", "check"),
            // The probe.
            ("endpoints: [/v1/me]", "endpoints: ['https://status.other.com/ping']", "check"),
            ("    verification: {method: GET, endpoints: [/v1/me]}\n", "", "check recorded"),
            ("method: GET, endpoints", "method: POST, endpoints", "nothing"),
            // Pages and limits.
            ("offset_calculation_method: per-page", "offset_calculation_method: by-response-size", "check recorded"),
            ("offset_start_value: 1", "offset_start_value: 0", "recorded"),
            ("response_path: data", "response_path: items", "recorded"),
            ("at: [x-reset]", "after: [x-reset]", "check recorded"),
            ("'403', '429', 5xx", "'429', 5xx", "nothing"),
            ("remaining: x-left", "remaining: x-remaining", "nothing"),
            ("https://api.acme.com", "https://api.acme.com/", "check"),
            ("https://api.acme.com", "https://docs.acme.com", "check"),
        ],
    );
}

/// Nine new APIs were once added by the book, and three were wrong without a word. Each is told now.
#[test]
fn three_entries_that_were_wrong_without_a_word_are_told() {
    let login = "milli:
  display_name: Milli
  docs: https://docs.milli.example
  categories: [cms]
  auth_mode: TWO_STEP
  credentials:
    username: {type: string, title: Email, description: Yours.}
    password: {type: string, title: Password, description: Its password., secret: true}
  token_url: https://api.milli.example/auth/login
  token_params: {email: '${credentials.username}', password: '${credentials.password}'}
  token_response: {token: data.access_token, token_expiration: data.expires, token_expiration_strategy: expireIn, refresh_token: data.refresh_token}
  proxy: {base_url: 'https://api.milli.example'}
";
    let token = (
        "token.http",
        "# lifetime: 900\nHTTP/1.1 200 OK\n\n{\"data\": {\"access_token\": \"a\", \"expires\": 900000, \"refresh_token\": \"r\"}}\n",
    );
    let unit = format!("{login}  keyway: {{token: {{expires_in_unit: milliseconds}}}}\n");
    let wait = KEY.replace(
        "{at: [x-reset], remaining: x-left, error_code: ['403', '429', 5xx]}",
        "{after: [x-rate-limit-time-reset-ms]}",
    );
    let in_ms = format!("{wait}  keyway: {{retry: {{after_unit: milliseconds}}}}\n");
    let reset = ("limited.http", "# wait: 15\nHTTP/1.1 429 Too Many Requests\nx-rate-limit-time-reset-ms: 15000\n\n");
    let pair = KEY.replace(
        "{at: [x-reset], remaining: x-left, error_code: ['403', '429', 5xx]}",
        "{remaining: x-ratelimit-usage}",
    );
    let limits = KEY.replace("    retry: {at: [x-reset], remaining: x-left, error_code: ['403', '429', 5xx]}\n", "")
        + "  keyway: {limits: [{form: list, used: x-ratelimit-usage, limit: x-ratelimit-limit, wait: 900}]}\n";
    let usage = (
        "limited.http",
        "# wait: 900\nHTTP/1.1 429 Too Many Requests\nx-ratelimit-limit: 200,2000\nx-ratelimit-usage: 201,1500\n\n",
    );
    for (wrong, right, sample, problem) in [
        (
            login,
            unit.as_str(),
            token,
            "differs: the vendor's page says that the token lasts 15 min (900 s), and 10 days 10 h",
        ),
        (wait.as_str(), in_ms.as_str(), reset, "differs: the vendor's page says 15 s, and 4 h 10 min is read"),
        (pair.as_str(), limits.as_str(), usage, "differs: the vendor's page says 15 min, and no wait is read"),
    ] {
        let problems = |yaml: &str| {
            let outcomes = replayed(entry(yaml), &[sample]);
            outcomes.iter().flat_map(|one| &one.problems).map(ToString::to_string).collect::<Vec<String>>()
        };
        let found = problems(wrong);
        assert!(found.iter().any(|found| found.starts_with(problem)), "{found:?}");
        assert_eq!(problems(right), Vec::<String>::new(), "{right}");
    }
}
