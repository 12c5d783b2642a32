//! The stages in order.

use crate::api::{self, Api, Operation};
use crate::entry::TargetEntry;
use crate::method::{self, MethodContext, Returned, TraitMethod, method};
use crate::read::{At, Documents};
use crate::report::{Finding, Rule};
use crate::select::{Selection, select};
use crate::shape::{Item, Members, Shaper, Type, TypeNames, boxes, examples};
use crate::used::{reach, roots, settle, used};
use crate::write::{TypeStyle, WrittenTrait, code};
use keyway_compiler::lower::names;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The depth of structs where nothing else is said.
const DEFAULT_DEPTH: usize = 1;

/// Types and findings of one type that a listing looks at.
const MAX_LISTED: usize = 2_000;

/// The wishes of the caller.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The operations.
    pub selection: Selection,
    /// The name of the trait.
    pub trait_name: String,
    /// Structs within structs, at most.
    pub depth: usize,
    /// The members that a type has, by its name, as the document names them; a type that is not named has all.
    pub members: BTreeMap<String, Vec<String>>,
    /// True if a read that the document answers with 304 takes `If-None-Match`, and gives back the head with its
    /// `ETag`.
    pub is_conditional: bool,
    /// The text of types.
    pub style: TypeStyle,
}

impl Options {
    /// Everything of these operations that is not deep.
    pub fn new(selection: Selection, trait_name: impl Into<String>) -> Options {
        Options {
            selection,
            trait_name: trait_name.into(),
            depth: DEFAULT_DEPTH,
            members: BTreeMap::new(),
            is_conditional: false,
            style: TypeStyle::default(),
        }
    }
}

/// The outcome of an import.
#[derive(Debug)]
pub struct Imported {
    /// The ids of the operations that were asked for, those without a method included.
    pub operations: Vec<String>,
    /// The code below the marker.
    pub code: String,
    /// The methods that were written.
    pub methods: Vec<TraitMethod>,
    /// Everything that could not be said.
    pub findings: Vec<Finding>,
    /// The operations without a method: id and reason.
    pub refused: Vec<(String, String)>,
    /// The number of types.
    pub types: usize,
}

/// An operation in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRow {
    /// Its id.
    pub id: String,
    /// Its method, in upper case.
    pub verb: String,
    /// Its path.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The verdict on it.
    pub outcome: Sayable,
}

/// The verdict on an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sayable {
    /// All of it.
    Said,
    /// With this many findings.
    WithFindings(usize),
    /// Not at all, and why.
    NotSaid(String),
}

/// Writes operations for an entry. The error is a sentence, where the document is none or has none of them.
pub fn import(documents: &Documents, entry: &TargetEntry, options: &Options) -> Result<Imported, String> {
    let api = api::api(documents)?;
    let chosen = select(&api.operations, &options.selection)?;
    let mut made = make(documents, &api, entry, &chosen, options)?;
    documents.finish()?;
    boxes::end_recursion(&mut made.items);
    let (mut methods, mut refused, mut findings) = (Vec::new(), Vec::new(), api.findings.clone());
    findings.extend(made.general);
    for (place, outcome) in chosen.iter().zip(made.methods) {
        let operation = &api.operations[*place];
        match outcome {
            Ok(method) => methods.push(method),
            Err(reason) => {
                findings.push(Finding::new(Rule::NotSaid, &operation.at, format!("`{}`: {reason}", operation.id)));
                refused.push((operation.id.clone(), reason));
            }
        }
    }
    settle(&methods, &mut made.items);
    let used = used(&methods, &made.items);
    findings.extend(methods.iter().flat_map(|method| method.findings.clone()));
    findings.extend(used.iter().flat_map(|item| made.items[*item].findings.clone()));
    let provider = provider(entry.key);
    let written = WrittenTrait {
        trait_name: &options.trait_name,
        provider: &provider,
        methods: &methods,
        items: &made.items,
        used: &used,
        style: options.style,
    };
    let code = if methods.is_empty() { String::new() } else { code(written) };
    let operations = chosen.iter().map(|place| api.operations[*place].id.clone()).collect();
    Ok(Imported { operations, code, types: used.len(), methods, findings, refused })
}

/// The argument of `#[api]`: a module, whose name tells its type, or that type where it is called otherwise.
fn provider(key: &str) -> String {
    let (module, marker) = (names::module(key), names::marker(key));
    if names::camel(&module) == marker { module } else { format!("{module}::{marker}") }
}

/// Every operation of a document, and whether it can be said.
pub fn survey(documents: &Documents, entry: &TargetEntry, selection: &Selection) -> Result<Vec<OperationRow>, String> {
    let api = api::api(documents)?;
    let chosen =
        if selection.is_empty() { (0..api.operations.len()).collect() } else { select(&api.operations, selection)? };
    let made = make(documents, &api, entry, &chosen, &Options::new(Selection::default(), "Api"))?;
    documents.finish()?;
    let mut below: BTreeMap<usize, BTreeSet<&Finding>> = BTreeMap::new();
    let mut rows = Vec::new();
    for (place, outcome) in chosen.iter().zip(&made.methods) {
        let operation = &api.operations[*place];
        let outcome = match outcome {
            Err(reason) => Sayable::NotSaid(reason.clone()),
            Ok(method) => {
                let mut all: BTreeSet<&Finding> = method.findings.iter().collect();
                for root in roots(method) {
                    let found = below.entry(root).or_insert_with(|| {
                        let reached = reach([root], &made.items, MAX_LISTED);
                        let all = reached.into_iter().flat_map(|item| &made.items[item].findings);
                        all.take(MAX_LISTED).collect()
                    });
                    all.extend(found.iter());
                }
                // That a type is cut is what was asked for.
                all.retain(|finding| finding.rule != Rule::CutAtDepth);
                if all.is_empty() { Sayable::Said } else { Sayable::WithFindings(all.len()) }
            }
        };
        rows.push(row(operation, outcome));
    }
    Ok(rows)
}

fn row(operation: &Operation<'_>, outcome: Sayable) -> OperationRow {
    OperationRow {
        id: operation.id.clone(),
        verb: operation.verb.to_uppercase(),
        path: operation.path.to_owned(),
        tags: operation.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        outcome,
    }
}

/// The methods of operations, with all their types.
struct Made {
    methods: Vec<Result<TraitMethod, String>>,
    items: Vec<Item>,
    general: Vec<Finding>,
}

fn make<'d>(
    documents: &'d Documents,
    api: &Api<'d>,
    entry: &TargetEntry,
    chosen: &[usize],
    options: &Options,
) -> Result<Made, String> {
    let root = At::root(documents);
    let schemes = api::schemes(&root, api.version);
    let way = entry.way(&api.servers);
    let security = api::security(&root);
    let is_conditional = options.is_conditional;
    let context = MethodContext { entry, way: &way, schemes: &schemes, security, is_conditional };
    let module = names::module(entry.key);
    let names = TypeNames::new(&root, &[&options.trait_name, &module]);
    let mut shaper = Shaper::new(names, options.depth, Members::new(&options.members));
    // A name that another operation of the document has first is not free, whichever are written.
    let mut taken = HashSet::new();
    let methods =
        chosen.iter().map(|place| method(&api.operations[*place], &context, &mut shaper, &mut taken)).collect();
    shaper.finish();
    shaper.members.check(&shaper.items)?;
    let mut methods: Vec<Result<TraitMethod, String>> = methods;
    for (place, method) in chosen.iter().zip(&mut methods) {
        if let Ok(method) = method {
            hold_examples(&root, &api.operations[*place], method, &mut shaper.items);
        }
    }
    let general = way.problem.iter().map(|problem| Finding::new(Rule::ServerNotCovered, &root, problem.as_str()));
    Ok(Made { methods, general: general.collect(), items: shaper.items })
}

/// Widens the types of an answer to what the document's own examples have.
fn hold_examples(root: &At<'_>, operation: &Operation<'_>, method: &mut TraitMethod, items: &mut [Item]) {
    let spend: examples::Spend<'_> = &|steps| root.spend(steps);
    for example in method::examples(operation) {
        let example = &example;
        match &method.answer {
            Returned::Json(is) => {
                let wider = examples::widened(items, is, example, spend);
                // A text where a text is no answer is a description of one.
                let is_contradicted = wider == Type::Any && *is != Type::Any;
                if is_contradicted && !(example.is_object() || example.is_array()) {
                    continue;
                }
                if is_contradicted {
                    let message = "an example of the answer is another kind of JSON than its schema says";
                    method.findings.push(Finding::new(Rule::ContradictedByExample, &operation.at, message));
                }
                method.answer = Returned::Json(wider);
            }
            Returned::Pages(is) => {
                let rule = method.attributes.iter().find(|(name, _)| *name == "paginate");
                let path = rule.and_then(|(_, rule)| rule.iter().find_map(|one| one.strip_prefix("items = ")));
                let path = path.map(|path| path.trim_matches('"'));
                let list = path.iter().flat_map(|path| path.split('.')).try_fold(example, |value, key| value.get(key));
                let mut is = is.clone();
                for item in list.and_then(Value::as_array).into_iter().flatten() {
                    is = examples::widened(items, &is, item, spend);
                }
                method.answer = Returned::Pages(is);
            }
            _ => {}
        }
    }
}
