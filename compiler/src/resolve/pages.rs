//! The pages of this stage's rules.
//!
//! Nothing here resolves anything; a test executes the examples.

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
            why: "Every alias copies its target, so a short file can fill the memory of whoever reads it. The largest known catalogue copies \
                  6,000 values.",
            fails: beside_acme!(
                "large:
    a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
    d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    e: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    f: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    g: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    h: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    i: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    j: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
a: {alias: large}
b: {alias: large}
c: {alias: large}
d: {alias: large}
e: {alias: large}
f: {alias: large}
g: {alias: large}
h: {alias: large}
i: {alias: large}
j: {alias: large}
k: {alias: large}
l: {alias: large}
m: {alias: large}
n: {alias: large}
o: {alias: large}
p: {alias: large}
q: {alias: large}
r: {alias: large}
s: {alias: large}
t: {alias: large}
u: {alias: large}
v: {alias: large}
w: {alias: large}
x: {alias: large}
y: {alias: large}
z: {alias: large}
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
