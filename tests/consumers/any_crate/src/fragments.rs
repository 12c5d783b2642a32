//! Providers and endpoints inside of macros of a user's own: a fragment stands where its text could.

use serde::Deserialize;

/// Makes a provider of its parts, and endpoints for it.
macro_rules! provider {
    ($key:ident, $title:literal, $host:expr, $header:tt, $limit:expr, $flag:literal, $modes:tt) => {
        keyway::providers! {
            $key: {
                display_name: $title,
                docs: "https://wiki.acme.example/api",
                categories: [$modes, other],
                auth_mode: API_KEY,
                credentials: { apiKey: { type: string, title: $title, description: "Made in the settings.", order: $limit } },
                proxy: {
                    base_url: $host,
                    decompress: $flag,
                    headers: { $header: "${apiKey}" },
                    verification: { endpoints: ["/me"] },
                },
            },
        }
    };
}

/// A provider written by a macro.
pub mod written {
    provider!(acme, "Acme", "https://api.acme.example.com", "x-api-key", 1_000u32, true, crm);
}

/// The numbers of Rust.
pub mod numbers {
    keyway::providers! {
        hex: {
            display_name: "Hex", docs: "https://hex.example/docs", categories: [other], auth_mode: API_KEY,
            credentials: { apiKey: { type: string, title: "Key", description: "Made in the settings.", order: 0b11 } },
            proxy: { base_url: "https://api.hex.example.com", headers: { "x-key": "${apiKey}" }, verification: { endpoints: ["/me"] } },
        },
    }
}

/// Names a file and a key by fragments.
macro_rules! file {
    ($file:literal, $key:expr) => {
        keyway::providers!($file, only = [$key]);
    };
}

/// A file named by a macro.
pub mod file {
    file!("acme.yaml", "acme");
}

/// An answer.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct Thing {
    /// Its number.
    pub id: u64,
}

/// Makes endpoints of their parts.
macro_rules! endpoints {
    ($name:ident, $provider:path, $path:literal, $query:literal, $item:ty, $list:ty, $raw:ty) => {
        /// Endpoints.
        #[keyway::api($provider)]
        #[error($item)]
        pub trait $name {
            /// All.
            #[get($path)]
            #[paginate(link)]
            fn list(&self, #[query($query)] count: $crate::fragments::Count) -> $list;

            /// One.
            #[get($path)]
            fn one(&self) -> $item;

            /// As it comes.
            #[get($path)]
            fn raw(&self) -> $raw;
        }
    };
}

/// How many.
pub type Count = u8;

endpoints!(Things, written::acme, "/things", "per_page", Thing, Vec<Thing>, keyway::Response);

#[cfg(test)]
mod tests {
    use super::*;

    /// The types that the methods have: pages of things, a thing, a response.
    async fn calls(
        client: &keyway::Client<written::acme::Acme>,
    ) -> Result<(Vec<Thing>, Thing, u16), Box<dyn std::error::Error>> {
        let list = client.list(1).collect(10).await?;
        let response: keyway::Response = client.raw().await?;
        Ok((list, client.one().await?, response.status().as_u16()))
    }

    #[test]
    fn fragments_are_their_text() {
        let _ = calls;
        let spec = written::acme::SPEC;
        assert_eq!((spec.key, spec.display_name, spec.categories), ("acme", "Acme", &["crm", "other"][..]));
        assert_eq!((spec.credentials[0].order, spec.credentials[0].title), (Some(1000), "Acme"));
        assert_eq!(numbers::hex::SPEC.credentials[0].order, Some(3));
        assert_eq!(file::PROVIDERS.len(), 1);
    }
}
