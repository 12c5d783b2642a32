//! Random patterns: well-formed ones, and rows of fragments that often are not.

/// A small generator of numbers (xorshift64*): the same numbers in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % bound
    }

    /// One of several.
    pub(crate) fn of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.below(list.len())]
    }
}

const ATOMS: [&str; 38] = [
    "a", "b", "-", "é", "😀", "\u{2028}", "/", "{", "}", "]", "{,2}", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
    r"\.", r"\/", r"\-", r"\n", r"\0", r"\x61", r"\u00e9", r"\ud83d", r"\u{61}", r"\cJ", r"\c", r"\p{L}", r"\8",
    r"\12", "[]", "[^]", "[^a]", "\u{85}", "\u{feff}", r"\ude00",
];

const MEMBERS: [&str; 30] = [
    "a",
    "b",
    "c",
    "a-c",
    "-",
    "^",
    "é",
    "😀",
    "a-é",
    r"\d",
    r"\w",
    r"\s",
    r"\D",
    r"\W",
    r"\S",
    r"\-",
    r"\]",
    r"\b",
    r"\n",
    r"\x61",
    r"\u0061-\u00ff",
    r"\ud83d",
    r"\c1",
    r"\c",
    r"\12",
    "&&",
    "--",
    "[",
    ".",
    r"\ud7ff-\ue000",
];

const QUANTIFIERS: [&str; 11] = ["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?", "??", "{0}", "{2,3}?"];

const FRAGMENTS: [&str; 44] = [
    "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "[", "]", "[^", "{", "}", "{2}", "{1,", "{2,1}", "|", "^",
    "$", "*", "+", "?", ".", "-", ",", r"\", r"\1", r"\2", r"\k<n>", r"\k", r"\b", r"\B", r"\c", r"\x", r"\u", r"\-",
    "a", "b", "z-a", "é", "😀", "1", "(?i:", "<",
];

/// A pattern.
pub(crate) fn pattern(random: &mut Random) -> String {
    match random.below(5) {
        0 | 1 => (0..=random.below(7)).map(|_| random.of(&FRAGMENTS)).collect(),
        2 => format!("^{}$", either(random, 3)),
        3 => format!("^{}{}$", look(random, "(?!"), alternative(random, 2)),
        _ => either(random, 3),
    }
}

fn either(random: &mut Random, depth: usize) -> String {
    let branches: Vec<String> = (0..=random.below(2)).map(|_| alternative(random, depth)).collect();
    branches.join("|")
}

fn alternative(random: &mut Random, depth: usize) -> String {
    (0..random.below(4)).map(|_| term(random, depth)).collect()
}

fn term(random: &mut Random, depth: usize) -> String {
    let atom = match random.below(if depth > 0 { 14 } else { 8 }) {
        0..=4 => random.of(&ATOMS).to_owned(),
        5 | 6 => class(random),
        7 => return random.of(&["^", "$", r"\b", r"\B"]).to_owned(),
        8 | 9 => format!("({})", either(random, depth - 1)),
        10 => format!("(?:{})", either(random, depth - 1)),
        11 => format!("({}){}\\1", either(random, depth - 1), random.of(&["", "?", "+"])),
        12 => return look(random, "(?<="),
        _ => look(random, "(?="),
    };
    let quantifier = if random.below(3) == 0 { random.of(&QUANTIFIERS) } else { "" };
    format!("{atom}{quantifier}")
}

fn look(random: &mut Random, usual: &str) -> String {
    let open = random.of(&[usual, "(?=", "(?!", "(?<!"]);
    format!("{open}{})", either(random, 1))
}

fn class(random: &mut Random) -> String {
    let members: String = (0..=random.below(3)).map(|_| random.of(&MEMBERS)).collect();
    format!("[{}{members}]", random.of(&["", "^"]))
}
