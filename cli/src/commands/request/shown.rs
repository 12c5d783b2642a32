//! A request as it is shown: built as the runtime builds it, with names in the place of secrets.
//!
//! Where everything was given, the request is also built of that, so that what the runtime would refuse is said.

use super::config::GivenConfig;
use super::given::{Given, Pairs, option_of};
use super::stand_in::StandIns;
use super::{Args, hint, made, signature};
use crate::commands::allowed;
use crate::exit::Failure;
use keyway::clock::{Moment, System};
use keyway::inputs::Inputs;
use keyway::mask::{self, Masked, Masker};
use keyway::request::{self, Call, Plan};
use keyway::secret::Secret;
use keyway::{Error, ErrorKind};
use keyway_spec::mode::Place;
use keyway_spec::{Mode, ProviderSpec};

/// The printed request.
pub(super) struct Shown {
    pub(super) request: Masked,
    /// Credentials that were not given and are shown by name.
    pub(super) missing: Vec<String>,
    /// The same of the secret fields of the configuration.
    pub(super) missing_config: Vec<String>,
    /// Why the runtime would not send it.
    pub(super) refused: Option<String>,
}

/// The request of a call.
pub(super) fn request(spec: &ProviderSpec, args: &Args, config: &GivenConfig, call: &Call) -> Result<Shown, Failure> {
    let moment = || Moment::take(&System).map_err(|error| Failure::usage(error.to_string()));
    let mut stand_ins = StandIns::new(&moment()?);
    let pairs = Pairs(&args.credential);
    let secrets = if args.reveal { Vec::new() } else { [pairs.secrets(), config.secrets()].concat() };
    let build = Build { args, call, moment: moment()?, masker: Masker::new(&secrets) };
    let open = Given::of(spec, pairs, config, true, &mut stand_ins);
    let real = if open.is_real { Some(build.plan(&open, &mut stand_ins)?) } else { None };
    if let Some(Built { plan, refused }) = real
        && (args.reveal || pairs.0.is_empty() && config.secrets().is_empty())
    {
        return Ok(Shown {
            request: mask::reveal(&plan),
            missing: Vec::new(),
            missing_config: Vec::new(),
            refused: refused.as_ref().map(allowed::explain),
        });
    }
    let given = if args.reveal { open } else { Given::of(spec, pairs, config, false, &mut stand_ins) };
    let Built { plan, refused } = build.plan(&given, &mut stand_ins)?;
    let request = named(spec.auth.kind(), plan, args, &build.masker, &mut stand_ins);
    let refused = refused.map(|error| stand_ins.named(&allowed::explain(&error)));
    // A digest or a signature shows nothing of what it is made from.
    let signs = spec.auth.facts().place == Place::Signature || spec.auth.kind() == Mode::Signature;
    let mut missing: Vec<String> = Vec::new();
    for name in given.missing.iter().filter(|name| signs || stand_ins.was_seen(&format!("<{name}>"))) {
        let name = option_of(spec, name);
        if missing.iter().all(|other| other != name) {
            missing.push(name.to_owned());
        }
    }
    let missing_config = config.missing().filter(|name| signs || stand_ins.was_seen(&format!("<{name}>")));
    let missing_config = missing_config.map(str::to_owned).collect();
    Ok(Shown { request, missing, missing_config, refused })
}

/// The inputs of requests, apart from the credentials.
struct Build<'a> {
    args: &'a Args,
    call: &'a Call,
    moment: Moment,
    /// Of everything that was given and must not be shown.
    masker: Masker,
}

/// A request, and whether its host may be asked.
struct Built {
    plan: Plan,
    refused: Option<Error>,
}

impl Build<'_> {
    fn plan(&self, given: &Given, stand_ins: &mut StandIns) -> Result<Built, Failure> {
        let failure = |error: Error| match error.kind() {
            ErrorKind::MissingValue if error.message().contains("`connectionConfig.") => {
                Failure::usage(self.masker.text(&hint(&error, "--config")))
            }
            ErrorKind::InvalidRequest if given.spec.proxy.is_none() && self.args.base_url.is_none() => {
                Failure::usage(self.masker.text(&format!("{error}; here, `--base-url URL`")))
            }
            _ => Failure::usage(self.masker.text(&error.to_string())),
        };
        let integration = given.integration.clone().allowed_hosts(self.args.allowed.hosts.clone());
        let inputs = Inputs {
            spec: &given.spec,
            integration: &integration,
            config: &given.config,
            connection_id: "example",
            metadata: &serde_json::Map::new(),
            credentials: &given.credentials,
            moment: &self.moment,
        };
        let token = made::token(given, &inputs, stand_ins).map_err(failure)?;
        let credentials = given.credentials.clone().token(token);
        let inputs = Inputs { credentials: &credentials, ..inputs };
        let plan = request::plan(&inputs, self.call).map_err(failure)?.named(&self.args.user_agent);
        let host = plan.url.0.host_str().unwrap_or_default();
        // A stand-in is not a real host.
        let refused = if stand_ins.is_in(host) {
            None
        } else {
            request::egress(&inputs, self.args.allowed.policy(), self.call).check_url(&plan.url.0).err()
        };
        Ok(Built { plan, refused })
    }
}

/// The request with names in the place of stand-ins, and what the caller repeated of a credential masked.
fn named(mode: Mode, mut plan: Plan, args: &Args, masker: &Masker, stand_ins: &mut StandIns) -> Masked {
    for header in &mut plan.headers {
        let is = |name: &str, value: &str| name.eq_ignore_ascii_case(&header.name) && value == header.value.expose();
        let callers = args.header.iter().any(|pair| is(&pair.name, &pair.value));
        let proves = matches!(&*header.name, "authorization" | "proxy-authorization" | "cookie");
        if proves && callers {
            if !args.reveal {
                header.value = Secret::new(mask::behind_scheme(header.value.expose()));
            }
        } else if header.name == "authorization" {
            header.value = Secret::new(signature::without(mode, header.value.expose(), stand_ins));
        }
    }
    let open = mask::reveal(&plan);
    let is_json = |text: &str| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    let mut body = |text: String| {
        let text = masker.text(&text);
        if is_json(&text) { stand_ins.named_in_json(&text) } else { stand_ins.named(&text) }
    };
    let body = open.body.map(&mut body);
    let mut text = |text: &str| stand_ins.named(&masker.text(text));
    Masked {
        method: open.method,
        url: text(&open.url),
        headers: open.headers.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        body,
    }
}
