//! AWS without a network: STS, an endpoint in its place, and services that verify what they are sent.
//!
//! It stands in for the transport, because the hosts are Amazon's own; the egress policy is asked as always.

use crate::rfc5849::decoded;
use crate::signature::{claimed, is_signed_with};
use crate::support::Hand;
use http::{Request, Response};
use keyway::clock::{Clock as _, Timestamp};
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Transport};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use url::Url;

pub(crate) const KEY_ID: &str = "AKIAOPERATOR";
pub(crate) const SECRET_KEY: &str = "operator-canary";
/// The operator's own endpoint in the place of STS.
pub(crate) const CUSTOM_STS: &str = "https://tokens.example.com/assume";
/// An endpoint of STS in the operator's own network.
pub(crate) const PRIVATE_STS: &str = "sts.private.example.com";
const LIFETIME: i64 = 3600;

/// A request as it was sent.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        match self.headers.get(name) {
            Some(value) => value,
            None if name == "host" => self.url.host_str().unwrap(),
            None => "",
        }
    }

    /// A parameter of the query or of the form.
    pub(crate) fn parameter(&self, name: &str) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let mut pairs = self.url.query().unwrap_or_default().split('&').chain(body.split('&'));
        let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        decoded(value.unwrap_or_default(), true)
    }
}

#[derive(Clone)]
pub(crate) struct Cloud {
    pub(crate) clock: Hand,
    seen: Arc<Mutex<Vec<Sent>>>,
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cloud")
    }
}

impl Transport for Cloud {
    fn send<'a>(&'a self, request: Request<Body>, egress: &'a Egress) -> BoxFuture<'a, keyway::Result<Response<Body>>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let url: Url = head.uri.to_string().parse().unwrap();
            egress.check_url(&url)?;
            let headers = head.headers.iter();
            let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            let body = body.collect(1 << 20).await?.to_vec();
            let sent = Sent { method: head.method.to_string(), url, headers, body };
            self.seen.lock().unwrap().push(sent.clone());
            Ok(self.answer(&sent))
        })
    }
}

impl Cloud {
    pub(crate) fn new() -> Cloud {
        Cloud { clock: Hand::new(), seen: Arc::default() }
    }

    /// What was sent since it was last asked.
    pub(crate) fn seen(&self) -> Vec<Sent> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    fn answer(&self, sent: &Sent) -> Response<Body> {
        let host = sent.url.host_str().unwrap();
        if sent.url.as_str() == CUSTOM_STS {
            return plain(200, &self.issued_as_json());
        }
        let Some((service, region)) = place(host) else { return plain(200, "outside") };
        if !self.is_signed(sent, region, service) {
            return plain(403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>");
        }
        match (service, sent.url.path()) {
            ("sts", _) => self.sts(sent),
            (_, "/moved") => redirect(307, "/bucket/there?x=a%20b"),
            (_, "/away") => redirect(302, "https://elsewhere.example.com/there"),
            (_, "/busy") => {
                self.clock.advance(5);
                Response::builder().status(503).header("retry-after", "0").body(Body::full("busy")).unwrap()
            }
            _ => plain(200, "welcome"),
        }
    }

    fn is_signed(&self, sent: &Sent, region: &str, service: &str) -> bool {
        let Some(signed) = claimed(sent) else { return false };
        let temporary = signed.key_id.strip_prefix("ASIA");
        let secret = match temporary {
            Some(issued) => {
                let session = sent.header("x-amz-security-token") == session_token(issued);
                let alive = self.now() < issued.parse::<i64>().unwrap() + LIFETIME;
                if !session || !alive {
                    return false;
                }
                secret_key(issued)
            }
            None if signed.key_id == KEY_ID => SECRET_KEY.to_owned(),
            None => return false,
        };
        let now: String = self.clock.now().to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let fits = (signed.region.as_str(), signed.service.as_str()) == (region, service);
        fits && sent.header("x-amz-date") == now && is_signed_with(sent, &secret)
    }

    fn sts(&self, sent: &Sent) -> Response<Body> {
        let (action, role) = (sent.parameter("Action"), sent.parameter("RoleArn"));
        if role.ends_with("/denied") {
            let error = format!("<Code>AccessDenied</Code><Message>{role} does not trust {SECRET_KEY}</Message>");
            return plain(403, &format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>"));
        }
        match action.as_str() {
            "AssumeRole" => plain(200, &self.issued_as_xml()),
            "GetCallerIdentity" => plain(200, "<GetCallerIdentityResponse/>"),
            _ => plain(400, ""),
        }
    }

    fn issued_as_xml(&self) -> String {
        let [key_id, secret, session, expires_at] = self.issued();
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key_id}</AccessKeyId>\
             <SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{session}</SessionToken>\
             <Expiration>{expires_at}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
    }

    fn issued_as_json(&self) -> String {
        let [key_id, secret, session, expires_at] = self.issued();
        serde_json::json!({"credentials": {"accessKeyId": key_id, "secretAccessKey": secret,
            "sessionToken": session, "expiration": expires_at}})
        .to_string()
    }

    /// Credentials that are named after the second in which they were issued.
    fn issued(&self) -> [String; 4] {
        let issued = self.now().to_string();
        let expires_at = Timestamp::from_second(self.now() + LIFETIME).unwrap().to_string();
        [format!("ASIA{issued}"), secret_key(&issued), session_token(&issued), expires_at]
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second()
    }
}

/// The service and the region that a host stands for; the domains are those of the AWS General Reference.
fn place(host: &str) -> Option<(&str, &str)> {
    if host == "sts.amazonaws.com" || host == PRIVATE_STS {
        return Some(("sts", "us-east-1"));
    }
    let domain = |region: &str| if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let (service, rest) = host.split_once('.')?;
    let (region, rest) = rest.split_once('.')?;
    (rest == domain(region)).then_some((service, region))
}

fn secret_key(issued: &str) -> String {
    format!("temporary-canary/{issued}+")
}

pub(crate) fn session_token(issued: &str) -> String {
    format!("session-canary/{issued}+==")
}

fn plain(status: u16, body: &str) -> Response<Body> {
    Response::builder().status(status).body(Body::full(body.to_owned())).unwrap()
}

fn redirect(status: u16, location: &str) -> Response<Body> {
    Response::builder().status(status).header("location", location).body(Body::empty()).unwrap()
}
