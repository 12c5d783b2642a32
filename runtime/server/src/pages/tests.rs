//! Pages as a browser reads them.

use super::ended::{connected, pending};
use super::*;
use crate::error::ApiError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use html5gum::{Token, Tokenizer};
use keyway::connection::ConnectionKey;
use keyway::error::{ChoiceOption, Choices};
use keyway_spec::field::{Format, VisibleWhen};
use keyway_spec::operation::OperationParameter;
use keyway_spec::{Field, Operation, ProviderSpec};
use std::collections::BTreeMap;

/// Values that become markup wherever they are not escaped.
const HOSTILE: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "</title></style></option></select></form>",
    "<!-- ",
    "&quot;&gt;&lt;b&gt;",
    "{{ 7 * 7 }}{% endblock %}",
];

const NOWHERE: FormPlaces<'_> = FormPlaces { action: "", others: None };

async fn text(response: Response) -> String {
    let html = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    String::from_utf8(html.to_vec()).unwrap()
}

/// The tags of a page with the names of their attributes, and every text and attribute's value, decoded.
fn read(html: &str) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut values) = (Vec::new(), Vec::new());
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::StartTag(tag) => {
                let mut shown = String::from_utf8_lossy(&tag.name).into_owned();
                for (name, value) in &tag.attributes {
                    shown = format!("{shown} {}", String::from_utf8_lossy(name));
                    values.push(String::from_utf8_lossy(value).into_owned());
                }
                tags.push(shown);
            }
            Token::EndTag(tag) => tags.push(format!("/{}", String::from_utf8_lossy(&tag.name))),
            Token::String(text) => values.push(String::from_utf8_lossy(&text).into_owned()),
            Token::Comment(_) => tags.push("comment".to_owned()),
            _ => {}
        }
    }
    (tags, values)
}

/// A reference in which every text is `value`: those of the entry, and the integration's key.
fn reference_of(value: &'static str) -> Response {
    let parameter = OperationParameter {
        name: value,
        values: vec![value].leak(),
        required: true,
        description: Some(value),
        ..OperationParameter::EMPTY
    };
    let operation = Operation {
        name: value,
        path: value,
        title: Some(value),
        docs: Some(format!("https://docs.test/{value}").leak()),
        parameters: vec![parameter].leak(),
        ..Operation::EMPTY
    };
    let spec = ProviderSpec { display_name: value, operations: vec![operation].leak(), ..ProviderSpec::EMPTY };
    reference(&"https://kw.test/below".parse().unwrap(), value, &spec)
}

/// A page in which every text is the one given.
type Page = fn(&'static str) -> Response;

/// A form in which every text is `value`: those of the entry, those of the caller, and those of the provider.
fn form_of(value: &'static str) -> Response {
    let field = Field {
        name: value,
        title: value,
        description: value,
        example: Some(value),
        prefix: Some(value),
        suffix: Some(value),
        doc_section: Some(value),
        warnings: vec![(value, value)].leak(),
        visible_when: Some(VisibleWhen { field: value, equals: value }),
        ..Field::EMPTY
    };
    let pattern: &'static str = format!("^{value}$").leak();
    let fields = vec![
        Field { pattern: Some(pattern), ..field },
        Field { default_value: Some(value), ..field },
        Field { choices: vec![value, "b"].leak(), ..field },
        Field { secret: true, ..field },
    ];
    let spec = ProviderSpec {
        display_name: value,
        docs_connect: Some(format!("https://docs.test/{value}").leak()),
        connection_config: fields.leak(),
        ..ProviderSpec::EMPTY
    };
    let name = crate::form_fields::input_name("config", value);
    let state = FormState {
        entered: BTreeMap::from([(name.clone(), value.to_owned())]),
        problems: BTreeMap::from([(name, value.to_owned())]),
        message: Some(value),
        way: None,
    };
    let places = FormPlaces { action: &format!("/connect/{value}?token=t"), others: Some(value) };
    form(StatusCode::OK, &spec, places, &state, false)
}

fn offer_of(value: &'static str) -> Response {
    let one = || OfferedIntegration { provider: value, key: value.to_owned(), address: format!("/connect/{value}") };
    offer(&[one(), one()], None)
}

fn choice_of(value: &'static str) -> Response {
    let choices = Choices::new(value, vec![ChoiceOption::new(value, Some(value))]);
    let field = Field { name: value, title: value, ..Field::EMPTY };
    let spec: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec {
        display_name: value,
        connection_config: vec![field].leak(),
        ..ProviderSpec::EMPTY
    }));
    let state = ChoiceState { spec: Some(spec), token: value, action: value, message: Some(value), way: None };
    choice(StatusCode::OK, &choices, &state)
}

/// A way back in which every text is `value`, also where no session would take it.
fn way_of(value: &str) -> WayBack {
    let url = format!("https://app.test/?{}", form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>());
    WayBack::new(ConnectionKey::new(value, value)).return_url(url).origins(["https://app.test"])
}

fn failed_of(value: &'static str) -> Response {
    let mut page = ErrorPage::from(ApiError::new(StatusCode::BAD_REQUEST, value, value));
    page.provider = Some(value);
    page.way = Some(Box::new(way_of(value)));
    page.into_response()
}

#[tokio::test]
async fn no_value_becomes_markup() {
    let pages: [(&str, Page); 9] = [
        ("connected", |value| connected(value, value, None)),
        ("connected, with a way back", |value| connected(value, value, Some(&way_of(value)))),
        ("pending", |value| pending(value, value, Some(&way_of(value)))),
        ("failed", |value| ErrorPage::from(ApiError::new(StatusCode::BAD_REQUEST, value, value)).into_response()),
        ("failed, with a way back", failed_of),
        ("form", form_of),
        ("offer", offer_of),
        ("choice", choice_of),
        ("reference", reference_of),
    ];
    for (name, page) in pages {
        let (expected, _) = read(&text(page("plain")).await);
        for value in HOSTILE {
            let html = text(page(value)).await;
            let (tags, values) = read(&html);
            assert_eq!(tags, expected, "{name}: {value}: {html}");
            assert!(values.iter().any(|shown| shown.contains(value)), "{name}: {value} is not shown: {html}");
        }
    }
}

#[tokio::test]
async fn a_form_shows_what_was_entered_and_never_a_secret() {
    let html = text(form_of("plain")).await;
    let (tags, _) = read(&html);
    let inputs: Vec<&String> =
        tags.iter().filter(|tag| tag.starts_with("input") || tag.starts_with("select")).collect();
    assert_eq!(
        inputs,
        [
            "input aria-describedby aria-invalid autocapitalize autofocus id name pattern placeholder spellcheck type value",
            "input aria-describedby aria-invalid autocapitalize id name placeholder spellcheck type value",
            "select aria-describedby aria-invalid id name",
            "input aria-describedby aria-invalid autocapitalize autocomplete id name spellcheck type value"
        ]
    );
    assert!(html.contains("<option value=\"plain\" selected>plain</option>"), "{html}");
    assert!(html.contains("<input type=\"password\" name=\"config[plain]\" value=\"\" auto"), "{html}");
}

#[tokio::test]
async fn a_format_chooses_the_keyboard_and_an_authority_is_checked_by_the_browser() {
    for (format, expected) in [
        (None, ""),
        (Some(Format::Uuid), ""),
        (Some(Format::Email), " inputmode=\"email\""),
        (Some(Format::Uri), " inputmode=\"url\""),
        (Some(Format::Hostname), " inputmode=\"url\""),
        (Some(Format::Authority), " inputmode=\"url\" pattern=\"[A-Za-z0-9._\\-]+(:[0-9]{1,5})?\""),
    ] {
        let field = Field { name: "a", optional: true, format, ..Field::EMPTY };
        let spec = ProviderSpec { connection_config: vec![field].leak(), ..ProviderSpec::EMPTY };
        let html = text(form(StatusCode::OK, &spec, NOWHERE, &FormState::default(), false)).await;
        let input = format!("<input type=\"text\" name=\"config[a]\" value=\"\"{expected} auto");
        assert!(html.contains(&input), "{format:?}: {html}");
    }
}

#[tokio::test]
async fn a_line_of_the_reference_is_one_command_of_a_shell() {
    for (value, url, body) in [
        ("a", "'https://kw.test/below/call/a/a'", r#"'{"a":"a"}'"#),
        (
            "it's $(x)",
            "'https://kw.test/below/call/it'\\''s%20$(x)/it'\\''s%20$(x)'",
            r#"'{"it'\''s $(x)":"it'\''s $(x)"}'"#,
        ),
    ] {
        let (_, values) = read(&text(reference_of(value)).await);
        let expected = format!(
            "curl {url} \\\n  -H \"Authorization: Bearer $KEYWAY_API_KEY\" -H 'Connection-Id: ...' \\\n  -d {body}"
        );
        assert!(values.contains(&expected), "{expected}\n{values:#?}");
    }
}

#[test]
fn a_link_leads_to_the_web_only() {
    for (page, expected) in [
        ("https://docs.test/a", Some("https://docs.test/a#b")),
        ("http://docs.test/a", None),
        ("javascript:alert(1)//", None),
        ("//docs.test", None),
        ("", None),
    ] {
        assert_eq!(super::web_link::web_link(page, "#b").as_deref(), expected, "{page}");
    }
}

#[test]
fn templates_leave_escaping_to_the_escaper() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut text = std::fs::read_to_string(&path).unwrap();
            for constant in ["pages::STYLE", "pages::SCRIPT", "openapi::routes()"] {
                text = text.replace(&format!("{{{{ crate::{constant}|safe }}}}"), "");
            }
            // Another filter, or a value in an attribute without double quotes.
            for forbidden in ["|", "='", "={{", "={%"] {
                assert!(!text.contains(forbidden), "{}: `{forbidden}`", path.display());
            }
            count += 1;
        }
    }
    assert!(count >= 6, "the templates were not found");
}

#[tokio::test]
async fn the_policy_allows_exactly_the_style_and_the_script_of_the_page() {
    let pages = [
        form_of("plain"),
        choice_of("plain"),
        reference_of("plain"),
        connected("plain", "plain", None),
        connected("plain", "plain", Some(&way_of("plain"))),
        pending("plain", "plain", Some(&way_of("plain"))),
        failed_of("plain"),
    ];
    let mut with_script = 0;
    for page in pages {
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let html = text(page).await;
        let between = |start: &str, end: &str| {
            html.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect::<Vec<_>>().concat()
        };
        for (found, allowed) in
            [(between("<style>", "</style>"), "style-src"), (between("<script>", "</script>"), "script-src")]
        {
            let hash = STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, found.as_bytes()));
            assert!(found.is_empty() || policy.contains(&format!("{allowed} 'sha256-{hash}'")), "{policy}");
        }
        with_script += html.matches("<script>").count();
    }
    assert_eq!(with_script, 6, "each but the page that leads nowhere");
}

/// The values of an attribute of a page.
fn values_of(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_id_is_there_once_and_every_reference_leads_to_one() {
    for page in [form_of("a b\"c"), choice_of("a b\"c"), reference_of("a b\"c")] {
        let html = text(page).await;
        let ids = values_of(&html, "id");
        let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
        let plain = |id: &String| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        assert!(!ids.is_empty() && ids.iter().all(plain), "{ids:?}");
        let mut references: Vec<String> = ["for", "aria-describedby", "aria-controls", "data-reveal", "data-copy"]
            .iter()
            .flat_map(|name| values_of(&html, name))
            .flat_map(|ids| ids.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let links = values_of(&html, "href");
        references.extend(links.iter().filter_map(|link| link.strip_prefix('#')).map(str::to_owned));
        assert!(!references.is_empty() && references.iter().all(|id| ids.contains(id)), "{references:?} {ids:?}");
    }
}

#[tokio::test]
async fn a_form_says_what_to_enter_in_the_words_of_the_entry() {
    let region = Field { name: "region", title: "Region", choices: &["eu", "other"], ..Field::EMPTY };
    let only_other = Some(VisibleWhen { field: "region", equals: "other" });
    let fields = vec![
        region,
        Field { name: "host", title: "Host", example: Some("acme"), visible_when: only_other, ..Field::EMPTY },
        Field { name: "team", title: "Team", optional: true, prefix: Some("https://"), ..Field::EMPTY },
        Field { name: "key", title: "Key", secret: true, example: Some("k-1"), ..Field::EMPTY },
    ];
    let spec = ProviderSpec { display_name: "Acme", connection_config: fields.leak(), ..ProviderSpec::EMPTY };
    let problems = BTreeMap::from([("config[key]".to_owned(), "`key` is missing".to_owned())]);
    let state = FormState { problems, ..FormState::default() };
    let html = text(form(StatusCode::BAD_REQUEST, &spec, NOWHERE, &state, false)).await;
    for part in [
        "<title>Connect Acme</title>",
        "<h1>Connect Acme</h1>",
        "<label for=\"field-1\">Region</label>",
        "<div class=\"field\" data-when=\"config[region]\" data-equals=\"other\">",
        "<span>Only where Region is other.</span>",
        "<span>For example: acme</span>",
        "<label for=\"field-3\">Team <span class=\"optional\">(optional)</span></label>",
        "<span id=\"field-3-prefix\">https://</span>",
        "data-reveal=\"field-4\" aria-controls=\"field-4\">Show</button>",
        "<li><a href=\"#field-4\">Key is missing</a></li>",
        "aria-describedby=\"field-4-problem\" aria-invalid=\"true\" autofocus>",
        "<span class=\"problem\" id=\"field-4-problem\">Key is missing</span>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let required: Vec<bool> = ["region", "host", "team", "key"]
        .iter()
        .map(|name| html.contains(&format!("name=\"config[{name}]\" required")))
        .collect();
    assert_eq!(required, [true, false, false, true], "{html}");
    assert!(!html.contains("k-1"), "an example of a secret is not shown: {html}");
}

#[tokio::test]
async fn a_page_of_a_session_tells_its_origins_and_leads_back_by_itself_after_success_alone() {
    let way = way_of("a");
    for (page, status, goes) in [
        (connected("Acme", "a", Some(&way)), "connected", true),
        (pending("Acme", "a", Some(&way)), "pending", false),
        (failed_of("a"), "failed", false),
    ] {
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let html = text(page).await;
        assert!(policy.contains("frame-ancestors https://app.test;"), "{policy}");
        assert!(html.contains(&format!("data-tell=\"https://app.test\" data-status=\"{status}\"")), "{html}");
        assert!(html.contains(&format!("status={status}")) && html.contains("Back to the app"), "{html}");
        let html = html.replace(SCRIPT, "");
        assert_eq!(html.contains(" data-go>"), goes, "{html}");
    }
    let html = text(connected("Acme", "a", None)).await;
    assert!(html.contains("You can close this window") && !html.contains("Back to the app"), "{html}");
}

#[test]
fn a_form_may_lead_to_plain_http_only_where_that_is_allowed() {
    for (allow_http, expected) in [(false, "form-action 'self' https:"), (true, "form-action 'self' https: http:")] {
        let form = form(StatusCode::OK, &ProviderSpec::EMPTY, NOWHERE, &FormState::default(), allow_http);
        let policy = form.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.ends_with(expected), "{policy}");
    }
}

#[tokio::test]
async fn what_comes_from_outside_is_escaped_by_name() {
    let error = ApiError::new(StatusCode::BAD_REQUEST, "<b>", "<script>alert(1)</script> & co");
    let response = ErrorPage::from(error).into_response();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let html = text(response).await;
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; co (&lt;b&gt;)"), "{html}");
}
