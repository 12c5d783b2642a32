//! Accounts: of records that are there, of the store, and of memory.
//!
//! Only [`Engine::kept_account`] answers from memory. A renewal, and whatever is shown or written back, reads the
//! store.

use super::Engine;
use crate::account::Account;
use crate::connection::{Connection, ConnectionKey};
use crate::error::Result;
use crate::integration::IntegrationRecord;
use crate::recent::{CallEnd, RecentCall};
use crate::trace;
use keyway_spec::ProviderSpec;
use std::sync::Arc;
use std::time::Duration;

impl Engine {
    /// An account of what was loaded or just made.
    pub(crate) fn account(
        &self,
        integration: (IntegrationRecord, &'static ProviderSpec),
        connection: Connection,
    ) -> Account {
        Account::new(self.document_url(&integration.0.key), integration, connection)
    }

    /// The account of a connection, with its integration as it is stored now.
    pub(crate) async fn account_of(&self, connection: Connection) -> Result<Account> {
        let integration = self.integration(&connection.key.integration).await?;
        Ok(self.account(integration, connection))
    }

    /// A stored account.
    pub(crate) async fn load_account(&self, key: &ConnectionKey) -> Result<Account> {
        self.account_of(self.connection(key).await?).await
    }

    /// The account of a call: from memory, where it is kept there and nothing that was written since is unseen (see
    /// [`super::cache`]), else from the store.
    pub(crate) async fn kept_account(&self, key: &ConnectionKey) -> Result<Arc<Account>> {
        let Some(cache) = &self.cache else {
            return Box::pin(self.loaded_for_call(key)).await;
        };
        let is_fresh = cache.is_fresh(&self.store).await;
        if is_fresh && let Some(account) = cache.get(key) {
            trace::provider(account.spec.key);
            return Ok(account);
        }
        let reading = cache.reading();
        // Boxed: most calls return above, and the future of a call is as large as its largest part.
        let account = Box::pin(self.loaded_for_call(key)).await?;
        if is_fresh {
            cache.keep(key, &account, reading);
        }
        Ok(account)
    }

    /// An account as calls share it, with the log of the connection's calls.
    pub(crate) fn for_calls(&self, mut account: Account) -> Arc<Account> {
        account.calls = self.cache.as_ref().map(|cache| cache.log_of(&account.connection));
        account.shared()
    }

    /// Notes a call that ended now: in its account's log where it got as far as an account, else in the connection's
    /// where there is one.
    pub(crate) fn note_call(&self, key: &ConnectionKey, account: Option<&Account>, ended: CallEnd, took: Duration) {
        let Some(cache) = &self.cache else { return };
        let found = if account.is_none() { cache.log(key) } else { None };
        if let Some(log) = account.and_then(|account| account.calls.as_deref()).or(found.as_deref()) {
            log.push(self.clock.now(), ended, took);
        }
    }

    /// The last calls of a connection that this process saw end, the newest first.
    pub(crate) fn recent_calls(&self, connection: &Connection) -> Vec<RecentCall> {
        let log = self.cache.as_ref().and_then(|cache| cache.log(&connection.key));
        let log = log.filter(|log| log.is_of(connection.created_at));
        log.map(|log| log.newest_first()).unwrap_or_default()
    }

    /// A stored account, of which the integration is missed first.
    async fn loaded_for_call(&self, key: &ConnectionKey) -> Result<Arc<Account>> {
        let integration = self.integration(&key.integration).await?;
        trace::provider(integration.1.key);
        let connection = self.connection(key).await?;
        Ok(self.for_calls(self.account(integration, connection)))
    }
}
