//! A person in front of a browser: clicks, which are counted, types, and waits for what is to be seen.

use crate::audit;
use crate::chromium::Look;
use serde_json::Value;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// The time that a person waits for a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// The time between two looks at it.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// A person.
pub(crate) struct Person {
    pub(crate) driver: WebDriver,
    pub(crate) look: Look,
    /// The source text of axe.
    pub(crate) axe: String,
    clicks: AtomicUsize,
    sources: Mutex<Vec<(String, String)>>,
}

impl Person {
    pub(crate) fn new(driver: WebDriver, look: Look, axe: String) -> Person {
        Person { driver, look, axe, clicks: AtomicUsize::new(0), sources: Mutex::default() }
    }

    /// The clicks so far.
    pub(crate) fn clicks(&self) -> usize {
        self.clicks.load(Ordering::SeqCst)
    }

    /// Each page that was reached by [`Person::arrive`], with its source as it came.
    pub(crate) fn sources(&self) -> Vec<(String, String)> {
        self.sources.lock().unwrap().clone()
    }

    /// Enters an address.
    pub(crate) async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Presses a button.
    pub(crate) async fn press(&self, text: &str) {
        self.click(&format!("//button[normalize-space()='{text}']")).await;
    }

    /// Presses a button, and waits for the page behind it, which may say the same.
    pub(crate) async fn press_on(&self, text: &str) {
        self.eval("document.documentElement.id = 'before'").await;
        self.press(text).await;
        let left = async || self.eval("return document.documentElement.id || document.readyState").await == "complete";
        assert!(self.wait_for(left).await, "{}: `{text}` leads nowhere on {}", self.look.name, self.page().await);
    }

    /// Follows a link.
    pub(crate) async fn follow(&self, text: &str) {
        self.click(&format!("//a[normalize-space()='{text}']")).await;
    }

    /// Opens or closes a part of the page by the line that stands above it.
    pub(crate) async fn press_summary(&self, text: &str) {
        self.click(&format!("//summary[normalize-space()='{text}']")).await;
    }

    /// Ticks a box.
    pub(crate) async fn tick(&self, name: &str, value: &str) {
        self.click(&format!("//input[@name='{name}' and @value='{value}']")).await;
    }

    async fn click(&self, path: &str) {
        self.clicks.fetch_add(1, Ordering::SeqCst);
        let found = self.driver.query(By::XPath(path)).and_displayed().first().await;
        let Ok(found) = found else { panic!("{}: no {path} on {}", self.look.name, self.page().await) };
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Presses a button twice, as fast as a finger can.
    pub(crate) async fn press_twice(&self, text: &str) {
        let path = format!("//button[normalize-space()='{text}']");
        let found = self.driver.query(By::XPath(&path)).and_displayed().first().await.unwrap();
        found.scroll_into_view().await.unwrap();
        self.driver.action_chain().double_click_element(&found).perform().await.unwrap();
    }

    /// Writes into a field in the place of what is there.
    pub(crate) async fn enter(&self, name: &str, value: &str) {
        let field = self.field(name).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Chooses from a list, with keys: a driver that clicks an option sends no `input`, as a person's browser does.
    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let list = self.field(name).await;
        list.send_keys(value).await.unwrap();
        assert_eq!(list.prop("value").await.unwrap().as_deref(), Some(value), "{name}");
    }

    /// The field of a name.
    pub(crate) async fn field(&self, name: &str) -> WebElement {
        let found = self.driver.query(By::Css(format!("[name='{name}']:not([type=hidden])"))).first().await;
        let Ok(found) = found else { panic!("{}: no field {name} on {}", self.look.name, self.page().await) };
        found
    }

    /// Waits for a text on the page.
    pub(crate) async fn see(&self, text: &str) {
        let seen = self.wait_for(async || self.text().await.contains(text)).await;
        assert!(seen, "{}: `{text}` is not on {}", self.look.name, self.page().await);
    }

    /// Waits for a problem that is said beside a field, or by name for one who does not see it.
    pub(crate) async fn see_problem_of(&self, name: &str) {
        let beside = format!(
            "//*[@name='{name}']/following::*[@role='alert'][1] | //*[@name='{name}' and @aria-invalid='true']"
        );
        let found = self.driver.query(By::XPath(beside)).first().await;
        assert!(found.is_ok(), "{}: no problem of {name} on {}", self.look.name, self.page().await);
    }

    /// Waits until something holds; false where it never does.
    pub(crate) async fn wait_for(&self, holds: impl AsyncFn() -> bool) -> bool {
        let begun = Instant::now();
        while !holds().await {
            if begun.elapsed() > PAGE_TIMEOUT {
                return false;
            }
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
        true
    }

    /// The page with this text is there: looks at everything that every page has to be.
    pub(crate) async fn arrive(&self, name: &str, text: &str) {
        self.see(text).await;
        let complete = async || self.eval("return document.readyState").await == "complete";
        assert!(self.wait_for(complete).await, "{name} is never complete");
        let source = audit::source(self).await;
        self.sources.lock().unwrap().push((name.to_owned(), source));
        audit::look(self, name).await;
    }

    /// The text that can be read on the page; empty while it is replaced by another.
    pub(crate) async fn text(&self) -> String {
        let Ok(body) = self.driver.find(By::Tag("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// A value out of the page.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        self.eval_with(script, Vec::new()).await
    }

    /// The same of a script with arguments.
    pub(crate) async fn eval_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self.driver.execute(script, arguments).await {
            Ok(value) => value.json().clone(),
            Err(_) => Value::Null,
        }
    }

    /// The address.
    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Address and text, for a message.
    pub(crate) async fn page(&self) -> String {
        format!("{}:\n{}", self.address().await, self.text().await)
    }

    /// Waits for a window besides this one, and goes there.
    pub(crate) async fn to_new_window(&self) {
        let here = self.driver.window().await.unwrap();
        let opened = async || self.driver.windows().await.is_ok_and(|all| all.len() > 1);
        assert!(self.wait_for(opened).await, "no window was opened");
        let all = self.driver.windows().await.unwrap();
        let other = all.into_iter().find(|window| *window != here).unwrap();
        self.driver.switch_to_window(other).await.unwrap();
    }

    /// Closes the window, and goes back to the other.
    pub(crate) async fn close_window(&self) {
        self.driver.close_window().await.unwrap();
        let left = self.driver.windows().await.unwrap();
        self.driver.switch_to_window(left[0].clone()).await.unwrap();
    }
}
