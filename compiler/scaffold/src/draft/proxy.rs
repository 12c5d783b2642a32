//! Where the API is, and how requests to it look.

use super::{host_of, line};
use crate::facts::{ApiFacts, Fact, ListPages, PagingFact, Placement};
use crate::text::{DraftValue, Line};
use keyway_spec::Mode;
use keyway_spec::mode::{Connect, Place, Verification};

/// The map `proxy`; none where a connection itself names the server.
pub(super) fn lines(key: &str, mode: Mode, facts: &ApiFacts) -> Option<Line> {
    if mode == Mode::McpOAuth2Generic && facts.base_url.is_none() {
        return None;
    }
    let guess =
        || Fact::guess(format!("https://api.{}.example", host_of(key)), "what does the URL of every call begin with?");
    let mut lines = vec![line("base_url", &facts.base_url.clone().unwrap_or_else(guess))];
    lines.extend(placed(mode, facts));
    lines.extend(retry(facts));
    lines.extend(facts.pages.as_ref().map(pages));
    lines.extend(verification(mode, facts));
    Some(Line::new("proxy", DraftValue::Map(lines)))
}

/// Where the credential stands, in a mode that leaves it to the entry or where it is not where the mode puts it.
fn placed(mode: Mode, facts: &ApiFacts) -> Option<Line> {
    let said = facts.placement.clone().filter(|fact| fact.value != Placement::BasicUser);
    let header = |name: &str, prefix: &str| Placement::Header { name: name.to_owned(), prefix: prefix.to_owned() };
    let (value, fact) = match mode.facts().place {
        Place::Templates if mode != Mode::None => {
            let question = "which header or parameter carries it, and with which prefix?";
            let made = if mode == Mode::ApiKey { header("authorization", "Bearer ") } else { header("x-wsse", "") };
            let value = if mode == Mode::ApiKey { "${apiKey}" } else { "${accessToken}" };
            (value, said.unwrap_or_else(|| Fact::guess(made, question)))
        }
        // The mode puts it there by itself.
        Place::Bearer if mode.facts().connect == Connect::Direct => {
            ("${accessToken}", said.filter(|fact| fact.value != header("authorization", "Bearer "))?)
        }
        Place::Templates | Place::Basic | Place::Bearer | Place::Headers | Place::Signature => return None,
    };
    let (map, mut placed) = match fact.value {
        Placement::Header { name, prefix } => ("headers", Line::text(name, format!("{prefix}{value}"))),
        Placement::Query(name) => ("query", Line::text(name, value)),
        Placement::BasicUser => return None,
    };
    (placed.from, placed.question) = (fact.from, fact.question);
    Some(Line::new(map, DraftValue::Map(vec![placed])))
}

/// True if a secret stands in the query, where logs and proxies see it.
pub(super) fn is_in_query(mode: Mode, facts: &ApiFacts) -> bool {
    let said = facts.placement.as_ref().is_some_and(|fact| matches!(fact.value, Placement::Query(_)));
    let place = mode.facts().place;
    let placed = place == Place::Templates && mode != Mode::None
        || place == Place::Bearer && mode.facts().connect == Connect::Direct;
    said && placed
}

fn retry(facts: &ApiFacts) -> Option<Line> {
    let list = |key: &str, headers: &[Fact<String>]| {
        let items = headers.iter().map(|fact| (fact.value.clone(), fact.from.clone())).collect();
        let question = headers.iter().find_map(|fact| fact.question.clone());
        let line = Line::new(key, DraftValue::Items(items));
        (!headers.is_empty()).then_some(Line { question, ..line })
    };
    let lines: Vec<Line> =
        [list("at", &facts.retry_at), list("after", &facts.retry_after)].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| Line::new("retry", DraftValue::Map(lines)))
}

fn pages(fact: &Fact<ListPages>) -> Line {
    let ListPages { rule, limit, items } = &fact.value;
    let kind = |word: &str| Line::new("type", DraftValue::Word(word.to_owned()));
    let mut lines = match rule {
        PagingFact::LinkHeader => vec![kind("link"), Line::text("link_rel_in_response_header", "next")],
        PagingFact::LinkBody(path) => vec![kind("link"), Line::text("link_path_in_response_body", path)],
        PagingFact::Cursor { name, path } => vec![
            kind("cursor"),
            Line::text("cursor_name_in_request", name),
            Line::text("cursor_path_in_response", path),
        ],
        PagingFact::Offset { name, pages } => {
            let mut lines = vec![kind("offset"), Line::text("offset_name_in_request", name)];
            if *pages {
                lines.push(Line::new("offset_start_value", DraftValue::Word("1".to_owned())));
                lines.push(Line::new("offset_calculation_method", DraftValue::Word("per-page".to_owned())));
            }
            lines
        }
    };
    lines.extend(limit.as_ref().map(|name| Line::text("limit_name_in_request", name)));
    lines.extend(items.as_ref().map(|path| Line::text("response_path", path)));
    Line {
        key: "paginate".to_owned(),
        value: DraftValue::Map(lines),
        from: fact.from.clone(),
        question: fact.question.clone(),
    }
}

/// The request that proves a credential, where nothing else does.
fn verification(mode: Mode, facts: &ApiFacts) -> Option<Line> {
    if mode.facts().verification == Verification::Nothing {
        return None;
    }
    let fact = facts.probe.clone().unwrap_or_else(|| {
        let question = "which read needs few rights, changes nothing, and fails with a wrong credential?";
        Fact::guess("/me".to_owned(), question)
    });
    let lines = vec![
        Line::new("method", DraftValue::Word("GET".to_owned())),
        Line::new("endpoints", DraftValue::Items(vec![(fact.value, fact.from)])),
    ];
    Some(Line { question: fact.question, ..Line::new("verification", DraftValue::Map(lines)) })
}
