//! A page per provider: the flow, the form, where credentials may go, what is described, how to call it.
//!
//! The Rust on a page is that of the documentation of the provider's module.

use super::gallery::{self, class, file};
use super::samples::{self, SampleFile, Samples};
use super::{Page, cell, endpoints, portrait, sources};
use crate::emit::{connecting, plain};
use crate::resolve::Resolved;
use keyway_portrait::snippets;
use keyway_spec::{Field, Node, ProviderSpec, Reference, Root};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The table of all providers, then each category with the pages of the providers that name it first, sorted.
pub(super) fn pages(specs: &[ProviderSpec], entries: &[Resolved], samples: &Samples) -> Vec<Page> {
    let entries: BTreeMap<&str, &Resolved> = entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect();
    let kept = |spec: &ProviderSpec| samples.get(spec.key).map(Vec::as_slice).unwrap_or_default();
    let page = |spec: &ProviderSpec| page(spec, entries.get(spec.key).copied(), kept(spec));
    let mut specs: Vec<&ProviderSpec> = specs.iter().collect();
    specs.sort_by_key(|spec| spec.key);
    let mut pages = vec![Page::new("index.md", "All providers", &gallery::page(&specs, samples))];
    for category in categories(&specs) {
        let members: Vec<&ProviderSpec> =
            specs.iter().copied().filter(|spec| spec.categories.contains(&category)).collect();
        // No key begins with `_`, so no provider's page has the name of a category's.
        let text = format!("# {category}\n\nThe providers of the category `{category}`.\n\n{}", table_of(&members));
        pages.push(Page::new(format!("_{category}.md"), category, &text));
        let own = members.into_iter().filter(|spec| spec.categories.first() == Some(&category));
        pages.extend(own.map(|spec| Page::new(file(spec.key), spec.key, &page(spec)).nested()));
    }
    let without = specs.iter().filter(|spec| spec.categories.is_empty());
    pages.extend(without.map(|spec| Page::new(file(spec.key), spec.key, &page(spec))));
    pages
}

/// Every category that an entry names, each once, sorted.
fn categories<'s>(specs: &[&'s ProviderSpec]) -> Vec<&'s str> {
    let mut all: Vec<&str> = specs.iter().flat_map(|spec| spec.categories).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn table_of(specs: &[&ProviderSpec]) -> String {
    let mut text = "| provider | key | auth mode | API |\n|---|---|---|---|\n".to_owned();
    for spec in specs {
        let (name, key) = (plain(spec.display_name), spec.key);
        let (link, mode, class) = (file(key), spec.auth.mode(), class(&spec.hosts.api));
        let _ = writeln!(text, "| {} | [`{key}`]({link}) | `{mode}` | {class} |", cell(&name));
    }
    text
}

fn page(spec: &ProviderSpec, entry: Option<&Resolved>, kept: &[SampleFile]) -> String {
    let (name, key, mode) = (plain(spec.display_name), spec.key, spec.auth.facts());
    let categories: Vec<String> = spec.categories.iter().map(|category| plain(category)).collect();
    let listed = if categories.is_empty() { String::new() } else { format!(" In {}.", categories.join(", ")) };
    let mut text = format!("# {name}\n\nKey `{key}`, auth mode `{}`: {}.{listed}\n\n", mode.name, mode.title);
    for (label, url) in [
        ("Documentation", Some(spec.docs)),
        ("How to register an app", spec.setup_guide_url),
        ("How users connect", spec.docs_connect),
    ] {
        let safe = url.filter(|url| url.starts_with("https://") && !url.contains(['<', '>', ' ']));
        text += &safe.map_or_else(String::new, |url| format!("- {label}: <{url}>\n"));
    }
    text += &portrait::flow_section(spec);
    text += &portrait::form_section(spec);
    text += &hosts(spec);
    text += &portrait::carried(spec);
    for (title, fields) in [
        ("What a connection says", spec.connection_config),
        ("Credentials", spec.credentials),
        ("What the operator sets", spec.integration_config),
        ("What is asked for once", spec.assertion_option),
    ] {
        text += &table(title, fields);
    }
    text += &portrait::described_section(spec);
    text += &scopes(spec);
    text += &endpoints::section(spec);
    text += &sources::section(entry);
    text += &samples::section(kept);
    text + &calls(spec)
}

fn hosts(spec: &ProviderSpec) -> String {
    let mut text = "\n## Where a credential may go\n\n| use | class | hosts |\n|---|---|---|\n".to_owned();
    for (name, set) in [("authorize", &spec.hosts.authorize), ("token", &spec.hosts.token), ("api", &spec.hosts.api)] {
        if !set.patterns().is_empty() {
            let hosts: Vec<String> = set.patterns().iter().map(|host| format!("`{host}`")).collect();
            let _ = writeln!(text, "| {name} | {} | {} |", class(set), hosts.join(", "));
        }
    }
    if spec.hosts.api.patterns().is_empty() {
        text += "| api | none | only hosts that the operator allows |\n";
    }
    text
}

fn table(title: &str, fields: &[Field]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut text = format!("\n## {title}\n\n| field | | given by |\n|---|---|---|\n");
    for field in fields {
        let given = match (field.automated, field.hidden, field.optional || field.default_value.is_some()) {
            (true, _, _) => "the provider",
            (_, true, _) => "the entry",
            (_, _, true) => "the customer, optional",
            _ => "the customer",
        };
        let what = [plain(field.title), plain(field.description)].join(". ");
        let _ = writeln!(
            text,
            "| `{}` | {} | {given} |",
            field.name,
            cell(what.trim_start_matches(". ").trim_end_matches(". "))
        );
    }
    text
}

fn scopes(spec: &ProviderSpec) -> String {
    let list = |scopes: &[&str]| scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
    let mut text = String::new();
    let known = spec.known_scopes;
    if known.iter().any(|scope| scope.allows.is_some()) {
        text += "\n## Scopes\n\n| scope | allows |\n|---|---|\n";
        for scope in known {
            let _ = writeln!(
                text,
                "| {} | {} |",
                cell(&format!("`{}`", scope.name)),
                cell(&plain(scope.allows.unwrap_or_default()))
            );
        }
    } else if !known.is_empty() {
        let names: Vec<&str> = known.iter().map(|scope| scope.name).collect();
        let _ = writeln!(text, "\n## Scopes\n\n{}", list(&names));
    }
    if !spec.default_scopes.is_empty() {
        let _ = writeln!(text, "\nWithout any of your own: {}", list(spec.default_scopes));
    }
    text
}

/// The ways to call it: the request shown, the proxy, the library.
fn calls(spec: &ProviderSpec) -> String {
    let (key, connecting) = (spec.key, connecting(spec).join("\n"));
    let endpoint = snippets::endpoint(spec);
    let config: String = needed(spec).map(given).collect();
    // A value that only a pattern describes is the reader's to find.
    let shell = if config.contains("=...'") || is_operators(spec) { "sh,manual" } else { "sh" };
    // An entry without one leaves the host to each call.
    let base =
        if spec.proxy.is_none() { " --base-url https://api.example.com --allow-host api.example.com" } else { "" };
    let through_the_proxy = snippets::through_the_proxy(spec);
    format!(
        "
## How to call it

The request, without sending it:

```{shell}
keyway request {key} GET '{endpoint}'{config}{base}
```

Through the proxy:

{through_the_proxy}
In Rust:

```rust,ignore
{connecting}
```

The client calls the API: `client.get(\"{endpoint}\").json::<serde_json::Value>().await?`.
"
    )
}

/// The fields of which the command has to say a value: those that must have one, and those in the base URL.
fn needed(spec: &ProviderSpec) -> impl Iterator<Item = &'static Field> {
    let url = spec.proxy.map_or(&[][..], |proxy| proxy.base_url.nodes());
    let needed = move |field: &&Field| field.default_value.is_none() && (!field.optional || names(url, field.name));
    spec.connection_config.iter().filter(needed)
}

/// True if the base URL is made of a setting of the operator's, which no option of the command says.
fn is_operators(spec: &ProviderSpec) -> bool {
    let url = spec.proxy.map_or(&[][..], |proxy| proxy.base_url.nodes());
    spec.integration_config.iter().any(|field| names(url, field.name))
}

/// True if a template names a value of the connection's configuration.
fn names(nodes: &[Node], name: &str) -> bool {
    let is_named = |reference: &Reference| reference.root == Root::ConnectionConfig && reference.path == name;
    nodes.iter().any(|node| node.has_reference(&is_named))
}

/// The option for a field, with a value that its entry takes; `...` where it shows none.
fn given(field: &Field) -> String {
    let is_free = field.pattern.is_none() && field.format.is_none();
    let value = field.example.or(field.choices.first().copied()).or(is_free.then_some("example")).unwrap_or("...");
    format!(" --config '{}={}'", field.name, value.replace('\'', ""))
}
