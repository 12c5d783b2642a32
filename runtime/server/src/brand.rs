//! The look of customers' pages, as an operator chooses it: a name, a logo, and a colour for light and for dark.
//!
//! A colour that cannot be read is refused where it is given: links and buttons have it on the page's ground, and text
//! needs a contrast of 4.5 (WCAG 2.2, 1.4.3). A logo stands in the page itself, so that it loads nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The largest logo, in bytes.
const MAX_LOGO: usize = 64 * 1024;

/// The longest name, in characters.
const MAX_NAME: usize = 60;

/// The least contrast of text.
const MIN_CONTRAST: f64 = 4.5;

/// The ground of a light page, and of a dark one, as `assets/keyway.css` has them.
const PAPER: [Colour; 2] = [Colour([0xff, 0xff, 0xff]), Colour([0x1b, 0x1d, 0x23])];

/// A look. One without anything changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    name: Option<String>,
    logo: Option<String>,
    colours: [Option<Colour>; 2],
}

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour([u8; 3]);

/// Why a look cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandError(String);

impl fmt::Display for BrandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BrandError {}

impl Brand {
    /// The look of the pages as they are.
    pub fn new() -> Brand {
        Brand::default()
    }

    /// With a name above every page: of at most 60 characters.
    pub fn name(mut self, name: &str) -> Result<Brand, BrandError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(BrandError(format!("a name has 1 to {MAX_NAME} characters on one line")));
        }
        self.name = Some(name.to_owned());
        Ok(self)
    }

    /// With a logo: a PNG, JPEG, WebP or SVG file of at most 64 KiB.
    pub fn logo(mut self, file: &[u8]) -> Result<Brand, BrandError> {
        if file.len() > MAX_LOGO {
            return Err(BrandError(format!("a logo has at most {MAX_LOGO} bytes, and this one {}", file.len())));
        }
        let kind = kind(file).ok_or_else(|| BrandError("a logo is a PNG, JPEG, WebP or SVG file".to_owned()))?;
        self.logo = Some(format!("data:{kind};base64,{}", STANDARD.encode(file)));
        Ok(self)
    }

    /// With a colour of buttons and links on light pages: `#2b4fd8`.
    pub fn colour(self, colour: &str) -> Result<Brand, BrandError> {
        self.with_colour(0, colour, "white")
    }

    /// The same on dark pages.
    pub fn colour_dark(self, colour: &str) -> Result<Brand, BrandError> {
        self.with_colour(1, colour, "dark grey")
    }

    fn with_colour(mut self, scheme: usize, text: &str, ground: &str) -> Result<Brand, BrandError> {
        let colour = Colour::read(text).ok_or_else(|| BrandError(format!("`{text}` is no colour like `#2b4fd8`")))?;
        let contrast = colour.contrast(PAPER[scheme]);
        if contrast < MIN_CONTRAST {
            return Err(BrandError(format!(
                "`{text}` on {ground} has a contrast of {contrast:.1}, and text needs {MIN_CONTRAST}: choose a {} one",
                ["darker", "lighter"][scheme],
            )));
        }
        self.colours[scheme] = Some(colour);
        Ok(self)
    }

    /// True if it changes nothing.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Brand::default()
    }

    /// The name that stands above a page.
    pub(crate) fn shown_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The logo as a `data:` URL.
    pub(crate) fn shown_logo(&self) -> Option<&str> {
        self.logo.as_deref()
    }

    /// Its stylesheet, to stand behind that of every page.
    pub(crate) fn style(&self) -> String {
        let schemes = ["light", "dark"].into_iter().zip(self.colours).zip(PAPER);
        let rule = |((scheme, colour), paper): ((&str, Option<Colour>), Colour)| {
            let colour = colour?;
            Some(format!("@media (prefers-color-scheme:{scheme}){{:root{{--accent:{colour};--on-accent:{paper}}}}}"))
        };
        schemes.filter_map(rule).collect()
    }
}

impl Colour {
    fn read(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hex.then_some(Colour([part(0)?, part(2)?, part(4)?]))
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126_f64.mul_add(red, 0.7152_f64.mul_add(green, 0.0722 * blue))
    }

    /// Contrast ratio (WCAG 2.2), from 1 to 21.
    fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The media type of a picture, by how it begins.
fn kind(file: &[u8]) -> Option<&'static str> {
    let beginning = file.get(..file.len().min(1024))?;
    match beginning {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        // In a picture element its scripts do not run and its links load nothing.
        _ => std::str::from_utf8(file).is_ok_and(|text| text.contains("<svg")).then_some("image/svg+xml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_and_held_against_the_ground_of_its_scheme() {
        for (text, light, dark) in [
            ("#2b4fd8", "", "`#2b4fd8` on dark grey has a contrast of 2.6"),
            ("#9db2ff", "`#9db2ff` on white has a contrast of 2.0", ""),
            ("#000000", "", "`#000000` on dark grey has a contrast of 1.2"),
            ("#FFFFFF", "`#FFFFFF` on white has a contrast of 1.0", ""),
            ("2b4fd8", "`2b4fd8` is no colour", "`2b4fd8` is no colour"),
            ("#2b4fd", "`#2b4fd` is no colour", "`#2b4fd` is no colour"),
            ("#+b+b+b", "`#+b+b+b` is no colour", "`#+b+b+b` is no colour"),
            ("#é12345", "`#é12345` is no colour", "`#é12345` is no colour"),
            ("red;}", "`red;}` is no colour", "`red;}` is no colour"),
        ] {
            for (brand, expected) in [(Brand::new().colour(text), light), (Brand::new().colour_dark(text), dark)] {
                let error = brand.err().map_or_else(String::new, |error| error.to_string());
                assert!(error.starts_with(expected) && error.is_empty() == expected.is_empty(), "{text}: {error}");
            }
        }
    }

    #[test]
    fn a_look_is_a_stylesheet_of_colours_alone() {
        let brand = Brand::new().name("</style><script>").unwrap().colour("#2B4FD8").unwrap();
        let light = "@media (prefers-color-scheme:light){:root{--accent:#2b4fd8;--on-accent:#ffffff}}";
        assert_eq!(brand.style(), light);
        let both = brand.colour_dark("#9db2ff").unwrap();
        let dark = "@media (prefers-color-scheme:dark){:root{--accent:#9db2ff;--on-accent:#1b1d23}}";
        assert_eq!(both.style(), format!("{light}{dark}"));
        assert_eq!(Brand::new().style(), "");
        assert!(Brand::new().is_plain() && !both.is_plain());
    }

    #[test]
    fn a_logo_is_a_picture_of_a_known_kind_and_small() {
        for (file, expected) in [
            (&b"\x89PNG\r\n"[..], Some("data:image/png;base64,")),
            (b"\xff\xd8\xff\xe0", Some("data:image/jpeg;base64,")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("data:image/webp;base64,")),
            (b"<?xml version='1.0'?><svg/>", Some("data:image/svg+xml;base64,")),
            (b"<html>", None),
            (b"\xff<svg", None),
            (b"", None),
        ] {
            let brand = Brand::new().logo(file);
            let found = brand.as_ref().ok().and_then(Brand::shown_logo);
            assert_eq!(found.is_some(), expected.is_some(), "{file:?}");
            assert!(found.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{found:?}");
        }
        assert!(Brand::new().logo(format!("<svg>{}", " ".repeat(MAX_LOGO)).as_bytes()).is_err());
    }

    #[test]
    fn a_name_is_one_short_line() {
        for (name, fits) in [("Acme", true), (" Acme ", true), ("", false), ("a\nb", false), (&*"x".repeat(61), false)]
        {
            assert_eq!(Brand::new().name(name).is_ok(), fits, "{name:?}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_stylesheet() {
        for paper in PAPER {
            assert!(crate::pages::STYLE.contains(&format!("--paper: {paper};")), "{paper}");
        }
    }
}
