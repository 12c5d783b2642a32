//! The words of an entry itself about answers, which are published already: the members that it reads, the values by
//! which it tells an error, the headers of its limits, and the fields that get a value from an answer.
//!
//! These decide before the tables do: a member that the entry reads keeps its name, whatever else that text is in
//! another answer, and what becomes configuration gets the value that a replay's account has.

use super::names::NameClass;
use crate::stand_in::{found_out, takes};
use keyway_spec::auth::TokenResponse;
use keyway_spec::proxy::{ErrorAnswer, Paginate, PaginateKind, RateLimit, RateLimitUsage};
use keyway_spec::quirks::{RequestQuirks, ResponseQuirks};
use keyway_spec::{Auth, Entry, Field, ProviderSpec, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Members of token endpoints' answers (RFC 6749 sections 5.1 and 5.2), and those that every mode reads.
const STANDARD: [&str; 8] =
    ["access_token", "refresh_token", "token_type", "expires_in", "expires_at", "scope", "error", "error_description"];

/// The names and values of one entry.
#[derive(Default)]
pub(super) struct EntryNames {
    members: BTreeSet<&'static str>,
    /// Members and headers that hold a time, or a number of a limit.
    classes: BTreeMap<&'static str, NameClass>,
    /// Values by which the entry tells an error, with the member that has each; `None` is any member.
    values: BTreeSet<(Option<&'static str>, String)>,
    /// Fields that get a value from an answer, by the member that has it, each with the value that a replay's account
    /// has.
    fields: Vec<(&'static str, &'static Field, String)>,
}

impl EntryNames {
    pub(super) fn of(spec: &'static ProviderSpec) -> EntryNames {
        let mut names = EntryNames::default();
        names.members.extend(STANDARD);
        if let Some(proxy) = &spec.proxy {
            proxy.paginate.iter().for_each(|rule| names.page(rule));
            proxy.errors.iter().for_each(|error| names.error(error));
            proxy.retry.limits.iter().for_each(|limit| names.limit(limit));
            names.paths(proxy.retry.in_body.map(|rule| rule.path));
            let waits = proxy.retry.at.iter().chain(proxy.retry.after);
            names.classes.extend(waits.map(|header| (*header, NameClass::Time)));
            names.classes.extend(proxy.retry.remaining.map(|header| (header, NameClass::Limit)));
        }
        spec.operations.iter().filter_map(|operation| operation.paginate).for_each(|rule| names.page(&rule));
        names.token(spec);
        names.fields(spec);
        names
    }

    /// True for a member that the entry reads, or a parameter of its page rule.
    pub(super) fn is_member(&self, name: &str) -> bool {
        self.members.contains(name)
    }

    /// The class that the entry gives a member or a header.
    pub(super) fn class_of(&self, name: &str) -> Option<NameClass> {
        self.classes.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, class)| *class)
    }

    /// True for a value that the entry itself has, in the member where it has it.
    pub(super) fn is_value(&self, name: &str, text: &str) -> bool {
        self.values.iter().any(|(member, value)| value == text && member.is_none_or(|member| member == name))
    }

    /// The value of a replay's account in the place of one that becomes configuration.
    pub(super) fn field(&self, name: &str, text: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(member, field, _)| *member == name && takes(field, text));
        found.map(|(_, _, value)| value.as_str())
    }

    /// The members of dotted paths. A path may be one member that has dots.
    fn paths(&mut self, paths: impl IntoIterator<Item = &'static str>) {
        for path in paths {
            self.members.extend(path.split('.').chain([path]).filter(|member| !member.is_empty()));
        }
    }

    fn page(&mut self, rule: &Paginate) {
        match rule.kind {
            PaginateKind::LinkHeader { .. } => {}
            PaginateKind::LinkBody { path } => self.paths([path]),
            PaginateKind::Cursor { name, path } | PaginateKind::LastItem { name, path } => self.paths([name, path]),
            PaginateKind::HeaderCursor { name, .. } | PaginateKind::Offset { name, .. } => self.paths([name]),
        }
        let more = [rule.limit_name, rule.response_path, rule.more, rule.offset_step];
        self.paths(more.into_iter().flatten());
    }

    fn error(&mut self, error: &ErrorAnswer) {
        self.paths(error.has);
        self.conditions(error.when);
    }

    fn conditions(&mut self, when: &'static [Entry]) {
        for entry in when {
            self.paths([entry.name]);
            let value = match entry.value {
                Value::Text(template) => template.as_literal().map(str::to_owned),
                Value::Integer(number) => Some(number.to_string()),
                Value::Float(number) => Some(number.to_string()),
                Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
            };
            self.values.extend(value.map(|value| (Some(last(entry.name)), value)));
        }
    }

    fn limit(&mut self, limit: &RateLimit) {
        let headers: &[&'static str] = match &limit.usage {
            RateLimitUsage::Remaining { header, .. } | RateLimitUsage::Bucket { header } => &[header],
            RateLimitUsage::Used { used, limit, .. } => &[used, limit],
            RateLimitUsage::Json { header, paths } => {
                self.paths(paths.iter().copied());
                &[header]
            }
        };
        self.classes.extend(headers.iter().map(|header| (*header, NameClass::Limit)));
        if let Some(reset) = limit.reset {
            self.paths(reset.path);
            let class = if reset.path.is_some() { NameClass::Limit } else { NameClass::Time };
            self.classes.insert(reset.header, class);
        }
    }

    /// Where tokens are in answers, and the end of them.
    fn token(&mut self, spec: &'static ProviderSpec) {
        self.paths(spec.auth.code_flow().and_then(|(_, endpoint)| endpoint.alternate_token_path));
        if let Auth::TwoStep(mode) = spec.auth {
            let TokenResponse { token, expiration, refresh_token, .. } = mode.response;
            self.paths([Some(token), expiration, refresh_token].into_iter().flatten());
            self.classes.extend(expiration.map(|path| (last(path), NameClass::Time)));
        }
        let Some(quirks) = spec.quirks else { return };
        let exchanges = quirks.code.iter().chain(&quirks.refresh);
        for exchange in exchanges {
            self.answer(&exchange.request);
            exchange.then.iter().for_each(|next| self.answer(&next.request));
        }
        quirks.also.iter().for_each(|token| self.answer(&token.request));
        self.values.extend(quirks.invalid_grant_codes.iter().map(|code| (None, (*code).to_owned())));
    }

    fn answer(&mut self, request: &RequestQuirks) {
        let ResponseQuirks { root, token, refresh_token, expires_at, expires_in, .. } = request.response;
        self.paths(root.into_iter().chain([token, refresh_token, expires_at, expires_in]));
        self.classes.extend([expires_at, expires_in].map(|path| (last(path), NameClass::Time)));
        self.conditions(request.response.success_if);
        self.conditions(request.response.error_if);
    }

    /// The fields that get a value from a token's answer, or from a look-up.
    fn fields(&mut self, spec: &'static ProviderSpec) {
        let own = response_metadata(&spec.auth).iter().map(|path| (*path, *path));
        let lookups = spec.quirks.map_or(&[][..], |quirks| quirks.lookups);
        for lookup in lookups {
            let chosen = lookup.choose.iter().flat_map(|choice| [Some(choice.value), choice.label]).flatten();
            self.paths(lookup.items.into_iter().chain(chosen));
        }
        let looked_up = lookups.iter().flat_map(|lookup| lookup.set).copied();
        let values = found_out(spec);
        for (name, path) in own.chain(looked_up) {
            self.paths([path]);
            let field = spec.connection_config.iter().find(|field| field.name == name);
            if let Some((field, value)) = field.zip(values.get(name)) {
                self.fields.push((last(path), field, value.clone()));
            }
        }
    }
}

/// Members of a token endpoint's answer that become configuration of the same name.
fn response_metadata(auth: &Auth) -> &'static [&'static str] {
    if let Auth::TwoStep(mode) = auth {
        return mode.response_metadata;
    }
    if let Auth::OAuth2ClientCredentials(mode) = auth {
        return mode.token.response_metadata;
    }
    auth.code_flow().map_or(&[], |(_, endpoint)| endpoint.response_metadata)
}

/// The member at the end of a path.
fn last(path: &'static str) -> &'static str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, redactor};
    use super::super::{RedactionContext, Redactor};
    use super::*;
    use http::Method;
    use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
    use keyway_spec::proxy::{RateLimitReset, WaitUnit};
    use keyway_spec::{Proxy, Retry, Template};

    /// An entry that says much of answers.
    static BETA: ProviderSpec = ProviderSpec {
        auth: Auth::OAuth2(OAuth2 {
            token: TokenEndpoint { response_metadata: &["api_domain"], ..TokenEndpoint::EMPTY },
            authorization: Authorization::EMPTY,
            outbound: None,
        }),
        connection_config: &[Field {
            automated: true,
            pattern: Some(r"^https://[a-z]+\.beta\.example$"),
            name: "api_domain",
            ..Field::EMPTY
        }],
        proxy: Some(Proxy {
            paginate: Some(Paginate {
                kind: PaginateKind::Cursor { name: "page[cursor]", path: "meta.after" },
                response_path: Some("Invoices"),
                ..Paginate::EMPTY
            }),
            errors: &[ErrorAnswer {
                statuses: &[],
                has: None,
                when: &[Entry { name: "errors.0.code", value: Value::Text(Template::Text("606")) }],
                counts_as: 429,
            }],
            retry: Retry {
                limits: &[
                    RateLimit {
                        usage: RateLimitUsage::Json { header: "x-app-usage", paths: &["call_count"] },
                        reset: None,
                        wait: None,
                    },
                    RateLimit {
                        usage: RateLimitUsage::Bucket { header: "x-secret-bucket" },
                        reset: Some(RateLimitReset { header: "x-secret-again", path: None, unit: WaitUnit::Seconds }),
                        wait: None,
                    },
                ],
                ..Retry::EMPTY
            },
            ..Proxy::EMPTY
        }),
        ..ProviderSpec::EMPTY
    };

    #[test]
    fn what_the_entry_itself_says_of_answers_stays_readable() {
        let context = RedactionContext { spec: &BETA, ..redactor().redaction.context };
        for (request, headers, body, expected_headers, expected) in [
            // A word of the path that is a member, too; the parameter of the page.
            (
                "/ann/Invoices?page[cursor]=abc1",
                &[][..],
                r#"{"Invoices":[{"id":"u_1"}],"meta":{"after":"abc1"},"ann":1}"#,
                &[][..],
                r#"{"Invoices":[{"id":"id-2"}],"meta":{"after":"cursor-1"},"id-1":1}"#,
            ),
            // The values by which an error is told, in their member alone.
            (
                "/",
                &[],
                r#"{"errors":[{"code":"606","message":"606"}],"code":"607"}"#,
                &[],
                r#"{"errors":[{"code":"606","message":"1001"}],"code":"1002"}"#,
            ),
            // What becomes configuration fits its field, and URLs below it go along.
            (
                "/",
                &[],
                r#"{"id":"https://acme.beta.example/u/ann7","api_domain":"https://acme.beta.example","other":"https://acme.gamma.example"}"#,
                &[],
                r#"{"id":"https://a.beta.example/id-1/id-2","api_domain":"https://a.beta.example","other":"https://www.example.com/1"}"#,
            ),
            // A number that is needed in one place, whatever it is in another; and the headers of limits.
            (
                "/?lag=5",
                &[
                    ("retry-after", "5"),
                    ("x-secret-bucket", "32/40"),
                    ("x-secret-again", "7"),
                    ("x-app-usage", r#"{"call_count":100,"tier":"gold"}"#),
                ],
                "{}",
                &["5", "32/40", "7", r#"{"call_count":100,"tier":"text 1"}"#],
                "{}",
            ),
        ] {
            let mut redactor = Redactor::new(context.clone());
            redactor.request(&Method::GET, request);
            let made = redactor.answer(&answer(headers, body)).unwrap();
            let values: Vec<&str> = made.headers.iter().map(|(_, value)| value.as_str()).collect();
            assert_eq!((values.as_slice(), made.body.as_str()), (expected_headers, expected), "{request}");
        }
    }
}
