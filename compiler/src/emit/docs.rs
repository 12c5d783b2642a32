//! Texts for the readers of generated code, safe in a doc comment.
//!
//! Free text of an entry never becomes Markdown, a link, a code block or a line of its own.

use keyway_spec::operation::{Operation, OperationMember, OperationParameter, ParameterPlace};
use keyway_spec::{Auth, Field, HostClass, HostSet, Mode, Node, ProviderSpec, Root, Template};

/// The header of a provider's module: what it is, how to connect, where credentials go.
pub(super) fn header(spec: &ProviderSpec, example: Vec<String>) -> Vec<String> {
    let row = spec.auth.facts();
    let mut lines = vec![format!("{}: {} (`{}`).", plain(spec.display_name), row.title, row.name), String::new()];
    lines.extend(link("Documentation", spec.docs));
    lines.extend(spec.setup_guide_url.and_then(|url| link("Set-up guide", url)));
    lines.extend(spec.docs_connect.and_then(|url| link("How users connect", url)));
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    lines.push("```ignore".to_owned());
    lines.extend(example);
    lines.extend(["```".to_owned(), String::new()]);
    if is_page_of_the_app(&spec.auth) {
        lines
            .extend(["A user signs in at the page of the app, which the integration names.".to_owned(), String::new()]);
    } else if !spec.hosts.authorize.patterns().is_empty() {
        lines.extend([format!("A user signs in at {}.", hosts(&spec.hosts.authorize)), String::new()]);
    }
    let what = if spec.auth.kind() == Mode::None { "A request" } else { "A credential" };
    lines.push(format!("{what} may reach:"));
    lines.push(String::new());
    let mut uses = Vec::new();
    for (name, set) in [("token endpoint", &spec.hosts.token), ("API", &spec.hosts.api)] {
        if !set.patterns().is_empty() {
            uses.push(format!("- {name}: {}", hosts(set)));
        }
    }
    if uses.is_empty() {
        uses.push("- nothing, until an operator allows a host".to_owned());
    }
    lines.extend(uses);
    lines.push(String::new());
    lines.push(format!("Generated from the entry `{}`.", spec.key));
    lines
}

/// True if the operator's own link to an app is where a user signs in.
fn is_page_of_the_app(auth: &Auth) -> bool {
    let page = if let Auth::App(app) = auth {
        Some(app.authorization_url)
    } else if let Auth::InstallPlugin(plugin) = auth {
        plugin.authorization_url
    } else {
        auth.code_flow().and_then(|(page, _)| page.url)
    };
    let page = page.filter(|_| auth.facts().app_page);
    let Some(Template::Nodes(nodes)) = page else { return false };
    nodes.iter().any(|node| matches!(node, Node::Reference(reference) if reference.root == Root::AppPublicLink))
}

/// One line about a field.
pub(super) fn field(field: &Field) -> String {
    let title = plain(field.title);
    let title = if title.is_empty() { plain(field.name) } else { title };
    match plain(field.description).trim_end_matches('.') {
        "" => format!("{title}."),
        description => format!("{}: {description}.", title.trim_end_matches(['.', ':'])),
    }
}

/// The lines about an operation: what it does, what it calls, where the vendor says more.
pub(super) fn operation(operation: &Operation) -> Vec<String> {
    let title = operation.title.map(plain).filter(|title| !title.is_empty());
    let call = format!("{} {}", operation.verb.name().to_ascii_uppercase(), operation.path);
    let mut lines = vec![
        title.unwrap_or_else(|| format!("The operation {}.", code(operation.name))),
        String::new(),
        format!("{}, in the catalogue {}.", code(&call), code(operation.name)),
    ];
    if let Some(link) = operation.docs.and_then(|url| link("Documentation", url)) {
        lines.extend([String::new(), link]);
    }
    if !operation.returns.is_empty() {
        let member = |member: &OperationMember| format!("{} ({})", code(member.path), member.kind.name());
        let members: Vec<String> = operation.returns.iter().map(member).collect();
        let what = if operation.paginate.is_some() { "An item has" } else { "The answer has" };
        lines.extend([String::new(), format!("{what}, among others: {}.", members.join(", "))]);
    }
    lines
}

/// One line about a parameter of an operation.
pub(super) fn parameter(parameter: &OperationParameter) -> String {
    let place = match parameter.place {
        ParameterPlace::Path => "in the path",
        ParameterPlace::Query => "in the query",
        ParameterPlace::Body => "in the body",
    };
    let mut line = format!("{}, {place}", code(parameter.name));
    if let Some(description) = parameter.description.map(plain).filter(|description| !description.is_empty()) {
        line = format!("{line}: {}", description.trim_end_matches('.'));
    }
    if !parameter.values.is_empty() {
        let values: Vec<String> = parameter.values.iter().map(|value| code(value)).collect();
        line = format!("{line}. One of {}", values.join(", "));
    }
    line + "."
}

/// A text as code; what code cannot hold is left out.
/// One line about a scope: `repo`: Read and write repositories.
pub(super) fn scope(name: &str, allows: Option<&str>) -> String {
    match plain(allows.unwrap_or_default()).trim_end_matches('.') {
        "" => code(name),
        allows => format!("{}: {allows}.", code(name)),
    }
}

pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.chars().filter(|letter| *letter != '`' && is_visible(*letter)).collect::<String>())
}

fn link(label: &str, url: &str) -> Option<String> {
    let safe = url.starts_with("https://") && url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`\\".contains(&b));
    safe.then(|| format!("- {label}: <{url}>"))
}

fn hosts(set: &HostSet) -> String {
    // Any port is said by naming none.
    let name = |pattern: &&str| format!("`{}`", pattern.strip_suffix(":*").unwrap_or(pattern));
    let names = set.patterns().iter().map(name).collect::<Vec<_>>().join(", ");
    match set.class() {
        HostClass::Fixed => names,
        HostClass::Confined => format!("{names} (a part of the host is the customer's)"),
        HostClass::Open => format!("{names} (the customer names the host)"),
    }
}

/// Free text on one line, with nothing that Markdown or rustdoc would read as markup.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        let url = word.contains("://");
        if url {
            plain.push('`');
        }
        for letter in word.chars().filter(|letter| is_visible(*letter)) {
            if url && letter == '`' {
                continue;
            }
            if !url && "\\`*_[]<>#|~&$".contains(letter) {
                plain.push('\\');
            }
            plain.push(letter);
        }
        if url {
            plain.push('`');
        }
    }
    plain
}

fn is_visible(letter: char) -> bool {
    let hidden =
        matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !letter.is_control() && !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_stays_text() {
        for (text, expected) in [
            ("two\n\n    ```lines", "two \\`\\`\\`lines"),
            ("see [x](y) <b>", "see \\[x\\](y) \\<b\\>"),
            ("at https://a.example/_x_.", "at `https://a.example/_x_.`"),
            ("a\u{202e}b\u{7}", "ab"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
