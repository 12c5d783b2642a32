//! The edits: each a text of the catalogue and what it becomes.

use super::BEFORE;

/// Each edit with the catalogue after it.
pub(super) fn all() -> impl Iterator<Item = (&'static str, String)> {
    EDITS.iter().map(|(name, from, to)| {
        assert_eq!(BEFORE.matches(from).count(), 1, "`{from}` of `{name}` is there once");
        (*name, BEFORE.replacen(from, to, 1))
    })
}

/// Whether an edit is another spelling of the same.
pub(super) fn says_nothing(name: &str) -> bool {
    name.starts_with("spelling")
}

#[rustfmt::skip] // a table
const EDITS: &[(&str, &str, &str)] = &[
    // Spelling.
    ("spelling: a list over lines", "[storage]\n", "\n    - storage\n"),
    ("spelling: a comment", "display_name: Shop\n", "display_name: Shop # the shop\n"),
    ("spelling: a base URL with a slash", "https://api.mail-cloud.com\n", "https://api.mail-cloud.com/\n"),
    // What people read.
    ("another title", "title: Team", "title: Crew"),
    ("another description", "The first part of the address.", "The first part of your address."),
    ("another example", "example: globex", "example: initech"),
    ("other docs", "https://docs.shop.example/api", "https://docs.shop.example/api/v2"),
    ("another display name", "display_name: Mail", "display_name: Mail Cloud"),
    ("one more category", "[storage]", "[storage, productivity]"),
    ("one category less", "[e-commerce, other]", "[e-commerce]"),
    // Fields.
    ("required to optional", "example: globex", "example: globex\n      optional: true"),
    ("a default for a required field", "example: globex", "example: globex\n      default_value: globex"),
    ("required to automated", "example: globex", "example: globex\n      automated: true"),
    ("required to hidden", "example: globex", "example: globex\n      hidden: true\n      default_value: globex"),
    ("optional to required", "example: '7'\n      optional: true", "example: '7'"),
    ("optional to automated", "example: '7'\n      optional: true", "example: '7'\n      automated: true"),
    ("optional to hidden", "example: '7'\n      optional: true", "example: '7'\n      optional: true\n      hidden: true"),
    ("hidden to asked", "hidden: true\n      optional: true", "optional: true"),
    ("a default for an optional field", "example: '7'\n      optional: true", "example: '7'\n      optional: true\n      default_value: '3'"),
    ("another default", "default_value: basic", "default_value: pro"),
    ("no default", "default_value: basic", "optional: true"),
    ("a default and nothing else is gone", "      default_value: basic\n", ""),
    ("a field is gone", "    plan:\n      type: string\n      title: Plan\n      description: What was bought.\n      optional: true\n", "    other:\n      type: string\n      title: Plan\n      description: What was bought.\n      optional: true\n"),
    ("an optional field more", "    region:\n", "    zone:\n      type: string\n      title: Zone\n      description: D.\n      optional: true\n    region:\n"),
    ("a hidden field with a default more", "    region:\n", "    zone:\n      type: string\n      title: Zone\n      description: D.\n      hidden: true\n      default_value: a\n    region:\n"),
    ("a required field more", "    region:\n", "    zone:\n      type: string\n      title: Zone\n      description: D.\n    region:\n"),
    ("an optional credential more", "    note:\n", "    memo:\n      type: string\n      title: Memo\n      description: D.\n      optional: true\n    note:\n"),
    ("a field is secret", "      title: Tier\n", "      title: Tier\n      secret: true\n"),
    ("a field is no secret any more", "      description: Kept secret.\n      secret: true\n", "      description: Kept secret.\n"),
    ("a field with a condition", "description: Asked for own servers.", "description: Asked for own servers.\n      visible_when: {field: kind, equals: own}"),
    ("a credential's default is another", "default_value: X", "default_value: Y"),
    ("a hidden credential is asked for", "      default_value: X\n      hidden: true\n", "      default_value: X\n"),
    ("a credential is relabelled", "    username:\n      type: string\n", "    username:\n      type: string\n      order: 1\n"),
    // Values.
    ("a pattern that takes less", "'^[a-z0-9]+$'", "'^[a-z]+$'"),
    ("a pattern that takes more", "'^[a-z0-9]+$'", "'^[a-z0-9-]+$'"),
    ("a pattern in other words", "'^[a-z0-9]+$'", "'^[a-z0-9][a-z0-9]*$'"),
    ("an enum is gone", "      enum: [cloud, own]\n", ""),
    ("an enum of an optional field is gone", "      enum: [basic, pro]\n", ""),
    ("an enum is new", "description: Asked for own servers.", "description: Asked for own servers.\n      enum: [a, b]"),
    ("a value is gone", "[us-east-1, live, LIVE]", "[us-east-1, live]"),
    ("a value is new", "[us-east-1, live, LIVE]", "[us-east-1, live, LIVE, test]"),
    ("values that meet in Rust change places", "[us-east-1, live, LIVE]", "[us-east-1, LIVE, live]"),
    ("values that do not meet change places", "[us-east-1, live, LIVE]", "[live, LIVE, us-east-1]"),
    ("a value is renamed", "[cloud, own]", "[saas, own]"),
    ("a format is new", "description: Kept secret.", "description: Kept secret.\n      format: uuid"),
    // Calls.
    ("http in the place of https", "https://api.mail-cloud.com", "http://api.mail-cloud.com"),
    ("another host", "https://api.mail-cloud.com", "https://api.mail-server.com"),
    ("another base path", "shop-api.com/v1", "shop-api.com/v2"),
    ("a host of the customer's, with the old one behind", "https://api.mail-cloud.com", "https://${connectionConfig.label} || https://api.mail-cloud.com"),
    ("a header is gone", "      x-kind: '1'\n", ""),
    ("a header has another value", "x-kind: '1'", "x-kind: '2'"),
    ("a header has another name", "x-kind: '1'", "x-sort: '1'"),
    ("another fallback of a header", "${connectionConfig.version} || 2", "${connectionConfig.version} || 3"),
    ("a header more", "      x-kind: '1'\n", "      x-kind: '1'\n      x-more: '1'\n"),
    ("the credential in another header", "x-api-key: ${apiKey}", "authorization: Bearer ${apiKey}"),
    ("the credential in one more place", "      page: '1'\n", "      page: '1'\n      key: ${apiKey}\n"),
    ("a header in the place of the mode's", "    query:\n      kind:", "    headers:\n      authorization: Token ${credentials.username}\n    query:\n      kind:"),
    ("a query parameter is gone", "      page: '1'\n", ""),
    ("a query parameter is renamed", "      page: '1'", "      start: '1'"),
    ("a query parameter in another letter case", "      page: '1'", "      Page: '1'"),
    ("a query parameter has another value", "      page: '1'", "      page: '2'"),
    ("a query parameter more", "      page: '1'\n", "      page: '1'\n      lang: en\n"),
    ("a number of a body is a text", "count: 1", "count: '1'"),
    ("a member of bodies is gone", "      source: keyway\n", ""),
    ("a member of bodies more", "      source: keyway\n", "      source: keyway\n      lang: en\n"),
    ("responses are not decompressed", "    decompress: true\n", ""),
    ("another rule of trying again", "after: [retry-after]", "after: [x-wait]"),
    ("another cursor", "cursor_name_in_request: after", "cursor_name_in_request: from"),
    ("the list stands elsewhere", "response_path: items", "response_path: data"),
    ("no size of pages", "      limit_name_in_request: limit\n", ""),
    ("pages by another rule", "      type: link\n      link_rel_in_response_header: next\n", "      type: link\n      link_path_in_response_body: next\n"),
    ("endpoints of the probe change places", "[/me, /you]", "[/you, /me]"),
    ("another endpoint of the probe", "[/me, /you]", "[/me, /us]"),
    // Signing in.
    ("no access_type", "    access_type: offline\n", ""),
    ("another prompt", "prompt: consent", "prompt: login"),
    ("an authorization parameter more", "    prompt: consent\n", "    prompt: consent\n    hl: en\n"),
    ("another authorization page", "drive-cloud.com/authorize", "drive-cloud.com/v2/authorize"),
    ("another token endpoint", "drive-cloud.com/token", "drive-cloud.com/v2/token"),
    ("a token parameter is gone", "    audience: files\n", ""),
    ("a token parameter more", "    audience: files\n", "    audience: files\n    more: m\n"),
    ("no PKCE", "default_scopes: [read]", "disable_pkce: true\n  default_scopes: [read]"),
    ("another separator of scopes", "default_scopes: [read]", "scope_separator: ','\n  default_scopes: [read]"),
    ("a client that proves itself in a header", "default_scopes: [read]", "authorization_method: header\n  default_scopes: [read]"),
    ("a value of the callback is not kept", "redirect_uri_metadata: [realm]", "redirect_uri_metadata: [other]"),
    ("one more value of the answer is kept", "[instance]", "[instance, team]"),
    ("a value of the answer is not kept", "  token_response_metadata: [instance]\n", ""),
    ("another parameter of a login", "    remember: true\n", "    remember: false\n"),
    ("a parameter of a login is a text", "    remember: true\n", "    remember: 'true'\n"),
    ("a parameter of a login is gone", "    remember: true\n", ""),
    ("a parameter of a login more", "    remember: true\n", "    remember: true\n    device: d\n"),
    ("a login in another encoding", "body_format: json", "body_format: form"),
    ("the token stands elsewhere in a login's answer", "token: jwt", "token: token"),
    ("a header of a login is gone", "  token_headers:\n    accept: application/json\n", ""),
    ("a header of a login more", "    accept: application/json\n  token_response:", "    accept: application/json\n    x-more: m\n  token_response:"),
    ("a value of a login's answer is not kept", "  token_response_metadata: [book]\n", ""),
    ("another lifetime of a token", "3600000", "1800000"),
    ("a token in the place of the mode's", "    base_url: https://api.ledger-books.com", "    base_url: https://api.ledger-books.com\n    headers: {x-token: '${accessToken}'}"),
    ("another client authentication", "  token_request_auth_method: basic\n", ""),
    ("another audience", "audience: flights", "audience: trips"),
    ("another use of client credentials", "auth_mode: OAUTH2_CC", "auth_mode: OAUTH2\n  authorization_url: https://id.plane-tickets.com/authorize"),
    ("credentials change places", "    client_id:\n      type: string\n      title: Client ID\n      description: Of your application.\n    client_secret:\n      type: string\n      title: Client secret\n      description: Shown once.\n", "    client_secret:\n      type: string\n      title: Client secret\n      description: Shown once.\n    client_id:\n      type: string\n      title: Client ID\n      description: Of your application.\n"),
    ("a quirk that adds a parameter", "    hosts: [partner.drive-cloud.com]\n", "    token: {code: {params: {tag: t}}}\n    hosts: [partner.drive-cloud.com]\n"),
    ("a quirk that removes a parameter", "    hosts: [partner.drive-cloud.com]\n", "    token: {code: {params: {client_secret: null}}}\n    hosts: [partner.drive-cloud.com]\n"),
    ("a quirk of the refresh", "    hosts: [partner.drive-cloud.com]\n", "    token: {refresh: {body_format: json}}\n    hosts: [partner.drive-cloud.com]\n"),
    ("a quirk that sends a field along", "    hosts: [partner.drive-cloud.com]\n", "    authorization: {config_params: [plan]}\n    hosts: [partner.drive-cloud.com]\n"),
    ("a host is no longer trusted", "    hosts: [partner.drive-cloud.com]\n", ""),
    // Entries.
    ("an entry more", "\nmail:\n", "\nextra:\n  alias: mail\n  display_name: Extra\n\nmail:\n"),
    ("an entry under another key", "\nmail:\n", "\npost:\n"),
    // Scopes.
    ("a scope is gone", "[write, read-user, ", "[read-user, "),
    ("a scope more", "[write, read-user, ", "[admin, write, read-user, "),
    ("a scope behind another of its name", "files.read]", "files.read, 'read:user']"),
    ("a scope before another of its name", "[write, read-user, ", "[write, 'read:user', read-user, "),
    ("a default scope that takes a name", "default_scopes: [read]", "default_scopes: [read, 'read:user']"),
    ("a default scope more", "default_scopes: [read]", "default_scopes: [read, list]"),
    ("a default scope less", "default_scopes: [read]", "default_scopes: []"),
    ("a default scope that was listed", "default_scopes: [read]", "default_scopes: [read, write]"),
];
