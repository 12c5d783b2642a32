//! `keyway.retry` and `keyway.limits`: what the retry rules of `proxy` have no words for.
//!
//! The keys of a rate limit are held against each other here. A limit with an error is none; the entry has no spec
//! then.

use super::lowering::Lowering;
use super::{RATE_LIMIT, RETRY_UNIT};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::common::Common;
use crate::model::limits::{RateLimitAt, RateLimitForm as Form, RetryKeys};
use crate::model::proxy as model;
use crate::model::proxy::RetryStrategy;
use crate::source::Span;
use keyway_spec::Retry;
use keyway_spec::proxy::{RateLimit, RateLimitReset, RateLimitUsage, WaitUnit};

/// The retry rules of an entry: those of `proxy.retry`, with what `keyway` says more.
pub(super) fn lower(lowering: &mut Lowering<'_>, common: &Common, retry: Retry) -> Retry {
    let keyway = common.keyway.as_ref();
    let declared = common.proxy.as_ref().and_then(|proxy| proxy.retry.as_ref());
    let keys = keyway.and_then(|keyway| keyway.retry.as_ref());
    let retry = match keys {
        Some(keys) => lowering.under("retry", |lowering| units(lowering, keys, declared, retry)),
        None => retry,
    };
    let limits = keyway.and_then(|keyway| keyway.limits.as_deref()).unwrap_or_default();
    let limits = lowering.under("limits", |lowering| {
        let mut all = Vec::with_capacity(limits.len());
        for (index, keys) in limits.iter().enumerate() {
            all.extend(lowering.under(&index.to_string(), |lowering| limit(lowering, keys)));
        }
        lowering.list(&all)
    });
    Retry { limits, ..retry }
}

/// Reports keys of an entry that has no `proxy`, which they say more of.
pub(super) fn without_proxy(lowering: &mut Lowering<'_>, common: &Common) {
    let Some(keyway) = &common.keyway else { return };
    let retry = keyway.retry.as_ref().map(|keys| ("retry", keys.span, &RETRY_UNIT));
    let limits = keyway.limits.iter().flatten().next().map(|keys| ("limits", keys.span, &RATE_LIMIT));
    for (key, span, rule) in [retry, limits].into_iter().flatten() {
        let finding = Diagnostic::new(rule, format!("`keyway.{key}` without `proxy`"), span)
            .label("it says more of the calls of `proxy`, which the entry does not have")
            .help("add `proxy: {base_url: https://...}` to the entry");
        lowering.under(key, |lowering| lowering.report(finding));
    }
}

fn units(lowering: &mut Lowering<'_>, keys: &RetryKeys, declared: Option<&model::Retry>, retry: Retry) -> Retry {
    // Asked of the model: texts of the spec are there only where an arena keeps them.
    let after = declared.and_then(|retry| retry.after.as_ref()).map_or(&[][..], |names| &names.items);
    let has_after = after.iter().any(|name| name.as_str() != "retry-after");
    let after_unit = keys.after_unit.map(|unit| {
        if !has_after {
            lone(lowering, "after_unit", unit.span, "`proxy.retry.after` names no header beside `retry-after`");
        }
        unit.value.0
    });
    let at_unit = keys.at_unit.map(|unit| {
        if declared.and_then(|retry| retry.at.as_ref()).is_none_or(|names| names.items.is_empty()) {
            lone(lowering, "at_unit", unit.span, "`proxy.retry.at` names no header");
        }
        unit.value.0
    });
    let strategy = declared.and_then(|retry| retry.in_body.as_ref()).map(|wait| wait.strategy.value);
    let in_body_unit = keys.in_body_unit.and_then(|unit| match (strategy, unit.value.0) {
        (None, _) => {
            lone(lowering, "in_body_unit", unit.span, "the entry has no `proxy.retry.in_body`");
            None
        }
        (Some(RetryStrategy::At), WaitUnit::Seconds) => Some(WaitUnit::UntilSeconds),
        (Some(RetryStrategy::At), WaitUnit::Milliseconds) => Some(WaitUnit::UntilMilliseconds),
        (Some(RetryStrategy::At), _) => {
            lone(lowering, "in_body_unit", unit.span, "`strategy: at` is an instant, which counts since 1970");
            None
        }
        (Some(RetryStrategy::After), unit) => Some(unit),
    });
    Retry {
        after_unit: after_unit.unwrap_or(retry.after_unit),
        at_unit: at_unit.unwrap_or(retry.at_unit),
        in_body: retry
            .in_body
            .map(|wait| keyway_spec::proxy::RetryInBody { unit: in_body_unit.unwrap_or(wait.unit), ..wait }),
        wait: keys.wait.map(|wait| wait.value),
        ..retry
    }
}

/// Reports a unit of nothing.
fn lone(lowering: &mut Lowering<'_>, key: &str, span: Span, label: &str) {
    let help = match key {
        "in_body_unit" => "write `seconds` or `milliseconds` beside `strategy: at`, or remove it".to_owned(),
        key => format!("name the header under `proxy.retry.{}`, or remove it", key.trim_end_matches("_unit")),
    };
    report(lowering, &RETRY_UNIT, key, span, &format!("`{key}` is the unit of nothing"), label, help);
}

fn limit(lowering: &mut Lowering<'_>, keys: &RateLimitAt) -> Option<RateLimit> {
    let usage = usage(lowering, keys);
    let reset = reset(lowering, keys, usage);
    Some(RateLimit { usage: usage?, reset, wait: keys.wait.map(|wait| wait.value) })
}

fn usage(lowering: &mut Lowering<'_>, keys: &RateLimitAt) -> Option<RateLimitUsage> {
    let form = keys.form.map_or(Form::Number, |form| form.value);
    let in_one = matches!(form, Form::Bucket | Form::Json);
    let mut wrong = |key: &str, span, message: &str, label: &str, help: &str| {
        report(lowering, &RATE_LIMIT, key, span, message, label, help.to_owned());
    };
    if let Some(limit) = keys.limit.as_ref().filter(|_| keys.used.is_none() || in_one) {
        let label = if in_one { "the header of `used` says both" } else { "`remaining` is spent at 0" };
        wrong("limit", limit.span, "`limit` is read beside `used` only", label, "remove `limit`");
    }
    let has_paths = keys.paths.as_ref().is_some_and(|paths| !paths.is_empty());
    match (&keys.paths, keys.form) {
        (Some(paths), _) if form != Form::Json => {
            let span = paths.first().map_or(keys.span, |path| path.span);
            wrong("paths", span, "`paths` without `form: json`", "paths lead through JSON", "add `form: json`");
        }
        (_, Some(form)) if form.value == Form::Json && !has_paths => {
            let help = "add `paths: [call_count]`, with the members that are percentages";
            wrong("form", form.span, "`form: json` without `paths`", "nothing says which members count", help);
        }
        _ => {}
    }
    match (&keys.remaining, &keys.used) {
        (Some(_), Some(used)) => {
            let help = "keep one of them; two limits are two items of the list";
            wrong("used", used.span, "`used` beside `remaining`", "each says when the limit is spent", help);
            None
        }
        (None, None) => {
            let help = "add `remaining` with the header of what is left, or `used` and `limit`";
            let message = "a rate limit without `remaining` and without `used`";
            report(lowering, &RATE_LIMIT, "", keys.span, message, "nothing says when it is spent", help.to_owned());
            None
        }
        (Some(remaining), None) if in_one => {
            let help = "write `used` in place of `remaining`";
            let message = "`remaining` is a number, or a list of numbers";
            wrong("remaining", remaining.span, message, "this form says what is used", help);
            None
        }
        (Some(remaining), None) => {
            Some(RateLimitUsage::Remaining { header: lowering.text(remaining), list: form == Form::List })
        }
        (None, Some(used)) => match form {
            Form::Bucket => Some(RateLimitUsage::Bucket { header: lowering.text(used) }),
            Form::Json => has_paths.then(|| RateLimitUsage::Json {
                header: lowering.text(used),
                paths: lowering.texts(keys.paths.as_ref()),
            }),
            Form::Number | Form::List => {
                if let Some(limit) = &keys.limit {
                    let (used, limit) = (lowering.text(used), lowering.text(limit));
                    return Some(RateLimitUsage::Used { used, limit, list: form == Form::List });
                }
                let help = "add `limit` with the header that says it; `form: bucket` is for `32/40` in one header";
                wrong("used", used.span, "`used` without `limit`", "nothing says how much there is", help);
                None
            }
        },
    }
}

fn reset(lowering: &mut Lowering<'_>, keys: &RateLimitAt, usage: Option<RateLimitUsage>) -> Option<RateLimitReset> {
    let unit = keys.reset_unit.map(|unit| unit.value);
    let is_json = keys.form.is_some_and(|form| form.value == Form::Json);
    let mut wrong = |key: &str, span, message: &str, label: &str, help: &str| {
        report(lowering, &RATE_LIMIT, key, span, message, label, help.to_owned());
    };
    let (key, span) = match (&keys.reset, &keys.reset_path) {
        (Some(_), Some(path)) => {
            let label = "both say when the limit is full again";
            wrong("reset_path", path.span, "`reset_path` beside `reset`", label, "keep one of them");
            return None;
        }
        (None, Some(path)) if !is_json => {
            let help = "name the header in `reset`, or add `form: json`";
            let message = "`reset_path` without `form: json`";
            wrong("reset_path", path.span, message, "a path leads through JSON", help);
            return None;
        }
        (Some(header), None) => ("reset", header.span),
        (None, Some(path)) => ("reset_path", path.span),
        (None, None) => {
            if let Some(unit) = keys.reset_unit {
                let help = "add `reset` with the header that says when the limit is full again, or remove it";
                wrong("reset_unit", unit.span, "`reset_unit` is the unit of nothing", "there is no `reset`", help);
            }
            return None;
        }
    };
    let Some(unit) = unit else {
        let help = "add `reset_unit: instant` for a time, `seconds` or `milliseconds` for a number from now, or \
                    `duration` for `6m0s`";
        wrong(key, span, &format!("`{key}` without `reset_unit`"), "nothing says how its value counts", help);
        return None;
    };
    let path = keys.reset_path.as_ref().map(|path| lowering.text(path));
    let header = match (&keys.reset, usage?) {
        (Some(header), _) => lowering.text(header),
        (None, RateLimitUsage::Json { header, .. }) => header,
        (None, _) => return None,
    };
    Some(RateLimitReset { header, path, unit })
}

/// Reports at a key of the present map; at the map itself where the key is empty.
fn report(
    lowering: &mut Lowering<'_>,
    rule: &'static Rule,
    key: &str,
    span: Span,
    message: &str,
    label: &str,
    help: String,
) {
    let finding = Diagnostic::new(rule, message, span).label(label).help(help);
    if key.is_empty() {
        lowering.report(finding);
    } else {
        lowering.under(key, |lowering| lowering.report(finding));
    }
}

#[cfg(test)]
mod tests;
