//! The keys of an auth mode that an entry cannot be without.

use super::{host_of, line};
use crate::facts::{ApiFacts, ClientAuth, Fact};
use crate::text::{DraftValue, Line};
use keyway_spec::Mode;

/// The lines.
pub(super) fn lines(key: &str, mode: Mode, facts: &ApiFacts) -> Vec<Line> {
    let url = |host: &str, path: &str, what: &str| {
        Fact::guess(format!("https://{host}.{}.example{path}", host_of(key)), format!("where is the {what}?"))
    };
    let authorization = || {
        facts.authorization_url.clone().unwrap_or_else(|| url("login", "/oauth/authorize", "authorization endpoint"))
    };
    let token = || facts.token_url.clone().unwrap_or_else(|| url("login", "/oauth/token", "token endpoint"));
    match mode {
        Mode::OAuth2 => {
            let page = also_asking(line("authorization_url", &authorization()), scopes_question(facts));
            let mut lines = vec![page, also_asking(line("token_url", &token()), pkce_question(facts))];
            lines.extend(code_flow(facts));
            lines
        }
        Mode::OAuth2ClientCredentials => {
            let mut lines = vec![line("token_url", &token()), grant("token_params", "client_credentials")];
            lines.extend(client_auth(facts));
            lines
        }
        Mode::OAuth1 => vec![
            line(
                "request_url",
                &facts
                    .request_url
                    .clone()
                    .unwrap_or_else(|| url("login", "/oauth/request_token", "temporary-credential endpoint")),
            ),
            line(
                "authorization_url",
                &facts
                    .authorization_url
                    .clone()
                    .unwrap_or_else(|| url("login", "/oauth/authorize", "authorization page")),
            ),
            line(
                "token_url",
                &facts.token_url.clone().unwrap_or_else(|| url("login", "/oauth/access_token", "token endpoint")),
            ),
            Line::text("signature_method", "HMAC-SHA1"),
        ],
        Mode::TwoStep => vec![
            line("token_url", &facts.token_url.clone().unwrap_or_else(|| url("api", "/login", "login endpoint"))),
            Line::new(
                "token_params",
                DraftValue::Map(vec![
                    Line::text("username", "${credentials.username}"),
                    Line::text("password", "${credentials.password}"),
                ]),
            )
            .asking("which members does the body of the login have?"),
            Line::new(
                "token_response",
                DraftValue::Map(vec![
                    Line::text("token", "token"),
                    Line::text("token_expiration", "expires_in"),
                    Line::new("token_expiration_strategy", DraftValue::Word("expireIn".to_owned())),
                ]),
            )
            .asking("where in its answer are the token and its expiry, and in which unit?"),
        ],
        Mode::Jwt => vec![
            Line::new(
                "signature",
                DraftValue::Map(vec![
                    Line::new("protocol", DraftValue::Word("HMAC".to_owned())),
                    Line::new("hmac_secret_encoding", DraftValue::Word("utf8".to_owned())),
                ]),
            )
            .asking("is the key a shared secret (HMAC), or a private key (RSA, EC)?"),
            Line::new(
                "token",
                DraftValue::Map(vec![
                    Line::text("signing_key", "${credentials.secret}"),
                    Line::new("expires_in_ms", DraftValue::Word("300000".to_owned())),
                ]),
            )
            .asking("which claims does the token have, and how long may it last?"),
        ],
        Mode::Signature => vec![
            Line::new("signature", DraftValue::Map(vec![Line::new("protocol", DraftValue::Word("WSSE".to_owned()))])),
            Line::new(
                "token",
                DraftValue::Map(vec![Line::new("expires_in_ms", DraftValue::Word("300000".to_owned()))]),
            )
            .asking("how old may a token be, in milliseconds?"),
        ],
        Mode::App => vec![
            Line::text("authorization_url", "${connectionConfig.appPublicLink}"),
            line(
                "token_url",
                &facts.token_url.clone().unwrap_or_else(|| {
                    url(
                        "api",
                        "/installations/${connectionConfig.installation_id}/token",
                        "endpoint of installation tokens",
                    )
                }),
            ),
        ],
        Mode::Custom => vec![
            Line::text("authorization_url", "${connectionConfig.appPublicLink}"),
            Line::new(
                "token_url",
                DraftValue::Map(vec![
                    line("OAUTH2", &token()),
                    line(
                        "APP",
                        &url(
                            "api",
                            "/installations/${connectionConfig.installation_id}/token",
                            "endpoint of installation tokens",
                        ),
                    ),
                ]),
            ),
        ],
        Mode::McpOAuth2 => {
            let mut lines = vec![line("authorization_url", &authorization()), line("token_url", &token())];
            lines.push(Line::new("client_registration", DraftValue::Word("dynamic".to_owned())));
            lines.push(line(
                "registration_url",
                &facts
                    .registration_url
                    .clone()
                    .unwrap_or_else(|| url("login", "/oauth/register", "registration endpoint")),
            ));
            lines.extend(code_flow(facts));
            lines
        }
        Mode::InstallPlugin => vec![line(
            "authorization_url",
            &facts
                .authorization_url
                .clone()
                .unwrap_or_else(|| url("app", "/plugins", "page where the plugin is installed")),
        )],
        Mode::Bill => {
            vec![line("token_url", &facts.token_url.clone().unwrap_or_else(|| url("api", "/login", "login endpoint")))]
        }
        Mode::ApiKey | Mode::Basic | Mode::Tba | Mode::AwsSigV4 | Mode::McpOAuth2Generic | Mode::None => Vec::new(),
    }
}

/// The keys of every entry whose code is exchanged.
fn code_flow(facts: &ApiFacts) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(Fact { value: false, from, question }) = &facts.pkce {
        let mut pkce = Line::new("disable_pkce", DraftValue::Word("true".to_owned()));
        (pkce.from, pkce.question) = (from.clone(), question.clone());
        lines.push(pkce);
    }
    lines.extend(
        facts.scope_separator.as_ref().filter(|fact| fact.value != " ").map(|fact| line("scope_separator", fact)),
    );
    lines.extend(client_auth(facts));
    match &facts.refreshes {
        Some(Fact { value: false, .. }) => {}
        Some(Fact { from, question, .. }) => lines.push(Line {
            from: from.clone(),
            question: question.clone(),
            ..grant("refresh_params", "refresh_token")
        }),
        None => lines.push(grant("refresh_params", "refresh_token").asking(
            "does a refresh token come with the token, and how long does that last? Without one: \
             `keyway: {token: {refresh_when: never}}` in place of this",
        )),
    }
    lines
}

/// The question of scopes, where none is known.
fn scopes_question(facts: &ApiFacts) -> Option<&'static str> {
    facts.scopes.is_empty().then_some(
        "which scopes are there, and what separates them? `keyway: {scopes: [...]}` lists them; a space is assumed",
    )
}

/// The question of PKCE, where nobody said whether it is understood.
fn pkce_question(facts: &ApiFacts) -> Option<&'static str> {
    facts.pkce.is_none().then_some("is a `code_challenge` (PKCE) an error there? Then `disable_pkce: true`")
}

/// A line with one more question.
fn also_asking(line: Line, question: Option<&str>) -> Line {
    let question = match (line.question.clone(), question) {
        (Some(own), Some(more)) => Some(format!("{own} And {more}")),
        (own, more) => own.or(more.map(str::to_owned)),
    };
    Line { question, ..line }
}

fn client_auth(facts: &ApiFacts) -> Option<Line> {
    let fact = facts.client_auth.as_ref()?;
    let word = match fact.value {
        ClientAuth::Basic => "basic",
        ClientAuth::PrivateKeyJwt => "private_key_jwt",
        ClientAuth::Body | ClientAuth::None => return None,
    };
    let mut line = Line::new("token_request_auth_method", DraftValue::Word(word.to_owned()));
    (line.from, line.question) = (fact.from.clone(), fact.question.clone());
    Some(line)
}

fn grant(key: &str, grant: &str) -> Line {
    Line::new(key, DraftValue::Map(vec![Line::text("grant_type", grant)]))
}
