//! Typed endpoints, with the runtime under another name.
#![deny(warnings, missing_docs)]

use serde::{Deserialize, Serialize};

kw::providers! {
    acme: {
        display_name: "Acme",
        docs: "https://wiki.acme.example/api",
        categories: [crm],
        auth_mode: API_KEY,
        credentials: { apiKey: { type: string, title: "API key", description: "Made in the settings." } },
        proxy: {
            base_url: "https://api.acme.example.com/v1",
            headers: { "x-api-key": "${apiKey}" },
            paginate: { type: offset, offset_name_in_request: page, offset_start_value: 1,
                        offset_calculation_method: per-page },
            verification: { endpoints: ["/me"] },
        },
    },
}

/// Which things.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Those in use.
    InUse,
}

/// A thing.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct Thing {
    id: u64,
}

/// Why not.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct Refusal {
    code: String,
}

/// The endpoints of Acme.
#[kw::api(acme, crate = kw)]
#[error(Refusal)]
pub trait Things {
    /// All of a shelf.
    #[get("/shelves/{shelf}/things")]
    #[paginate]
    fn list(&self, shelf: &str, #[query] state: Option<State>) -> Vec<Thing>;

    /// One more.
    #[post("/shelves/{shelf}/things")]
    fn create(&self, shelf: &str, #[body] thing: &[u8]) -> Thing;

    /// How it looks.
    #[get("/things/{id}/picture")]
    fn picture(&self, id: u64) -> kw::Response;
}

#[cfg(test)]
mod tests {
    use super::*;
    use kw::testing::{Recorded, get, post};
    use kw::{Client, Integration, Keyway};
    use serde_json::json;

    async fn client(api: &Recorded) -> kw::Result<Client<acme::Acme>> {
        let keyway = Keyway::builder().transport(api.clone()).integration(Integration::<acme::Acme>::new("acme"));
        let acme = keyway.build()?.integration::<acme::Acme>("acme")?;
        acme.connect("me", acme::Config {}, acme::Credentials { api_key: "key-canary".into() }).import().await?;
        acme.client("me").await
    }

    #[tokio::test]
    async fn endpoints_are_methods_of_the_client() {
        const SHELF: &str = "https://api.acme.example.com/v1/shelves/a%2Fb/things";
        let api = Recorded::new([
            get("https://api.acme.example.com/v1/me").reply(json!({})), // the connection is verified
            get(format!("{SHELF}?state=in_use&page=1")).header("x-api-key", "key-canary").reply(json!([{"id": 1}])),
            get(format!("{SHELF}?state=in_use&page=2")).reply(json!([])),
            post(SHELF).json(json!([1, 2])).reply_with(409, json!({"code": "full"})),
            get("https://api.acme.example.com/v1/things/7/picture").reply_text(200, "png"),
        ]);
        let client = client(&api).await.unwrap();
        let things = client.list("a/b", Some(State::InUse)).collect(10).await.unwrap();
        assert_eq!(things, [Thing { id: 1 }]);
        let refused = client.create("a/b", &[1, 2]).await.unwrap_err();
        assert_eq!(refused.body(), Some(&Refusal { code: "full".to_owned() }));
        assert_eq!(client.picture(7).await.unwrap().status(), 200);
        api.finish().unwrap();
    }
}
