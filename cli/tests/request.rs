//! `keyway request` as a process, for modes that sign.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

use std::fs;

const CATALOGUE: &str = "
aws:
    display_name: AWS
    docs: https://docs.aws.amazon.com
    categories: [storage]
    auth_mode: AWS_SIGV4
    proxy: {base_url: 'https://${connectionConfig.service}.${connectionConfig.region}.amazonaws.com'}
    credentials: {role_arn: {type: string, title: Role, description: Its ARN.}}
    connection_config:
        region: {type: string, title: Region, description: Its region.}
        service: {type: string, title: '', description: '', automated: true}
    integration_config: {service: {type: string, title: S, description: S., pattern: '^[a-z0-9-]+$'}}
old:
    display_name: Old
    docs: https://old.example.com
    categories: [other]
    auth_mode: OAUTH1
    signature_method: PLAINTEXT
    request_url: https://old.example.com/r
    authorization_url: https://old.example.com/a
    token_url: https://old.example.com/t
    proxy: {base_url: https://old.example.com}
tba:
    display_name: Ledger
    docs: https://ledger.example.com
    categories: [erp]
    auth_mode: TBA
    connection_config: {accountId: {type: string, title: A, description: A., pattern: '^[a-z0-9]+$'}}
    proxy: {base_url: 'https://${connectionConfig.accountId}.ledger.example.com'}
wsse:
    display_name: Soap
    docs: https://soap.example.com
    categories: [other]
    auth_mode: SIGNATURE
    signature: {protocol: WSSE}
    token: {expires_in_ms: 300000}
    credentials:
        username: {type: string, title: User, description: A name.}
        password: {type: string, title: Password, description: A word., secret: true}
    proxy: {base_url: https://soap.example.com, headers: {x-wsse: '${accessToken}'}}
";

/// What `keyway request` says with these arguments.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
    process::run(folder.path(), &[&["request", "--catalogue", "c.yaml"], arguments].concat())
}

const AWS: [&str; 7] = ["aws", "GET", "/b/k", "--config", "region=eu-west-1", "--config", "service=s3"];
const AWS_KEYS: [&str; 6] = [
    "--credential",
    "access_key_id=AKIAEXAMPLE",
    "--credential",
    "secret_access_key=secret-canary",
    "--credential",
    "session_token=session-canary",
];
const OLD: [&str; 11] = [
    "old",
    "GET",
    "/x",
    "--credential",
    "client_id=ck",
    "--credential",
    "client_secret=cs-canary",
    "--credential",
    "access_token=tk-canary",
    "--credential",
    "oauth_token_secret=ts-canary",
];
const TBA: [&str; 13] = [
    "tba",
    "GET",
    "/x",
    "--config",
    "accountId=acc1",
    "--credential",
    "client_id=ck",
    "--credential",
    "client_secret=cs-canary",
    "--credential",
    "token_id=ti-canary",
    "--credential",
    "token_secret=ts-canary",
];
const WSSE: [&str; 7] = ["wsse", "GET", "/x", "--credential", "username=ann", "--credential", "password=pw-canary"];

#[test]
fn a_mode_that_signs_is_shown_with_a_signature_of_what_was_given_and_nothing_secret() {
    let aws = [&AWS[..], &AWS_KEYS].concat();
    for (arguments, signed, revealed) in [
        (&aws[..], "authorization: AWS4-HMAC-SHA256 ***\n", "Credential=AKIAEXAMPLE/"),
        // RFC 5849 section 3.4.4: the two secrets themselves, joined by `&`.
        (&OLD, "authorization: OAuth ***\n", "oauth_signature=\"cs-canary%26ts-canary\""),
        (&TBA, "authorization: OAuth ***\n", "realm=\"ACC1\""),
        (&WSSE, "x-wsse: ***\n", "x-wsse: UsernameToken Username=\"ann\""),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains(signed) && !out.contains("canary"), "{out}");
        let (code, out, _) = run(&[arguments, &["--reveal"]].concat());
        assert!(code == 0 && out.contains(revealed), "{out}");
    }
}

#[test]
fn what_was_not_given_is_shown_by_name_and_said() {
    let (code, out, err) = run(&AWS);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("Credential=<access_key_id>/") && out.contains("x-amz-security-token: <session_token>"),
        "{out}"
    );
    assert!(err.contains("`access_key_id`, `secret_access_key`, `session_token` not given"), "{err}");
    assert!(err.contains("signed with"), "{err}");
    let (code, _, err) = run(&["wsse", "GET", "/x", "--credential", "username=ann"]);
    assert!(code != 0 && err.contains("`credentials.password`") && err.contains("--credential"), "{err}");
}
