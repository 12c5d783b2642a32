//! Items that are refused, at the place of the mistake, with what to write.

use super::{deserialize, serialize};

#[test]
fn an_item_that_only_serdes_derive_knows_is_refused() {
    for item in [
        "struct A(u8);",
        "struct A;",
        "struct A<T> { a: T }",
        "struct A<'a> { a: &'a str }",
        "union A { a: u8 }",
        "#[serde(rename_all = \"camelCase\")] struct A { a: u8 }",
        "#[serde(deny_unknown_fields)] struct A { a: u8 }",
        "struct A { #[serde(default)] a: u8 }",
        "struct A { #[serde(flatten)] a: B }",
        "struct A { #[serde(with = \"b\")] a: u8 }",
        "struct A { #[serde(alias = \"b\")] a: u8 }",
        "struct A { #[serde(untagged)] a: u8 }",
        "struct A { #[serde(rename = \"b\", default)] a: u8 }",
        "struct A { #[serde(skip_serializing_if = \"Vec::is_empty\")] a: Vec<u8> }",
        "#[serde(tag = \"a\")] enum A { B }",
        "#[serde(tag = \"a\")] enum A { B { c: u8 } }",
        "#[serde(tag = \"a\")] enum A { B(u8, u8) }",
        "#[serde(tag = \"a\")] enum A { #[serde(skip)] B(C) }",
        "#[serde(tag = \"a\")] enum A { #[serde(untagged)] B(C) }",
        "#[serde(tag = \"a\")] enum A { #[serde(untagged, rename = \"b\")] B(C) }",
        "#[serde(tag = \"a\")] enum A { B(C), #[serde(untagged)] D(C), #[serde(untagged)] E(C) }",
        "#[serde(tag = \"a\", content = \"b\")] enum A { B(C) }",
        "#[serde(tag = \"a\", untagged)] enum A { B(C) }",
        "#[serde(tag = \"a\")] enum A {}",
        "#[serde(tag = \"a\")] struct A { b: u8 }",
        "#[serde(untagged)] enum A { B }",
        "#[serde(untagged)] enum A { B(u8, u8) }",
        "#[serde(untagged)] enum A { #[serde(rename = \"b\")] B(u8) }",
        "#[serde(untagged)] enum A {}",
        "#[serde(rename_all = \"camelCase\")] enum A { B }",
        "enum A { B(String) }",
        "enum A { B { c: u8 } }",
        "enum A { #[serde(untagged)] B(u8) }",
        "enum A { #[serde(untagged)] B(String, String) }",
        "enum A { #[serde(untagged)] B(String), #[serde(untagged)] C(String) }",
        "enum A { #[serde(other)] B }",
        "enum A { #[serde(alias = \"c\")] B }",
        "struct A { #[serde(tag = \"b\")] a: u8 }",
    ] {
        let tokens: proc_macro2::TokenStream = item.parse().unwrap();
        for written in [deserialize(tokens.clone()), serialize(tokens)] {
            let written = written.to_string();
            assert!(written.contains("compile_error") && written.contains("serde::Deserialize"), "{item}: {written}");
        }
    }
    let other: proc_macro2::TokenStream = "#[keyway(dyn = 1)] struct A { a: u8 }".parse().unwrap();
    assert!(deserialize(other).to_string().contains("compile_error"));
}
