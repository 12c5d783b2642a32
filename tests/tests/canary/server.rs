//! The routes of the server: what a stranger, the holder of another connection and the person at a form get to see.
//!
//! Not covered: what `GET /connections/{id}` shows to the holder of the key, and the upstream's own answers.

use crate::accounts;
use crate::flows::Flows;
use crate::mock::{Failure, Form};
use crate::seen::secret;
use form_urlencoded::Serializer;
use keyway::Secret;
use keyway_server::{ApiKey, ServerConfig};
use keyway_tests::client::{Answer, Client};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Every route about one provider, while the mock gives what is asked and while it repeats what it was sent.
pub(crate) async fn routes(flows: &Flows<'_>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let api_key = ApiKey::new(&Secret::new(secret("servers-api-key"))).unwrap();
    let config = ServerConfig::new(api_key, url.parse().unwrap());
    flows.world.seen.note(&flows.occasion, &config);
    let handler = keyway_server::handler(flows.world.keyway.clone(), config);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(keyway_server::serve(listener, handler, async {
        let _stopped = stopped.await;
    }));
    let browser = Client::new(url);
    let operator = browser.with("authorization", &format!("Bearer {}", secret("servers-api-key")));
    let asked = Asked { flows, operator, browser };
    for failure in [
        Failure::None,
        Failure::Repeat(401, Form::Json),
        Failure::Repeat(500, Form::Text),
        Failure::RepeatWithSuccess(Form::Json),
        Failure::Reset,
        Failure::LineBreak,
    ] {
        flows.world.script.set(0, Failure::None);
        assert!(flows.settle().await.is_ok(), "{}", flows.occasion);
        flows.world.script.set(0, failure);
        asked.strangers().await;
        asked.another_connection().await;
        asked.listings().await;
        asked.imports().await;
        for good in 0..2 {
            flows.world.script.set(good, failure);
            asked.forms().await;
        }
    }
    flows.world.script.set(0, Failure::None);
    drop((asked, stop));
    serving.await.unwrap();
}

struct Asked<'a> {
    flows: &'a Flows<'a>,
    /// Has the API key.
    operator: Client,
    /// Has nothing: a stranger, or a customer.
    browser: Client,
}

impl Asked<'_> {
    /// Without the key, or with another: no data of any customer.
    async fn strangers(&self) {
        let key = self.flows.spec.key;
        let wrong = self.browser.with("authorization", "Bearer another-key-that-is-long-enough");
        for client in [&self.browser, &wrong] {
            for target in [
                format!("/connections/customer?integration={key}"),
                "/connections".to_owned(),
                format!("/integrations/{key}"),
                "/proxy/things".to_owned(),
                format!("/oauth/client-metadata/{key}"),
                "/oauth/callback?state=x&code=y".to_owned(),
                format!("/connect/{key}?token=x"),
            ] {
                let answer = client.as_connection(key, "customer").get(&target).await.unwrap();
                self.see(&answer);
            }
            let forged = client.with("x-signature", "0".repeat(64).as_str());
            self.see(&forged.json("POST", &format!("/webhooks/{key}"), &json!({"code": "x"})).await.unwrap());
        }
    }

    /// With the key, as another connection: one without credentials, and one that is not there.
    async fn another_connection(&self) {
        let stored = json!({"integration": "plain", "connection_id": "other"});
        self.see(&self.operator.json("POST", "/connections", &stored).await.unwrap());
        for (integration, id) in [("plain", "other"), (self.flows.spec.key, "nobody")] {
            for target in ["/proxy/things", "/proxy/things?a=b"] {
                self.see_ours(&self.operator.as_connection(integration, id), target).await;
            }
            let target = format!("/connections/{id}?integration={integration}");
            self.see(&self.operator.get(&target).await.unwrap());
        }
    }

    /// What lists or describes shows no credential, not even to the operator.
    async fn listings(&self) {
        let key = self.flows.spec.key;
        for target in [
            "/connections".to_owned(),
            format!("/connections?integration={key}"),
            "/integrations".to_owned(),
            format!("/integrations/{key}"),
            "/providers".to_owned(),
            format!("/providers/{key}"),
            "/health".to_owned(),
        ] {
            self.see(&self.operator.get(&target).await.unwrap());
        }
        // An error of ours, about the operator's own call, holds no secret either.
        self.see_ours(&self.operator.as_connection(key, "customer"), "/proxy/things").await;
    }

    /// What is stored is not said again, and neither is what was refused.
    async fn imports(&self) {
        let submitted = accounts::submitted(self.flows.spec);
        for credentials in [accounts::broken(&submitted), submitted] {
            let mut body = self.submission(&credentials.inputs, &credentials.assertion_options);
            if let Some(options) = body.remove("assertion_option") {
                body["credentials"]["assertion_option"] = options;
            }
            body.insert("integration".to_owned(), self.flows.spec.key.into());
            body.insert("connection_id".to_owned(), "imported".into());
            self.see(&self.operator.json("POST", "/connections", &body.into()).await.unwrap());
        }
    }

    /// The form, its refusals, and the way through the vendor's page and back.
    async fn forms(&self) {
        let (key, spec) = (self.flows.spec.key, self.flows.spec);
        let submitted = accounts::submitted(spec);
        for credentials in [accounts::broken(&submitted), submitted] {
            let Some((token, url)) = self.session().await else { return };
            let page = self.browser.get(&url).await.unwrap();
            self.see(&page);
            self.come_back(&page).await;
            let mut form = Serializer::new(String::new());
            form.append_pair("token", &token);
            let config = accounts::config(spec, self.flows.world.mock);
            let values = config.iter().map(|(name, value)| ("config", name, value.as_str()));
            let inputs = credentials.inputs.iter().map(|(name, value)| ("credentials", name, value.expose()));
            let options =
                credentials.assertion_options.iter().map(|(name, value)| ("assertion_option", name, value.expose()));
            for (group, name, value) in values.chain(inputs).chain(options) {
                form.append_pair(&format!("{group}[{name}]"), value);
            }
            let sends = self.browser.with("content-type", "application/x-www-form-urlencoded");
            let answer = sends.send("POST", &format!("/connect/{key}"), form.finish()).await.unwrap();
            self.see(&answer);
            self.come_back(&answer).await;

            let Some((token, _)) = self.session().await else { return };
            let mut body = self.submission(&credentials.inputs, &credentials.assertion_options);
            body.insert("token".to_owned(), token.into());
            self.see(&self.browser.json("POST", &format!("/connect/{key}"), &body.into()).await.unwrap());
        }
    }

    /// A connect session: its token, and the link in it.
    async fn session(&self) -> Option<(String, String)> {
        let body = json!({"integration": self.flows.spec.key, "connection_id": "formed"});
        let answer = self.operator.json("POST", "/connect/sessions", &body).await.unwrap();
        self.see(&answer);
        let text = |name: &str| answer.json()[name].as_str().map(str::to_owned);
        text("token").zip(text("url"))
    }

    /// Where the browser was sent to the vendor: the callback, in this browser and in another.
    async fn come_back(&self, left: &Answer) {
        let Ok(page) = left.header("location").parse::<url::Url>() else { return };
        let names = ["state", "payload"];
        let own = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            names.contains(&name.as_ref()).then(|| value.into_owned())
        };
        let callback = page.query_pairs().find(|(name, _)| name == "oauth_callback");
        let callback = callback.and_then(|(_, value)| value.parse::<url::Url>().ok());
        let state = page.query_pairs().find_map(own);
        let Some(state) = state.or_else(|| callback?.query_pairs().find_map(own)) else { return };
        let cookie = left.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        // Where an app's page takes the state alone, the operator registered the way back.
        let named = page.query_pairs().find(|(name, _)| name == "redirect_uri" || name == "oauth_callback");
        let path = match named.and_then(|(_, value)| value.parse::<url::Url>().ok()) {
            Some(uri) => uri.path().to_owned(),
            None => self.registered().await,
        };
        let query = format!(
            "{path}?state={state}&code={0}&oauth_token=temporary&oauth_verifier={0}&installation_id=7&website_id=9",
            secret("code")
        );
        for cookie in ["binding=another", &cookie] {
            self.see(&self.browser.with("cookie", cookie).get(&query).await.unwrap());
        }
    }

    /// The path of the redirect URI that the server says to register.
    async fn registered(&self) -> String {
        let shown = self.operator.get(&format!("/integrations/{}", self.flows.spec.key)).await.unwrap().json();
        shown["redirect_uri"].as_str().unwrap().parse::<url::Url>().unwrap().path().to_owned()
    }

    fn submission(
        &self,
        inputs: &BTreeMap<String, Secret>,
        assertion_options: &BTreeMap<String, Secret>,
    ) -> Map<String, Value> {
        let exposed = |values: &BTreeMap<String, Secret>| -> Value {
            values.iter().map(|(name, value)| (name.clone(), value.expose().into())).collect::<Map<_, _>>().into()
        };
        let config = accounts::config(self.flows.spec, self.flows.world.mock);
        let mut body =
            Map::from_iter([("config".to_owned(), json!(config)), ("credentials".to_owned(), exposed(inputs))]);
        if !assertion_options.is_empty() {
            body.insert("assertion_option".to_owned(), exposed(assertion_options));
        }
        body
    }

    /// An answer through the proxy, if it is this server's own: what the upstream says is the caller's to see.
    async fn see_ours(&self, client: &Client, target: &str) {
        let answer = client.get(target).await;
        if let Some(answer) = answer.ok().filter(|answer| !answer.header("keyway-error").is_empty()) {
            self.see(&answer);
        }
    }

    fn see(&self, answer: &Answer) {
        let occasion = format!("{} served", self.flows.occasion);
        self.flows.world.seen.text(&occasion, &format!("{} {:?}", answer.status, answer.headers));
        self.flows.world.seen.text(&occasion, &answer.text());
    }
}
