//! `keyway simulate` and `keyway replay` as processes.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;
#[path = "../../tests/src/shared.rs"]
mod shared;

use process::run;
use serde_json::Value;
use std::fs;
use std::path::Path;

const CATALOGUE: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: OAUTH2
  authorization_url: https://acme.example/authorize
  token_url: https://acme.example/token
  refresh_params: {grant_type: refresh_token}
  proxy:
    base_url: https://api.acme.example
    paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, response_path: data}
odd:
  display_name: Odd
  docs: https://docs.odd.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings.}
  proxy:
    base_url: https://api.odd.example
    headers: {accept: application/json}
    verification: {method: GET, endpoints: [/ping]}
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("providers.yaml"), CATALOGUE).unwrap();
    folder
}

#[test]
fn an_entry_is_walked_step_by_step_and_what_it_does_not_say_is_named() {
    let folder = folder();
    let (code, out, err) = run(folder.path(), &["simulate", "acme"]);
    let steps: Vec<String> = out.lines().skip(1).map(|line| line[6..].split("  ").next().unwrap().to_owned()).collect();
    let expected = [
        "form",
        "page",
        "token",
        "read",
        "write",
        "pages",
        "limit",
        "renewal",
        "renewal at once",
        "refresh tokens",
        "end of the grant",
        "connecting again",
        "disconnecting",
    ];
    assert!(code == 0 && steps == expected && out.starts_with("acme (consistent)\n"), "{code}\n{out}{err}");
    assert!(out.contains("limit             not described  `proxy.retry`: no header says how long to wait"), "{out}");
    assert!(!out.contains("works"), "{out}");
}

#[test]
fn an_entry_that_contradicts_itself_fails_at_a_step() {
    let folder = folder();
    let (code, out, _) = run(folder.path(), &["simulate", "odd"]);
    assert!(code == 1 && out.contains("  failed  "), "{code}\n{out}");
    let (code, out, err) = run(folder.path(), &["simulate", "--all"]);
    assert!(code == 1 && out.starts_with("odd (consistent)\n") && !out.contains("acme"), "{out}");
    assert!(err.contains("consistent: 1 of 2 entries walk, 1 fail, 0 cannot be simulated"), "{err}");
    let (_, out, _) = run(folder.path(), &["simulate", "--all", "--format", "json"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() == 2 && lines[0]["provider"] == "acme" && lines[0]["steps"][0]["verdict"] == "walked", "{out}");
    let (code, _, err) = run(folder.path(), &["simulate", "acne"]);
    assert!(code == 2 && err.contains("did you mean `acme`?"), "{err}");
}

#[test]
fn an_entry_is_drawn_also_where_it_does_not_walk() {
    let folder = folder();
    for (key, code, part) in [("acme", 0, "POST /token"), ("odd", 0, "GET /ping")] {
        let (exit, out, err) = run(folder.path(), &["simulate", key, "--format", "svg"]);
        assert!(exit == code && out.starts_with("<svg ") && out.ends_with("</svg>\n"), "{exit}\n{out}{err}");
        assert!(out.contains(part) && out.contains("prefers-color-scheme"), "{out}");
    }
    for arguments in [&["simulate", "acme", "odd", "--format", "svg"][..], &["simulate", "--all", "--format", "svg"]] {
        let (code, out, err) = run(folder.path(), arguments);
        assert!(code == 2 && out.is_empty() && err.contains("a picture is of one provider"), "{out}{err}");
    }
}

/// The project's own catalogue.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn every_entry_of_the_catalogue_walks() {
    let (code, out, err) = run(root(), &["simulate", "--all"]);
    assert!(code == 0, "{out}{err}");
}

#[test]
fn nearly_every_entry_of_the_original_catalogue_walks() {
    let Some(catalogue) = shared::shared("corpus/nango-providers.yaml") else { return };
    let (_, out, err) = run(root(), &["simulate", "--all", "--catalogue", catalogue.to_str().unwrap()]);
    let (_, counts) = err.rsplit_once("consistent: ").unwrap();
    let walked: usize = counts.split(' ').next().unwrap().parse().unwrap();
    // 981 entries, of which two cannot be lowered. Those that do not walk are listed with the step and the reason.
    assert!(walked * 100 >= 981 * 95, "{err}");
    let listed = out.lines().filter(|line| line.ends_with(" (consistent)")).count();
    assert_eq!(walked + listed, 979, "{err}");
}

#[test]
fn every_sample_of_the_catalogue_is_read_as_it_is_meant() {
    let (code, out, err) = run(root(), &["replay"]);
    assert!(code == 0, "{out}{err}");
    // Every answer that an entry describes has a sample.
    let (code, out, err) = run(root(), &["replay", "--wanted"]);
    assert!(code == 0 && out.is_empty(), "{out}{err}");
}

#[test]
fn a_sample_that_is_not_read_or_cannot_be_is_told_with_its_file() {
    let folder = folder();
    let samples = folder.path().join("fixtures/acme");
    fs::create_dir_all(&samples).unwrap();
    let token =
        "# source: recorded\n# lifetime: 900\nHTTP/1.1 200 OK\n\n{\"access_token\": \"a\", \"expires_in\": 900000}\n";
    fs::write(samples.join("token.http"), token).unwrap();
    fs::write(samples.join("page.http"), "HTTP/1.1 200 OK\n\n[]\n").unwrap();
    fs::write(samples.join("page-users.json"), "[]\n").unwrap();
    fs::write(samples.join("differs.tsv"), "").unwrap();
    let (code, out, err) = run(folder.path(), &["replay"]);
    assert!(code == 1 && out.contains("token.http       a token, it lasts 10 days 10 h\n"), "{out}{err}");
    assert!(out.contains("differs: the vendor's page says that the token lasts 15 min (900 s)"), "{out}");
    assert!(out.contains("page.http        cannot be read: line 1: nothing says where it is from"), "{out}");
    assert!(out.contains("page-users.json  cannot be read: samples are `.http` files\n"), "{out}");
    assert!(err.ends_with("recorded: 3 samples of 1 provider, 3 problems\n"), "{err}");
    let (_, out, _) = run(folder.path(), &["replay", "--format", "json"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["layer"] == "recorded" && lines[0]["problems"][0]["problem"] == "differs", "{out}");
    for (arguments, expected) in [
        ("replay odd", "`odd` has no samples: write `fixtures/odd/refused.http`; `keyway replay --help` shows how"),
        (
            "replay acme --samples .",
            "`acme` has no samples: write one to `./acme/token.http` or `./acme/page.http`; `keyway replay --help`",
        ),
        ("replay --samples nowhere", "there is no folder `nowhere`; name one with `--samples DIR`"),
    ] {
        let (code, _, err) = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(code == 2 && err.contains(expected), "{arguments}: {err}");
    }
}

#[test]
fn an_entry_with_an_error_is_told_as_one_and_the_errors_of_others_are_not() {
    let folder = folder();
    let more = "
bad:
  display_name: Bad
  docs: https://docs.bad.example
  categories: [other]
  auth_mode: API_KEY
  credentials:
    apiKey: {type: string, title: Key, description: Made in the settings., secret: true}
  proxy:
    base_url: https://api.bad.example
    headers: {x-key: '${apiKey}', x-app: '${credentials.appToken}'}
bad-too: {alias: bad, display_name: Bad too}
worse:
  display_name: Worse
  docs: https://docs.worse.example
  categories: [other]
  auth_mode: NONE
  proxy: {base_url: 'https://${connectionConfig.a}.worse.example/${connectionConfig.b}'}
";
    fs::write(folder.path().join("providers.yaml"), format!("{CATALOGUE}{more}")).unwrap();
    for key in ["acme", "odd", "bad", "bad-too", "worse"] {
        fs::create_dir_all(folder.path().join("fixtures").join(key)).unwrap();
    }
    for (key, expected) in [
        ("bad", Some("error: `bad` is in `providers.yaml` and has 1 error, see above; mend it first\n")),
        ("bad-too", Some("error: `bad-too` is in `providers.yaml` and has 1 error, see above; mend it first\n")),
        ("worse", Some("error: `worse` is in `providers.yaml` and has 2 errors, see above; mend them first\n")),
        ("bda", Some("error: there is no provider `bda`; did you mean `bad`?\n")),
        ("odd", None),
    ] {
        for arguments in [
            &["simulate", key][..],
            &["replay", key],
            &["replay", "--wanted", key],
            &["request", key, "GET", "/x", "--catalogue", "providers.yaml"],
            &["record", key, "--dry-run", "--credential-env", "apiKey=NO_SUCH_VARIABLE"],
        ] {
            let (code, _, err) = run(folder.path(), arguments);
            match expected {
                Some(said) => {
                    let is_there = key != "bda";
                    assert!(code == if is_there { 1 } else { 2 } && err.ends_with(said), "{arguments:?}: {code} {err}");
                    assert_eq!(err.contains("error[KW"), is_there, "{arguments:?}: {err}");
                    assert_eq!(err.contains(".worse.example"), key == "worse", "{arguments:?}: {err}");
                }
                None => assert!(!err.contains("error[KW"), "{arguments:?}: {err}"),
            }
        }
    }
    let (code, _, err) = run(folder.path(), &["simulate", "bad", "--serve"]);
    assert!(
        code == 1 && err.ends_with("`bad` is in `providers.yaml` and has 1 error, see above; mend it first\n"),
        "{err}"
    );
}

#[test]
fn a_fault_is_a_row_with_what_the_runtime_made_of_it() {
    let folder = folder();
    let faults = [
        ("token=503", "walked", "the caller is told: "),
        ("refresh=503", "walked", "https://acme.example/token: "),
        ("refresh=lost", "walked", "the customer has to connect again, and can"),
        ("page=cut", "walked", "the caller is told: "),
        ("read=slow:2s", "walked", "it succeeds, after 1 request and 2 s"),
        ("call=limited:3", "walked", "it succeeds, after 2 requests and "),
        ("call=404", "walked", "the caller gets the answer 404; the next time it succeeds"),
    ];
    let mut arguments = vec!["simulate", "acme"];
    arguments.extend(faults.iter().flat_map(|(fault, ..)| ["--fail", *fault]));
    let (code, out, err) = run(folder.path(), &arguments);
    for (fault, verdict, words) in faults {
        let row =
            out.lines().find(|line| line.contains(&format!("  {fault} "))).unwrap_or_else(|| panic!("{fault}: {out}"));
        assert!(row.contains(&format!("  {verdict} ")) && row.contains(words), "{row}");
    }
    assert!(code == 0, "{out}{err}");
    assert!(!out.contains("trial-client-secret") && !out.contains("simulated-access"), "{out}");
}

#[test]
fn a_fault_that_cannot_be_is_refused_with_those_that_can() {
    let folder = folder();
    for (fault, problem) in [
        ("token", "`token` is no fault such as `token=503`: a request is one of token, refresh, probe, call (or read)"),
        ("tokens=503", "there is no request `tokens`: a request is one of token, refresh, probe, call (or read), page"),
        ("token=gone", "`gone` is no fault: a fault is one of 503 (any status from 400 to 599), lost, cut, slow:2s"),
        ("call=slow:2h", "`2h` is no time: write seconds such as `2s`, or milliseconds such as `250ms`"),
        ("probe=503", "`acme` has no request `probe`; it has: token, refresh, call, page"),
    ] {
        let (code, out, err) = run(folder.path(), &["simulate", "acme", "--fail", fault]);
        assert!(code == 2 && out.is_empty() && err.contains(problem), "{fault}: {code} {err}");
    }
    // Of many entries a fault is tried where there is such a request.
    let (_, out, _) = run(folder.path(), &["simulate", "--all", "--fail", "refresh=503", "--format", "json"]);
    let last =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["steps"].as_array().unwrap().last().unwrap().clone();
    let verdicts: Vec<String> = out.lines().map(|line| last(line)["verdict"].as_str().unwrap().to_owned()).collect();
    assert_eq!(verdicts, ["walked", "not-described"], "{out}");
}

#[test]
fn an_answer_that_the_vendor_prints_is_a_row_of_the_recorded_layer() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("token.json", "{\"access_token\": \"answer-canary\", \"token_type\": \"bearer\", \"expires_in\": 3600}\n");
    write("milliseconds.json", "{\"access_token\": \"answer-canary\", \"expires_in\": 86400000}");
    write("page.http", "HTTP/1.1 200 OK\ncontent-type: application/json\n\n{\"data\": [1, 2], \"next\": \"c2\"}\n");
    write("none.http", "HTTP/1.1");
    let walked = |answer: &str| run(folder.path(), &["simulate", "acme", "--answer", answer]);
    let (_, out, _) = run(folder.path(), &["simulate", "odd", "--answer", "page=page.http"]);
    assert!(out.contains("  not described  the entry has no `proxy.paginate`"), "{out}");
    for (answer, code, row) in [
        ("token=token.json", 0, "answer: token     read           a token, it lasts 1 h"),
        ("token=milliseconds.json", 1, "answer: token     failed         a token, it lasts 1000 days; implausible: "),
        ("page=page.http", 0, "answer: page      read           2 items"),
        (
            "limited=token.json",
            1,
            "answer: limited   failed         no wait is named, the call is made again; not read: ",
        ),
    ] {
        let (ended, out, err) = walked(answer);
        assert!(ended == code && out.starts_with("acme (consistent, recorded)\n"), "{answer}: {ended} {out}{err}");
        assert!(out.contains(row) && !out.contains("canary"), "{answer}: {out}");
    }
    let (_, out, _) = run(folder.path(), &["simulate", "acme", "--answer", "token=token.json", "--format", "json"]);
    let steps = serde_json::from_str::<Value>(&out).unwrap()["steps"].clone();
    let layers: Vec<&str> = steps.as_array().unwrap().iter().map(|step| step["layer"].as_str().unwrap()).collect();
    assert!(layers[0] == "consistent" && layers.last() == Some(&"recorded"), "{out}");
    for (arguments, problem) in [
        ("acme --answer tokens=a", "`tokens=a` is no answer: it is one of `token=FILE`"),
        ("acme --answer token=nowhere", "there is no file `nowhere`; name one with `--answer token=FILE`"),
        ("acme --answer token=none.http", "`none.http` is no answer: the answer ends in its headers"),
        ("acme odd --answer token=token.json", "`--answer` is what one vendor prints: name one provider"),
        ("--all --answer token=token.json", "cannot be used with"),
        ("acme --serve --answer token=token.json", "cannot be used with"),
    ] {
        let line = format!("simulate {arguments}");
        let (code, _, err) = run(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert!(code == 2 && err.contains(problem), "{arguments}: {code} {err}");
    }
}
