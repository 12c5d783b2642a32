//! The procedural macros of `keyway`. Use them through that crate: its wrappers say where the runtime is.
//!
//! `#[api]` (feature `api`) implements a trait of endpoints for a provider's clients, and `Deserialize` and `Serialize`
//! are derives for its types. `providers!` (feature `inline`)
//! compiles providers where they are named or written. This crate holds no rule, no key of the format and no model: it
//! reads tokens, calls the compiler and hands its text on.
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

#[cfg(feature = "api")]
mod api;
#[cfg(feature = "api")]
mod derive;
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
/// gives back `keyway::Pages<Issue>`. The trait is implemented for `keyway::Client<acme::Acme>`. `async fn` may be
/// written, and means the same.
///
/// On the trait: `#[api(acme)]`, `#[api(acme::Acme)]`, several providers of one API (`#[api(acme, acme_oauth)]`),
/// `dyn` for a trait that is used as `dyn Issues` (futures are boxed), and `crate = kw` where `keyway` has another
/// name.
///
/// On a method:
///
/// - `#[get("/path/{id}")]`, `post`, `put`, `patch`, `delete`, `head`. A constant query may follow the path. `{path*}`
///   is a value that keeps its slashes, or a list of segments.
/// - `#[paginate]`: pages by the provider's own rule; the method is written `-> Vec<Item>`. What differs is said and
///   laid over the rule: `items = "data"`, `limit = "per_page"`, `more = "has_more"`, and one way to the next page:
///   `cursor = "after", from = "meta.next"`, `last = "id", as = "starting_after"`, `offset = "start"`, `page = "page"`
///   (both with `start = 0` where they do not begin at 0 and 1), `next = "links.next"`, `link` or `link = "next"`.
///   Where neither says how the next page is found the trait does not compile.
/// - `#[header("accept", "text/csv")]`: a header that every call carries.
/// - `#[error(ApiError)]`, here or on the trait: the body of a refusal is read as this type, and the error is
///   `keyway::CallError<ApiError>`, of pages too. `status = 422` reads that status alone; `when = "ok=false"` or
///   `when = "errors"` finds an error inside a success: a member that is neither `null`, `false` nor empty, or equal to
///   a value. Several are several such rules for one type.
/// - `#[absent(404)]`: statuses that mean that there is no value; the answer is an `Option`.
/// - `#[retries(2)]`: how often a failed call is tried again, as far as it may reach the upstream twice.
/// - `#[idempotent("idempotency-key")]`: a header with a key that is made once for a call and the same in its retries;
///   with it a `POST` may be tried again.
/// - `#[timeout("30s")]` (`ms`, `s`, `m`): the longest time for the call with its retries, then for its body.
/// - `#[host("uploads.acme.example")]`: another host of the provider's host set, which is checked when the trait is
///   compiled; the path stands at its root.
/// - `#[docs("https://docs.acme.example/issues")]`: a link in the documentation, which shows verb and path anyway.
///
/// On an argument:
///
/// - nothing for a value of the path, which is percent-encoded and never leaves its segment;
/// - `#[query]` or `#[query("name")]`: an `Option` may be left out, a `Vec` repeats the name, a struct brings its own
///   names. With a style, `#[query("name", style = "comma")]`: `repeat`, `comma` (`a=1,2`), `space`, `pipe`, `brackets`
///   (`a[]=1`, `a[b]=1`), `indices` (`a[0]=1`), `deep_object` (`a[b]=1`, always under the name);
/// - `#[header("name")]`;
/// - `#[body]` for JSON, `#[body(form)]`, `#[body(form = "brackets")]` or `"indices"` for values inside values
///   (`items[0][price]=1`), `#[body(multipart)]` for a struct whose files are `keyway::Part` or a `keyway::Multipart`,
///   `#[body(bytes)]`, `#[body(stream)]` for a `keyway::Upload`. Another media type is said as
///   `#[body(json = "application/vnd.api+json")]`, `bytes = ".."`, `stream = ".."`.
///
/// Values are what serde makes of them.
///
/// The return type says how a success is read: `T` as JSON, `String` as text, `Bytes` as it is, nothing for `()`,
/// `Download` as a reader or a stream, `Answer<T>` with status and headers, `Option<T>` with `#[absent]`, and
/// `Response` as it comes, whatever its status. The names are `keyway`'s; a type of your own with such a name is
/// `self::Response`.
#[cfg(feature = "api")]
#[proc_macro_attribute]
pub fn api(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    api::expand(arguments.into(), &item.into()).into()
}

/// `serde::Deserialize` for a plain struct, an enum of texts or an enum of values, which rustc checks several times
/// faster than serde's derive.
///
/// ```text
/// #[derive(Clone, Debug, keyway::Deserialize)]
/// pub struct Issue {
///     pub id: i64,
///     #[serde(rename = "type")]
///     pub kind: Option<IssueKind>,
/// }
///
/// #[derive(Clone, Debug, PartialEq, Eq, keyway::Deserialize)]
/// pub enum IssueKind {
///     #[serde(rename = "bug")]
///     Bug,
///     #[serde(untagged)]
///     Other(String), // a text that no variant has
/// }
///
/// #[derive(Clone, Debug, keyway::Deserialize)]
/// #[serde(tag = "type")] // or `untagged`: the first that fits
/// pub enum Owner {
///     #[serde(rename = "user", alias = "bot")]
///     User(Box<User>),
///     #[serde(untagged)]
///     Other(serde_json::Value), // what no variant is told by, or does not fit it
/// }
/// ```
///
/// It is the same trait, so such a type is read by everything that reads serde's, and may stand in types with serde's
/// derives and hold them. The same members are read and refused: one that is missing is `None` for an `Option` and an
/// error otherwise, and one that no field has is passed over. The differences: a struct and an enum with a tag are read
/// from a map alone, not from a list of their members, an enum of texts is read from a text alone, a tag is a text, and
/// of two members with one name in an enum of values the last counts.
///
/// It knows the attributes `rename = ".."` and `skip_serializing_if = "Option::is_none"` of a field; `rename` of a
/// variant and `untagged` of one that holds a `String`; `tag = ".."` or `untagged` of an enum whose variants hold one
/// value each, there with `rename`, `alias = ".."` and one variant that is `untagged`. With any other it does not
/// compile: write `serde::Deserialize` in its place. `#[keyway(crate = kw)]` says the name of `keyway` where it has
/// another.
#[cfg(feature = "api")]
#[proc_macro_derive(Deserialize, attributes(serde, keyway))]
pub fn deserialize(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::deserialize(item.into()).into()
}

/// `serde::Serialize` for a plain struct, an enum of texts or an enum of values: the counterpart of the derive
/// `Deserialize`, which says more.
///
/// ```text
/// #[derive(Clone, Debug, Default, keyway::Serialize)]
/// pub struct NewIssue {
///     pub title: String,
///     #[serde(skip_serializing_if = "Option::is_none")]
///     pub body: Option<String>,
/// }
/// ```
#[cfg(feature = "api")]
#[proc_macro_derive(Serialize, attributes(serde, keyway))]
pub fn serialize(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::serialize(item.into()).into()
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
