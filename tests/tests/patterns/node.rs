//! The third reader: `new RegExp(pattern).test(text)` in Node.js.

use crate::{Case, NOT_RUN};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

/// Reads a line for each pattern, answers with a line: `null` where it is refused, a text where it took too long. The
/// engine of JavaScript backtracks without a bound of its own.
const PROGRAM: &str = "
const search = new (require('vm').Script)('read = new RegExp(pattern); texts.map(text => read.test(text))');
require('readline').createInterface({ input: process.stdin }).on('line', line => {
    Object.assign(globalThis, JSON.parse(line));
    let answer;
    try { answer = search.runInThisContext({ timeout: 5000 }); }
    catch (error) { answer = error instanceof SyntaxError ? null : String(error.code); }
    console.log(JSON.stringify(answer));
});";

/// Holds what Keyway said against what JavaScript says.
pub(crate) fn agrees(cases: &[Case]) {
    let Some(answers) = answers(cases) else { return };
    assert_eq!(answers.len(), cases.len(), "node stopped in the middle");
    let (mut only_here, mut slow) = (0, 0);
    for (case, answer) in cases.iter().zip(&answers) {
        let pattern = &case.pattern;
        if let Some(why) = answer.as_str() {
            assert_eq!(why, "ERR_SCRIPT_EXECUTION_TIMEOUT", "/{pattern}/");
            slow += 1;
            continue;
        }
        match (&case.answer, answer.as_array()) {
            (Ok(_), None) => panic!("ECMAScript refuses /{pattern}/, and Keyway runs it"),
            (Err(_), None) => {}
            (Err(why), Some(_)) => {
                assert!(NOT_RUN.contains(why), "ECMAScript runs /{pattern}/, and Keyway says that it {why}");
                only_here += 1;
            }
            (Ok(ours), Some(theirs)) => {
                for ((text, ours), theirs) in case.texts.iter().zip(ours).zip(theirs) {
                    let same = ours.is_none_or(|ours| Some(ours) == theirs.as_bool());
                    assert!(same, "JavaScript says {theirs}, Keyway {ours:?}: /{pattern}/ on {text:?}");
                }
            }
        }
    }
    println!("node agrees on {} patterns; {only_here} are refused here only, {slow} took it too long", cases.len());
    assert!(slow * 50 < cases.len(), "node answered too few");
}

fn answers(cases: &[Case]) -> Option<Vec<Value>> {
    let child = Command::new("node").args(["-e", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            let required = std::env::var("KEYWAY_PEERS").is_ok_and(|value| value == "required");
            assert!(!required, "node is not installed: {error}");
            keyway_tests::skip("node is not installed, so JavaScript was not asked");
            return None;
        }
    };
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> =
        cases.iter().map(|case| json!({"pattern": case.pattern, "texts": case.texts}).to_string()).collect();
    let writer = thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let output = BufReader::new(child.stdout.take().unwrap());
    let answers = output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    writer.join().unwrap().unwrap();
    assert!(child.wait().unwrap().success(), "node failed");
    Some(answers)
}
