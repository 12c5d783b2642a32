//! Compares the behaviour of two specs, fact by fact.
//!
//! A fact that is gone or changed is breaking, and a new one is compatible, unless its kind says otherwise. The facts
//! are listed by [`super::calls`] and [`super::sign_in`].

use super::facts::{Fact, Facts, Seen};
use super::side::{CatalogueSide, Pair};
use super::template::{Newcomers, kept, kept_base, kept_value};
use super::{Change, ChangeKind, calls, said, sign_in, url};
use keyway_spec::proxy::PaginateKind;
use keyway_spec::{ProviderSpec, Scripts, Template, Value, Webhooks};

/// The differences.
#[derive(Debug)]
pub(super) struct Behaviour {
    /// The changes.
    pub(super) changes: Vec<Change>,
    /// The differing parts that were compared as a whole.
    pub(super) wholes: Vec<Whole>,
}

/// Something that differs as a whole: the values below its path say how.
#[derive(Debug)]
pub(super) struct Whole {
    /// Where it stands, below the entry.
    pub(super) path: Vec<String>,
    /// The kind of change of the values below.
    pub(super) kind: ChangeKind,
}

/// Compares both; `told` is what is known already.
pub(super) fn compare(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec, told: &[Change]) -> Behaviour {
    let (before, mut after) = (facts(&pair.old, old), facts(&pair.new, new));
    let newcomers = Newcomers::of(old, new);
    let same_mode = old.auth.mode() == new.auth.mode();
    let mut comparison = Comparison { pair, told, changes: Vec::new(), wholes: Vec::new() };
    let mut differing: Vec<(Option<Fact>, Option<Fact>)> = Vec::new();
    for fact in before {
        let other = after.iter().position(|other| other.what == fact.what).map(|at| after.remove(at));
        let is_kept = other.as_ref().is_some_and(|other| is_kept(&fact.seen, &other.seen, &newcomers));
        if !is_kept {
            differing.push((Some(fact), other));
        }
    }
    differing.extend(after.into_iter().map(|fact| (None, Some(fact))));
    let moves = |(old, new): &(Option<Fact>, Option<Fact>)| match (old, new) {
        (Some(old), _) => old.is_credential,
        (None, Some(new)) => new.added == ChangeKind::TokenPlacementChanged,
        (None, None) => false,
    };
    if differing.iter().any(moves) {
        // Another mode has other credentials: that is told.
        comparison.changes.extend(placement(pair, &differing).filter(|_| same_mode));
        differing
            .retain(|(old, new)| ![old, new].iter().any(|fact| fact.as_ref().is_some_and(|fact| fact.is_credential)));
    }
    let is_of_mode = |fact: &Fact| !MODELESS.contains(&fact.path.first().map_or("", String::as_str));
    if !same_mode {
        differing.retain(|(old, new)| ![old, new].iter().any(|fact| fact.as_ref().is_some_and(is_of_mode)));
    }
    let pages = |(old, new): &(Option<Fact>, Option<Fact>)| {
        let is_type = |fact: &Option<Fact>| fact.as_ref().is_some_and(|fact| fact.path.iter().eq(&PAGES_TYPE));
        is_type(old) || is_type(new)
    };
    if differing.iter().any(pages) {
        comparison.changes.extend(pagination(pair));
        let is_of_pages = |fact: &Fact| matches!(fact.path.as_slice(), [_, pages, ..] if pages == "paginate");
        differing.retain(|(old, new)| ![old, new].iter().any(|fact| fact.as_ref().is_some_and(is_of_pages)));
    }
    for (old, new) in &differing {
        comparison.tell(old.as_ref(), new.as_ref());
    }
    Behaviour { changes: comparison.changes, wholes: comparison.wholes }
}

/// The parts of an entry that are there in every mode.
const MODELESS: [&str; 5] = ["proxy", "categories", "keyway", "webhook", "script"];
const PAGES_TYPE: [&str; 3] = ["proxy", "paginate", "type"];

fn facts(side: &CatalogueSide<'_>, spec: &ProviderSpec) -> Vec<Fact> {
    let mut facts = Facts { side, all: Vec::new() };
    general(&mut facts, spec);
    sign_in::facts(&mut facts, spec);
    if let Some(proxy) = &spec.proxy {
        calls::facts(&mut facts, &spec.auth, proxy);
    }
    facts.all
}

/// Facts that belong neither to calls nor to signing in.
fn general(facts: &mut Facts<'_, '_>, spec: &ProviderSpec) {
    let ProviderSpec {
        key: _,
        display_name: _,
        docs: _,
        docs_connect: _,
        setup_guide_url: _,
        categories,
        alias: _,
        auth: _,
        quirks: _,
        connection_config: _,
        credentials: _,
        integration_config: _,
        assertion_option: _,
        default_scopes: _,
        known_scopes: _,
        token_expiration_buffer: _,
        proxy: _,
        operations: _, // Told by `endpoints`.
        idempotency_key,
        hosts,
        scripts,
        webhooks,
    } = spec;
    facts.members((ChangeKind::CategoryRemoved, ChangeKind::Changed), &["categories"], "the category", categories);
    let trusted = "the trust of the operator's secrets in";
    facts.members((ChangeKind::HostChanged, ChangeKind::HostAdded), &["keyway", "hosts"], trusted, hosts.trusted);
    if let Some(header) = idempotency_key {
        let (path, seen) = (["keyway", "idempotency_key"], Seen::Word((*header).to_owned()));
        let what = "the header of a `POST` that is sent again".to_owned();
        facts.add((ChangeKind::HeaderChanged, ChangeKind::Changed), &path, what, seen);
    }
    let Scripts {
        post_connection,
        credentials_verification,
        pre_connection_creation,
        pre_connection_deletion,
        webhook_routing,
    } = scripts;
    for (key, hook) in [
        ("post_connection_script", post_connection),
        ("credentials_verification_script", credentials_verification),
        ("pre_connection_creation_script", pre_connection_creation),
        ("pre_connection_deletion_script", pre_connection_deletion),
        ("webhook_routing_script", webhook_routing),
    ] {
        if let Some(name) = hook {
            let seen = Seen::Word((*name).to_owned());
            facts.add((ChangeKind::HookChanged, ChangeKind::Changed), &[key], format!("the hook of `{key}`"), seen);
        }
    }
    let Webhooks { user_defined_secret, allowed_query_params } = webhooks;
    facts.word(ChangeKind::HookChanged, &["webhook_user_defined_secret"], &user_defined_secret.to_string());
    let kinds = (ChangeKind::HookChanged, ChangeKind::Changed);
    facts.members(kinds, &["webhook_allowed_query_params"], "for webhooks the query parameter", allowed_query_params);
}

fn is_kept(old: &Seen, new: &Seen, newcomers: &Newcomers) -> bool {
    match (old, new) {
        (Seen::Word(old), Seen::Word(new)) | (Seen::Whole(old), Seen::Whole(new)) => old == new,
        (Seen::Template(old), Seen::Template(new)) | (Seen::Url(old), Seen::Url(new)) => kept(old, new, newcomers),
        (Seen::Base(old), Seen::Base(new)) => kept_base(old, new, newcomers),
        (Seen::Value(old, was_text), Seen::Value(new, is_text)) => {
            kept_value(old, new, *was_text && *is_text, newcomers)
        }
        _ => false,
    }
}

struct Comparison<'p, 'c> {
    pair: &'p Pair<'c>,
    told: &'p [Change],
    changes: Vec<Change>,
    wholes: Vec<Whole>,
}

impl Comparison<'_, '_> {
    /// Tells how a fact became another, unless a change at its place has been told.
    fn tell(&mut self, old: Option<&Fact>, new: Option<&Fact>) {
        let Some(fact) = new.or(old) else { return };
        let path: Vec<&str> = fact.path.iter().map(String::as_str).collect();
        if let Seen::Whole(_) = fact.seen {
            let kind = if old.is_none() { fact.added } else { fact.changed };
            self.wholes.push(Whole { path: fact.path.clone(), kind });
            return;
        }
        let host_is_told = self.is_told(&path, ChangeKind::HostChanged);
        // Another fact at the same place, which this one follows from.
        let is_derived = self
            .changes
            .iter()
            .any(|change| change.kind.is_breaking() && change.path.iter().skip(1).eq(&fact.path) && !fact.is_member());
        // The same text as a value of another type, which keeps an entry from being built: a number in a header.
        let written = |side: &CatalogueSide<'_>| side.get(&path).and_then(|place| said::scalar(place.node));
        let is_retyped = old.is_some() != new.is_some()
            && fact.is_sent()
            && written(&self.pair.old).is_some_and(|text| written(&self.pair.new) == Some(text));
        if is_derived || is_retyped {
            return;
        }
        let what = &fact.what;
        let shown = |side: &CatalogueSide<'_>, fact: &Fact| shown(side, fact).unwrap_or_else(|| "another".to_owned());
        let told = match (old, new) {
            (Some(old), Some(new)) if matches!(new.seen, Seen::Url(_) | Seen::Base(_)) => {
                let (before, after) = (shown(&self.pair.old, old), shown(&self.pair.new, new));
                url::changes(what, &before, &after, matches!(new.seen, Seen::Base(_)), host_is_told)
            }
            (Some(old), Some(new)) => {
                let (mut before, mut after) =
                    (quoted(&shown(&self.pair.old, old)), quoted(&shown(&self.pair.new, new)));
                if before == after {
                    (before, after) = (typed(&self.pair.old, old, before), typed(&self.pair.new, new, after));
                }
                // It is written as it was, so what it means follows from something else, which is told where it stands.
                if before == after && self.told.iter().chain(&self.changes).any(|change| change.kind.is_breaking()) {
                    return;
                }
                let message = if before == after {
                    format!("{what} is written as it was, {after}, and gives something else")
                } else {
                    format!("{what} was {before} and is {after}")
                };
                vec![(old.changed, message)]
            }
            (Some(Fact { seen: Seen::Word(category), changed: kind @ ChangeKind::CategoryRemoved, .. }), None) => {
                vec![(*kind, format!("`categories` lost `{category}`"))]
            }
            (None, Some(Fact { seen: Seen::Word(category), changed: ChangeKind::CategoryRemoved, added, .. })) => {
                vec![(*added, format!("`categories` gained `{category}`"))]
            }
            (Some(old), None) => vec![(old.changed, format!("{what} {}", gone(old)))],
            (None, Some(new)) => vec![(new.added, format!("{what} {}", come(new)))],
            (None, None) => Vec::new(),
        };
        for (kind, message) in told {
            self.changes.push(self.pair.change(kind, &path, message));
        }
    }

    fn is_told(&self, path: &[&str], kind: ChangeKind) -> bool {
        let is_there = |change: &Change| change.kind == kind && change.path.iter().skip(1).eq(path);
        self.told.iter().any(is_there)
    }
}

fn gone(fact: &Fact) -> &'static str {
    match fact.changed {
        ChangeKind::HeaderChanged | ChangeKind::QueryChanged | ChangeKind::BodyChanged => "is no longer sent",
        ChangeKind::SignInChanged if fact.is_sent() => "is no longer sent",
        ChangeKind::StoredFieldRemoved => "is no longer kept",
        _ => "is gone",
    }
}

fn come(fact: &Fact) -> &'static str {
    match fact.changed {
        ChangeKind::HeaderChanged | ChangeKind::QueryChanged | ChangeKind::BodyChanged => "is sent now",
        ChangeKind::SignInChanged if fact.is_sent() => "is sent now",
        ChangeKind::StoredFieldRemoved => "is kept now",
        _ => "is new",
    }
}

/// The value of a fact: as it is written, else as the spec has it; `None` where it is made of more than a text.
fn shown(side: &CatalogueSide<'_>, fact: &Fact) -> Option<String> {
    let path: Vec<&str> = fact.path.iter().map(String::as_str).collect();
    let written = side.get(&path).and_then(|place| said::scalar(place.node));
    let literal = |template: &Template| template.as_literal().map(str::to_owned);
    written.or_else(|| match &fact.seen {
        Seen::Word(word) => Some(word.clone()),
        Seen::Template(template)
        | Seen::Url(template)
        | Seen::Base(template)
        | Seen::Value(Value::Text(template), _) => literal(template),
        Seen::Value(..) => side.get(&path).map(|place| said::shown(place.node)),
        Seen::Whole(_) => None,
    })
}

/// The same with the type of what is written.
fn typed(side: &CatalogueSide<'_>, fact: &Fact, otherwise: String) -> String {
    let path: Vec<&str> = fact.path.iter().map(String::as_str).collect();
    side.get(&path).map_or(otherwise, |place| said::typed(place.node))
}

fn quoted(text: &str) -> String {
    match text {
        "" => "nothing".to_owned(),
        text if text.starts_with(['`']) || text.starts_with("a map") || text.starts_with("the list") => text.to_owned(),
        text => format!("`{}`", said::short(text)),
    }
}

/// The credential stands elsewhere, or with something else around it.
fn placement(pair: &Pair<'_>, differing: &[(Option<Fact>, Option<Fact>)]) -> Option<Change> {
    let places = |side: &CatalogueSide<'_>| -> Vec<(Vec<String>, String)> {
        let Some(spec) = &side.spec else { return Vec::new() };
        let credentials = facts(side, spec).into_iter().filter(|fact| fact.is_credential);
        credentials
            .map(|fact| {
                let text = shown(side, &fact).unwrap_or_default();
                (fact.path, text)
            })
            .collect()
    };
    let said = |places: &[(Vec<String>, String)]| {
        let places: Vec<String> =
            places.iter().map(|(path, text)| format!("`{}` as `{}`", path.join("."), said::short(text))).collect();
        if places.is_empty() { "the place of its mode".to_owned() } else { places.join(" and ") }
    };
    let (old, new) = (places(&pair.old), places(&pair.new));
    let moved = differing.iter().find_map(|(old, new)| {
        let fact = old.as_ref().or(new.as_ref())?;
        (fact.is_credential || fact.added == ChangeKind::TokenPlacementChanged).then(|| fact.path.clone())
    })?;
    let path: Vec<&str> = moved.iter().map(String::as_str).collect();
    let message = format!("the credential was sent in {} and is sent in {}", said(&old), said(&new));
    Some(pair.change(ChangeKind::TokenPlacementChanged, &path, message))
}

fn pagination(pair: &Pair<'_>) -> Option<Change> {
    let (kind, path, message) = match (pages_type(&pair.old), pages_type(&pair.new)) {
        (Some(old), Some(new)) => {
            (ChangeKind::PaginationChanged, &PAGES_TYPE[..], format!("the pagination was `{old}` and is `{new}`"))
        }
        (Some(old), None) => {
            (ChangeKind::PaginationChanged, &PAGES[..], format!("the pagination was `{old}` and there is none"))
        }
        (None, Some(new)) => {
            (ChangeKind::PaginationAdded, &PAGES[..], format!("there was no pagination, and it is `{new}`"))
        }
        (None, None) => return None,
    };
    Some(pair.change(kind, path, message))
}

/// The type of an entry's pagination. Keys that only a cursor has need no `type`.
fn pages_type(side: &CatalogueSide<'_>) -> Option<&'static str> {
    Some(match side.spec.as_ref()?.proxy?.paginate?.kind {
        PaginateKind::LinkHeader { .. } | PaginateKind::LinkBody { .. } => "link",
        PaginateKind::Cursor { .. } | PaginateKind::LastItem { .. } | PaginateKind::HeaderCursor { .. } => "cursor",
        PaginateKind::Offset { .. } => "offset",
    })
}

const PAGES: [&str; 2] = ["proxy", "paginate"];
