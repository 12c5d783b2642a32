//! Small documents: the text that is written for them, and what is said about what is not.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_openapi::entry::TargetEntry;
use keyway_openapi::read::{self, Documents};
use keyway_openapi::report::printed;
use keyway_openapi::select::Selection;
use keyway_openapi::write::file;
use keyway_openapi::{Imported, Options, import};

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Shelf, version: '1'}
servers: [{url: https://api.shelf.example/v1}]
paths:
  /books/{book-id}:
    parameters:
      - {name: book-id, in: path, required: true, schema: {type: string}}
    get:
      operationId: books/get
      responses:
        '200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
        '404': {description: none, content: {application/json: {schema: {$ref: '#/components/schemas/Refusal'}}}}
  /books:
    get:
      operationId: books/list
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: genre, in: query, explode: false, schema: {type: array, items: {type: string}}}
      responses:
        '200':
          description: some
          content:
            application/json:
              schema:
                type: object
                properties:
                  books: {type: array, items: {$ref: '#/components/schemas/Book'}}
                  next_cursor: {type: [string, 'null']}
    post:
      operationId: books/add
      parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'204': {description: done}}
    trace: {operationId: books/trace, responses: {}}
components:
  schemas:
    Book:
      type: object
      required: [id, title, kind]
      properties:
        id: {type: integer, readOnly: true}
        title: {type: string}
        type: {type: string}
        kind: {enum: [paper, '+1', '-1']}
        sequel: {$ref: '#/components/schemas/Book'}
        owner: {oneOf: [{$ref: '#/components/schemas/Person'}, {$ref: '#/components/schemas/Shop'}]}
        gone: {$ref: '#/components/schemas/Nowhere'}
    Person: {type: object, properties: {is: {const: person}, name: {type: string}}}
    Shop: {type: object, properties: {is: {const: shop}, street: {type: string}}}
    Refusal: {type: object, properties: {message: {type: string}}}
";

fn documents(text: &str) -> Documents {
    read::read("shelf.yaml", text.to_owned(), &|_| Err("there is no such file".to_owned())).unwrap()
}

fn imported(only: &[&str]) -> Imported {
    let selection = Selection { only: only.iter().map(|id| (*id).to_owned()).collect(), ..Selection::default() };
    let options = Options::new(selection, "Shelf");
    import(&documents(DOCUMENT), &TargetEntry::any(), &options).unwrap()
}

#[test]
fn methods_say_path_query_body_pages_and_refusals() {
    let code = imported(&["books/get", "books/list", "books/add"]).code;
    for expected in [
        "    #[get(\"/v1/books/{book_id}\")]\n    #[error(Refusal)]\n    fn books_get(&self, book_id: &str) -> Book;",
        "    #[paginate(\n        cursor = \"cursor\",\n        from = \"next_cursor\",\n        limit = \"limit\",\n        items = \"books\"\n    )]",
        "    fn books_list(&self, #[query(\"genre\", style = \"comma\")] genre: Option<&[&str]>) -> Vec<Book>;",
        "    #[idempotent(\"idempotency-key\")]\n    fn books_add(&self, #[body] body: &BookInput);",
    ] {
        assert!(code.contains(expected), "{expected}\nis not in\n{code}");
    }
}

#[test]
fn answers_are_lenient_and_requests_leave_out_what_is_none() {
    let code = imported(&["books/get", "books/add"]).code;
    for expected in [
        "pub struct Book {\n    pub id: i64,\n    pub title: Option<String>,\n    #[serde(rename = \"type\")]\n    pub type_: Option<String>,",
        "    pub sequel: Option<Box<Book>>,",
        "pub struct BookInput {\n    pub title: String,",
        "    /// Required.\n    #[serde(skip_serializing_if = \"Option::is_none\")]\n    pub kind: Option<BookKind>,",
        "    #[serde(rename = \"+1\")]\n    Plus1,\n    #[serde(rename = \"-1\")]\n    Minus1,",
        "#[serde(tag = \"is\")]\npub enum BookOwner {\n    #[serde(rename = \"person\")]\n    Person(Box<BookOwnerPerson>),",
        "    pub gone: Option<serde_json::Value>,",
    ] {
        assert!(code.contains(expected), "{expected}\nis not in\n{code}");
    }
}

#[test]
fn a_type_has_the_same_name_whichever_operations_are_written() {
    let names = |code: &str| -> Vec<String> {
        code.lines().filter(|line| line.starts_with("pub ")).map(str::to_owned).collect()
    };
    let all = names(&imported(&["books/get", "books/list", "books/add"]).code);
    for only in ["books/get", "books/list", "books/add"] {
        let some = names(&imported(&[only]).code);
        assert!(some.iter().all(|name| all.contains(name)), "{only}: {some:?} of {all:?}");
    }
}

#[test]
fn a_finding_names_its_line_and_what_is_not_said_is_listed() {
    let document = documents(DOCUMENT);
    let imported = imported(&["books/get", "books/trace"]);
    assert_eq!(imported.refused, [("books/trace".to_owned(), "method TRACE".to_owned())]);
    let shown: Vec<String> = printed(&document, &imported.findings).iter().map(ToString::to_string).collect();
    let line = DOCUMENT.lines().position(|line| line.contains("Nowhere")).unwrap() + 1;
    let expected = format!("--> shelf.yaml:{line} #/components/schemas/Book/properties/gone");
    assert!(shown.iter().any(|one| one.contains("broken-reference") && one.contains(&expected)), "{shown:#?}");
}

#[test]
fn what_chooses_nothing_and_what_is_no_document_says_so() {
    let error = |text: &str, only: &str| {
        let selection = Selection { only: vec![only.to_owned()], ..Selection::default() };
        let options = Options::new(selection, "Shelf");
        let read = read::read("shelf.yaml", text.to_owned(), &|_| Err(String::new()));
        read.and_then(|document| import(&document, &TargetEntry::any(), &options))
            .map(|imported| imported.code)
            .unwrap_err()
    };
    for (text, only, expected) in [
        (DOCUMENT, "books/gt", "the document has no operation `books/gt`; did you mean `books/get`?"),
        ("a: 1", "x", "`shelf.yaml` is not an OpenAPI document: it has no `openapi` and no `swagger`"),
        ("[]", "x", "`shelf.yaml` is not an OpenAPI document: it has no `openapi` and no `swagger`"),
        ("openapi: 2.9.9", "x", "`openapi: 2.9.9` is not known; 3.0, 3.1 and Swagger 2.0 are"),
    ] {
        assert_eq!(error(text, only), expected);
    }
    assert!(error("{\"openapi\": ", "x").starts_with("`shelf.yaml` is not JSON: EOF"));
}

#[test]
fn references_lead_to_files_of_the_folder_and_nowhere_else() {
    let text = |reference: &str| {
        format!(
            "openapi: 3.0.0\npaths:\n  /x:\n    get:\n      operationId: x\n      responses:\n        '200':\n          content:\n            application/json:\n              schema: {{$ref: '{reference}'}}\n"
        )
    };
    for (reference, asked, answer) in [
        ("models/a.yaml", vec!["models/a.yaml", "models/b.yaml"], "-> A;"),
        ("./models/../models/a.yaml#", vec!["models/a.yaml", "models/b.yaml"], "-> A;"),
        ("../a.yaml", vec![], "-> serde_json::Value;"),
        ("/etc/passwd", vec![], "-> serde_json::Value;"),
        ("https://other.example/a.yaml", vec![], "-> serde_json::Value;"),
        ("models/%2e%2e/%2e%2e/a.yaml", vec![], "-> serde_json::Value;"),
    ] {
        let loaded = std::cell::RefCell::new(Vec::new());
        let load = |name: &str| {
            loaded.borrow_mut().push(name.to_owned());
            Ok("type: object\nproperties:\n  b: {$ref: b.yaml}\n".to_owned())
        };
        let document = read::read("d.yaml", text(reference), &load).unwrap();
        assert_eq!(*loaded.borrow(), asked, "{reference}");
        let selection = Selection { only: vec!["x".to_owned()], ..Selection::default() };
        let options = Options::new(selection, "T");
        let code = import(&document, &TargetEntry::any(), &options).unwrap().code;
        assert!(code.contains(answer), "{reference}: {code}");
    }
}

#[test]
fn a_written_file_keeps_what_stands_above_its_marker() {
    let operations = ["books/get", "GET /x"].map(str::to_owned);
    let options = ["--depth 1", "--members Book=id,title"].map(str::to_owned);
    let whole = file::whole("//! Mine.\nuse mine::acme;\n\n", &operations, &options, "pub trait T {}\n");
    let kept = file::kept(&whole).unwrap();
    assert_eq!(kept.head, "//! Mine.\nuse mine::acme;\n\n");
    assert_eq!((kept.operations, kept.options), (operations.to_vec(), options.to_vec()));
    assert_eq!(file::kept("fn main() {}\n"), None);
}

#[test]
fn a_provider_is_named_by_its_module_or_by_its_type_where_that_has_another_name() {
    for (key, expected) in [
        ("github", "#[keyway::api(github)]"),
        ("google-calendar", "#[keyway::api(google_calendar)]"),
        ("box", "#[keyway::api(box_::BoxApi)]"),
    ] {
        let spec = keyway_providers::PROVIDERS.iter().find(|spec| spec.key == key).unwrap();
        let selection = Selection { only: vec!["books/get".to_owned()], ..Selection::default() };
        let options = Options::new(selection, "Shelf");
        // The hosts are those of another vendor, so the server is not covered; the type is named all the same.
        let document = documents(&DOCUMENT.replace("servers: [{url: https://api.shelf.example/v1}]\n", ""));
        let code = import(&document, &TargetEntry::new(spec), &options).unwrap().code;
        assert!(code.contains(expected), "{key}: {code}");
    }
}
