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
        "#[serde(untagged)] enum A { B(u8) }",
        "enum A { B(String) }",
        "enum A { B { c: u8 } }",
        "enum A { #[serde(untagged)] B(u8) }",
        "enum A { #[serde(untagged)] B(String, String) }",
        "enum A { #[serde(untagged)] B(String), #[serde(untagged)] C(String) }",
        "enum A { #[serde(other)] B }",
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
