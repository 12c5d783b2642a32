//! The stages in order. START HERE.
//!
//! `run` says in which order a file is looked at; what each step does stands in `analysis` and in the stages. This
//! module decides nothing else: it reads no file, prints nothing and knows no key of the format.

pub use crate::analysis::{Input, rules};

use crate::analysis::{self, Catalogue, CheckLevel, Entries, Files, Member};
use crate::diagnostic::{Diagnostics, nearest};
use crate::lower::Arena;
use crate::model::{Corrected, Provider, corrected};
use crate::parallel;
use crate::resolve::{Resolved, broken, with_ancestors};
use crate::rules::Shared;
use crate::source::Sources;
#[cfg(feature = "json")]
use crate::witness::{ComparedEntry, SecondSources};
use keyway_spec::ProviderSpec;

/// The analysis of a file.
#[derive(Debug)]
pub struct Checked {
    /// The entries that could be resolved, in file order.
    pub entries: Vec<Resolved>,
    /// Those that have the shape of a provider, where that was asked for. One may have errors all the same.
    pub providers: Vec<Box<Provider>>,
    /// The keys of all entries, those that could not be read or resolved included, in file order.
    pub keys: Vec<String>,
    /// All findings, by place.
    pub diagnostics: Diagnostics,
}

/// Checks a file of providers. A file that is not of `sources` has no entries.
pub fn check(sources: &Sources, input: impl Into<Input>) -> Checked {
    run(Arena::discarded, sources, &input.into(), &|_| None, CheckLevel::Everything).0
}

/// The same for its findings alone: `providers` is empty, which saves the time and memory that keeping them takes.
pub fn find(sources: &Sources, input: impl Into<Input>) -> Checked {
    run(Arena::discarded, sources, &input.into(), &|_| None, CheckLevel::Findings).0
}

/// Checks a file of providers and lowers what has no error. With `only`, these entries and those they build on are
/// checked and lowered; the others are parsed and resolved, and findings about them are dropped.
///
/// The specs are kept until the program ends: a program that compiles often wants [`check`].
pub fn compile(sources: &Sources, input: impl Into<Input>, only: &[String]) -> (Checked, Vec<ProviderSpec>) {
    compile_chosen(sources, input, &|_| (!only.is_empty()).then(|| only.to_vec()))
}

/// The keys of the entries to compile, of those that there are; `None` is all.
pub type Choose<'c> = &'c dyn Fn(&[Resolved]) -> Option<Vec<String>>;

/// The same with a choice that depends on what the entries say.
pub fn compile_chosen(sources: &Sources, input: impl Into<Input>, choose: Choose<'_>) -> (Checked, Vec<ProviderSpec>) {
    run(Arena::kept, sources, &input.into(), choose, CheckLevel::Everything)
}

/// The specs of the entries without an error, and all findings: `providers` is empty.
pub fn lower(sources: &Sources, input: impl Into<Input>) -> (Checked, Vec<ProviderSpec>) {
    run(Arena::kept, sources, &input.into(), &|_| None, CheckLevel::Findings)
}

/// Lowers a file that was checked before, to run it: errors that prevent lowering are found, but no rule runs and the
/// schema is not consulted, which would take more time and memory than all the rest.
pub fn load(sources: &Sources, input: impl Into<Input>) -> (Diagnostics, Vec<ProviderSpec>) {
    let (checked, specs) = load_only(sources, input, &[]);
    (checked.diagnostics, specs)
}

/// The same with the keys that there are. With `only`, these entries and those they build on are lowered; the others
/// are parsed and resolved, and findings about them are dropped.
pub fn load_only(sources: &Sources, input: impl Into<Input>, only: &[String]) -> (Checked, Vec<ProviderSpec>) {
    let choose = |_: &[Resolved]| (!only.is_empty()).then(|| only.to_vec());
    run(Arena::kept, sources, &input.into(), &choose, CheckLevel::Loadable)
}

/// The stages. The specs are there where the arenas keep them.
fn run(
    arena: fn() -> Arena,
    sources: &Sources,
    input: &Input,
    choose: Choose<'_>,
    level: CheckLevel,
) -> (Checked, Vec<ProviderSpec>) {
    let Entries { resolved: entries, keys, found } = Files::read(sources, input).resolve();
    let chosen = choose(&entries).map(|chosen| with_ancestors(&chosen, &entries));
    let is_chosen = |key: &str| chosen.as_ref().is_none_or(|chosen| chosen.contains(key));
    let chosen: Vec<&Resolved> = entries.iter().filter(|entry| is_chosen(&entry.key.name)).collect();
    let broken = broken(&found, &entries);

    let corrected: Vec<Corrected<'_>> = parallel::map(&chosen, |entry| corrected(entry));
    let shared = Shared::default();
    let members: Vec<Member<'_>> = corrected.iter().map(|corrected| Member::new(corrected, &keys, &shared)).collect();
    let analysed = analysis::entries(&members, level, arena);

    let mut catalogue = Catalogue::new(&entries, found);
    let (mut providers, mut specs) = (Vec::with_capacity(chosen.len()), Vec::new());
    for ((entry, member), analysed) in chosen.iter().zip(members).zip(analysed) {
        catalogue.add(member, analysed.is_provider, analysed.shape, analysed.rules);
        providers.extend(analysed.provider);
        specs.extend(analysed.spec.filter(|_| !broken.contains(entry.key.name.as_str())).map(|spec| *spec));
    }
    let found = catalogue.conclude(level, sources);
    let diagnostics = found.into_iter().filter(|found| found.provider().is_none_or(is_chosen)).collect();
    (Checked { entries, providers, keys, diagnostics }, specs)
}

/// That a file has no provider of some key.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownProvider {
    /// The key that comes nearest.
    pub nearest: Option<String>,
}

impl Checked {
    /// Compares the entries with other catalogues: adds what is found, and returns what was compared.
    #[cfg(feature = "json")]
    pub fn compare(&mut self, others: &SecondSources) -> Vec<ComparedEntry> {
        let (compared, found) = others.compare(&self.entries);
        self.diagnostics.extend(found);
        self.diagnostics.finish();
        compared
    }

    /// Narrows to one provider and those it builds on. Findings about the file as a whole stay.
    pub fn only(mut self, provider: &str) -> Result<Checked, UnknownProvider> {
        if !self.keys.iter().any(|key| key == provider) {
            let nearest = nearest(provider, self.keys.iter().map(String::as_str)).map(str::to_owned);
            return Err(UnknownProvider { nearest });
        }
        let wanted = with_ancestors(&[provider.to_owned()], &self.entries);
        self.entries.retain(|entry| wanted.contains(&entry.key.name));
        self.providers.retain(|provider| wanted.contains(&provider.key.name));
        self.keys.retain(|key| wanted.contains(key));
        let ours = self.diagnostics.into_iter().filter(|found| found.provider().is_none_or(|key| wanted.contains(key)));
        self.diagnostics = ours.collect();
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    const ENTRY: &str = "display_name: A, docs: 'https://a.example', categories: [other], \
                         proxy: {base_url: 'https://api.a.example'}, auth_mode: NONE";

    fn run(text: &str) -> Checked {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text);
        check(&sources, file)
    }

    #[test]
    fn an_error_keeps_an_entry_and_its_heirs_from_being_lowered() {
        let wrong_shape = ENTRY.replace("NONE", "SOME");
        for (text, lowered, findings) in [
            (format!("a: {{{ENTRY}}}\nb: {{alias: a}}"), &["a", "b"][..], 0),
            (format!("a: {{{ENTRY}, docs: x}}\nb: {{alias: a}}\nc: {{alias: b}}\nd: {{{ENTRY}}}"), &["d"], 1),
            (format!("a: {{{wrong_shape}}}\nb: {{alias: a}}\nd: {{{ENTRY}}}"), &["d"], 1),
            (format!("a: {{{wrong_shape}}}\nb: {{alias: a, auth_mode: NONE}}"), &["b"], 1),
            (format!("a: {{{}}}\nd: {{{ENTRY}}}", ENTRY.replace("api.a", "${nope}")), &["d"], 1),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", text.as_str());
            let (checked, specs) = compile(&sources, file, &[]);
            let keys: Vec<_> = specs.iter().map(|spec| spec.key).collect();
            assert_eq!(keys, lowered, "{text}");
            assert_eq!(checked.diagnostics.len(), findings, "{text}: {:?}", checked.diagnostics);
            let (alone, specs_alone) = super::lower(&sources, file);
            assert_eq!((alone.diagnostics, specs_alone), (checked.diagnostics, specs), "{text}");
            assert!(alone.providers.is_empty());
        }
    }

    #[test]
    fn a_misspelt_key_is_one_mistake_however_much_depends_on_it() {
        let entry = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: API_KEY, \
                     credentials: {apiKey: {type: string, title: K, description: D.}}, \
                     connection_config: {team: {type: string, title: T, description: D.}}, \
                     proxy: {base_url: 'https://a.example/${connectionConfig.team}', \
                     headers: {authorization: 'Bearer ${apiKey}'}, verification: {endpoints: [/me]}}";
        assert_eq!(run(&format!("a: {{{entry}}}")).diagnostics.len(), 0);
        for (right, wrong, paths) in [
            ("docs:", "dosc:", &["a.dosc"][..]),
            ("proxy:", "proxi:", &["a.proxi"]),
            ("base_url:", "base_ulr:", &["a.proxy.base_ulr"]),
            ("headers:", "heders:", &["a.proxy.heders"]),
            ("credentials:", "credentails:", &["a.credentails"]),
            ("title: T", "titel: T", &["a.connection_config.team.titel"]),
            ("proxy: {base_url:", "proxi: {base_ulr:", &["a.proxi", "a.proxi.base_ulr"]),
            // What is wrong below it is reported too, at the place where it is written.
            ("proxy: {base_url: 'https:", "proxi: {base_url: 'http:", &["a.proxi", "a.proxi.base_url"]),
        ] {
            let text = format!("a: {{{}}}", entry.replace(right, wrong));
            let found: Vec<_> = run(&text).diagnostics.iter().map(|found| found.path.join(".")).collect();
            assert_eq!(found, paths, "{wrong}");
        }
    }

    #[test]
    fn a_key_that_was_meant_to_be_alias_is_one_mistake() {
        let rest = ENTRY.replace("display_name: A", "display_name: B");
        assert!(rest != ENTRY);
        for (key, fixed) in [
            ("alais", true),
            ("aliass", true),
            ("Alias", true),
            ("alies", true),
            ("extends", true),
            ("inherits", true),
            ("based_on", true),
        ] {
            let text = format!("a: {{{ENTRY}}}\nb: {{{key}: a}}\n");
            let found: Vec<_> = run(&text).diagnostics.into_iter().collect();
            let said: Vec<_> = found.iter().map(|found| (found.path.join("."), found.help.clone().unwrap())).collect();
            assert_eq!(said, [(format!("b.{key}"), "did you mean `alias`?".to_owned())], "{key}");
            assert_eq!(found[0].fix.is_some(), fixed, "{key}");
        }
        // What names no entry stays what it is.
        let found = run(&format!("a: {{{ENTRY}}}\nb: {{alais: zebra}}\n")).diagnostics;
        assert!(found.iter().any(|found| found.help.as_deref() == Some("did you mean `alias`?")), "{found:?}");
        let keys: Vec<_> = run(&format!("a: {{{ENTRY}}}\nb: {{extends: a}}\n")).entries;
        assert_eq!(keys.len(), 2);
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", format!("a: {{{ENTRY}}}\nb: {{alais: a}}\n"));
        let lowered: Vec<_> = compile(&sources, file, &[]).1.iter().map(|spec| spec.key).collect();
        assert_eq!(lowered, ["a"], "an entry with an error is not lowered, although it is clear what was meant");
    }

    #[test]
    fn words_of_other_people_are_understood() {
        let oauth = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: OAUTH2, \
                     authorization_url: 'https://a.example/a', token_url: 'https://a.example/t', \
                     token_params: {grant_type: authorization_code}, refresh_params: {grant_type: refresh_token}";
        let paged = |kind: &str| {
            format!(
                "{oauth}, proxy: {{base_url: 'https://api.a.example', paginate: {{type: {kind}, \
                 offset_name_in_request: page, cursor_name_in_request: c, cursor_path_in_response: n, \
                 link_rel_in_response_header: next}}}}"
            )
        };
        let plain = |more: &str| format!("{oauth}, {more}, proxy: {{base_url: 'https://api.a.example'}}");
        for (body, help) in [
            (paged("page"), "did you mean `offset`? with `offset_calculation_method: per-page`, which counts pages"),
            (
                paged("page_number"),
                "did you mean `offset`? with `offset_calculation_method: per-page`, which counts pages",
            ),
            (paged("limit-offset"), "did you mean `offset`?"),
            (
                paged("token"),
                "did you mean `cursor`? the request sends a value of the page before as `cursor_name_in_request`",
            ),
            (
                paged("next_page"),
                "did you mean `link`? `link_rel_in_response_header` or `link_path_in_response_body` says where the next URL stands",
            ),
            (plain("body_format: application/x-www-form-urlencoded"), "did you mean `form`?"),
            (plain("token_request_auth_method: client_secret_basic"), "did you mean `basic`?"),
            (plain("authorization_method: basic"), "did you mean `header`?"),
            (plain("authorization_method: json"), "write one of `header`, `body`; `json` is a value of `body_format`"),
        ] {
            let found = run(&format!("a: {{{body}}}")).diagnostics;
            let said: Vec<_> = found.iter().filter(|found| found.rule.name == "unknown-enum-value").collect();
            assert_eq!(said.iter().map(|found| found.help.as_deref().unwrap()).collect::<Vec<_>>(), [help], "{body}");
        }
    }

    #[test]
    fn words_of_other_people_for_auth_modes_are_understood() {
        for (mode, help) in [
            ("OAuth2", "did you mean `OAUTH2`?"),
            ("'OAuth 2.0'", "did you mean `OAUTH2`?"),
            ("apikey", "did you mean `API_KEY`?"),
            ("CLIENT_CREDENTIALS", "did you mean `OAUTH2_CC`?"),
            (
                "bearer",
                "did you mean `API_KEY`? the token is asked for as `apiKey` and sent with `authorization: Bearer ${apiKey}`",
            ),
            (
                "personal_access_token",
                "did you mean `API_KEY`? the token is asked for as `apiKey` and sent with `authorization: Bearer ${apiKey}`",
            ),
            ("openid-connect", "did you mean `OAUTH2`? OpenID Connect is OAuth 2.0 with the scope `openid`"),
            (
                "OAUTH2_PKCE",
                "did you mean `OAUTH2`? it is the authorization code flow, with PKCE unless `disable_pkce` says otherwise",
            ),
            ("password", "did you mean `BASIC`? it sends a user name and a password with every call"),
            ("public", "did you mean `NONE`? it is for an API that needs no credential"),
            ("sigv4", "did you mean `AWS_SIGV4`? it assumes a role and signs each call"),
        ] {
            let text = format!("a: {{{}}}", ENTRY.replace("auth_mode: NONE", &format!("auth_mode: {mode}")));
            let found = run(&text).diagnostics;
            let said = found.iter().find(|found| found.rule.name == "auth-mode-unknown").unwrap();
            assert_eq!(said.help.as_deref(), Some(help), "{mode}");
        }
    }

    #[test]
    fn loading_lowers_the_same_and_asks_no_rule() {
        let odd = format!("a: {{{ENTRY}, default_scopes: ['read,write']}}\nb: {{{ENTRY}, docs: x}}");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", odd.as_str());
        let (compiled, loaded) = (compile(&sources, file, &[]), load(&sources, file));
        assert_eq!(compiled.1, loaded.1);
        let names = |found: &Diagnostics| found.iter().map(|found| found.rule.name).collect::<Vec<_>>();
        let of_rules = |name: &&str| rules::LINTS.iter().any(|lint| lint.rule.name == *name);
        let (asked, unasked) = (names(&compiled.0.diagnostics), names(&loaded.0));
        assert!(asked.iter().any(of_rules), "{asked:?}");
        assert!(!unasked.iter().any(of_rules), "{unasked:?}");
        assert!(loaded.0.has_errors(), "what keeps an entry from being lowered is found");
    }

    #[test]
    fn one_provider_comes_with_what_it_builds_on() {
        let text =
            format!("c: {{alias: b}}\nb: {{alias: a}}\na: {{{ENTRY}, docs: x}}\nd: {{{ENTRY}, docs: x}}\ne: [\n");
        let all = run(&text);
        assert_eq!(all.keys, ["c", "b", "a", "d", "e"]);
        assert_eq!(all.diagnostics.len(), 4, "{:?}", all.diagnostics);
        let narrowed = all.only("c").unwrap();
        assert_eq!(narrowed.keys, ["c", "b", "a"]);
        assert_eq!(narrowed.entries.len(), 3);
        let found: Vec<_> = narrowed.diagnostics.iter().map(|found| found.path.join(".")).collect();
        assert_eq!(found, ["b", "a.docs"], "`b` stands out of order");
        assert_eq!(narrowed.providers.len(), 3);
    }

    #[test]
    fn a_rule_of_the_last_stage_can_be_allowed_like_any_other() {
        let quirk =
            format!("a: {{{ENTRY}, keyway: {{allow: {{unread-quirk: meant}}, token: {{code: {{query: {{a: b}}}}}}}}}}");
        let in_vain = format!("a: {{{ENTRY}, keyway: {{allow: {{unread-quirk: meant}}}}}}");
        let found = |text: &str| run(text).diagnostics.iter().map(|found| found.message.clone()).collect::<Vec<_>>();
        assert_eq!(found(&quirk), [""; 0]);
        assert_eq!(found(&in_vain), ["`unread-quirk` finds nothing in `a`"]);
    }

    #[test]
    fn an_unknown_provider_gets_the_nearest_key() {
        let error = run("github: {}\nzendesk: {}").only("gihtub").unwrap_err();
        assert_eq!(error, UnknownProvider { nearest: Some("github".to_owned()) });
    }
}
