//! A plan as it is shown, and as it is made again.

use super::providers::{CONFINED, build, call, fixed, pairs};
use keyway::credentials::Credentials;
use keyway::mask::mask;
use std::collections::BTreeMap;

#[test]
fn nothing_that_is_shown_holds_the_secret() {
    let credentials = Credentials::api_key("s3cret");
    let plan = fixed(&call("GET", "/x")).unwrap();
    assert!(!format!("{plan:?}").contains("s3cret"), "{plan:?}");
    let shown = mask(&plan, credentials.secrets());
    assert_eq!(shown.url, "https://api.vendor.com/v1/x?key=***");
    assert_eq!(shown.headers, pairs(&[("x-key", "***"), ("user-agent", "App"), ("accept", "*/*")]));
}

#[test]
fn planning_is_a_function() {
    let values: BTreeMap<&str, &str> = BTreeMap::from([("subdomain", "acme"), ("account", "7")]);
    let values: Vec<(&str, &str)> = values.into_iter().collect();
    let run = || {
        let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")).unwrap();
        (plan.url.0, plan.headers.into_iter().map(|header| header.value).collect::<Vec<_>>())
    };
    assert_eq!(run(), run());
}
