//! The commit that adds an entry, as commands for a person to run. Nothing is run, and nothing of git is read.
//!
//! No list of all providers is among the files, so the commit conflicts with no other one that adds an entry.

use crate::commands::plural;
use crate::exit::{Exit, Failure, written};
use crate::shell::quoted;
use crate::terminal::say;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

/// Prints it; what is open is said on standard error.
pub(super) fn print(key: &str, file: &Path, catalogue: &str) -> Result<Exit, Failure> {
    let text = commit(key, file, catalogue, &|path| path.exists());
    written(io::stdout().lock().write_all(text.as_bytes()))?;
    let open = questions(key, catalogue);
    if open > 0 {
        say(&format!("{} open: answer them before you commit", plural(open, "question is", "questions are")));
    }
    Ok(Exit::Clean)
}

/// The text. `is_there` tells which of the files that go along are there.
fn commit(key: &str, file: &Path, catalogue: &str, is_there: &dyn Fn(&Path) -> bool) -> String {
    let folder = file.parent().unwrap_or(Path::new(""));
    let name = display_name(key, catalogue).unwrap_or_else(|| key.to_owned());
    let [samples, generated] = [format!("fixtures/{key}"), "generated/src".to_owned()].map(|path| folder.join(path));
    let mut added = vec![file.to_owned()];
    let mut text = format!("# Files\n#   {}: the entry\n", file.display());
    if is_there(&samples) {
        let _ = writeln!(text, "#   {}: samples", samples.display());
        added.push(samples);
    } else {
        let _ = writeln!(
            text,
            "#   {}: no sample yet; `keyway record {key}`, or retype the vendor's page",
            samples.display()
        );
    }
    let mut commands = vec![format!("git switch -c {}", quoted(&format!("add-{key}")))];
    if is_there(&generated) {
        let _ = writeln!(text, "#   {}: its module", generated.display());
        let (file, out) = (quoted(&file.to_string_lossy()), quoted(&generated.to_string_lossy()));
        commands.push(format!("keyway build {file} --modules --out {out}"));
        added.push(generated);
    }
    let message = format!("Catalogue: {name}");
    let added: Vec<String> = added.iter().map(|path| quoted(&path.to_string_lossy())).collect();
    commands.push(format!("git add {}", added.join(" ")));
    commands.push(format!("git commit -m {}", quoted(&message)));
    let _ = writeln!(text, "# Commands; none of them was run");
    text.push_str(&commands.join("\n"));
    text.push('\n');
    text
}

/// The lines of an entry, from its key to the next one.
fn entry<'c>(key: &str, catalogue: &'c str) -> impl Iterator<Item = &'c str> {
    let begins = [format!("{key}:"), format!("'{key}':"), format!("\"{key}\":")];
    let lines = catalogue.lines().skip_while(move |line| !begins.iter().any(|begin| line.starts_with(begin.as_str())));
    let is_next = |line: &str| !line.is_empty() && !line.starts_with([' ', '\t', '#']);
    lines.enumerate().take_while(move |(at, line)| *at == 0 || !is_next(line)).map(|(_, line)| line)
}

fn questions(key: &str, catalogue: &str) -> usize {
    entry(key, catalogue).filter(|line| line.trim_start().starts_with("# TODO: ")).count()
}

fn display_name(key: &str, catalogue: &str) -> Option<String> {
    let whole: serde_yaml::Value = serde_yaml::from_str(catalogue).ok()?;
    let name = whole.get(key)?.get("display_name")?.as_str()?;
    // The first line of a commit.
    Some(name.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: &str =
        "acme:\n  # TODO: is it so?\n  display_name: \"Acme's $(rm)\"\n\nbeta:\n  # TODO: other\n  display_name: B\n";

    #[test]
    fn the_commit_names_what_is_there_and_quotes_what_a_shell_would_read() {
        let all = commit("acme", Path::new("a b/providers.yaml"), CATALOGUE, &|_| true);
        assert_eq!(
            all,
            "# Files\n#   a b/providers.yaml: the entry\n#   a b/fixtures/acme: samples\n#   a b/generated/src: its module\n\
             # Commands; none of them was run\ngit switch -c add-acme\n\
             keyway build 'a b/providers.yaml' --modules --out 'a b/generated/src'\n\
             git add 'a b/providers.yaml' 'a b/fixtures/acme' 'a b/generated/src'\n\
             git commit -m 'Catalogue: Acme'\\''s $(rm)'\n"
        );
        let alone = commit("beta", Path::new("providers.yaml"), CATALOGUE, &|_| false);
        assert!(
            alone.ends_with("git switch -c add-beta\ngit add providers.yaml\ngit commit -m 'Catalogue: B'\n"),
            "{alone}"
        );
        assert!(alone.contains("fixtures/beta: no sample yet; `keyway record beta`"), "{alone}");
    }

    #[test]
    fn only_the_entrys_own_questions_count() {
        assert_eq!(
            (questions("acme", CATALOGUE), questions("beta", CATALOGUE), questions("none", CATALOGUE)),
            (1, 1, 0)
        );
    }
}
