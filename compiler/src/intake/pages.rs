//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::{NOT_INDENTED, OPEN_QUESTION, TYPOGRAPHIC_CHARACTER, WRONG_FILE};
use crate::diagnostic::{Page, Rule, acme};

const MENDED: &str = acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n");

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 4] = [
    (
        &WRONG_FILE,
        Page {
            checks: "Checks for a file of another kind: an OpenAPI document, a Compose file, a Kubernetes manifest, one entry without its key, \
                     entries under a key such as `providers`, a list of entries.",
            why: "Every key at the left margin is the key of an API. Read that way, another file is wrong in every line, and none of a hundred \
                  findings says what happened. So there is one, which names the kind of the file and what to do with it.",
            fails: "display_name: Acme\ndocs: https://docs.acme.example\ncategories: [other]\nauth_mode: NONE\nproxy: {base_url: 'https://api.acme.example'}\n",
            mended: MENDED,
        },
    ),
    (
        &TYPOGRAPHIC_CHARACTER,
        Page {
            checks: "Checks for typographic quotes around values, for spaces that are none in YAML, such as U+00A0, and for characters that cannot be \
                     seen, such as U+200B.",
            why: "They come with text that is copied from a page or a word processor. YAML takes each of them for a letter: the value has two quotes \
                  too many, the key is another one, and on the screen all looks right. Where a value is read by people, such as a description, they \
                  may stand inside it, and at its ends they are a warning.",
            fails: acme!("    auth_mode: \u{201c}NONE\u{201d}\n    proxy: {base_url: 'https://api.acme.example'}\n"),
            mended: MENDED,
        },
    ),
    (
        &NOT_INDENTED,
        Page {
            checks: "Checks for the keys of an entry at the left margin, below the key of an API that has nothing.",
            why: "YAML says by indentation what belongs to what. At the left margin `auth_mode` is the name of another API, and the one above it is \
                  empty.",
            fails: "acme:\ndisplay_name: Acme\ndocs: https://docs.acme.example\ncategories: [other]\nauth_mode: NONE\nproxy: {base_url: 'https://api.acme.example'}\n",
            mended: MENDED,
        },
    ),
    (
        &OPEN_QUESTION,
        Page {
            checks: "Checks for lines of an entry that begin with `# TODO:`.",
            why: "`keyway new` writes one beside everything that it had to guess, with the question that the vendor's page answers. An entry is \
                  finished when none is left.",
            fails: acme!(
                "    auth_mode: NONE\n    # TODO: is this the host of the API?\n    proxy: {base_url: 'https://api.acme.example'}\n"
            ),
            mended: MENDED,
        },
    ),
];
