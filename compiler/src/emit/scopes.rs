//! The scopes that a catalogue lists, as constants.

use super::docs;
use super::tokens::ident;
use keyway_spec::ProviderSpec;
use proc_macro2::TokenStream;
use quote::quote;

/// `pub mod scopes`; nothing where there are none.
pub(super) fn constants(spec: &ProviderSpec, scopes: &[(String, &'static str)]) -> TokenStream {
    if scopes.is_empty() {
        return TokenStream::new();
    }
    let constants = scopes.iter().map(|(name, scope)| {
        let known = spec.known_scopes.iter().find(|known| known.name == *scope);
        let (name, doc) = (ident(name), format!(" {}", docs::scope(scope, known.and_then(|known| known.allows))));
        quote!(#[doc = #doc] pub const #name: &str = #scope;)
    });
    quote! {
        /// Scopes that an integration may ask for.
        pub mod scopes {
            #(#constants)*
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::provider::KnownScope;

    const KNOWN: [KnownScope; 4] = [
        KnownScope { name: "repo", allows: Some("Read and write *all* repositories.") },
        KnownScope { name: "gist", allows: None },
        KnownScope { name: "b`]", allows: Some("\n# Read\nit") },
        KnownScope { name: "c", allows: Some(" ") },
    ];

    #[test]
    fn a_constant_says_what_its_scope_allows_on_one_line_that_is_no_markdown() {
        let spec = ProviderSpec { known_scopes: &KNOWN, ..ProviderSpec::EMPTY };
        let named = [("REPO", "repo"), ("GIST", "gist"), ("B", "b`]"), ("C", "c"), ("DEFAULT_ALL", "all")];
        let named = named.map(|(name, scope)| (name.to_owned(), scope));
        let text = crate::emit::print(&constants(&spec, &named));
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| line.starts_with("/// `")).collect();
        let expected = [
            "/// `repo`: Read and write \\*all\\* repositories.",
            "/// `gist`",
            "/// `b]`: \\# Read it.",
            "/// `c`",
            "/// `all`",
        ];
        assert_eq!(lines, expected);
        assert_eq!(constants(&spec, &[]).to_string(), "");
    }
}
