//! The procedural macros of `keyway`. Use them through that crate: its wrappers say where the runtime is.
//!
//! `#[api]` (feature `api`) implements a trait of endpoints for a provider's clients. `providers!` (feature `inline`)
//! compiles providers where they are named or written. This crate holds no rule, no key of the format and no model: it
//! reads tokens, calls the compiler and hands its text on.
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

#[cfg(feature = "api")]
mod api;
#[cfg(feature = "inline")]
mod providers;

/// Typed endpoints: a trait whose methods call an API, implemented for the clients of a provider.
///
/// ```text
/// #[keyway::api(acme)]                                   // the provider's generated module
/// pub trait Issues {
///     /// Issues of a repository, newest first.
///     #[get("/repos/{owner}/{repo}/issues")]
///     #[paginate]
///     fn list(&self, owner: &str, repo: &str, #[query] state: Option<State>) -> Vec<Issue>;
///
///     #[post("/repos/{owner}/{repo}/issues")]
///     fn create(&self, owner: &str, repo: &str, #[body] issue: &NewIssue) -> Issue;
/// }
/// ```
///
/// A method becomes one that gives back `impl Future<Output = keyway::Result<Issue>> + Send`; one with `#[paginate]`
/// gives back `keyway::Pages<Issue>`. The trait is implemented for `keyway::Client<acme::Acme>`.
///
/// On the trait: `#[api(acme)]`, `#[api(acme::Acme)]`, several providers of one API (`#[api(acme, acme_oauth)]`), and
/// `crate = kw` where `keyway` has another name.
///
/// On a method:
///
/// - `#[get("/path/{id}")]`, `post`, `put`, `patch`, `delete`, `head`. A constant query may follow the path.
/// - `#[paginate]`: pages by the provider's own rule; the method is written `-> Vec<Item>`.
/// - `#[header("accept", "text/csv")]`: a header that every call carries.
/// - `#[error(ApiError)]`, here or on the trait: the body of a refusal is read as this type, and the error is
///   `keyway::CallError<ApiError>`.
///
/// On an argument: nothing for a value of the path, which is percent-encoded and never leaves its segment;
/// `#[query]` or `#[query("name")]` (an `Option` may be left out, a `Vec` repeats the name, a struct brings its own
/// names); `#[header("name")]`; `#[body]` for JSON, `#[body(form)]`, `#[body(bytes)]`. Values are what serde makes of
/// them.
///
/// A return type is the JSON of a success, nothing for `()`, and the response as it comes for `keyway::Response`; a
/// type of your own with that name is `self::Response`.
#[cfg(feature = "api")]
#[proc_macro_attribute]
pub fn api(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    api::expand(arguments.into(), &item.into()).into()
}

/// Compiles providers: a file, relative to the package's folder (`providers!("acme.yaml", only = ["acme"])`), or what
/// is written here (`providers! { acme: { auth_mode: API_KEY, ... } }`).
///
/// Called as `keyway::providers!`, which puts the runtime's own path in front.
#[cfg(feature = "inline")]
#[proc_macro]
pub fn providers(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    providers::expand(input.into()).into()
}
