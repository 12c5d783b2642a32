//! Other names for the values of the format.
//!
//! Words of RFC 6749, 7591, 7617 and 8288, of OpenID Connect discovery, OpenAPI, JSON Schema, and of vendors' pages. An
//! edit is offered only for another spelling of the same thing; where a word leaves a choice, it is named and no more.

use crate::model::kit::vocabulary::Meant;

/// The key, a word for it, the format's value, whether nothing else can be meant, and what to write with it.
type Row = (&'static str, &'static [&'static str], &'static str, bool, &'static str);

/// Compared in lower case, with `_` for everything that is not a letter, digit or `/`.
const ROWS: [Row; 53] = [
    (
        "auth_mode",
        &["bearer", "bearer_token", "token", "pat", "personal_access_token", "access_token", "static_token"],
        "API_KEY",
        false,
        "the token is asked for as `apiKey` and sent with `authorization: Bearer ${apiKey}`",
    ),
    (
        "auth_mode",
        &["key", "header", "api_key_header", "x_api_key", "custom_key", "secret_key", "query"],
        "API_KEY",
        false,
        "a header or a query parameter of `proxy` places `${apiKey}`",
    ),
    (
        "auth_mode",
        &["hmac", "signed", "signed_request"],
        "API_KEY",
        false,
        "a header of `proxy` signs with `${hmacSha256Hex(...)}`",
    ),
    ("auth_mode", &["oauth2_0", "oauth_2", "oauth_2_0", "oauth20"], "OAUTH2", true, ""),
    (
        "auth_mode",
        &[
            "authorization_code",
            "auth_code",
            "oauth2_code",
            "oauth2_authorization_code",
            "oauth2_pkce",
            "pkce",
            "three_legged",
            "3lo",
        ],
        "OAUTH2",
        false,
        "it is the authorization code flow, with PKCE unless `disable_pkce` says otherwise",
    ),
    (
        "auth_mode",
        &["oidc", "openid", "openid_connect", "openidconnect", "sso"],
        "OAUTH2",
        false,
        "OpenID Connect is OAuth 2.0 with the scope `openid`",
    ),
    (
        "auth_mode",
        &["m2m", "machine_to_machine", "app_only", "two_legged", "2lo", "oauth2_m2m"],
        "OAUTH2_CC",
        false,
        "it is the client credentials flow, without a user",
    ),
    (
        "auth_mode",
        &[
            "basic_auth",
            "basicauth",
            "http_basic",
            "username_password",
            "user_password",
            "userpass",
            "user_pass",
            "password",
        ],
        "BASIC",
        false,
        "it sends a user name and a password with every call",
    ),
    (
        "auth_mode",
        &["login", "session", "session_token", "cookie", "token_exchange", "login_token"],
        "TWO_STEP",
        false,
        "it logs in with stored credentials and gets a token",
    ),
    (
        "auth_mode",
        &["jwt_bearer", "service_account", "signed_jwt", "private_key_jwt"],
        "JWT",
        false,
        "it signs a token from a stored key, without a call",
    ),
    (
        "auth_mode",
        &["sigv4", "aws4", "aws_auth", "aws_iam", "aws_signature", "iam"],
        "AWS_SIGV4",
        false,
        "it assumes a role and signs each call",
    ),
    (
        "auth_mode",
        &["no", "noauth", "public", "anonymous", "open", "nothing", "null"],
        "NONE",
        false,
        "it is for an API that needs no credential",
    ),
    (
        "auth_mode",
        &["app_installation", "installation", "app_token"],
        "APP",
        false,
        "an app is installed, and gets a token for each installation",
    ),
    ("auth_mode", &["wsse", "username_token", "usernametoken"], "SIGNATURE", false, ""),
    ("auth_mode", &["token_based_authentication", "token_based"], "TBA", false, ""),
    ("auth_mode", &["mcp", "mcp_oauth"], "MCP_OAUTH2", false, "`MCP_OAUTH2_GENERIC` finds its endpoints by discovery"),
    ("auth_mode", &["oauth1_0a", "oauth1a", "oauth_1", "oauth_1_0a", "oauth10a"], "OAUTH1", true, ""),
    (
        "type",
        &["page", "pages", "page_number", "pagenumber", "page_based", "number", "paged"],
        "offset",
        false,
        "with `offset_calculation_method: per-page`, which counts pages",
    ),
    ("type", &["limit", "limit_offset", "offset_limit", "skip", "start", "skip_limit", "index"], "offset", false, ""),
    (
        "type",
        &[
            "token",
            "next_token",
            "page_token",
            "pagetoken",
            "continuation",
            "continuation_token",
            "next_cursor",
            "after",
            "keyset",
            "seek",
            "scroll",
            "marker",
            "bookmark",
            "cursor_based",
        ],
        "cursor",
        false,
        "the request sends a value of the page before as `cursor_name_in_request`",
    ),
    (
        "type",
        &[
            "next",
            "next_page",
            "next_url",
            "next_link",
            "nextlink",
            "link_header",
            "header",
            "url",
            "hateoas",
            "rfc5988",
            "rfc8288",
            "hypermedia",
        ],
        "link",
        false,
        "`link_rel_in_response_header` or `link_path_in_response_body` says where the next URL stands",
    ),
    ("offset_calculation_method", &["page", "pages", "per_page", "by_page", "page_number"], "per-page", false, ""),
    (
        "offset_calculation_method",
        &["items", "by_size", "by_items", "size", "per_item", "count", "by_response", "response_size"],
        "by-response-size",
        false,
        "",
    ),
    (
        "token_request_auth_method",
        &["client_secret_basic", "http_basic", "basic_auth", "header", "authorization_header"],
        "basic",
        false,
        "",
    ),
    (
        "token_request_auth_method",
        &["jwt", "client_assertion", "private_key", "assertion", "jwt_bearer"],
        "private_key_jwt",
        false,
        "",
    ),
    ("client_auth", &["client_secret_basic", "http_basic", "header"], "basic", false, ""),
    ("client_auth", &["client_secret_post", "post", "form"], "body", false, ""),
    ("client_auth", &["jwt", "client_assertion", "assertion"], "private_key_jwt", false, ""),
    ("authorization_method", &["basic", "client_secret_basic", "http_basic", "authorization"], "header", false, ""),
    ("authorization_method", &["post", "form", "client_secret_post", "params", "parameters"], "body", false, ""),
    (
        "body_format",
        &[
            "urlencoded",
            "url_encoded",
            "x_www_form_urlencoded",
            "form_urlencoded",
            "application/x_www_form_urlencoded",
            "www_form",
            "form_data",
        ],
        "form",
        true,
        "",
    ),
    ("body_format", &["application/json", "json_body"], "json", true, ""),
    ("body_format", &["application/xml", "text/xml", "soap"], "xml", true, ""),
    ("body_format", &["querystring", "query_string", "url", "params"], "query", false, ""),
    ("token_request_method", &["put", "patch"], "POST", false, ""),
    (
        "type",
        &["text", "str", "password", "secret", "textarea", "varchar"],
        "string",
        false,
        "a field that must not be readable while it is entered has `secret: true`",
    ),
    (
        "type",
        &["number", "integer", "int", "boolean", "bool", "select", "enum", "list", "array"],
        "string",
        false,
        "every field is a text; `enum` or `pattern` says which ones",
    ),
    ("type", &["saml2", "saml_2", "saml2_bearer", "saml_bearer"], "saml", false, ""),
    ("type", &["jwt_bearer", "json_web_token"], "jwt", false, ""),
    ("format", &["url", "http", "https", "link"], "uri", false, ""),
    ("format", &["host", "domain", "fqdn", "domain_name"], "hostname", false, ""),
    (
        "format",
        &["hostname_port", "host_port", "host_and_port", "hostport", "netloc", "server"],
        "authority",
        false,
        "a host name, perhaps with a port",
    ),
    ("format", &["guid", "uuid4", "uuidv4"], "uuid", false, ""),
    ("format", &["mail", "email_address", "e_mail"], "email", true, ""),
    (
        "client_registration",
        &["manual", "preregistered", "pre_registered", "pre_registration", "fixed", "none"],
        "static",
        false,
        "",
    ),
    ("client_registration", &["dcr", "automatic", "auto", "rfc7591"], "dynamic", false, ""),
    (
        "client_registration",
        &["client_id_metadata_document", "metadata_document", "client_metadata"],
        "cimd",
        false,
        "",
    ),
    (
        "strategy",
        &["seconds", "delay", "wait", "in", "relative", "delta"],
        "after",
        false,
        "the number is that of seconds to wait",
    ),
    ("strategy", &["timestamp", "date", "time", "until", "epoch", "absolute"], "at", false, "the value is an instant"),
    ("protocol", &["rs256", "rs512", "rsa256"], "RSA", false, ""),
    ("protocol", &["es256", "ecdsa", "ed25519", "eddsa"], "EC", false, ""),
    ("protocol", &["hs256", "hs512", "hmac_sha256", "shared_secret"], "HMAC", false, ""),
    ("signature_method", &["hmac", "sha1", "hmac_sha", "hmacsha1"], "HMAC-SHA1", false, ""),
];

/// The value of `names` that people mean by `word` as the value of `key`.
pub(super) fn meant<'a>(key: &str, word: &str, names: &[&'a str]) -> Option<Meant<'a>> {
    let written: String = word
        .chars()
        .take(64)
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '/' { letter.to_ascii_lowercase() } else { '_' })
        .collect();
    ROWS.iter().find_map(|(of, words, ours, clear, note)| {
        let name = names.iter().copied().find(|name| name == ours)?;
        (*of == key && words.contains(&written.as_str())).then_some(Meant { name, clear: *clear, note })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Mode, keys};

    #[test]
    fn every_row_is_about_a_value_of_the_format_and_is_not_one_itself() {
        for (key, words, ours, ..) in ROWS {
            let of_key = keys().iter().filter(|doc| doc.path.rsplit('.').next() == Some(key));
            let values: Vec<&str> = of_key.flat_map(|doc| doc.values.iter().map(|(value, _)| *value)).collect();
            let modes: Vec<&str> = Mode::ALL.iter().map(|mode| mode.name()).collect();
            let known = if key == "auth_mode" { &modes } else { &values };
            assert!(known.contains(&ours), "{key}: {ours}");
            for word in words {
                assert!(meant(key, word, known).is_some(), "{key}: {word} is not compared as it is written");
            }
        }
    }
}
