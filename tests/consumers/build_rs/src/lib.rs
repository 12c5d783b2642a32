//! Includes what the build script compiled: once here, once in a module.
#![deny(warnings, missing_docs)]

keyway::include_providers!();
keyway::include_providers!(mod internal, "internal");

#[cfg(test)]
mod tests {
    use crate::acme::{self, Acme};
    use crate::internal::ledger::{Credentials, Ledger};
    use keyway::{Provider, Secret};
    use keyway::provider::Fields;

    #[test]
    fn selected_providers_are_modules() {
        let keys: Vec<&str> = crate::PROVIDERS.iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["acme", "acme-eu"]);
        assert_eq!(<Acme as Provider>::SPEC.display_name, "Acme");
        assert_eq!(acme::SPEC.hosts.api.patterns()[0], "*.acme.example.com");
    }

    #[test]
    fn required_fields_are_typed_and_optional_ones_are_keys() {
        let config = acme::Config { subdomain: "x".into() };
        assert_eq!(Vec::from_iter(config.pairs()), [("subdomain", "x".to_owned())]);
        assert_eq!(acme::API_VERSION.name(), "apiVersion");
    }

    #[test]
    fn chosen_operations_are_types_and_the_others_are_not_there() {
        use acme::endpoints::{ItemsCreate, ItemsList};
        use keyway::provider::{Endpoint, EndpointValue, Paged};

        fn in_pages<E: Paged>(endpoint: &E) -> Vec<EndpointValue<'_>> {
            endpoint.values()
        }
        let list = ItemsList { state: Some("open"), ..ItemsList::new() };
        assert_eq!(in_pages(&list), [EndpointValue::Text("open"), EndpointValue::Absent]);
        assert_eq!(
            ItemsCreate::new("inbox", "Milk").values(),
            [EndpointValue::Text("inbox"), EndpointValue::Text("Milk"), EndpointValue::Absent]
        );
        let names: Vec<&str> = acme::SPEC.operations.iter().map(|operation| operation.name).collect();
        assert_eq!(names, ["items.create", "items.list"]);
        assert_eq!(<ItemsList<'_> as Endpoint>::OPERATION, &acme::SPEC.operations[1]);
        assert!(crate::internal::ledger::SPEC.operations.is_empty());
    }

    #[test]
    fn a_second_catalogue_lives_in_its_own_module() {
        assert_eq!(<Ledger as Provider>::SPEC.auth.mode(), "BASIC");
        let credentials = Credentials { username: Secret::new("u"), password: Secret::new("p") };
        let names: Vec<&str> = credentials.pairs().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["username", "password"]);
    }
}
