//! Every operation of every document is listed, said or not; the table of the book is what the code does.

use crate::documents::vendors;
use keyway_openapi::select::Selection;
use keyway_openapi::{Sayable, survey};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn every_operation_is_listed_and_the_table_of_the_book_says_which_can_be_written() {
    let (mut table, mut reasons) = (String::new(), BTreeMap::<String, usize>::new());
    let mut totals = [0; 4];
    for vendor in vendors() {
        let rows = survey(&vendor.read(), &vendor.entry, &Selection::default()).unwrap();
        assert_eq!(rows.len(), vendor.operations, "{}", vendor.name);
        let count = |is: fn(&Sayable) -> bool| rows.iter().filter(|row| is(&row.outcome)).count();
        let numbers = [
            rows.len(),
            count(|outcome| matches!(outcome, Sayable::Said)),
            count(|outcome| matches!(outcome, Sayable::WithFindings(_))),
            count(|outcome| matches!(outcome, Sayable::NotSaid(_))),
        ];
        for row in &rows {
            if let Sayable::NotSaid(reason) = &row.outcome {
                *reasons.entry(reason.clone()).or_default() += 1;
            }
        }
        let [all, whole, noted, not] = numbers;
        let _ = writeln!(table, "| {} | {all} | {whole} | {noted} | {not} |", vendor.name);
        totals = std::array::from_fn(|index| totals[index] + numbers[index]);
    }
    if totals[0] == 0 {
        return;
    }
    let [all, whole, noted, not] = totals;
    let _ = writeln!(table, "| **all** | {all} | {whole} | {noted} | {not} |");
    let why: Vec<String> = reasons.iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
    let _ = writeln!(table, "\nNot at all: {}.", why.join(", "));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/guide/import-openapi.md");
    let page = std::fs::read_to_string(page).unwrap_or_default();
    assert!(page.contains(&table), "docs/src/guide/import-openapi.md has another table than this:\n{table}");
}
