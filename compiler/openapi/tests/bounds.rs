//! Documents that were made to take all time or all memory: an error or a listing, soon.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::endpoints::endpoints;
use keyway_openapi::entry::TargetEntry;
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, import, read, survey};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Far more than any of them takes, also where the machine is busy and nothing is optimised.
const LONG: Duration = Duration::from_secs(60);

/// A listing and then an import of everything: the number of operations, or the sentence that says why not.
fn read_all(document: String) -> Result<usize, String> {
    let started = Instant::now();
    let outcome = read::read("d", document, &|_| Err("there is no such file".to_owned())).and_then(|document| {
        let entry = TargetEntry::any();
        let rows = survey(&document, &entry, &Selection::default())?;
        let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
        let mut options = Options::new(selection, "T");
        options.depth = 12;
        import(&document, &entry, &options)?;
        Ok(rows.len())
    });
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
    outcome
}

/// A document of some operations that all answer with the schema `S`, and these schemas.
fn document(operations: usize, schemas: &str) -> String {
    let mut paths = String::new();
    for index in 0..operations {
        let comma = if index == 0 { "" } else { "," };
        let answer = r##"{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}}}"##;
        let _ = write!(paths, r#"{comma}"/{index}":{{"get":{{"responses":{answer}}}}}"#);
    }
    format!(r#"{{"openapi":"3.0.0","paths":{{{paths}}},"components":{{"schemas":{{{schemas}}}}}}}"#)
}

/// Schemas that each hold the next one twice, by a keyword.
fn tower(keyword: &str, levels: usize) -> String {
    let reference = |to: usize| format!(r##"{{"$ref":"#/components/schemas/S{to}"}}"##);
    let mut schemas = r##""S":{"$ref":"#/components/schemas/S0"}"##.to_owned();
    for level in 0..levels {
        let next = reference(level + 1);
        let _ = write!(schemas, r#","S{level}":{{"{keyword}":[{next},{{"title":"x","allOf":[{next}]}}]}}"#);
    }
    let _ = write!(schemas, r#","S{levels}":{{"type":"object","properties":{{"a":{{"type":"string"}}}}}}"#);
    schemas
}

/// A schema with many members.
fn wide(name: &str, members: usize, of: &str) -> String {
    let members: Vec<String> = (0..members).map(|index| format!(r#""m{index}":{of}"#)).collect();
    format!(r#""{name}":{{"type":"object","properties":{{{}}}}}"#, members.join(","))
}

#[test]
fn towers_and_circles_of_references_end() {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        assert_eq!(read_all(document(1, &tower(keyword, 60))), Ok(1), "{keyword}");
    }
    let circle =
        r##""S":{"allOf":[{"$ref":"#/components/schemas/T"}]},"T":{"oneOf":[{"$ref":"#/components/schemas/S"}]}"##;
    assert_eq!(read_all(document(1, circle)), Ok(1));
    let list = r##""S":{"type":"array","items":{"$ref":"#/components/schemas/S"}}"##;
    assert_eq!(read_all(document(1, list)), Ok(1));
}

#[test]
fn a_small_text_that_means_a_large_one_is_refused() {
    let too_often = "`d` refers to its own parts too often to be read whole: name fewer operations with `--only`";
    // Every operation reads the same thousands of members.
    let many = document(20_000, &wide("S", 5_000, r#"{"type":"string"}"#));
    let whole = read::read("d", many.clone(), &|_| Err(String::new())).unwrap();
    let all = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
    assert_eq!(endpoints(&whole, &TargetEntry::any(), None, &all).unwrap_err(), too_often);
    assert_eq!(read_all(many), Err(too_often.to_owned()));
    // Every schema is the same large one, and a little.
    let mut schemas = wide("B", 5_000, r#"{"type":"string"}"#);
    for index in 0..5_000 {
        let more = format!(r#"{{"properties":{{"n{index}":{{}}}}}}"#);
        let _ = write!(schemas, r##","P{index}":{{"allOf":[{{"$ref":"#/components/schemas/B"}},{more}]}}"##);
    }
    let members: Vec<String> =
        (0..5_000).map(|index| format!(r##""p{index}":{{"$ref":"#/components/schemas/P{index}"}}"##)).collect();
    let _ = write!(schemas, r#","S":{{"properties":{{{}}}}}"#, members.join(","));
    let outcome = read_all(document(1, &schemas));
    assert!(outcome == Ok(1) || outcome == Err(too_often.to_owned()), "{outcome:?}");
    // An alias of an alias of an alias.
    let mut laughs = "openapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(laughs, "a{level}: &a{level} [{before}]");
    }
    assert_eq!(read_all(laughs), Err("`d`, line 7: anchors expand to more than 400000 nodes".to_owned()));
}

#[test]
fn what_is_deep_or_long_or_alike_ends() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for text in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        format!("openapi: 3.0.0\na: {}", deep("[", "]")),
        format!("openapi: 3.0.0\n{}", (0..3_000).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n")),
    ] {
        assert!(read_all(text).is_err());
    }
    // A key of a megabyte above many values.
    let many = vec![r#"{"name":"a","in":"query"}"#; 20_000].join(",");
    let long = format!(
        r#"{{"openapi":"3.0.0","paths":{{"/{}":{{"get":{{"parameters":[{many}]}}}}}}}}"#,
        "x".repeat(1_000_000)
    );
    assert_eq!(read_all(long), Err("the document has no path `/*`; `--list` shows those that there are".to_owned()));
    // Parameters without end, and names that only differ in signs.
    let many: Vec<String> = (0..50_000).map(|index| format!(r#"{{"name":"a{index}","in":"query"}}"#)).collect();
    let many = format!(r#"{{"openapi":"3.0.0","paths":{{"/x":{{"get":{{"parameters":[{}]}}}}}}}}"#, many.join(","));
    assert_eq!(read_all(many), Ok(1));
    let sign = |index: usize| (0..15).map(|bit| if index >> bit & 1 == 0 { '-' } else { '+' }).collect::<String>();
    let paths: Vec<String> = (0..30_000)
        .map(|index| format!(r#""/a{}":{{"get":{{"operationId":"a{}"}}}}"#, sign(index), sign(index)))
        .collect();
    let alike = format!(r#"{{"openapi":"3.0.0","paths":{{{}}}}}"#, paths.join(","));
    assert_eq!(read_all(alike), Ok(30_000));
}
