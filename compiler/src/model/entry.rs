//! One entry, from its resolved body to the model.
//!
//! The keys of an alias are in the body already.

use super::corrected::corrected;
use super::format::auth::{self, Auth};
use super::format::common::Common;
use super::keys::{self, RootKey};
use super::kit::corrected::Corrected;
use super::kit::findings::{AUTH_MODE_SHAPE, UNKNOWN_KEY};
use super::kit::grammar::ProviderKey;
use super::kit::lowering::Lowering;
use super::kit::value_type::{KeyInfo, Keys};
use super::kit::wording::{list, suggested};
use super::vocabulary::Format;
use crate::diagnostic::{Diagnostic, Diagnostics, Near};
use crate::resolve::{Alias, Resolved};
use crate::source::Span;
use crate::syntax::{Entry, Key};
use keyway_spec::Mode;

/// One entry of the catalogue, typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// The entry's key.
    pub key: Key,
    /// The entry's own text, key included.
    pub span: Span,
    /// The alias it was written with.
    pub alias: Option<Alias>,
    /// True if everything in it could be read. What could not be read was reported, and is missing here.
    pub whole: bool,
    /// The keys of every mode.
    pub common: Common,
    /// The auth mode, with its keys.
    pub auth: Auth,
}

/// Reads an entry. All its shape errors are reported; the provider is there whenever one could be built, which does
/// not mean that there is no error.
pub fn lower(entry: &Resolved) -> (Option<Provider>, Diagnostics) {
    lower_corrected(&corrected(entry))
}

/// The same of an entry whose misspelt keys are corrected already.
pub fn lower_corrected(corrected: &Corrected<'_>) -> (Option<Provider>, Diagnostics) {
    let (provider, found) = read(corrected);
    (provider, corrected.as_written(found))
}

/// That an entry builds on another one by a key that is not `alias`. The stage before took it as it was meant.
pub fn misspelt_alias(entry: &Resolved) -> Diagnostics {
    let under = entry.alias.as_ref().and_then(|alias| alias.misspelt.as_ref());
    let finding = |key: &Key| {
        let finding = Diagnostic::new(&UNKNOWN_KEY, format!("unknown key `{}`", key.name), key.span)
            .label("an entry has no such key")
            .at(&[entry.key.name.clone(), key.name.clone()]);
        suggested(finding, Near { name: "alias", clear: true }, key.span, &key.name)
    };
    under.map(finding).into_iter().collect()
}

fn read(corrected: &Corrected<'_>) -> (Option<Provider>, Diagnostics) {
    let entry = &corrected.entry;
    let mut lowering = Lowering::new(corrected, &Format);
    lowering.grammar::<ProviderKey>(&entry.key.name, entry.key.span);
    let common = Common::from_mapping(&entry.body, &mut lowering);
    let mode = auth::mode_of(&entry.body);
    let auth =
        mode.and_then(|mode| lowering.missing_is(&AUTH_MODE_SHAPE, |lowering| auth::read(mode, &entry.body, lowering)));
    for item in &entry.body {
        remaining_key(item, mode, &mut lowering);
    }
    let provider = common.zip(auth).map(|(common, auth)| Provider {
        key: entry.key.clone(),
        span: entry.span,
        alias: entry.alias.clone(),
        whole: !lowering.found.has_errors(),
        common,
        auth,
    });
    (provider, lowering.found)
}

/// A key that neither the common part nor the mode has read.
fn remaining_key(item: &Entry, mode: Option<Mode>, lowering: &mut Lowering<'_>) {
    let body = lowering.body();
    let names = || keys::root_keys().iter().map(|key| key.name).chain(["alias"]).collect::<Vec<_>>();
    if lowering.is_misspelt(&item.key, body, names) {
        return;
    }
    let Some(root) = keys::root_key(&item.key.name) else {
        lowering.unknown_key(&item.key, body, &names());
        return;
    };
    let common = root.variants.iter().find(|(_, modes)| modes.is_empty()).map(|(info, _)| *info);
    let Some(info) = common.or_else(|| matching(root, item, lowering)) else { return };
    match mode {
        _ if info.dead => lowering.dead_key(info, &item.key, &item.value),
        _ if common.is_some() => {} // Read without a mode.
        Some(mode) if root.in_mode(mode).is_some() => {}
        Some(mode) => {
            let why = format!("{}, `{}` does not", readers(root), mode.name());
            lowering.unread_key(info, &item.key, &item.value, &format!(" in `{}`", mode.name()), why);
        }
        None => lowering.under(&item.key, |lowering| (info.check)(&item.value, lowering)),
    }
}

/// Where modes differ in a key's type: the type that the value has, else the first.
fn matching(root: &RootKey, item: &Entry, lowering: &mut Lowering<'_>) -> Option<&'static KeyInfo> {
    let fits = root.variants.iter().find(|(info, _)| lowering.accepts(info, &item.value));
    fits.or(root.variants.first()).map(|(info, _)| *info)
}

/// Who reads a key: `` `APP` reads it ``, and only the number of them where the list would be long.
fn readers(root: &RootKey) -> String {
    let modes: Vec<&str> = root.modes().into_iter().map(Mode::name).collect();
    match modes.as_slice() {
        [only] => format!("`{only}` reads it"),
        few if few.len() <= 3 => format!("{} read it", list(few)),
        many => format!("{} other modes read it", many.len()),
    }
}
