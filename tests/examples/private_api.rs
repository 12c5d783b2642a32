//! A company's own API, described in the program that uses it: no file, no build script.
//!
//! ```sh
//! WAREHOUSE_KEY=... cargo run -p keyway-tests --example private_api -- A-1 3
//! ```

use keyway::client::Builder;
use keyway::{CallError, Integration, Keyway};
use serde::{Deserialize, Serialize};
use std::io::Write;
use warehouse::Warehouse;

keyway::providers! {
    warehouse: {
        display_name: "Warehouse",
        docs: "https://wiki.acme.example.com/warehouse",
        categories: [other],
        auth_mode: API_KEY,
        credentials: {
            apiKey: { type: string, title: "API key", description: "Ask the warehouse team for one." },
        },
        proxy: {
            base_url: "https://warehouse.acme.example.com/v1",
            headers: { "x-api-key": "${apiKey}" },
            verification: { endpoints: ["/me"] },
        },
    },
}

/// The warehouse.
#[keyway::api(warehouse)]
trait Stock {
    /// How many there are of a thing.
    #[get("/items/{sku}")]
    fn item(&self, sku: &str) -> Item;

    /// Sets some of them aside.
    #[post("/reservations")]
    #[error(Refusal)]
    fn reserve(&self, #[body] wish: &Wish<'_>);
}

#[derive(Debug, Deserialize)]
struct Item {
    in_stock: u32,
}

#[derive(Debug, Serialize)]
struct Wish<'a> {
    sku: &'a str,
    count: u32,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    left: u32,
}

/// Reserves a thing, and says how that went.
pub(crate) async fn reserve(builder: Builder, key: String, sku: &str, count: u32) -> keyway::Result<String> {
    let keyway = builder.integration(Integration::<Warehouse>::new("warehouse")).build()?;
    let warehouse = keyway.integration::<Warehouse>("warehouse")?;
    let credentials = warehouse::Credentials { api_key: key.into() };
    warehouse.connect("me", warehouse::Config {}, credentials).import().await?;
    let client = warehouse.client("me").await?;
    let item = client.item(sku).await?;
    match client.reserve(&Wish { sku, count }).await {
        Ok(()) => Ok(format!("{count} of {} reserved", item.in_stock)),
        Err(CallError::Refused { body, .. }) => Ok(format!("only {} left", body.left)),
        Err(error) => Err(error.into()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (sku, count) = arguments.next().zip(arguments.next()).ok_or("usage: private_api SKU COUNT")?;
    let line = reserve(Keyway::builder(), std::env::var("WAREHOUSE_KEY")?, &sku, count.parse()?).await?;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
