//! An account: a connection with its integration and its provider, which every request is made for.
//!
//! The integration of an account knows where its metadata document is served, because [`Account::new`] is the only way
//! to one. A record that is shown or written back is loaded from the store instead, which leaves it as it is stored.

use crate::auth::exchange::Granted;
use crate::auth::registration::SERVED_METADATA_URL;
use crate::clock::{Clock, Moment, Timestamp};
use crate::connection::update::{apply_grant, store_metadata};
use crate::connection::{ConfigMap, Connection};
use crate::egress::{Egress, EgressPolicy, SecretOwner};
use crate::error::Result;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::recent::CallLog;
use crate::request::{self, BaseUrl, Call, Plan, Prepared};
use crate::secret::Secret;
use keyway_spec::ProviderSpec;
use std::sync::{Arc, OnceLock};

/// A connection, which need not be stored yet, with its integration and its provider.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) spec: &'static ProviderSpec,
    integration: IntegrationRecord,
    pub(crate) connection: Connection,
    /// Where its calls are noted; `None` where none are.
    pub(crate) calls: Option<Arc<CallLog>>,
    /// `None` while the connection may be changed.
    decided: Option<Decided>,
}

/// What is decided once for an account that does not change any more.
#[derive(Debug)]
struct Decided {
    depends_on_moment: bool,
    /// Where calls go that name no base URL of their own.
    egress: OnceLock<Arc<Egress>>,
    /// Their base URL; `None` where each call has to find it.
    base: OnceLock<Option<BaseUrl>>,
    /// What their requests have in common; `None` where each has to be planned, or may not be sent.
    prepared: OnceLock<Option<Prepared>>,
}

/// A copy may be changed, so nothing is decided of it.
impl Clone for Account {
    fn clone(&self) -> Account {
        let Account { spec, integration, connection, .. } = self;
        Account { spec, integration: integration.clone(), connection: connection.clone(), calls: None, decided: None }
    }
}

/// The purpose of a request, which decides where it may go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Use<'a> {
    /// A call, whose request is built at this moment.
    Call(&'a Call, &'a Moment),
    /// A request of an exchange, by what it carries.
    Exchange(SecretOwner),
    /// A page that a person's browser is sent to.
    Page,
}

impl Account {
    /// An account of what was loaded or just made. `document` is where the integration's metadata document is served.
    pub(crate) fn new(
        document: Option<String>,
        (mut integration, spec): (IntegrationRecord, &'static ProviderSpec),
        connection: Connection,
    ) -> Account {
        if let Some(url) = document {
            integration.custom.insert(SERVED_METADATA_URL.to_owned(), url.into());
        }
        Account { spec, integration, connection, calls: None, decided: None }
    }

    /// The account as calls share it: it does not change any more, so what no call decides is decided once.
    pub(crate) fn shared(mut self) -> Arc<Account> {
        let depends_on_moment = request::depends_on_moment(self.spec);
        let (egress, base, prepared) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        self.decided = Some(Decided { depends_on_moment, egress, base, prepared });
        Arc::new(self)
    }

    /// The moment of a call: without a UUID where the request holds none.
    pub(crate) fn moment(&self, clock: &dyn Clock) -> Result<Moment> {
        match &self.decided {
            Some(decided) if !decided.depends_on_moment => Ok(Moment::without_uuid(clock)),
            _ => Moment::take(clock),
        }
    }

    /// Where a call may go. The same every time but where the call names a base URL, or its moment decides.
    pub(crate) fn call_egress(&self, policy: &EgressPolicy, call: &Call, moment: &Moment) -> Arc<Egress> {
        let decide = || Arc::new(self.egress(policy, Use::Call(call, moment)));
        match &self.decided {
            Some(decided) if !decided.depends_on_moment && call.base_url_override.is_none() => {
                Arc::clone(decided.egress.get_or_init(decide))
            }
            _ => decide(),
        }
    }

    /// What the requests of plain calls are made of, and where they may go: their host was held against that. `None`
    /// where each call has to be planned.
    pub(crate) fn prepared(
        &self,
        policy: &EgressPolicy,
        program: &str,
        clock: &dyn Clock,
    ) -> Option<(&Prepared, &Arc<Egress>)> {
        let decided = self.decided.as_ref().filter(|decided| !decided.depends_on_moment)?;
        let prepared = decided.prepared.get_or_init(|| {
            let moment = Moment::without_uuid(clock);
            let inputs = self.inputs(&moment);
            let base = decided.base.get_or_init(|| request::base_url(&inputs)).as_ref()?;
            self.call_egress(policy, &Call::default(), &moment).check_url(base.url()).ok()?;
            Prepared::of(&inputs, base, program)
        });
        prepared.as_ref().zip(decided.egress.get())
    }

    /// The request of a call.
    pub(crate) fn plan(&self, call: &Call, moment: &Moment) -> Result<Plan> {
        let inputs = self.inputs(moment);
        let decided = self.decided.as_ref().filter(|decided| !decided.depends_on_moment);
        let base = decided.and_then(|decided| decided.base.get_or_init(|| request::base_url(&inputs)).as_ref());
        request::plan_below(&inputs, call, base)
    }

    pub(crate) fn integration(&self) -> &IntegrationRecord {
        &self.integration
    }

    /// The inputs of a request of this account.
    pub(crate) fn inputs<'a>(&'a self, moment: &'a Moment) -> Inputs<'a> {
        Inputs {
            spec: self.spec,
            integration: &self.integration,
            config: &self.connection.config,
            connection_id: &self.connection.key.id,
            metadata: &self.connection.metadata,
            credentials: &self.connection.credentials,
            moment,
        }
    }

    /// Every text of the connection and its integration that must not be shown or sent to another party.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let Account { spec, integration, connection, .. } = self;
        let fields = spec.connection_config.iter().filter(|field| field.secret);
        let config =
            fields.filter_map(|field| connection.config.get(field.name)).map(|text| Secret::from(text.as_str()));
        // The address of the metadata document is public.
        let custom = integration.custom.iter().filter(|(name, _)| *name != SERVED_METADATA_URL).map(|(_, value)| value);
        let credentials = connection.credentials.secrets().chain(&integration.client_secret);
        credentials.chain(custom).cloned().chain(config).collect()
    }

    /// Where a request may go.
    pub(crate) fn egress(&self, policy: &EgressPolicy, what: Use<'_>) -> Egress {
        let (spec, integration, policy) = (self.spec, &self.integration, policy.clone());
        match what {
            Use::Call(call, moment) => request::egress(&self.inputs(moment), policy, call),
            Use::Exchange(SecretOwner::Operator) => Egress::for_operator_secret(spec, integration, policy),
            Use::Exchange(SecretOwner::Customer) => Egress::for_customer_token(spec, integration, policy),
            Use::Exchange(SecretOwner::None) => Egress::for_discovery(spec, integration, policy),
            Use::Page => Egress::for_page(spec, integration, policy),
        }
    }

    /// Puts what an exchange granted into the connection.
    pub(crate) fn apply_grant(&mut self, granted: Granted, now: Timestamp) {
        apply_grant(self.spec, &mut self.connection, granted, now);
    }

    /// Takes what was learnt about the account into its configuration, where it fits the entry's own fields.
    pub(crate) fn store_metadata(&mut self, metadata: ConfigMap) {
        store_metadata(self.spec, &mut self.connection, metadata);
    }
}
