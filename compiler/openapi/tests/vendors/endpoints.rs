//! Every operation of every document as an endpoint of an entry: an overlay that the compiler takes, or a reason.

use crate::documents::vendors;
use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_openapi::endpoints::endpoints;
use keyway_openapi::select::Selection;

/// Stands for the vendor's entry, which may have endpoints of its own.
const ENTRY: &str = "KEY:
  display_name: Vendor
  docs: https://docs.vendor.example
  categories: [other]
  auth_mode: NONE
  proxy: {base_url: https://api.vendor.example}
";

#[test]
fn every_operation_is_an_endpoint_that_compiles_or_has_a_reason() {
    let (mut said, mut refused) = (0, 0);
    for vendor in vendors() {
        let documents = vendor.read();
        let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
        let imported = endpoints(&documents, &vendor.entry, None, &selection).unwrap();
        assert_eq!(imported.count + imported.refused.len(), vendor.operations, "{}", vendor.name);
        let mut sources = Sources::default();
        let catalogue = sources.add("vendor.yaml", ENTRY.replace("KEY", vendor.entry.key));
        let overlays = vec![sources.add("overlay.yaml", imported.text.as_str())];
        let (checked, specs) = pipeline::compile(&sources, Input { catalogue, overlays }, &[]);
        let errors: Vec<&str> = checked
            .diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .map(|found| found.message.as_str())
            .collect();
        assert!(
            errors.is_empty(),
            "{}: {} errors: {:#?}",
            vendor.name,
            errors.len(),
            errors.get(..5.min(errors.len()))
        );
        assert_eq!(specs[0].operations.len(), imported.count, "{}", vendor.name);
        (said, refused) = (said + imported.count, refused + imported.refused.len());
    }
    assert!(said == 0 || said > refused * 10, "{said} operations are endpoints, {refused} are not");
}
