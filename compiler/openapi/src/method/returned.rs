//! The type that a method gives back.

use super::success::Chosen;
use super::{Returned, TraitMethod};
use crate::api::Operation;
use crate::entry::TargetEntry;
use crate::pages::Paging;
use crate::report::{Finding, Rule};
use crate::shape::{Direction, Shaper, Site, Type};
use std::collections::HashSet;

pub(super) fn give<'d>(
    operation: &Operation<'d>,
    chosen: Option<Chosen<'d>>,
    pages: Option<Paging<'d>>,
    base: &str,
    entry: &TargetEntry,
    shaper: &mut Shaper<'d>,
    made: &mut TraitMethod,
) {
    let site = |hint| Site { hint, direction: Direction::Answer, depth: 0 };
    if let (Some(Chosen::Json(..)), Some(pages)) = (&chosen, pages) {
        let rule: Vec<String> = pages.rule.iter().map(|(key, value)| argument(key, value)).collect();
        made.attributes.push(("paginate", rule));
        made.evidence.push(format!("it has pages: {}", pages.evidence));
        made.answer = Returned::Pages(shaper.shape(&pages.item, site(&format!("{base}Item"))));
        return;
    }
    let not_json = |kind: &str| Finding::new(Rule::AnswerNotJson, &operation.at, format!("the answer is {kind}"));
    made.answer = match chosen {
        None => Returned::Nothing,
        Some(Chosen::AnyJson) => Returned::Json(Type::Any),
        Some(Chosen::Json(media, at)) => {
            if media.ends_with("+json") && !entry.sends("accept") {
                made.attributes.push(("header", vec!["\"accept\"".to_owned(), format!("{media:?}")]));
            }
            let is = shaper.shape(&at, site(&format!("{base}Answer")));
            let empty = operation.answers.iter().find(|one| one.status == "204" && one.media.is_empty());
            if empty.is_some() {
                made.attributes.push(("absent", vec!["204".to_owned()]));
                Returned::Json(Type::Optional(Box::new(is.bare().clone())))
            } else {
                Returned::Json(is.bare().clone())
            }
        }
        Some(Chosen::Text) => {
            made.findings.push(not_json("text"));
            Returned::Text
        }
        Some(Chosen::Bytes) => {
            made.findings.push(not_json("bytes"));
            Returned::Bytes
        }
        Some(Chosen::Redirect) => {
            made.findings.push(not_json("a redirect"));
            Returned::Response
        }
    };
    let schemas: HashSet<Option<String>> = operation
        .answers
        .iter()
        .filter(|answer| answer.is_success() && !answer.media.is_empty())
        .map(|answer| answer.media.first().and_then(|(_, at)| Some(at.as_ref()?.resolved().ok()?.pointer)))
        .collect();
    if schemas.len() > 1 {
        let message = format!("{} answers of success with different bodies", schemas.len());
        made.findings.push(Finding::new(Rule::SeveralAnswers, &operation.at, message));
    }
}

fn argument(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key} = {value:?}") }
}
