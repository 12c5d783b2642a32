//! Operations as `keyway.endpoints`: the overlay that is written, that the compiler takes it, and what is said about
//! what the form has no key for.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_openapi::endpoints::{ImportedEndpoints, endpoints};
use keyway_openapi::entry::TargetEntry;
use keyway_openapi::read;
use keyway_openapi::report::printed;
use keyway_openapi::select::Selection;
use keyway_spec::ProviderSpec;

const ENTRY: &str = "\
shelf:
  display_name: Shelf
  docs: https://shelf.example
  categories: [other]
  auth_mode: API_KEY
  credentials: {apiKey: {type: string, title: Key, description: A key., secret: true}}
  proxy:
    base_url: https://api.shelf.example/v1
    headers: {x-key: '${apiKey}'}
    paginate: {type: cursor, cursor_name_in_request: cursor, cursor_path_in_response: next_cursor, limit_name_in_request: limit}
";

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Shelf, version: '1'}
servers: [{url: https://api.shelf.example/v1}]
paths:
  /books/{book.id}:
    parameters:
      - {name: book.id, in: path, required: true, schema: {type: integer}, description: 'Its number: a whole one.'}
    get:
      operationId: books/get
      summary: Gets a book
      externalDocs: {url: https://docs.shelf.example/books#get}
      parameters:
        - {name: X-Version, in: header, required: true, schema: {type: string, enum: ['2']}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: old, in: query, deprecated: true, schema: {type: string}}
      responses: {'200': {description: it}}
    delete:
      operationId: books/remove
      parameters: [{name: X-Confirm, in: header, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
  /books:
    get:
      operationId: books/list
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: genre, in: query, explode: false, schema: {type: array, items: {enum: [crime, 'no'], type: string}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}}}}
        - {name: 'tags[]', in: query, required: true, schema: {type: array, items: {type: string}}}
      responses:
        '200':
          description: some
          content:
            application/json:
              schema:
                type: object
                properties:
                  books: {type: array, items: {type: object}}
                  next_cursor: {type: [string, 'null']}
    post:
      operationId: books/add
      parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]
      requestBody: {content: {application/vnd.shelf+json: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'204': {description: done}}
  /authors:
    get:
      operationId: authors/list
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: per_page, in: query, schema: {type: integer}}
      responses:
        '200': {description: some, content: {application/json: {schema: {type: array, items: {type: object}}}}}
  /charges:
    get:
      operationId: charges/list
      parameters:
        - {name: starting_after, in: query, schema: {type: string}}
      responses:
        '200':
          description: some
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {type: object, properties: {id: {type: string}}}}
                  has_more: {type: boolean}
    post:
      operationId: charges/make
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [amount], properties: {amount: {type: integer}, expand: {type: array, items: {type: string}}}}
      responses: {'200': {description: it}}
  /covers:
    post:
      operationId: covers/upload
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {'204': {description: done}}
    trace: {operationId: covers/trace, responses: {}}
components:
  schemas:
    Book:
      type: object
      required: [id, title]
      properties:
        id: {type: integer, readOnly: true}
        title: {type: string, description: 'Its title. On the cover.'}
        labels: {type: array, items: {type: string}}
        owner: {oneOf: [{type: string}, {type: object}]}
        sequel: {$ref: '#/components/schemas/Book'}
";

fn imported(text: &str, spec: &ProviderSpec, only: &[&str]) -> ImportedEndpoints {
    let documents = read::read("shelf.yaml", text.to_owned(), &|_| Err("there is no such file".to_owned())).unwrap();
    let selection = Selection { only: only.iter().map(|id| (*id).to_owned()).collect(), ..Selection::default() };
    let pages = spec.proxy.and_then(|proxy| proxy.paginate);
    let imported = endpoints(&documents, &TargetEntry::new(spec), pages, &selection).unwrap();
    // Every finding has its place.
    assert!(printed(&documents, &imported.findings).iter().all(|finding| finding.line.is_some()));
    imported
}

/// The entry, with overlays laid over it; no finding is an error.
fn compiled(overlays: &[&str]) -> ProviderSpec {
    let mut sources = Sources::default();
    let catalogue = sources.add("shelf.yaml", ENTRY);
    let overlays = overlays.iter().map(|text| sources.add("overlay.yaml", *text)).collect();
    let (checked, specs) = pipeline::compile(&sources, pipeline::Input { catalogue, overlays }, &[]);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    specs[0]
}

const ALL: [&str; 6] = ["books/get", "books/list", "books/add", "authors/list", "charges/list", "charges/make"];

#[test]
fn the_overlay_says_what_the_form_has_keys_for() {
    let imported = imported(DOCUMENT, &compiled(&[]), &ALL);
    assert_eq!((imported.count, imported.refused.len()), (6, 0));
    let expected = r#"shelf:
  keyway:
    endpoints:
      books.get:
        get: "/books/{book_id}"
        title: Gets a book.
        docs: "https://docs.shelf.example/books#get"
        headers: {x-version: "2"}
        path:
          book_id: {type: integer, description: "Its number: a whole one."}
      books.list:
        get: /books
        query:
          genre: {type: strings, values: [crime, "no"], style: comma}
          filter: {type: any, style: deep_object}
          "tags[]": {type: strings, required: true}
        paginate: true
        items: books
      books.add:
        post: /books
        headers: {content-type: "application/vnd.shelf+json"}
        body:
          title: {type: string, required: true, description: Its title.}
          labels: strings
          owner: any
          sequel: any
        idempotency_key: idempotency-key
      authors.list:
        get: /authors
        paginate: {type: offset, offset_name_in_request: page, offset_start_value: 1, offset_calculation_method: per-page, limit_name_in_request: per_page}
      charges.list:
        get: /charges
        paginate: {type: cursor, cursor_name_in_request: starting_after, last_item: id, more: has_more}
        items: data
      charges.make:
        post: /charges
        body:
          amount: {type: integer, required: true}
          expand: {type: strings, style: brackets}
        body_format: form
"#;
    assert_eq!(imported.text, expected);
}

#[test]
fn the_compiler_takes_the_overlay() {
    let text = imported(DOCUMENT, &compiled(&[]), &ALL).text;
    let spec = compiled(&[&text]);
    let names: Vec<&str> = spec.operations.iter().map(|operation| operation.name).collect();
    assert_eq!(names, ["authors.list", "books.add", "books.get", "books.list", "charges.list", "charges.make"]);
}

#[test]
fn what_cannot_be_said_is_a_note_or_leaves_the_operation_out() {
    let imported = imported(
        DOCUMENT,
        &compiled(&[]),
        &["books/get", "books/remove", "charges/list", "covers/upload", "covers/trace"],
    );
    let mut found: Vec<String> =
        imported.findings.iter().map(|one| format!("{}: {}", one.rule.name(), one.message)).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "not-said: `books/remove`: the required header `X-Confirm`",
            "not-said: `covers/trace`: method TRACE",
            "not-said: `covers/upload`: a body of several parts",
            "parameter-left-out: the parameter `X-Trace`",
        ]
    );
    let refused: Vec<&str> = imported.refused.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(refused, ["books/remove", "covers/upload", "covers/trace"]);
}

#[test]
fn hostile_documents_make_overlays_that_compile_or_nothing() {
    let mutations = [
        ("summary: Gets a book", "summary: \"a: {b}\\n# c\\u001b[31m '\\\"\""),
        ("name: 'tags[]'", "name: \"a'\\\"}: [\""),
        ("name: 'tags[]'", "name: cursor"),
        ("operationId: books/get", "operationId: 'on'"),
        ("operationId: books/get", "operationId: '{}: '"),
        ("/books/{book.id}:", "'/books/{book.id':"),
        ("enum: [crime, 'no']", "enum: ['a, b', '${apiKey}', '}']"),
        ("enum: ['2']", "enum: [\"2\\r\\nx: y\"]"),
        ("title: {type: string, description", "\"t\\u0000\": {type: string, description"),
        ("amount: {type: integer}", "amount: {allOf: [{$ref: '#/components/schemas/Book'}]}"),
        ("items: {type: string}", "items: {$ref: '#/x'}"),
    ];
    for (from, to) in mutations {
        assert!(DOCUMENT.contains(from), "{from}");
        let text = DOCUMENT.replace(from, to);
        let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
        let Ok(documents) = read::read("shelf.yaml", text, &|_| Err(String::new())) else { continue };
        let entry = TargetEntry::new(&compiled(&[]));
        let Ok(imported) = endpoints(&documents, &entry, None, &selection) else { continue };
        let spec = compiled(&[&imported.text]);
        assert_eq!(spec.operations.len(), imported.count, "{to}: {}", imported.text);
    }
}
