//! Hosts and addresses, as tables of what is let through and what is refused.

use super::*;

fn egress(patterns: &[&str], policy: EgressPolicy) -> Egress {
    let patterns = patterns.iter().map(|text| HostPattern::parse(text).unwrap()).collect();
    Egress { policy, patterns, left_out: Vec::new(), carries: SecretOwner::Customer }
}

fn private() -> EgressPolicy {
    EgressPolicy { allow_private: true, allow_http: true }
}

#[track_caller]
fn check(patterns: &[&str], policy: &EgressPolicy, url: &str, allowed: bool) {
    let url = Url::parse(url).unwrap();
    let result = egress(patterns, policy.clone()).check_url(&url);
    assert_eq!(result.is_ok(), allowed, "{patterns:?} {url}: {result:?}");
}

#[test]
fn hosts_are_matched_whole() {
    let public = EgressPolicy::default();
    for (pattern, url, allowed) in [
        ("api.vendor.com", "https://api.vendor.com/x", true),
        ("api.vendor.com", "https://API.Vendor.com./x", true),
        ("api.vendor.com", "https://api.vendor.com:443/", true),
        ("api.vendor.com", "https://api.vendor.com:8443/", false),
        ("api.vendor.com:8443", "https://api.vendor.com:8443/", true),
        ("api.vendor.com:*", "https://api.vendor.com:1/", true),
        ("api.vendor.com", "https://api.vendor.com.evil.net/", false),
        ("api.vendor.com", "https://xapi.vendor.com/", false),
        ("api.vendor.com", "https://user@api.vendor.com/", false),
        ("api.vendor.com", "https://:pw@api.vendor.com/", false),
        ("api.vendor.com", "http://api.vendor.com/", false),
        ("api.vendor.com", "ftp://api.vendor.com/", false),
        ("*.vendor.com", "https://acme.vendor.com/", true),
        ("*.vendor.com", "https://a.b.vendor.com/", true),
        ("*.vendor.com", "https://vendor.com/", false),
        ("*.vendor.com", "https://.vendor.com/", false),
        ("*.vendor.com", "https://a..vendor.com/", false),
        ("*.vendor.com", "https://evilvendor.com/", false),
        ("*.vendor.com", "https://x.vendor.com.evil.net/", false),
        ("*-api.example.net", "https://x-api.example.net/", true),
        ("*-api.example.net", "https://-api.example.net/", false),
        ("api-*.vendor.*.com", "https://api-1.vendor.eu.com/", true),
        ("*", "https://anything.net/", true),
        ("*", "https://intranet/", false),
        ("*", "https://printer.local/", false),
        ("*", "https://localhost/", false),
        ("*", "https://8.8.8.8/", false),
        ("8.8.8.8", "https://8.8.8.8/", true),
    ] {
        check(&[pattern], &public, url, allowed);
    }
    check(&[], &public, "https://api.vendor.com/", false);
}

#[test]
fn addresses_are_refused_in_every_spelling() {
    for url in [
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://0/",
        "https://１２７.0.0.1/",
    ] {
        let host = Url::parse(url).unwrap().host_str().unwrap().to_owned();
        check(&["*", host.as_str()], &EgressPolicy::default(), url, false);
    }
    check(&["*"], &private(), "http://127.0.0.1:8080/", false);
    check(&["*:*"], &private(), "http://127.0.0.1:8080/", true);
    check(&["*:*"], &private(), "http://localhost:8080/", true);
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "169.254.43518",
        "[::ffff:169.254.169.254]",
        "[fe80::a9fe:a9fe]",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
    ] {
        let url = format!("http://{host}/latest/meta-data/");
        let listed = Url::parse(&url).unwrap().host_str().unwrap().to_owned();
        check(&["*:*", listed.as_str()], &private(), &url, false);
    }
}

#[test]
fn only_public_addresses_pass() {
    let (public, inside) = (EgressPolicy::default(), private());
    for (address, by_default, as_private) in [
        ("1.1.1.1", true, true),
        ("2606:4700::1111", true, true),
        ("0.0.0.0", false, false),
        ("0.1.2.3", false, false),
        ("10.1.2.3", false, true),
        ("100.64.0.1", false, true),
        ("100.128.0.1", true, true),
        ("127.0.0.1", false, true),
        ("169.254.0.0", false, false),
        ("169.254.1.1", false, false),
        ("169.254.170.2", false, false),
        ("169.254.170.23", false, false),
        ("169.254.255.255", false, false),
        ("169.253.1.1", true, true),
        ("100.100.100.200", false, false),
        ("168.63.129.16", false, false),
        ("169.254.169.254", false, false),
        ("172.15.0.1", true, true),
        ("172.16.0.1", false, true),
        ("172.31.255.255", false, true),
        ("192.168.0.1", false, true),
        ("192.0.0.1", false, false),
        ("192.0.2.1", false, false),
        ("198.18.0.1", false, true),
        ("198.51.100.1", false, false),
        ("203.0.113.1", false, false),
        ("224.0.0.1", false, false),
        ("240.0.0.1", false, false),
        ("255.255.255.255", false, false),
        ("::", false, false),
        ("::1", false, true),
        ("::ffff:10.0.0.1", false, true),
        ("::ffff:1.1.1.1", false, false),
        ("::10.0.0.1", false, false),
        ("64:ff9b::a00:1", false, false),
        ("64:ff9b:1::1", false, false),
        ("2001:0:1::1", false, false),
        ("2001:db8::1", false, false),
        ("2002:a00:1::1", false, false),
        ("fc00::1", false, true),
        ("::ffff:169.254.169.254", false, false),
        ("64:ff9b::a9fe:a9fe", false, false),
        ("2002:a9fe:a9fe::1", false, false),
        ("fd00:1::5efe:a9fe:a9fe", false, false),
        ("fd00:1::200:5efe:a9fe:a9fe", false, false),
        ("fd00:ec2::254", false, false),
        ("fd00:ec2::23", false, false),
        ("fd20:ce::254", false, false),
        ("fd00:c1::a9fe:a9fe", false, false),
        ("fd00:42::42", false, false),
        ("fd00:42::43", false, true),
        ("fe80::1", false, false),
        ("fe80::a9fe:a9fe", false, false),
        ("febf::1", false, false),
        ("fec0::1", false, true),
        ("ff02::1", false, false),
        ("4000::1", false, false),
    ] {
        let parsed = address.parse().unwrap();
        assert_eq!(check_address(&public, parsed).is_ok(), by_default, "{address}");
        assert_eq!(check_address(&inside, parsed).is_ok(), as_private, "{address} when private is allowed");
    }
}

#[test]
fn a_list_line_that_is_no_host_is_refused() {
    for (line, reason) in [
        ("https://a.example.com", "leave out the scheme and the path"),
        ("a.example.com/x", "leave out the scheme and the path"),
        ("a.example.com:0", "the port must be a number"),
        ("a..example.com", "use letters"),
        ("a b", "use letters"),
        ("", "use letters"),
        ("[::g]", "no IPv6 address"),
    ] {
        let error = HostPattern::parse(line).unwrap_err();
        assert!(error.contains(reason), "{line:?}: {error}");
    }
}

#[test]
fn an_operators_secret_never_goes_where_a_customer_says() {
    const FIXED: &str = "login.vendor.com";
    const CONFINED: &str = "*.vendor.com";
    const OPEN: &str = "*:*";
    let check = |class, patterns: &'static [&'static str], listed: &[&str], url: &str| {
        let token = HostSet::new(class, patterns);
        let spec = ProviderSpec { hosts: Hosts { token, ..Hosts::EMPTY }, ..ProviderSpec::EMPTY };
        let allowed_hosts = listed.iter().map(|host| (*host).to_owned()).collect();
        let integration = IntegrationRecord { allowed_hosts, ..IntegrationRecord::default() };
        let egress = Egress::for_operator_secret(&spec, &integration, EgressPolicy::default());
        egress.check_url(&Url::parse(url).unwrap()).map_err(|error| error.kind())
    };
    let refused = Err(ErrorKind::SecretHostNotAllowed);
    assert_eq!(check(HostClass::Fixed, &[FIXED], &[], "https://login.vendor.com/t"), Ok(()));
    assert_eq!(check(HostClass::Confined, &[CONFINED], &[], "https://a.vendor.com/t"), Ok(()));
    assert_eq!(check(HostClass::Open, &[OPEN, FIXED], &[], "https://login.vendor.com/t"), Ok(()));
    assert_eq!(check(HostClass::Open, &[OPEN, FIXED], &[], "https://self.hosted.net/t"), refused);
    assert_eq!(check(HostClass::Open, &[OPEN], &["self.hosted.net"], "https://self.hosted.net/t"), Ok(()));
}

#[test]
fn of_a_pattern_only_the_connections_own_host_is_left_and_what_the_operator_lists_stays() {
    let own = [Url::parse("https://acme.vendor.com/api").unwrap(), Url::parse("https://acme.other.com:8443/").unwrap()];
    for (patterns, listed, asked, allowed) in [
        (&["*.vendor.com"][..], &[][..], "https://acme.vendor.com/x", true),
        (&["*.vendor.com"], &[], "https://mallory.vendor.com/x", false),
        (&["*.vendor.com"], &[], "https://acme.other.com:8443/x", false),
        (&["*:*"], &[], "https://acme.vendor.com/x", true),
        (&["*:*"], &[], "https://acme.other.com:8443/x", true),
        (&["*:*"], &[], "https://acme.other.com/x", false),
        (&["*:*"], &[], "https://mallory.net/x", false),
        (&["*.vendor.com", "files.vendor.com"], &[], "https://files.vendor.com/x", true),
        (&["*.vendor.com"], &["*.vendor.com"], "https://mallory.vendor.com/x", true),
        (&["*.vendor.com"], &["cdn.vendor.net"], "https://cdn.vendor.net/x", true),
        (&["*.unrelated.com"], &[], "https://a.unrelated.com/x", false),
    ] {
        let allowed_hosts = listed.iter().map(|line| (*line).to_owned()).collect();
        let integration = IntegrationRecord { allowed_hosts, ..IntegrationRecord::default() };
        let egress = Egress::new(EgressPolicy::default(), SecretOwner::Customer, patterns, &integration);
        let outcome = egress.with_own(&Hosts::EMPTY, &integration, &own).check_url(&Url::parse(asked).unwrap());
        assert_eq!(outcome.is_ok(), allowed, "{patterns:?} {listed:?} {asked}: {outcome:?}");
    }
}

#[test]
fn calls_go_to_the_hosts_that_the_author_of_an_entry_vouches_for() {
    const FIXED: HostSet = HostSet::Fixed(&["api.vendor.com"]);
    const CONFINED: HostSet = HostSet::Confined(&["*.vendor.com"]);
    const OPEN: HostSet = HostSet::Open(&["*:*"]);
    let fixed = "https://api.vendor.com/";
    for (api, trusted, own, asked, allowed) in [
        (FIXED, &[][..], fixed, "https://files.vendor.com/x", false),
        (FIXED, &["files.vendor.com"], fixed, "https://files.vendor.com/x", true),
        (FIXED, &["files.vendor.com"], fixed, "https://files.vendor.com:8443/x", false),
        // A company's host, which an answer names: no customer says where the credential goes.
        (FIXED, &["*.api.vendor.com"], fixed, "https://acme.api.vendor.com/x", true),
        (FIXED, &["*.api.vendor.com"], fixed, "https://acme.elsewhere.com/x", false),
        // Where customers name the host, a pattern holds those of others too.
        (CONFINED, &["*.vendor.com"], "https://acme.vendor.com/", "https://mallory.vendor.com/x", false),
        (CONFINED, &["*.files.vendor.com"], "https://acme.vendor.com/", "https://mallory.files.vendor.com/x", false),
        (CONFINED, &["files.vendor.com"], "https://acme.vendor.com/", "https://files.vendor.com/x", true),
        (OPEN, &["*.vendor.com"], "https://own.net/", "https://mallory.vendor.com/x", false),
    ] {
        let hosts = Hosts { api, trusted, ..Hosts::EMPTY };
        let spec = ProviderSpec { hosts, ..ProviderSpec::EMPTY };
        let integration = IntegrationRecord::default();
        let egress = Egress::for_api(&spec, &integration, EgressPolicy::default());
        let egress = egress.with_own(&hosts, &integration, &[Url::parse(own).unwrap()]);
        let outcome = egress.check_url(&Url::parse(asked).unwrap());
        assert_eq!(outcome.is_ok(), allowed, "{trusted:?} {asked}: {outcome:?}");
    }
}

#[test]
fn a_host_that_the_entry_writes_is_no_customers() {
    let asked = Url::parse("https://x.vendor.net/token").unwrap();
    for (set, customers) in [
        (HostSet::Fixed(&["api.vendor.com"]), false),
        (HostSet::Fixed(&[]), false),
        (HostSet::Open(&["*:*"]), true),
        (HostSet::Open(&["api.vendor.com", "*.net"]), true),
        (HostSet::Open(&["api.vendor.com", "*.org"]), false),
    ] {
        let integration = IntegrationRecord::default();
        let egress = Egress::with_operator_secret(&set, &[], &integration, EgressPolicy::default());
        let error = egress.check_url(&asked).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SecretHostNotAllowed, "{set:?}");
        assert_eq!(error.message().contains("which a customer named"), customers, "{set:?}: {error}");
        assert_eq!(error.message().contains("which is not one of the provider's"), !customers, "{set:?}: {error}");
    }
}

#[test]
fn the_error_says_which_host_to_list_where() {
    let egress = Egress { carries: SecretOwner::Operator, ..egress(&[], EgressPolicy::default()) };
    let error = egress.check_url(&Url::parse("https://git.acme.com:8443/token?code=s3cret").unwrap()).unwrap_err();
    assert!(error.message().contains("`git.acme.com:8443`") && error.message().contains("`keyway.hosts`"), "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert_eq!(error.evidence().sent, Some(false));
}
