//! The mistakes: how each is made, which rule finds it.
//!
//! A mistake that an entry cannot have does not apply to it.

use crate::case::{Case, Mutant, Spot};

/// A kind of mistake.
pub(crate) struct Kind {
    /// What it is.
    pub(crate) name: &'static str,
    /// The rules that may find it; one of them must.
    pub(crate) rules: &'static [&'static str],
    /// Makes it, where the entry can have it.
    pub(crate) make: fn(&Case) -> Option<Mutant>,
}

macro_rules! kinds {
    ($( $name:literal => $rules:expr, $make:expr; )+) => {
        /// Every kind.
        pub(crate) const KINDS: &[Kind] = &[$( Kind { name: $name, rules: &$rules, make: $make }, )+];
    };
}

/// What a URL is in: the entry's base URL.
const BASE: &str = "proxy.base_url";

/// Swaps two letters in the middle of a word.
fn swapped(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    let at = (1..letters.len().saturating_sub(1)).find(|at| letters[*at] != letters[*at + 1])?;
    let mut swapped = letters;
    swapped.swap(at, at + 1);
    Some(swapped.into_iter().collect())
}

fn misspelt(case: &Case, path: &str) -> Option<Mutant> {
    let spot = case.at(path)?;
    case.rename(&spot, &swapped(spot.path.last()?)?)
}

fn misspelt_value(case: &Case, spot: &Spot<'_>) -> Option<Mutant> {
    let range = spot.part(0..spot.text().len())?;
    case.put(spot, range, &swapped(spot.text())?, 0)
        .map(|mutant| Mutant { at: spot.value.span.range().start, ..mutant })
}

fn dropped(case: &Case, path: &str) -> Option<Mutant> {
    case.at(path).filter(|_| case.is_whole()).and_then(|spot| case.without(&spot))
}

/// The first spot whose text has a part.
fn with<'c>(case: &'c Case, paths: &[&str], part: &str) -> Option<Spot<'c>> {
    let spots = paths.iter().flat_map(|path| case.all(path));
    spots.into_iter().find(|spot| spot.text().contains(part))
}

/// The first pattern that begins and ends with anchors and has no branches.
fn anchored(case: &Case) -> Option<Spot<'_>> {
    let all = case.all("connection_config.*.pattern");
    all.into_iter().find(|spot| {
        let text = spot.text();
        text.starts_with('^') && text.ends_with('$') && !text.contains(['|', '\\']) && !text.ends_with("*$")
    })
}

/// The spots whose text holds a placeholder of the configuration.
const CONFIG: [&str; 4] = [BASE, "token_url", "authorization_url", "proxy.headers.*"];

/// A declared field that the base URL names.
fn named(case: &Case) -> Option<(Spot<'_>, std::ops::Range<usize>, String)> {
    // A script may write any name.
    if case.text.contains("post_connection_script") {
        return None;
    }
    let spot = with(case, &CONFIG, "${connectionConfig.")?;
    let placeholder = spot.placeholder("${connectionConfig.")?;
    let name = case.text[placeholder.start + 19..placeholder.end - 1].to_owned();
    case.at(&format!("connection_config.{name}"))?;
    Some((spot, placeholder, name))
}

fn in_base(case: &Case, make: impl Fn(&str) -> Option<String>) -> Option<Mutant> {
    let spot = case.at(BASE).filter(|spot| spot.text().starts_with("https://") && !spot.text().contains("||"))?;
    let text = make(spot.text())?;
    let mutant = case.put(&spot, spot.part(0..spot.text().len())?, &text, 0)?;
    Some(Mutant { at: spot.value.span.range().start, ..mutant })
}

kinds! {
    "drop display_name" => ["missing-key"], |case| dropped(case, "display_name");
    "drop docs" => ["missing-key"], |case| dropped(case, "docs");
    "drop auth_mode" => ["missing-key"], |case| dropped(case, "auth_mode");
    "drop base_url" => ["missing-key", "missing-base-url"], |case| dropped(case, BASE);
    "drop token_url" => ["auth-mode-shape"], |case| dropped(case, "token_url");
    "drop authorization_url" => ["auth-mode-shape"], |case| {
        dropped(case, "authorization_url").filter(|_| case.says("auth_mode", "OAUTH2") && case.at("installation").is_none())
    };
    "drop token_response" => ["auth-mode-shape"], |case| dropped(case, "token_response");
    "drop credentials" => ["undeclared-credentials"], |case| {
        dropped(case, "credentials").filter(|_| case.says("auth_mode", "API_KEY"))
    };
    "drop a field's type" => ["missing-key"], |case| dropped(case, "connection_config.*.type");
    "drop a field's title" => ["missing-key"], |case| dropped(case, "connection_config.*.title");
    "drop a credential's description" => ["missing-key"], |case| dropped(case, "credentials.*.description");
    "drop the endpoints of a probe" => ["missing-key"], |case| dropped(case, "proxy.verification.endpoints");
    "drop the type of pagination" => ["missing-key"], |case| dropped(case, "proxy.paginate.type");
    "misspell display_name" => ["unknown-key"], |case| misspelt(case, "display_name");
    "misspell docs" => ["unknown-key"], |case| misspelt(case, "docs");
    "misspell auth_mode" => ["unknown-key"], |case| misspelt(case, "auth_mode");
    "misspell proxy" => ["unknown-key"], |case| misspelt(case, "proxy");
    "misspell base_url" => ["unknown-key"], |case| misspelt(case, BASE);
    "misspell headers" => ["unknown-key"], |case| misspelt(case, "proxy.headers");
    "misspell verification" => ["unknown-key"], |case| misspelt(case, "proxy.verification");
    "misspell retry" => ["unknown-key"], |case| misspelt(case, "proxy.retry");
    "misspell token_url" => ["unknown-key"], |case| misspelt(case, "token_url");
    "misspell credentials" => ["unknown-key"], |case| misspelt(case, "credentials");
    "misspell connection_config" => ["unknown-key"], |case| misspelt(case, "connection_config");
    "misspell a field's title" => ["unknown-key"], |case| misspelt(case, "connection_config.*.title");
    "misspell a credential's type" => ["unknown-key"], |case| misspelt(case, "credentials.*.type");
    "a strange key in the entry" => ["unknown-key"], |case| case.insert("", "bogus: 1");
    "a strange key in the proxy" => ["unknown-key"], |case| case.insert("proxy", "bogus: 1");
    "a strange key in a field" => ["unknown-key"], |case| case.insert("connection_config.*", "bogus: 1");
    "move base_url to the entry" => ["misplaced-key"], |case| case.at(BASE).and_then(|spot| case.moved(&spot, ""));
    "move docs into the proxy" => ["misplaced-key"], |case| {
        case.at("docs").filter(|_| case.is_whole()).and_then(|spot| case.moved(&spot, "proxy"))
    };
    "move token_url into the proxy" => ["misplaced-key"], |case| case.at("token_url").and_then(|spot| case.moved(&spot, "proxy"));
    "give docs twice" => ["duplicate-key"], |case| {
        let line = format!("docs: {}", case.at("docs")?.text());
        let second = case.at("docs")?;
        let mutant = case.insert("", &line).filter(|_| second.path == ["docs"])?;
        let shift = mutant.text.len() - case.text.len();
        Some(Mutant { at: second.key.start + shift, ..mutant })
    };
    "a list for categories" => ["wrong-type"], |case| {
        let spot = case.at("categories")?;
        let item = spot.value.as_sequence()?.first()?.as_str()?;
        let range = spot.key.end..spot.value.span.range().end;
        let offset = 2;
        case.put(&spot, range, &format!(": {item}"), offset).filter(|_| case.text[spot.key.end..].starts_with(":\n"))
    };
    "a list as base_url" => ["wrong-type"], |case| {
        let spot = case.at(BASE)?;
        let value = case.text[spot.value.span.range()].to_owned();
        Some(Mutant { at: spot.value.span.range().start + 1, ..case.set(&spot, &format!("[{value}]"))? })
            .filter(|_| !value.contains(['{', ',']) || value.starts_with(['\'', '"']))
    };
    "a number as display_name" => ["wrong-type"], |case| case.at("display_name").and_then(|spot| case.set(&spot, "7"));
    "nothing as docs" => ["wrong-type"], |case| case.at("docs").and_then(|spot| case.set(&spot, "null"));
    "a flag in quotes" => ["wrong-type"], |case| {
        let all = ["credentials.*.secret", "connection_config.*.automated", "disable_pkce", "proxy.decompress"];
        all.iter().find_map(|path| case.at(path)).and_then(|spot| case.set(&spot, "'true'"))
    };
    "a text as headers" => ["wrong-type"], |case| {
        let mutant = case.insert("proxy", "headers: none").filter(|_| case.at("proxy.headers").is_none())?;
        Some(Mutant { at: mutant.at + "headers: ".len(), ..mutant })
    };
    "a misspelt auth mode" => ["auth-mode-unknown"], |case| case.at("auth_mode").and_then(|spot| misspelt_value(case, &spot));
    "an auth mode in small letters" => ["auth-mode-unknown"], |case| {
        let spot = case.at("auth_mode")?;
        case.set(&spot, &spot.text().to_ascii_lowercase())
    };
    "a misspelt category" => ["unknown-enum-value"], |case| case.at("categories.[]").and_then(|spot| misspelt_value(case, &spot));
    "a misspelt type of a field" => ["unknown-enum-value"], |case| {
        case.at("connection_config.*.type").and_then(|spot| misspelt_value(case, &spot))
    };
    "a misspelt method of a probe" => ["unknown-enum-value"], |case| {
        case.at("proxy.verification.method").and_then(|spot| misspelt_value(case, &spot))
    };
    "a misspelt type of pagination" => ["unknown-enum-value"], |case| {
        case.at("proxy.paginate.type").and_then(|spot| misspelt_value(case, &spot))
    };
    "a placeholder that is never closed" => ["template-syntax"], |case| {
        let spot = case.at(BASE)?;
        let placeholder = spot.placeholder("${")?;
        let last = spot.text().matches('}').count() == 1;
        let mutant = case.put(&spot, placeholder.end - 1..placeholder.end, "", 0).filter(|_| last)?;
        Some(Mutant { at: placeholder.start, ..mutant })
    };
    "a placeholder without its dollar" => ["interpolation-missing-dollar"], |case| {
        // Without quotes, a brace at the beginning makes a map of it.
        let (spot, placeholder, _) = named(case)?;
        case.put(&spot, placeholder.start..placeholder.start + 1, "", 0)
            .filter(|_| placeholder.start > spot.value.span.range().start)
    };
    "a misspelt field in a placeholder" => ["undeclared-template-variable"], |case| {
        let (spot, placeholder, name) = named(case)?;
        let range = placeholder.start + 19..placeholder.end - 1;
        let mutant = case.put(&spot, range, &swapped(&name)?, 0)?;
        Some(Mutant { at: placeholder.start + 2, ..mutant })
    };
    "a misspelt root of a placeholder" => ["unknown-template-root"], |case| {
        let (spot, placeholder, _) = named(case)?;
        let range = placeholder.start + 2..placeholder.start + 18;
        case.put(&spot, range, "conectionConfig", 0)
    };
    "a field that nothing declares" => ["undeclared-template-variable"], |case| {
        let mutant = in_base(case, |text| Some(format!("{text}/${{connectionConfig.nowhere}}")))
            .filter(|_| !case.text.contains("post_connection_script"))?;
        let spot = case.at(BASE).filter(|spot| !spot.text().ends_with('/') && spot.part(0..1).is_some())?;
        let quoted = usize::from(case.text[spot.value.span.range()].starts_with(['\'', '"']));
        Some(Mutant { at: spot.value.span.range().start + quoted + spot.text().len() + 3, ..mutant })
    };
    "a placeholder without a name" => ["template-syntax"], |case| {
        let (spot, placeholder, _) = named(case)?;
        case.put(&spot, placeholder.start + 2..placeholder.end - 1, "", 0)
            .map(|mutant| Mutant { at: placeholder.start, ..mutant })
    };
    "an unknown function" => ["unknown-function"], |case| {
        let spot = with(case, &["proxy.headers.*"], "${base64(")?;
        case.put(&spot, spot.find("base64(")?, "base46(", 0)
    };
    "a call with too few arguments" => ["wrong-arity"], |case| {
        let spot = with(case, &["proxy.headers.*"], "${apiKey}")?;
        case.put(&spot, spot.placeholder("${apiKey}")?, "${truncate(${apiKey})}", "${truncate(".len())
    };
    "a call in a URL" => ["call-in-url"], |case| {
        let (spot, placeholder, name) = named(case)?;
        let whole = format!("${{base64(${{connectionConfig.{name}}})}}");
        case.put(&spot, placeholder, &whole, 0).filter(|_| spot.path.last().is_some_and(|key| key.ends_with("url")))
    };
    "http in the base URL" => ["insecure-scheme"], |case| {
        in_base(case, |text| Some(text.replacen("https://", "http://", 1)))
    };
    "a base URL without its scheme" => ["missing-scheme"], |case| {
        in_base(case, |text| text.strip_prefix("https://").filter(|rest| !rest.starts_with("${")).map(str::to_owned))
    };
    "a base URL with a slash at its end" => ["path-join"], |case| {
        let spot = case.at(BASE).filter(|spot| spot.text().starts_with("https://") && !spot.text().ends_with('/'))?;
        let end = spot.part(0..spot.text().len())?.end;
        case.put(&spot, end..end, "/", 0).filter(|_| !spot.text().contains("||"))
    };
    "a query in the base URL" => ["query-in-base-url"], |case| {
        in_base(case, |text| Some(format!("{text}?a=b")).filter(|_| !text.contains('?')))
    };
    "a header in capitals" => ["header-case"], |case| {
        let spot = case.at("proxy.headers.*")?;
        let name = spot.path.last()?.to_ascii_uppercase();
        case.rename(&spot, &name).filter(|_| case.text[spot.key.clone()] == *spot.path.last().unwrap())
    };
    "a header with a space" => ["invalid-header-name"], |case| {
        let spot = case.at("proxy.headers.*")?;
        let name = format!("{} x", spot.path.last()?);
        case.rename(&spot, &name).filter(|_| case.text[spot.key.clone()] == *spot.path.last().unwrap())
    };
    "a line break in a header" => ["invalid-header-value"], |case| {
        let spot = case.all("proxy.headers.*").into_iter().find(|spot| !spot.text().contains("${"))?;
        case.set(&spot, "\"a\\nb\"")
    };
    "no media type as content-type" => ["invalid-media-type"], |case| {
        case.at("proxy.headers.content-type").and_then(|spot| case.set(&spot, "json"))
    };
    "a pattern without its first anchor" => ["unanchored-pattern"], |case| {
        let spot = anchored(case)?;
        let mutant = case.put(&spot, spot.part(0..1)?, "", 0)?;
        Some(Mutant { at: spot.value.span.range().start, ..mutant })
    };
    "a pattern without its last anchor" => ["unanchored-pattern"], |case| {
        let spot = anchored(case)?;
        let mutant = case.put(&spot, spot.part(spot.text().len() - 1..spot.text().len())?, "", 0)?;
        Some(Mutant { at: spot.value.span.range().start, ..mutant })
    };
    "a pattern that cannot be read" => ["invalid-pattern"], |case| {
        let spot = anchored(case)?;
        let end = spot.part(0..spot.text().len())?.end;
        let mutant = case.put(&spot, end..end, "(", 0)?;
        Some(Mutant { at: spot.value.span.range().start, ..mutant })
    };
    "an example that the pattern refuses" => ["example-violates-pattern"], |case| {
        let field = anchored(case)?.path[1].clone();
        let spot = case.at(&format!("connection_config.{field}.example"))?;
        let pattern = anchored(case).filter(|pattern| !pattern.text().contains(['.', '~']))?;
        let (pattern, example) = (pattern.value.span.range().start, spot.value.span.range());
        let mutant = case.set(&spot, "'~ ~'")?;
        let shift = if pattern > example.start { mutant.text.len().wrapping_sub(case.text.len()) } else { 0 };
        Some(Mutant { at: pattern.wrapping_add(shift), ..mutant })
    };
    "a default that the pattern refuses" => ["default-violates-pattern"], |case| {
        let field = anchored(case).filter(|pattern| !pattern.text().contains(['.', '~']))?.path[1].clone();
        let has = case.at(&format!("connection_config.{field}.default_value")).is_some();
        case.insert(&format!("connection_config.{field}"), "default_value: '~ ~'").filter(|_| !has)
            .map(|mutant| Mutant { at: mutant.at + "default_value: ".len(), ..mutant })
    };
    "an alias of nothing" => ["alias-missing"], |case| {
        let spot = case.at("alias")?;
        case.set(&spot, &format!("{}-gone", spot.text()))
    };
    "an alias of itself" => ["alias-cycle"], |case| case.at("alias").and_then(|spot| case.set(&spot, &case.key));
    "a field's name with a digit" => ["invalid-field-name"], |case| {
        case.insert("connection_config", "x1: {type: string, title: X, description: Y., automated: true}")
    };
    "a field that nothing uses" => ["unused-config-field"], |case| {
        case.insert("connection_config", "bogus: {type: string, title: X, description: Y.}").filter(|_| {
            let hooks = ["post_connection_script", "credentials_verification_script", "webhook_routing_script"];
            !hooks.iter().any(|hook| case.text.contains(hook))
        })
    };
    "a secret that is not marked" => ["secret-not-marked"], |case| {
        case.insert("connection_config", "app_password: {type: string, title: X, description: Y.}")
    };
    "a key of another mode" => ["dead-key"], |case| {
        case.insert("", "request_url: https://api.example.com/token").filter(|_| case.at("request_url").is_none() && case.at("auth_mode").is_some())
    };
    "a provider key in capitals" => ["invalid-provider-key"], |case| {
        let text = format!("{}{}", case.key.to_ascii_uppercase(), &case.text[case.key.len()..]);
        let plain = case.text.starts_with(&case.key) && case.key.bytes().any(|byte| byte.is_ascii_lowercase());
        Some(Mutant { text, at: 0, path: Vec::new(), from: None }).filter(|_| plain)
    };
    "a tag" => ["unsupported-yaml"], |case| {
        let spot = case.at("display_name")?;
        case.put(&spot, spot.value.span.range().start..spot.value.span.range().start, "!!str ", 0)
            .map(|mutant| Mutant { at: mutant.at + "!!str ".len(), ..mutant })
    };
    "a merge key" => ["unsupported-yaml"], |case| case.insert("proxy", "<<: {a: b}");
    "slashes around a regular expression" => ["retry-regex-delimiters"], |case| {
        let line = "in_body: {strategy: after, path: error, value: '/after (.+)/'}";
        let mutant = case.insert("proxy.retry", line).filter(|_| case.at("proxy.retry.in_body").is_none())?;
        Some(Mutant { at: mutant.at + line.find('\'')?, ..mutant })
    };
    "a state that never changes" => ["hardcoded-state"], |case| {
        case.insert("authorization_params", "state: fixed").filter(|_| case.at("authorization_params.state").is_none())
            .map(|mutant| Mutant { at: mutant.at + "state: ".len(), ..mutant })
    };
    "a default that is said" => ["redundant-key"], |case| {
        case.insert("proxy", "decompress: false").filter(|_| case.at("proxy.decompress").is_none())
    };
    "a misspelt grant" => ["refresh-grant-missing"], |case| {
        case.at("token_params.grant_type").filter(|_| case.says("auth_mode", "OAUTH2")).and_then(|spot| case.rename(&spot, "greant_type"))
    };
    "a reason that allows nothing" => ["unused-allow"], |case| {
        case.insert("", "keyway: {allow: {pkce-disabled: no reason}}")
            .filter(|_| case.at("keyway").is_none() && case.at("disable_pkce").is_none() && case.is_whole())
            .map(|mutant| Mutant { at: mutant.at + "keyway: {allow: {".len(), path: vec!["keyway".to_owned()], ..mutant })
    };
}
