//! The graph, on crates of a few lines.

use super::*;

fn crate_of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_file_uses_the_file_that_declares_what_it_names() {
    // In each: `a.rs`, and the files it uses. `b.rs` declares `B` and `deep`, `b/deep.rs` declares `Deep`.
    let cases: &[(&str, &[&str])] = &[
        ("use crate::b::B;", &["b.rs"]),
        ("use super::b::B;", &["b.rs"]),
        ("use crate::{b::{B, other}, c};", &["b.rs"]),
        ("use crate::b as short; fn f() { short::B::new() }", &["b.rs"]),
        ("use crate::b;", &[]),
        ("use crate::b::deep::{self, Deep};", &["b/deep.rs"]),
        ("use crate::b::deep; type A = deep::Deep;", &["b/deep.rs"]),
        ("use crate::b::Deep;", &["b/deep.rs"]),
        ("fn f(b: crate::b::B) {}", &["b.rs"]),
        ("fn f() { let x = vec![crate::b::B]; }", &["b.rs"]),
        ("fn f() { use crate::b::B; }", &["b.rs"]),
        ("impl crate::b::T for u8 {}", &["b.rs"]),
        ("use crate::b::*; struct A(B);", &["b.rs"]),
        ("use crate::b::*; struct A;", &[]),
        ("use crate::b::*; struct A(Deep);", &["b/deep.rs"]),
        ("use crate::all::*; struct A(Deep, B);", &["b.rs", "b/deep.rs"]),
        ("use crate::Short;", &["b.rs"]),
        ("use crate::word;", &[]),
        ("use crate::elsewhere::Inside;", &["d.rs"]),
        ("use crate::b::made_by_a_macro;", &["b.rs"]),
        ("use crate::b::List;", &["b.rs"]),
        ("fn f() { crate::b::rule!() }", &["b.rs"]),
        ("fn f(x: X) { x.word(); other::b::B; ::b::B; }", &[]),
        ("pub use crate::b::B;", &[]),
        ("pub use crate::b::B; fn f(b: B) {}", &["b.rs"]),
        ("pub(crate) use crate::b::*; fn f(b: Deep) {}", &["b/deep.rs"]),
        ("mod inner { use super::super::b::B; }", &["b.rs"]),
        ("#[cfg(test)] use crate::b::B;", &[]),
        ("#[cfg(test)] mod tests { use crate::b::B; }", &[]),
        ("#[cfg(all(test, feature = \"x\"))] mod tests { use crate::b::B; }", &[]),
        ("fn f() { #[cfg(test)] crate::b::B.seen(); }", &[]),
        ("//! [`crate::b::B`]\n// crate::b::B\nconst TEXT: &str = \"crate::b::B\";", &[]),
        (
            "/// The doc of an item with a block.\n#[derive(Clone)] struct A { b: u8 } impl A { fn b() -> crate::b::B {} }",
            &["b.rs"],
        ),
        ("fn f() -> impl Iterator<Item = u8> + use<'a> { crate::b::B }", &["b.rs"]),
    ];
    for (text, expected) in cases {
        let files = crate_of(&[
            (
                "lib.rs",
                "mod a; mod b; mod all; mod c; #[path = \"d.rs\"] mod elsewhere; pub use b::B as Short; fn word() {}",
            ),
            ("a.rs", text),
            ("all.rs", "pub use super::b::*;"),
            (
                "b.rs",
                "pub mod deep; pub use deep::Deep; pub struct B; pub fn other() {} list! { pub enum List { One } } \
              macro_rules! rule { () => {} }",
            ),
            ("b/deep.rs", "pub struct Deep;"),
            ("c/mod.rs", ""),
            ("d.rs", "pub struct Inside;"),
        ]);
        let graph = graph("lib.rs", &files);
        let used: Vec<&str> = graph.uses["a.rs"].keys().map(String::as_str).collect();
        assert_eq!(used, *expected, "{text}");
        assert_eq!(graph.missing, BTreeSet::new(), "{text}");
    }
}

/// The files of a crate besides its root, and the files of each circle.
type Case<'c> = (&'c [(&'c str, &'c str)], &'c [&'c [&'c str]]);

#[test]
fn files_that_reach_each_other_are_a_circle() {
    let cases: &[Case<'_>] = &[
        (&[("a.rs", "use crate::b::B; struct A;"), ("b.rs", "struct B;"), ("c.rs", "")], &[]),
        (
            &[("a.rs", "use crate::b::B; struct A;"), ("b.rs", "struct B(crate::a::A);"), ("c.rs", "")],
            &[&["a.rs", "b.rs"]],
        ),
        (
            &[
                ("a.rs", "use crate::b::B; struct A;"),
                ("b.rs", "use crate::c::C; struct B;"),
                ("c.rs", "use crate::a::A; struct C;"),
            ],
            &[&["a.rs", "b.rs", "c.rs"]],
        ),
        // A parent that declares and re-exports, and a child that uses a sibling through it.
        (
            &[
                ("a/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two;"),
                ("a/one.rs", "use super::Two; pub struct One;"),
                ("a/two.rs", "pub struct Two;"),
                ("b.rs", "use crate::a::One;"),
                ("c.rs", ""),
            ],
            &[],
        ),
        // A parent that calls a child, and a child that uses what the parent declares, are one thing.
        (
            &[
                ("a/mod.rs", "mod one; const LIMIT: u8 = 1; pub fn a() { one::one() }"),
                ("a/one.rs", "use super::LIMIT; pub fn one() {}"),
                ("b.rs", ""),
                ("c.rs", ""),
            ],
            &[],
        ),
        // The same with a way through another module.
        (
            &[
                ("a/mod.rs", "mod one; pub const LIMIT: u8 = 1; pub fn a() { one::one() }"),
                ("a/one.rs", "use super::LIMIT; pub fn one() { crate::b::b() }"),
                ("b.rs", "pub fn b() { crate::a::LIMIT }"),
                ("c.rs", ""),
            ],
            &[&["a/mod.rs", "a/one.rs", "b.rs"]],
        ),
        // Two circles.
        (
            &[
                ("a.rs", "use crate::b::B; struct A;"),
                ("b.rs", "use crate::a::A; struct B;"),
                ("c.rs", "mod d; mod e;"),
                ("c/d.rs", "use super::e::*; struct D(E);"),
                ("c/e.rs", "struct E(super::d::D);"),
            ],
            &[&["a.rs", "b.rs"], &["c/d.rs", "c/e.rs"]],
        ),
    ];
    for (given, expected) in cases {
        let mut files = crate_of(given);
        files.insert("lib.rs".to_owned(), "mod a; mod b; mod c;".to_owned());
        let found = circles(&graph("lib.rs", &files));
        let names: Vec<Vec<&str>> =
            found.iter().map(|circle| circle.files.iter().map(String::as_str).collect()).collect();
        assert_eq!(names, *expected, "{given:?}");
    }
}

#[test]
fn a_circle_is_told_as_its_shortest_way_and_its_files() {
    let files = crate_of(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; use crate::c::C; struct A;"),
        ("b.rs", "use crate::c::C; struct B;"),
        ("c.rs", "use crate::a::A; struct C;"),
    ]);
    let circle = circles(&graph("lib.rs", &files)).remove(0);
    let told = "3 files use each other in a circle: a.rs -> `C` of c.rs -> `A` of a.rs; all of them: \
                {\"a.rs\", \"b.rs\", \"c.rs\"}";
    assert_eq!(circle.to_string(), told);
}

#[test]
fn files_are_found_through_their_declarations() {
    let files = crate_of(&[
        ("src/main.rs", "mod a; mod gone; #[cfg(test)] mod tests;"),
        ("src/a/mod.rs", "#[cfg(test)] mod tests; mod b;"),
        ("src/a/b.rs", ""),
        ("src/a/tests.rs", "mod table;"),
        ("src/a/tests/table.rs", ""),
        ("src/tests.rs", ""),
        ("src/stray.rs", ""),
    ]);
    let graph = graph("src/main.rs", &files);
    assert_eq!(graph.uses.keys().collect::<Vec<_>>(), ["src/a/b.rs", "src/a/mod.rs", "src/main.rs"]);
    assert_eq!(Vec::from_iter(&graph.tests), ["src/a/tests.rs", "src/a/tests/table.rs", "src/tests.rs"]);
    assert_eq!(Vec::from_iter(&graph.missing), ["src/gone.rs"]);
}
