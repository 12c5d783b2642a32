//! `keyway::Deserialize` and `keyway::Serialize` beside serde's derives: the same values, refusals and texts.

#![cfg(feature = "macros")]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// The same types twice, with the derives of two crates.
macro_rules! types {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::BTreeMap;

            #[derive(Clone, Debug, Default, PartialEq, $krate::Deserialize, $krate::Serialize)]
            pub(super) struct Issue {
                pub(super) id: i64,
                pub(super) title: Option<String>,
                #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
                pub(super) kind: Option<Kind>,
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(super) labels: Option<Vec<Label>>,
                pub(super) r#in: Option<BTreeMap<String, u8>>,
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(super) parent: Option<Box<Issue>>,
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(super) any: Option<serde_json::Value>,
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(super) cleared: Option<Option<String>>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, $krate::Deserialize, $krate::Serialize)]
            pub(super) struct Label {
                pub(super) name: String,
            }

            #[derive(Clone, Debug, PartialEq, Eq, $krate::Deserialize, $krate::Serialize)]
            pub(super) enum Kind {
                #[serde(rename = "bug")]
                Bug,
                Task,
                #[serde(untagged)]
                Other(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, $krate::Deserialize, $krate::Serialize)]
            pub(super) enum Closed {
                Yes,
                No,
            }

            #[derive(Clone, Debug, PartialEq, $krate::Deserialize, $krate::Serialize)]
            #[serde(tag = "type")]
            pub(super) enum Owner {
                #[serde(rename = "user", alias = "bot", alias = "ghost")]
                User(Box<Label>),
                Team(Box<Issue>),
                #[serde(rename = "any")]
                Any(BTreeMap<String, serde_json::Value>),
                Maybe(Option<Label>),
                Inside(Either),
                #[serde(untagged)]
                Other(serde_json::Value),
            }

            #[derive(Clone, Debug, PartialEq, $krate::Deserialize, $krate::Serialize)]
            #[serde(tag = "type")]
            pub(super) enum Certain {
                #[serde(rename = "user", alias = "visitor")] // serde's errors list the texts of a variant by alphabet
                User(Box<Label>),
                Team(Box<Issue>),
            }

            #[derive(Clone, Debug, PartialEq, $krate::Deserialize, $krate::Serialize)]
            #[serde(tag = "type")]
            pub(super) enum Fitting {
                Label(Label),
                #[serde(untagged)]
                Kind(Kind),
            }

            #[derive(Clone, Debug, PartialEq, $krate::Deserialize, $krate::Serialize)]
            #[serde(untagged)]
            pub(super) enum Either {
                Label(Box<Label>),
                Count(i64),
                Ratio(f64),
                Closed(Closed),
                Labels(Vec<Label>),
                Maybe(Option<bool>),
            }

            #[derive(Clone, Debug, PartialEq, $krate::Deserialize, $krate::Serialize)]
            #[serde(untagged)]
            pub(super) enum Anything {
                Text(String),
                Other(serde_json::Value),
            }

            #[derive(Clone, Debug, PartialEq, Eq, $krate::Deserialize, $krate::Serialize)]
            pub(super) struct Empty {}

            /// More members than one tuple has.
            #[derive(Clone, Debug, Default, PartialEq, Eq, $krate::Deserialize, $krate::Serialize)]
            pub(super) struct Wide {
                #[serde(skip_serializing_if = "Option::is_none")]
                a: Option<u8>,
                b: Option<u8>,
                c: Option<u8>,
                d: Option<u8>,
                e: Option<u8>,
                f: Option<u8>,
                g: Option<u8>,
                h: Option<u8>,
                i: Option<u8>,
                j: Option<u8>,
                k: Option<u8>,
                l: Option<u8>,
                m: Option<u8>,
                n: Option<u8>,
                o: Option<u8>,
                p: Option<u8>,
                #[serde(skip_serializing_if = "Option::is_none")]
                q: Option<u8>,
                r: Option<u8>,
                s: Option<u8>,
                t: Option<u8>,
                u: Option<u8>,
                v: Option<u8>,
                w: Option<u8>,
                x: Option<u8>,
                y: Option<u8>,
                z: Option<u8>,
                a2: Option<u8>,
                b2: Option<u8>,
                c2: Option<u8>,
                d2: Option<u8>,
                e2: Option<u8>,
                f2: Option<u8>,
                g2: Option<u8>,
                #[serde(skip_serializing_if = "Option::is_none")]
                h2: Option<u8>,
            }
        }
    };
}

types!(ours, keyway);
types!(serdes, serde);

/// One text read as both types: the same value, written the same, or the same error.
#[track_caller]
fn same<O, S>(text: &str)
where
    O: DeserializeOwned + serde::Serialize + Debug,
    S: DeserializeOwned + serde::Serialize + Debug,
{
    compare::<O, S>(text, |error| error);
}

/// The same, but that an error of what stands in a variant has no place in the text.
#[track_caller]
fn same_but_its_place<O, S>(text: &str)
where
    O: DeserializeOwned + serde::Serialize + Debug,
    S: DeserializeOwned + serde::Serialize + Debug,
{
    compare::<O, S>(text, |error| error.split(" at line ").next().unwrap_or_default());
}

#[track_caller]
fn compare<O, S>(text: &str, said: fn(&str) -> &str)
where
    O: DeserializeOwned + serde::Serialize + Debug,
    S: DeserializeOwned + serde::Serialize + Debug,
{
    let (ours, serdes) = (serde_json::from_str::<O>(text), serde_json::from_str::<S>(text));
    match (ours, serdes) {
        (Ok(ours), Ok(serdes)) => {
            assert_eq!(format!("{ours:?}"), format!("{serdes:?}"), "{text}");
            assert_eq!(serde_json::to_string(&ours).ok(), serde_json::to_string(&serdes).ok(), "{text}");
            assert_eq!(serde_json::to_value(&ours).ok(), serde_json::to_value(&serdes).ok(), "{text}");
        }
        (Err(ours), Err(serdes)) => {
            assert_eq!(said(&ours.to_string()), said(&serdes.to_string()), "{text}");
        }
        (ours, serdes) => panic!("{text}: {ours:?}, {serdes:?}"),
    }
    // A value, whose members have lost their text.
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let (ours, serdes) = (serde_json::from_value::<O>(value.clone()), serde_json::from_value::<S>(value));
    assert_eq!(
        ours.map_err(|error| error.to_string()).map(|value| format!("{value:?}")),
        serdes.map_err(|error| error.to_string()).map(|value| format!("{value:?}")),
        "{text}"
    );
}

#[test]
fn structs_are_read_refused_and_written_as_serdes_are() {
    for text in [
        r#"{"id": 1}"#,
        r#"{"title": "a", "id": 1}"#,
        r#"{"id": 1, "title": null, "type": null, "labels": null, "in": null, "parent": null, "any": null}"#,
        r#"{"id": 1, "type": "bug", "labels": [{"name": "x", "more": [1]}], "in": {"a": 7}, "any": {"b": [null]}}"#,
        r#"{"id": 1, "parent": {"id": 2, "parent": {"id": 3, "type": "Task"}}, "cleared": "no", "unknown": {"id": "x"}}"#,
        r#"{"type": "never heard of", "id": 1, "\u0069n": {}, "k": 1}"#,
        "{}",
        r#"{"title": "a"}"#,
        r#"{"id": null}"#,
        r#"{"id": "1"}"#,
        r#"{"id": 1, "id": 2}"#,
        r#"{"id": 1, "title": "a", "title": null}"#,
        r#"{"id": 1, "labels": [{}]}"#,
        r#"{"id": 1, "labels": {"name": "x"}}"#,
        r#"{"id": 1, "in": {"a": 256}}"#,
        r#"{"id": 1, "#,
        r#"{"id" 1}"#,
        "7",
        "null",
        r#""text""#,
    ] {
        same::<ours::Issue, serdes::Issue>(text);
        same::<Vec<ours::Issue>, Vec<serdes::Issue>>(&format!("[{text}]"));
        same::<Option<ours::Issue>, Option<serdes::Issue>>(text);
    }
    for text in ["{}", r#"{"a": 1}"#, "null", "1"] {
        same::<ours::Empty, serdes::Empty>(text);
    }
}

#[test]
fn structs_of_many_members_are_read_in_any_order() {
    let names = "a b c d e f g h i j k l m n o p q r s t u v w x y z a2 b2 c2 d2 e2 f2 g2 h2";
    let names: Vec<&str> = names.split(' ').collect();
    for step in [1, 3, 5, 33] {
        let members = (0..names.len()).map(|index| index * step % names.len());
        let members: Vec<String> = members.map(|index| format!("{:?}: {index}", names[index])).collect();
        for kept in [names.len(), 17, 16, 1, 0] {
            same::<ours::Wide, serdes::Wide>(&format!("{{{}}}", members[..kept].join(", ")));
        }
    }
    for name in names {
        same::<ours::Wide, serdes::Wide>(&format!("{{{name:?}: -1}}"));
        same::<ours::Wide, serdes::Wide>(&format!("{{{name:?}: 1, {name:?}: 1}}"));
    }
}

#[test]
fn enums_are_read_from_texts_and_written_as_texts() {
    for text in [r#""bug""#, r#""Task""#, r#""Bug""#, r#""""#, r#""\u0062ug""#] {
        same::<ours::Kind, serdes::Kind>(text);
    }
    for text in [r#""Yes""#, r#""No""#, r#""yes""#] {
        same::<ours::Closed, serdes::Closed>(text);
    }
    // Keys of a map, too.
    same::<BTreeMap<String, ours::Kind>, BTreeMap<String, serdes::Kind>>(r#"{"a": "bug", "b": "else"}"#);
}

#[test]
fn enums_that_a_member_tells_apart_are_read_refused_and_written_as_serdes_are() {
    for text in [
        r#"{"type": "user", "name": "x"}"#,
        r#"{"name": "x", "type": "bot", "more": [1, -1, 1.5, null]}"#,
        r#"{"type": "ghost", "name": "x", "type2": "Team"}"#,
        r#"{"type": "Team", "id": 1, "labels": [{"name": "x"}], "cleared": null}"#,
        r#"{"type": "any", "a": 1, "b": {"type": "user"}}"#,
        r#"{"type": "Maybe", "name": "x"}"#,
        r#"{"type": "Maybe"}"#,
        r#"{"type": "Inside", "name": "x"}"#,
        r#"{"type": "never heard of", "a": 1}"#,
        r#"{"type": "user"}"#,
        r#"{"type": "user", "name": 1}"#,
        r#"{"type": null, "name": "x"}"#,
        r#"{"name": "x"}"#,
        "{}",
        "[]",
        "null",
        "7",
        "-7",
        "7.5",
        "true",
        r#""bug""#,
        r#"{"type": "user", "#,
        r#"{"type": "user", "name": "x"} more"#,
    ] {
        same::<ours::Owner, serdes::Owner>(text);
        same::<Vec<ours::Owner>, Vec<serdes::Owner>>(&format!("[{text}]"));
        same::<ours::Fitting, serdes::Fitting>(text);
        if text != "[]" {
            same_but_its_place::<ours::Certain, serdes::Certain>(text);
        }
    }
    let error = serde_json::from_str::<ours::Certain>("[]").unwrap_err();
    assert_eq!(error.to_string(), "invalid type: sequence, expected internally tagged enum Certain");
    // serde's derive takes a number for the place of a variant where another variant is `untagged`.
    let number = r#"{"type": 0, "name": "x"}"#;
    same_but_its_place::<ours::Certain, serdes::Certain>(number);
    assert!(matches!(serde_json::from_str(number).unwrap(), serdes::Owner::User(_)));
    assert!(matches!(serde_json::from_str(number).unwrap(), ours::Owner::Other(_)));
    // Of two tags, the last.
    let twice = r#"{"type": "user", "name": "x", "type": "Team", "id": 1}"#;
    assert!(matches!(serde_json::from_str(twice).unwrap(), ours::Certain::Team(_)));
}

#[test]
fn a_tag_is_written_in_front_of_a_struct_or_a_map_and_nowhere_else() {
    #[derive(keyway::Serialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Text(String),
        Maybe(Option<ours::Label>),
        Labels(Vec<ours::Label>),
    }
    for tagged in [Tagged::Text("a".to_owned()), Tagged::Maybe(None), Tagged::Labels(Vec::new())] {
        let error = serde_json::to_string(&tagged).unwrap_err();
        assert_eq!(error.to_string(), r#"only a struct or a map can hold the member "type" of its variant"#);
    }
    let owner = ours::Owner::User(Box::new(ours::Label { name: "x".to_owned() }));
    assert_eq!(serde_json::to_string(&owner).unwrap(), r#"{"type":"user","name":"x"}"#);
    let owner = ours::Owner::Any(BTreeMap::from([("a".to_owned(), json!(1))]));
    assert_eq!(serde_json::to_string(&owner).unwrap(), r#"{"type":"any","a":1}"#);
}

#[test]
fn enums_without_a_tag_are_the_first_variant_that_fits() {
    for text in [
        r#"{"name": "x"}"#,
        r#"{"name": 1}"#,
        "[]",
        r#"[{"name": "x"}, {"name": "y"}]"#,
        "7",
        "-7",
        "18446744073709551615",
        "1e300",
        "7.5",
        r#""Yes""#,
        r#""yes""#,
        "null",
        "true",
        "[1",
    ] {
        same_but_its_place::<ours::Either, serdes::Either>(text);
        same::<ours::Anything, serdes::Anything>(text);
        same::<Vec<Option<ours::Anything>>, Vec<Option<serdes::Anything>>>(&format!("[{text}]"));
    }
}

#[test]
fn a_variant_may_hold_a_type_that_is_another_inside() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Wrapped(ours::Label);
    #[derive(Debug, PartialEq, keyway::Deserialize)]
    #[serde(tag = "type")]
    enum Owner {
        Wrapped(Wrapped),
        Inside(Box<ours::Owner>),
        Ignored(serde::de::IgnoredAny),
    }
    let read = |text| serde_json::from_str::<Owner>(text).unwrap();
    let label = || ours::Label { name: "x".to_owned() };
    assert_eq!(read(r#"{"type": "Wrapped", "name": "x"}"#), Owner::Wrapped(Wrapped(label())));
    assert_eq!(read(r#"{"type": "Ignored", "name": "x"}"#), Owner::Ignored(serde::de::IgnoredAny));
    // The inner tag would be the one that the outer took.
    let inner = json!({"name": "x"});
    assert_eq!(read(r#"{"type": "Inside", "name": "x"}"#), Owner::Inside(Box::new(ours::Owner::Other(inner))));
}

#[test]
fn serdes_other_shapes_of_a_struct_and_an_enum_are_refused() {
    fn said<T: DeserializeOwned + Debug>(text: &str) -> String {
        let error = serde_json::from_str::<T>(text).unwrap_err().to_string();
        error.split(" at line ").next().unwrap_or_default().to_owned()
    }
    assert_eq!(said::<ours::Issue>("[1]"), "invalid type: sequence, expected struct Issue");
    assert_eq!(said::<ours::Kind>("7"), "invalid type: integer `7`, expected a string");
    assert_eq!(said::<ours::Closed>(r#"{"Yes": null}"#), "invalid type: map, expected a string");
}

#[test]
fn the_types_stand_in_those_of_serde_and_hold_them() {
    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Page {
        #[serde(flatten)]
        issue: ours::Issue,
        either: Either,
    }
    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    #[serde(untagged)]
    enum Either {
        Label(ours::Label),
        Kind(ours::Kind),
    }
    #[derive(Debug, PartialEq, keyway::Deserialize, keyway::Serialize)]
    struct Pages {
        pages: Vec<Page>,
    }
    let page = |either: Value| json!({"id": 1, "title": "a", "in": null, "either": either});
    let text = json!({"pages": [page(json!({"name": "x"})), page(json!("bug")), page(json!("else"))]});
    let read: Pages = serde_json::from_value(text.clone()).unwrap();
    assert_eq!(read.pages[0].either, Either::Label(ours::Label { name: "x".to_owned() }));
    assert_eq!(read.pages[1].either, Either::Kind(ours::Kind::Bug));
    assert_eq!(read.pages[2].issue.title.as_deref(), Some("a"));
    assert_eq!(serde_json::to_value(&read).unwrap(), text);
}

#[test]
fn the_runtime_may_have_another_name() {
    use keyway as kw;

    #[derive(Debug, PartialEq, kw::Deserialize, kw::Serialize)]
    #[keyway(crate = kw)]
    struct Renamed {
        id: u8,
    }
    assert_eq!(serde_json::from_str::<Renamed>(r#"{"id": 1}"#).unwrap(), Renamed { id: 1 });
}
