//! Compiles a file of providers where it is named, with the runtime under another name.
#![deny(warnings, missing_docs)]

kw::providers!("acme.yaml");

/// Some of them.
pub mod some {
    kw::providers!("acme.yaml", only = ["other"]);
}

#[cfg(test)]
mod tests {
    use crate::acme::Acme;
    use kw::Provider;

    #[test]
    fn every_provider_of_the_file_is_a_module() {
        let keys: Vec<&str> = crate::PROVIDERS.iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["acme", "other"]);
        assert_eq!(<Acme as Provider>::SPEC.hosts.api.patterns()[0], "api.acme.example.com");
    }

    #[test]
    fn only_the_chosen_ones_are_there() {
        let keys: Vec<&str> = crate::some::PROVIDERS.iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["other"]);
    }
}
