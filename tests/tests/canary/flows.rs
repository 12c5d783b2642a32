//! The flows of one provider: connecting, calling, listing, renewing, removing.

use crate::accounts;
use crate::seen::secret;
use crate::world::World;
use base64::Engine as _;
use http::Method;
use keyway::ConnectionQuery;
use keyway::auth;
use keyway::auth::exchange::{Answer, Ask, Callback, FlowState, Grant, Returned, Step};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::{Connection, ConnectionKey};
use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::inputs::Inputs;
use keyway::response::paginate::Paginate;
use keyway::{Authorize, Call, CallBody, Keyway, Result, Started};
use keyway_spec::{Auth, ProviderSpec};
use ring::hmac;
use serde_json::{Value, json};

/// The flows of a provider for one connection.
pub(crate) struct Flows<'a> {
    pub(crate) world: &'a World,
    pub(crate) spec: &'static ProviderSpec,
    pub(crate) key: ConnectionKey,
    pub(crate) occasion: String,
}

impl Flows<'_> {
    /// Connects as the mode does, and says what came of it.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        let outcome = match self.spec.auth {
            Auth::OAuth2(mode) if mode.outbound.is_some() => self.outbound().await,
            Auth::App(_)
            | Auth::Custom(_)
            | Auth::InstallPlugin(_)
            | Auth::OAuth1(_)
            | Auth::OAuth2(_)
            | Auth::McpOAuth2(_)
            | Auth::McpOAuth2Generic => self.through_a_browser().await,
            _ => self.import(accounts::submitted(self.spec)).await,
        };
        self.outcome(&outcome);
        outcome
    }

    /// Connects so that it works. A client certificate needs TLS, which the mock does not speak: there a token is
    /// imported.
    pub(crate) async fn settle(&self) -> Result<Connection> {
        let Credentials { inputs, .. } = accounts::submitted(self.spec);
        match self.spec.auth {
            Auth::OAuth2ClientCredentials(mode) if mode.client_certificate => {
                self.import(accounts::imported().inputs(inputs)).await
            }
            _ => self.connect().await,
        }
    }

    /// Imports what was submitted or obtained elsewhere.
    pub(crate) async fn import(&self, credentials: Credentials) -> Result<Connection> {
        let metadata = serde_json::Map::from_iter([("note".to_owned(), secret("metadata").into())]);
        let config = accounts::config(self.spec, self.world.mock);
        self.world.seen.note(&self.occasion, &credentials);
        let outcome = self.world.keyway.import(self.key.clone(), config, metadata, credentials, Trust::User).await;
        self.outcome(&outcome);
        outcome
    }

    async fn through_a_browser(&self) -> Result<Connection> {
        let keyway = &self.world.keyway;
        let request = || {
            Authorize::new(self.key.clone(), "https://app.test/callback")
                .config(accounts::config(self.spec, self.world.mock))
        };
        self.world.seen.note(&self.occasion, &request());
        let started = keyway.authorize(request()).await?;
        self.world.seen.note(&self.occasion, &started);
        let said = format!(
            "code={}&oauth_token=temporary&oauth_verifier={}&installation_id=7&website_id=9&realm=r&token={}",
            secret("code"),
            secret("verifier"),
            secret("plugin-token")
        );
        let back = |started: &Started, query: &str| format!("{}?{query}", started.redirect_uri);
        let strange = format!("{said}&state={}", secret("state"));
        let strangers = keyway.finish(&back(&started, &strange), &secret("binding")).await;
        self.outcome(&strangers);
        let denied = keyway.authorize(request()).await?;
        let query = format!("error={0}&error_description={0}&state={1}", secret("denied"), denied.state.expose());
        let denied = keyway.finish(&back(&denied, &query), denied.binding.expose()).await;
        // An authorization server's metadata is not a secret; that it is an error is checked.
        assert!(denied.is_err(), "{}", self.occasion);
        let query = format!("{said}&state={}", started.state.expose());
        let elsewhere = keyway.finish(&format!("/elsewhere?{query}"), started.binding.expose()).await;
        self.outcome(&elsewhere);
        let started = keyway.authorize(request()).await?;
        let query = format!("{said}&state={}", started.state.expose());
        keyway.finish(&back(&started, &query), started.binding.expose()).await
    }

    async fn outbound(&self) -> Result<Connection> {
        let keyway = &self.world.keyway;
        let config = accounts::config(self.spec, self.world.mock);
        let pending = keyway.begin_outbound(self.key.clone(), config, Trust::User).await;
        self.outcome(&pending);
        let webhook = json!({"actor": {"id": "a-1"}, "installation": {"uuid": "u-1"}, "code": secret("code"),
            "data": {"installation": {"code": secret("code")}}});
        let body = webhook.to_string();
        let forged = keyway.complete_outbound(self.spec.key, body.as_bytes(), &[&secret("signature")]).await;
        self.outcome(&forged);
        assert!(forged.is_err(), "{}", self.occasion);
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret("webhook").as_bytes()), body.as_bytes());
        let signature = base64::engine::general_purpose::STANDARD.encode(signature);
        let completed = keyway.complete_outbound(self.spec.key, body.as_bytes(), &[&signature]).await?;
        Ok(completed.unwrap())
    }

    /// Calls, planned and sent.
    pub(crate) async fn call(&self, keyway: &Keyway) {
        let own = vec![("x-own".to_owned(), secret("callers"))];
        let get = Call::get("/things").headers(own);
        let body = CallBody::Json(json!({"mine": secret("body")}));
        let endpoint = format!("/things?mine={}", secret("query"));
        let post = get.clone().method(Method::POST).body(body).endpoint(endpoint);
        let elsewhere = "https://elsewhere.example";
        let broken = vec![("x-own".to_owned(), format!("{}\nx", secret("callers")))];
        for call in [get.clone(), post, get.clone().base_url_override(elsewhere), Call::get("/things").headers(broken)]
        {
            self.world.seen.note(&self.occasion, &call);
            self.outcome(&keyway.plan(&self.key, &call).await);
            // The answer itself is the caller's to see.
            self.outcome(&keyway.send(&self.key, call, None).await.map(|response| response.status()));
        }
    }

    /// A list, whose refusals are read and become errors.
    pub(crate) async fn list(&self) {
        let rule = Paginate::link_body("next").response_path("data");
        let call = Call::get("/things");
        let mut pages = self.world.keyway.pages(&self.key, call).rule(rule).max_pages(2);
        for _ in 0..2 {
            let page = pages.next().await;
            self.world.seen.note(&self.occasion, &pages);
            if let Err(error) = page {
                self.outcome(&Err::<(), _>(error));
            }
        }
    }

    /// Renewals, due or not, and what is read.
    pub(crate) async fn renew(&self, keyway: &Keyway) {
        self.outcome(&keyway.refresh(&self.key).await);
        self.outcome(&keyway.fetch(&self.key).await);
    }

    /// Listings, and the Keyway itself.
    pub(crate) async fn read(&self) {
        let keyway = &self.world.keyway;
        self.outcome(&keyway.list_connections(ConnectionQuery::first(100)).await);
        self.outcome(&keyway.list_integrations().await);
        self.outcome(&keyway.get_integration(self.spec.key).await);
        self.world.seen.note(&self.occasion, keyway);
    }

    pub(crate) async fn remove(&self) {
        self.outcome(&self.world.keyway.delete_connection(&self.key).await);
    }

    /// Every value that an exchange is made of, without sending any: requests, pages, answers, what was granted.
    pub(crate) async fn exchange(&self) {
        let integration = accounts::integration(self.spec, self.world.mock);
        let connection = self.world.keyway.store().connection(&self.key).await.unwrap().unwrap();
        let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: "11111111-2222-4333-8444-555555555555".to_owned() };
        let inputs = Inputs {
            spec: self.spec,
            integration: &integration,
            config: &connection.config,
            connection_id: "c",
            metadata: &connection.metadata,
            credentials: &connection.credentials,
            moment: &moment,
        };
        let note = |value: &dyn std::fmt::Debug| self.world.seen.note(&self.occasion, &value);
        let callback = Callback::parse(&format!("code={0}&oauth_token={0}&oauth_verifier={0}", secret("code")));
        let (verifier, kept) =
            (secret("verifier").into(), FlowState::from([("oauth_token".to_owned(), secret("k").into())]));
        let returned = Returned { callback: &callback, redirect_uri: "", verifier: &verifier, kept: &kept };
        note(&(&inputs, &callback, &returned, &kept));
        for grant in [Grant::Login, Grant::Renewal, Grant::Returned(returned)] {
            let mut answers = Vec::new();
            for _ in 0..4 {
                let step = auth::step(&inputs, grant, &answers);
                note(&step);
                let Ok(Step::Send(request)) = step else { break };
                answers.push(answer(request.secrets.clone()));
                note(&answers);
            }
        }
        let ask = Ask { redirect_uri: "", scopes: &[], state: &secret("state"), verifier: &secret("verifier") };
        note(&auth::page(&inputs, ask, &[]).map(|step| matches!(step, Step::Send(_))));
    }

    fn outcome<T: std::fmt::Debug>(&self, outcome: &Result<T>) {
        self.world.seen.outcome(&self.occasion, outcome);
    }
}

/// A good answer.
fn answer(secrets: Vec<keyway::Secret>) -> Answer {
    let body: Value = json!({"access_token": secret("access"), "token": secret("access"),
        "sessionId": secret("session"), "expires_in": 60});
    let received = Timestamp::UNIX_EPOCH;
    Answer {
        status: 200,
        headers: http::HeaderMap::new(),
        body: body.to_string().into(),
        received,
        secrets,
        kept: false,
    }
}
