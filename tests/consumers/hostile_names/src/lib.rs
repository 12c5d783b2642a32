//! Includes providers whose keys are keywords, prelude names, primitive types, crates, digits, and collide.
#![deny(warnings, missing_docs)]

keyway::include_providers!();
keyway::include_providers!(mod modes, "modes");

/// The prelude, primitive types and crates mean what they always do beside these modules.
pub fn untouched(text: &str, number: u8) -> std::result::Result<Option<String>, core::fmt::Error> {
    Ok(Some(format!("{text}{number}")))
}

#[cfg(test)]
mod tests {
    use crate::{_8x8, PROVIDERS, box_, self_, str_};
    use crate::modes;
    use keyway::Provider;
    use keyway::provider::Mode;

    /// The mode as a type and as data.
    fn mode<P: Provider>() -> (&'static str, &'static str) {
        (P::Auth::NAME, P::SPEC.auth.mode())
    }

    #[test]
    fn the_type_of_a_mode_is_that_of_its_entry() {
        let modes = [
            mode::<modes::code::Code>(),
            mode::<modes::outbound::OutboundApi>(),
            mode::<modes::client::Client>(),
            mode::<modes::key::Key>(),
            mode::<modes::user::User>(),
            mode::<modes::login::Login>(),
            mode::<modes::signed::Signed>(),
            mode::<modes::wsse::Wsse>(),
            mode::<modes::one::One>(),
            mode::<modes::tba::Tba>(),
            mode::<modes::mcp::Mcp>(),
            mode::<modes::discovery::Discovery>(),
            mode::<modes::app::AppApi>(),
            mode::<modes::app_and_user::AppAndUser>(),
            mode::<modes::plugin::Plugin>(),
            mode::<modes::session::Session>(),
            mode::<modes::cloud::Cloud>(),
            mode::<modes::open::Open>(),
        ];
        for (named, said) in modes {
            assert_eq!(named, said);
        }
    }

    #[test]
    fn every_key_is_a_module() {
        let names = include_str!("../names.txt").split_whitespace().count();
        assert_eq!(PROVIDERS.len(), names + 2);
        let keys = [box_::BoxApi::SPEC.key, self_::SelfApi::SPEC.key, str_::Str::SPEC.key, _8x8::_8x8::SPEC.key];
        assert_eq!(keys, ["box", "self", "str", "8x8"]);
    }

    #[test]
    fn colliding_fields_are_told_apart_in_the_order_of_the_file() {
        assert_eq!((box_::ACCOUNT_ID.name(), box_::ConfigChoice::Live2.as_str()), ("account_id", "live"));
    }
}
