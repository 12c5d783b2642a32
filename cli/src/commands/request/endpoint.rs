//! Calls of an endpoint: one, or those of the first pages of its list.
//!
//! Nothing is sent, so every page is shown where its number follows from the one before. Of a cursor the second one is
//! shown, with a word in the place of what the first would have to say; a note says where that stands.

use super::Args;
use crate::commands::pairs::Pair;
use crate::commands::plural;
use crate::exit::Failure;
use crate::terminal::say;
use keyway::clock::{Moment, System};
use keyway::operation::{self, GivenValues, ParameterFault, ParameterProblem};
use keyway::request::Call;
use keyway_spec::operation::ValueKind;
use keyway_spec::proxy::{OffsetCount, PaginateKind};
use keyway_spec::{Operation, Paginate};

/// The most pages that are shown.
pub(super) const MAX_PAGES: i64 = 100;

/// The word that stands for a cursor.
const NEXT: &str = "NEXT";

/// The calls of an operation, in order.
pub(super) fn calls(operation: &Operation, args: &Args) -> Result<Vec<Call>, Failure> {
    if args.data.is_some() {
        let message = "`--data` goes with a method and a path: give members of the body with `--param`";
        return Err(Failure::usage(message));
    }
    let mut given = given(args, None)?;
    let rule = operation.paginate.filter(|_| args.page_size.is_some() || args.pages.is_some());
    if let Some(size) = args.page_size {
        let name = rule.and_then(|rule| rule.limit_name).ok_or_else(|| without_pages(operation, rule))?;
        given = given.json(name, size.into());
    }
    let Some(pages) = args.pages else { return Ok(vec![call(operation, given, args)?]) };
    let rule = rule.ok_or_else(|| without_pages(operation, None))?;
    let (name, start, count) = match rule.kind {
        PaginateKind::Offset { name, start, count } => (name, start, count),
        PaginateKind::Cursor { name, .. }
        | PaginateKind::LastItem { name, .. }
        | PaginateKind::HeaderCursor { name, .. }
            if pages > 1 =>
        {
            say(&note(&rule));
            let mut next = self::given(args, Some(name))?;
            if let (Some(size), Some(limit)) = (args.page_size, rule.limit_name) {
                next = next.json(limit, size.into());
            }
            return with_cursor(operation, (given, next), args, name, rule.cursor_in_header);
        }
        _ => {
            say(&note(&rule));
            return Ok(vec![call(operation, given, args)?]);
        }
    };
    let step = match (count, args.page_size) {
        (OffsetCount::Pages, _) => 1,
        (OffsetCount::Items, Some(size)) => size,
        (OffsetCount::Items, None) if pages == 1 => 0,
        (OffsetCount::Items, None) => {
            let message = format!("`{name}` counts items, so say with `--page-size` how many a page has");
            return Err(Failure::usage(message));
        }
    };
    let page = |number: i64| call(operation, given.clone().json(name, (start + number * step).into()), args);
    (0..pages).map(page).collect()
}

/// The calls of the first page and of the one behind it, whose cursor is [`NEXT`].
fn with_cursor(
    operation: &Operation,
    (given, next): (GivenValues, GivenValues),
    args: &Args,
    name: &str,
    in_header: bool,
) -> Result<Vec<Call>, Failure> {
    let first = call(operation, given, args)?;
    if in_header {
        let mut behind = first.clone();
        behind.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        return Ok(vec![first, behind.header(name, NEXT)]);
    }
    // A name with dots is a place inside the body, which no option gives.
    if !operation::parameters(operation).iter().any(|parameter| parameter.name == name) {
        return Ok(vec![first]);
    }
    Ok(vec![first, call(operation, next.json(name, NEXT.into()), args)?])
}

/// The values that were given, but for one of this name.
fn given(args: &Args, without: Option<&str>) -> Result<GivenValues, Failure> {
    let is_other = |pair: &&Pair| without != Some(&*pair.name);
    let texts = args.param.iter().filter(is_other);
    let texts = texts.fold(GivenValues::default(), |given, pair| given.text(&*pair.name, &*pair.value));
    // Read here and not by the parser of the command line, which would repeat the value.
    args.param_json.iter().filter(is_other).try_fold(texts, |given, Pair { name, value }| {
        match serde_json::from_str(value) {
            Ok(value) => Ok(given.json(&**name, value)),
            Err(error) => Err(Failure::usage(format!(
                "what `--param-json` gives `{name}` is not JSON (column {}); a text stands in quotation marks there",
                error.column()
            ))),
        }
    })
}

fn call(operation: &Operation, given: GivenValues, args: &Args) -> Result<Call, Failure> {
    let headers = args.header.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect();
    let moment = Moment::take(&System).map_err(|error| Failure::usage(error.to_string()))?;
    let call = operation::call(operation, given, headers, &moment.uuid);
    call.map_err(|problems| Failure::usage(refusal(operation, &problems)))
}

fn refusal(operation: &Operation, problems: &[ParameterProblem]) -> String {
    let known = operation::parameters(operation);
    let lines = problems.iter().map(|problem| {
        let name = &problem.parameter;
        let parameter = known.iter().find(|parameter| parameter.name == name);
        let option = match parameter.map(|parameter| parameter.kind) {
            Some(ValueKind::Any) => format!(" (`--param-json '{name}=...'`)"),
            Some(_) if problem.fault == ParameterFault::Missing => format!(" (`--param {name}=...`)"),
            _ => String::new(),
        };
        format!("\n  {problem}{option}")
    });
    let count = plural(problems.len(), "parameter is", "parameters are");
    format!("`{}` cannot be called so: {count} wrong{}", operation.name, lines.collect::<String>())
}

fn without_pages(operation: &Operation, rule: Option<Paginate>) -> Failure {
    let name = operation.name;
    Failure::usage(match rule {
        Some(_) => {
            format!("the rule of the pages of `{name}` names no parameter for their size: leave `--page-size` out")
        }
        None => format!("`{name}` has no pages: leave `--page-size` and `--pages` out"),
    })
}

/// Where the next page would be found, and whether there is one.
fn note(rule: &Paginate) -> String {
    let cursor = |name: &str, place: String| {
        let name = if rule.cursor_in_header { format!("the header `{name}`") } else { format!("`{name}`") };
        format!("has in {name} what stands {place} (`{NEXT}`)")
    };
    let next = match rule.kind {
        PaginateKind::Cursor { name, path } => cursor(name, format!("at `{path}` of this one's answer")),
        PaginateKind::LastItem { name, path } => cursor(name, format!("at `{path}` of this one's last item")),
        PaginateKind::HeaderCursor { name, header } => {
            cursor(name, format!("in the header `{header}` of this one's answer"))
        }
        PaginateKind::LinkHeader { rel } => format!("is the link `{rel}` in the `Link` header of this one's answer"),
        PaginateKind::LinkBody { path } => format!("is the URL at `{path}` of this one's answer"),
        PaginateKind::Offset { name, .. } => format!("has the next `{name}`"),
    };
    let more = rule.more.map(|path| format!("; there is one while `{path}` is true")).unwrap_or_default();
    format!("note: the request of the next page {next}{more}")
}
