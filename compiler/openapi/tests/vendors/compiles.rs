//! The first twelve operations of each document that can be said compile without a warning, with the real `#[api]`.

use crate::consumer::{cargo, real_package};
use crate::documents::{Vendor, vendors};
use keyway_compiler::lower::names;
use keyway_openapi::select::Selection;
use keyway_openapi::{Imported, Options, Sayable, import, survey};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Stands for a provider that the catalogue does not have. No rule for pages: what is written has its own.
const ENTRY: &str = r#"
keyway::providers! {
    entry: {
        display_name: "Entry",
        docs: "https://docs.entry.example",
        categories: [other],
        auth_mode: API_KEY,
        credentials: { apiKey: { type: string, title: "API key", description: "Made in the settings." } },
        proxy: { base_url: "https://HOST", headers: { "x-entry-key": "${apiKey}" },
                 verification: { endpoints: ["/me"] } },
        ALLOW
    },
}
"#;

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
        let head = if vendor.entry.key == "entry" {
            entry(&imported)
        } else {
            format!("use keyway_providers::{};\n", names::module(vendor.entry.key))
        };
        files.push((format!("{module}.rs"), format!("{head}\n{}", imported.code)));
    }
    files.push(("lib.rs".to_owned(), root));
    assert_eq!(operations, 24 * 12, "{types} types");
    let folder = real_package("openapi-twelve", &files);
    cargo(&folder, "check", &[]);
}

/// The stand-in, at the host that the operations name, if they do.
fn entry(imported: &Imported) -> String {
    let attributes = imported.methods.iter().flat_map(|method| &method.attributes);
    let hosts: BTreeSet<&str> =
        attributes.filter(|(name, _)| *name == "host").map(|(_, said)| said[0].trim_matches('"')).collect();
    assert!(hosts.len() < 2, "{hosts:?}: one entry has one base URL");
    let (host, allow) = match hosts.first() {
        Some(host) => (*host, r#"keyway: { allow: { "copy-paste-residue": "it stands for a vendor" } },"#),
        None => ("api.entry.example", ""),
    };
    ENTRY.replace("HOST", host).replace("ALLOW", allow)
}

fn twelve(vendor: &Vendor) -> Imported {
    let documents = vendor.read();
    let rows = survey(&documents, &vendor.entry, &Selection::default()).unwrap();
    let said = rows.into_iter().filter(|row| !matches!(row.outcome, Sayable::NotSaid(_)));
    let only = said.take(12).map(|row| row.id).collect();
    let selection = Selection { only, ..Selection::default() };
    let options = Options::new(selection.clone(), "Twelve");
    let imported = import(&documents, &vendor.entry, &options).unwrap();
    let again = import(&vendor.read(), &vendor.entry, &options).unwrap();
    assert_eq!(imported.code, again.code, "{}: the same input gives the same text", vendor.name);
    imported
}
