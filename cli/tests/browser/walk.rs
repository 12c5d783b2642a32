//! An operator's walk from the sign-in page to an answer of the vendor.

use crate::catalogue::FLOW;
use crate::person::Person;
use crate::pictures;
use crate::server::{API_KEY, Server};
use crate::vendor::{CLIENT_ID, CLIENT_SECRET};
use thirtyfour::prelude::*;

/// From the address that the server printed to the first call.
pub(crate) async fn from_first_start_to_a_call(person: &Person, server: &Server) {
    person.open(&server.url).await;
    person.arrive("sign-in", "API key of this server").await;
    pictures::keep(person, "sign-in").await;
    person.enter("api_key", API_KEY).await;
    person.press("Sign in").await;
    person.arrive("home", "Three steps to the first call").await;
    pictures::keep(person, "home").await;

    person.follow("Providers").await;
    person.arrive("providers", "Keyed").await;
    pictures::keep(person, "providers").await;
    person.follow("Acme").await;
    person.arrive("provider", "Where a credential may go").await;
    pictures::keep(person, "provider").await;
    person.follow("New integration").await;
    person.arrive("new-integration", "New integration of Acme").await;
    person.enter("client_id", CLIENT_ID).await;
    person.enter("client_secret", CLIENT_SECRET).await;
    person.tick("scope", "things:read").await;
    pictures::keep(person, "new-integration").await;
    person.press("Create").await;
    person.arrive("integration", "Redirect URI").await;
    let copy = person.driver.find(By::Css("button[data-copy]")).await.unwrap();
    assert_eq!(copy.is_displayed().await.unwrap(), person.look.has_script, "a button that needs scripts");
    pictures::keep(person, "integration").await;

    person.enter("connection_id", "ada").await;
    person.press("Make the link").await;
    person.arrive("made-link", "A link for your customer").await;
    person.follow("Open it").await;
    person.to_new_window().await;
    person.see("Let Keyway in?").await;
    person.press("Allow").await;
    person.arrive("connected", "Your account is connected").await;
    person.close_window().await;
    person.follow("See the connection").await;
    person.arrive("connection", "Signed in").await;
    pictures::keep(person, "connection").await;

    person.follow("Try a call").await;
    person.arrive("ask-for-call", "Path and query").await;
    person.enter("path", "/me").await;
    person.press("Send").await;
    person.arrive("call", "Ada of Acme").await;
    pictures::keep(person, "call").await;
}

/// The pages that the walk does not pass: lists with something in them, other states, things that do not work.
pub(crate) async fn the_other_pages(person: &Person, server: &Server) {
    person.follow("Keyway").await;
    person.arrive("home-later", "1 connection").await;
    person.follow("Integrations").await;
    person.arrive("integrations", "Client ID").await;
    person.follow("Connections").await;
    person.arrive("connections", "Token ends").await;
    person.follow("Connect").await;
    person.arrive("ask-for-link", "Connection id").await;
    person.open(&format!("{}/console/providers/none-such", server.url)).await;
    person.arrive("problem", "That did not work").await;
    person.open(&format!("{}/console/providers?q=none-such", server.url)).await;
    person.arrive("no-provider", "Nothing fits").await;

    an_operation(person, server).await;
    person.open(&format!("{}/console/connections/{FLOW}/ada", server.url)).await;
    person.press("Renew now").await;
    person.arrive("renewed", "The credential was renewed").await;
    person.enter("typed", "another").await;
    person.press("Delete the connection").await;
    person.arrive("not-deleted", "Nothing was deleted").await;
    person.enter("typed", "ada").await;
    person.press("Delete the connection").await;
    person.arrive("deleted", "The connection is deleted").await;
    person.press("Sign out").await;
    person.arrive("signed-out", "You are signed out").await;
    person.enter("api_key", "a-key-that-is-wrong").await;
    person.press("Sign in").await;
    person.arrive("wrong-key", "this is not the API key of this server").await;
}

/// A call by its operation: what is missing is told at its field, and then what came.
async fn an_operation(person: &Person, server: &Server) {
    person.open(&format!("{}/console/connections/{FLOW}/ada/call", server.url)).await;
    person.follow("things.create").await;
    person.arrive("operation-with-a-body", "Makes a thing.").await;
    person.press_summary("Operations of the entry").await;
    person.follow("things.list").await;
    person.arrive("operation", "Lists the things of a group.").await;
    // A browser that does not check: the server does, and says it at the field.
    person.eval("document.querySelector('main form').noValidate = true").await;
    person.enter("param.since", "yesterday").await;
    person.press_on("Send").await;
    person.see_problem_of("param.group").await;
    person.see_problem_of("param.since").await;
    person.arrive("operation-with-problems", "Nothing was sent: please correct 2 values.").await;
    pictures::keep(person, "operation").await;
    person.enter("param.group", "a/b").await;
    person.enter("param.labels", "new\nold").await;
    person.enter("param.since", "7").await;
    person.press("Send").await;
    person.arrive("operation-answered", "/things/a%2Fb").await;
}
