//! The formats for machines, and the page that documents them.
//!
//! SARIF is held to what its schema requires, property by property. `KEYWAY_SARIF_SCHEMA` names a file with the schema
//! itself (OASIS publishes it); where it is set, documents are validated against it too.

use super::{BAD, folder, run, with_input};
use serde_json::Value;
use std::path::Path;

const PAGE: &str = include_str!("../../../docs/src/reference/diagnostics.md");

/// The first block of the page in a language that has a tag.
fn block(language: &str) -> &'static str {
    let rest = PAGE.split_once(&format!("```{language},")).unwrap().1;
    rest.split_once('\n').unwrap().1.split("```").next().unwrap()
}

#[test]
fn the_page_shows_what_is_printed() {
    let folder = folder(&[("acme.yaml", block("yaml"))]);
    let of = |format: &str| run(folder.path(), &["check", "acme.yaml", "--rule", "unknown-key", "--format", format]);
    let (code, json, _) = of("json");
    assert_eq!(code, 1);
    let found: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(found, serde_json::from_str::<Value>(block("json")).unwrap());
    assert_eq!(of("github").1, block("text"));
}

#[test]
fn the_page_describes_every_key_of_a_finding() {
    let folder = folder(&[("providers.yaml", BAD)]);
    let (_, out, _) = run(folder.path(), &["check", "--format", "json"]);
    let found: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let table: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let missing: Vec<&String> =
        found.as_object().unwrap().keys().filter(|key| !table.contains(&key.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn github_annotations_go_with_the_exit_code_and_the_summary() {
    let folder = folder(&[("providers.yaml", BAD)]);
    let (code, out, err) = run(folder.path(), &["check", "--format", "github"]);
    assert_eq!(code, 1);
    let first = "::error file=providers.yaml,line=5,col=3,endColumn=7,title=duplicate-key (KW0002)::the key `docs` is ";
    assert!(out.starts_with(first), "{out}");
    assert!(out.lines().all(|line| line.starts_with("::")), "{out}");
    assert!(err.starts_with("1 entry, 1 error, "), "{err}");
}

#[test]
fn sarif_is_one_document_that_has_what_its_schema_requires() {
    let overlay = "acme:\n  proxy: {hedaers: {}}\n";
    let many = format!("{BAD}b: {{alias: c}}\n\"\u{fc}\": 1\n");
    let folder = folder(&[("my file.yaml", &many), ("over.yaml", overlay), ("good.yaml", super::GOOD)]);
    for (arguments, code, results) in [
        (&["my file.yaml", "--overlay", "over.yaml"][..], 1, 4..),
        (&["my file.yaml", "--max", "1"], 1, 1..),
        (&["good.yaml"], 0, 0..),
    ] {
        let (found, out, err) = run(folder.path(), &[&["check", "--format", "sarif"], arguments].concat());
        assert_eq!(found, code, "{err}");
        let document: Value = serde_json::from_str(&out).unwrap();
        let count = sarif(&document).unwrap_or_else(|problem| panic!("{problem}: {out}"));
        assert!(results.contains(&count), "{arguments:?}: {count}");
        against_the_schema(&document);
    }
    let (_, out, _) = with_input(folder.path(), &["check", "-", "--format", "sarif"], BAD.as_bytes());
    assert!(out.contains("\"%3Cstdin%3E\""), "{out}");
}

/// Checks a document against the requirements of SARIF 2.1.0 that apply to what is written; says how many results.
fn sarif(document: &Value) -> Result<usize, String> {
    only(document, &["$schema", "version", "runs"])?;
    equal(&document["version"], "2.1.0")?;
    let [run] = array(&document["runs"])? else { return Err("not one run".to_owned()) };
    only(run, &["tool", "columnKind", "results"])?;
    equal(&run["columnKind"], "unicodeCodePoints")?;
    only(&run["tool"], &["driver"])?;
    let driver = &run["tool"]["driver"];
    only(driver, &["name", "semanticVersion", "informationUri", "rules"])?;
    text(&driver["name"])?;
    url::Url::parse(text(&driver["informationUri"])?).map_err(|error| error.to_string())?;
    let rules = array(&driver["rules"])?;
    for rule in rules {
        only(rule, &["id", "name", "shortDescription", "defaultConfiguration"])?;
        text(&rule["id"])?;
        message(&rule["shortDescription"])?;
        level(&rule["defaultConfiguration"]["level"])?;
    }
    let results = array(&run["results"])?;
    for result in results {
        only(result, &["ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "fixes"])?;
        let rule = result["ruleIndex"].as_u64().and_then(|at| rules.get(usize::try_from(at).ok()?));
        equal(&result["ruleId"], text(&rule.ok_or("an index of no rule")?["id"])?)?;
        level(&result["level"])?;
        message(&result["message"])?;
        for location in array(&result["locations"])? {
            only(location, &["physicalLocation", "logicalLocations"])?;
            physical(&location["physicalLocation"])?;
        }
        for location in result["relatedLocations"].as_array().into_iter().flatten() {
            only(location, &["physicalLocation", "message"])?;
            physical(&location["physicalLocation"])?;
            text(&location["message"]["text"])?;
        }
        for fix in result["fixes"].as_array().into_iter().flatten() {
            only(fix, &["description", "artifactChanges"])?;
            message(&fix["description"])?;
            for change in at_least_one(&fix["artifactChanges"])? {
                only(change, &["artifactLocation", "replacements"])?;
                uri(&change["artifactLocation"])?;
                for replacement in at_least_one(&change["replacements"])? {
                    only(replacement, &["deletedRegion", "insertedContent"])?;
                    region(&replacement["deletedRegion"])?;
                    text(&replacement["insertedContent"]["text"])?;
                }
            }
        }
    }
    Ok(results.len())
}

fn physical(location: &Value) -> Result<(), String> {
    only(location, &["artifactLocation", "region"])?;
    uri(&location["artifactLocation"])?;
    region(&location["region"])
}

/// A `uri-reference` (RFC 3986 section 4.1).
fn uri(location: &Value) -> Result<(), String> {
    let uri = text(&location["uri"])?;
    let base = url::Url::parse("https://base.example/").map_err(|error| error.to_string())?;
    base.join(uri).map_err(|error| format!("`{uri}`: {error}"))?;
    if uri.contains([' ', '<', '>', '\\']) || !uri.is_ascii() { Err(format!("`{uri}` is no URI")) } else { Ok(()) }
}

fn region(region: &Value) -> Result<(), String> {
    let of = |key: &str| region[key].as_u64().filter(|number| *number >= 1).ok_or(format!("no `{key}`: {region}"));
    let (start, end) = ((of("startLine")?, of("startColumn")?), (of("endLine")?, of("endColumn")?));
    if start <= end { Ok(()) } else { Err(format!("ends before it begins: {region}")) }
}

fn only(value: &Value, keys: &[&str]) -> Result<(), String> {
    let map = value.as_object().ok_or(format!("no object: {value}"))?;
    map.keys().find(|key| !keys.contains(&key.as_str())).map_or(Ok(()), |key| Err(format!("a strange key `{key}`")))
}

fn equal(value: &Value, expected: &str) -> Result<(), String> {
    if value == expected { Ok(()) } else { Err(format!("{value} instead of {expected}")) }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or(format!("no text: {value}"))
}

fn message(value: &Value) -> Result<(), String> {
    text(&value["text"]).and_then(|text| if text.is_empty() { Err("an empty message".to_owned()) } else { Ok(()) })
}

fn level(value: &Value) -> Result<(), String> {
    let level = text(value)?;
    if ["error", "warning", "note"].contains(&level) { Ok(()) } else { Err(format!("no level: {level}")) }
}

fn array(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or(format!("no list: {value}"))
}

fn at_least_one(value: &Value) -> Result<&[Value], String> {
    array(value).and_then(|list| if list.is_empty() { Err("an empty list".to_owned()) } else { Ok(list) })
}

fn against_the_schema(document: &Value) {
    let Some(path) = std::env::var_os("KEYWAY_SARIF_SCHEMA") else {
        return keyway_tests::skip("`KEYWAY_SARIF_SCHEMA` names no schema of SARIF");
    };
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(Path::new(&path)).unwrap()).unwrap();
    // A stray bracket in a pattern of the schema itself; no document here has that key.
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"] = Value::Bool(true);
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(problems, Vec::<String>::new());
}
