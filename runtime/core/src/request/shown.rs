//! A planned request as it may be shown: every secret replaced by `***`.

use super::{CallBody, Plan};
use crate::mask::{Masker, behind_scheme};
use crate::secret::Secret;

/// A request that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text; `None` where there is none or it is a stream.
    pub body: Option<String>,
}

/// A plan with its secrets masked.
pub fn mask<'s>(plan: &Plan, secrets: impl IntoIterator<Item = &'s Secret>) -> Masked {
    let masker = Masker::new(secrets);
    let masked = |(name, value): (String, String)| {
        let shown = match name.as_str() {
            "authorization" | "proxy-authorization" | "cookie" => behind_scheme(&value),
            _ => masker.text(&value),
        };
        (name, shown)
    };
    let open = reveal(plan);
    Masked {
        method: open.method,
        url: masker.text(&open.url),
        headers: open.headers.into_iter().map(masked).collect(),
        body: open.body.map(|text| masker.text(&text)),
    }
}

/// A plan with its secrets in the clear, for a caller that asked to see them.
pub fn reveal(plan: &Plan) -> Masked {
    let headers = plan.headers.iter();
    Masked {
        method: plan.method.to_string(),
        url: plan.target().into_owned(),
        headers: headers.map(|planned| (planned.name.to_string(), planned.value.expose().to_owned())).collect(),
        body: match &plan.body {
            CallBody::Empty | CallBody::Stream => None,
            body => body.encoded().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::MASK;
    use crate::planned::{PlannedHeader, PlannedUrl};

    fn plan(url: &str, headers: &[(&str, &str)], body: CallBody) -> Plan {
        let headers = headers.iter().map(|(name, value)| PlannedHeader {
            name: (*name).to_owned().into(),
            value: Secret::from(*value),
            injected: true,
        });
        let url = PlannedUrl(url::Url::parse(url).unwrap());
        Plan {
            query: url.0.query().map(Secret::from),
            method: http::Method::GET,
            url,
            headers: headers.collect(),
            body,
            query_secrets: Vec::new(),
            identity: None,
        }
    }

    #[test]
    fn a_request_is_masked_from_url_to_body() {
        let secret = Secret::from("tok3n");
        let headers = [("authorization", "Bearer abc"), ("x-key", "tok3n"), ("x-version", "2"), ("cookie", "s=1")];
        let body = CallBody::Json(serde_json::json!({"key": "tok3n", "n": 1}));
        let shown = mask(&plan("https://a.example.com/bottok3n/x?k=tok3n", &headers, body), [&secret]);
        assert_eq!(shown.url, "https://a.example.com/bot***/x?k=***");
        let values: Vec<&str> = shown.headers.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["Bearer ***", MASK, "2", MASK]);
        assert_eq!(shown.body.as_deref(), Some(r#"{"key":"***","n":1}"#));
    }
}
