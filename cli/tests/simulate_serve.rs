//! `keyway simulate --serve` and `keyway serve`, both as processes: a whole life of a connection over real sockets.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use keyway_tests::client::{Answer, Client};
use process::run;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const API_KEY: &str = "kw-test-key-of-the-server";

const CATALOGUE: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: OAUTH2
  authorization_url: https://${connectionConfig.subdomain}.acme.example/authorize
  token_url: https://${connectionConfig.subdomain}.acme.example/token
  refresh_params: {grant_type: refresh_token}
  connection_config:
    subdomain: {type: string, title: Subdomain, description: The first part of the address., example: team}
  proxy:
    base_url: https://api.acme.example/v2
    paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, response_path: data}
keyed:
  display_name: Keyed
  docs: https://docs.keyed.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings., secret: true}
  proxy:
    base_url: https://api.keyed.example
    headers: {x-key: '${apiKey}'}
    verification: {method: GET, endpoints: [/me]}
machine:
  display_name: Machine
  docs: https://docs.machine.example
  categories: [other]
  auth_mode: OAUTH2_CC
  token_url: https://auth.machine.example/token
  default_scopes: [things]
  proxy:
    base_url: https://api.machine.example
heir:
  display_name: Heir
  alias: keyed
  docs: https://docs.heir.example
";

/// A process that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}

/// Starts the binary, and gives the first lines that it prints, up to one with these words.
fn started(folder: &Path, arguments: &[&str], until: &str) -> (Ends, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(arguments).env("KEYWAY_API_KEY", API_KEY).env("KEYWAY_LOG", "trace");
    command.env_remove("KEYWAY_ENCRYPTION_KEY");
    let log = folder.join(format!("{}.log", arguments[0]));
    let mut child = command.stdout(Stdio::piped()).stderr(fs::File::create(&log).unwrap()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (ends, mut printed) = (Ends(child), String::new());
    while !printed.contains(until) {
        assert!(lines.read_line(&mut printed).unwrap() > 0, "it ended: {printed}{}", fs::read_to_string(&log).unwrap());
    }
    (ends, printed)
}

/// A stand-in, and a `keyway serve` that was pointed at it as the stand-in says.
struct Pair {
    folder: TempDir,
    _ends: (Ends, Ends),
    page: Client,
    client: Client,
}

impl Pair {
    async fn of(key: &str) -> Pair {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("acme.yaml"), CATALOGUE).unwrap();
        let arguments = ["simulate", key, "--serve", "--catalogue", "acme.yaml"];
        let (vendor, printed) = started(folder.path(), &arguments, "--allow-http");
        let origin = printed.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
        let page = Client::new(&origin);
        // The line that is printed, with a file in the place of a pipe.
        let line = printed.lines().find(|line| line.contains("curl -s ")).unwrap().trim();
        let (curl, serve) = line.split_once(" | keyway ").unwrap();
        let overlay = page.get(curl.strip_prefix("curl -s ").unwrap()).await.unwrap();
        assert_eq!(overlay.status, 200);
        fs::write(folder.path().join("overlay.yaml"), overlay.text()).unwrap();
        let arguments = serve.replace(" - ", " overlay.yaml ") + " --listen 127.0.0.1:0";
        let (server, first) = started(folder.path(), &arguments.split(' ').collect::<Vec<_>>(), "\n");
        let url = first.lines().next().unwrap().rsplit(' ').next().unwrap();
        let client = Client::new(url).with("authorization", &format!("Bearer {API_KEY}"));
        Pair { folder, _ends: (vendor, server), page, client }
    }

    /// Presses a button on the page.
    async fn press(&self, form: &str) -> Answer {
        let form = form.to_owned();
        let client = self.page.with("content-type", "application/x-www-form-urlencoded");
        client.with("origin", self.page.base()).send("POST", "/keyway/pressed", form).await.unwrap()
    }

    /// The text of the page, with its characters as a person sees them.
    async fn text(&self) -> String {
        let page = self.page.get("/").await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        page.text().replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'")
    }

    /// The bodies that the page has to be copied.
    async fn bodies(&self) -> Vec<Value> {
        let text = self.text().await;
        let bodies = text.split("<pre>").skip(1).map(|rest| rest.split("</pre>").next().unwrap());
        bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    /// Connects in a browser, which follows every redirect. Gives the status of the last page.
    async fn connect(&self, session: &Value) -> u16 {
        let made = self.client.json("POST", "/connect/sessions", session).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
        let browser = Client::new(self.client.base());
        let link = format!("{}&params[subdomain]=team", made.json()["url"].as_str().unwrap());
        let begun = browser.get(&link).await.unwrap();
        assert_eq!(begun.status, 302, "{}", begun.text());
        let cookie = begun.header("set-cookie").split(';').next().unwrap().to_owned();
        let decided = browser.get(begun.header("location")).await.unwrap();
        assert_eq!(decided.status, 302, "{}", decided.text());
        browser.with("cookie", &cookie).get(decided.header("location")).await.unwrap().status.as_u16()
    }

    async fn call(&self, key: &str) -> Answer {
        self.client.as_connection(key, "trial").with("retries", "1").get("/proxy/things?a=b").await.unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("serve.log")).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_used_renewed_ended_and_made_again_at_a_stand_in() {
    let pair = Pair::of("acme").await;
    let bodies = pair.bodies().await;
    let [integration, session] = bodies.as_slice() else { panic!("{bodies:?}") };
    let made = pair.client.json("POST", "/integrations", integration).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());

    // A customer who refuses, and one who agrees; the token is dead soon after it is there.
    assert_eq!(pair.press("press=deny").await.status, 303);
    assert_eq!(pair.connect(session).await, 400);
    pair.press("press=lifetime&seconds=1").await;
    assert_eq!(pair.connect(session).await, 200);
    pair.press("press=lifetime&seconds=3600").await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let answer = pair.call("acme").await;
    assert_eq!(answer.status, 200, "{}", answer.text());

    // A token that the vendor lets expire before its time is refused there, until it is renewed.
    let shown = |query: &'static str| {
        let client = pair.client.clone();
        async move {
            let shown = client.get(&format!("/connections/trial?integration=acme{query}")).await.unwrap().json();
            shown["credentials"]["access_token"].as_str().unwrap().to_owned()
        }
    };
    let before = shown("").await;
    pair.press("press=expire").await;
    let refused = pair.call("acme").await;
    assert!(refused.status == 401 && refused.text().contains("a token that expired"), "{}", refused.text());
    let after = shown("&refresh=true").await;
    assert!(before != after, "a new token was obtained");
    assert_eq!(pair.call("acme").await.status, 200);

    // A quota that is spent: the call waits, and is made again.
    let begun = std::time::Instant::now();
    pair.press("press=fault&fault=call%3Dlimited%3A1").await;
    let answer = pair.call("acme").await;
    assert!(answer.status == 200 && begun.elapsed().as_millis() >= 900, "{} {:?}", answer.text(), begun.elapsed());

    // The customer removes the app.
    pair.press("press=revoke").await;
    assert_eq!(pair.call("acme").await.status, 401);
    let renewed = pair.client.get("/connections/trial?integration=acme&refresh=true").await.unwrap();
    assert!(renewed.status != 200 && renewed.text().contains("connect again"), "{}", renewed.text());
    assert_eq!(pair.connect(session).await, 200);
    assert_eq!(pair.call("acme").await.status, 200);

    // The page shows every request beside what was expected, and no credential that was issued.
    let text = pair.text().await;
    for expected in [
        "a stand-in",
        "Every value on this page is made up",
        "(the page of consent)",
        "(token, for a code)",
        "(token, for a refresh token)",
        "/api.acme.example/v2/things?a=b",
        "/team.acme.example/token",
        "Bearer ${accessToken}",
        "429 GET",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let log = pair.log();
    for secret in [before, after, shown("").await] {
        assert!(!text.contains(&secret) && !log.contains(&secret), "a token is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_proved_at_the_stand_in_and_a_wrong_one_is_refused_there() {
    for key in ["keyed", "heir"] {
        let pair = Pair::of(key).await;
        let bodies = pair.bodies().await;
        let right = pair.client.json("POST", "/connections", &bodies[1]).await.unwrap();
        assert_eq!(right.status, 201, "{}", right.text());
        assert_eq!(pair.call(key).await.status, 200);
        let wrong = json!({"integration": key, "connection_id": "w", "credentials": {"apiKey": "another-key-canary"}});
        let wrong = pair.client.json("POST", "/connections", &wrong).await.unwrap();
        assert!(wrong.status.is_client_error(), "{}", wrong.text());
        let text = pair.text().await;
        assert!(text.contains("1 of ") && text.contains("checks failed"), "{text}");
        assert!(text.contains("${apiKey}") && !text.contains("another-key-canary"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bodies_on_the_page_set_up_a_client_with_its_scopes() {
    let pair = Pair::of("machine").await;
    let bodies = pair.bodies().await;
    assert_eq!(bodies[0], json!({"provider": "machine", "scopes": ["things"]}));
    for (path, body) in ["/integrations", "/connections"].into_iter().zip(&bodies) {
        let made = pair.client.json("POST", path, body).await.unwrap();
        assert_eq!(made.status, 201, "{path}: {}", made.text());
    }
    assert_eq!(pair.call("machine").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_needs_no_script_and_takes_no_button_from_elsewhere() {
    let pair = Pair::of("acme").await;
    let page = pair.page.get("/").await.unwrap();
    assert!(!page.text().contains("<script") && !page.text().contains("style="), "{}", page.text());
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
    let style = pair.page.get("/keyway/stand-in.css").await.unwrap();
    assert!(style.status == 200 && style.header("content-type").starts_with("text/css"), "{}", style.text());

    let foreign = pair.page.with("origin", "https://elsewhere.example");
    assert_eq!(foreign.send("POST", "/keyway/pressed", "press=revoke").await.unwrap().status, 403);
    // A foreign name that resolves to this machine is a vendor's host, and has no page.
    let rebound = pair.page.with("host", "elsewhere.example").get("/").await.unwrap();
    assert!(rebound.status == 404 && !rebound.text().contains("stand-in"), "{}", rebound.text());

    for (form, problem) in [
        ("press=explode", "there is no button `explode`"),
        ("press=lifetime&seconds=0", "`0` is no lifetime: write seconds, from 1 to 31536000"),
        ("press=fault&fault=token%3Dgone", "`gone` is no fault: a fault is one of 503"),
        ("press=fault&fault=probe%3D503", "`acme` has no request `probe`; it has: token, refresh, call, page"),
    ] {
        let answer = pair.press(form).await;
        assert_eq!(answer.status, 422, "{form}");
        assert!(answer.text().replace("&#39;", "'").contains(problem), "{form}: {}", answer.text());
    }
    for (button, shown) in [
        ("deny", "The customer refuses at the next consent."),
        ("approve", "The customer agrees at the next consent."),
        ("keep", "A refresh leaves the refresh token as it is."),
        ("rotate", "A refresh gives a new refresh token."),
        ("ignore", "is refused, and its grant goes on."),
        ("detect", "that is used twice ends its grant."),
        ("limit", "call: Limited(3)"),
    ] {
        let answer = pair.press(&format!("press={button}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"), "{button}");
        assert!(pair.text().await.contains(shown), "{button}: {}", pair.text().await);
    }
}

#[test]
fn a_stand_in_is_for_this_machine_and_for_one_entry() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    for (arguments, code, problem) in [
        ("simulate acme --serve --listen 0.0.0.0:0", 2, "can be reached from other machines"),
        ("simulate acme --serve --listen 192.0.2.1:80", 2, "choose a loopback address such as `127.0.0.1:0`"),
        ("simulate acme --serve --listen 127.0.0.1:80", 2, "URLs leave port 80 out"),
        ("simulate acme --serve --overlay-out providers.yaml", 2, "is another file, and stays as it is"),
        ("simulate acme keyed --serve", 2, "`--serve` keeps one stand-in up: name one provider"),
        ("simulate acne --serve", 2, "did you mean `acme`?"),
        ("simulate acme --serve --fail probe=503", 2, "`acme` has no request `probe`"),
        ("simulate acme --listen 127.0.0.1:0", 2, "--serve"),
        ("simulate --all --serve", 2, "cannot be used with"),
    ] {
        let (ended, _, err) = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(ended == code && err.contains(problem), "{arguments}: {ended} {err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overlay_is_written_where_it_is_wanted_and_faults_wait_for_their_request() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    let arguments = ["simulate", "keyed", "--serve", "--overlay-out", "over.yaml", "--fail", "call=503"];
    let (_ends, printed) = started(folder.path(), &arguments, "--allow-http");
    let origin = printed.lines().next().unwrap().rsplit(' ').next().unwrap();
    assert!(printed.contains("  keyway serve --catalogue providers.yaml --overlay over.yaml --allow-private-hosts"));
    let overlay = fs::read_to_string(folder.path().join("over.yaml")).unwrap();
    assert!(overlay.contains(&format!("base_url: {origin}/api.keyed.example")), "{overlay}");
    let page = Client::new(origin).get("/").await.unwrap().text();
    assert!(page.contains("call: Unavailable(503)"), "{page}");
    let client = Client::new(origin).with("x-key", "trial-apikey").with("user-agent", "test");
    for status in [503, 200] {
        let answer = client.get("/api.keyed.example/things").await.unwrap();
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}
