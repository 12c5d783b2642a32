//! Uses the catalogue of this project as a crate.
#![deny(warnings, missing_docs)]

use keyway_provider::{Fields, Mode, Provider};
use keyway_providers::{github, paypal_oauth2_cc, zendesk};

/// What a connection to `P` is made from, as text.
pub fn given<P: Provider>(config: P::Config) -> Vec<String> {
    config.pairs().into_iter().map(|(name, value)| format!("{}.{name}={value}", P::SPEC.key)).collect()
}

/// The name of the auth mode of `P`.
pub fn mode<P: Provider>() -> &'static str {
    P::Auth::NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_generic_over_providers() {
        assert_eq!(given::<zendesk::Zendesk>(zendesk::Config { subdomain: "acme".into() }), ["zendesk.subdomain=acme"]);
        assert_eq!(given::<github::Github>(github::Config {}), [""; 0]);
    }

    #[test]
    fn the_mode_as_a_type_is_the_mode_of_the_spec() {
        assert_eq!(mode::<github::Github>(), github::SPEC.auth.mode());
        assert_eq!(mode::<paypal_oauth2_cc::PaypalOauth2Cc>(), paypal_oauth2_cc::SPEC.auth.mode());
    }

    #[test]
    fn scopes_and_choices_have_names() {
        assert_eq!(github::scopes::READ_ORG, "read:org");
        assert_eq!(paypal_oauth2_cc::Host::ApiMSandboxPaypalCom.to_string(), "api-m.sandbox.paypal.com");
    }
}
