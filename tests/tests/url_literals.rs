//! Literal URLs: what the compiler says of one is what the runtime does with it.
//!
//! A table of URLs, each as `proxy.base_url`, `token_url` and `authorization_url`; then random texts. The runtime's
//! answer is that of the whole way: the request is built, and its host is held against the host set that the compiler
//! made. Names are not resolved.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway::auth::exchange::{Ask, Callback, FlowState, Grant, Returned, Step};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::Credentials;
use keyway::egress::{Egress, EgressPolicy};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, egress, plan};
use keyway::{Error, Result, auth};
use keyway_compiler::diagnostic::{Diagnostic, Severity};
use keyway_compiler::lower::trace::reached;
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use url::Url;

/// What a URL is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing is said above a note, and the request goes to this host.
    Works(&'static str),
    /// A warning is said, and the request goes to this host.
    Warned(&'static str),
    /// A warning is said, and the request goes to this host where private addresses are allowed.
    Private(&'static str),
    /// An error is said, there is no host set, and no request is made.
    Refused,
    /// An error is said because of what stands after the host.
    RefusedPath(&'static str),
    /// An error is said of a character that looks like another one; the host set is that of what was meant.
    Corrected(&'static str),
}

use Verdict::{Corrected, Private, Refused, RefusedPath, Warned, Works};

/// The keys, in the order of the columns of a case.
const KEYS: [&str; 3] = ["proxy.base_url", "token_url", "authorization_url"];

/// The same verdict of all keys.
const fn all(verdict: Verdict) -> [Verdict; 3] {
    [verdict; 3]
}

#[rustfmt::skip]
const CASES: &[(&str, [Verdict; 3])] = &[
    // Works, in whatever spelling.
    ("https://api.vendor.com", all(Works("api.vendor.com"))),
    ("https://api.vendor.com/v2/x", all(Works("api.vendor.com"))),
    ("HTTPS://API.Vendor.COM/V2", all(Works("api.vendor.com"))),
    ("https://api_eu.vendor.com", all(Works("api_eu.vendor.com"))),
    ("https://api.vendor.com:8443/v2", all(Works("api.vendor.com:8443"))),
    ("https://api.vendor.com:443", all(Works("api.vendor.com"))),
    ("https://api.vendor.com./v2", all(Works("api.vendor.com"))),
    ("https://api.vendor.com//v2", all(Works("api.vendor.com"))),
    ("https://xn--bcher-kva.example", all(Works("xn--bcher-kva.example"))),
    ("https://9.9.9.9/v2", all(Works("9.9.9.9"))),
    ("https://[2606:4700:4700::1001]", all(Works("[2606:4700:4700::1001]"))),
    ("https://[2606:4700:4700:0:0:0:0:1001]:8443/v2", all(Works("[2606:4700:4700::1001]:8443"))),
    ("https://api.vendor.com/%C3%BC", all(Works("api.vendor.com"))),
    ("https://api.vendor.com/\u{fc}", all(Works("api.vendor.com"))),
    ("https://api.vendor.com/a:b@c;d=e", all(Works("api.vendor.com"))),
    ("https://vendor", all(Works("vendor"))),
    // Works, and is said.
    ("https://api.vendor.com:", all(Warned("api.vendor.com"))),
    ("https://api.vendor.com:08443", all(Warned("api.vendor.com:8443"))),
    ("https://api.vendor.com/%2", all(Warned("api.vendor.com"))),
    ("https://api.vendor.com/{tenant}", all(Warned("api.vendor.com"))),
    ("https://api.vendor.com/<id>", all(Warned("api.vendor.com"))),
    ("https://api.vendor.com/a\"b", all(Warned("api.vendor.com"))),
    // Only where the operator allows them.
    ("https://172.20.1.1", all(Private("172.20.1.1"))),
    ("https://127.0.0.1:9000", all(Private("127.0.0.1:9000"))),
    ("https://[::1]/v2", all(Private("[::1]"))),
    ("https://[fd12:3456::1]", all(Private("[fd12:3456::1]"))),
    // White space, and what the eye does not see.
    (" https://api.vendor.com", all(Refused)),
    ("https://api.vendor.com ", all(Refused)),
    ("https://api.vendor.com\n", all(Refused)),
    ("https://api.vendor.com/v2\n", all(Refused)),
    ("https://api.vendor.com/v2\r\nx: y", all(Refused)),
    ("https://api.vendor.com\t/v2", all(Refused)),
    ("https://api vendor.com", all(Refused)),
    ("https://api.vendor.com\u{a0}", all(Corrected("api.vendor.com"))),
    ("https://\u{200b}api.vendor.com", all(Corrected("api.vendor.com"))),
    ("https://api.ven\u{ad}dor.com", all(Corrected("api.vendor.com"))),
    ("\u{feff}https://api.vendor.com", all(Corrected("api.vendor.com"))),
    ("https://api.vendor.com/\u{2028}", all(Corrected("api.vendor.com"))),
    // Quotes and brackets around it, several in one.
    ("'https://api.vendor.com'", all(Refused)),
    ("\u{201c}https://api.vendor.com\u{201d}", all(Corrected("api.vendor.com"))),
    ("<https://api.vendor.com>", all(Refused)),
    ("https://api.vendor.com,https://b.com", all(Refused)),
    ("https://api.vendor.com|b.com", all(Refused)),
    ("https://https://api.vendor.com", all(Refused)),
    // Schemes.
    ("ftp://api.vendor.com", all(Refused)),
    ("ws://api.vendor.com", all(Refused)),
    ("htttps://api.vendor.com", all(Refused)),
    ("//api.vendor.com", all(Refused)),
    ("api.vendor.com", all(Refused)),
    ("https:/api.vendor.com", all(Refused)),
    ("https:api.vendor.com", all(Refused)),
    ("file:///etc/passwd", all(Refused)),
    // Authorities.
    ("https://", all(Refused)),
    ("https:///v2", all(Refused)),
    ("https:////api.vendor.com", all(Refused)),
    ("https://?a=b", all(Refused)),
    ("https://:8443/v2", all(Refused)),
    ("https://key:secret@api.vendor.com", all(Refused)),
    ("https://key@api.vendor.com", all(Refused)),
    ("https://@api.vendor.com", all(Refused)),
    ("https://api.vendor.com:70000", all(Refused)),
    ("https://api.vendor.com:0", all(Refused)),
    ("https://api.vendor.com:https", all(Refused)),
    ("https://api.vendor.com:1:2", all(Refused)),
    ("https://api..vendor.com", all(Refused)),
    ("https://.vendor.com", all(Refused)),
    ("https://-api.vendor.com", all(Refused)),
    ("https://api-.vendor.com", all(Refused)),
    ("https://*.vendor.com", all(Refused)),
    ("https://{tenant}.vendor.com", all(Refused)),
    ("https://api.vendor%2ecom", all(Refused)),
    ("https://api.vendor.com^", all(Refused)),
    ("https://b\u{fc}cher.example", all(Refused)),
    ("https://\u{65e5}\u{672c}.jp/api", all(Refused)),
    ("https://api.vendor\u{ff0e}com", all(Refused)),
    ("https://api.vendor\u{3002}com", all(Refused)),
    ("https://xn--a.example", all(Refused)),
    ("https://10.1", all(Refused)),
    ("https://0300.0.0.1", all(Refused)),
    ("https://0x1.0x2.0x3.0x4", all(Refused)),
    ("https://1.2.3.4.5", all(Refused)),
    ("https://2130706433", all(Refused)),
    ("https://169.254.169.254/latest", all(Refused)),
    ("https://0.0.0.0", all(Refused)),
    ("https://[::ffff:9.9.9.9]", all(Refused)),
    ("https://[2606:4700::1111", all(Refused)),
    ("https://[2606:4700::1111%25eth0]", all(Refused)),
    ("https://2606:4700::1111", all(Refused)),
    ("https://[vendor.com]", all(Refused)),
    // What stands after the host.
    ("https://api.vendor.com\\v2", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/#v2", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/v2#", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/../v2", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/v2/.", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/%2E%2e/v2", all(RefusedPath("api.vendor.com"))),
    ("https://api.vendor.com/v2/a b", [RefusedPath("api.vendor.com"), Warned("api.vendor.com"), Warned("api.vendor.com")]),
    // The rule of a query in a base is a warning by its own page.
    ("https://api.vendor.com/v2?a=b", [RefusedPath("api.vendor.com"), Works("api.vendor.com"), Works("api.vendor.com")]),
];

#[test]
fn what_is_said_of_a_url_is_what_happens_with_it() {
    assert!(CASES.len() >= 60);
    let mut wrong = Vec::new();
    let urls: Vec<&str> = CASES.iter().map(|(text, _)| *text).collect();
    for (found, (text, verdicts)) in both_sides(&urls).iter().zip(CASES) {
        for ((key, verdict), found) in KEYS.into_iter().zip(verdicts).zip(found) {
            if !found.is(*verdict) {
                wrong.push(format!("{key} {text:?}: {verdict:?}, found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_literal_is_said_to_be_a_customers() {
    let urls: Vec<&str> = CASES.iter().map(|(text, _)| *text).collect();
    for (found, text) in both_sides(&urls).into_iter().zip(urls) {
        for outcome in found.into_iter().flat_map(|found| [found.strict, found.lenient]) {
            let Err(error) = outcome else { continue };
            assert!(!error.message().contains("customer"), "{text:?}: {error}");
        }
    }
}

/// Pieces of URLs, and what breaks them.
const PIECES: [&str; 56] = [
    "https://",
    "http://",
    "HTTPS://",
    "ftp://",
    "https:/",
    "//",
    "/",
    "/v1",
    "/..",
    "/.",
    "/%2e",
    "\\",
    "?a=b",
    "?",
    ":",
    ":8443",
    ":443",
    ":0",
    ":99999",
    ":x",
    "@",
    "user@",
    "a",
    "b.com",
    "vendor",
    ".com",
    ".",
    "..",
    "-",
    "_",
    "*",
    "1.2.3",
    "1.2.3.4",
    "0x7f",
    "[::1]",
    "[2606:4700::1111]",
    "[",
    "]",
    "::1",
    "%",
    "%2f",
    "%20",
    " ",
    "\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{fc}",
    "\u{3002}",
    "\u{df}",
    "xn--",
    "xn--bcher-kva",
    ",",
    "|",
    "\"",
    "{x}",
];

#[test]
fn compiler_and_runtime_agree_on_texts_that_nobody_thought_of() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut texts = Vec::new();
    for _ in 0..2000 {
        let mut text = if random.below(4) > 0 { "https://".to_owned() } else { String::new() };
        if random.below(2) > 0 {
            text.push_str("api.vendor.com");
        }
        for _ in 0..=random.below(4) {
            text.push_str(PIECES[random.below(PIECES.len())]);
        }
        texts.push(text);
    }
    let (mut passed, mut refused) = (0, 0);
    for (found, text) in both_sides(&texts).iter().zip(&texts) {
        for (key, found) in KEYS.into_iter().zip(found) {
            match (&found.error, &found.lenient) {
                (None, Ok(url)) => {
                    assert_eq!(found.hosts, [host_of(url)], "{key} {text:?}");
                    passed += 1;
                }
                (None, Err(error)) => panic!("{key} {text:?} passes the check, then: {error}"),
                (Some(error), Ok(_)) => panic!("{key} {text:?} works, but the check says: {error}"),
                (Some(_), Err(_)) => refused += 1,
            }
        }
    }
    assert!(passed > 500 && refused > 500, "{passed} pass, {refused} are refused: the texts say little");
}

/// Numbers that look random (xorshift, Marsaglia 2003), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// What both sides make of a URL.
#[derive(Debug)]
struct Found {
    /// The first error of the check, or what is said of a query in a base.
    error: Option<String>,
    warned: bool,
    /// The hosts of the key, as `check --hosts` has them.
    hosts: Vec<String>,
    /// The runtime's URL, as operators have it.
    strict: Result<Url>,
    /// The same with private addresses and plain HTTP allowed.
    lenient: Result<Url>,
}

/// What both sides make of each URL, at each of the keys: one file with an entry for each of them.
fn both_sides<T: AsRef<str>>(urls: &[T]) -> Vec<Vec<Found>> {
    let name = |index: usize, column: usize| format!("acme-{index}-{column}");
    let entries = urls.iter().enumerate().flat_map(|(index, url)| {
        let url = url.as_ref();
        KEYS.iter().enumerate().map(move |(column, key)| entry(&name(index, column), key, url))
    });
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", entries.collect::<String>());
    let checked = pipeline::check(&sources, file);
    let mut said: BTreeMap<String, Vec<&Diagnostic>> = BTreeMap::new();
    for found in &checked.diagnostics {
        said.entry(found.path.join(".")).or_default().push(found);
    }
    let providers: BTreeMap<&str, _> =
        checked.providers.iter().map(|provider| (provider.key.name.as_str(), &**provider)).collect();
    let (_, specs) = pipeline::load(&sources, file);
    let specs: BTreeMap<&str, ProviderSpec> = specs.into_iter().map(|spec| (spec.key, spec)).collect();
    let of = |index: usize, column: usize| {
        let (entry, key) = (name(index, column), KEYS[column]);
        let said = said.get(&format!("{entry}.{key}")).map(Vec::as_slice).unwrap_or_default();
        let reached = providers.get(entry.as_str()).map(|provider| reached(provider)).unwrap_or_default().into_iter();
        let hosts = reached.filter(|reached| reached.path.join(".") == key).flat_map(|reached| reached.hosts);
        Found::new(key, said, hosts.map(|host| host.to_string()).collect(), specs.get(entry.as_str()))
    };
    (0..urls.len()).map(|index| (0..KEYS.len()).map(|column| of(index, column)).collect()).collect()
}

/// Rules about other things than whether a URL is one.
const OTHERS: [&str; 4] = ["insecure-scheme", "copy-paste-residue", "path-join", "sibling-base-url"];

impl Found {
    fn new(key: &str, said: &[&Diagnostic], hosts: Vec<String>, spec: Option<&ProviderSpec>) -> Found {
        let said: Vec<&&Diagnostic> = said.iter().filter(|found| !OTHERS.contains(&found.rule.name)).collect();
        let refuses = |found: &Diagnostic| found.severity == Severity::Error || found.rule.name == "query-in-base-url";
        let error = said.iter().find(|found| refuses(found)).map(|found| found.message.clone());
        let run = |policy: EgressPolicy| match spec {
            Some(spec) => asked(key, spec, &policy),
            None => Err(Error::new(keyway::ErrorKind::Unsupported, "the entry is not lowered")),
        };
        Found {
            error,
            warned: said.iter().any(|found| found.severity == Severity::Warning),
            hosts,
            strict: run(EgressPolicy::default()),
            lenient: run(EgressPolicy::default().allow_private(true).allow_http(true)),
        }
    }

    fn is(&self, verdict: Verdict) -> bool {
        let goes_to = |outcome: &Result<Url>, host: &str| outcome.as_ref().is_ok_and(|url| host_of(url) == host);
        let clean = self.error.is_none();
        match verdict {
            Works(host) => clean && !self.warned && self.hosts == [host] && goes_to(&self.strict, host),
            Warned(host) => clean && self.warned && self.hosts == [host] && goes_to(&self.strict, host),
            Private(host) => {
                clean && self.warned && self.hosts == [host] && self.strict.is_err() && goes_to(&self.lenient, host)
            }
            Refused => !clean && self.hosts.is_empty() && self.strict.is_err() && self.lenient.is_err(),
            // The entry is refused for the character; its hosts are read as they were meant.
            Corrected(host) | RefusedPath(host) => {
                !clean && self.hosts == [host] && self.strict.is_err() && self.lenient.is_err()
            }
        }
    }
}

/// An entry with a URL at a key.
fn entry(name: &str, key: &str, url: &str) -> String {
    let quoted = serde_json::to_string(url).unwrap();
    let at = |name: &str| if name == key { quoted.as_str() } else { "https://login.vendor.com/x" };
    format!(
        "{name}:\n    display_name: Acme\n    docs: https://docs.vendor.com\n    categories: [other]\n    auth_mode: OAUTH2\n    \
         authorization_url: {}\n    token_url: {}\n    default_scopes: [a]\n    proxy:\n        base_url: {}\n        \
         headers: {{x-key: 'fixed'}}\n",
        at(KEYS[2]),
        at(KEYS[1]),
        at(KEYS[0])
    )
}

/// The URL that a connection of the entry would ask, if it may.
fn asked(key: &str, spec: &ProviderSpec, policy: &EgressPolicy) -> Result<Url> {
    let integration = IntegrationRecord::without_scopes("acme", "acme").client_id("client").client_secret("operators");
    let mut credentials = Credentials::default();
    credentials.token = Some(keyway::credentials::Token::new("access"));
    let (config, metadata) = (ConfigMap::new(), serde_json::Map::new());
    let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: "u".to_owned() };
    let (integration, credentials) = (&integration, &credentials);
    let inputs = Inputs {
        spec,
        integration,
        config: &config,
        connection_id: "c",
        metadata: &metadata,
        credentials,
        moment: &moment,
    };
    let redirect_uri = "https://app.test/callback";
    match key {
        "token_url" => {
            let (verifier, kept) = ("verifier".into(), FlowState::new());
            let callback = Callback::parse("code=code");
            let returned = Returned { callback: &callback, redirect_uri, verifier: &verifier, kept: &kept };
            let Step::Send(request) = auth::step(&inputs, Grant::Returned(returned), &[])? else { unreachable!() };
            let url = request.url.0;
            Egress::for_operator_secret(spec, integration, policy.clone()).check_url(&url).map(|()| url)
        }
        "authorization_url" => {
            let scopes = ["a".to_owned()];
            let ask = Ask { redirect_uri, scopes: &scopes, state: "s", verifier: "v" };
            let Step::Done(page) = auth::page(&inputs, ask, &[])? else { unreachable!() };
            let url = Url::parse(&page.url).unwrap();
            Egress::for_page(spec, integration, policy.clone()).check_url(&url).map(|()| url)
        }
        _ => {
            let call = Call::get("/me");
            let url = plan(&inputs, &call)?.url.0;
            egress(&inputs, policy.clone(), &call).check_url(&url).map(|()| url)
        }
    }
}

/// A host as host sets have it.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
