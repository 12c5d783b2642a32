//! Written by the test beside it.

use keyway::{Keyway, Result};
use keyway_providers::*;

async fn airtable(keyway: &Keyway, callback: &str) -> Result<()> {
    let airtable = keyway.integration::<airtable::Airtable>("airtable")?;
    let credentials = airtable::Credentials { api_key: "...".into() };
    airtable.connect("user-42", airtable::Config {}, credentials).import().await?;
    let client = airtable.client("user-42").await?;
    Ok(())
}

async fn anthropic(keyway: &Keyway, callback: &str) -> Result<()> {
    let anthropic = keyway.integration::<anthropic::Anthropic>("anthropic")?;
    let credentials = anthropic::Credentials { api_key: "...".into() };
    anthropic.connect("user-42", anthropic::Config {}, credentials).import().await?;
    let client = anthropic.client("user-42").await?;
    Ok(())
}

async fn box_(keyway: &Keyway, callback: &str) -> Result<()> {
    let box_ = keyway.integration::<box_::BoxApi>("box")?;
    let start = box_.authorize("user-42", box_::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = box_.client("user-42").await?;
    Ok(())
}

async fn freshdesk(keyway: &Keyway, callback: &str) -> Result<()> {
    let freshdesk = keyway.integration::<freshdesk::Freshdesk>("freshdesk")?;
    let config = freshdesk::Config { subdomain: "acme".into() };
    let credentials = freshdesk::Credentials { username: "...".into() };
    freshdesk.connect("user-42", config, credentials).import().await?;
    let client = freshdesk.client("user-42").await?;
    Ok(())
}

async fn github(keyway: &Keyway, callback: &str) -> Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    let start = github.authorize("user-42", github::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = github.client("user-42").await?;
    Ok(())
}

async fn gitlab(keyway: &Keyway, callback: &str) -> Result<()> {
    let gitlab = keyway.integration::<gitlab::Gitlab>("gitlab")?;
    let start = gitlab.authorize("user-42", gitlab::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = gitlab.client("user-42").await?;
    Ok(())
}

async fn google(keyway: &Keyway, callback: &str) -> Result<()> {
    let google = keyway.integration::<google::Google>("google")?;
    let start = google.authorize("user-42", google::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = google.client("user-42").await?;
    Ok(())
}

async fn google_calendar(keyway: &Keyway, callback: &str) -> Result<()> {
    let google_calendar = keyway.integration::<google_calendar::GoogleCalendar>("google-calendar")?;
    let start = google_calendar.authorize("user-42", google_calendar::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = google_calendar.client("user-42").await?;
    Ok(())
}

async fn grafana(keyway: &Keyway, callback: &str) -> Result<()> {
    let grafana = keyway.integration::<grafana::Grafana>("grafana")?;
    let config = grafana::Config { host: "grafana.example.com:3000".into() };
    let credentials = grafana::Credentials { api_key: "...".into() };
    grafana.connect("user-42", config, credentials).import().await?;
    let client = grafana.client("user-42").await?;
    Ok(())
}

async fn hubspot(keyway: &Keyway, callback: &str) -> Result<()> {
    let hubspot = keyway.integration::<hubspot::Hubspot>("hubspot")?;
    let start = hubspot.authorize("user-42", hubspot::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = hubspot.client("user-42").await?;
    Ok(())
}

async fn jira_basic(keyway: &Keyway, callback: &str) -> Result<()> {
    let jira_basic = keyway.integration::<jira_basic::JiraBasic>("jira-basic")?;
    let config = jira_basic::Config { subdomain: "acme".into() };
    let credentials = jira_basic::Credentials {
        username: "ada@example.com".into(),
        password: "...".into(),
    };
    jira_basic.connect("user-42", config, credentials).import().await?;
    let client = jira_basic.client("user-42").await?;
    Ok(())
}

async fn linear_api_key(keyway: &Keyway, callback: &str) -> Result<()> {
    let linear_api_key = keyway.integration::<linear_api_key::LinearApiKey>("linear-api-key")?;
    let credentials = linear_api_key::Credentials { api_key: "...".into() };
    linear_api_key.connect("user-42", linear_api_key::Config {}, credentials).import().await?;
    let client = linear_api_key.client("user-42").await?;
    Ok(())
}

async fn mandrill(keyway: &Keyway, callback: &str) -> Result<()> {
    let mandrill = keyway.integration::<mandrill::Mandrill>("mandrill")?;
    let credentials = mandrill::Credentials { api_key: "...".into() };
    mandrill.connect("user-42", mandrill::Config {}, credentials).import().await?;
    let client = mandrill.client("user-42").await?;
    Ok(())
}

async fn notion(keyway: &Keyway, callback: &str) -> Result<()> {
    let notion = keyway.integration::<notion::Notion>("notion")?;
    let start = notion.authorize("user-42", notion::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = notion.client("user-42").await?;
    Ok(())
}

async fn openweather(keyway: &Keyway, callback: &str) -> Result<()> {
    let openweather = keyway.integration::<openweather::Openweather>("openweather")?;
    let credentials = openweather::Credentials { api_key: "...".into() };
    openweather.connect("user-42", openweather::Config {}, credentials).import().await?;
    let client = openweather.client("user-42").await?;
    Ok(())
}

async fn paypal(keyway: &Keyway, callback: &str) -> Result<()> {
    let paypal = keyway.integration::<paypal::Paypal>("paypal")?;
    let credentials = paypal::Credentials { client_id: "...".into(), client_secret: "...".into() };
    paypal.connect("user-42", paypal::Config {}, credentials).import().await?;
    let client = paypal.client("user-42").await?;
    Ok(())
}

async fn pinecone(keyway: &Keyway, callback: &str) -> Result<()> {
    let pinecone = keyway.integration::<pinecone::Pinecone>("pinecone")?;
    let config = pinecone::Config {
        index: "docs-example-4zo0ijk".into(),
        environment: "us-east1-gcp".into(),
    };
    let credentials = pinecone::Credentials { api_key: "...".into() };
    pinecone.connect("user-42", config, credentials).import().await?;
    let client = pinecone.client("user-42").await?;
    Ok(())
}

async fn quickbooks(keyway: &Keyway, callback: &str) -> Result<()> {
    let quickbooks = keyway.integration::<quickbooks::Quickbooks>("quickbooks")?;
    let start = quickbooks.authorize("user-42", quickbooks::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = quickbooks.client("user-42").await?;
    Ok(())
}

async fn slack(keyway: &Keyway, callback: &str) -> Result<()> {
    let slack = keyway.integration::<slack::Slack>("slack")?;
    let start = slack.authorize("user-42", slack::Config {}).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = slack.client("user-42").await?;
    Ok(())
}

async fn spotify_oauth2_cc(keyway: &Keyway, callback: &str) -> Result<()> {
    let spotify_oauth2_cc = keyway.integration::<spotify_oauth2_cc::SpotifyOauth2Cc>("spotify-oauth2-cc")?;
    let credentials = spotify_oauth2_cc::Credentials {
        client_id: "...".into(),
        client_secret: "...".into(),
    };
    spotify_oauth2_cc.connect("user-42", spotify_oauth2_cc::Config {}, credentials).import().await?;
    let client = spotify_oauth2_cc.client("user-42").await?;
    Ok(())
}

async fn stripe_api_key(keyway: &Keyway, callback: &str) -> Result<()> {
    let stripe_api_key = keyway.integration::<stripe_api_key::StripeApiKey>("stripe-api-key")?;
    let credentials = stripe_api_key::Credentials { username: "...".into() };
    stripe_api_key.connect("user-42", stripe_api_key::Config {}, credentials).import().await?;
    let client = stripe_api_key.client("user-42").await?;
    Ok(())
}

async fn wikipedia(keyway: &Keyway, callback: &str) -> Result<()> {
    let wikipedia = keyway.integration::<wikipedia::Wikipedia>("wikipedia")?;
    let config = wikipedia::Config {
        language: "en".into(),
        user_agent: "ExampleBot/1.0 (https://example.com/bot; bot@example.com)".into(),
    };
    wikipedia.connect("user-42", config, wikipedia::Credentials {}).import().await?;
    let client = wikipedia.client("user-42").await?;
    Ok(())
}

async fn zendesk(keyway: &Keyway, callback: &str) -> Result<()> {
    let zendesk = keyway.integration::<zendesk::Zendesk>("zendesk")?;
    let config = zendesk::Config { subdomain: "acme".into() };
    let start = zendesk.authorize("user-42", config).redirect_uri(callback).begin().await?;
    // send the user to `start.url`; `keyway.finish` takes what the callback brings
    let client = zendesk.client("user-42").await?;
    Ok(())
}

async fn zendesk_api_key(keyway: &Keyway, callback: &str) -> Result<()> {
    let zendesk_api_key = keyway.integration::<zendesk_api_key::ZendeskApiKey>("zendesk-api-key")?;
    let config = zendesk_api_key::Config { subdomain: "acme".into() };
    let credentials = zendesk_api_key::Credentials {
        username: "ada@example.com".into(),
        password: "...".into(),
    };
    zendesk_api_key.connect("user-42", config, credentials).import().await?;
    let client = zendesk_api_key.client("user-42").await?;
    Ok(())
}

async fn zoom_server_to_server(keyway: &Keyway, callback: &str) -> Result<()> {
    let zoom_server_to_server = keyway.integration::<zoom_server_to_server::ZoomServerToServer>("zoom-server-to-server")?;
    let config = zoom_server_to_server::Config { account_id: "...".into() };
    let credentials = zoom_server_to_server::Credentials {
        client_id: "...".into(),
        client_secret: "...".into(),
    };
    zoom_server_to_server.connect("user-42", config, credentials).import().await?;
    let client = zoom_server_to_server.client("user-42").await?;
    Ok(())
}
