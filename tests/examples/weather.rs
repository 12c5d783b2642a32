//! A command line program with an API key: the weather of a city.
//!
//! ```sh
//! OPENWEATHER_KEY=... cargo run -p keyway-tests --example weather -- Berlin
//! ```
//!
//! There is no store. The connection lives as long as the program.

use keyway::client::Builder;
use keyway::{Integration, Keyway};
use keyway_providers::openweather::{self, Openweather};
use serde::Deserialize;
use std::io::Write;

/// The endpoint of OpenWeather that this program uses.
#[keyway::api(openweather)]
#[error(Refusal)]
trait Weather {
    /// The weather of a city now, in degrees Celsius.
    #[get("/data/2.5/weather?units=metric")]
    fn current(&self, #[query("q")] city: &str) -> Report;
}

#[derive(Debug, Deserialize)]
struct Report {
    name: String,
    main: Measured,
}

#[derive(Debug, Deserialize)]
struct Measured {
    temp: f64,
}

/// What OpenWeather says when it refuses.
#[derive(Debug, Deserialize)]
struct Refusal {
    message: String,
}

/// One line about a city.
pub(crate) async fn report(builder: Builder, key: String, city: &str) -> Result<String, keyway::Error> {
    let keyway = builder.integration(Integration::<Openweather>::new("openweather")).build()?;
    let weather = keyway.integration::<Openweather>("openweather")?;
    let credentials = openweather::Credentials { api_key: key.into() };
    weather.connect("me", openweather::Config {}, credentials).import().await?;
    match weather.client("me").await?.current(city).await {
        Ok(report) => Ok(format!("{}: {:.1} °C", report.name, report.main.temp)),
        Err(error) => match error.body() {
            Some(refusal) => Ok(format!("{city}: {}", refusal.message)),
            None => Err(error.into()),
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let city = std::env::args().nth(1).ok_or("usage: weather CITY")?;
    let line = report(Keyway::builder(), std::env::var("OPENWEATHER_KEY")?, &city).await?;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
