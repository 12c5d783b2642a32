//! The rules about differences from other catalogues, and their pages.

use crate::diagnostic::{Page, Rule};

/// Checks for a fact that another catalogue states differently.
pub static WITNESS_DIFFERS: Rule = Rule::warning("KW0501", "witness-differs");

/// Checks for an explanation of a difference that does not exist.
pub static STALE_EXPLANATION: Rule = Rule::warning("KW0502", "stale-explanation");

/// A catalogue of one entry; what follows is the rest of it, and then a line of another catalogue.
macro_rules! against {
    ($token_url:literal, $rest:literal, $theirs:literal) => {
        concat!(
            "acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: ",
            $token_url,
            "
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
",
            $rest,
            "# against/other.jsonl\n",
            "# {\"corpus_keys\": [\"acme\"], \"auth\": \"OAUTH2\", \"token_url\": \"",
            $theirs,
            "\"}\n"
        )
    };
}

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 2] = [
    (
        &WITNESS_DIFFERS,
        Page {
            checks: "Checks for a fact of an entry that another catalogue states differently. Only `keyway check --against DIR` looks.",
            why: "Two catalogues that disagree about a URL, a header or a parameter cannot both be right, unless the vendor has several ways. \
                  The vendor's page decides: the entry is corrected, or says under `keyway.sources` where the fact stands and whom it `differs_from`.\n\n\
                  It is a note where newer catalogues agree with the entry and only old ones do not, and where another service may be meant.",
            fails: against!("https://acme.example/token", "", "https://acme.example/v2/token"),
            mended: against!(
                "https://acme.example/token",
                "    keyway:
        sources:
            token_url:
                page: https://docs.acme.example/oauth
                read: '2026-11-20'
                note: The other path is that of the first version, which the vendor closed.
                differs_from: [other]
",
                "https://acme.example/v2/token"
            ),
        },
    ),
    (
        &STALE_EXPLANATION,
        Page {
            checks: "Checks for `differs_from` in `keyway.sources` that names a catalogue which says the same. Only `keyway check --against DIR` looks.",
            why: "The other catalogue was corrected, or the entry was. An explanation that explains nothing hides the next difference.",
            fails: against!(
                "https://acme.example/v2/token",
                "    keyway:
        sources:
            token_url: {page: 'https://docs.acme.example/oauth', read: '2026-11-20', differs_from: [other]}
",
                "https://acme.example/v2/token"
            ),
            mended: against!(
                "https://acme.example/v2/token",
                "    keyway:
        sources:
            token_url: {page: 'https://docs.acme.example/oauth', read: '2026-11-20'}
",
                "https://acme.example/v2/token"
            ),
        },
    ),
];
