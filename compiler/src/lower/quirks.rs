//! The quirk keys of `keyway`: what the runtime must do unlike the standard.
//!
//! Defaults come from the entry's own token endpoint. What the quirks mean on the wire is documented in
//! [`keyway_spec::quirks`].

use super::auth::signed_jwt;
use super::lowering::Lowering;
use super::reached::Use;
use super::{CONFLICTING_REQUEST, UNREAD_QUIRK};
use crate::diagnostic::Diagnostic;
use crate::model::common::KeywayKeys;
use crate::model::quirks::{
    ExchangeKeys, FollowUpKeys, Keep, LookupKeys, RequestKeys, ResponseKeys, RevocationKeys, SecondTokenKeys,
    TokenQuirks,
};
use crate::model::{Map, Mode, Provider, Str};
use crate::source::Span;
use crate::template::scope::{Field, Part};
use keyway_spec::Auth;
use keyway_spec::auth::{BodyFormat, ClientAuth};
use keyway_spec::mode::{Place, TokenFrom};
use keyway_spec::quirks::{
    ExchangeQuirks, FollowUp, GrantType, KeepRefreshToken, Lookup, LookupChoice, Quirks, RefreshWhen, RequestMethod,
    RequestQuirks, ResponseQuirks, RevocationQuirks, RevokedToken, SecondToken, SplitCredential, UnknownOutcome,
};

/// Lowers the quirks; `None` where the entry has none.
pub(super) fn lower(lowering: &mut Lowering<'_>, provider: &Provider, auth: Option<&Auth>) -> Option<&'static Quirks> {
    let keyway = provider.common.keyway.as_ref()?;
    let standard = auth.map_or(RequestQuirks::EMPTY, |auth| RequestQuirks::standard(auth, GrantType::Nothing));
    let quirks = lowering.under("keyway", |lowering| {
        unread(lowering, provider, keyway);
        let sent = keyway.authorization.iter().flat_map(|keys| keys.config_params.iter().flatten());
        let base = Quirks {
            authorization_config_params: lowering.strings(sent.map(|name| name.as_str())),
            split: split(lowering, keyway.split.as_ref()),
            lookups: lowering.under("lookups", |lowering| lookups(lowering, keyway.lookups.as_ref())),
            revocation: keyway.revocation.as_ref().map(|keys| {
                let client_auth = client(auth, &standard);
                lowering.under("revocation", |lowering| revocation(lowering, keys, &standard, client_auth))
            }),
            ..Quirks::EMPTY
        };
        match &keyway.token {
            Some(keys) => lowering.under("token", |lowering| token(lowering, keys, &standard, &base)),
            None => base,
        }
    });
    if quirks == Quirks::EMPTY { None } else { lowering.arena.value(quirks) }
}

/// Quirks of a code flow in an entry of a mode whose requests are not made by them. Introspection and splitting go with
/// every mode.
fn unread(lowering: &mut Lowering<'_>, provider: &Provider, keyway: &KeywayKeys) {
    let mode = provider.auth.mode();
    let token = keyway.token.as_ref().filter(|_| !matches!(mode, Mode::OAuth2 | Mode::McpOAuth2));
    let places = [
        ("authorization", keyway.authorization.is_some() && mode != Mode::OAuth2),
        ("token.code", token.is_some_and(|keys| keys.code.is_some())),
        ("token.refresh", token.is_some_and(|keys| keys.refresh.is_some())),
        ("token.also", token.is_some_and(|keys| keys.also.is_some())),
        ("lookups", keyway.lookups.is_some() && mode.facts().place == Place::Signature),
        ("revocation", keyway.revocation.is_some() && !obtains_token(mode)),
    ];
    for (place, _) in places.into_iter().filter(|(_, is_there)| *is_there) {
        let finding = Diagnostic::new(
            &UNREAD_QUIRK,
            format!("`keyway.{place}` has no effect in `{mode}`"),
            provider.common.auth_mode.span,
        )
        .label("this mode makes its requests without it")
        .help(format!("remove `keyway.{place}`"));
        lowering.report(finding);
    }
}

/// True if connections of a mode have a token that came from the vendor.
fn obtains_token(mode: Mode) -> bool {
    matches!(mode.facts().token, TokenFrom::Consent | TokenFrom::Exchange)
}

/// The client authentication where an entry does not say: modes without a client send nothing.
fn client(auth: Option<&Auth>, standard: &RequestQuirks) -> ClientAuth {
    let has_client = |auth: &Auth| auth.code_flow().is_some() || auth.kind() == Mode::OAuth2ClientCredentials;
    if auth.is_some_and(has_client) { standard.client_auth } else { ClientAuth::Nothing }
}

fn lookups(lowering: &mut Lowering<'_>, keys: Option<&Vec<LookupKeys>>) -> &'static [Lookup] {
    let mut found = Vec::new();
    for (index, keys) in keys.into_iter().flatten().enumerate() {
        found.push(lowering.under(&index.to_string(), |lowering| lookup(lowering, keys)));
    }
    lowering.list(&found)
}

fn lookup(lowering: &mut Lowering<'_>, keys: &LookupKeys) -> Lookup {
    for (name, _) in keys.take.iter().flatten().filter(|(name, _)| keys.set.get(&name.name).is_none()) {
        let message = format!("nothing sets `{}`, of which a part is taken", name.name);
        let finding = Diagnostic::new(&CONFLICTING_REQUEST, message, name.span);
        let finding = finding.help("say under `set` where its value stands, or remove the line");
        lowering.under("take", |lowering| lowering.report(finding));
    }
    Lookup {
        url: lowering.under("url", |lowering| lowering.url(Field::Lookup(Part::Url), Use::Token, &keys.url)),
        headers: lowering.under("headers", |lowering| {
            let headers = keys.headers.iter().flatten().map(|(name, value)| (name.name.as_str(), &**value));
            lowering.templates(Field::Lookup(Part::Header), headers)
        }),
        body: lowering.under("body", |lowering| lowering.params(None, keys.body.as_ref())),
        items: lowering.optional(keys.items.as_ref()),
        choose: keys.choose.as_ref().map(|keys| LookupChoice {
            value: lowering.text(&keys.value),
            label: lowering.optional(keys.label.as_ref()),
        }),
        set: lowering.pairs(keys.set.into_iter().map(|(name, path)| (name.name.as_str(), path.as_str()))),
        take: lowering.pairs(keys.take.iter().flatten().map(|(name, part)| (name.name.as_str(), part.as_str()))),
        optional: keys.optional.is_some_and(|flag| flag.value),
    }
}

fn revocation(
    lowering: &mut Lowering<'_>,
    keys: &RevocationKeys,
    standard: &RequestQuirks,
    client_auth: ClientAuth,
) -> RevocationQuirks {
    let defaults = RequestDefaults { standard, grant: GrantType::Nothing, in_code: false };
    let mut request = request(lowering, &keys.request, Some(&keys.url), defaults);
    if keys.request.client_auth.is_none() {
        request.client_auth = client_auth;
    }
    RevocationQuirks { request, token: keys.token.map_or(RevokedToken::Refresh, |token| token.value) }
}

fn split(lowering: &Lowering<'_>, keys: Option<&Map<Vec<Str>, impl Sized>>) -> &'static [SplitCredential] {
    let found: Vec<SplitCredential> = keys
        .into_iter()
        .flatten()
        .map(|(key, parts)| SplitCredential { credential: lowering.str(&key.name), into: lowering.texts(Some(parts)) })
        .collect();
    lowering.list(&found)
}

fn token(lowering: &mut Lowering<'_>, keys: &TokenQuirks, standard: &RequestQuirks, base: &Quirks) -> Quirks {
    let code = RequestDefaults { standard, grant: GrantType::AuthorizationCode, in_code: true };
    let refresh = RequestDefaults { standard, grant: GrantType::RefreshToken, in_code: false };
    let other = RequestDefaults { standard, grant: GrantType::Nothing, in_code: false };
    let mut also = Vec::new();
    for (key, keys) in keys.also.iter().flatten() {
        let token = |lowering: &mut Lowering<'_>| lowering.under(&key.name, |it| second(it, &key.name, keys, other));
        also.push(lowering.under("also", token));
    }
    Quirks {
        code: keys.code.as_ref().map(|keys| lowering.under("code", |it| exchange(it, keys, code))),
        refresh: keys.refresh.as_ref().map(|keys| lowering.under("refresh", |it| exchange(it, keys, refresh))),
        refresh_when: keys.refresh_when.map_or(RefreshWhen::Expiring, |when| when.value),
        expires_in_unit: keys.expires_in_unit.map(|unit| unit.value),
        invalid_grant_codes: lowering.texts(keys.invalid_grant_codes.as_ref()),
        unknown_outcome: keys.unknown_outcome.map_or(UnknownOutcome::Retry, |outcome| outcome.value),
        also: lowering.list(&also),
        introspect: keys.introspect.as_ref().map(|keys| {
            lowering.under("introspect", |it| {
                let url = Some(&keys.url);
                request(it, &keys.request, url, other)
            })
        }),
        ..*base
    }
}

/// Which exchange a request belongs to.
#[derive(Clone, Copy)]
struct RequestDefaults<'s> {
    standard: &'s RequestQuirks,
    grant: GrantType,
    in_code: bool,
}

impl RequestDefaults<'_> {
    fn field(self, part: Part) -> Field {
        if self.in_code { Field::CodeRequest(part) } else { Field::Request(part) }
    }
}

fn exchange(lowering: &mut Lowering<'_>, keys: &ExchangeKeys, side: RequestDefaults<'_>) -> ExchangeQuirks {
    let first = request(lowering, &keys.request, keys.url.as_ref(), side);
    let mut then = Vec::new();
    for (index, keys) in keys.then.iter().flatten().enumerate() {
        let follow = |it: &mut Lowering<'_>| it.under(&index.to_string(), |it| follow_up(it, keys, side));
        then.push(lowering.under("then", follow));
    }
    ExchangeQuirks { request: first, then: lowering.list(&then) }
}

fn follow_up(lowering: &mut Lowering<'_>, keys: &FollowUpKeys, side: RequestDefaults<'_>) -> FollowUp {
    FollowUp {
        request: request(
            lowering,
            &keys.request,
            Some(&keys.url),
            RequestDefaults { grant: GrantType::Nothing, ..side },
        ),
        optional: keys.optional.is_some_and(|flag| flag.value),
    }
}

fn second(lowering: &mut Lowering<'_>, name: &str, keys: &SecondTokenKeys, side: RequestDefaults<'_>) -> SecondToken {
    // What the first answer holds can only be renewed by itself, unless the entry says how.
    let grant = if keys.from.is_some() { GrantType::RefreshToken } else { side.grant };
    SecondToken {
        name: lowering.str(name),
        from: lowering.optional(keys.from.as_ref()),
        request: request(lowering, &keys.request, keys.url.as_ref(), RequestDefaults { grant, ..side }),
        optional: keys.optional.is_some_and(|flag| flag.value),
    }
}

fn request(
    lowering: &mut Lowering<'_>,
    keys: &RequestKeys,
    url: Option<&Str>,
    side: RequestDefaults<'_>,
) -> RequestQuirks {
    let standard = side.standard;
    let grant = keys.grant.map_or(side.grant, |grant| grant.value);
    let method = keys.method.map_or(RequestMethod::Post, |method| method.value);
    let get = method == RequestMethod::Get;
    conflicts(lowering, keys, get);
    let parameter = side.field(Part::Parameter);
    RequestQuirks {
        grant,
        url: url.map(|url| lowering.under("url", |it| it.url(side.field(Part::Url), Use::Token, url))),
        method,
        body_format: match keys.body_format {
            Some(format) => format.value,
            None if get => BodyFormat::Query,
            None => standard.body_format,
        },
        client_auth: match keys.client_auth {
            Some(how) => how.value.0,
            None if grant == GrantType::Nothing => ClientAuth::Nothing,
            None => standard.client_auth,
        },
        client_assertion: keys.client_assertion.as_ref().map(|keys| {
            lowering.under("client_assertion", |it| signed_jwt(it, parameter, &keys.signature, &keys.token))
        }),
        params: lowering.under("params", |it| it.params(Some(parameter), keys.params.as_ref())),
        order: lowering.texts(keys.order.as_ref()),
        query: lowering.under("query", |it| it.params(Some(parameter), keys.query.as_ref())),
        headers: lowering.under("headers", |lowering| {
            let headers = keys.headers.iter().flatten().map(|(name, value)| (name.name.as_str(), &**value));
            lowering.templates(side.field(Part::Header), headers)
        }),
        scope_separator: lowering.optional(keys.scope_separator.as_ref()).unwrap_or(standard.scope_separator),
        response: keys.response.as_ref().map_or(ResponseQuirks::EMPTY, |keys| response(lowering, keys)),
    }
}

fn conflicts(lowering: &mut Lowering<'_>, keys: &RequestKeys, get: bool) {
    let mut report = |message: &str, at: Span, help: &str| {
        lowering.report(Diagnostic::new(&CONFLICTING_REQUEST, message, at).help(help));
    };
    if let Some(format) = keys.body_format.filter(|format| get && format.value != BodyFormat::Query) {
        report("a `GET` has no body", format.span, "write `body_format: query`, or remove it");
    }
    let is_jwt = keys.client_auth.is_some_and(|how| how.value.0 == ClientAuth::PrivateKeyJwt);
    if let Some(assertion) = keys.client_assertion.as_ref().filter(|_| !is_jwt) {
        let at = assertion.token.signing_key.span;
        report("nothing sends this `client_assertion`", at, "write `client_auth: private_key_jwt` beside it");
    }
}

fn response(lowering: &mut Lowering<'_>, keys: &ResponseKeys) -> ResponseQuirks {
    let standard = ResponseQuirks::EMPTY;
    let keeps = |what: Keep| keys.keep.iter().flatten().any(|kept| kept.value == what);
    ResponseQuirks {
        // A number that is not a status is not an answer's status either.
        status: keys.status.map(|status| u16::try_from(status.value).unwrap_or(u16::MAX)),
        success_if: lowering.params(None, keys.success_if.as_ref()),
        error_if: lowering.params(None, keys.error_if.as_ref()),
        root: lowering.optional(keys.root.as_ref()),
        token: lowering.optional(keys.token.as_ref()).unwrap_or(standard.token),
        refresh_token: lowering.optional(keys.refresh_token.as_ref()).unwrap_or(standard.refresh_token),
        expires_at: lowering.optional(keys.expires_at.as_ref()).unwrap_or(standard.expires_at),
        expires_in: lowering.optional(keys.expires_in.as_ref()).unwrap_or(standard.expires_in),
        expires_in_unit: keys.expires_in_unit.map(|unit| unit.value),
        lifetime: keys.lifetime.map(|seconds| seconds.value),
        keep_access_token: keeps(Keep::AccessToken),
        keep_refresh_token: if keeps(Keep::RefreshToken) {
            KeepRefreshToken::Always
        } else if keeps(Keep::SubmittedRefreshToken) {
            KeepRefreshToken::Submitted
        } else {
            KeepRefreshToken::IfAbsent
        },
    }
}
