//! A browser without a screen: cookies, redirects, and forms that are filled in and sent.
//!
//! It runs no scripts, because no page of these servers needs one.

use cookie_store::CookieStore;
use html5gum::{Token, Tokenizer};
use keyway_tests::client::{Answer, Client};
use std::collections::BTreeMap;
use url::{Url, form_urlencoded};

/// Who signs in at every server.
pub(crate) const USER: &str = "someone";
/// With this password.
pub(crate) const PASSWORD: &str = "for tests";
/// More redirects in a row than this are a loop.
const MAX_REDIRECTS: usize = 20;
/// More pages in a row than this lead nowhere.
const MAX_PAGES: usize = 8;

/// One person's browser.
pub(crate) struct Browser {
    jar: CookieStore,
    /// Every URL that was asked for, in order.
    pub(crate) trail: Vec<Url>,
}

/// Where the browser came to rest.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) answer: Answer,
}

struct Form {
    action: Url,
    fields: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new() -> Browser {
        Browser { jar: CookieStore::default(), trail: Vec::new() }
    }

    /// Opens a link and does what every page asks for: signs in, agrees, goes on. Gives the page that asks for nothing.
    pub(crate) async fn sign_in(&mut self, link: &str) -> Page {
        let mut page = self.open(link).await;
        for _ in 0..MAX_PAGES {
            let Some(form) = form(&page) else { return page };
            page = self.submit(&form).await;
        }
        panic!("no end after {MAX_PAGES} pages: {}", page.url);
    }

    /// Opens a link, and follows where it leads.
    pub(crate) async fn open(&mut self, link: &str) -> Page {
        let url = link.parse().unwrap_or_else(|error| panic!("{link}: {error}"));
        let answer = self.send("GET", &url, None).await;
        self.follow(url, answer).await
    }

    /// The first URL of the trail with this path, and its parameters.
    pub(crate) fn passed(&self, path: &str) -> BTreeMap<String, String> {
        let found = self.trail.iter().find(|url| url.path() == path);
        let found = found.unwrap_or_else(|| panic!("{path} is not in {:?}", self.trail));
        found.query_pairs().into_owned().collect()
    }

    /// The URL that it came back on, with its parameters.
    pub(crate) fn came_back(&self) -> (&Url, BTreeMap<String, String>) {
        let found = self.trail.iter().rfind(|url| url.path().starts_with("/oauth/callback"));
        let found = found.unwrap_or_else(|| panic!("no callback in {:?}", self.trail));
        (found, found.query_pairs().into_owned().collect())
    }

    async fn submit(&mut self, form: &Form) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let answer = self.send("POST", &form.action, Some(body)).await;
        self.follow(form.action.clone(), answer).await
    }

    async fn follow(&mut self, mut url: Url, mut answer: Answer) -> Page {
        for _ in 0..MAX_REDIRECTS {
            if !answer.status.is_redirection() {
                return Page { url, answer };
            }
            url = url.join(answer.header("location")).unwrap();
            // Every redirect of these flows is one that a browser follows with a GET.
            answer = self.send("GET", &url, None).await;
        }
        panic!("no end after {MAX_REDIRECTS} redirects: {url}");
    }

    async fn send(&mut self, method: &str, url: &Url, form: Option<String>) -> Answer {
        self.trail.push(url.clone());
        let cookies: Vec<String> =
            self.jar.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        let mut client = Client::new("").with("accept", "text/html").with("user-agent", "a browser");
        if !cookies.is_empty() {
            client = client.with("cookie", &cookies.join("; "));
        }
        if form.is_some() {
            let origin = url.origin().ascii_serialization();
            client = client.with("content-type", "application/x-www-form-urlencoded").with("origin", &origin);
        }
        let mut target = url.clone();
        target.set_fragment(None);
        let answer = client.send(method, target.as_str(), form.unwrap_or_default()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        for cookie in answer.headers.get_all("set-cookie") {
            let _kept = self.jar.parse(cookie.to_str().unwrap(), url).unwrap();
        }
        answer
    }
}

/// The page's first form that is posted, filled in. Of several buttons the last is pressed: it is the one that agrees.
fn form(page: &Page) -> Option<Form> {
    let mut form: Option<Form> = None;
    let mut button = None;
    for Ok(token) in Tokenizer::new(page.answer.body.as_ref()) {
        match token {
            Token::StartTag(tag) => {
                let attribute = |name: &str| {
                    let value = tag.attributes.get(name.as_bytes());
                    value.map(|value| String::from_utf8_lossy(value).into_owned())
                };
                let is = |name: &str| tag.name.as_slice() == name.as_bytes();
                if is("form") && attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post")) {
                    let action = page.url.join(&attribute("action").unwrap_or_default()).unwrap();
                    form = Some(Form { action, fields: Vec::new() });
                }
                let Some(form) = form.as_mut().filter(|_| is("input") || is("button")) else { continue };
                let kind =
                    attribute("type").unwrap_or_else(|| if is("button") { "submit".into() } else { "text".into() });
                let name = attribute("name").filter(|name| !name.is_empty());
                let value = attribute("value").unwrap_or_default();
                match (kind.as_str(), name) {
                    ("submit", name) => button = name.map(|name| (name, value)),
                    ("password", Some(name)) => form.fields.push((name, PASSWORD.into())),
                    ("text", Some(name)) => form.fields.push((name, USER.into())),
                    (_, Some(name)) => form.fields.push((name, value)),
                    (_, None) => {}
                }
            }
            Token::EndTag(tag) if tag.name.as_slice() == b"form" && form.is_some() => break,
            _ => {}
        }
    }
    let mut form = form?;
    form.fields.extend(button);
    Some(form)
}
