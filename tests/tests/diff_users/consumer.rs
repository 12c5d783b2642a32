//! A program that uses every name of the catalogue's first state, as its users might. Compiled beside each other state.

use super::apis::{drive, ledger, mail, plane, shop};
use keyway::{ConfigKey, CredentialKey, Fields, Provider, Secret, mode};

/// What the program passes on: each with a name.
pub fn run() -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    is::<shop::Shop, mode::ApiKey>();
    is::<drive::Drive, mode::OAuth2>();
    is::<mail::Mail, mode::Basic>();

    for (name, region) in
        [("us", shop::Region::UsEast1), ("live", shop::Region::Live), ("LIVE", shop::Region::Live2)]
    {
        out.push((format!("shop region {name}"), region.as_str().to_owned()));
        let config = shop::Config { team: "globex".to_owned(), region };
        out.extend(config.pairs().into_iter().map(|(field, value)| (format!("shop config {name} {field}"), value)));
    }
    let version: ConfigKey<shop::Shop> = shop::VERSION;
    let tier: ConfigKey<shop::Shop, shop::Tier> = shop::TIER;
    let account: ConfigKey<shop::Shop> = shop::ACCOUNT;
    let note: CredentialKey<shop::Shop> = shop::CREDENTIAL_NOTE;
    for (name, field) in [("version", version.name()), ("account", account.name()), ("note", note.name())] {
        out.push((format!("shop key {name}"), field.to_owned()));
    }
    out.push(("shop key tier".to_owned(), tier.name().to_owned()));
    for (name, tier) in [("basic", shop::Tier::Basic), ("pro", shop::Tier::Pro)] {
        out.push((format!("shop tier {name}"), tier.to_string()));
    }
    let key = shop::Credentials { api_key: Secret::new("k") };
    out.extend(key.pairs().into_iter().map(|(field, _)| (format!("shop credential {field}"), String::new())));

    let plan: ConfigKey<drive::Drive> = drive::PLAN;
    out.push(("drive key plan".to_owned(), plan.name().to_owned()));
    let _: drive::Config = drive::Config {};
    for (name, scope) in [
        ("READ", drive::scopes::DEFAULT_READ),
        ("WRITE", drive::scopes::WRITE),
        ("READ_USER", drive::scopes::READ_USER),
        ("FILES_READ", drive::scopes::FILES_READ),
    ] {
        out.push((format!("drive scope {name}"), scope.to_owned()));
    }

    for (name, kind) in [("cloud", mail::Kind::Cloud), ("own", mail::Kind::Own)] {
        let config = mail::Config { kind };
        out.extend(config.pairs().into_iter().map(|(field, value)| (format!("mail config {name} {field}"), value)));
    }
    let keys: [ConfigKey<mail::Mail>; 2] = [mail::LABEL, mail::SERIAL];
    out.extend(keys.iter().map(|key| (format!("mail key {}", key.name()), String::new())));
    let password: CredentialKey<mail::Mail> = mail::PASSWORD;
    out.push(("mail key password".to_owned(), password.name().to_owned()));
    let user = mail::Credentials { username: Secret::new("u") };
    out.extend(user.pairs().into_iter().map(|(field, _)| (format!("mail credential {field}"), String::new())));

    is::<ledger::Ledger, mode::TwoStep>();
    is::<plane::Plane, mode::OAuth2ClientCredentials>();
    let user = ledger::Credentials { user: Secret::new("u") };
    out.extend(user.pairs().into_iter().map(|(field, _)| (format!("ledger credential {field}"), String::new())));
    let client = plane::Credentials { client_id: Secret::new("c"), client_secret: Secret::new("s") };
    // The runtime's own shape, as a program may name it.
    let client: keyway::ClientSecretCredentials = client;
    out.extend(client.pairs().into_iter().map(|(field, _)| (format!("plane credential {field}"), String::new())));
    out
}

fn is<P: Provider<Auth = A>, A>() {}
