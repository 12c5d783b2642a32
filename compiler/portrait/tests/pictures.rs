//! Pictures and forms as markup: small, the same each time, and safe whatever an entry says.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_portrait::flow::flow;
use keyway_portrait::{Frame, form, picture};
use keyway_spec::auth::TwoStep;
use keyway_spec::field::VisibleWhen;
use keyway_spec::{Auth, Field, HostSet, Hosts, ProviderSpec, Proxy, Template};

/// The largest picture in a page, in bytes: a book has hundreds.
const MAX_BYTES: usize = 8 * 1024;

#[test]
fn pictures_of_the_catalogue_are_small_and_stay_inside_their_frame() {
    for spec in keyway_providers::PROVIDERS {
        let markup = picture(&flow(spec), Frame::Page);
        assert!(markup.len() < MAX_BYTES, "{}: {} bytes", spec.key, markup.len());
        assert_eq!(markup, picture(&flow(spec), Frame::Page), "{}", spec.key);
        assert!(markup.starts_with("<svg ") && markup.ends_with("</svg>\n"), "{markup}");
        assert!(markup.lines().all(|line| !line.trim().is_empty()), "{}: a blank line ends the HTML", spec.key);
        let (_, rest) = markup.split_once("viewBox=\"0 0 760 ").unwrap();
        let height: f32 = rest.split('"').next().unwrap().parse().unwrap();
        for place in markup.split(" x=\"").skip(1) {
            let x: f32 = place.split('"').next().unwrap().parse().unwrap();
            assert!((0.0..=760.0).contains(&x), "{}: {place}", spec.key);
        }
        for place in markup.split(" y=\"").skip(1) {
            let y: f32 = place.split('"').next().unwrap().parse().unwrap();
            assert!((0.0..=height).contains(&y), "{}: {place}", spec.key);
        }
        assert!(markup.contains("<title>") && markup.contains("Call: Your program to API: "), "{markup}");
    }
}

#[test]
fn only_a_picture_in_a_file_has_colours_of_its_own() {
    let flow = flow(keyway_providers::PROVIDERS.first().unwrap());
    assert!(picture(&flow, Frame::File).contains("prefers-color-scheme:dark"));
    let page = picture(&flow, Frame::Page);
    assert!(page.contains("fill=\"currentColor\"") && !page.contains("prefers-color-scheme"), "{page}");
}

/// A text that would be markup, a directive of the book, two lines and the end of a block.
const HOSTILE: &str = "</title><script>alert(1)</script>\n\n{{#include /etc/passwd}} \u{202e}\" '";

const FIELD: Field = Field {
    name: HOSTILE,
    title: HOSTILE,
    description: HOSTILE,
    example: Some(HOSTILE),
    prefix: Some(HOSTILE),
    suffix: Some(HOSTILE),
    visible_when: Some(VisibleWhen { field: HOSTILE, equals: HOSTILE }),
    ..Field::EMPTY
};

#[test]
fn texts_of_an_entry_are_no_markup_no_directive_and_one_line() {
    let spec = ProviderSpec {
        display_name: HOSTILE,
        auth: Auth::TwoStep(TwoStep::EMPTY),
        credentials: &[FIELD],
        hosts: Hosts { api: HostSet::Fixed(&[HOSTILE]), ..Hosts::EMPTY },
        proxy: Some(Proxy { base_url: Template::Text(HOSTILE), ..Proxy::EMPTY }),
        ..ProviderSpec::EMPTY
    };
    for markup in [picture(&flow(&spec), Frame::Page), form::picture(&spec).unwrap()] {
        for bad in ["<script", "</title><", "{{", "\u{202e}", "\n\n"] {
            assert!(!markup.contains(bad), "{bad:?} is in {markup}");
        }
        assert!(markup.contains("#include") && markup.contains("alert(1)"), "the text is there: {markup}");
    }
}

#[test]
fn a_form_shows_labels_help_and_what_stands_around_a_value() {
    let field = Field {
        name: "subdomain",
        title: "Subdomain",
        description: "The first part of your address.",
        example: Some("globex"),
        prefix: Some("https://"),
        suffix: Some(".acme.com"),
        ..Field::EMPTY
    };
    let secret = Field { name: "apiKey", title: "Key", example: Some("sk-1"), secret: true, ..Field::EMPTY };
    let region = Field { name: "region", choices: &["us", "eu"], default_value: Some("us"), ..Field::EMPTY };
    let unseen = Field { name: "unseen", hidden: true, ..Field::EMPTY };
    let supplied = Field { name: "supplied", automated: true, ..Field::EMPTY };
    let spec = ProviderSpec {
        display_name: "Acme",
        auth: Auth::ApiKey,
        connection_config: Vec::leak(vec![
            Field { order: Some(2), ..region },
            Field { order: Some(1), ..field },
            supplied,
        ]),
        credentials: Vec::leak(vec![secret, unseen]),
        ..ProviderSpec::EMPTY
    };
    let markup = form::picture(&spec).unwrap();
    for expected in [
        "Connect Acme",
        "<span class=\"kw-affix\">https://</span><span class=\"kw-value kw-example\">globex</span>\
         <span class=\"kw-affix\">.acme.com</span>",
        "The first part of your address.",
        "One of us, eu.",
        "region <small>(optional)</small>",
        "••••••••",
    ] {
        assert!(markup.contains(expected), "`{expected}` is not in {markup}");
    }
    for absent in ["sk-1", "unseen", "supplied", "<input"] {
        assert!(!markup.contains(absent), "`{absent}` is in {markup}");
    }
    let names: Vec<&str> = form::fields(&spec).iter().map(|field| field.name).collect();
    assert_eq!(names, ["subdomain", "region", "apiKey"]);
}

#[test]
fn where_a_page_of_the_vendors_follows_a_form_is_shown_only_if_it_has_to_be() {
    let optional = Field { name: "version", optional: true, ..Field::EMPTY };
    let required = Field { name: "site", ..Field::EMPTY };
    let oauth1 = Auth::OAuth1(keyway_spec::auth::OAuth1::EMPTY);
    for (fields, expected) in [(vec![optional], 0), (vec![optional, required], 2)] {
        let spec = ProviderSpec { auth: oauth1, connection_config: Vec::leak(fields), ..ProviderSpec::EMPTY };
        assert_eq!(form::fields(&spec).len(), expected);
        assert_eq!(form::picture(&spec).is_some(), expected > 0);
    }
}
