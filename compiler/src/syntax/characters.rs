//! Characters that look like others: typographic quotes, spaces that are none in YAML, and what cannot be seen.
//!
//! They come with text that is copied from a page or a word processor. YAML takes each of them for a letter. Names are
//! those of the Unicode character database, shortened.

/// The look of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    /// A space.
    Space,
    /// Nothing.
    Nothing,
    /// `"` or `'`.
    Quote,
    /// `:`.
    Colon,
}

/// The look and the name of a character, if it is one of these.
pub(crate) fn look(letter: char) -> Option<(Looks, &'static str)> {
    if letter.is_ascii() {
        return None;
    }
    Some(match letter {
        '\u{a0}' => (Looks::Space, "no-break space"),
        '\u{202f}' => (Looks::Space, "narrow no-break space"),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => (Looks::Space, "typographic space"),
        '\u{3000}' => (Looks::Space, "ideographic space"),
        '\u{2028}' => (Looks::Space, "line separator"),
        '\u{2029}' => (Looks::Space, "paragraph separator"),
        '\u{200b}' => (Looks::Nothing, "zero-width space"),
        '\u{200c}' => (Looks::Nothing, "zero-width non-joiner"),
        '\u{200d}' => (Looks::Nothing, "zero-width joiner"),
        '\u{2060}' => (Looks::Nothing, "word joiner"),
        '\u{feff}' => (Looks::Nothing, "byte-order mark"),
        '\u{ad}' => (Looks::Nothing, "soft hyphen"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            (Looks::Nothing, "direction mark")
        }
        '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{300c}' | '\u{300d}' => {
            (Looks::Quote, "typographic quote")
        }
        '\u{b4}' => (Looks::Quote, "acute accent"),
        '\u{2032}' | '\u{2033}' => (Looks::Quote, "prime"),
        '\u{ff02}' | '\u{ff07}' => (Looks::Quote, "full-width quote"),
        '\u{ff1a}' => (Looks::Colon, "full-width colon"),
        _ => return None,
    })
}

/// True if a character looks like this.
pub(crate) fn looks_like(letter: char, looks: Looks) -> bool {
    look(letter).is_some_and(|(found, _)| found == looks)
}

/// `a no-break space (U+00A0)`.
pub(crate) fn named(letter: char) -> String {
    let name = look(letter).map_or("character", |(_, name)| name);
    let article = if name.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {name} ({})", code_point(letter))
}

/// `U+00A0`.
pub(crate) fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// True if a text can hold one of these: all of them begin with one of six bytes in UTF-8.
pub(crate) fn may_hold_any(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xe3 | 0xef))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_the_table_is_found_by_its_first_byte() {
        let all: Vec<char> = ('\u{80}'..='\u{ffff}').filter(|letter| look(*letter).is_some()).collect();
        assert!(all.len() > 40, "{}", all.len());
        assert!(all.iter().all(|letter| may_hold_any(&letter.to_string())));
        assert_eq!(named('\u{a0}'), "a no-break space (U+00A0)");
        assert_eq!(named('\u{3000}'), "an ideographic space (U+3000)");
        assert_eq!(named('\u{430}'), "a character (U+0430)");
    }
}
