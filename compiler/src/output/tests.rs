//! Folders as people leave them, and what is done to them. Real folders.

use super::*;
use crate::emit::MARKER;

fn file(name: &str, body: &str) -> File {
    File { name: name.to_owned(), text: format!("{MARKER}\n{body}\n") }
}

#[test]
fn writes_what_changed_and_removes_what_is_stale() {
    let folder = tempfile::tempdir().unwrap();
    let first = [file("a.rs", "1"), file("b.rs", "1")];
    let written = plan(folder.path(), &first).unwrap();
    assert_eq!((written.write.len(), written.unchanged), (2, 0));
    written.apply().unwrap();
    assert!(plan(folder.path(), &first).unwrap().is_empty());

    let second = plan(folder.path(), &[file("a.rs", "2")]).unwrap();
    assert_eq!(second.remove, [folder.path().join("b.rs")]);
    let diff = second.diff();
    assert!(diff.contains("\n-1\n+2\n") && diff.contains("b.rs"), "{diff}");
    second.apply().unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), format!("{MARKER}\n2\n"));
    assert!(!folder.path().join("b.rs").exists());
}

#[test]
fn files_of_people_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.rs"), "fn mine() {}").unwrap();
    assert_eq!(plan(folder.path(), &[]).unwrap(), Plan::default());
    let refused = plan(folder.path(), &[file("mine.rs", "1")]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.join(name), text).unwrap();
}

/// Each file and link of a folder with what it holds, sorted.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let mut contents = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_link(&path).map(|target| format!("-> {}", target.display()));
        contents.push((name(&path).to_owned(), text.unwrap_or_else(|_| fs::read_to_string(&path).unwrap())));
    }
    contents.sort();
    contents
}

#[test]
fn a_generated_file_that_was_cut_short_is_replaced() {
    let whole = file("a.rs", "// \u{fc}");
    let end = whole.text.len() - 2; // in the middle of a letter
    for length in [0, 1, 20, MARKER.len(), MARKER.len() + 1, end] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.rs", &whole.text.as_bytes()[..length]);
        let plan = plan(folder.path(), std::slice::from_ref(&whole)).unwrap();
        assert!(!plan.diff().is_empty());
        plan.apply().unwrap();
        assert_eq!(contents(folder.path()), [("a.rs".to_owned(), whole.text.clone())], "{length}");
    }
    // Where no file is generated, an empty one is a person's.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "mod.rs", "");
    assert_eq!(plan(folder.path(), &[]).unwrap(), Plan::default());
}

#[test]
fn the_end_of_a_line_is_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let files = [file("a.rs", "1\n2")];
    write(folder.path(), "a.rs", files[0].text.replace('\n', "\r\n"));
    assert_eq!(plan(folder.path(), &files).unwrap(), Plan { unchanged: 1, ..Plan::default() });
    assert_eq!(generated(folder.path()).unwrap(), files);
    // A carriage return by itself is one.
    write(folder.path(), "a.rs", files[0].text.replace("1\n", "1\r"));
    let diff = plan(folder.path(), &files).unwrap().diff();
    assert!(diff.contains("-1\\u{d}2\n+1\n+2\n"), "{diff}");
}

#[test]
fn names_that_a_temporary_file_might_have_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["a.new", "a.rs.new", "a.tmp", "a.rs~", ".a.rs", ".a.rs.swp", "a.bak"];
    for name in names {
        write(folder.path(), name, "mine");
    }
    plan(folder.path(), &[file("a.rs", "1")]).unwrap().apply().unwrap();
    let all = contents(folder.path());
    assert_eq!(all.len(), names.len() + 1);
    assert!(all.iter().all(|(name, text)| name == "a.rs" || text == "mine"), "{all:?}");
}

#[test]
fn files_of_people_that_are_no_text_or_cannot_be_read_are_no_error() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "latin1.md", b"caf\xe9");
    fs::create_dir(folder.path().join("folder.rs")).unwrap();
    assert_eq!(plan(folder.path(), &[]).unwrap(), Plan::default());
    let refused = plan(folder.path(), &[file("latin1.md", "1")]).unwrap_err();
    assert!(refused.to_string().ends_with("latin1.md` was not generated; move it away or choose another folder"));
    assert_eq!(plan(folder.path(), &[file("folder.rs", "1")]).unwrap_err().kind(), ErrorKind::AlreadyExists);
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_nor_replaced_nor_removed() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().unwrap();
    let generated = file("g.rs", "old").text;
    write(elsewhere.path(), "g.rs", &generated);
    write(elsewhere.path(), "mine.txt", "mine");
    for (target, wanted, expected) in [
        ("mine.txt", Some("new"), None),
        ("nowhere", Some("new"), None),
        ("g.rs", Some("new"), None),
        ("g.rs", Some("old"), Some(1)),
        ("g.rs", None, Some(0)), // a stale file, if it were one
    ] {
        let folder = tempfile::tempdir().unwrap();
        let target = elsewhere.path().join(target);
        symlink(&target, folder.path().join("a.rs")).unwrap();
        let files: Vec<File> = wanted.map(|body| file("a.rs", body)).into_iter().collect();
        let planned = plan(folder.path(), &files);
        match expected {
            Some(unchanged) => assert_eq!(planned.unwrap(), Plan { unchanged, ..Plan::default() }),
            None => assert_eq!(planned.unwrap_err().kind(), ErrorKind::AlreadyExists),
        }
        assert_eq!(contents(folder.path()), [("a.rs".to_owned(), format!("-> {}", target.display()))]);
    }
    let expected = [("g.rs".to_owned(), generated), ("mine.txt".to_owned(), "mine".to_owned())];
    assert_eq!(contents(elsewhere.path()), expected);
}

#[test]
fn several_builds_at_once_leave_what_one_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let files: Vec<File> = (0..5).map(|number| file(&format!("{number}.rs"), "1")).collect();
    for stale in ["5.rs", "6.rs"] {
        plan(&out, &[file(stale, "1")]).unwrap().apply().unwrap();
        std::thread::scope(|scope| {
            let builds: Vec<_> =
                (0..8).map(|_| scope.spawn(|| plan(&out, &files).and_then(|plan| plan.apply()))).collect();
            for build in builds {
                build.join().unwrap().unwrap();
            }
        });
        assert_eq!(plan(&out, &files).unwrap(), Plan { unchanged: 5, ..Plan::default() });
        assert_eq!(contents(&out).len(), 5);
    }
}
