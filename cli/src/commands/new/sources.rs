//! Facts that documents and other catalogues say.

use super::fetch;
use crate::exit::Failure;
use crate::input;
use crate::terminal::Terminal;
use keyway_openapi::read;
use keyway_scaffold::facts::ApiFacts;
use keyway_scaffold::{authjs, catalogues, discovery, openapi};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where facts are read.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Sources {
    /// A discovery document (RFC 8414, OpenID Connect): a file or a URL
    #[arg(long, value_name = "FILE|URL")]
    from_openid: Option<String>,
    /// An OpenAPI document: a file or a URL
    #[arg(long, value_name = "FILE|URL")]
    from_openapi: Option<String>,
    /// A file of another catalogue's facts, one JSON object a line
    #[arg(long, value_name = "FILE")]
    from_witness: Option<PathBuf>,
    /// The `oauth.json` of grant
    #[arg(long, value_name = "FILE")]
    from_grant: Option<PathBuf>,
    /// A provider of Auth.js as the JSON object that node prints of it (see below); `-` is standard input
    #[arg(long, value_name = "FILE")]
    from_authjs: Option<PathBuf>,
    /// The name of the API in that catalogue; without it, the key
    #[arg(long, value_name = "NAME")]
    named: Option<String>,
}

impl Sources {
    /// True if there is a document or a catalogue to read.
    pub(super) fn names_one(&self) -> bool {
        let Sources { from_openid, from_openapi, from_witness, from_grant, from_authjs, named: _ } = self;
        let documents = [from_openid, from_openapi].into_iter().any(Option::is_some);
        documents || [from_witness, from_grant, from_authjs].into_iter().any(Option::is_some)
    }
}

/// Reads all that are named. Of two that say the same the first holds, in the order of the options.
pub(super) fn read(sources: &Sources, key: &str, terminal: &Terminal) -> Result<ApiFacts, Failure> {
    let mut facts = ApiFacts::default();
    let wanted = sources.named.as_deref().unwrap_or(key);
    if let Some(from) = &sources.from_openid {
        let text = text(from, "--from-openid FILE", terminal)?;
        facts = facts.or(discovery::facts(&name(from), &json(from, &text)?).map_err(Failure::usage)?);
    }
    if let Some(from) = &sources.from_openapi {
        facts = facts.or(of_openapi(from, terminal)?);
    }
    if let Some(path) = &sources.from_witness {
        let text = input::read(path, "--from-witness FILE")?.text;
        let name = name(&path.to_string_lossy());
        facts = facts.or(catalogues::witness(&name, &text, wanted).map_err(Failure::usage)?);
    }
    if let Some(path) = &sources.from_grant {
        let text = input::read(path, "--from-grant FILE")?.text;
        let shown = path.to_string_lossy();
        facts = facts.or(catalogues::grant(&name(&shown), &json(&shown, &text)?, wanted).map_err(Failure::usage)?);
    }
    if let Some(path) = &sources.from_authjs {
        let text = input::read(path, "--from-authjs FILE")?.text;
        let shown = path.to_string_lossy();
        let object = serde_json::from_str(&text).map_err(|error| {
            Failure::usage(format!(
                "`{shown}` is not JSON ({error}); a provider of Auth.js is code, so have node print what it makes: \
                 `keyway new --help` has the line"
            ))
        })?;
        facts = facts.or(authjs::facts(&name(&shown), &object).map_err(Failure::usage)?);
    }
    Ok(facts)
}

/// Files that the document refers to are read from its folder; of one behind a URL none.
fn of_openapi(from: &str, terminal: &Terminal) -> Result<ApiFacts, Failure> {
    let text = text(from, "--from-openapi FILE", terminal)?;
    let folder = Path::new(from).parent().unwrap_or(Path::new("")).to_path_buf();
    let load = |file: &str| {
        if fetch::is_url(from) {
            return Err("documents behind a URL are read alone".to_owned());
        }
        input::read(&folder.join(file), "--from-openapi FILE").map(|read| read.text).map_err(|error| error.message)
    };
    let documents = read::read(&name(from), text, &load).map_err(Failure::usage)?;
    openapi::facts(&documents).map_err(Failure::usage)
}

fn text(from: &str, usage: &str, terminal: &Terminal) -> Result<String, Failure> {
    if fetch::is_url(from) {
        let progress = terminal.progress(format!("reading {from}"));
        let text = fetch::text(from);
        drop(progress);
        return text;
    }
    input::read(Path::new(from), usage).map(|read| read.text)
}

fn json(from: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::usage(format!("`{from}` is not JSON: {error}")))
}

/// The name of a document beside a fact: the file's, without its folder; of a URL the whole.
fn name(from: &str) -> String {
    if fetch::is_url(from) {
        return from.to_owned();
    }
    Path::new(from).file_name().map_or_else(|| from.to_owned(), |name| name.to_string_lossy().into_owned())
}
