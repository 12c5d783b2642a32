//! The `proxy` block.
//!
//! A pagination whose keys do not fit its type is no pagination; rules report it.

use super::lowering::Lowering;
use super::paginate;
use super::reached::Use;
use crate::model::proxy as model;
use crate::model::proxy::{RetryStrategy, VerificationMethod};
use crate::template::scope::Field;
use keyway_format::regex_literal;
use keyway_spec::proxy::{Proxy, Retry, RetryInBody, StatusRange, Verification, WaitUnit};

/// Lowers the block.
pub(super) fn lower(lowering: &mut Lowering<'_>, proxy: &model::Proxy) -> Proxy {
    Proxy {
        base_url: lowering.under("base_url", |lowering| lowering.url(Field::ProxyUrl, Use::Api, &proxy.base_url)),
        headers: lowering.under("headers", |lowering| {
            let headers = proxy.headers.iter().flatten().map(|(name, text)| (name.name.as_str(), &**text));
            lowering.templates(Field::ProxyHeader, headers)
        }),
        query: lowering.under("query", |lowering| {
            let query = proxy.query.iter().flatten().map(|(name, text)| (name.name.as_str(), text));
            lowering.templates(Field::ProxyQuery, query)
        }),
        body: lowering.under("body", |lowering| lowering.params(Some(Field::ProxyBody), proxy.body.as_ref())),
        decompress: proxy.decompress.is_some_and(|flag| flag.value),
        forward_headers_on_redirect: proxy.forward_headers_on_redirect.is_some_and(|flag| flag.value),
        errors: &[],
        retry: proxy.retry.as_ref().map_or(Retry::EMPTY, |retry| retry_rules(lowering, retry)),
        paginate: proxy.paginate.as_ref().and_then(|keys| paginate::rule(lowering, &paginate::of_proxy(keys)).ok()),
        verification: proxy
            .verification
            .as_ref()
            .map(|probe| lowering.under("verification", |lowering| verification(lowering, probe))),
    }
}

fn retry_rules(lowering: &Lowering<'_>, retry: &model::Retry) -> Retry {
    let names = |list: &Option<crate::model::union::OneOrMany<_>>| {
        let items = list.iter().flat_map(|list| &list.items);
        lowering
            .strings(items.map(|name: &crate::model::Validated<crate::model::grammar::LowerHeaderName>| name.as_str()))
    };
    let ranges: Vec<StatusRange> = retry.error_code.iter().flatten().filter_map(|text| statuses(&text.text)).collect();
    Retry {
        at: names(&retry.at),
        after: names(&retry.after),
        remaining: retry.remaining.as_ref().map(|name| lowering.text(name)),
        error_code: lowering.list(&ranges),
        in_body: retry.in_body.as_ref().map(|wait| RetryInBody {
            path: lowering.text(&wait.path),
            pattern: lowering.str(regex_literal::without_slashes(&wait.value.text)),
            unit: match wait.strategy.value {
                RetryStrategy::At => WaitUnit::Until,
                RetryStrategy::After => WaitUnit::Seconds,
            },
        }),
        ..Retry::EMPTY
    }
}

/// `429`, `5xx` or `500-503`.
pub(super) fn statuses(text: &str) -> Option<StatusRange> {
    if let Some(hundreds) = text.strip_suffix("xx") {
        let first = hundreds.parse::<u16>().ok().filter(|digit| (1..=9).contains(digit))? * 100;
        return Some(StatusRange { first, last: first + 99 });
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(StatusRange { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? })
}

fn verification(lowering: &mut Lowering<'_>, probe: &model::Verification) -> Verification {
    let mut endpoints = Vec::with_capacity(probe.endpoints.len());
    for (index, text) in probe.endpoints.iter().enumerate() {
        endpoints.push(lowering.under("endpoints", |lowering| {
            // An endpoint is put below the base and leads to no host of its own.
            lowering.under(&index.to_string(), |lowering| lowering.template(Field::ProxyUrl, text))
        }));
    }
    Verification {
        method: match probe.method.map(|method| method.value) {
            Some(VerificationMethod::Post) => "POST",
            Some(VerificationMethod::Get) | None => "GET",
        },
        endpoints: lowering.list(&endpoints),
        base_url_override: probe
            .base_url_override
            .as_ref()
            .map(|text| lowering.under("base_url_override", |lowering| lowering.url(Field::ProxyUrl, Use::Api, text))),
        headers: lowering.pairs(probe.headers.iter().flatten().map(|(name, text)| (name.name.as_str(), text.as_str()))),
        data: lowering.params(None, probe.data.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_ranges() {
        for (text, expected) in
            [("429", Some((429, 429))), ("5xx", Some((500, 599))), ("500-502", Some((500, 502))), ("x", None)]
        {
            assert_eq!(statuses(text).map(|range| (range.first, range.last)), expected, "{text}");
        }
    }
}
