//! The signs of files of other kinds: the keys at their root, the first line of their text.
//!
//! Facts about formats: OpenAPI 2 and 3, AsyncAPI 2 and 3, Arazzo 1, the Compose specification, Kubernetes, Helm 3,
//! GitHub Actions, GitLab CI, Postman 2.1, Insomnia 4, HAR 1.2, JSON Schema, npm, TypeScript, CloudFormation.

use crate::syntax::{Entry, Mapping, Node, Value};

/// A kind of file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// With its article: `an OpenAPI 3.1.0 document`.
    pub(super) name: String,
    /// The label at the sign that it was recognised by.
    pub(super) label: &'static str,
    /// The help: how to correct it.
    pub(super) help: String,
}

/// A kind that is recognised by the keys of its root.
struct Format {
    /// The key that is shown.
    key: &'static str,
    /// `{}` stands for the value of the key, where it is a version.
    name: &'static str,
    is: fn(&Mapping) -> bool,
    advice: Advice,
}

/// The advice for a file of another kind.
#[derive(Clone, Copy)]
enum Advice {
    /// It describes an API; these of its parts say what an entry needs.
    Describe(&'static str),
    /// It has nothing to do with APIs.
    Elsewhere,
    /// It says what such files look like.
    Schema,
}

const FORMATS: [Format; 23] = [
    Format {
        key: "openapi",
        name: "an OpenAPI {} document",
        is: |root| scalar(root, "openapi"),
        advice: Advice::Describe("`servers` is `proxy.base_url`, `securitySchemes` says the `auth_mode`"),
    },
    Format {
        key: "swagger",
        name: "a Swagger (OpenAPI {}) document",
        is: |root| scalar(root, "swagger"),
        advice: Advice::Describe(
            "`host` and `basePath` are `proxy.base_url`, `securityDefinitions` says the `auth_mode`",
        ),
    },
    Format {
        key: "asyncapi",
        name: "an AsyncAPI {} document",
        is: |root| scalar(root, "asyncapi"),
        advice: Advice::Describe("a server that is called with HTTP is `proxy.base_url`; channels are not described"),
    },
    Format {
        key: "arazzo",
        name: "an Arazzo {} document",
        is: |root| scalar(root, "arazzo"),
        advice: Advice::Describe("its `sourceDescriptions` name the OpenAPI documents to read"),
    },
    Format {
        key: "overlay",
        name: "an OpenAPI Overlay {} document",
        is: |root| scalar(root, "overlay") && has(root, "actions"),
        advice: Advice::Describe("the OpenAPI document that it changes says the base URL"),
    },
    Format {
        key: "paths",
        name: "a part of an OpenAPI document",
        is: |root| map(root, "paths").is_some_and(|paths| paths.iter().any(|path| path.key.name.starts_with('/'))),
        advice: Advice::Describe("`servers` is `proxy.base_url`, `securitySchemes` says the `auth_mode`"),
    },
    Format {
        key: "info",
        name: "a Postman collection",
        is: |root| {
            has(root, "item")
                && map(root, "info").is_some_and(|info| {
                    let schema = info.get("schema").and_then(|entry| entry.value.as_str());
                    has(info, "_postman_id") || schema.is_some_and(|schema| schema.contains("getpostman.com"))
                })
        },
        advice: Advice::Describe("the host of its requests is `proxy.base_url`, `auth` says the `auth_mode`"),
    },
    Format {
        key: "_postman_variable_scope",
        name: "a Postman environment",
        is: |root| has(root, "_postman_variable_scope"),
        advice: Advice::Describe("the collection beside it shows the requests"),
    },
    Format {
        key: "__export_format",
        name: "an Insomnia export",
        is: |root| has(root, "__export_format") || text(root, "type").starts_with("collection.insomnia"),
        advice: Advice::Describe("the host of its requests is `proxy.base_url`"),
    },
    Format {
        key: "log",
        name: "an HTTP archive (HAR)",
        is: |root| map(root, "log").is_some_and(|log| has(log, "entries")),
        advice: Advice::Describe("the host of its requests is `proxy.base_url`"),
    },
    Format {
        key: "apiVersion",
        name: "a Kubernetes manifest",
        is: |root| has(root, "apiVersion") && has(root, "kind"),
        advice: Advice::Elsewhere,
    },
    Format {
        key: "apiVersion",
        name: "a Helm chart",
        is: |root| has(root, "apiVersion") && has(root, "name") && has(root, "version"),
        advice: Advice::Elsewhere,
    },
    Format { key: "services", name: "a Compose file", is: is_compose, advice: Advice::Elsewhere },
    Format {
        key: "jobs",
        name: "a GitHub workflow",
        is: |root| map(root, "jobs").is_some_and(|jobs| some_has(jobs, &["runs-on", "steps", "uses"])),
        advice: Advice::Elsewhere,
    },
    Format {
        key: "runs",
        name: "a GitHub action",
        is: |root| map(root, "runs").is_some_and(|runs| has(runs, "using")),
        advice: Advice::Elsewhere,
    },
    Format {
        key: "stages",
        name: "a GitLab pipeline",
        is: |root| list(root, "stages") && some_has(root, &["script", "stage", "trigger"]),
        advice: Advice::Elsewhere,
    },
    Format { key: "", name: "values of a Helm chart", is: is_helm_values, advice: Advice::Elsewhere },
    Format {
        key: "AWSTemplateFormatVersion",
        name: "a CloudFormation template",
        is: |root| has(root, "AWSTemplateFormatVersion"),
        advice: Advice::Elsewhere,
    },
    Format {
        key: "$schema",
        name: "a JSON Schema",
        is: |root| has(root, "$defs") || text(root, "$schema").contains("json-schema.org"),
        advice: Advice::Schema,
    },
    Format {
        key: "type",
        name: "a JSON Schema",
        is: |root| scalar(root, "type") && (map(root, "properties").is_some() || has(root, "items")),
        advice: Advice::Schema,
    },
    Format {
        key: "lockfileVersion",
        name: "a lock file of packages",
        is: |root| has(root, "lockfileVersion"),
        advice: Advice::Elsewhere,
    },
    Format {
        key: "name",
        name: "a `package.json`",
        is: |root| {
            scalar(root, "name")
                && ["dependencies", "devDependencies", "scripts", "main", "exports", "private"]
                    .iter()
                    .any(|key| has(root, key))
        },
        advice: Advice::Elsewhere,
    },
    Format {
        key: "compilerOptions",
        name: "a `tsconfig.json`",
        is: |root| has(root, "compilerOptions"),
        advice: Advice::Elsewhere,
    },
];

/// The kind of a file by the keys of its root, and the entry that tells.
pub(super) fn of_root(root: &Mapping) -> Option<(Kind, &Entry)> {
    let format = FORMATS.iter().find(|format| (format.is)(root))?;
    let shown = root.get(format.key).or(root.entries.first())?;
    let version = match &shown.value.value {
        Value::Text(text) => text.text.chars().filter(|letter| !letter.is_control()).take(20).collect(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        _ => String::new(),
    };
    let name = format.name.replace("{}", &version).replace("  ", " ");
    let help = match format.advice {
        Advice::Describe(parts) => describe(parts, server(root)),
        Advice::Elsewhere => OTHER_FILE.to_owned(),
        Advice::Schema => {
            "it says what files look like, and describes no API; an editor uses it for a file whose first line is \
                           `# yaml-language-server: $schema=FILE`"
                .to_owned()
        }
    };
    Some((Kind { name, label: "this key tells", help }, shown))
}

/// The advice for a file that is of no use here.
const OTHER_FILE: &str = "name the file that describes APIs, usually `providers.yaml`";

fn describe(parts: &str, server: Option<String>) -> String {
    let base = server.map_or_else(String::new, |url| format!("; here `base_url: {url}`"));
    format!("describe the API in an entry of its own: {parts}{base} (see the guide \"Add an API\")")
}

/// The first literal `https` server of an OpenAPI document.
fn server(root: &Mapping) -> Option<String> {
    let servers = root.get("servers")?.value.as_sequence()?;
    let url = servers.first()?.as_mapping()?.get("url")?.value.as_str()?;
    let fits = url.starts_with("https://") && url.len() <= 100 && !url.contains(['{', '`']) && url.is_ascii();
    fits.then(|| url.to_owned())
}

/// The kind of a file that is a list.
pub(super) fn of_list(root: &Node) -> Option<Kind> {
    let items = root.as_sequence()?;
    let play = |item: &Node| {
        item.as_mapping().is_some_and(|map| has(map, "hosts") && (has(map, "tasks") || has(map, "roles")))
    };
    items.iter().any(play).then(|| other("an Ansible playbook"))
}

/// The kind of a text that is not YAML, or one scalar of it, by its first line that says something.
pub(super) fn of_text(text: &str) -> Option<Kind> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let lower = first.get(..first.len().min(15)).unwrap_or_default().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        let help = "the address may be that of a page that shows the file; save the file itself (\"raw\")".to_owned();
        return Some(Kind { name: "a web page (HTML)".to_owned(), label: "HTML begins here", help });
    }
    if lower.starts_with("<?xml") {
        return Some(other("an XML document"));
    }
    let second = lines.next().unwrap_or_default();
    let section = first.starts_with('[') && first.ends_with(']') && !first.contains(',');
    if section && (second.contains(" = ") || second.contains('=')) {
        return Some(other("a TOML or INI file"));
    }
    let assigns = |line: &str| {
        let (name, _) = line.trim_start_matches("export ").split_once('=')?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        (!name.is_empty() && name.bytes().all(plain)).then_some(())
    };
    if assigns(first).is_some() && (second.is_empty() || second.starts_with('#') || assigns(second).is_some()) {
        return Some(other("a file of environment variables"));
    }
    let sdl = ["type ", "schema {", "input ", "scalar ", "enum ", "interface "];
    if sdl.iter().any(|word| first.starts_with(word)) && text.contains('{') {
        return Some(other("a GraphQL schema"));
    }
    None
}

fn other(name: &str) -> Kind {
    Kind { name: name.to_owned(), label: "", help: OTHER_FILE.to_owned() }
}

fn has(map: &Mapping, key: &str) -> bool {
    map.get(key).is_some()
}

fn map<'m>(map: &'m Mapping, key: &str) -> Option<&'m Mapping> {
    map.get(key)?.value.as_mapping()
}

fn list(map: &Mapping, key: &str) -> bool {
    map.get(key).is_some_and(|entry| entry.value.as_sequence().is_some())
}

fn text<'m>(map: &'m Mapping, key: &str) -> &'m str {
    map.get(key).and_then(|entry| entry.value.as_str()).unwrap_or_default()
}

fn scalar(map: &Mapping, key: &str) -> bool {
    let is = |node: &Node| matches!(node.value, Value::Text(_) | Value::Integer(_) | Value::Float(_));
    map.get(key).is_some_and(|entry| is(&entry.value))
}

/// True if some member is a map with one of these keys.
fn some_has(of: &Mapping, keys: &[&str]) -> bool {
    of.iter().any(|entry| entry.value.as_mapping().is_some_and(|map| keys.iter().any(|key| has(map, key))))
}

fn is_compose(root: &Mapping) -> bool {
    let services = map(root, "services");
    services.is_some_and(|services| {
        some_has(services, &["image", "build", "ports", "environment", "command", "depends_on", "extends", "volumes"])
    })
}

fn is_helm_values(root: &Mapping) -> bool {
    let image = map(root, "image").is_some_and(|image| has(image, "repository") || has(image, "tag"));
    let known = [
        "replicaCount",
        "imagePullSecrets",
        "nameOverride",
        "serviceAccount",
        "ingress",
        "nodeSelector",
        "autoscaling",
    ];
    let others = known.iter().filter(|key| has(root, key)).count();
    others >= 2 || others >= 1 && image || image && (has(root, "service") || has(root, "resources"))
}
