//! `keyway new` as a process: what it writes, where, and what it refuses.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;
#[path = "../../tests/src/shared.rs"]
mod shared;

use process::{run, run_with_input};
use std::fs;
use std::io::{Read as _, Write as _};

const CATALOGUE: &str = "# Ours.\n\nbeta:   # kept as it is\n    display_name: Beta\n    docs: https://docs.beta.example\n    \
    categories: [crm]\n    auth_mode: NONE\n    proxy: {base_url: 'https://api.beta.example'}\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    folder
}

#[test]
fn an_entry_of_options_stands_in_the_order_of_keys_and_asks_what_is_open() {
    let folder = folder();
    let options = "new acme --auth api-key --header X-Key --base-url https://api.acme.com --docs https://acme.com/api --category crm \
        --name Acme --probe /v1/me --retry-after retry-after";
    let (code, out, err) = run(folder.path(), &options.split(' ').collect::<Vec<_>>());
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(
        err,
        "wrote `acme` to `providers.yaml`; 1 question is open\nnext: keyway check providers.yaml --provider acme\n",
    );
    let text = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
    let (before, after) = text.split_once("acme:").unwrap();
    assert_eq!(before, "# Ours.\n\n");
    assert!(after.ends_with(CATALOGUE.split_once("\n\n").unwrap().1), "{text}");
    let (code, out, err) = run(folder.path(), &["check"]);
    assert!(code == 0 && out.matches("warning[KW0009]").count() == 1, "{out}{err}");
    let answered: Vec<&str> = text.split_inclusive('\n').filter(|line| !line.contains("# TODO: ")).collect();
    fs::write(folder.path().join("providers.yaml"), answered.concat()).unwrap();
    assert_eq!(run(folder.path(), &["check", "--deny-warnings"]).0, 0);
    assert_eq!(run(folder.path(), &["simulate", "acme"]).0, 0);
}

#[test]
fn a_draft_of_oauth2_asks_for_scopes_pkce_and_refresh_tokens_unless_they_are_said() {
    let base = "new acme --auth oauth2 --authorization-url https://acme.com/a --token-url https://acme.com/t \
        --base-url https://api.acme.com --docs https://acme.com/api --category crm --name Acme --no-input --dry-run";
    let scopes = "# TODO: which scopes are there";
    let pkce = "# TODO: is a `code_challenge` (PKCE) an error there?";
    let refresh = "# TODO: does a refresh token come with the token";
    for (options, expected, absent) in [
        ("", &[scopes, pkce, refresh, "refresh_params:"][..], &["disable_pkce", "refresh_when"][..]),
        ("--scope a --scope b", &["scopes:", pkce, refresh], &[scopes]),
        ("--pkce yes", &[scopes, refresh], &[pkce, "disable_pkce"]),
        ("--pkce no", &["disable_pkce: true"], &[pkce]),
        ("--refresh-token yes", &["refresh_params:"], &[refresh, "refresh_when"]),
        ("--refresh-token no", &["refresh_when: never"], &[refresh, "refresh_params"]),
    ] {
        let folder = folder();
        let all: Vec<&str> = base.split_whitespace().chain(options.split_whitespace()).collect();
        let (code, out, err) = run(folder.path(), &all);
        assert_eq!(code, 0, "{options}: {err}");
        assert!(expected.iter().all(|text| out.contains(text)), "{options}:\n{out}");
        // A question may name the key that would answer it.
        let written: String = out.lines().filter(|line| !line.contains("# TODO: ")).collect();
        let is_there = |text: &&str| if text.starts_with('#') { out.contains(*text) } else { written.contains(*text) };
        assert!(!absent.iter().any(is_there), "{options}:\n{out}");
    }
    let folder = folder();
    let all: Vec<&str> = base.split_whitespace().chain(["--pkce", "perhaps"]).collect();
    let (code, _, err) = run(folder.path(), &all);
    assert!(code == 2 && err.contains("say `yes` or `no`"), "{err}");
}

#[test]
fn what_cannot_be_written_is_refused_and_the_file_stays() {
    let folder = folder();
    fs::write(folder.path().join("broken.yaml"), "a: [").unwrap();
    fs::write(folder.path().join("no.json"), "{\"a\": 1}").unwrap();
    for (arguments, expected) in [
        ("new beta", "`providers.yaml` has an entry `beta` already; choose another key, or edit that one"),
        ("new Acme-CRM", "`Acme-CRM` is no key: lower-case letters, digits and hyphens; `acme-crm` is one"),
        ("new acme --auth apikey", "there is no way to sign in `apikey`; did you mean `api-key`?"),
        ("new acme --from-entry bta", "the file has no provider `bta`; did you mean `beta`?"),
        (
            "new acme --no-input --catalogue broken.yaml",
            "`broken.yaml` cannot be read as YAML; run `keyway check broken.yaml`",
        ),
        ("new acme --from-openid no.json", "`no.json` is no discovery document"),
        ("new acme --from-openapi no.json", "`no.json` is not an OpenAPI document"),
        ("new acme --from-witness no.json", "`no.json` has no line whose `name` is `acme`"),
        ("new acme --from-openapi none.json", "there is no file `none.json`; name one with `--from-openapi FILE`, or"),
        ("new acme --from-openid none.json", "there is no file `none.json`; name one with `--from-openid FILE`, or"),
        ("new acme --no-input --base-url not-a-url", "`not-a-url` is no URL: write the whole of it"),
        ("new acme --no-input --docs foo", "`foo` is no page: "),
        ("new acme --no-input --category nope", "`nope` is no category; "),
        ("new acme --no-input --header https://acme.com", "`https://acme.com` is no name of a header"),
        ("new acme --no-input --retry-after 3:4", "`3:4` is no name of a header"),
        ("new acme --pr", "there is no entry `acme`; `keyway new acme` begins one"),
        ("new bet --pr --name Bet", "there is no entry `bet`; did you mean `beta`? `keyway new bet` begins one"),
        (
            "new acme --auth none",
            "nothing is written: there is no terminal to ask at; `--no-input` drafts without questions",
        ),
        ("new acme --from-openid http://127.0.0.1/x", "only `https:` is read"),
        ("new acme --from-openid https://127.0.0.1/x", "cannot read `https://127.0.0.1/x`"),
    ] {
        let (code, _, err) = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(code == 2 && err.contains(expected), "{arguments}: {code}\n{err}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("providers.yaml")).unwrap(), CATALOGUE);
}

#[test]
fn an_answer_that_cannot_be_is_asked_for_again_and_an_input_that_ends_writes_nothing() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return shared::skip("there is no `script`, which gives a program a terminal");
    }
    // Two answers, an empty one, and Ctrl-D.
    for (answers, code, expected) in [
        ("none\n\n\u{4}", 2, "nothing is written: the input ended; `--no-input` drafts without questions"),
        ("none\n\n\n", 0, "wrote `acme` to `providers.yaml`; "),
        // Asked again, until it can be.
        ("nonne\nnone\n\n\n", 0, "there is no way to sign in `nonne`; did you mean `none`?"),
        ("?\nnone\n\n\n", 0, "it is one of oauth2, "),
        ("none\nacme.com\n\n\n", 0, "`acme.com` is no URL: write the whole of it"),
        ("none\n\nfoo\n\n", 0, "`foo` is no page: "),
        ("api-key\n\nhttps://acme.com\nx-api-key\n\n", 0, "`https://acme.com` is no name of a header"),
    ] {
        let folder = folder();
        let command = format!("timeout --foreground 60 '{}' new acme; echo ended $?", env!("CARGO_BIN_EXE_keyway"));
        let mut child = std::process::Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(folder.path())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(answers.as_bytes()).unwrap();
        let shown = String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned();
        drop(stdin);
        assert!(shown.contains(expected) && shown.contains(&format!("ended {code}")), "{answers:?}: {shown}");
        let text = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
        assert_eq!(text == CATALOGUE, code != 0, "{answers:?}: {text}");
    }
}

#[test]
fn a_file_is_made_where_there_is_none_and_a_dry_run_prints() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["new", "acme", "--auth", "none", "--dry-run", "--no-input"]);
    assert!(
        code == 0 && out.starts_with("acme:\n  display_name: Acme\n") && err.starts_with("nothing is written; "),
        "{out}{err}"
    );
    assert!(!folder.path().join("providers.yaml").exists());
    assert_eq!(run(folder.path(), &["new", "acme", "--auth", "none", "--no-input"]).0, 0);
    assert!(fs::read_to_string(folder.path().join("providers.yaml")).unwrap().starts_with("acme:\n"));
    let (code, _, err) = run(folder.path(), &["new", "acme-eu", "--from-entry", "acme", "--name", "Acme (EU)"]);
    assert!(code == 0, "{err}");
    let text = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
    assert!(text.contains("\n\nacme-eu:\n  # TODO: ") && text.contains("  display_name: Acme (EU)\n"), "{text}");
}

#[test]
fn drafts_from_vendors_documents_walk_and_have_open_questions_alone() {
    let Some(documents) = shared::shared("openapi") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut written = 0;
    for entry in fs::read_dir(documents).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(document) = name.strip_suffix(".gz").filter(|name| !name.contains(".tar")) else { continue };
        let mut text = String::new();
        flate2::read::GzDecoder::new(fs::File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
        fs::write(folder.path().join(document), text).unwrap();
        let key = format!("of-{}", document.split('.').next().unwrap());
        let (code, _, err) = run(folder.path(), &["new", &key, "--from-openapi", document, "--no-input"]);
        assert!(code == 0 && err.contains("open"), "{name}: {err}");
        written += 1;
    }
    assert!(written >= 12, "{written}");
    let (code, out, err) = run(folder.path(), &["check", "--format", "json"]);
    assert!(code == 0 && out.lines().all(|line| line.contains("open-question")), "{out}{err}");
    let (code, out, err) = run(folder.path(), &["simulate", "--all"]);
    assert!(code == 0 && err.contains(&format!("{written} of {written} entries walk")), "{out}{err}");
}

/// The line of the help and of the book with which node prints a provider.
const NODE: &str =
    "node --input-type=module -e \"import p from '@auth/core/providers/acme'; console.log(JSON.stringify(p({})))\"";

#[test]
fn a_provider_of_auth_js_is_what_node_makes_of_it() {
    let folder = folder();
    let (_, help, _) = run(folder.path(), &["new", "--help"]);
    let plain = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain.contains(NODE), "{help}");
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/guide/without-an-account.md");
    assert!(fs::read_to_string(page).unwrap().contains(NODE));
    let (code, _, err) = run_with_input(folder.path(), &["new", "acme", "--from-authjs", "-"], "export default 1");
    assert!(code == 2 && err.contains("is not JSON") && err.contains("`keyway new --help` has the line"), "{err}");

    // The package as its providers are: a default export of options, with functions among its members.
    let package = folder.path().join("node_modules/@auth/core");
    fs::create_dir_all(package.join("providers")).unwrap();
    let manifest = r#"{"name": "@auth/core", "type": "module", "exports": {"./providers/*": "./providers/*.js"}}"#;
    fs::write(package.join("package.json"), manifest).unwrap();
    let provider = "export default function Acme(options) { return {id: 'acme', name: 'Acme', type: 'oauth',
        authorization: {url: 'https://acme.example/authorize', params: {scope: 'read write'}}, token: 'https://acme.example/token',
        userinfo: 'https://api.acme.example/v1/me', profile(p) { return {id: p.id} }, checks: ['pkce', 'state'],
        client: {token_endpoint_auth_method: 'client_secret_post'}, options}; }";
    fs::write(package.join("providers/acme.js"), provider).unwrap();
    let node = std::process::Command::new("sh").args(["-c", NODE]).current_dir(folder.path()).output().unwrap();
    if node.status.code() == Some(127) {
        return shared::skip("there is no `node`");
    }
    assert!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
    let printed = String::from_utf8(node.stdout).unwrap();
    let (code, _, err) = run_with_input(folder.path(), &["new", "acme", "--from-authjs", "-", "--no-input"], &printed);
    assert!(code == 0 && err.contains("note: `https://api.acme.example/v1/me` tells who signed in"), "{err}");
    let text = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
    for part in [
        "display_name: Acme",
        "auth_mode: OAUTH2",
        "authorization_url: https://acme.example/authorize",
        "token_url: https://acme.example/token",
        "does the vendor's page say so too?",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (code, out, err) = run(folder.path(), &["check", "--format", "json"]);
    assert!(code == 0 && out.lines().all(|line| line.contains("open-question")), "{out}{err}");
}

#[test]
fn the_commit_of_an_entry_is_printed_and_nothing_is_run() {
    let folder = folder();
    let arguments = ["new", "acme", "--auth", "none", "--name", "Acme & Sons", "--pr", "--no-input"];
    let (code, out, err) = run(folder.path(), &arguments);
    let commands = "git switch -c add-acme\ngit add providers.yaml\ngit commit -m 'Catalogue: Acme & Sons'\n";
    assert!(code == 0 && out.ends_with(commands), "{out}{err}");
    assert!(err.contains("wrote `acme`") && err.contains("open: answer them before you commit"), "{err}");
    // Of an entry that is there it is printed again, with what has come beside it.
    fs::create_dir_all(folder.path().join("fixtures/acme")).unwrap();
    let before = fs::read_to_string(folder.path().join("providers.yaml")).unwrap();
    let (code, out, _) = run(folder.path(), &["new", "acme", "--pr"]);
    assert!(code == 0 && out.contains("git add providers.yaml fixtures/acme\n"), "{out}");
    assert_eq!(fs::read_to_string(folder.path().join("providers.yaml")).unwrap(), before);
    assert!(!folder.path().join(".git").exists());
    assert_eq!(run(folder.path(), &["new", "acme", "--pr", "--dry-run"]).0, 2);
}
