//! The small modes: `APP`, `INSTALL_PLUGIN`, `BILL`.
//!
//! Modes that read no key of their own are listed in `auth`.

use super::union::TokenUrl;
use crate::model::kit::text::{Spanned, Str};

keys! {
    /// An app installation with RS256 app tokens.
    pub struct App {
        /// The installation page, a template over `connectionConfig.appPublicLink`.
        authorization_url: Str,
        /// The installation-token endpoint, a template over `connectionConfig.installation_id`.
        token_url: TokenUrl,
        ---
        ---
    }
}

keys! {
    /// A plugin installed on the vendor's side; the operator's credentials are used.
    pub struct InstallPlugin {
        /// The page where the plugin is installed.
        authorization_url: Option<Str>,
        /// The mode under which the operator's credentials are stored. Default: `BASIC`.
        auth_type: Option<Spanned<AuthType>>,
        /// Callback parameters that become connection configuration.
        redirect_uri_metadata: Option<Vec<Str>>,
        ---
        ---
    }
}

string_enum! {
    /// The mode under which an operator's credentials are stored.
    pub enum AuthType {
        /// A user name and a password.
        Basic = "BASIC",
    }
}

keys! {
    /// A session of a user name, password, organization and developer key.
    pub struct Bill {
        /// The login endpoint, literal.
        token_url: Str,
        ---
        ---
    }
}
