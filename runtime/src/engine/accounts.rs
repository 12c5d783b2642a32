//! Accounts: of records that are there, of the store, and of memory.
//!
//! Only [`Engine::kept_account`] answers from memory. A renewal, and whatever is shown or written back, reads the
//! store.

use super::Engine;
use crate::account::Account;
use crate::connection::{Connection, ConnectionKey};
use crate::error::Result;
use crate::integration::IntegrationRecord;
use crate::trace;
use keyway_spec::ProviderSpec;
use std::sync::Arc;

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

    /// A stored account, of which the integration is missed first.
    async fn loaded_for_call(&self, key: &ConnectionKey) -> Result<Arc<Account>> {
        let integration = self.integration(&key.integration).await?;
        trace::provider(integration.1.key);
        let connection = self.connection(key).await?;
        Ok(self.account(integration, connection).shared())
    }
}
