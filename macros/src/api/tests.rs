//! The macro's output, and that it writes the trait whatever is wrong. Messages are in `tests/ui/api`.

use super::expand;
use quote::ToTokens;

/// The items as text, one item a line and without needless spaces.
fn written(arguments: &str, item: &str) -> Vec<String> {
    let tokens = expand(arguments.parse().unwrap(), &item.parse().unwrap());
    let file: syn::File = syn::parse2(tokens).unwrap();
    file.items.iter().map(|item| item.to_token_stream().to_string()).collect()
}

const ENDPOINT: &str = "k :: __codegen :: endpoint";

#[track_caller]
fn method(written_in_trait: &str, expected: &str) {
    let items = written("acme, crate = k", &format!("trait T {{ {written_in_trait} }}"));
    assert_eq!(items.len(), 2, "{items:?}");
    let body = items[1].replace(ENDPOINT, "E");
    assert!(body.starts_with("# [automatically_derived] impl T for E :: Client < acme :: Acme >"), "{body}");
    assert!(body.contains(expected), "{body}\ndoes not hold\n{expected}");
}

#[test]
fn a_method_puts_its_call_together_in_order() {
    method(
        "#[post(\"/a/{b}.json\")] #[header(\"accept\", \"x\")] fn m(&self, #[query] q: u8, b: &str, #[body(form)] f: &F);",
        "E :: Outgoing :: new (self , E :: Method :: POST) . text (\"/a/\") . part (\"b\" , & b) . text (\".json\") \
         . header (\"accept\" , \"x\") . query (\"q\" , & q) . form (\"f\" , & f) . read :: < E :: AsNothing > ()",
    );
    method(
        "#[get(\"/{type}\")] fn m(&self, r#type: u8, #[query(\"per_page\")] n: u8, #[header(\"x-y\")] h: u8) -> A;",
        ". text (\"/\") . part (\"type\" , & r#type) . query (\"per_page\" , & n) . header (\"x-y\" , & h) . read :: < E :: AsJson < A > > ()",
    );
}

#[test]
fn the_return_type_says_how_an_answer_is_read() {
    for (method_text, signature, end) in [
        (
            "#[get(\"/\")] fn m(&self) -> A;",
            "Output = E :: Result < A > > + :: core :: marker :: Send",
            ". read :: < E :: AsJson < A > > ()",
        ),
        ("#[get(\"/\")] fn m(&self) -> ();", "Output = E :: Result < () > >", ". read :: < E :: AsNothing > ()"),
        ("#[delete(\"/\")] fn m(&self);", "Output = E :: Result < () > >", ". read :: < E :: AsNothing > ()"),
        ("#[get(\"/\")] fn m(&self) -> k::Response;", "Output = E :: Result < k :: Response > >", ". raw ()"),
        (
            "#[get(\"/\")] fn m(&self) -> self::Response;",
            "Output = E :: Result < self :: Response > >",
            ". read :: < E :: AsJson < self :: Response > > ()",
        ),
        (
            "#[get(\"/\")] async fn m(&self) -> Answer<A>;",
            "Result < Answer < A > >",
            "< E :: WithHead < E :: AsJson < A > > > ()",
        ),
        (
            "#[get(\"/\")] fn m(&self) -> self::Answer<A>;",
            "< self :: Answer < A > >",
            "AsJson < self :: Answer < A > > > ()",
        ),
        ("#[get(\"/\")] fn m(&self) -> String;", "Output = E :: Result < String > >", "read :: < E :: AsText > ()"),
        (
            "#[get(\"/\")] fn m(&self) -> k::Bytes;",
            "Output = E :: Result < k :: Bytes > >",
            "read :: < E :: AsBytes > ()",
        ),
        ("#[get(\"/\")] fn m(&self) -> Option<A>;", "< Option < A > >", "read :: < E :: AsJson < Option < A > > > ()"),
        (
            "#[get(\"/\")] #[absent(404, 410)] fn m(&self) -> Answer<Option<A>>;",
            "< Answer < Option < A > > >",
            ". absent (& [404 , 410]) . read :: < E :: WithHead < E :: OrAbsent < E :: AsJson < A > > > > ()",
        ),
        ("#[get(\"/\")] fn m(&self) -> Download;", "Output = E :: Result < Download > >", ". download ()"),
        (
            "#[get(\"/\")] #[paginate(link)] fn m(&self) -> Vec<A>;",
            "-> E :: Pages < A >",
            ". pages :: < A > (E :: PaginateOverlay { kind : :: core :: option :: Option :: Some (E :: KindOverlay :: \
             LinkHeader { rel : \"next\" })",
        ),
        (
            "#[get(\"/\")] #[paginate(link)] #[error(X)] fn m(&self) -> Vec<A>;",
            "-> E :: Pages < A , E :: CallError < X > >",
            "E",
        ),
        (
            "#[get(\"/\")] #[error(X, status = 422, when = \"ok=false\")] fn m(&self) -> A;",
            "Output = E :: Result < A , E :: CallError < X > > >",
            ". refusal :: < X > (& [E :: ErrorRule { status : :: core :: option :: Option :: Some (422) , when : :: core \
             :: option :: Option :: Some (\"ok=false\") }]) . read :: < E :: AsJson < A > > ()",
        ),
    ] {
        method(method_text, signature);
        method(method_text, end);
    }
}

#[test]
fn arguments_and_limits_are_data() {
    for (method_text, expected) in [
        (
            "#[get(\"/c/{path*}\")] fn m(&self, path: &str, #[query(\"l\", style = \"comma\")] l: &[u8], #[query(style = \
             \"brackets\")] f: F);",
            ". text (\"/c/\") . parts (\"path\" , & path) . styled_query (\"l\" , :: core :: option :: Option :: Some \
             (\"l\") , E :: ListStyle :: Comma , & l) . styled_query (\"f\" , :: core :: option :: Option :: None , E :: ListStyle \
             :: Brackets , & f)",
        ),
        (
            "#[post(\"/\")] fn m(&self, #[body(form = \"brackets\")] f: &F);",
            ". nested_form (\"f\" , E :: ListStyle :: Brackets , & f)",
        ),
        ("#[post(\"/\")] fn m(&self, #[body(form = \"repeat\")] f: &F);", ". form (\"f\" , & f)"),
        ("#[post(\"/\")] fn m(&self, #[body(multipart)] f: &F);", ". multipart (\"f\" , & f)"),
        ("#[post(\"/\")] fn m(&self, #[body(stream = \"a/b\")] f: Upload);", ". stream (f) . media_type (\"a/b\")"),
        (
            "#[post(\"/\")] #[host(\"up.a.example\")] #[retries(2)] #[idempotent(\"k\")] #[timeout(\"3s\")] fn m(&self);",
            ". host (\"up.a.example\") . retries (2) . idempotent (\"k\") . timeout (3000u64) . read",
        ),
    ] {
        let items = written("acme, crate = k", &format!("trait T {{ {method_text} }}"));
        let body = items[items.len() - 1].replace(ENDPOINT, "E");
        assert!(body.contains(expected), "{body}\ndoes not hold\n{expected}");
    }
}

#[test]
fn a_trait_for_dyn_gives_boxed_futures() {
    let items = written("acme, dyn", "trait T { #[get(\"/\")] fn m(&self) -> A; }");
    assert!(items[0].contains("Pin < :: std :: boxed :: Box < dyn :: core :: future :: Future"), "{}", items[0]);
    assert!(items[1].contains(":: std :: boxed :: Box :: pin (:: keyway"), "{}", items[1]);
}

#[test]
fn the_documentation_of_a_method_shows_verb_path_and_the_vendors_page() {
    for (written_in_trait, expected) in [
        ("/// List.\n #[get(\"/a/{b}\")] fn m(&self, b: u8);", "# [doc = \"\"] # [doc = \"`GET /a/{b}`\"]"),
        (
            "#[get(\"/\")] #[docs(\"https://d.example/x\")] fn m(&self);",
            "# [doc = \"`GET /`, [documentation](<https://d.example/x>)\"] fn m",
        ),
    ] {
        let items = written("acme", &format!("trait T {{ {written_in_trait} }}"));
        assert!(items[0].contains(expected), "{}", items[0]);
    }
}

#[test]
fn what_an_entry_has_to_have_is_asked_of_it() {
    for (rule, is_asked) in [
        ("#[paginate]", true),
        ("#[paginate(items = \"a\")]", true),
        ("#[paginate(cursor = \"a\")]", true),
        ("#[paginate(cursor = \"a\", from = \"b\")]", false),
        ("#[paginate(last = \"id\", as = \"after\")]", false),
        ("#[paginate(page = \"page\", start = 0)]", false),
    ] {
        let items = written("acme", &format!("trait T {{ #[get(\"/\")] {rule} fn m(&self) -> Vec<A>; }}"));
        assert_eq!(items.iter().any(|item| item.contains("is_whole_over")), is_asked, "{rule}");
    }
}

#[test]
fn the_error_of_the_trait_is_that_of_its_methods() {
    let items =
        written("a", "#[error(X)] trait T { #[get(\"/\")] fn m(&self) -> A; #[get(\"/\")] fn r(&self) -> Response; }");
    assert!(items[1].contains("CallError < X >") && items[1].contains(". raw ()"), "{}", items[1]);
}

#[test]
fn a_method_with_a_body_is_left_alone() {
    let items = written("a", "trait T { fn m(&self) -> u8 { 1 } #[cfg(x)] #[get(\"/\")] fn n(&self); }");
    assert!(items[0].contains("fn m (& self) -> u8 { 1 }"), "{}", items[0]);
    assert!(!items[1].contains("fn m") && items[1].contains("# [cfg (x)] fn n"), "{}", items[1]);
}

#[test]
fn every_provider_of_the_api_gets_an_implementation() {
    let items = written("acme, other::Kind", "trait T {}");
    assert_eq!(items.len(), 3);
    assert!(items[2].contains("Client < other :: Kind >"), "{}", items[2]);
}

#[test]
fn the_trait_is_written_whatever_is_wrong() {
    for (arguments, body) in [
        ("", "#[get(\"/\")] fn m(&self) -> A;"),
        ("acme, nope = 1", "#[get(\"/\")] fn m(&self) -> A;"),
        ("acme", "fn m(&self) -> A;"),
        ("acme", "#[get] fn m(&self) -> A;"),
        ("acme", "#[get(\"x\")] fn m(&self) -> A;"),
        ("acme", "#[get(\"/{a}\")] fn m(&self) -> A;"),
        ("acme", "#[get(\"/\")] #[post(\"/\")] fn m(&self) -> A;"),
        ("acme", "#[get(\"/\")] fn m(&self, #[nope] x: u8) -> A;"),
        ("acme", "#[get(\"/\")] fn m(&self, #[body] x: u8) -> A;"),
        ("acme", "const X: u8; #[get(\"/\")] fn m(&self) -> A;"),
    ] {
        let items = written(arguments, &format!("pub trait T {{ {body} }}"));
        let errors = items.iter().filter(|item| item.contains("compile_error")).count();
        assert_eq!(errors, 1, "{arguments}: {body}: {items:?}");
        assert!(items[0].contains("pub trait T") && items[0].contains("fn m (& self"), "{}", items[0]);
        assert!(!items[0].contains("nope") && !items[0].contains("# [get"), "{}", items[0]);
    }
}
