//! The first twelve operations of each document that can be said compile without a warning.

use crate::consumer::{cargo, package};
use crate::documents::{Vendor, vendors};
use keyway_compiler::lower::names;
use keyway_openapi::select::Selection;
use keyway_openapi::{Imported, Options, Sayable, import, survey};
use std::fmt::Write as _;

#[test]
fn twelve_operations_of_each_document_compile_without_a_warning() {
    let vendors = vendors();
    if vendors.is_empty() {
        return;
    }
    let (mut files, mut root) = (Vec::new(), "#![deny(warnings)]\n".to_owned());
    let (mut operations, mut types) = (0, 0);
    for vendor in &vendors {
        let imported = twelve(vendor);
        assert!(!imported.methods.is_empty(), "{}", vendor.name);
        assert_eq!(imported.refused, [], "{}", vendor.name);
        (operations, types) = (operations + imported.methods.len(), types + imported.types);
        let module = names::module(&vendor.name);
        let _ = writeln!(root, "pub mod {module};");
        files.push((format!("{module}.rs"), imported.code));
    }
    files.push(("lib.rs".to_owned(), root));
    assert_eq!(operations, 24 * 12, "{types} types");
    let folder = package("openapi-twelve", &files);
    cargo(&folder, "check", &[]);
}

fn twelve(vendor: &Vendor) -> Imported {
    let documents = vendor.read();
    let rows = survey(&documents, &vendor.entry, &Selection::default()).unwrap();
    let said = rows.into_iter().filter(|row| !matches!(row.outcome, Sayable::NotSaid(_)));
    let only = said.take(12).map(|row| row.id).collect();
    let selection = Selection { only, ..Selection::default() };
    let options = Options { selection: selection.clone(), trait_name: "Twelve".to_owned(), depth: 2 };
    let imported = import(&documents, &vendor.entry, &options).unwrap();
    let again = import(&vendor.read(), &vendor.entry, &options).unwrap();
    assert_eq!(imported.code, again.code, "{}: the same input gives the same text", vendor.name);
    imported
}
