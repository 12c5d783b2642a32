//! The options of an import, and what they change in the written code.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::read::{self, Documents};
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, import};
use keyway_spec::ProviderSpec;

const DOCUMENT: &str = "\
openapi: 3.1.0
servers: [{url: https://api.desk.example}]
paths:
  /tickets:
    get:
      operationId: list
      parameters:
        - {name: 'page[after]', in: query, schema: {type: string}}
        - {name: 'page[size]', in: query, schema: {type: integer}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
        '304': {}
    post:
      operationId: add
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}
      responses: {'201': {content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}}
  /tickets/{id}:
    get:
      operationId: show
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: lang, in: query, schema: {type: string}}
        - {name: with, in: query, schema: {type: string}}
        - {name: view, in: query, schema: {type: string}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}
        '204': {}
        '304': {}
    put: {operationId: change, responses: {'204': {}}}
  /version:
    get: {operationId: version, responses: {'200': {content: {application/json: {schema: {type: string}}}}}}
components:
  schemas:
    Page:
      type: object
      properties:
        tickets: {type: array, items: {$ref: '#/components/schemas/Ticket'}}
        meta: {type: object, properties: {after_cursor: {type: string}, has_more: {type: boolean}}}
    Ticket:
      type: object
      properties:
        id: {type: integer}
        subject: {type: string}
        via:
          type: object
          properties:
            channel: {type: string}
            source: {anyOf: [{type: string}, {type: object, properties: {from: {type: string}}}]}
";

fn document() -> Documents {
    read::read("desk.yaml", DOCUMENT.to_owned(), &|_| Err("there is no such file".to_owned())).unwrap()
}

fn written(entry: &TargetEntry, change: impl Fn(&mut Options)) -> Result<String, String> {
    let only = ["list", "add", "show", "change", "version"].map(str::to_owned).to_vec();
    let mut options = Options::new(Selection { only, ..Selection::default() }, "Desk");
    change(&mut options);
    import(&document(), entry, &options).map(|imported| imported.code)
}

fn members(of: &[(&str, &[&str])]) -> impl Fn(&mut Options) {
    let of = of.iter().map(|(name, members)| {
        ((*name).to_owned(), members.iter().map(|member| (*member).to_owned()).collect::<Vec<_>>())
    });
    let of: Vec<_> = of.collect();
    move |options| options.members = of.iter().cloned().collect()
}

#[test]
fn a_conditional_read_takes_the_tag_and_gives_back_the_head() {
    let code = written(&TargetEntry::any(), |options| options.is_conditional = true).unwrap();
    let conditional = "\
    #[absent(204, 304)]
    fn show(
        &self,
        id: i64,
        #[query] query: &ShowQuery,
        #[header(\"if-none-match\")] if_none_match: Option<&str>,
    ) -> keyway::Answer<Option<Ticket>>;";
    assert!(code.contains(conditional), "{code}");
    // Pages have no one tag, and a change is no read.
    assert_eq!(code.matches("if-none-match").count(), 1, "{code}");
    let plain = written(&TargetEntry::any(), |_| ()).unwrap();
    assert!(plain.contains("#[absent(204)]\n") && !plain.contains("keyway::Answer"), "{plain}");
}

#[test]
fn a_cursor_in_an_object_of_the_answer_is_found_with_the_flag_that_ends_the_list() {
    let code = written(&TargetEntry::any(), |_| ()).unwrap();
    let rule = "\
    #[paginate(
        cursor = \"page[after]\",
        from = \"meta.after_cursor\",
        more = \"meta.has_more\",
        limit = \"page[size]\",
        items = \"tickets\"
    )]
    fn list(&self) -> Vec<Ticket>;";
    assert!(code.contains(rule), "{code}");
}

#[test]
fn the_entry_says_which_header_makes_a_post_safe_to_send_again() {
    let spec = ProviderSpec { key: "desk", idempotency_key: Some("request-key"), ..ProviderSpec::EMPTY };
    let code = written(&TargetEntry::new(&spec), |_| ()).unwrap();
    assert!(code.contains("    #[post(\"/tickets\")]\n    #[idempotent(\"request-key\")]\n"), "{code}");
    assert_eq!(code.matches("#[idempotent").count(), 1, "{code}");
}

#[test]
fn a_type_has_the_members_that_were_named() {
    let entry = TargetEntry::any();
    let code = written(&entry, members(&[("Ticket", &["id", "subject"]), ("ShowQuery", &["lang"])])).unwrap();
    assert!(
        code.contains("pub struct Ticket {\n    pub id: Option<i64>,\n    pub subject: Option<String>,\n}"),
        "{code}"
    );
    assert!(!code.contains("struct TicketVia"), "{code}");
    assert!(code.contains("pub struct ShowQuery {\n    #[serde(skip_serializing_if = \"Option::is_none\")]\n    pub lang: Option<String>,\n}"), "{code}");
    for (of, expected) in [
        ("Tickets", "`Tickets` is no type of these operations; the written file has the names of its types"),
        ("Ticket", "`Ticket` has no member `name`; it has `id`, `subject`, `via`"),
    ] {
        assert_eq!(written(&entry, members(&[(of, &["id", "name"])])).unwrap_err(), expected);
    }
}

#[test]
fn what_lies_too_deep_is_one_value_and_no_enum_around_it() {
    let at_depth = |depth| written(&TargetEntry::any(), |options| options.depth = depth).unwrap();
    assert!(at_depth(2).contains("pub source: Option<TicketViaSource>"), "{}", at_depth(2));
    assert!(at_depth(1).contains("pub source: Option<serde_json::Value>"), "{}", at_depth(1));
    assert!(at_depth(0).contains("pub via: Option<serde_json::Map<String, serde_json::Value>>"), "{}", at_depth(0));
}

#[test]
fn a_text_in_json_is_read_as_json() {
    let code = written(&TargetEntry::any(), |_| ()).unwrap();
    assert!(code.contains("fn version(&self) -> Box<str>;"), "{code}");
}
