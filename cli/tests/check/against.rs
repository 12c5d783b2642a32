//! `keyway check --against` and `keyway inspect --against`: other catalogues beside an entry.

use super::{folder, run};

const ENTRY: &str = "acme:\n  display_name: Acme\n  docs: https://docs.acme.example\n  categories: [other]\n  auth_mode: NONE\n  \
                     proxy: {base_url: 'https://api.acme.example'}\n";
const SAME: &str = "{\"corpus_keys\": [\"acme\"], \"base_url\": \"https://api.acme.example/v1\"}\n";
const OTHER: &str = "{\"corpus_keys\": [\"acme\"], \"base_url\": \"https://acme.example\"}\n";

fn compared(entry: &str) -> tempfile::TempDir {
    let folder = folder(&[("providers.yaml", entry)]);
    std::fs::create_dir(folder.path().join("others")).unwrap();
    for (name, text) in [("alpha.jsonl", SAME), ("beta.jsonl", OTHER), ("README.md", "not read")] {
        std::fs::write(folder.path().join("others").join(name), text).unwrap();
    }
    folder
}

#[test]
fn a_difference_is_a_finding_and_the_facts_are_counted() {
    let folder = compared(ENTRY);
    let (code, out, err) = run(folder.path(), &["check", "--against", "others"]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("warning[KW0501]: `proxy.base_url` is stated differently in `beta`; `alpha` agrees\n"),
        "{out}"
    );
    assert!(out.contains("^ `https://acme.example` in `beta`\n"), "{out}");
    let table = "\
fact       entries  facts  >= 1  >= 2  explained  differ  unwitnessed
auth mode        1      1     0     0          0       0            1
base URL         1      1     1     0          0       1            0
hosts            1      1     0     0          0       0            1
all                     3     1     0          0       1            2
";
    assert!(out.ends_with(table), "{out}");
    assert!(err.starts_with("1 entry, 0 errors, 1 warning in "), "{err}");
    assert_eq!(run(folder.path(), &["check", "--against", "others", "--deny-warnings"]).0, 1);
    assert_eq!(run(folder.path(), &["check", "--deny-warnings"]).0, 0);
    let (_, out, _) = run(folder.path(), &["check", "--against", "others", "--rule", "unknown-key"]);
    assert_eq!(out, table);
}

#[test]
fn json_has_the_findings_and_then_the_table() {
    let (_, out, _) = run(compared(ENTRY).path(), &["check", "--against", "others", "--format", "json"]);
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["rule"], &lines[0]["path"]), (&"witness-differs".into(), &"acme.proxy.base_url".into()));
    let expected = serde_json::json!({
        "version": 1, "fact": "base URL", "entries": 1, "facts": 1, "agreed_by_one": 1, "agreed_by_two": 0, "explained": 0,
        "differing": 1, "unwitnessed": 0,
    });
    assert_eq!((lines.len(), &lines[2]), (4, &expected));
    let (_, out, err) = run(compared(ENTRY).path(), &["check", "--against", "others", "--format", "sarif"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["runs"][0]["results"][0]["ruleId"], "KW0501");
    assert!(err.contains("\nbase URL "), "{err}");
}

#[test]
fn an_explained_difference_is_no_finding_and_inspect_shows_it() {
    let sources = "  keyway:\n    sources:\n      proxy.base_url:\n        page: https://docs.acme.example/start\n        \
                   read: '2026-11-20'\n        note: The other one is for people.\n        differs_from: [beta]\n";
    let folder = compared(&format!("{ENTRY}{sources}"));
    let (_, out, err) = run(folder.path(), &["check", "--against", "others"]);
    assert!(out.starts_with("fact ") && err.starts_with("1 entry, 0 errors, 0 warnings in "), "{out}{err}");
    let (code, out, err) = run(folder.path(), &["inspect", "acme", "--against", "others"]);
    let expected = "\
auth_mode: NONE
proxy.base_url: https://api.acme.example
    read on 2026-11-20 at https://docs.acme.example/start
    The other one is for people.
    the same in alpha
    in beta: https://acme.example, which is explained
keyway.hosts: api.acme.example
";
    assert_eq!((code, out.as_str()), (0, expected));
    assert_eq!(
        err,
        "3 facts, 1 with a page of their own, 1 with a second source; the others: https://docs.acme.example\n"
    );
    let (_, out, err) = run(folder.path(), &["inspect", "acme", "--stage", "facts", "--format", "json"]);
    let row: serde_json::Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert_eq!((&row["page"], &row["standing"]), (&"https://docs.acme.example/start".into(), &serde_json::Value::Null));
    assert!(!err.contains("second source"), "{err}");
    let (code, _, err) = run(folder.path(), &["inspect", "acme", "--format", "json"]);
    assert_eq!((code, err.as_str()), (2, "error: `--against` and `--format` go with `--stage facts`\n"));
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_a_folder_without_lines_refused() {
    let folder = compared(ENTRY);
    std::fs::write(folder.path().join("others/gamma.jsonl"), format!("{SAME}nonsense\n")).unwrap();
    let (code, out, err) = run(folder.path(), &["check", "--against", "others"]);
    assert_eq!(code, 0, "{out}");
    let told =
        format!("`{}` line 2: it is no JSON: expected ident at column 2; it is left out\n", "others/gamma.jsonl");
    assert!(err.contains(&told), "{err}");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for (name, said) in [
        ("empty", "error: `empty` has 0 files `*.jsonl`; 1 to 256 are compared\n"),
        ("gone", "error: cannot read the folder `gone`: "),
    ] {
        let (code, _, err) = run(folder.path(), &["check", "--against", name]);
        assert!(code == 2 && err.starts_with(said), "{code} {err}");
    }
    std::fs::write(folder.path().join("empty/a.jsonl"), "{\"corpus_keys\": []}\n").unwrap();
    let (code, _, err) = run(folder.path(), &["check", "--against", "empty"]);
    assert_eq!(code, 2, "{err}");
}
