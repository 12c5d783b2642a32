//! `--fix`: what is written where, what is left alone, what is said.

use super::{folder, keyway, run, with_input};
use std::fs;

/// Two mistakes that can be mended, between comments and quotes; and one that cannot.
const TEXT: &str = "\
# ours
acme:
  display_name: \"Acme\"   # as they write it
  docs: 'https://acme.example/docs'
  categories: [other]
  auth_mode: NONE
  connection_config:
    team: {type: string, title: Team, description: Its name.}
  proxy:
    'base_ulr': https://api.acme.example/ # why
";

fn mended() -> String {
    TEXT.replace("base_ulr", "base_url").replace("example/ #", "example #")
}

#[test]
fn a_file_is_mended_in_place_and_what_is_left_is_reported() {
    let folder = folder(&[("my.yaml", TEXT)]);
    let (code, out, err) = run(folder.path(), &["check", "my.yaml", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), mended());
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("warning[KW0312]: nothing uses `team`"), "{out}");
    assert!(err.starts_with("fixed 2: 1 path-join, 1 unknown-key\n1 entry, 0 errors, 1 warning in "), "{err}");
    let (code, _, err) = run(folder.path(), &["check", "my.yaml", "--fix"]);
    assert_eq!(code, 0);
    assert!(err.starts_with("nothing to fix\n"), "{err}");
}

#[test]
fn a_dry_run_shows_a_patch_and_changes_nothing() {
    let folder = folder(&[("my.yaml", TEXT)]);
    let (code, out, err) = run(folder.path(), &["check", "my.yaml", "--fix", "--dry-run"]);
    assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), TEXT);
    assert_eq!((code, err.as_str()), (1, "would fix 2: 1 path-join, 1 unknown-key\n"));
    let expected = "\
--- a/my.yaml
+++ b/my.yaml
@@ -7,4 +7,4 @@
   connection_config:
     team: {type: string, title: Team, description: Its name.}
   proxy:
-    'base_ulr': https://api.acme.example/ # why
+    'base_url': https://api.acme.example # why
";
    assert_eq!(out, expected);
    let (code, _, err) = run(folder.path(), &["check", "my.yaml", "--dry-run"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--fix"), "{err}");
}

#[test]
fn standard_input_is_answered_on_standard_output() {
    let folder = folder(&[]);
    let (code, out, err) = with_input(folder.path(), &["check", "-", "--fix"], TEXT.as_bytes());
    assert_eq!((code, out), (0, mended()));
    assert!(err.starts_with("fixed 2: 1 path-join, 1 unknown-key\nwarning[KW0312]: nothing uses `team`"), "{err}");
    // Also where there is nothing to mend.
    let (_, out, err) = with_input(folder.path(), &["check", "-", "--fix"], mended().as_bytes());
    assert_eq!(out, mended());
    assert!(err.starts_with("nothing to fix\n"), "{err}");
}

#[test]
fn line_endings_and_a_byte_order_mark_survive() {
    let text = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let folder = folder(&[("my.yaml", &text(TEXT))]);
    let (_, _, err) = run(folder.path(), &["check", "my.yaml", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), text(&mended()), "{err}");
}

#[test]
fn an_overlay_is_mended_where_it_is_written() {
    let overlay = "acme: {proxy: {hedaers: {x-a: b}}}\n";
    let folder = folder(&[("my.yaml", &mended()), ("over.yaml", overlay)]);
    let (_, _, err) = run(folder.path(), &["check", "my.yaml", "--overlay", "over.yaml", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("over.yaml")).unwrap(), overlay.replace("hedaers", "headers"));
    assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), mended());
    assert!(err.starts_with("fixed 1: 1 unknown-key\n"), "{err}");
}

#[test]
fn only_what_is_asked_for_is_mended() {
    let two = format!("{TEXT}{}", TEXT.replace("acme:", "other:"));
    for (arguments, expected) in [
        (&["--rule", "unknown-key"][..], two.replace("base_ulr", "base_url")),
        (&["--provider", "acme"], format!("{}{}", mended(), TEXT.replace("acme:", "other:"))),
    ] {
        let folder = folder(&[("my.yaml", &two)]);
        run(folder.path(), &[&["check", "my.yaml", "--fix"], arguments].concat());
        assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), expected, "{arguments:?}");
    }
}

#[test]
fn what_is_not_mended_is_said() {
    let twice = mended().replace("    'base_url'", "    headers: {x-a: b, X-A: c}\n    'base_url'");
    let folder = folder(&[("my.yaml", &twice)]);
    let (code, _, err) = run(folder.path(), &["check", "my.yaml", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("my.yaml")).unwrap(), twice);
    let said = "nothing to fix\n1 fix not made: something else would come to light; make it by hand\n";
    assert!(code == 1 && err.starts_with(said), "{err}");
}

#[cfg(unix)]
#[test]
fn permissions_stay_a_link_stays_one_and_an_unchanged_file_is_not_touched() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = folder(&[("real.yaml", TEXT)]);
    let (real, link) = (folder.path().join("real.yaml"), folder.path().join("link.yaml"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.yaml", &link).unwrap();
    run(folder.path(), &["check", "link.yaml", "--fix"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), mended());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let inode = fs::metadata(&real).unwrap().ino();
    run(folder.path(), &["check", "link.yaml", "--fix"]);
    assert_eq!(fs::metadata(&real).unwrap().ino(), inode);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn the_findings_that_are_left_come_in_the_format_that_was_asked_for() {
    let folder = folder(&[("my.yaml", TEXT)]);
    let output = keyway(folder.path(), &["check", "my.yaml", "--fix", "--format", "json"]).output().unwrap();
    let (_, out, _) = super::finished(&output);
    let rules: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["rule"].take()).collect();
    assert_eq!(rules, ["unused-config-field"]);
}
