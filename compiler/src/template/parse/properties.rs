//! Properties of every template: printed, it parses to itself again.

use super::super::ast::{Kind, Node, Template};
use super::parse;
use keyway_format::date::{Now, Part};
use keyway_spec::template::{DatePart, Function, Offset, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

/// The template without the places where its nodes stand: printing moves them.
fn placeless(template: &Template) -> Template {
    let nodes = template.nodes.iter().map(|node| {
        let inner = |parts: &[Template]| parts.iter().map(placeless).collect();
        let kind = match &node.kind {
            Kind::Call(function, arguments) => Kind::Call(*function, inner(arguments)),
            Kind::Choice(alternatives) => Kind::Choice(inner(alternatives)),
            other => other.clone(),
        };
        Node { kind, range: 0..0 }
    });
    Template { nodes: nodes.collect() }
}

fn node(kind: Kind) -> Node {
    Node { kind, range: 0..0 }
}

/// Words, and what looks like syntax and is text.
fn text() -> impl Strategy<Value = String> {
    "[a-z0-9 .:/?&=~%\u{fc}-]{1,12}|\\{[a-z]{1,3}\\}|\\$[a-z]"
}

fn name() -> impl Strategy<Value = String> {
    "(connectionConfig|credentials|step1|metadata)\\.[a-zA-Z_.-]{1,8}|apiKey|accessToken|endpoint"
}

fn date() -> impl Strategy<Value = Kind> {
    let offset = proptest::option::of((1..90i32, any::<bool>(), 0..8usize));
    (offset, any::<bool>()).prop_map(|(offset, formatted)| {
        let units = [
            Unit::Milliseconds,
            Unit::Seconds,
            Unit::Minutes,
            Unit::Hours,
            Unit::Days,
            Unit::Weeks,
            Unit::Months,
            Unit::Years,
        ];
        let offset = offset.map(|(amount, back, unit)| {
            let amount = if back { -amount } else { amount };
            Offset { amount, unit: units[unit] }
        });
        // A moved instant names its format.
        let formatted = formatted || offset.is_some();
        let date = [Part::Token(DatePart::Year), Part::Text("-".to_owned()), Part::Token(DatePart::Month)];
        Kind::Now(Now { offset, format: if formatted { Vec::from(date) } else { Vec::new() } })
    })
}

/// A run of nodes in which no two texts touch: they would be one.
fn run(leaf: impl Strategy<Value = Kind> + Clone) -> impl Strategy<Value = Template> {
    (vec((text(), leaf), 1..4), any::<bool>()).prop_map(|(pairs, with_text)| {
        let nodes = pairs.into_iter().flat_map(|(text, kind)| {
            let text = with_text.then(|| node(Kind::Text(text)));
            text.into_iter().chain([node(kind)])
        });
        Template { nodes: nodes.collect() }
    })
}

fn leaf() -> impl Strategy<Value = Kind> + Clone {
    prop_oneof![name().prop_map(Kind::Name), date(), Just(Kind::Random)].boxed()
}

/// Calls, and calls in calls: of one argument, of a message and its key.
fn call() -> impl Strategy<Value = Kind> + Clone {
    let one = [Function::Base64, Function::Sha256Hex, Function::Sha256Base64, Function::Fingerprint];
    let two = [Function::HmacSha1Hex, Function::HmacSha256Hex, Function::Truncate, Function::Ed25519Sign];
    leaf()
        .prop_recursive(4, 12, 2, move |inner| {
            let argument = run(inner.clone());
            let key = inner.prop_map(|kind| Template { nodes: vec![node(kind)] });
            (argument, key, 0..4usize, any::<bool>()).prop_map(move |(message, key, at, keyed)| {
                if keyed { Kind::Call(two[at], vec![message, key]) } else { Kind::Call(one[at], vec![message]) }
            })
        })
        .boxed()
}

proptest! {
    #[test]
    fn a_printed_template_parses_to_itself(template in run(call())) {
        let printed = template.to_string();
        let (parsed, problems) = parse(&printed, false);
        prop_assert_eq!(placeless(&parsed), template, "{}", printed);
        prop_assert_eq!(problems, vec![]);
    }

    #[test]
    fn so_does_a_printed_choice(alternatives in vec(run(leaf()), 2..4)) {
        // White space around an alternative is not part of it.
        let trimmed = alternatives.into_iter().map(|alternative| {
            let nodes = alternative.nodes.into_iter().map(|node| match node.kind {
                Kind::Text(text) => Node { kind: Kind::Text(format!("x{}", text.trim())), ..node },
                _ => node,
            });
            Template { nodes: nodes.collect() }
        });
        let choice = Template { nodes: vec![node(Kind::Choice(trimmed.collect()))] };
        let printed = choice.to_string();
        let (parsed, problems) = parse(&printed, true);
        prop_assert_eq!(placeless(&parsed), choice, "{}", printed);
        prop_assert_eq!(problems, vec![]);
    }

    /// Whatever a hand can write: what was read without a problem reads the same once printed.
    #[test]
    fn whatever_is_read_is_printed_as_it_was_meant(
        parts in vec(
            prop_oneof![
                Just("${".to_owned()), Just("}".to_owned()), Just("(".to_owned()), Just(")".to_owned()),
                Just("||".to_owned()), Just(",".to_owned()), Just(" ".to_owned()), Just("$".to_owned()),
                Just("base64(".to_owned()), Just("truncate(".to_owned()), Just("${now:YYYY}".to_owned()),
                Just("${connectionConfig.x}".to_owned()), Just(")}".to_owned()), "[a-z\u{fc}]{1,3}",
            ],
            0..12,
        ),
        choice in any::<bool>(),
    ) {
        let text = parts.concat();
        let (read, problems) = parse(&text, choice);
        if problems.is_empty() {
            let printed = read.to_string();
            let (again, _) = parse(&printed, choice);
            prop_assert_eq!(placeless(&again), placeless(&read), "{:?} printed {:?}", text, printed);
        }
    }
}
