//! Reports names that clash, with the name that the later one gets.
//!
//! Nothing is wrong with such an entry, and its names stay what they are. Only a parameter that the entry sends without
//! declaring it stands in no list of its own, so where it meets a declared field nothing says which was first, and that
//! is an error.

use super::fields::{InputField, alone, named};
use super::scope::variant;
use super::space::{Space, default_scope, end, listed_scope};
use super::{marker, scopes, types};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lower::fields::inputs;
use crate::lower::{NAME_CLASH, UNDECLARED_PARAM_CLASH};
use crate::model::scopes::ListedScopes;
use crate::model::{self, Map, Provider, Spanned, Str};
use crate::source::Span;

/// An item with a name in one scope of a module.
struct Claim<'p> {
    /// Its kind: `the field`.
    what: &'static str,
    /// Its name in the format.
    text: &'p str,
    /// The name it would have without the others.
    alone: String,
    /// The name it has.
    name: String,
    span: Span,
    /// Where it stands below the entry.
    path: Vec<String>,
    /// True if the entry sends it and does not declare it.
    is_undeclared: bool,
}

/// Fields, values and scopes of an entry whose names met those of others of their list.
pub(in crate::lower) fn clashing(provider: &Provider) -> Diagnostics {
    let common = &provider.common;
    if !may_meet(provider) {
        return Diagnostics::default();
    }
    let standard = inputs(provider.auth.mode());
    let marker = marker(&provider.key.name);
    let types = types(&marker);
    let mut claims = Vec::new();
    let mut config = placed(common.connection_config.as_ref());
    config.extend(undeclared(provider));
    claims.extend(of_fields("connection_config", Space::Config(&standard), config, &types));
    let credentials = placed(common.credentials.as_ref());
    claims.extend(of_fields("credentials", Space::Credentials(&standard), credentials, &types));
    let listed = common.keyway.as_ref().and_then(|keyway| keyway.scopes.as_ref());
    let listed = listed.into_iter().flat_map(ListedScopes::iter);
    let listed =
        listed.map(|scope| (scope.name, scope.span, ["keyway", "scopes", &scope.step()].map(str::to_owned).to_vec()));
    claims.push(of_scopes(&listed.collect::<Vec<_>>(), listed_scope));
    let default = common.default_scopes.iter().flatten().enumerate();
    let default = default
        .map(|(index, scope)| (scope.as_str(), scope.span, vec!["default_scopes".to_owned(), index.to_string()]));
    claims.push(of_scopes(&default.collect::<Vec<_>>(), default_scope));
    let found = claims.iter().flat_map(|claims| met(claims));
    found
        .map(|found| {
            let path = [std::slice::from_ref(&provider.key.name), &found.path].concat();
            found.at(&path)
        })
        .collect()
}

/// True if any two names of a list may meet: a quick look, since hardly any do. Names that differ in more than the case
/// of their letters, what stands between these, and the words that this module adds never do.
fn may_meet(provider: &Provider) -> bool {
    let common = &provider.common;
    let config = common.connection_config.iter().flatten();
    let quirks = common.keyway.as_ref();
    let sent = quirks.and_then(|keyway| keyway.authorization.as_ref()?.config_params.as_ref());
    let sent = sent.into_iter().flatten().map(|name| name.as_str());
    let declared: Vec<&str> = config.clone().map(|(key, _)| key.name.as_str()).collect();
    let undeclared = sent.filter(|name| !declared.contains(name));
    let credentials = common.credentials.iter().flatten();
    let listed = quirks.and_then(|keyway| keyway.scopes.as_ref()).into_iter().flat_map(ListedScopes::iter);
    let listed = listed.map(|scope| scope.name);
    let default = common.default_scopes.iter().flatten().map(Str::as_str);
    meets(declared.iter().copied().chain(undeclared))
        || meets(credentials.clone().map(|(key, _)| key.name.as_str()))
        || meets(listed.map(end))
        || meets(default.map(end))
        || config
            .map(|(_, field)| field)
            .chain(credentials.map(|(_, field)| field))
            .any(|field| meets(field.choices.iter().flatten().map(Str::as_str)))
}

/// True if two of some names are alike.
fn meets<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    const ADDED: [&str; 6] = ["config", "credential", "default", "listed", "choice", "api"];
    let plain = |name: &str| {
        let mut name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        name.make_ascii_lowercase();
        ADDED.iter().fold(name, |name, added| if name.contains(added) { name.replace(added, "") } else { name })
    };
    let mut all: Vec<String> = names.map(plain).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    // Of a name without letters and digits something else is made.
    all.len() < count || all.first().is_some_and(String::is_empty)
}

/// The item whose name differs because of one before it.
fn met<'c>(claims: &'c [Claim<'_>]) -> impl Iterator<Item = Diagnostic> + 'c {
    let late = claims.iter().filter(|claim| claim.name != claim.alone);
    late.filter_map(|claim| {
        let first = claims.iter().find(|other| other.name == claim.alone)?;
        Some(finding(claim, first))
    })
}

fn finding(claim: &Claim<'_>, first: &Claim<'_>) -> Diagnostic {
    let Claim { what, text, alone, name, .. } = claim;
    if claim.is_undeclared && !first.is_undeclared {
        let message =
            format!("`{text}` is not declared, and its constant would be `{alone}`, which is that of `{}`", first.text);
        return Diagnostic::new(&UNDECLARED_PARAM_CLASH, message, claim.span)
            .label("nothing says which was first")
            .secondary(first.span, "declared here")
            .help(format!("name `{}` if that is meant, or declare `{text}` under `connection_config`", first.text))
            .at(&claim.path);
    }
    let message = format!("{what} `{text}` is `{name}` in Rust, because `{alone}` is `{}`", first.text);
    let other = match *what {
        "the field" => "for another name in Rust, rename the field before programs use it",
        _ => "who stands first in the list has the plain name; what is added goes behind the others",
    };
    Diagnostic::new(&NAME_CLASH, message, claim.span)
        .label(format!("becomes `{name}`"))
        .secondary(first.span, format!("has the name `{alone}`"))
        .help(other)
        .at(&claim.path)
}

/// A field with its places.
struct PlacedField<'p> {
    asked: InputField<'p>,
    span: Span,
    values: Vec<Span>,
    is_undeclared: bool,
}

/// The fields of a map that a customer or an operator may fill in.
fn placed<N>(map: Option<&Map<model::Field, N>>) -> Vec<PlacedField<'_>> {
    let is = |flag: Option<Spanned<bool>>| flag.is_some_and(|flag| flag.value);
    let fields = map.into_iter().flatten().filter(|(_, field)| !is(field.automated));
    let placed = fields.enumerate().map(|(index, (key, field))| PlacedField {
        asked: InputField {
            index,
            name: &key.name,
            is_required: !is(field.optional) && !is(field.hidden) && field.default_value.is_none(),
            choices: field.choices.iter().flatten().map(Str::as_str).collect(),
        },
        span: key.span,
        values: field.choices.iter().flatten().map(|value| value.span).collect(),
        is_undeclared: false,
    });
    placed.collect()
}

/// Configuration that the authorization URL carries and that is not declared.
fn undeclared(provider: &Provider) -> Vec<PlacedField<'_>> {
    let quirks = provider.common.keyway.as_ref().and_then(|keyway| keyway.authorization.as_ref());
    let is_declared = |name: &str| provider.common.connection_config.iter().flatten().any(|(key, _)| key.name == name);
    let mut undeclared: Vec<PlacedField<'_>> = Vec::new();
    for name in quirks.into_iter().flat_map(|quirks| quirks.config_params.iter().flatten()) {
        if !is_declared(name.as_str()) && !undeclared.iter().any(|known| known.asked.name == name.as_str()) {
            let asked = InputField { index: 0, name: name.as_str(), is_required: false, choices: Vec::new() };
            undeclared.push(PlacedField { asked, span: name.span, values: Vec::new(), is_undeclared: true });
        }
    }
    undeclared
}

/// The claims of fields: to a place in the struct, to a constant, to an enum, and to the variants of each.
fn of_fields<'p>(list: &str, space: Space, fields: Vec<PlacedField<'p>>, types: &[&str]) -> Vec<Vec<Claim<'p>>> {
    let asked: Vec<InputField<'p>> = fields.iter().map(|field| field.asked.clone()).collect();
    let (mut members, mut constants, mut enums, mut claims) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (field, named) in fields.into_iter().zip(named(space, &asked, types)) {
        let text = field.asked.name;
        let path = if field.is_undeclared {
            ["keyway", "authorization", "config_params"].map(str::to_owned).to_vec()
        } else {
            vec![list.to_owned(), text.to_owned()]
        };
        let claim = |alone: String, name: String| Claim {
            what: "the field",
            text,
            alone,
            name,
            span: field.span,
            path: path.clone(),
            is_undeclared: field.is_undeclared,
        };
        let same_kind = if named.is_required { &mut members } else { &mut constants };
        same_kind.push(claim(alone(space, &field.asked), named.name));
        let Some(choice) = named.choice else { continue };
        enums.push(Claim { what: "the enum of", ..claim(space.choice(text), choice.name) });
        let values = field.asked.choices.iter().zip(choice.variants).zip(&field.values);
        let values = values.enumerate().map(|(index, ((value, name), span))| Claim {
            what: "the value",
            text: value,
            alone: variant(value),
            name,
            span: *span,
            path: [&path[..], &["enum".to_owned(), index.to_string()]].concat(),
            is_undeclared: false,
        });
        claims.push(values.collect());
    }
    claims.extend([members, constants, enums]);
    claims
}

/// The claims of the scopes of one list, each with its place.
fn of_scopes<'p>(list: &[(&'p str, Span, Vec<String>)], name: fn(&str) -> String) -> Vec<Claim<'p>> {
    let texts: Vec<&str> = list.iter().map(|(text, ..)| *text).collect();
    let named = scopes::named(&texts, name).into_iter();
    let claims = named.filter_map(|(given, text)| {
        let (_, span, path) = list.iter().find(|(scope, ..)| *scope == text)?;
        Some(Claim {
            what: "the scope",
            text,
            alone: name(text),
            name: given,
            span: *span,
            path: path.clone(),
            is_undeclared: false,
        })
    });
    claims.collect()
}
