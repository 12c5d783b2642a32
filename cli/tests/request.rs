//! `keyway request` and the hosts of `keyway authorize` as a process: names in the place of secrets, signatures,
//! refusals.

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
pair:
    display_name: Pair
    docs: https://pair.example.com
    categories: [other]
    auth_mode: BASIC
    credentials:
        username: {type: string, title: User, description: A name.}
        password: {type: string, title: Password, description: A word., secret: true}
    proxy: {base_url: https://pair.example.com}
query:
    display_name: Query
    docs: https://query.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: A key., secret: true}}
    proxy:
        base_url: https://query.example.com
        query: {api_key: '${apiKey}'}
        body: {key: '${apiKey}'}
calls:
    display_name: Calls
    docs: https://calls.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials:
        apiKey: {type: string, title: Key, description: A key., secret: true}
    proxy:
        base_url: https://calls.example.com
        headers:
            authorization: 'Basic ${base64(${apiKey}:)}'
            x-digest: '${sha256Hex(${bodyCanonicalParams})}'
            x-part: '${truncate(${credentials.apiKey.secret}, 3)}'
            x-sign: \"${hmacSha256Hex(${method}\\n${path}, ${base64(${apiKey})})}\"
path:
    display_name: Path
    docs: https://path.example.com
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: A key., secret: true}}
    proxy: {base_url: 'https://path.example.com/bot${apiKey}', headers: {x-id: '${credentials.apiKey.id}'}}
flow:
    display_name: Flow
    docs: https://flow.example.com
    categories: [other]
    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.host}/authorize
    token_url: https://${connectionConfig.host}/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    connection_config: {host: {type: string, title: Host, description: A host., format: hostname}}
    proxy: {base_url: https://flow.example.com, headers: {x-client: '${clientId}', x-secret: '${clientSecret}'}}
jwt:
    display_name: Token
    docs: https://jwt.example.com
    categories: [other]
    auth_mode: JWT
    signature: {protocol: RSA}
    token:
        signing_key: ${credentials.privateKey}
        expires_in_ms: 60000
        header: {alg: RS256, typ: JWT, kid: '${credentials.keyId}'}
        payload: {iss: '${credentials.issuer}'}
    credentials:
        privateKey: {type: string, title: Key, description: A key., secret: true}
        keyId: {type: string, title: Id, description: An id.}
        issuer: {type: string, title: Issuer, description: A name.}
        tenant: {type: string, title: Tenant, description: A name., optional: true}
    proxy: {base_url: https://jwt.example.com, headers: {x-tenant: '${credentials.tenant}'}}
own:
    display_name: Own
    docs: https://own.example.com
    categories: [other]
    auth_mode: TWO_STEP
    token_url: https://own.example.com/login
    token_params: {id: '${credentials.clientId}'}
    token_response: {token: token}
    token_expires_in_ms: 0
    credentials: {clientId: {type: string, title: Id, description: An id.}}
    proxy: {base_url: https://own.example.com, headers: {x-client: '${credentials.clientId}'}}
none:
    display_name: None
    docs: https://none.example.com
    categories: [other]
    auth_mode: NONE
";

/// Runs `keyway request` with these arguments.
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
fn a_mode_that_signs_is_shown_by_name_and_with_a_signature_only_where_it_is_asked_for() {
    let aws = [&AWS[..], &AWS_KEYS].concat();
    for (arguments, named, revealed) in [
        (
            &aws[..],
            &[
                "authorization: AWS4-HMAC-SHA256 Credential=<access_key_id>/",
                "Signature=<signature>\n",
                "x-amz-security-token: <session_token>",
            ][..],
            "Credential=AKIAEXAMPLE/",
        ),
        // RFC 5849 section 3.4.4: the two secrets themselves, joined by `&`.
        (
            &OLD,
            &[
                "oauth_consumer_key=\"ck\"",
                "oauth_token=\"<access_token>\"",
                "oauth_signature=\"<client_secret>%26<oauth_token_secret>\"",
            ],
            "oauth_signature=\"cs-canary%26ts-canary\"",
        ),
        (&TBA, &["realm=\"ACC1\"", "oauth_token=\"<token_id>\"", "oauth_signature=\"<signature>\""], "realm=\"ACC1\""),
        (
            &WSSE,
            &["x-wsse: UsernameToken Username=\"<username>\", PasswordDigest=\"<digest>\", Nonce="],
            "x-wsse: UsernameToken Username=\"ann\"",
        ),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(named.iter().all(|part| out.contains(part)) && !out.contains("canary"), "{out}");
        let (code, out, _) = run(&[arguments, &["--reveal"]].concat());
        assert!(code == 0 && out.contains(revealed) && !out.contains('<'), "{out}");
    }
}

#[test]
fn what_was_not_given_is_shown_by_name_and_said() {
    let (code, out, err) = run(&AWS);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Credential=<access_key_id>/") && out.contains("Signature=<signature>"), "{out}");
    assert!(err.contains("`access_key_id`, `secret_access_key`, `session_token` not given"), "{err}");
    let (code, out, err) = run(&["wsse", "GET", "/x", "--credential", "username=ann", "--reveal"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Username=\"ann\", PasswordDigest=\"<digest>\""), "{out}");
    assert!(err.contains("note: `password` not given"), "{err}");
}

#[test]
fn names_stand_in_the_place_of_secrets_wherever_these_are() {
    let key = ["--credential", "apiKey=id-canary:key-canary"];
    let both = ["--credential", "username=ann-canary", "--credential", "password=pw-canary"];
    for (arguments, given, expected) in [
        (&["pair", "GET", "/x"][..], &both[..], &["authorization: Basic base64(<username>:<password>)\n"][..]),
        (&["query", "GET", "/x?a=b"], &key, &["GET https://query.example.com/x?a=b&api_key=<apiKey>\n"]),
        (&["query", "POST", "/x", "--data", r#"{"a":1}"#], &key, &["\n\n{\"a\":1,\"key\":\"<apiKey>\"}\n"]),
        (
            &["query", "POST", "/x", "--header", "content-type: application/x-www-form-urlencoded"],
            &key,
            &["\n\nkey=<apiKey>\n"],
        ),
        (
            &["calls", "GET", "/x"],
            &key,
            &[
                "authorization: Basic base64(<apiKey>:)\n",
                "x-digest: sha256Hex(<bodyCanonicalParams>)\n",
                "x-part: truncate(<apiKey.secret>, 3)\n",
                "x-sign: hmacSha256Hex(GET\\n/x, base64(<apiKey>))\n",
            ],
        ),
        (&["path", "GET", "/x"], &key, &["GET https://path.example.com/bot<apiKey>/x\n", "x-id: <apiKey.id>\n"]),
        (
            &["flow", "GET", "/x", "--config", "host=a.example.net"],
            &[
                "--credential",
                "access_token=at-canary",
                "--credential",
                "client_secret=cs-canary",
                "--credential",
                "clientId=id",
            ],
            &["authorization: Bearer <access_token>\n", "x-client: id\n", "x-secret: <client_secret>\n"],
        ),
        (
            &["jwt", "GET", "/x"],
            &[],
            &[
                "authorization: Bearer jwt({\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"<keyId>\"}, {\"iss\":\"<issuer>\",\"iat\":",
                "}, <privateKey>)\n",
            ],
        ),
    ] {
        for given in [&[][..], given] {
            let (_, out, err) = run(&[arguments, given].concat());
            for part in expected.iter().filter(|part| !given.is_empty() || !part.contains(": id\n")) {
                assert!(out.contains(part), "{arguments:?} {given:?}: {out}{err}");
            }
            assert!(!out.contains("canary") && !out.contains("x-tenant"), "{out}");
            assert_eq!(err.is_empty(), !given.is_empty(), "{err}");
        }
    }
}

#[test]
fn json_has_the_same_names() {
    let (_, out, _) = run(&["query", "POST", "/x", "--format", "json", "--data", "{}"]);
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(shown["url"], "https://query.example.com/x?api_key=<apiKey>");
    assert_eq!(shown["body"]["key"], "<apiKey>");
    let (_, out, _) = run(&["jwt", "GET", "/x", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(shown["headers"]["authorization"].as_str().unwrap().contains(r#""kid":"<keyId>""#), "{out}");
    let (_, out, _) = run(&["pair", "GET", "/x", "--format", "json"]);
    assert!(out.contains(r#""authorization":"Basic base64(<username>:<password>)""#), "{out}");
}

#[test]
fn what_was_given_is_revealed_and_the_rest_keeps_its_name() {
    for (arguments, expected) in [
        (&["pair", "GET", "/x", "--credential", "username=ann"][..], "Basic base64(ann:<password>)\n"),
        // RFC 7617 section 2.
        (
            &["pair", "GET", "/x", "--credential", "username=Aladdin", "--credential", "password=open sesame"],
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n",
        ),
        (&["query", "GET", "/x", "--credential", "apiKey=a b"], "?api_key=a+b\n"),
        (&["path", "GET", "/x", "--credential", "apiKey=me:word"], "x-id: me\n"),
        (&["own", "GET", "/x", "--credential", "clientId=own-id"], "x-client: own-id\n"),
        (&["jwt", "GET", "/x", "--credential", "tenant=t"], "x-tenant: t\n"),
    ] {
        let (code, out, err) = run(&[arguments, &["--reveal"]].concat());
        assert!(code == 0 && out.contains(expected), "{arguments:?}: {out}{err}");
    }
}

#[test]
fn what_a_caller_repeats_of_a_credential_is_masked() {
    let (_, out, _) = run(&[
        "query",
        "POST",
        "/x?again=key-canary",
        "--credential",
        "apiKey=key-canary",
        "--header",
        "x-again: key-canary",
        "--header",
        "authorization: Bearer key-canary",
        "--header",
        "cookie: a=secret",
        "--data",
        r#"{"again":"key-canary"}"#,
    ]);
    assert!(!out.contains("canary") && !out.contains("a=secret"), "{out}");
    for part in ["again=***&api_key=<apiKey>", "x-again: ***\n", "authorization: Bearer ***\n", r#""again":"***""#] {
        assert!(out.contains(part), "{part}: {out}");
    }
}

#[test]
fn what_the_runtime_would_refuse_is_said() {
    for (arguments, said) in [
        (&["path", "GET", "/x", "--credential", "apiKey=a\nb:c"][..], "`x-id`"),
        (&["query", "POST", "/x", "--credential", "apiKey=k", "--data", "[1]"], "must be a JSON object"),
        (
            &[
                "jwt",
                "GET",
                "/x",
                "--credential",
                "privateKey=k",
                "--credential",
                "keyId=i",
                "--credential",
                "issuer=j",
            ],
            "key",
        ),
        (&["tba", "GET", "/x"], "`--config NAME=VALUE`"),
        (&["none", "GET", "/x"], "`--base-url URL`"),
        (&["none", "GET", "/x", "--allow-host", "https://a.example.net"], "leave out the scheme"),
    ] {
        let (code, out, err) = run(arguments);
        assert!(code == 2 && out.is_empty() && err.contains(said), "{arguments:?}: {code} {out}{err}");
    }
}

#[test]
fn a_host_that_would_be_refused_is_said_and_can_be_allowed() {
    let flow = ["authorize", "--catalogue", "c.yaml", "flow", "--config", "host=login.example.net"];
    let elsewhere = ["request", "--catalogue", "c.yaml", "none", "GET", "/x", "--base-url"];
    let there = [&elsewhere[..], &["https://login.example.net/v1"]].concat();
    let plain = [&elsewhere[..], &["http://login.example.net/v1", "--allow-host", "login.example.net"]].concat();
    let inside = [&elsewhere[..], &["https://127.0.0.1:8443/v1", "--allow-host", "127.0.0.1:8443"]].concat();
    for (arguments, refused, more, expected) in [
        (&flow[..], 2, "--allow-host=login.example.net", "https://login.example.net/authorize?"),
        (&flow, 2, "--allow-host=*.example.net", "https://login.example.net/authorize?"),
        (&there, 1, "--allow-host=login.example.net", "GET https://login.example.net/v1/x\n"),
        (&plain, 1, "--allow-http", "GET http://login.example.net/v1/x\n"),
        (&inside, 1, "--allow-private-hosts", "GET https://127.0.0.1:8443/v1/x\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
        let (code, out, err) = process::run(folder.path(), arguments);
        assert!(code == refused && err.contains("`--allow-host HOST`"), "{arguments:?}: {code} {out}{err}");
        let (code, out, err) = process::run(folder.path(), &[arguments, &[more]].concat());
        assert!(code == 0 && out.contains(expected) && err.is_empty(), "{arguments:?}: {code} {out}{err}");
    }
    let other = [&flow[..], &["--allow-host", "a.example.net", "--allow-host", "login.example.net"]].concat();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.yaml"), CATALOGUE).unwrap();
    assert_eq!(process::run(folder.path(), &other).0, 0);
}
