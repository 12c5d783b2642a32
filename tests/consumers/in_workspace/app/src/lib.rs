//! Uses what another member compiled.
#![deny(warnings, missing_docs)]

#[cfg(test)]
mod tests {
    use consumer_apis::acme::{Acme, Config, Region};
    use kw::Provider;
    use kw::provider::Fields;

    #[test]
    fn the_category_is_there_with_what_is_laid_over_it() {
        let keys: Vec<&str> = consumer_apis::PROVIDERS.iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["acme"]);
        assert_eq!(Acme::SPEC.display_name, "Acme (staging)");
    }

    #[test]
    fn a_required_choice_is_an_enum() {
        let config = Config { region: Region::UsEast1 };
        assert_eq!(Vec::from_iter(config.pairs()), [("region", "us-east-1".to_owned())]);
    }
}
