//! Writes providers where they are used.
#![deny(warnings, missing_docs)]

keyway::providers! {
    acme: {
        display_name: "Acme",
        docs: "https://wiki.acme.example/api",
        categories: [crm, dev-tools],
        auth_mode: API_KEY,
        credentials: { apiKey: { type: string, title: "API key", description: "Made in the settings." } },
        proxy: {
            base_url: "https://api.acme.example.com",
            headers: { "x-api-key": "${apiKey}" },
            retry: { after: "retry-after" },
            verification: { endpoints: ["/me"] },
        },
    },
    8x8-acme: { alias: acme, display_name: "Acme \"8x8\"", docs: r"https://wiki.acme.example/8x8" },
}

/// Another catalogue of the same package.
pub mod internal {
    keyway::providers! {
        box: {
            display_name: "Boxes", docs: "https://wiki.acme.example/boxes", categories: [other], auth_mode: NONE,
            proxy: { base_url: "https://boxes.acme.example.com" },
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::acme::{Acme, Credentials};
    use keyway::Provider;
    use keyway::provider::Fields;

    #[test]
    fn every_provider_is_a_module() {
        let keys: Vec<&str> = crate::PROVIDERS.iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["8x8-acme", "acme"]);
        assert_eq!(Acme::SPEC.categories, ["crm", "dev-tools"]);
        assert_eq!(crate::_8x8_acme::SPEC.display_name, "Acme \"8x8\"");
        assert_eq!(crate::internal::box_::SPEC.key, "box");
    }

    #[test]
    fn credentials_are_a_struct() {
        let credentials = Credentials { api_key: "k".into() };
        let names: Vec<&str> = credentials.pairs().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["apiKey"]);
    }
}
