//! The host sets of an entry, from the URLs that were lowered.
//!
//! Requests are matched against them by the runtime, not here.

use super::INVALID_HOST_PATTERN;
use super::lowering::Lowering;
use super::reached::Use;
use crate::diagnostic::Diagnostic;
use crate::model::common::KeywayKeys;
use crate::template::hosts::class;
use keyway_format::host_pattern::HostPattern;
use keyway_spec::{HostClass, HostSet, Hosts, address, aws};

/// The sets; every URL must have been lowered before.
pub(super) fn lower(lowering: &mut Lowering<'_>, keyway: Option<&KeywayKeys>) -> Hosts {
    let trusted = trusted(lowering, keyway);
    Hosts {
        authorize: set(lowering, Use::Authorize),
        token: set(lowering, Use::Token),
        api: set(lowering, Use::Api),
        trusted: patterns(lowering, trusted),
    }
}

/// Lets calls go to an AWS service in every partition: an entry writes the domain of the standard one, and the runtime
/// puts the one of the connection's region in its place.
pub(super) fn reach_partitions(lowering: &mut Lowering<'_>) {
    let of_api = lowering.reached.iter().filter(|reached| reached.purpose == Use::Api);
    let standard = of_api.flat_map(|reached| &reached.hosts).map(ToString::to_string);
    let services: Vec<String> =
        standard.filter_map(|host| host.strip_suffix(aws::STANDARD).map(str::to_owned)).collect();
    for (_, suffix) in aws::PARTITIONS {
        for service in services.iter().filter(|service| service.ends_with('.')) {
            lowering.reach(Use::Api, &format!("{service}{suffix}"));
        }
    }
}

fn set(lowering: &Lowering<'_>, purpose: Use) -> HostSet {
    let of_use = lowering.reached.iter().filter(|reached| reached.purpose == purpose);
    let found: Vec<HostPattern> = of_use.flat_map(|reached| &reached.hosts).cloned().collect();
    let class = found.iter().map(class).max().unwrap_or(HostClass::Fixed);
    HostSet::new(class, patterns(lowering, found))
}

fn patterns(lowering: &Lowering<'_>, mut found: Vec<HostPattern>) -> &'static [&'static str] {
    found.sort();
    found.dedup();
    let found: Vec<&'static str> = found.iter().map(|pattern| lowering.str(&pattern.to_string())).collect();
    lowering.list(&found)
}

fn trusted(lowering: &mut Lowering<'_>, keyway: Option<&KeywayKeys>) -> Vec<HostPattern> {
    let mut found = Vec::new();
    for text in keyway.and_then(|keyway| keyway.hosts.as_ref()).into_iter().flatten() {
        let callable =
            |pattern: &HostPattern| pattern.address().and_then(address::refusal).is_none_or(|it| it.allowed_as_private);
        if let Some(pattern) = HostPattern::parse(&text.text).ok().filter(callable) {
            found.push(pattern);
            continue;
        }
        let finding =
            Diagnostic::new(&INVALID_HOST_PATTERN, format!("`{}` is not a host pattern", text.text), text.span)
                .label("no host")
                .help("write a host such as `api.example.com` or `*.example.com`, without a scheme or a path");
        lowering.under("keyway", |lowering| lowering.under("hosts", |lowering| lowering.report(finding)));
    }
    found
}
