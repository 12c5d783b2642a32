//! All three ways to have providers, and endpoints of one, in a module without the standard prelude.
#![no_implicit_prelude]

use ::core::option::Option;
use ::std::string::String;

::keyway::include_providers!();

/// Entries for every auth mode.
pub mod all {
    ::keyway::include_providers!(mod modes, "modes");
}

/// A file, compiled where it is named.
pub mod file {
    ::keyway::providers!("acme.yaml");
}

/// A provider, written where it is used.
pub mod inline {
    ::keyway::providers! {
        shelf: {
            display_name: "Shelf", docs: "https://shelf.example/docs", categories: [other], auth_mode: NONE,
            proxy: { base_url: "https://shelf.example.com", retry: { after: "retry-after" } },
        },
    }
}

/// A thing on a shelf.
#[derive(::core::fmt::Debug, ::serde::Deserialize)]
#[non_exhaustive]
pub struct Thing {
    /// Its number.
    pub id: u64,
}

/// Endpoints, whose methods use every place of a value and every kind of answer.
#[::keyway::api(file::acme)]
#[error(Thing)]
pub trait Things {
    /// All of them.
    #[get("/things")]
    #[paginate(cursor = "after", from = "meta.next", more = "meta.more", items = "things")]
    #[error(Thing, status = 422)]
    #[error(Thing, when = "ok=false")]
    fn list(&self, #[query] state: &str) -> Vec<Thing>;

    /// One.
    #[get("/things/{id}")]
    fn one(&self, id: u64, #[header("x-trace")] trace: Option<u8>) -> Thing;

    /// One more.
    #[post("/things")]
    fn create(&self, #[body] thing: &[u8]);

    /// How it looks.
    #[get("/things/{id}/picture")]
    fn picture(&self, id: u64) -> ::keyway::Response;

    /// With its head, if it is there.
    #[get("/files/{path*}")]
    #[absent(404)]
    #[timeout("30s")]
    #[docs("https://acme.example/docs/files")]
    async fn file(&self, path: &str, #[query("tag", style = "brackets")] tags: &[u8]) -> ::keyway::Answer<Option<Thing>>;

    /// Once.
    #[post("/things")]
    #[host("eu.acme.example.com")]
    #[idempotent("idempotency-key")]
    #[retries(2)]
    fn once(&self, #[body(form = "brackets")] thing: &[(u8, u8)]) -> ::keyway::Bytes;

    /// Files.
    #[post("/things/files")]
    fn upload(&self, #[body(multipart)] files: &::keyway::Multipart) -> String;

    /// A file.
    #[put("/things/file")]
    fn stream(&self, #[body(stream = "text/csv")] file: ::keyway::Upload) -> ::keyway::Download;
}

/// Endpoints of an object.
#[::keyway::api(file::acme, dyn)]
pub trait Object {
    /// One.
    #[get("/things/{id}")]
    fn thing(&self, id: u64) -> Thing;
}
