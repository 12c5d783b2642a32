//! The look of customers' pages, from the options of `serve`.

use crate::exit::Failure;
use keyway_server::{Brand, BrandError};
use std::path::PathBuf;

/// How customers' pages look.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The look of customers' pages")]
pub(super) struct BrandArgs {
    /// The name above each page
    #[arg(long = "brand-name", id = "brand-name", value_name = "NAME")]
    name: Option<String>,
    /// The picture beside it: a PNG, JPEG, WebP or SVG file of at most 64 KiB
    #[arg(long = "brand-logo", id = "brand-logo", value_name = "FILE")]
    logo: Option<PathBuf>,
    /// The colour of buttons and links on light pages, like `#2b4fd8`
    #[arg(long = "brand-colour", id = "brand-colour", value_name = "COLOUR")]
    colour: Option<String>,
    /// The same on dark pages
    #[arg(long = "brand-colour-dark", id = "brand-colour-dark", value_name = "COLOUR")]
    colour_dark: Option<String>,
}

impl BrandArgs {
    /// The look, or the option that cannot be used.
    pub(super) fn read(&self) -> Result<Brand, Failure> {
        let refused = |option: &str| {
            let option = option.to_owned();
            move |error: BrandError| Failure::usage(format!("`--{option}`: {error}"))
        };
        let mut brand = Brand::new();
        if let Some(name) = &self.name {
            brand = brand.name(name).map_err(refused("brand-name"))?;
        }
        if let Some(path) = &self.logo {
            let file = std::fs::read(path)
                .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
            brand = brand.logo(&file).map_err(refused("brand-logo"))?;
        }
        if let Some(colour) = &self.colour {
            brand = brand.colour(colour).map_err(refused("brand-colour"))?;
        }
        if let Some(colour) = &self.colour_dark {
            brand = brand.colour_dark(colour).map_err(refused("brand-colour-dark"))?;
        }
        Ok(brand)
    }
}
