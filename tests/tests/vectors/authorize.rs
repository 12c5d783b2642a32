//! `authorize.jsonl`: what a flow asks for, to the requests before the redirect and the page it goes to.

use crate::compare;
use crate::deviations::Difference;
use crate::recorded::{self, Account};
use crate::tally::{Most, Tally};
use crate::token::{answer, printed};
use keyway::auth::{self, exchange::Ask, exchange::Step};
use keyway_spec::ProviderSpec;
use serde_json::{Value, json};

#[test]
fn authorization_pages_are_the_recorded_ones() {
    let (Some(lines), Some(specs)) = (recorded::lines("authorize"), keyway_tests::corpus::quirky_specs()) else {
        return;
    };
    let mut tally = Tally::of("authorize");
    for line in &lines {
        let ours = match specs.get(line["provider"].as_str().unwrap()) {
            Some(spec) => page(spec, line),
            None => json!("error: the entry does not compile"),
        };
        let requests = line["requests"].as_array().into_iter().flatten().map(compare::recorded);
        let requests: Vec<Value> = requests.map(without_agent).collect();
        let recorded = match line["output"]["url"].as_str() {
            Some(url) => json!({"requests": requests, "url": url}),
            None => json!("refused"),
        };
        let refused = ours.as_str().is_some_and(|text| text.starts_with("error: "));
        if recorded == ours || (recorded == "refused" && refused) {
            tally.agrees();
        } else {
            tally.differs(&Difference { line, recorded, ours });
        }
    }
    tally.finish(Most::Percent(3));
}

fn page(spec: &ProviderSpec, line: &Value) -> Value {
    let input = &line["input"];
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let scopes: Vec<String> =
        input["scopes"].as_array().into_iter().flatten().map(|scope| scope.as_str().unwrap().to_owned()).collect();
    let ask = Ask {
        redirect_uri: text("redirect_uri"),
        scopes: &scopes,
        state: text("state"),
        verifier: text("code_verifier"),
    };
    let mut input = input.clone();
    // The recording has no secret where the flow sends none: any will do.
    input["integration"] =
        json!({"oauth_client_id": text("client_id"), "oauth_client_secret": format!("client-secret-{}+/=", spec.key)});
    let account = Account::of(spec, &input).with_nonce_of(line);
    let (mut answers, mut requests) = (Vec::new(), Vec::new());
    loop {
        match auth::page(&account.inputs(spec), ask, &answers) {
            Ok(Step::Done(page)) => return json!({"requests": requests, "url": page.url}),
            Err(error) => return format!("error: {error}").into(),
            Ok(Step::Send(request)) => {
                requests.push(without_agent(printed(&request)));
                // What was answered is not recorded; the pages show it.
                let body = "oauth_token=req-token&oauth_token_secret=req-secret&oauth_callback_confirmed=true";
                answers.push(answer(&json!({"status": 200, "headers": {}, "body": body})));
                if answers.len() > 3 {
                    return json!("error: more requests than any page needs");
                }
            }
        }
    }
}

/// The recording clients named themselves.
pub(crate) fn without_agent(mut request: Value) -> Value {
    if let Some(headers) = request["headers"].as_object_mut() {
        headers.remove("user-agent");
    }
    request
}
