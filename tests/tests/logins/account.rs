//! An entry, what a customer submitted for it, and exchanges with made-up answers.

use keyway::Secret;
use keyway::auth::exchange::{Answer, Grant, Granted, Step};
use keyway::auth::{self, token_request::TokenRequest};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway_spec::ProviderSpec;
use serde_json::Map;

pub(crate) const NOW: i64 = 1_767_323_045;

/// An account at a provider.
pub(crate) struct Account {
    pub(crate) spec: ProviderSpec,
    pub(crate) integration: IntegrationRecord,
    pub(crate) config: ConfigMap,
    pub(crate) credentials: Credentials,
    moment: Moment,
    metadata: Map<String, serde_json::Value>,
}

impl Account {
    /// Of an entry whose keys these are, beside a name and a link.
    pub(crate) fn of(keys: &str) -> Account {
        let head = "acme:\n    display_name: Acme\n    categories: [dev-tools]\n    docs: https://example.com\n";
        let body = keys.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n");
        let mut sources = keyway_compiler::source::Sources::default();
        let id = sources.add("providers.yaml", format!("{head}{body}"));
        let (diagnostics, specs) = keyway_compiler::pipeline::compile(&sources, id, &[]);
        let spec = *specs.first().unwrap_or_else(|| panic!("the entry does not compile: {diagnostics:?}"));
        Account {
            spec,
            integration: IntegrationRecord::default(),
            config: ConfigMap::new(),
            credentials: Credentials::default(),
            moment: Moment {
                now: Timestamp::from_second(NOW).unwrap(),
                uuid: "11111111-2222-4333-8444-555555555555".to_owned(),
            },
            metadata: Map::new(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Account {
        self.credentials.inputs.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn with_token(mut self, access: &str, refresh: Option<&str>) -> Account {
        let refresh = refresh.map(Secret::from);
        self.credentials.token = Some(Token::new(access).refresh(refresh));
        self
    }

    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            spec: &self.spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "c",
            metadata: &self.metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }

    pub(crate) fn step(&self, grant: Grant<'_>, answers: &[Answer]) -> keyway::Result<Step<Granted>> {
        auth::step(&self.inputs(), grant, answers)
    }

    /// The request after these answers.
    #[track_caller]
    pub(crate) fn request(&self, answers: &[Answer]) -> TokenRequest {
        match self.step(Grant::Login, answers).unwrap() {
            Step::Send(request) => *request,
            Step::Done(granted) => panic!("granted without asking: {granted:?}"),
        }
    }

    /// What these answers grant.
    pub(crate) fn granted(&self, answers: &[Answer]) -> keyway::Result<Granted> {
        self.step(Grant::Login, answers).map(|step| match step {
            Step::Done(granted) => granted,
            Step::Send(request) => panic!("one more request: {request:?}"),
        })
    }
}

/// An answer with this status and body.
pub(crate) fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        headers: http::HeaderMap::new(),
        body: body.into(),
        received: Timestamp::from_second(NOW).unwrap(),
        secrets: vec!["password-canary".into()],
        kept: false,
    }
}

/// An answer with these `set-cookie` headers.
pub(crate) fn with_cookies(mut answer: Answer, cookies: &[&str]) -> Answer {
    for cookie in cookies {
        answer.headers.append("set-cookie", cookie.parse().unwrap());
    }
    answer
}
