//! The real binary as a process, against a mock of other people's servers on loopback.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::client::{Client, read};
use keyway_tests::mock::{API_KEY, CLIENT_ID, CLIENT_SECRET, Mock};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A folder with a catalogue whose providers live at the mock.
struct Setup {
    folder: TempDir,
    mock: Mock,
}

/// A running `keyway serve`. Killed when it is dropped.
struct Server {
    child: Child,
    /// The banner that it printed.
    banner: String,
    url: String,
}

impl Setup {
    async fn new() -> Setup {
        let place = Setup { folder: tempfile::tempdir().unwrap(), mock: Mock::start().await.unwrap() };
        fs::write(place.path("mock.yaml"), catalogue(&place.mock.url())).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        command.current_dir(self.folder.path()).arg("serve");
        command.args(["--catalogue", "mock.yaml"]);
        for name in ["KEYWAY_API_KEY", "KEYWAY_ENCRYPTION_KEY", "KEYWAY_LOG", "RUST_LOG"] {
            command.env_remove(name);
        }
        command
    }

    fn start(&self) -> Server {
        self.start_with(&["--allow-private-hosts", "--allow-http"])
    }

    fn start_with(&self, arguments: &[&str]) -> Server {
        let log = fs::File::create(self.path("log")).unwrap();
        let mut command = self.command();
        command.args(["--listen", "127.0.0.1:0"]).args(arguments).env("KEYWAY_LOG", "trace").env("RUST_LOG", "trace");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !banner.contains("curl ") {
            let read = lines.read_line(&mut banner).unwrap();
            assert!(read > 0, "it ended: {banner}{}", fs::read_to_string(self.path("log")).unwrap());
        }
        let url = banner.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
        Server { child, banner, url }
    }

    /// A start that fails: the exit code and what was said.
    fn fails(&self, change: impl FnOnce(&mut Command) -> &mut Command) -> (Option<i32>, String) {
        let mut command = self.command();
        change(&mut command);
        // Another process at the default address does not make this fail.
        if command.get_args().all(|argument| argument != "--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let Output { status, stderr, .. } = command.output().unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    }
}

impl Server {
    /// The API key that the first start shows.
    fn key(&self) -> String {
        let key = self.banner.split_whitespace().find(|word| word.starts_with("kw_"));
        key.unwrap_or_else(|| panic!("no key in {}", self.banner)).to_owned()
    }

    fn client(&self, key: &str) -> Client {
        Client::new(&self.url).with("authorization", &format!("Bearer {key}"))
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

fn catalogue(mock: &str) -> String {
    format!(
        "mock-key:
    display_name: Mock with a key
    categories:
        - dev-tools
    auth_mode: API_KEY
    proxy:
        base_url: {mock}/api
        headers:
            x-api-key: ${{apiKey}}
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of the mock
            pattern: '^mock-'
    docs: https://example.com/docs
mock-oauth:
    display_name: Mock with a flow
    categories:
        - dev-tools
    auth_mode: OAUTH2
    authorization_url: {mock}/authorize
    token_url: {mock}/token
    token_expiration_buffer: 60
    proxy:
        base_url: {mock}/api
    docs: https://example.com/docs
"
    )
}

async fn create(client: &Client, path: &str, body: Value) -> Value {
    let answer = client.json("POST", path, &body).await.unwrap();
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json()
}

async fn import_key(client: &Client, id: &str) {
    let body = json!({"integration": "mock-key", "connection_id": id, "credentials": {"apiKey": API_KEY}});
    create(client, "/connections", body).await;
}

/// Connects in a browser. `keep_cookie` is whether the browser that comes back is the one that went.
async fn connect(server: &Server, client: &Client, id: &str, keep_cookie: bool) -> u16 {
    let session = json!({"integration": "mock-oauth", "connection_id": id});
    let link = create(client, "/connect/sessions", session).await["url"].as_str().unwrap().to_owned();
    let browser = Client::new(&server.url);
    let begun = browser.get(&link).await.unwrap();
    assert_eq!(begun.status, 302, "{}", begun.text());
    let cookie =
        if keep_cookie { begun.header("set-cookie").split(';').next().unwrap().to_owned() } else { String::new() };
    let agreed = browser.get(begun.header("location")).await.unwrap();
    assert!(agreed.status.is_redirection(), "{}", agreed.text());
    let callback = agreed.header("location").to_owned();
    browser.with("cookie", &cookie).get(&callback).await.unwrap().status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_line_works_from_the_flow_to_one_refresh() {
    let place = Setup::new().await;
    let server = place.start();
    let client = server.client(&server.key());
    let integration = json!({"provider": "mock-oauth", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    create(&client, "/integrations", integration).await;
    import_key(&client, "acme").await;
    let called = client.as_connection("mock-key", "acme").get("/proxy/private").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());

    // PKCE is verified by the mock; a foreign browser's callback is refused.
    assert_eq!(connect(&server, &client, "foreign", false).await, 400);
    // The first token is dead soon after it is there; one that lives would be used while it is renewed.
    place.mock.set_lifetime(1);
    assert_eq!(connect(&server, &client, "user-42", true).await, 200);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    place.mock.set_lifetime(3600);
    place.mock.expire_tokens();

    let user = client.as_connection("mock-oauth", "user-42");
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let user = user.clone();
            tokio::spawn(async move { user.get("/proxy/private").await.unwrap().status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(place.mock.refreshes(), 1);

    // 50 MB, of which each chunk is sent only when the one before has arrived.
    let mut body = user.open("GET", "/proxy/stream/50", "").await.unwrap().into_body();
    let mut received = 0;
    for chunk in 1..=50 {
        received += read(&mut body, chunk * 1024 * 1024 - received).await.unwrap().len();
        assert!(received >= chunk * 1024 * 1024, "chunk {chunk}: {received} bytes");
        place.mock.confirm_chunk();
    }

    // Nothing that was said or stored in the clear holds a secret.
    let log = fs::read_to_string(place.path("log")).unwrap();
    assert!(log.contains("answered"), "{log}");
    let stored = fs::read(place.path("keyway.db")).unwrap();
    for secret in [API_KEY, CLIENT_SECRET, &server.key(), "access-", "refresh-"] {
        assert!(!log.contains(secret), "{secret} was logged");
        assert!(!String::from_utf8_lossy(&stored).contains(secret), "{secret} is in the store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_everything_and_shows_the_key_no_more() {
    let place = Setup::new().await;
    let first = place.start();
    let key = first.key();
    import_key(&first.client(&key), "acme").await;
    drop(first);
    let second = place.start();
    assert!(!second.banner.contains("kw_"), "{}", second.banner);
    let called = second.client(&key).as_connection("mock-key", "acme").get("/proxy/private").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_on_as_many_threads_as_it_is_told() {
    let place = Setup::new().await;
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut key = None;
    for (arguments, expected) in [(&[][..], cores), (&["--threads", "1"], 1), (&["--threads", "3"], 3)] {
        let server = place.start_with(&[&["--allow-private-hosts", "--allow-http"], arguments].concat());
        let client = server.client(key.get_or_insert_with(|| server.key()));
        if arguments.is_empty() {
            import_key(&client, "acme").await;
        }
        let user = client.as_connection("mock-key", "acme");
        let calls: Vec<_> =
            (0..8).map(|_| user.clone()).map(|user| async move { user.get("/proxy/private").await }).collect();
        for call in calls.into_iter().map(tokio::spawn) {
            assert_eq!(call.await.unwrap().unwrap().status, 200, "{arguments:?}");
        }
        #[cfg(target_os = "linux")]
        {
            let tasks = fs::read_dir(format!("/proc/{}/task", server.child.id())).unwrap();
            let names = tasks.filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok());
            assert_eq!(names.filter(|name| name.starts_with("keyway-serve")).count(), expected, "{arguments:?}");
        }
        #[cfg(not(target_os = "linux"))]
        let _ = expected;
    }
    let (code, said) = place.fails(|command| command.args(["--threads", "0"]));
    assert_eq!(code, Some(2), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn private_hosts_and_plain_http_need_their_options() {
    let place = Setup::new().await;
    for (arguments, expected) in [
        (&[][..], "host_not_allowed"),
        (&["--allow-http"][..], "host_not_allowed"),
        (&["--allow-private-hosts"][..], "host_not_allowed"),
    ] {
        let _clean = fs::remove_file(place.path("keyway.db.api-key"));
        let server = place.start_with(arguments);
        let client = server.client(&server.key());
        let _made_before = client
            .json(
                "POST",
                "/connections",
                &json!({
                    "integration": "mock-key", "connection_id": "acme", "credentials": {"apiKey": API_KEY},
                }),
            )
            .await
            .unwrap();
        let called = client.as_connection("mock-key", "acme").get("/proxy/private").await.unwrap();
        assert_eq!(called.header("keyway-error"), expected, "{arguments:?}: {}", called.text());
    }
    assert_eq!(place.mock.requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_fails_does_not_use_up_the_key() {
    let place = Setup::new().await;
    let (code, said) = place.fails(|command| command.args(["--listen", &place.mock.address().to_string()]));
    assert_eq!(code, Some(2), "{said}");
    let server = place.start();
    assert_eq!(server.client(&server.key()).get("/providers").await.unwrap().status, 200);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_written_is_said_by_name() {
    use std::os::unix::fs::PermissionsExt;
    let place = Setup::new().await;
    drop(place.start());
    let store = place.path("keyway.db");
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    for file in fs::read_dir(place.folder.path()).unwrap() {
        fs::set_permissions(file.unwrap().path(), fs::Permissions::from_mode(0o444)).unwrap();
    }
    let before = fs::read(&store).unwrap();
    let (code, said) = place.fails(unprivileged);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("keyway.db` cannot be written"), "{said}");
    assert_eq!(fs::read(&store).unwrap(), before);
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

/// Root may write everything, so root runs the command as nobody.
#[cfg(unix)]
fn unprivileged(command: &mut Command) -> &mut Command {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if is_root { command.uid(NOBODY).gid(NOBODY) } else { command }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_finishes_what_is_open() {
    let place = Setup::new().await;
    let mut server = place.start();
    let client = server.client(&server.key());
    import_key(&client, "acme").await;
    let open = client.as_connection("mock-key", "acme").open("GET", "/proxy/stream/2", "").await.unwrap();
    let mut body = open.into_body();
    assert_eq!(read(&mut body, 1024 * 1024).await.unwrap().len(), 1024 * 1024);
    server.signal("TERM");
    place.mock.confirm_chunk();
    assert_eq!(read(&mut body, 1024 * 1024).await.unwrap().len(), 1024 * 1024);
    place.mock.confirm_chunk();
    assert_eq!(read(&mut body, 1).await.unwrap().len(), 0);
    drop((body, client));
    let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(0));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn killed_during_a_write_it_loses_nothing_it_confirmed() {
    let place = Setup::new().await;
    let server = place.start();
    let key = server.key();
    let client = server.client(&key);
    let writer = tokio::spawn(async move {
        let mut confirmed = Vec::new();
        for index in 0..10_000 {
            let id = format!("c-{index:05}");
            let body = json!({"integration": "mock-key", "connection_id": id, "credentials": {"apiKey": API_KEY}});
            match client.json("POST", "/connections", &body).await {
                Ok(answer) if answer.status == 201 => confirmed.push(id),
                _ => break,
            }
        }
        confirmed
    });
    // Killed while the writer is at work: as soon as a few writes are through.
    let watcher = server.client(&key);
    loop {
        let listed = watcher.get("/connections?limit=20").await.unwrap().json();
        if listed["connections"].as_array().is_some_and(|list| list.len() == 20) {
            break;
        }
    }
    server.signal("KILL");
    let confirmed = writer.await.unwrap();
    drop(server);
    assert!(confirmed.len() >= 20);
    let server = place.start();
    let client = server.client(&key);
    for id in &confirmed {
        let target = format!("/connections/{id}?integration=mock-key");
        assert_eq!(client.get(&target).await.unwrap().status, 200, "{id} was confirmed and is lost");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_edited_without_the_key_sends_nothing_anywhere() {
    let place = Setup::new().await;
    let server = place.start();
    let key = server.key();
    import_key(&server.client(&key), "acme").await;
    drop(server);
    // A killed process leaves its last writes in a file beside.
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    rusqlite::Connection::open(place.path("keyway.db")).unwrap().query_row(checkpoint, [], |_| Ok(())).unwrap();
    let intact = fs::read(place.path("keyway.db")).unwrap();
    for (statement, sends) in [
        ("UPDATE integrations SET provider = provider", true),
        ("UPDATE integrations SET provider = 'mock-oauth'", false),
        ("UPDATE integrations SET allowed_hosts = '[\"mallory.example\"]'", false),
        ("UPDATE integrations SET client_id = 'mallory'", false),
        ("UPDATE integrations SET app_link = 'https://mallory.example'", false),
        ("UPDATE connections SET provider = 'mock-oauth'", false),
        ("UPDATE connections SET config = metadata", false),
    ] {
        for companion in ["keyway.db-wal", "keyway.db-shm"] {
            let _there_is_none = fs::remove_file(place.path(companion));
        }
        fs::write(place.path("keyway.db"), &intact).unwrap();
        rusqlite::Connection::open(place.path("keyway.db")).unwrap().execute_batch(statement).unwrap();
        let server = place.start();
        let before = place.mock.requests();
        let called = server.client(&key).as_connection("mock-key", "acme").get("/proxy/private").await.unwrap();
        let expected = if sends { (200, "") } else { (500, "seal_broken") };
        assert_eq!((called.status.as_u16(), called.header("keyway-error")), expected, "{statement}: {}", called.text());
        assert_eq!(place.mock.requests() - before, usize::from(sends), "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_cannot_be_says_why_and_changes_nothing() {
    let place = Setup::new().await;
    let server = place.start();
    import_key(&server.client(&server.key()), "acme").await;
    let key = server.key();
    drop(server);
    let before = files(place.folder.path());
    let taken = place.mock.address().to_string();

    let other_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let (code, said) = place.fails(|command| command.env("KEYWAY_ENCRYPTION_KEY", other_key));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("key") && !said.contains(other_key), "{said}");

    let holder = rusqlite::Connection::open(place.path("keyway.db")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (code, said) = place.fails(|command| command);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("keyway.db"), "{said}");
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);

    for (arguments, expected) in [
        (&["--store", "nowhere/keyway.db"][..], "nowhere"),
        (&["--public-url", "mailto:a@example.com"][..], "--public-url"),
        (&["--listen", &taken][..], taken.as_str()),
    ] {
        let (code, said) = place.fails(|command| command.args(arguments));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }

    assert_eq!(files(place.folder.path()), before);
    let server = place.start();
    let called = server.client(&key).as_connection("mock-key", "acme").get("/proxy/private").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());
}

/// The names in a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm") && !name.ends_with("-journal"))
        .collect();
    names.sort();
    names
}
