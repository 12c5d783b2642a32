//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::rules::{ANCHOR_EXPANSION, DUPLICATE_KEY, NESTING_TOO_DEEP, UNSUPPORTED_YAML, YAML_SYNTAX};
use crate::diagnostic::{Page, Rule, acme};

const MENDED: &str = acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n");

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 5] = [
    (
        &YAML_SYNTAX,
        Page {
            checks: "Checks for text that is not YAML 1.2.",
            why: "Nothing can be said about what cannot be read. The other entries of the file are read all the same: one broken entry does \
                  not hide what is wrong with the others.",
            fails: "acme:\n    display_name: Acme: the API\n    auth_mode: NONE\n",
            mended: "acme:\n    display_name: 'Acme: the API'\n    docs: https://docs.acme.example\n    categories: [other]\n    \
                     auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n",
        },
    ),
    (
        &DUPLICATE_KEY,
        Page {
            checks: "Checks for a key that stands twice in one map, and for two entries with one key.",
            why: "YAML forbids it (section 3.2.1.1), and readers disagree: some take the first value, some the last. Nothing says which was meant.",
            fails: acme!(
                "    auth_mode: NONE\n    docs: https://acme.example/help\n    proxy: {base_url: 'https://api.acme.example'}\n"
            ),
            mended: MENDED,
        },
    ),
    (
        &UNSUPPORTED_YAML,
        Page {
            checks: "Checks for YAML that the format does not use: tags, merge keys, several documents, keys that are no text, a root that is no map.",
            why: "Other readers of the file treat them differently, or not at all. Everything the format can say is said with maps, lists and \
                  scalars; anchors may repeat a value.",
            fails: acme!("    auth_mode: !mode NONE\n    proxy: {base_url: 'https://api.acme.example'}\n"),
            mended: MENDED,
        },
    ),
    (
        &NESTING_TOO_DEEP,
        Page {
            checks: "Checks for maps and lists inside each other, more than 64 levels deep.",
            why: "The format needs six. A text nested deeper is a mistake, or an attempt to exhaust its reader.",
            fails: acme!(
                "    auth_mode: NONE\n    proxy:\n        base_url: https://api.acme.example\n        body: {deep: \
                 [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}\n"
            ),
            mended: acme!(
                "    auth_mode: NONE\n    proxy:\n        base_url: https://api.acme.example\n        body: {deep: [[1]]}\n"
            ),
        },
    ),
    (
        &ANCHOR_EXPANSION,
        Page {
            checks: "Checks for anchors that stand for more than 100,000 values.",
            why: "Each `*name` copies what `&name` marks, so a few lines can stand for billions of values and fill their reader's memory.",
            fails: acme!(
                "    auth_mode: NONE
    proxy:
        base_url: https://api.acme.example
        body:
            a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
            b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
            c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
            d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
            e: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
"
            ),
            mended: acme!(
                "    auth_mode: NONE
    proxy:
        base_url: https://api.acme.example
        body:
            a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
            b: [*a, *a]
"
            ),
        },
    ),
];
