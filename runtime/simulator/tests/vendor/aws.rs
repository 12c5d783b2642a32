//! A role at AWS, and requests that are signed by hand (AWS IAM User Guide, "Create a signed AWS API request").

use super::{Draft, account};
use hmac::{Hmac, KeyInit, Mac};
use keyway_simulator::{SimulatedAccount, Simulator};
use keyway_spec::template::{Node, Position, Reference, Root, Template};
use keyway_spec::{Auth, ProviderSpec, Proxy};
use sha2::{Digest, Sha256};

const fn label(path: &'static str) -> Node {
    Node::Reference(Reference { root: Root::ConnectionConfig, path, position: Position::HostLabel })
}

const BASE: &[Node] =
    &[Node::Text("https://"), label("service"), Node::Text("."), label("region"), Node::Text(".amazonaws.com")];

pub static AWS: ProviderSpec = ProviderSpec {
    key: "aws",
    auth: Auth::AwsSigV4,
    proxy: Some(Proxy { base_url: Template::Nodes(BASE), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

pub const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
pub const EXTERNAL_ID: &str = "6f1c3b52-8f0e-4a39-9f51-0d7b6a0c2e11";
/// The instant of `NOW`.
pub const STAMP: &str = "20260703T000000Z";

/// A customer's role, and an operator of a service.
pub fn at_aws(settings: &[(&str, &str)]) -> Simulator {
    let own = [
        ("service", "sqs"),
        ("defaultRegion", "eu-central-1"),
        ("awsAccessKeyId", "AKIAOPERATOR"),
        ("awsSecretAccessKey", "secret-of-the-operator"),
    ];
    let all = own.iter().chain(settings);
    let mut account = SimulatedAccount {
        settings: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..account()
    };
    account.credentials.insert("role_arn".into(), ROLE.into());
    Simulator::new(&AWS, account).unwrap()
}

/// Keys, and what they sign for.
#[derive(Clone)]
pub struct Keys {
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
    pub service: &'static str,
}

impl Keys {
    pub fn of_operator() -> Keys {
        Keys { id: "AKIAOPERATOR".into(), secret: "secret-of-the-operator".into(), token: None, service: "sts" }
    }

    /// The keys of an answer of STS.
    pub fn of_answer(xml: &str, service: &'static str) -> Keys {
        let text = |name: &str| {
            let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        Keys { id: text("AccessKeyId"), secret: text("SecretAccessKey"), token: Some(text("SessionToken")), service }
    }

    /// The request with the headers of its signature.
    pub fn sign(&self, draft: Draft) -> Draft {
        let url = url::Url::parse(&draft.url).unwrap();
        let hash = hex(&Sha256::digest(&draft.body));
        let draft = draft.header("x-amz-date", STAMP).header("x-amz-content-sha256", &hash);
        let draft = match &self.token {
            Some(token) => draft.header("x-amz-security-token", token),
            None => draft,
        };
        let is_signed = |name: &str| name == "content-type" || name.starts_with("x-amz-");
        let own = draft.headers.iter().filter(|(name, _)| is_signed(name)).cloned();
        let mut headers: Vec<(String, String)> =
            own.chain([("host".to_owned(), url.host_str().unwrap().to_owned())]).collect();
        headers.sort();
        let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let lines = lines.concat();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let query = url.query().unwrap_or_default();
        let request = format!("{}\n{}\n{query}\n{lines}\n{names}\n{hash}", draft.method, url.path());
        let scope = format!("{}/eu-central-1/{}/aws4_request", &STAMP[..8], self.service);
        let text = format!("AWS4-HMAC-SHA256\n{STAMP}\n{scope}\n{}", hex(&Sha256::digest(request)));
        let key = scope.split('/').fold(format!("AWS4{}", self.secret).into_bytes(), |key, part| mac(&key, part));
        let signature = hex(&mac(&key, &text));
        let credential = format!("Credential={}/{scope}", self.id);
        draft.header(
            "authorization",
            &format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"),
        )
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The request for credentials of the role, unsigned.
pub fn assume_role() -> Draft {
    Draft::new("POST", "https://sts.eu-central-1.amazonaws.com/").form(&[
        ("Action", "AssumeRole"),
        ("RoleArn", ROLE),
        ("ExternalId", EXTERNAL_ID),
        ("RoleSessionName", "keyway-1"),
        ("DurationSeconds", "3600"),
        ("Version", "2011-06-15"),
    ])
}

/// Keys that the vendor issued, for calls of the service.
pub fn issued(vendor: &mut Simulator) -> Keys {
    let answer = Keys::of_operator().sign(assume_role()).send(vendor, super::NOW);
    let seen = vendor.requests().last().unwrap();
    assert_eq!(answer.status(), 200, "{}", super::wrong(seen));
    Keys::of_answer(std::str::from_utf8(answer.body()).unwrap(), "sqs")
}

/// A call of the service, unsigned.
pub fn call() -> Draft {
    Draft::new("POST", "https://sqs.eu-central-1.amazonaws.com/").body("application/json", "{}")
}
