//! Runs a block of code as its tag says.

use crate::block::Block;
use keyway_compiler::diagnostic::{Page, Severity};
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_compiler::witness::SecondSources;
use std::path::Path;
use std::process::Command;

/// The folder of a page's commands, made when there is a file or a command, and what the last command printed.
pub(crate) struct Folder {
    folder: Option<tempfile::TempDir>,
    printed: Option<String>,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder { folder: None, printed: None }
    }

    fn path(&mut self) -> &Path {
        self.folder.get_or_insert_with(|| tempfile::tempdir().unwrap()).path()
    }
}

/// Does with a block what its tag says.
pub(crate) fn block(block: &Block, page: &str, folder: &mut Folder) -> Result<(), String> {
    let ran = folder.printed.take();
    if let Some(name) = block.value("file") {
        std::fs::write(folder.path().join(name), &block.text).unwrap();
    }
    if let Some(test) = block.value("tested") {
        return names(test, page);
    }
    match block.language() {
        "yaml" => catalogue(block),
        "sh" if block.has("manual") => commands_exist(block),
        "sh" => {
            let printed = shell(block, folder.path())?;
            folder.printed = Some(printed);
            Ok(())
        }
        "text" if block.has("output") => output(block, &ran.ok_or("no command was run before it")?),
        "text" if block.info == "text" => Ok(()),
        // All of a language are read at once, in `snippets.rs`.
        "js" | "python" if block.info == block.language() => Ok(()),
        "rust" if block.info == "rust,no_run" => Ok(()),
        "rust" if block.has("ignore") => stands_in(block, &compiled(block, page)?),
        _ => Err(format!("the tag `{}` has no meaning", block.info)),
    }
}

/// That a test of the repository is about a page.
fn names(test: &str, page: &str) -> Result<(), String> {
    let source = std::fs::read_to_string(crate::root().join(test)).map_err(|error| format!("{test}: {error}"))?;
    if source.contains(&format!("docs/src/{page}")) { Ok(()) } else { Err(format!("{test} does not name `{page}`")) }
}

fn catalogue(block: &Block) -> Result<(), String> {
    let mut sources = Sources::default();
    let (text, overlay) = Page::files(&block.text);
    let catalogue = sources.add("block.yaml", text);
    let overlays = overlay.map(|text| sources.add("overlay.yaml", text)).into_iter().collect();
    let mut checked = pipeline::check(&sources, Input { catalogue, overlays });
    let mut others = SecondSources::default();
    others.add("other", "other.jsonl", &Page::against(&block.text));
    checked.compare(&others);
    let found = checked.diagnostics;
    if let Some(code) = block.value("fails") {
        let count = found.iter().filter(|found| found.rule.code == code).count();
        return if count == 1 { Ok(()) } else { Err(format!("{code} finds {count} things")) };
    }
    let bad: Vec<String> = found
        .iter()
        .filter(|found| found.severity != Severity::Note)
        .map(|found| format!("{} at {}: {}", found.rule.name, found.path.join("."), found.message))
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(bad.join("; ")) }
}

/// Standard output, then standard error.
fn shell(block: &Block, folder: &Path) -> Result<String, String> {
    let binaries = Path::new(env!("CARGO_BIN_EXE_keyway")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    let output = command.args(["-ec", &block.text]).current_dir(folder).env("PATH", path).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let printed = text(&output.stdout) + &text(&output.stderr);
    let expected = block.value("exit").map_or(0, |code| code.parse().unwrap());
    match output.status.code() {
        Some(code) if code == expected => Ok(printed),
        code => Err(format!("exit code {code:?}, not {expected}: {printed}")),
    }
}

/// That `keyway` has the commands that a block shows.
fn commands_exist(block: &Block) -> Result<(), String> {
    let shown = block.text.lines().flat_map(|line| line.split(['|', ';', '&'])).filter_map(|part| {
        let mut words = part.split_whitespace();
        (words.next() == Some("keyway")).then(|| words.next().unwrap_or_default().to_owned())
    });
    for command in shown {
        let help = Command::new(env!("CARGO_BIN_EXE_keyway")).args([&command, "--help"]).output().unwrap();
        if !help.status.success() {
            return Err(format!("there is no command `{command}`"));
        }
    }
    Ok(())
}

fn output(block: &Block, printed: &str) -> Result<(), String> {
    let lines = |text: &str| text.lines().map(without_milliseconds).collect::<Vec<_>>();
    let (expected, actual) = (lines(&block.text), lines(printed));
    let (expected, actual): (Vec<&str>, Vec<&str>) =
        (expected.iter().map(String::as_str).collect(), actual.iter().map(String::as_str).collect());
    if matches(&expected, &actual) { Ok(()) } else { Err(format!("another output: {printed}")) }
}

/// True if lines are these; `...` stands for any number of any lines.
fn matches(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&"...", rest)) => (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..])),
        Some((line, rest)) => actual
            .split_first()
            .is_some_and(|(first, others)| first.trim_end() == line.trim_end() && matches(rest, others)),
    }
}

fn without_milliseconds(line: &str) -> String {
    match line.rsplit_once(" in ") {
        Some((before, time)) if time.ends_with(" ms") => format!("{before} in N ms"),
        _ => line.to_owned(),
    }
}

/// The file that holds the lines of a block: the one it names; for a provider's page its module.
fn compiled(block: &Block, page: &str) -> Result<String, String> {
    let key = page.strip_prefix("providers/").and_then(|file| file.strip_suffix(".md"));
    let module = key.map(|key| format!("generated/src/{}.rs", keyway_compiler::lower::names::module(key)));
    block.value("from").map(str::to_owned).or(module).ok_or_else(|| "`ignore` without `from`".to_owned())
}

/// That the lines of a block stand in a file in this order, also as documentation of it.
fn stands_in(block: &Block, name: &str) -> Result<(), String> {
    let source = std::fs::read_to_string(crate::root().join(name)).map_err(|error| format!("{name}: {error}"))?;
    let mut lines = source.lines().map(|line| line.trim_start_matches("//!").trim());
    for line in block.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !lines.any(|known| known == line) {
            return Err(format!("`{line}` is not in {name}"));
        }
    }
    Ok(())
}
