//! The format of a document, and its servers.

use crate::read::At;

/// The format of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Swagger 2.0.
    Two,
    /// OpenAPI 3.0 to 3.2.
    Three,
}

/// The version of a document. The error is a sentence.
pub(super) fn version(root: &At<'_>) -> Result<Version, String> {
    if let Some(version) = root.text("openapi") {
        if version.starts_with("3.") {
            return Ok(Version::Three);
        }
        return Err(format!("`openapi: {version}` is not known; 3.0, 3.1 and Swagger 2.0 are"));
    }
    let swagger = root.get("swagger").map(|at| at.value.to_string());
    match swagger.as_deref().map(|version| version.trim_matches('"')) {
        Some("2.0" | "2") => Ok(Version::Two),
        Some(version) => Err(format!("`swagger: {version}` is not known; 2.0 and OpenAPI 3 are")),
        None => {
            let name = root.file_name();
            Err(format!("`{name}` is not an OpenAPI document: it has no `openapi` and no `swagger`"))
        }
    }
}

/// The URLs of servers, variables replaced by their defaults.
pub(super) fn servers(at: &At<'_>, version: Version) -> Vec<String> {
    if version == Version::Two {
        let Some(host) = at.text("host") else { return Vec::new() };
        let scheme = at.texts("schemes").into_iter().find(|scheme| *scheme == "https").unwrap_or("https");
        return vec![format!("{scheme}://{host}{}", at.text("basePath").unwrap_or_default())];
    }
    let mut urls = Vec::new();
    for server in at.get("servers").iter().flat_map(At::items) {
        let Some(url) = server.text("url") else { continue };
        let mut url = url.to_owned();
        for (name, variable) in server.get("variables").iter().flat_map(At::members) {
            if let Some(default) = variable.text("default") {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        urls.push(url);
    }
    urls
}
