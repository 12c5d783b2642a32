//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::rules::{ALIAS_CYCLE, ALIAS_EXPANSION, ALIAS_MISSING, INVALID_ENTRY, OVERLAY_WITHOUT_ENTRY};
use crate::diagnostic::{Page, Rule, acme};

const NONE: &str = acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n");

/// An entry of `NONE`, then this.
macro_rules! beside_acme {
    ($rest:literal) => {
        acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n", $rest)
    };
}

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 5] = [
    (
        &ALIAS_MISSING,
        Page {
            checks: "Checks for an `alias` that names no provider of the file.",
            why: "The entry takes its keys from the one it names; without it there is nothing to take.",
            fails: beside_acme!("acme-sandbox:\n    alias: acmee\n    display_name: Acme (sandbox)\n"),
            mended: beside_acme!("acme-sandbox:\n    alias: acme\n    display_name: Acme (sandbox)\n"),
        },
    ),
    (
        &ALIAS_CYCLE,
        Page {
            checks: "Checks for entries that are, in the end, aliases of themselves.",
            why: "Each waits for the keys of the next, and none has any: one of them must be written out.",
            fails: "acme:\n    alias: acme-sandbox\nacme-sandbox:\n    alias: acme\n    display_name: Acme (sandbox)\n",
            mended: beside_acme!("acme-sandbox:\n    alias: acme\n    display_name: Acme (sandbox)\n"),
        },
    ),
    (
        &INVALID_ENTRY,
        Page {
            checks: "Checks for an entry that is no map, and for an `alias` that is no text.",
            why: "An entry is a map of keys such as `display_name` and `auth_mode`, indented below the provider's key.",
            fails: "acme: https://api.acme.example\n",
            mended: NONE,
        },
    ),
    (
        &ALIAS_EXPANSION,
        Page {
            checks: "Checks for aliases that together copy more than two million values.",
            why: "Every alias copies its target, so a short file can fill its reader's memory. The largest known catalogue copies \
                  6,000 values.",
            fails: beside_acme!(
                "large:
    x:
        a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: [*d, *d, *d, *d, *d, *d, *d]
a: {alias: large, x: 1}
b: {alias: large, x: 1}
c: {alias: large, x: 1}
d: {alias: large, x: 1}
e: {alias: large, x: 1}
f: {alias: large, x: 1}
g: {alias: large, x: 1}
h: {alias: large, x: 1}
i: {alias: large, x: 1}
j: {alias: large, x: 1}
k: {alias: large, x: 1}
l: {alias: large, x: 1}
m: {alias: large, x: 1}
n: {alias: large, x: 1}
o: {alias: large, x: 1}
p: {alias: large, x: 1}
q: {alias: large, x: 1}
r: {alias: large, x: 1}
s: {alias: large, x: 1}
t: {alias: large, x: 1}
u: {alias: large, x: 1}
v: {alias: large, x: 1}
w: {alias: large, x: 1}
"
            ),
            mended: beside_acme!("acme-sandbox:\n    alias: acme\n    display_name: Acme (sandbox)\n"),
        },
    ),
    (
        &OVERLAY_WITHOUT_ENTRY,
        Page {
            checks: "Checks for an entry of an overlay that the catalogue does not have.",
            why: "An overlay adds to entries; it does not make new ones. A name that is misspelled here would be an addition that nothing has.",
            fails: beside_acme!("# overlay.yaml\nacmee:\n    keyway: {scopes: [read]}\n"),
            mended: beside_acme!("# overlay.yaml\nacme:\n    keyway: {scopes: [read]}\n"),
        },
    ),
];
