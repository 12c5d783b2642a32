//! The body of a request.

use crate::read::At;
use crate::report::{Finding, Rule};

/// The body of a request, as the document offers it.
#[derive(Clone, Debug)]
pub struct Body<'d> {
    /// The media types with their schemas, in the order of the file.
    pub media: Vec<(String, Option<At<'d>>)>,
    /// The parts of a form whose schema is a list of parameters (Swagger 2.0).
    pub form: Vec<At<'d>>,
    /// Where it stands.
    pub at: At<'d>,
}

pub(super) fn of_openapi<'d>(operation: &At<'d>, findings: &mut Vec<Finding>) -> Option<Body<'d>> {
    let at = operation.get("requestBody")?;
    let at = match at.resolved() {
        Ok(at) => at,
        Err(broken) => {
            findings.push(Finding::new(Rule::BrokenReference, &at, broken.0));
            return None;
        }
    };
    let content = at.get("content").iter().flat_map(At::members).collect::<Vec<_>>();
    let media: Vec<_> = content.into_iter().map(|(media, at)| (media.to_owned(), at.get("schema"))).collect();
    (!media.is_empty()).then(|| Body { media, form: Vec::new(), at })
}

/// Swagger 2.0: a parameter `in: body`, or those `in: formData`; the media types stand beside them.
pub(super) fn of_swagger<'d>(root: &At<'d>, operation: &At<'d>, parameters: &[At<'d>]) -> Option<Body<'d>> {
    let mut consumes = operation.texts("consumes");
    if consumes.is_empty() {
        consumes = root.texts("consumes");
    }
    if let Some(at) = parameters.iter().find(|at| at.text("in") == Some("body")) {
        let types = if consumes.is_empty() { vec!["application/json"] } else { consumes };
        let media = types.into_iter().map(|media| (media.to_owned(), at.get("schema"))).collect();
        return Some(Body { media, form: Vec::new(), at: at.clone() });
    }
    let form: Vec<_> = parameters.iter().filter(|at| at.text("in") == Some("formData")).cloned().collect();
    let at = form.first()?.clone();
    let has_file = form.iter().any(|at| at.text("type") == Some("file"));
    let types = consumes.into_iter().filter(|media| media.contains("form")).map(str::to_owned);
    let mut media: Vec<(String, Option<At<'d>>)> = types.map(|media| (media, None)).collect();
    if has_file {
        media = vec![("multipart/form-data".to_owned(), None)];
    } else if media.is_empty() {
        media = vec![("application/x-www-form-urlencoded".to_owned(), None)];
    }
    Some(Body { media, form, at })
}
