//! `keyway import openapi`: operations of an OpenAPI document as a trait of typed endpoints.
//!
//! The crate `keyway-openapi` decides what is written; here are the files.

use super::super::generated::output_failure;
use super::super::plural;
use super::table;
use super::writing::Writing;
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::lower::names;
use keyway_compiler::output;
use keyway_openapi::endpoints::{ImportedEndpoints, endpoints};
use keyway_openapi::entry::TargetEntry;
use keyway_openapi::overlay;
use keyway_openapi::read::{self, Documents};
use keyway_openapi::report::{Finding, Rule, printed};
use keyway_openapi::select::Selection;
use keyway_openapi::write::file;
use keyway_openapi::{Imported, Options, import, survey};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  keyway import openapi github.json --list --tag issues
  keyway import openapi github.json --entry github --only issues/list-for-repo,issues/create -o src/issues.rs
  keyway import openapi github.json --entry github -o src/issues.rs --update   the same operations, from a newer document
  keyway import openapi github.json --entry github -o src/issues.rs --check    fail if that would change the file
  keyway import openapi github.json --entry github --only issues/list-for-repo --as-endpoints -o overlay.yaml
  keyway import openapi github.json --overlay ours.yaml --list                 the document as an overlay changes it

The document is OpenAPI 3.0, 3.1 or Swagger 2.0, as JSON or YAML; files that it refers to are read from its folder, and
nothing is fetched. Only what the named operations use is written, and the file is yours: it needs `serde`,
`serde_json` and the feature `macros` of `keyway`, and the document no longer. `--as-endpoints` writes the operations as
`keyway.endpoints` of the entry: an overlay in YAML, for `keyway request`, `POST /call` and every program of the catalogue.

Exit codes: 0 written, or up to date; 1 an operation could not be written, or `--check` found a difference; 2 wrong usage,
or a document that cannot be read";

const USAGE: &str = "keyway import openapi DOC";
/// Said where no operation is chosen.
const NOTHING_CHOSEN: &str = "name the operations to write with `--only`, `--tag` or `--path`; `--list` shows them";

/// The operations to write, and the file for them.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The document; `-` is standard input
    document: PathBuf,
    /// The entry whose credentials, hosts and retries the calls use
    #[arg(long, value_name = "KEY", required_unless_present = "list")]
    entry: Option<String>,
    /// Operations by id, or by method and path (`GET /user`); may be given several times
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    only: Vec<String>,
    /// All operations with a tag; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// All operations of a path, or of all that begin so (`/issues*`); may be given several times
    #[arg(long, value_name = "PATH")]
    path: Vec<String>,
    /// An overlay (OpenAPI Overlay 1.0, 1.1) that changes the document before it is used; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// List operations instead, and which of them can be written
    #[arg(long, conflicts_with_all = ["out", "check", "update"])]
    list: bool,
    /// The file to write; without it, standard output
    #[arg(short, long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the file anew below its marker, and keep what stands above. Without a choice, the same operations
    #[arg(long, requires = "out")]
    update: bool,
    /// Write nothing; fail if the file would change, and print the difference
    #[arg(long, requires = "out")]
    check: bool,
    #[command(flatten)]
    writing: Writing,
    /// Write the operations as `keyway.endpoints` of the entry instead: YAML, to be laid over a catalogue
    #[arg(long, conflicts_with_all = ["list", "update", "check", "depth", "trait_name", "members", "conditional", "docs", "unknown", "dates"])]
    as_endpoints: bool,
    /// The providers to read; without it, those built into keyway
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// A file laid over the providers, entry by entry; may be given several times
    #[arg(long, value_name = "FILE", requires = "catalogue")]
    catalogue_overlay: Vec<PathBuf>,
}

/// Lists, or writes.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let spec = match &args.entry {
        Some(key) => {
            let providers = CatalogueArgs::new(args.catalogue.clone(), args.catalogue_overlay.clone());
            Some(catalogue::provider(&catalogue::load(&providers, std::slice::from_ref(key), terminal)?, key)?)
        }
        None => None,
    };
    let entry = spec.map_or_else(TargetEntry::any, TargetEntry::new);
    let before = args.out.as_deref().map(before).transpose()?.flatten();
    let selection = selection(args, before.as_deref())?;
    let progress = terminal.progress(format!("reading {}", input::name(&args.document)));
    let (documents, unmatched) = documents(args)?;
    if args.list {
        let rows = survey(&documents, &entry, &selection).map_err(Failure::usage)?;
        drop(progress);
        for finding in printed(&documents, &unmatched) {
            say(&format!("{finding}\n"));
        }
        written(io::stdout().lock().write_all(table::rows(&rows).as_bytes()))?;
        say(&table::summary(&rows));
        return Ok(Exit::Clean);
    }
    if args.as_endpoints {
        let pages = spec.and_then(|spec| spec.proxy).and_then(|proxy| proxy.paginate);
        let imported = endpoints(&documents, &entry, pages, &selection).map_err(Failure::usage)?;
        drop(progress);
        findings(&documents, &[imported.findings.as_slice(), &unmatched].concat());
        return put_endpoints(args, &imported);
    }
    let kept = before.as_deref().and_then(file::kept);
    let writing = args.writing.over(kept.as_ref().map(|kept| kept.options.as_slice()).unwrap_or_default())?;
    let mut options = Options::new(selection, trait_name(args, &writing, &entry)?);
    writing.apply(&mut options);
    let mut imported = import(&documents, &entry, &options).map_err(Failure::usage)?;
    imported.findings.extend(unmatched);
    drop(progress);
    let module = names::module(entry.key);
    let head = match kept {
        Some(kept) => kept.head,
        None => file::head(&document_name(&args.document), entry.key, &module),
    };
    let text = file::whole(&head, &imported.operations, &writing.lines(), &imported.code);
    report(&documents, &imported);
    if imported.methods.is_empty() {
        say("nothing is written: no operation that was named can be");
        return Ok(Exit::Findings);
    }
    let is_current = put(args, before.as_deref(), &text)?;
    say(&summary(&imported));
    Ok(if is_current && imported.refused.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Puts endpoints where they belong. They are written once: from then on they are the entry's.
fn put_endpoints(args: &Args, imported: &ImportedEndpoints) -> Result<Exit, Failure> {
    if imported.count == 0 {
        say("nothing is written: no operation that was named can be");
        return Ok(Exit::Findings);
    }
    put(args, None, &imported.text)?;
    let left = left_out(imported.refused.len());
    say(&format!("{}{left}", plural(imported.count, "endpoint", "endpoints")));
    Ok(if imported.refused.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// The file that is there; none where it is not yet.
fn before(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!("cannot read `{}`: {error}", path.display()))),
    }
}

/// The choice of operations: that of the command line, or of the file that is written anew.
fn selection(args: &Args, before: Option<&str>) -> Result<Selection, Failure> {
    let selection = Selection { only: args.only.clone(), tags: args.tag.clone(), paths: args.path.clone() };
    let out = args.out.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let kept = before.and_then(file::kept);
    if before.is_some() && args.as_endpoints {
        return Err(Failure::usage(format!(
            "`{out}` is there already; name another file, and take from it what you want"
        )));
    }
    if before.is_some() && !args.update && !args.check {
        let next = "`--update` writes it anew below its marker, `--check` says whether that would change it";
        return Err(Failure::usage(format!("`{out}` is there already; {next}")));
    }
    if let (Some(_), None) = (before, &kept) {
        let next = "name another file, or move this one away";
        return Err(Failure::usage(format!("`{out}` has no marker of `{USAGE}`; {next}")));
    }
    match kept {
        Some(kept) if selection.is_empty() && !kept.operations.is_empty() => {
            Ok(Selection { only: kept.operations, ..selection })
        }
        _ if selection.is_empty() && !args.list => Err(Failure::usage(NOTHING_CHOSEN)),
        _ => Ok(selection),
    }
}

/// The document with the files of its folder that it refers to, changed by the overlays, and what of these matches
/// nothing.
fn documents(args: &Args) -> Result<(Documents, Vec<Finding>), Failure> {
    let path = &args.document;
    let text = input::read(path, USAGE)?.text;
    let name = document_name(path);
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let load = |name: &str| input::read(&folder.join(name), USAGE).map(|read| read.text).map_err(|error| error.message);
    let mut documents = read::read(&name, text, &load).map_err(Failure::usage)?;
    let mut unmatched = Vec::new();
    for overlay in &args.overlay {
        let text = input::read(overlay, USAGE)?.text;
        unmatched.extend(overlay::apply(&mut documents, &input::name(overlay), text, &load).map_err(Failure::usage)?);
    }
    Ok((documents, unmatched))
}

/// The name of a document's file, without the folder that it happens to be in.
fn document_name(path: &Path) -> String {
    path.file_name().map_or_else(|| input::name(path), |name| name.to_string_lossy().into_owned())
}

fn trait_name(args: &Args, writing: &Writing, entry: &TargetEntry) -> Result<String, Failure> {
    if let Some(name) = &writing.trait_name {
        let is_name = names::escape(&names::camel(name)) == *name;
        return if is_name {
            Ok(name.clone())
        } else {
            Err(Failure::usage(format!("`{name}` is no name of a trait; `{}` is", names::escape(&names::camel(name)))))
        };
    }
    let stem = args.out.as_deref().and_then(Path::file_stem).and_then(|stem| stem.to_str());
    let stem = stem.filter(|stem| !matches!(*stem, "mod" | "lib" | "main"));
    let name = stem.map_or_else(|| format!("{}-api", entry.key), str::to_owned);
    Ok(names::escape(&names::camel(&pieces(&name))))
}

/// Words of a file's name, so that each of them has its capital.
fn pieces(name: &str) -> String {
    name.replace('_', "-")
}

/// Puts the text where it belongs; whether it is there already, or is now.
fn put(args: &Args, before: Option<&str>, text: &str) -> Result<bool, Failure> {
    let Some(out) = &args.out else {
        written(io::stdout().lock().write_all(text.as_bytes()))?;
        return Ok(true);
    };
    let shown = out.display();
    if before.is_some_and(|before| is_same_code(before, text)) {
        say(&format!("`{shown}` is up to date"));
        return Ok(true);
    }
    if args.check {
        let diff = similar::TextDiff::from_lines(before.unwrap_or_default(), text);
        let diff = diff.unified_diff().context_radius(3).header(&format!("{shown}"), "as it would be").to_string();
        written(io::stdout().lock().write_all(diff.as_bytes()))?;
        say(&format!("`{shown}` is not up to date; `--update` writes it anew"));
        return Ok(false);
    }
    output::replace(out, text).map_err(|error| output_failure(out, &error))?;
    say(&format!("wrote `{shown}`"));
    Ok(true)
}

/// True for texts that differ in white space and commas alone: a formatter may have been over the file.
fn is_same_code(one: &str, two: &str) -> bool {
    let signs = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect::<String>();
    signs(one) == signs(two)
}

/// Findings of one rule that are shown; the rest is counted.
const MAX_SHOWN: usize = 10;

/// Findings and evidence, for the person who imports.
fn report(documents: &Documents, imported: &Imported) {
    findings(documents, &imported.findings);
    for method in &imported.methods {
        for evidence in &method.evidence {
            say(&format!("`{}`: {evidence}", method.id));
        }
    }
}

fn findings(documents: &Documents, found: &[Finding]) {
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    for finding in printed(documents, found) {
        let count = counts.entry(finding.finding.rule).or_default();
        *count += 1;
        if *count <= MAX_SHOWN && finding.finding.rule != Rule::CutAtDepth {
            say(&format!("{finding}\n"));
        }
    }
    for (rule, count) in counts {
        let more = if rule == Rule::CutAtDepth { count } else { count.saturating_sub(MAX_SHOWN) };
        if more > 0 {
            let places = plural(more, "place", "places");
            say(&format!("note[{}]: in {places} more\n  = {}\n", rule.name(), rule.advice()));
        }
    }
}

/// Types that a program notices when it is built.
const MANY_TYPES: usize = 200;

/// `12 operations, 34 types; 1 operation left out`
fn summary(imported: &Imported) -> String {
    let operations = plural(imported.methods.len(), "operation", "operations");
    let types = plural(imported.types, "type", "types");
    let much = if imported.types < MANY_TYPES { "" } else { "; a smaller `--depth`, or `--members`, makes them fewer" };
    format!("{operations}, {types}{}{much}", left_out(imported.refused.len()))
}

fn left_out(refused: usize) -> String {
    if refused == 0 { String::new() } else { format!("; {} left out", plural(refused, "operation", "operations")) }
}
