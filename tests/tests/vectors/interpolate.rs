//! `interpolate.jsonl`: a template of a field, and values, to a text.
//!
//! Each is parsed in the scope of its field and mode, lowered, and evaluated where the field is used: a URL in a URL, a
//! header in a request. Lines that record no evaluation (exchanges of several steps are in `token.jsonl`; fields that
//! the first implementation passes on unread) are not lines of this comparison.

use crate::deviations::Difference;
use crate::recorded::{self, flat};
use crate::tally::{Most, Tally};
use keyway::Secret;
use keyway::clock::Moment;
use keyway::connection::ConfigMap;
use keyway::credentials::Credentials;
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, CallBody, plan};
use keyway::template::{Scope as Values, Text, evaluate};
use keyway_compiler::template::scope::{Declared, Field, Scope};
use keyway_spec::{Entry, Mode, ProviderSpec, Proxy, Template, Value as SpecValue};
use keyway_tests::leaked;
use serde_json::{Map, Value};

#[test]
fn templates_come_out_as_recorded() {
    let Some(lines) = recorded::lines("interpolate") else { return };
    let mut tally = Tally::of("interpolate");
    let evaluated = |line: &&Value| {
        let how = line["fn"].as_str().unwrap();
        !how.starts_with("none:") && !how.starts_with("see ")
    };
    println!("interpolate: {} more record no evaluation", lines.iter().filter(|line| !evaluated(line)).count());
    for line in lines.iter().filter(evaluated) {
        let ours = text(line).map_or_else(|error| format!("error: {error}").into(), Value::from);
        let recorded = line.get("output").or(line.get("error")).cloned().unwrap_or_default();
        let both_refuse = ours.as_str().is_some_and(|text| text.starts_with("error: ")) && line.get("output").is_none();
        if ours == recorded || both_refuse {
            tally.agrees();
        } else {
            tally.differs(&Difference { line, recorded, ours });
        }
    }
    tally.finish(Most::Percent(3));
}

fn text(line: &Value) -> Result<String, String> {
    let world = World::of(line);
    let field = line["field"].as_str().unwrap();
    let field = field_of(field);
    let declared = world.declared(Mode::parse(line["auth_mode"].as_str().unwrap()).unwrap());
    let scope = Scope::new(field, &declared);
    let (template, problems) = keyway_compiler::lower::template(line["template"].as_str().unwrap(), &scope);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    let asked = line["field"].as_str().unwrap();
    match field {
        Field::ProxyHeader | Field::ProxyQuery | Field::ProxyBody => world.proxied(field, template),
        Field::ProxyUrl if asked == "proxy.base_url" => world.joined(template),
        Field::ProxyUrl if asked.ends_with("endpoints") => {
            world.evaluated(template).map(|path| format!("https://host.test/{}", path.trim_start_matches('/')))
        }
        Field::ProxyUrl | Field::AuthorizationUrl | Field::TokenUrl => {
            let url = world.evaluated(template)?;
            url::Url::parse(&url).map(String::from).map_err(|error| error.to_string())
        }
        _ => world.evaluated(template),
    }
}

fn field_of(name: &str) -> Field {
    match name {
        "proxy.base_url" | "proxy.verification.endpoints" | "proxy.verification.base_url_override" => Field::ProxyUrl,
        "proxy.headers" => Field::ProxyHeader,
        "proxy.query" => Field::ProxyQuery,
        "proxy.body" => Field::ProxyBody,
        "authorization_url" => Field::AuthorizationUrl,
        "authorization_params" => Field::AuthorizationParam,
        "token_url" | "refresh_url" => Field::TokenUrl,
        "token_params" | "refresh_token_params" => Field::TokenParam,
        "token_headers" | "refresh_token_headers" => Field::TokenHeader,
        name if name.starts_with("assertion.") => Field::Assertion,
        name if name.starts_with("token.") => Field::Jwt,
        name => panic!("a field that this test does not know: {name}"),
    }
}

/// What is not a value of a line's one map.
const ROOTS: [&str; 6] =
    ["connection_config", "connectionConfig", "credentials", "assertionOption", "integration", "skip"];

/// The values of a line.
struct World {
    config: ConfigMap,
    credentials: Credentials,
    integration: IntegrationRecord,
    token: Option<Secret>,
    moment: Moment,
}

impl World {
    /// Values come by root, or all in one map where the first implementation mixes them.
    fn of(line: &Value) -> World {
        let given = &line["replacers"];
        let root = |names: [&str; 2]| names.into_iter().map(|name| &given[name]).find(|value| value.is_object());
        let mixed: Map<String, Value> = given
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !ROOTS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mixed = Value::Object(mixed);
        let mut credentials = recorded::credentials(root(["credentials", ""]).unwrap_or(&mixed));
        for (name, value) in flat(&given["assertionOption"]) {
            credentials.assertion_options.insert(name, value.into());
        }
        let text = |name: &str| given["integration"][name].as_str();
        let mut integration = IntegrationRecord::default();
        integration.client_id = text("oauth_client_id").map(str::to_owned);
        integration.client_secret = text("oauth_client_secret").map(Secret::from);
        integration.app_link = given["connectionConfig"]["appPublicLink"].as_str().map(str::to_owned);
        World {
            config: flat(root(["connection_config", "connectionConfig"]).unwrap_or(&mixed)),
            credentials,
            integration,
            token: given["credentials"]["token"].as_str().or(given["token"].as_str()).map(Secret::from),
            moment: Moment { now: recorded::now(), uuid: "11111111-2222-4333-8444-555555555555".to_owned() },
        }
    }

    fn declared(&self, mode: Mode) -> Declared<'_> {
        let mut credentials: Vec<&str> = self.credentials.inputs.keys().map(String::as_str).collect();
        credentials.extend(self.credentials.obtained.keys().map(String::as_str));
        credentials.extend(["access_token", "refresh_token", "token", "raw"]);
        credentials.extend(mode.facts().stored);
        Declared {
            config: self.config.keys().map(String::as_str).collect(),
            config_is_open: true,
            credentials,
            assertion_options: self.credentials.assertion_options.keys().map(String::as_str).collect(),
            ..Declared::of(mode)
        }
    }

    fn inputs<'w>(&'w self, spec: &'w ProviderSpec, metadata: &'w Map<String, Value>) -> Inputs<'w> {
        Inputs {
            spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "connection-1",
            metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }

    fn evaluated(&self, template: Template) -> Result<String, String> {
        let scope = Values {
            token: self.token.as_ref(),
            assertion: self.credentials.inputs.get("assertion"),
            ..Values::new(&self.config, &self.credentials, &self.integration, &self.moment)
        };
        match evaluate(&template, &scope).map_err(|error| format!("{error:?}"))? {
            Text::Resolved(text) => Ok(text),
            Text::Unresolved(name) => Err(format!("`{name}` has no value")),
        }
    }

    /// The URL of a call for the base URL itself.
    fn joined(&self, base_url: Template) -> Result<String, String> {
        let spec = ProviderSpec { proxy: Some(Proxy { base_url, ..Proxy::EMPTY }), ..ProviderSpec::EMPTY };
        let call = Call::get("/");
        let plan = plan(&self.inputs(&spec, &Map::new()), &call).map_err(|error| error.to_string())?;
        Ok(plan.url.0.into())
    }

    /// The text in the request that the recording was made of.
    fn proxied(&self, field: Field, template: Template) -> Result<String, String> {
        let (headers, query) = ([("x-recorded", template)], [("recorded", template)]);
        let body = [Entry { name: "recorded", value: SpecValue::Text(template) }];
        let proxy = Proxy {
            base_url: Template::Text("https://host.test"),
            headers: if field == Field::ProxyHeader { leaked::list(&headers) } else { &[] },
            query: if field == Field::ProxyQuery { leaked::list(&query) } else { &[] },
            body: if field == Field::ProxyBody { leaked::list(&body) } else { &[] },
            ..Proxy::EMPTY
        };
        let spec = ProviderSpec { proxy: Some(proxy), ..ProviderSpec::EMPTY };
        let get = field != Field::ProxyBody;
        let call = Call::new(if get { http::Method::GET } else { http::Method::POST }, "/v1/things?limit=2")
            .body(if get { CallBody::Empty } else { CallBody::Json(Value::Object(Map::new())) });
        let plan = plan(&self.inputs(&spec, &Map::new()), &call).map_err(|error| error.to_string())?;
        let found = match field {
            Field::ProxyHeader => plan
                .headers
                .iter()
                .find(|header| header.name == "x-recorded")
                .map(|header| header.value.expose().to_owned()),
            Field::ProxyQuery => {
                plan.url.0.query_pairs().find(|(name, _)| name == "recorded").map(|(_, value)| value.into_owned())
            }
            _ => match plan.body {
                CallBody::Json(body) => body["recorded"].as_str().map(str::to_owned),
                _ => None,
            },
        };
        found.ok_or_else(|| "left out".to_owned())
    }
}
