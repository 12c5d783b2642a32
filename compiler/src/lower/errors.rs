//! `keyway.errors`: answers that only their bodies tell to be errors.
//!
//! An answer with an error in its keys is none; the entry has no spec then.

use super::ERROR_ANSWER;
use super::lowering::Lowering;
use super::proxy::statuses;
use crate::diagnostic::Diagnostic;
use crate::model::common::Common;
use crate::model::errors::ErrorAnswerAt;
use crate::source::Span;
use keyway_spec::proxy::{ErrorAnswer, StatusRange};

/// The statuses of a success.
const SUCCESS: StatusRange = StatusRange { first: 200, last: 299 };

/// Statuses of what passes: to count as one of these means to be tried again.
const PASSING: [(u16, &str); 2] = [(429, "a rate limit"), (503, "an outage")];

/// The status of an error that the entry says no more of.
const BAD_REQUEST: u16 = 400;

/// The answers of an entry that are errors by their bodies.
pub(super) fn lower(lowering: &mut Lowering<'_>, common: &Common) -> &'static [ErrorAnswer] {
    let errors = common.keyway.as_ref().and_then(|keyway| keyway.errors.as_deref()).unwrap_or_default();
    lowering.under("errors", |lowering| {
        let mut all = Vec::with_capacity(errors.len());
        for (index, keys) in errors.iter().enumerate() {
            all.extend(lowering.under(&index.to_string(), |lowering| answer(lowering, keys, common)));
        }
        lowering.list(&all)
    })
}

/// Reports the key of an entry that has no `proxy`, whose answers it is about.
pub(super) fn without_proxy(lowering: &mut Lowering<'_>, common: &Common) {
    let errors = common.keyway.iter().flat_map(|keyway| keyway.errors.iter().flatten());
    if let Some(first) = errors.into_iter().next() {
        let finding = Diagnostic::new(&ERROR_ANSWER, "`keyway.errors` without `proxy`", first.span)
            .label("it is about answers to the calls of `proxy`, which the entry does not have")
            .help("add `proxy: {base_url: https://...}` to the entry");
        lowering.under("errors", |lowering| lowering.report(finding));
    }
}

fn answer(lowering: &mut Lowering<'_>, keys: &ErrorAnswerAt, common: &Common) -> Option<ErrorAnswer> {
    let when = lowering.under("when", |lowering| lowering.params(None, keys.when.as_ref()));
    let has_when = keys.when.as_ref().is_some_and(|when| !when.entries.is_empty());
    if keys.has.is_none() && !has_when {
        let finding = Diagnostic::new(&ERROR_ANSWER, "an error without `has` and without `when`", keys.span)
            .label("nothing in the body tells it from another answer")
            .help("add `when: {ok: false}` or `has: errors`; a status alone stands under `proxy.retry.error_code`");
        lowering.report(finding);
        return None;
    }
    let mut wrong = |key: &str, span: Span, message: &str, label: &str, help: &str| {
        let finding = Diagnostic::new(&ERROR_ANSWER, message, span).label(label).help(help);
        lowering.under(key, |lowering| lowering.report(finding));
    };
    let named: Vec<StatusRange> = keys.statuses.iter().flatten().filter_map(|text| statuses(&text.text)).collect();
    let first = keys.statuses.iter().flatten().next().map(|text| text.span);
    if let Some(span) = first.filter(|_| keys.counts_as.is_none() && named.iter().all(|range| range.first >= 400)) {
        let help = "add `counts_as: 429` for a rate limit, or `401` for a token that is to be renewed";
        wrong("statuses", span, "an error that counts as what it is", "a status of an error already", help);
    }
    let counts_as = keys.counts_as.and_then(|status| {
        let number = u16::try_from(status.value).ok().filter(|number| (400..600).contains(number));
        if number.is_none() {
            let help = "write a status from 400 to 599: `400`, `401`, `429`";
            wrong("counts_as", status.span, &format!("`{}` is no error", status.value), "no status of an error", help);
        }
        // Asked of the model: lists of the spec are there only where an arena keeps them.
        let listed = common.proxy.as_ref().and_then(|proxy| proxy.retry.as_ref()?.error_code.as_ref());
        let is_retried = |status: u16| {
            listed.is_none_or(|listed| {
                let mut ranges = listed.iter().filter_map(|text| statuses(&text.text));
                ranges.any(|range| (range.first..=range.last).contains(&status))
            })
        };
        for (passing, kind) in
            PASSING.into_iter().filter(|(passing, _)| number == Some(*passing) && !is_retried(*passing))
        {
            let message = format!("{kind} that is never tried again");
            let help = format!("add `'{passing}'` to `proxy.retry.error_code`");
            wrong("counts_as", status.span, &message, "not in `error_code`", &help);
        }
        number
    });
    let statuses = if named.is_empty() { vec![SUCCESS] } else { named };
    Some(ErrorAnswer {
        statuses: lowering.list(&statuses),
        has: lowering.optional(keys.has.as_ref()),
        when,
        counts_as: counts_as.unwrap_or(BAD_REQUEST),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use crate::source::Sources;
    use keyway_spec::{Entry, Template, Value};

    fn entry(retry: &str, errors: &str) -> String {
        format!(
            "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n    \
             auth_mode: NONE\n    proxy: {{base_url: 'https://api.acme.example', retry: {{{retry}}}}}\n    \
             keyway: {{errors: [{errors}]}}\n"
        )
    }

    #[test]
    fn an_answer_is_known_by_its_members_and_counts_as_a_status() {
        const OK: [Entry; 1] = [Entry { name: "ok", value: Value::Bool(false) }];
        const CODE: [Entry; 1] = [Entry { name: "error.code", value: Value::Text(Template::Text("maxlag")) }];
        let answer = |when, has, counts_as| ErrorAnswer { statuses: &[SUCCESS], has, when, counts_as };
        for (errors, expected) in [
            ("{when: {ok: false}}", answer(&OK, None, 400)),
            ("{has: errors}", answer(&[], Some("errors"), 400)),
            ("{has: errors, when: {ok: false}, counts_as: 401}", answer(&OK, Some("errors"), 401)),
            ("{when: {error.code: maxlag}, counts_as: 429}", answer(&CODE, None, 429)),
            ("{when: {error.code: maxlag}, counts_as: 503}", answer(&CODE, None, 503)),
            (
                "{when: {error.code: maxlag}, statuses: ['400', 5xx], counts_as: 429}",
                ErrorAnswer {
                    statuses: &[StatusRange { first: 400, last: 400 }, StatusRange { first: 500, last: 599 }],
                    ..answer(&CODE, None, 429)
                },
            ),
        ] {
            let text = entry("", errors);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", &text);
            let checked = pipeline::check(&sources, file);
            let (spec, found) = crate::lower::lower(checked.providers.first().unwrap());
            let found: Vec<_> = found.iter().map(|found| &found.message).collect();
            let spec = spec.unwrap_or_else(|| panic!("{text}{found:?}"));
            assert_eq!(spec.proxy.unwrap().errors, [expected], "{errors}");
        }
    }

    #[test]
    fn keys_that_do_not_fit_together_are_told_at_the_exact_one() {
        for (retry, errors, expected) in [
            ("", "{counts_as: 429}", "errors.0 [counts_as: 429] an error without `has` and without `when`"),
            ("", "{when: {}}", "errors.0 [when: {}] an error without `has` and without `when`"),
            ("", "{has: a, counts_as: 200}", "errors.0.counts_as [200] `200` is no error"),
            ("", "{has: a, counts_as: 99999}", "errors.0.counts_as [99999] `99999` is no error"),
            ("", "{has: a, statuses: ['422']}", "errors.0.statuses ['422'] an error that counts as what it is"),
            (
                "error_code: ['401', 5xx]",
                "{has: a, counts_as: 429}",
                "errors.0.counts_as [429] a rate limit that is never tried again",
            ),
            (
                "error_code: ['429', '500']",
                "{has: a, counts_as: 503}",
                "errors.0.counts_as [503] an outage that is never tried again",
            ),
        ] {
            let text = entry(retry, errors);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", &text);
            let found = pipeline::check(&sources, file).diagnostics;
            let found: Vec<String> = found
                .iter()
                .filter(|found| found.rule == &ERROR_ANSWER)
                .map(|found| {
                    let marked = &text[found.primary.span.range()];
                    format!("{} [{marked}] {}", found.path[2..].join("."), found.message)
                })
                .collect();
            assert_eq!(found, [expected], "{errors}");
        }
        let alone = entry("", "{has: a}").replace("    proxy: {base_url: 'https://api.acme.example', retry: {}}\n", "");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", alone);
        let found = pipeline::check(&sources, file).diagnostics;
        assert!(found.iter().any(|found| found.message == "`keyway.errors` without `proxy`"));
    }
}
