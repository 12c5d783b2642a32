//! ECMAScript patterns in the dialect of the linear-time engine.
//!
//! `\d`, `\w` and `\s` are ASCII, as people who write them in a form expect. Look-ahead at the very beginning becomes
//! conditions beside the pattern; everything else that no automaton can run is named in [`Dialect::beyond`].
//! Absent here: flags. The format has none.

use std::fmt::Write as _;

/// A translated pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// The pattern, without its leading look-ahead.
    pub text: String,
    /// What must (`true`) or must not follow the beginning.
    pub ahead: Vec<(bool, String)>,
    /// What a linear-time engine has no equal of, where the pattern uses such.
    pub beyond: Option<&'static str>,
    /// What means something else in other dialects.
    pub differs: Option<&'static str>,
}

/// That a pattern is no regular expression, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

/// The longest pattern that is read.
const LONGEST: usize = 4096;

const DIGIT: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";
const SPACE: &str = r"\t\n\x0b\x0c\r ";

/// Translates a pattern.
pub fn translate(pattern: &str) -> Result<Dialect, Unreadable> {
    if pattern.len() > LONGEST {
        return Err(Unreadable("is longer than 4096 bytes"));
    }
    let mut dialect = Dialect::default();
    let mut rest = pattern;
    if let Some(mut behind) = pattern.strip_prefix('^') {
        while let Some((must, inside, after)) = look_ahead(behind)? {
            let mut nested = Dialect::default();
            body(inside, &mut nested)?;
            dialect.beyond = dialect.beyond.or(nested.beyond);
            dialect.ahead.push((must, nested.text));
            behind = after;
        }
        dialect.text.push('^');
        rest = behind;
    }
    // `^(?!x)a|b`: the condition belongs to the first branch only, and no automaton here is told so.
    if !dialect.ahead.is_empty() && has_branches(rest) {
        dialect.beyond = dialect.beyond.or(Some("look-ahead in one of several branches"));
    }
    body(rest, &mut dialect)?;
    Ok(dialect)
}

/// A look-ahead at the beginning: whether it must match, its inside, and what follows it.
fn look_ahead(text: &str) -> Result<Option<(bool, &str, &str)>, Unreadable> {
    let (must, inside) = match (text.strip_prefix("(?="), text.strip_prefix("(?!")) {
        (Some(inside), _) => (true, inside),
        (_, Some(inside)) => (false, inside),
        _ => return Ok(None),
    };
    let (mut depth, mut class, mut escaped) = (1_usize, false, false);
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (inside, behind) = inside.split_at(at);
            return Ok(Some((must, inside, behind.get(1..).unwrap_or_default())));
        }
    }
    Err(Unreadable("has a group that is not closed"))
}

/// Whether a `|` stands outside of all groups and classes.
fn has_branches(text: &str) -> bool {
    let (mut depth, mut class, mut escaped) = (0_usize, false, false);
    text.chars().any(|letter| {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth = depth.saturating_sub(1),
            '|' => return !class && depth == 0,
            _ => {}
        }
        false
    })
}

fn body(pattern: &str, out: &mut Dialect) -> Result<(), Unreadable> {
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let after = rest.get(letter.len_utf8()..).unwrap_or_default();
        rest = match letter {
            '\\' => escape(after, out)?,
            '[' => class(after, out)?,
            '.' => {
                out.text.push_str(r"[^\n\r]");
                after
            }
            // Literal in ECMAScript where they neither close nor quantify anything.
            ']' | '}' => {
                literal(&mut out.text, letter);
                after
            }
            '{' => {
                if let Some(text) = quantifier(rest) {
                    out.text.push_str(text);
                    rest.get(text.len()..).unwrap_or_default()
                } else {
                    literal(&mut out.text, letter);
                    after
                }
            }
            '(' if ["?=", "?!", "?<=", "?<!"].iter().any(|look| after.starts_with(look)) => {
                out.beyond = Some("look-around");
                out.text.push_str("(?:");
                after.trim_start_matches('?').trim_start_matches('<').get(1..).unwrap_or_default()
            }
            '(' if after.starts_with('?') && !after.starts_with("?:") && !after.starts_with("?<") => {
                return Err(Unreadable("has a group that ECMAScript does not know"));
            }
            _ => {
                out.text.push(letter);
                after
            }
        };
    }
    Ok(())
}

/// The escape after a backslash, outside of a class; gives back what follows it.
fn escape<'p>(rest: &'p str, out: &mut Dialect) -> Result<&'p str, Unreadable> {
    let Some(letter) = rest.chars().next() else { return Err(Unreadable("ends in a backslash")) };
    let after = rest.get(letter.len_utf8()..).unwrap_or_default();
    match letter {
        'd' | 'w' | 's' | 'D' | 'W' | 'S' => {
            let not = if letter.is_ascii_uppercase() { "^" } else { "" };
            let _ = write!(out.text, "[{not}{}]", set(letter));
        }
        'b' => out.text.push_str(r"(?-u:\b)"),
        'B' => out.text.push_str(r"(?-u:\B)"),
        '1'..='9' | 'k' => out.beyond = Some("a back-reference"),
        'A' | 'z' | 'Z' | 'Q' | 'E' | 'h' => {
            out.differs = Some("an escape that ECMAScript reads as the letter itself");
            literal(&mut out.text, letter);
        }
        _ => {
            let (letter, after) = character(letter, after)?;
            literal(&mut out.text, letter);
            return Ok(after);
        }
    }
    Ok(after)
}

fn set(letter: char) -> &'static str {
    match letter.to_ascii_lowercase() {
        'd' => DIGIT,
        'w' => WORD,
        _ => SPACE,
    }
}

/// The character that an escape stands for, and what follows it.
fn character(letter: char, after: &str) -> Result<(char, &str), Unreadable> {
    let digits = match letter {
        't' => return Ok(('\t', after)),
        'n' => return Ok(('\n', after)),
        'r' => return Ok(('\r', after)),
        'v' => return Ok(('\x0b', after)),
        'f' => return Ok(('\x0c', after)),
        '0' => return Ok(('\0', after)),
        'x' => 2,
        'u' => 4,
        _ => return Ok((letter, after)),
    };
    let number = after.get(..digits).and_then(|text| u32::from_str_radix(text, 16).ok()).and_then(char::from_u32);
    let read = number.zip(after.get(digits..));
    read.ok_or(Unreadable("has an escape whose digits are missing"))
}

/// A class, from behind its `[`; gives back what follows its `]`.
fn class<'p>(rest: &'p str, out: &mut Dialect) -> Result<&'p str, Unreadable> {
    const OPEN: Unreadable = Unreadable("has a class that is not closed");
    let (negated, mut rest) = rest.strip_prefix('^').map_or((false, rest), |rest| (true, rest));
    if let Some(after) = rest.strip_prefix(']') {
        out.text.push_str(if negated { r"[\x00-\x7f]" } else { r"[^\x00-\x{10ffff}]" });
        return Ok(after);
    }
    out.text.push_str(if negated { "[^" } else { "[" });
    while !rest.starts_with(']') {
        let (first, after) = class_atom(rest, out)?.ok_or(OPEN)?;
        rest = after;
        let Some(first) = first else { continue };
        literal(&mut out.text, first);
        if let Some(behind) = rest.strip_prefix('-').filter(|behind| !behind.starts_with(']')) {
            let before = out.text.len();
            let (last, after) = class_atom(behind, out)?.ok_or(OPEN)?;
            match last {
                Some(last) if first <= last => {
                    out.text.push('-');
                    literal(&mut out.text, last);
                }
                // What comes of escaping a hyphen twice, `[\\-+]`.
                Some(_) => return Err(Unreadable("has a range that runs backwards")),
                // `\w-` or `a-\d`: a plain hyphen.
                None => out.text.insert_str(before, r"\-"),
            }
            rest = after;
        }
    }
    out.text.push(']');
    rest.get(1..).ok_or(OPEN)
}

type ClassAtom<'p> = Option<(Option<char>, &'p str)>;

/// One member of a class. A set is written at once; a character is given back, for it may begin a range.
fn class_atom<'p>(rest: &'p str, out: &mut Dialect) -> Result<ClassAtom<'p>, Unreadable> {
    let mut letters = rest.chars();
    let Some(letter) = letters.next() else { return Ok(None) };
    if letter != '\\' {
        return Ok(Some((Some(letter), letters.as_str())));
    }
    let Some(letter) = letters.next() else { return Err(Unreadable("ends in a backslash")) };
    let after = letters.as_str();
    match letter {
        'd' | 'w' | 's' => {
            out.text.push_str(set(letter));
            Ok(Some((None, after)))
        }
        'D' | 'W' | 'S' => {
            let _ = write!(out.text, "[^{}]", set(letter));
            Ok(Some((None, after)))
        }
        'b' => Ok(Some((Some('\x08'), after))),
        _ => character(letter, after).map(|(letter, after)| Some((Some(letter), after))),
    }
}

/// `{n}`, `{n,}` or `{n,m}` at the beginning of a text.
fn quantifier(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let (least, most) = text.get(1..end).map(|inside| inside.split_once(',').unwrap_or((inside, "")))?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then(|| text.get(..=end))?
}

fn literal(out: &mut String, letter: char) {
    // Escaping what has no meaning is allowed for punctuation only.
    if letter.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(letter);
}
