//! Building one request, without IO: `cargo bench -p keyway-tests --bench request`.
//!
//! The entries are those of the corpus (`KEYWAY_SHARED`), lowered before anything is measured. Budgets are in
//! `docs/performance.md`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench: the figures are the output, a defect stops it")]

use criterion::Criterion;
use keyway::clock::Moment;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{self, Call};
use keyway::secret::Secret;
use serde_json::Map;
use std::collections::BTreeMap;
use std::hint::black_box;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a connection needs.
struct Case {
    provider: &'static str,
    config: &'static [(&'static str, &'static str)],
    credentials: &'static [(&'static str, &'static str)],
    token: Option<&'static str>,
    /// What came beside the token.
    obtained: &'static [(&'static str, &'static str)],
}

impl Case {
    const EMPTY: Case = Case { provider: "", config: &[], credentials: &[], token: None, obtained: &[] };
}

const CASES: [Case; 6] = [
    Case { provider: "github", token: Some("gho_16C7e42F292c6912E7710c838347Ae178B4a"), ..Case::EMPTY },
    Case { provider: "stripe-api-key", credentials: &[("username", "sk_live_0"), ("password", "")], ..Case::EMPTY },
    Case { provider: "zendesk", config: &[("subdomain", "acme")], token: Some("a2f8e1c0d94b7"), ..Case::EMPTY },
    Case {
        provider: "avanan",
        config: &[("subdomain", "smart-api-production-1-us")],
        credentials: &[("appId", "9k8m4h2j"), ("secretKey", "7c1e0b5a9d3f")],
        token: Some("eyJhbGciOiJIUzI1NiJ9.e30.0"),
        ..Case::EMPTY
    },
    Case {
        provider: "aws-sigv4",
        config: &[("region", "us-east-1"), ("service", "s3")],
        credentials: &[("role_arn", "arn:aws:iam::123456789012:role/keyway")],
        token: Some("FwoGZXIvYXdzEXAMPLETOKEN"),
        obtained: &[
            ("access_key_id", "ASIAEXAMPLEKEYID0000"),
            ("secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("session_token", "FwoGZXIvYXdzEXAMPLETOKEN"),
        ],
    },
    Case {
        provider: "cisco-duo-admin",
        config: &[("hostname", "api-xxxxxxxx.duosecurity.com")],
        credentials: &[("username", "DIQT7R68ICMUVNJ4VVWU"), ("password", "710xTRcVPgqyUiyCEkfYI93skClCZpACV08PP7jC")],
        ..Case::EMPTY
    },
];

fn main() {
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("build one request");
    for case in &CASES {
        let Some(spec) = specs.get(case.provider) else {
            println!("{}: not in the corpus", case.provider);
            continue;
        };
        let config: ConfigMap = case.config.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let credentials = Credentials::submitted(secrets(case.credentials))
            .obtained(secrets(case.obtained))
            .token(case.token.map(Token::new));
        let integration = IntegrationRecord::without_scopes(case.provider, case.provider);
        let (moment, metadata) = (moment(), Map::new());
        let inputs = Inputs {
            spec,
            integration: &integration,
            config: &config,
            connection_id: "connection-1",
            metadata: &metadata,
            credentials: &credentials,
            moment: &moment,
        };
        let call = Call::get("/v1/things?limit=2");
        request::plan(&inputs, &call).unwrap();
        // Dropping, which wipes the secrets, is part of the time: kept back, thousands of requests would crowd the
        // caches.
        group.bench_function(case.provider, |bencher| {
            bencher.iter(|| request::plan(black_box(&inputs), black_box(&call)));
        });
    }
    group.finish();
    criterion.final_summary();
}

fn secrets(pairs: &[(&str, &str)]) -> BTreeMap<String, Secret> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect()
}

fn moment() -> Moment {
    let uuid = "11111111-2222-4333-8444-555555555555".to_owned();
    Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid }
}
