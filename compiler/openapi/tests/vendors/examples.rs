//! The vendors' own example answers are read by the types that are written for them.

use crate::consumer::{cargo, stub_package};
use crate::documents::{Vendor, unpacked, vendors};
use crate::shared::shared;
use keyway_compiler::lower::names;
use keyway_openapi::method::Returned;
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, Sayable, import, survey};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const MAIN: &str = r#"
#![allow(dead_code)]
fn read<T: serde::de::DeserializeOwned>(value: &str) -> Option<String> {
    serde_json::from_str::<T>(value).err().map(|error| error.to_string())
}
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let (mut read, mut failed) = (0, 0);
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let mut columns = line.splitn(3, '\t');
        let (module, id, value) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        match by_operation(module, id, value) {
            None => read += 1,
            Some(error) => {
                failed += 1;
                println!("failed\t{module}\t{id}\t{error}");
            }
        }
    }
    println!("{read}\t{failed}");
}
"#;

#[test]
fn ninety_nine_of_a_hundred_example_answers_are_read() {
    let Some(folder) = shared("openapi/examples") else { return };
    let (mut files, mut lines, mut modules) = (Vec::new(), String::new(), String::new());
    let mut arms =
        "fn by_operation(module: &str, id: &str, value: &str) -> Option<String> {\n    match module {\n".to_owned();
    let (mut written, mut skipped) = (0, 0);
    for vendor in vendors() {
        let examples = folder.join(format!("{}.jsonl.gz", vendor.name));
        if !examples.exists() {
            continue;
        }
        let module = names::module(&vendor.name);
        let readers = readers(&vendor, &examples);
        let _ = writeln!(modules, "mod {module};");
        let _ = writeln!(arms, "        {module:?} => match id {{");
        for (id, (is, _)) in &readers.by_id {
            let _ = writeln!(arms, "            {id:?} => {{ use {module}::*; read::<{is}>(value) }}");
        }
        let _ = writeln!(arms, "            _ => unreachable!(),\n        }},");
        for (id, value) in readers.examples {
            let Some((_, items)) = readers.by_id.get(&id) else {
                skipped += 1;
                continue;
            };
            let inner = items.iter().flat_map(|path| path.split('.')).try_fold(&value, |value, key| value.get(key));
            written += 1;
            let _ = writeln!(lines, "{module}\t{id}\t{}", inner.unwrap_or(&Value::Null));
        }
        files.push((format!("{module}.rs"), readers.code));
    }
    arms.push_str("        _ => unreachable!(),\n    }\n}\n");
    files.push((
        "main.rs".to_owned(),
        format!("#![allow(unused_imports)]\n{modules}{arms}{MAIN}").replace("\n#![allow(dead_code)]\n", "\n"),
    ));
    files.push(("examples.tsv".to_owned(), lines));
    let folder = stub_package("openapi-examples", &files);
    let printed = cargo(&folder, "run", &["--", "src/examples.tsv"]);
    let last = printed.lines().last().unwrap();
    let (read, failed) = last.split_once('\t').unwrap();
    let (read, failed): (usize, usize) = (read.parse().unwrap(), failed.parse().unwrap());
    assert_eq!(read + failed, written);
    assert!(written > 2_000, "only {written} examples were found, {skipped} are of operations without JSON");
    assert!(failed * 100 <= written, "{failed} of {written} are not read:\n{printed}");
}

/// The types of a vendor's answers, and the examples.
struct Readers {
    code: String,
    /// The type for the answer of an operation, and the path of its items where it has pages.
    by_id: BTreeMap<String, (String, Option<String>)>,
    examples: Vec<(String, Value)>,
}

fn readers(vendor: &Vendor, examples: &Path) -> Readers {
    let documents = vendor.read();
    let rows = survey(&documents, &vendor.entry, &Selection::default()).unwrap();
    let by_place: BTreeMap<(String, String), String> = rows
        .iter()
        .filter(|row| !matches!(row.outcome, Sayable::NotSaid(_)))
        .map(|row| ((row.verb.to_lowercase(), row.path.clone()), row.id.clone()))
        .collect();
    let mut examples: Vec<(String, Value)> = String::from_utf8(unpacked(examples))
        .unwrap()
        .lines()
        .filter_map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let is_json = text("media_type").contains("json");
            let id = by_place.get(&(text("method").to_lowercase(), text("path")))?.clone();
            (text("status").starts_with('2') && is_json).then(|| (id, inner(&line["value"])))
        })
        .collect();
    let ids: BTreeSet<String> = examples.iter().map(|(id, _)| id.clone()).collect();
    let selection = Selection { only: ids.into_iter().collect(), ..Selection::default() };
    let options = Options::new(selection, "All");
    let imported = import(&documents, &vendor.entry, &options).unwrap();
    let mut by_id = BTreeMap::new();
    for method in &imported.methods {
        if !matches!(method.answer, Returned::Json(_) | Returned::Pages(_)) {
            continue;
        }
        let declared = imported.code.split(&format!("    fn {}(", method.name)).nth(1).unwrap();
        let answer = declared.split(';').next().unwrap().rsplit_once(" -> ").unwrap().1.to_owned();
        let rule = method.attributes.iter().find(|(name, _)| *name == "paginate");
        let items = rule.and_then(|(_, rule)| rule.iter().find_map(|one| one.strip_prefix("items = ")));
        by_id.insert(method.id.clone(), (answer, items.map(|path| path.trim_matches('"').to_owned())));
    }
    // An example whose status has no body, or another one than the answer that was taken, is none of this type.
    examples.retain(|(_, value)| !value.is_null());
    Readers { code: imported.code, by_id, examples }
}

/// Some documents write their examples as JSON in a text; one that is broken JSON is no example.
fn inner(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.trim_start().starts_with(['{', '[']) => serde_json::from_str(text).unwrap_or(Value::Null),
        Some(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        None => value.clone(),
    }
}
