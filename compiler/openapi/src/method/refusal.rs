//! The type of a refusal's body.

use super::essence;
use crate::api::{DocumentAnswer, Operation};
use crate::shape::{Direction, Shaper, Site, Type};

/// The body of refusals: that of `default`, else of the first one with JSON.
pub(super) fn refusal<'d>(operation: &Operation<'d>, base: &str, shaper: &mut Shaper<'d>) -> Option<Type> {
    if operation.answers.len() == 1 {
        return None;
    }
    let default = operation.answers.iter().find(|answer| answer.status == "default");
    let first = || operation.answers.iter().filter(|answer| answer.is_refusal() && answer.status != "default");
    let of = |answer: &DocumentAnswer<'d>| {
        let json = answer.media.iter().find(|(media, _)| essence(media).contains("json"))?;
        json.1.clone()
    };
    let at = default.and_then(of).or_else(|| first().find_map(of))?;
    let hint = format!("{base}Error");
    let is = shaper.shape(&at, Site { hint: &hint, direction: Direction::Answer, depth: 0 });
    is.bare().item().is_some().then(|| is.bare().clone()).filter(|is| matches!(is, Type::Named(_)))
}
