//! An operation as a method of a trait, or the reason for which it is none.

use crate::api::{Body, DocumentAnswer, Operation, Parameter, Scheme, SentIn, Style};
use crate::entry::{TargetEntry, Way, split};
use crate::pages::{Paging, paging};
use crate::read::At;
use crate::report::{Finding, Rule};
use crate::shape::{Direction, ItemKind, Shaper, Site, StructField, Type, distinct, peel, view};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::HashSet;
use std::fmt::Write as _;

/// Optional parameters that a method takes one by one; more of them are a struct.
const MAX_SINGLE: usize = 2;
/// TypeNames of methods that a client has itself: one of a trait could not be called.
#[rustfmt::skip]
const OF_CLIENTS: [&str; 14] = [
    "authorize", "call", "clone", "connection", "delete", "get", "head", "patch", "pages", "post", "put", "request",
    "retries", "send",
];

/// A method of the trait.
#[derive(Clone, Debug)]
pub struct TraitMethod {
    /// The operation's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `get`, and its like.
    pub verb: &'static str,
    /// The path, with the names of arguments.
    pub path: String,
    /// The page that documents it.
    pub docs: Option<String>,
    /// Attributes above it: name and arguments.
    pub attributes: Vec<(&'static str, Vec<String>)>,
    /// The arguments.
    pub arguments: Vec<Argument>,
    /// The answer.
    pub answer: Returned,
    /// The body of a refusal.
    pub refusal: Option<Type>,
    /// Findings about it.
    pub findings: Vec<Finding>,
    /// Conclusions from the document, each with its ground.
    pub evidence: Vec<String>,
}

/// An argument of a method.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its attribute, without brackets; empty for a value of the path.
    pub attribute: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub is: Taken,
}

/// The type of an argument.
#[derive(Clone, Debug)]
pub enum Taken {
    /// A value, borrowed where that is cheaper.
    Value(Type),
    /// As it stands here.
    Literal(&'static str),
}

/// The type of an answer.
#[derive(Clone, Debug)]
pub enum Returned {
    /// The body of a success is passed over.
    Nothing,
    /// JSON.
    Json(Type),
    /// Pages of items.
    Pages(Type),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// The response as it comes.
    Response,
}

/// The facts that all methods share.
pub(crate) struct MethodContext<'d> {
    /// The entry.
    pub entry: &'d TargetEntry,
    /// The way to the document's server.
    pub way: &'d Way,
    /// The schemes of the document.
    pub schemes: &'d [(&'d str, Scheme)],
    /// The ways to sign in of the document.
    pub security: Option<Vec<Vec<&'d str>>>,
}

/// The method of an operation. The error is why there is none: a few words, for a table.
pub(crate) fn method<'d>(
    operation: &Operation<'d>,
    context: &MethodContext<'d>,
    shaper: &mut Shaper<'d>,
    taken: &mut HashSet<String>,
) -> Result<TraitMethod, String> {
    let mut made = TraitMethod {
        id: operation.id.clone(),
        name: String::new(),
        verb: operation.verb,
        path: String::new(),
        docs: operation.docs.filter(|url| is_url(url)).map(str::to_owned),
        attributes: Vec::new(),
        arguments: Vec::new(),
        answer: Returned::Nothing,
        refusal: None,
        findings: operation.findings.clone(),
        evidence: Vec::new(),
    };
    if matches!(operation.verb, "options" | "trace") {
        return Err(format!("method {}", operation.verb.to_uppercase()));
    }
    let (prefix, host) = way(operation, context)?;
    made.attributes.extend(host.map(|host| ("host", vec![format!("{host:?}")])));
    secure(operation, context, &mut made);
    let base = camel(&operation.id);
    shaper.findings.clear();

    let mut scope = HashSet::new();
    path(operation, &prefix, shaper, &mut scope, &mut made)?;
    let (answer, chosen) = answer(operation)?;
    let pages = answer.as_ref().zip(chosen.as_ref()).and_then(|(answer, at)| match at {
        Chosen::Json(_, at) => paging(operation, at, &answer.headers),
        _ => None,
    });
    let pages = pages.filter(|pages| {
        let has_list = shows_list(operation, pages);
        if !has_list {
            let message = "it seems to have pages, and an example has no list where they would be";
            made.findings.push(Finding::new(Rule::PagesUnknown, &operation.at, message));
        }
        has_list
    });
    let set_by_pages = pages.as_ref().map(|pages| pages.parameters.clone()).unwrap_or_default();
    parameters(operation, context.entry, &base, &set_by_pages, shaper, &mut scope, &mut made)?;
    if let Some(body) = operation.body.as_ref().filter(|body| has_content(operation, body)) {
        take_body(body, &base, shaper, &mut scope, &mut made)?;
    }
    give(operation, chosen, pages, &base, context.entry, shaper, &mut made);
    made.refusal = refusal(operation, &base, shaper);
    made.findings.append(&mut shaper.findings);
    let name = escape(&snake(&operation.id));
    let name = if OF_CLIENTS.contains(&name.as_str()) { format!("{name}_call") } else { name };
    made.name = distinct(taken, &name);
    Ok(made)
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") && text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\')
}

/// The text before the path, and the host where it is another than the document's.
fn way(operation: &Operation<'_>, context: &MethodContext<'_>) -> Result<(String, Option<String>), String> {
    if operation.servers.is_empty() {
        return Ok((context.way.prefix.clone(), None));
    }
    let own = context.entry.way(&operation.servers);
    if own.host.is_none() || own.host == context.way.host {
        return Ok((own.prefix, None));
    }
    let host = own.host.unwrap_or_default();
    if !context.entry.has_host(&host) {
        return Err("a server that is no host of the entry".to_owned());
    }
    let server = operation.servers.iter().find(|url| split(url).0.as_deref() == Some(&host));
    let path = server.map(|url| split(url).1).unwrap_or_default();
    Ok((path.trim_end_matches('/').to_owned(), Some(host)))
}

fn secure(operation: &Operation<'_>, context: &MethodContext<'_>, made: &mut TraitMethod) {
    let Some(ways) = operation.security.as_ref().or(context.security.as_ref()) else { return };
    let scheme = |name: &&str| context.schemes.iter().find(|(other, _)| other == name).map(|(_, scheme)| scheme);
    let is_covered =
        |way: &Vec<&str>| way.iter().all(|name| scheme(name).is_none_or(|scheme| context.entry.covers(scheme)));
    if !ways.is_empty() && !ways.iter().any(is_covered) {
        let names: Vec<String> = ways.iter().map(|way| format!("`{}`", way.join("` and `"))).collect();
        let message = format!("it asks for {}, which `{}` does not send", names.join(" or "), context.entry.key);
        made.findings.push(Finding::new(Rule::SecurityNotCovered, &operation.at, message));
    }
}

/// The path with the names of arguments in its placeholders.
fn path<'d>(
    operation: &Operation<'d>,
    prefix: &str,
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let written = operation.path.split('#').next().unwrap_or_default();
    let written = format!("{prefix}{written}");
    let no_path = || Err("a path that cannot be sent".to_owned());
    let is_sendable = written.starts_with('/')
        && written.chars().all(|c| c.is_ascii_graphic() && c != '\\')
        && !written.split(['/', '?']).any(|part| matches!(part, "." | ".."));
    if !is_sendable || written.contains("//") {
        return no_path();
    }
    let mut rest = written.as_str();
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { return no_path() };
        if text.contains(['}', '?']) {
            return no_path();
        }
        let wire = name.trim_start_matches('+').trim_end_matches('*');
        let declared = operation.parameters.iter().find(|one| one.place == SentIn::Path && one.name == wire);
        let argument = distinct(scope, &escape(&snake(wire)));
        let schema = declared.and_then(|one| one.schema.as_ref());
        let hint = format!("{}{}", camel(&operation.id), camel(wire));
        let is = schema.map(|at| shaper.shape(at, site(&hint)));
        if declared.is_none() {
            let message = format!("`{{{name}}}` is no parameter of the operation");
            made.findings.push(Finding::new(Rule::UndeclaredPlaceholder, &operation.at, message));
        }
        let is = match is.map(|is| is.bare().clone()) {
            Some(Type::Integer) => Taken::Value(Type::Integer),
            Some(Type::Named(item)) if matches!(shaper.items[item].kind, ItemKind::Choice(..)) => {
                Taken::Value(Type::Named(item))
            }
            _ => Taken::Value(Type::Text),
        };
        let star = if declared.is_some_and(|one| one.keeps_slashes) { "*" } else { "" };
        let _ = write!(made.path, "{text}{{{argument}{star}}}");
        made.arguments.push(Argument { attribute: String::new(), name: argument, is });
        rest = after;
    }
    if rest.contains('}') {
        return no_path();
    }
    made.path.push_str(rest);
    Ok(())
}

fn site(hint: &str) -> Site<'_> {
    Site { hint, direction: Direction::Request, depth: 0 }
}

/// Headers and the query.
fn parameters<'d>(
    operation: &Operation<'d>,
    entry: &TargetEntry,
    base: &str,
    set_by_pages: &[String],
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let mut optional: Vec<(&Parameter<'d>, Type)> = Vec::new();
    for one in &operation.parameters {
        let lower = one.name.to_ascii_lowercase();
        match one.place {
            SentIn::Path => continue,
            SentIn::Query if entry.asks(one.name) || set_by_pages.iter().any(|set| set == one.name) => continue,
            SentIn::Header if matches!(lower.as_str(), "accept" | "content-type" | "authorization") => continue,
            SentIn::Header if entry.sends(&lower) => continue,
            SentIn::Header if lower.ends_with("idempotency-key") => {
                made.attributes.push(("idempotent", vec![format!("{lower:?}")]));
                made.evidence.push(format!("the header `{}` makes it safe to send again", one.name));
                continue;
            }
            _ => {}
        }
        let unsent = one.place == SentIn::Cookie
            || one.style == Style::Content
            || (one.place == SentIn::Header && !is_header(&lower))
            || one.name.is_empty();
        if unsent {
            if one.is_required {
                return Err(match one.place {
                    SentIn::Cookie => "a required cookie".to_owned(),
                    _ => "a required parameter that is itself a document".to_owned(),
                });
            }
            let message = format!("the parameter `{}`", one.name);
            made.findings.push(Finding::new(Rule::ParameterLeftOut, &one.at, message));
            continue;
        }
        let hint = format!("{base}{}", camel(one.name));
        let is = one.schema.as_ref().map_or(Type::Text, |at| shaper.shape(at, site(&hint)));
        let is = is.bare().clone();
        if one.place == SentIn::Query && !one.is_required && joins_struct(one, &is, shaper) {
            optional.push((one, is));
        } else {
            made.arguments.push(single(one, is, scope, shaper));
        }
    }
    if optional.len() <= MAX_SINGLE {
        made.arguments.extend(optional.into_iter().map(|(one, is)| single(one, is, scope, shaper)));
        return Ok(());
    }
    let (mut names, mut fields) = (HashSet::new(), Vec::new());
    for (one, is) in optional {
        fields.push(StructField {
            wire: one.name.to_owned(),
            name: distinct(&mut names, &escape(&snake(one.name))),
            is,
            is_plain: false,
            is_boxed: false,
            is_required: false,
        });
    }
    let is = shaper.add(&format!("{base}Query"), fields);
    made.arguments.push(Argument {
        attribute: "query".to_owned(),
        name: distinct(scope, "query"),
        is: Taken::Value(is),
    });
    Ok(())
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// True for what a struct of parameters can hold: single values, and lists that are repeated.
fn joins_struct(one: &Parameter<'_>, is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::List(of) => one.style == Style::Repeat && is_single(of, shaper),
        other => is_single(other, shaper),
    }
}

fn is_single(is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::Bool | Type::Integer | Type::Number | Type::Text => true,
        Type::Named(item) => matches!(shaper.items[*item].kind, ItemKind::Choice(..)),
        _ => false,
    }
}

/// A parameter as an argument of its own.
fn single(one: &Parameter<'_>, is: Type, scope: &mut HashSet<String>, shaper: &Shaper<'_>) -> Argument {
    let name = distinct(scope, &escape(&snake(one.name)));
    let kind = if one.place == SentIn::Header { "header" } else { "query" };
    let is = if one.place == SentIn::Header && !is_single(&is, shaper) { Type::Text } else { is };
    let style = match (&is, one.style) {
        _ if one.place == SentIn::Header || is_single(&is, shaper) => "",
        (Type::List(_), Style::DeepObject) => "brackets",
        (_, Style::DeepObject) => "deep_object",
        (Type::List(_), Style::Comma) => "comma",
        (Type::List(_), Style::Space) => "space",
        (Type::List(_), Style::Pipe) => "pipe",
        (Type::List(of), _) if is_single(of, shaper) => "",
        // An object that is no struct, or a list of objects: the usual way of vendors that have such.
        _ => "brackets",
    };
    let attribute = match (kind, style, one.place) {
        ("query", "", _) if name == one.name => "query".to_owned(),
        (kind, "", SentIn::Header) => format!("{kind}({:?})", one.name.to_ascii_lowercase()),
        (kind, "", _) => format!("{kind}({:?})", one.name),
        (kind, style, _) => format!("{kind}({:?}, style = {style:?})", one.name),
    };
    let is = if one.is_required { is } else { Type::Optional(Box::new(is)) };
    Argument { attribute, name, is: Taken::Value(is) }
}

fn take_body<'d>(
    body: &Body<'d>,
    base: &str,
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let find = |is: &dyn Fn(&str) -> bool| body.media.iter().find(|(media, _)| is(&essence(media)));
    let name = distinct(scope, "body");
    let hint = format!("{base}Body");
    let mut push = |attribute: String, is: Taken| {
        made.arguments.push(Argument { attribute, name: name.clone(), is });
        Ok(())
    };
    let json = find(&|media| media == "application/json" || media == "*/*")
        .or_else(|| find(&|media| media.ends_with("+json")));
    if let Some((media, schema)) = json {
        let is = schema.as_ref().map_or(Type::Any, |at| shaper.shape(at, site(&hint)));
        let media = essence(media);
        let attribute = if media.ends_with("+json") { format!("body(json = {media:?})") } else { "body".to_owned() };
        return push(attribute, Taken::Value(is.bare().clone()));
    }
    if let Some((media, schema)) = find(&|media| media == "application/x-www-form-urlencoded") {
        let is = match schema {
            Some(at) => shaper.shape(at, site(&hint)).bare().clone(),
            None => form(body, &hint, shaper),
        };
        let has_deep = body.at.path(&["content", media, "encoding"]).iter().flat_map(At::members).count() > 0;
        let attribute = if has_deep || is_nested(&is, shaper) { "body(form = \"brackets\")" } else { "body(form)" };
        return push(attribute.to_owned(), Taken::Value(is));
    }
    if find(&|media| media.starts_with("multipart/")).is_some() {
        made.findings.push(Finding::new(Rule::RawBody, &body.at, "a body of several parts"));
        return push("body(multipart)".to_owned(), Taken::Literal("keyway::Multipart"));
    }
    let raw = |media: &str| !media.contains("xml") && !media.contains(['*', '"', '\\']) && media.contains('/');
    if let Some((media, _)) = find(&raw) {
        let media = essence(media);
        made.findings.push(Finding::new(Rule::RawBody, &body.at, format!("a body of `{media}`")));
        let is = if media.starts_with("text/") { "&str" } else { "Vec<u8>" };
        return push(format!("body(bytes = {media:?})"), Taken::Literal(is));
    }
    match body.media.first() {
        Some((media, _)) if media.contains("xml") => Err("a body of XML".to_owned()),
        _ => Err("a body of any kind".to_owned()),
    }
}

/// False for the body of a request that has none: an object without members, where a body is unusual.
fn has_content(operation: &Operation<'_>, body: &Body<'_>) -> bool {
    let is_usual = matches!(operation.verb, "post" | "put" | "patch");
    let is_something = |at: &At<'_>| {
        peel(at).is_ok_and(|(at, _)| {
            let view = view(&at);
            !(view.is_empty() || view.is_object() && view.properties.is_empty() && view.variants.is_empty())
        })
    };
    is_usual || !body.form.is_empty() || body.media.iter().any(|(_, at)| at.as_ref().is_some_and(is_something))
}

/// A media type without its parameters, in lower case.
fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Swagger 2.0: a form whose fields are parameters.
fn form<'d>(body: &Body<'d>, hint: &str, shaper: &mut Shaper<'d>) -> Type {
    let (mut names, mut fields) = (HashSet::new(), Vec::new());
    for at in &body.form {
        let Some(wire) = at.text("name") else { continue };
        let is = shaper.shape(at, site(&format!("{hint}{}", camel(wire))));
        let is_required = at.flag("required");
        fields.push(StructField {
            wire: wire.to_owned(),
            name: distinct(&mut names, &escape(&snake(wire))),
            is_plain: is_required && matches!(is, Type::Text | Type::Integer | Type::Number | Type::Bool),
            is: is.bare().clone(),
            is_boxed: false,
            is_required,
        });
    }
    shaper.add(hint, fields)
}

/// True for a form with lists or objects in it. Its struct may not have its fields yet, so this asks for more than it
/// needs: a form of single values is the same in both spellings.
fn is_nested(is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::Named(item) => match &shaper.items[*item].kind {
            ItemKind::Struct(fields) => fields.is_empty() || fields.iter().any(|field| !is_single(&field.is, shaper)),
            _ => true,
        },
        _ => true,
    }
}

/// The answer that was chosen, by its media type.
enum Chosen<'d> {
    Json(String, At<'d>),
    AnyJson,
    Text,
    Bytes,
    Redirect,
}

/// The answer of a success with a body, and how that is read; none where no success has a body.
fn answer<'o, 'd>(
    operation: &'o Operation<'d>,
) -> Result<(Option<&'o DocumentAnswer<'d>>, Option<Chosen<'d>>), String> {
    let successes: Vec<&DocumentAnswer<'d>> = operation.answers.iter().filter(|answer| answer.is_success()).collect();
    let with_body = successes.iter().find(|answer| !answer.media.is_empty()).copied();
    let Some(answer) = with_body else {
        if successes.is_empty() && operation.answers.iter().any(DocumentAnswer::is_redirect) {
            return Ok((None, Some(Chosen::Redirect)));
        }
        let only = operation.answers.iter().find(|answer| answer.status == "default" && operation.answers.len() == 1);
        match only.filter(|only| successes.is_empty() && !only.media.is_empty()) {
            Some(only) => return Ok((Some(only), Some(read_as(only)?))),
            None => return Ok((successes.first().copied(), None)),
        }
    };
    Ok((Some(answer), Some(read_as(answer)?)))
}

/// False if an example of the document has no list where the items of a page are named.
fn shows_list(operation: &Operation<'_>, pages: &Paging<'_>) -> bool {
    let Some((_, path)) = pages.rule.iter().find(|(key, _)| *key == "items") else { return true };
    examples(operation).iter().all(|example| {
        let found = path.split('.').try_fold(example, |value, key| value.get(key));
        found.is_some_and(serde_json::Value::is_array)
    })
}

/// The document's examples of the answer that was chosen.
pub(crate) fn examples(operation: &Operation<'_>) -> Vec<serde_json::Value> {
    let Ok((Some(answer), Some(Chosen::Json(..)))) = answer(operation) else { return Vec::new() };
    let mut examples = Vec::new();
    let media = answer.at.get("content").map(|content| content.members()).unwrap_or_default();
    for (_, at) in media.into_iter().filter(|(media, _)| essence(media).contains("json")) {
        examples.extend(at.get("example").map(|example| example.value));
        for (_, example) in at.get("examples").map(|examples| examples.members()).unwrap_or_default() {
            examples.extend(example.resolved().ok().and_then(|example| Some(example.get("value")?.value)));
        }
        let schema = at.get("schema").and_then(|schema| schema.resolved().ok());
        examples.extend(schema.and_then(|schema| Some(schema.get("example")?.value)));
    }
    // Some documents write their examples as JSON in a text.
    let inner = |example: &serde_json::Value| serde_json::from_str(example.as_str()?).ok();
    examples.into_iter().map(|example| inner(example).unwrap_or_else(|| example.clone())).collect()
}

fn read_as<'d>(answer: &DocumentAnswer<'d>) -> Result<Chosen<'d>, String> {
    let find = |is: &dyn Fn(&str) -> bool| answer.media.iter().find(|(media, _)| is(&essence(media)));
    let json = find(&|media| media == "application/json" || media == "*/*")
        .or_else(|| find(&|media| media.ends_with("+json") || media.ends_with("/json")));
    if let Some((media, schema)) = json {
        let Some(at) = schema else { return Ok(Chosen::AnyJson) };
        if essence(media) == "*/*" && at.text("type") == Some("string") {
            return Ok(Chosen::Bytes);
        }
        return Ok(Chosen::Json(essence(media), at.clone()));
    }
    if find(&|media| media.contains("xml")).is_some() {
        return Err("an answer of XML".to_owned());
    }
    Ok(if find(&|media| media.starts_with("text/")).is_some() { Chosen::Text } else { Chosen::Bytes })
}

fn give<'d>(
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

/// The body of refusals: that of `default`, else of the first one with JSON.
fn refusal<'d>(operation: &Operation<'d>, base: &str, shaper: &mut Shaper<'d>) -> Option<Type> {
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
