//! `keyway record` as a process, against a vendor on loopback: what is sent, written and shown.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use process::{run, run_with_input};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// The catalogue: a key and an OAuth client, at a server that the customer names.
const CATALOGUE: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings., secret: true}
  connection_config: &server
    origin: {type: string, title: Server, description: Its address., format: uri}
  proxy: &proxy
    base_url: ${connectionConfig.origin}/api
    headers: {authorization: 'Bearer ${apiKey}'}
    retry: {after: [retry-after], at: [x-ratelimit-reset]}
    verification: {method: GET, endpoints: [/me]}
    paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: paging.next, response_path: users}
forge:
  display_name: Forge
  docs: https://docs.forge.example
  categories: [other]
  auth_mode: OAUTH2
  authorization_url: ${connectionConfig.origin}/authorize
  token_url: ${connectionConfig.origin}/token
  refresh_params: {grant_type: refresh_token}
  default_scopes: [read]
  connection_config:
    origin: {type: string, title: Server, description: Its address., format: uri}
  proxy:
    base_url: ${connectionConfig.origin}/api
    verification: {method: GET, endpoints: [/me]}
";

const KEY: &str = "sk_live_canary51HabcDEF";
const SECRET: &str = "client-secret-canary-77";

/// A vendor: the answer of a request by its first line, its `authorization` and its body.
struct Vendor {
    origin: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Vendor {
    fn start() -> Vendor {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, own) = (seen.clone(), origin.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = request(&mut stream);
                log.lock().unwrap().push(request.clone());
                let before = log.lock().unwrap().iter().filter(|other| other.contains("/api/busy")).count();
                let _gone_already = stream.write_all(answer(&request, &own, before).as_bytes());
            }
        });
        Vendor { origin, seen }
    }

    fn seen(&self, part: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|request| request.contains(part)).count()
    }
}

/// One request with its body; the connection is closed after its answer.
fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        read.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let is_whole = text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length.unwrap_or(0));
        if is_whole || count == 0 {
            return text;
        }
    }
}

fn answer(request: &str, origin: &str, busy: usize) -> String {
    let is_right =
        [KEY, "access-canary"].iter().any(|known| request.contains(&format!("authorization: Bearer {known}")));
    let target = request.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let more = "set-cookie: sid=cookie-canary\r\nx-request-id: request-canary\r\netag: \"etag-canary\"\r\n";
    let (status, headers, body) = match path {
        "/token" if request.contains(SECRET) || request.contains("Basic ") => (
            "200 OK",
            "",
            r#"{"access_token":"access-canary1","refresh_token":"refresh-canary","token_type":"bearer","expires_in":3600,
                "scope":"read","user":{"name":"Ann Canary","email":"ann@canary.example","id":48213377}}"#
                .to_owned(),
        ),
        "/api/me" if is_right => (
            "200 OK",
            "x-ratelimit-remaining: 41\r\n",
            r#"{"id":"usr_canary01","name":"Ann Canary","phone":"+49 30 9018200","ip":"10.20.30.40","plan":"pro"}"#.to_owned(),
        ),
        "/api/me" => {
            let sent = request.lines().find(|line| line.starts_with("authorization: ")).unwrap_or_default();
            ("401 Unauthorized", "www-authenticate: Bearer realm=\"canary\"\r\n", serde_json::json!({
                "error": "invalid_key", "message": format!("no such key: {sent}"),
            }).to_string())
        }
        "/api/v1/users" if is_right && query.contains("after=") => {
            ("200 OK", "", r#"{"users":[{"id":"usr_canary09","email":"eve@canary.example"}],"paging":{"next":null}}"#.to_owned())
        }
        "/api/v1/users" if is_right => ("200 OK", "", format!(
            r#"{{"users":[{{"id":"usr_canary01","email":"ann@canary.example"}},{{"id":"usr_canary02","email":"bob@canary.example",
                "self":"{origin}/api/v1/users/usr_canary02"}},{{"id":"usr_canary03","email":"cy@canary.example"}}],
                "paging":{{"next":"Y3Vyc29yLWNhbmFyeQ==","url":"{origin}/api/v1/users?limit=3&after=Y3Vyc29yLWNhbmFyeQ%3D%3D"}}}}"#
        )),
        // A probe that holds the key in its path, and takes any.
        path if path.starts_with("/api/keys/") => ("200 OK", "", "{}".to_owned()),
        "/api/busy" if busy > 2 => ("429 Too Many Requests", "retry-after: 17\r\n", r#"{"error":"rate_limited"}"#.to_owned()),
        "/api/busy" => ("200 OK", "", "{}".to_owned()),
        _ => ("404 Not Found", "", "canary".to_owned()),
    };
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}{more}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let plain = CATALOGUE.replace(" &server", "").replace(" &proxy", "");
    fs::write(folder.path().join("providers.yaml"), plain).unwrap();
    fs::write(folder.path().join("key"), format!("{KEY}\n")).unwrap();
    fs::write(folder.path().join("secret"), SECRET).unwrap();
    folder
}

/// `keyway record` with the options that allow a server on loopback.
fn record(folder: &Path, vendor: &Vendor, provider: &str, options: &str, input: &str) -> (i32, String, String) {
    let config = format!("origin={}", vendor.origin);
    let host = vendor.origin.replace("http://", "");
    let mut arguments = vec!["record", provider, "--config", &config, "--allow-host", &host];
    arguments.extend(["--allow-http", "--allow-private-hosts"]);
    arguments.extend(options.split('|'));
    run_with_input(folder, &arguments, input)
}

/// Every file of the folder's samples, by name.
fn samples(folder: &Path, provider: &str) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder.join("fixtures").join(provider)) else { return Vec::new() };
    let mut found: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    found.sort();
    found
}

/// Nothing of the account, and no part of a credential.
fn is_clean(text: &str) -> bool {
    !text.to_lowercase().contains("canary")
        && !text.contains("48213377")
        && !text.contains("Y3Vyc29y")
        && !text.contains("9018200")
}

#[test]
fn answers_of_an_account_become_samples_that_a_replay_reads() {
    let (folder, vendor) = (folder(), Vendor::start());
    let options = "--credential-file|apiKey=key|--kind|probe,refused,page,limited|--request|GET /v1/users?limit=3|--pages|2|--yes";
    let busy = "--credential-file|apiKey=key|--kind|limited|--request|GET /busy|--max-calls|5|--yes";
    let (code, out, err) = record(folder.path(), &vendor, "acme", &options.replace(",limited", ""), "");
    let lines: Vec<&str> = err.lines().collect();
    // The last page has no cursor, which is for a person to confirm.
    assert!(
        code == 1 && lines.contains(&"wrote 4 files") && lines.contains(&"next: keyway replay acme"),
        "{code}\n{out}\n{err}"
    );
    assert!(err.contains("page-2.http: not read: no next page is read from it"), "{err}");
    let (code, out_busy, err_busy) = record(folder.path(), &vendor, "acme", busy, "");
    assert!(code == 0 && vendor.seen("/api/busy") == 3, "{code}\n{out_busy}\n{err_busy}");

    let written = samples(folder.path(), "acme");
    let text =
        |name: &str| &written.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}: {err}")).1;
    for (name, parts) in [
        ("probe.http", &["HTTP/1.1 200 OK\n", "\nx-ratelimit-remaining: 41\n", "\"name\":\"Name 1\"", "192.0.2."][..]),
        (
            "refused.http",
            &["HTTP/1.1 401 Unauthorized\n", "\nwww-authenticate: Bearer\n", "\"error\":\"invalid_key\"", "\"text "],
        ),
        (
            "page.http",
            &["# request: GET /v1/users?limit=3\n", "\"next\":\"cursor-1\"", "after=cursor-1\"", "@example.com"],
        ),
        ("page-2.http", &["# request: GET /v1/users?limit=3&after=cursor-1\n", "\"next\":null"]),
        ("limited.http", &["HTTP/1.1 429 Too Many Requests\n", "\nretry-after: 17\n", "\"error\":\"rate_limited\""]),
    ] {
        let text = text(name);
        assert!(text.starts_with("# source: recorded\n# read: 20"), "{text}");
        assert!(parts.iter().all(|part| text.contains(part)), "{name}\n{text}");
        assert!(is_clean(text), "{name}\n{text}");
        let added: Vec<String> = text.lines().map(|line| format!("+{line}")).collect();
        let shown = if name == "limited.http" { &out_busy } else { &out };
        assert!(added.iter().all(|line| shown.contains(line.as_str())), "{name} is not shown whole:\n{shown}");
    }
    // Of three users the first and the last.
    assert_eq!(text("page.http").matches("\"email\"").count(), 2);
    assert!(is_clean(&out) && is_clean(&err) && is_clean(&out_busy) && is_clean(&err_busy), "{out}\n{err}");

    // A person says that the list ends; that stays, and everything passes.
    let path = folder.path().join("fixtures/acme/page-2.http");
    fs::write(&path, text("page-2.http").replace("HTTP/1.1", "# more: no\nHTTP/1.1")).unwrap();
    let (code, out, err) = run(folder.path(), &["replay", "acme"]);
    assert!(code == 0, "{out}{err}");
    let (code, out, err) =
        record(folder.path(), &vendor, "acme", &options.replace(",limited", "").replace("--yes", "--dry-run"), "");
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("every sample is as it was"), "{err}");
}

#[test]
fn a_person_agrees_at_the_vendors_page_and_the_token_is_recorded() {
    let (folder, vendor) = (folder(), Vendor::start());
    let options = "--credential-file|client_secret=secret|--client-id|our-client|--yes";
    // The state is not known before; one that is made up ends the flow, and nothing is written.
    let pasted = "http://127.0.0.1:3900/oauth/callback?code=code-canary&state=made-up\n";
    let (code, out, err) = record(folder.path(), &vendor, "forge", options, pasted);
    assert!(code == 1 && out.is_empty() && err.contains("token: "), "{code}\n{out}\n{err}");
    assert!(samples(folder.path(), "forge").is_empty() && !err.contains("code-canary"), "{err}");

    let (code, out, err) = consenting(folder.path(), &vendor, options);
    assert!(code == 0, "{code}\n{out}\n{err}");
    let written = samples(folder.path(), "forge");
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["probe.http", "refused.http", "token.http"], "{err}");
    let token = &written[2].1;
    for part in [
        "\"token_type\":\"bearer\"",
        "\"expires_in\":3600",
        "\"scope\":\"read\"",
        "\"name\":\"Name 1\"",
        "set-cookie: sid=token-",
    ] {
        assert!(token.contains(part), "{part}\n{token}");
    }
    assert!(written.iter().all(|(_, text)| is_clean(text)) && is_clean(&out), "{written:#?}\n{out}");
    assert!(!err.contains(SECRET) && !err.contains("code-canary") && !err.contains("access-canary"), "{err}");
    let (code, out, err) = run(folder.path(), &["replay", "forge"]);
    assert!(code == 0, "{out}{err}");
}

/// Answers the question as a browser that comes back with the state of the page.
fn consenting(folder: &Path, vendor: &Vendor, options: &str) -> (i32, String, String) {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let (config, host) = (format!("origin={}", vendor.origin), vendor.origin.replace("http://", ""));
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(["record", "forge", "--config", &config, "--allow-host", &host]);
    command.args(["--allow-http", "--allow-private-hosts"]).args(options.split('|'));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("Then paste") {
        assert!(errors.read_line(&mut said).unwrap() > 0, "{said}");
    }
    let state = said.split("state=").nth(1).unwrap().split(['&', '\n', ' ']).next().unwrap();
    // The customer names the server, so the redirect URI is one of its own.
    let redirect_uri = said.split_once(" is sent (").unwrap().1.split('?').next().unwrap();
    let pasted = format!("{redirect_uri}?code=code-canary&state={state}\n");
    child.stdin.take().unwrap().write_all(pasted.as_bytes()).unwrap();
    errors.read_to_string(&mut said).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), said)
}

#[test]
fn nothing_is_written_without_a_yes_and_wrong_use_is_told() {
    let (folder, vendor) = (folder(), Vendor::start());
    let key = format!("{KEY}\n");
    let probe = "--credential-file|apiKey=-|--kind|probe";
    for (options, expected_code, expected) in [
        (probe.to_owned(), 2, "say `--yes`"),
        (format!("{probe}|--dry-run"), 0, "nothing is written; 1 file would change"),
    ] {
        let (code, out, err) = record(folder.path(), &vendor, "acme", &options, &key);
        assert_eq!(code, expected_code, "{out}\n{err}");
        assert!(err.contains(expected) && out.contains("+HTTP/1.1 200 OK"), "{out}\n{err}");
        assert!(samples(folder.path(), "acme").is_empty() && is_clean(&out) && is_clean(&err), "{err}");
    }
    for (options, expected) in [
        ("--kind|tokn", "did you mean `token`?"),
        ("--kind|page", "say which call `page` is about"),
        ("--request|/v1/users", "write it as `GET /v1/users?limit=2`"),
        ("--credential-env|apiKey=NOT_SET_CANARY_FREE", "the variable `NOT_SET_CANARY_FREE` is not set"),
        ("--credential-file|apiKey=-|--credential-file|other=-", "`-` is given twice"),
        ("--credential|apiKey=secret-value-7", "unexpected argument '--credential' found"),
        ("--credential=apiKey=secret-value-7", "unexpected argument '--credential' found"),
    ] {
        let (code, _, err) = record(folder.path(), &vendor, "acme", options, "");
        assert!(code == 2 && err.contains(expected) && !err.contains("secret-value-7"), "{options}: {code}\n{err}");
    }
    // A wrong key is not proved, and a probe that takes any is told.
    let (code, _, err) = record(folder.path(), &vendor, "acme", &format!("{probe}|--yes"), "another");
    assert!(code == 1 && err.contains("probe: ") && err.contains("does not accept this credential"), "{code}\n{err}");
    let yaml = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
    fs::write(folder.path().join("providers.yaml"), yaml.replacen("endpoints: [/me]", "endpoints: [/busy]", 1))
        .unwrap();
    let (code, _, err) =
        record(folder.path(), &vendor, "acme", "--credential-file|apiKey=key|--kind|refused|--yes", "");
    assert!(
        code == 1 && err.contains("a wrong credential is taken for a right one: `GET /api/busy` answers 200"),
        "{err}"
    );
}

#[test]
fn what_was_read_is_written_although_another_list_cannot_be_read() {
    let (folder, vendor) = (folder(), Vendor::start());
    let options = "--credential-file|apiKey=key|--kind|page|--yes|--request|GET /v1/users?limit=3|--request|GET /none\
                   |--request|GET /v1/users?after=x";
    let (code, _, err) = record(folder.path(), &vendor, "acme", options, "");
    assert!(err.contains("page: `GET /none` answers 404 Not Found"), "{err}");
    let names: Vec<String> = samples(folder.path(), "acme").into_iter().map(|(name, _)| name).collect();
    assert_eq!((code, names), (1, vec!["page-users.http".to_owned(), "page.http".to_owned()]), "{err}");
}

#[test]
fn a_wrong_credential_is_not_shown_in_the_path_that_took_it() {
    let (folder, vendor) = (folder(), Vendor::start());
    let path = folder.path().join("providers.yaml");
    let yaml = fs::read_to_string(&path).unwrap();
    fs::write(&path, yaml.replacen("endpoints: [/me]", "endpoints: ['/keys/${apiKey}']", 1)).unwrap();
    let (code, _, err) =
        record(folder.path(), &vendor, "acme", "--credential-file|apiKey=key|--kind|refused|--yes", "");
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("taken for a right one: `GET /api/keys/***` answers 200"), "{err}");
    // Half of it is the right one.
    assert!(!err.contains(&KEY[..KEY.len() / 2]), "{err}");
}

#[test]
fn a_host_that_is_refused_is_told_with_the_option_that_allows_it() {
    let (folder, vendor) = (folder(), Vendor::start());
    let config = format!("origin={}", vendor.origin);
    for kind in ["probe", "refused", "page", "limited"] {
        let arguments = [
            "record",
            "acme",
            "--config",
            &config,
            "--credential-file",
            "apiKey=key",
            "--yes",
            "--kind",
            kind,
            "--request",
            "GET /v1/users",
        ];
        let (code, out, err) = run(folder.path(), &arguments);
        assert!(code == 1 && out.is_empty() && err.contains(&format!("{kind}: ")), "{kind}: {code}\n{out}\n{err}");
        assert!(err.contains("here, `--allow-host HOST`"), "{kind}: {err}");
    }
    assert_eq!(vendor.seen(""), 0);
}
