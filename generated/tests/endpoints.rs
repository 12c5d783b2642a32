//! Operations as types: what they say, and what they give to a client.
#![cfg(feature = "endpoints")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, which clippy does not take for tests")]

use keyway::{Endpoint, EndpointValue};
use keyway_providers::{PROVIDERS, github, stripe_api_key};

#[test]
fn ten_providers_have_operations_that_people_can_look_up() {
    let with: Vec<_> = PROVIDERS.iter().filter(|spec| spec.operations.len() >= 5).collect();
    assert!(with.len() >= 10, "{}", with.len());
    // An entry may have fewer: those whose lists differ from what it says of lists.
    for spec in PROVIDERS {
        assert!(spec.operations.len() <= 10, "{}: {}", spec.key, spec.operations.len());
        for operation in spec.operations {
            let (title, docs) = (operation.title.unwrap(), operation.docs.unwrap());
            assert!(title.ends_with('.') && docs.starts_with("https://"), "{} {}", spec.key, operation.name);
        }
    }
}

#[test]
fn an_operation_gives_its_values_in_the_order_of_its_parameters() {
    let list = github::endpoints::IssuesList {
        state: Some("open"),
        labels: Some(&["bug", "good first issue"]),
        per_page: Some(50),
        ..github::endpoints::IssuesList::new("rust-lang", "rust")
    };
    let operation = <github::endpoints::IssuesList<'_> as Endpoint>::OPERATION;
    let given: Vec<_> = operation.parameters.iter().map(|parameter| parameter.name).zip(list.values()).collect();
    assert_eq!(operation.name, "issues.list");
    assert_eq!(
        given.into_iter().filter(|(_, value)| *value != EndpointValue::Absent).collect::<Vec<_>>(),
        [
            ("owner", EndpointValue::Text("rust-lang")),
            ("repo", EndpointValue::Text("rust")),
            ("state", EndpointValue::Text("open")),
            ("labels", EndpointValue::Texts(&["bug", "good first issue"])),
            ("per_page", EndpointValue::Integer(50)),
        ]
    );
    assert!(operation.paginate.is_some());
    assert_eq!(<stripe_api_key::endpoints::BalanceGet as Endpoint>::OPERATION.paginate, None);
}
