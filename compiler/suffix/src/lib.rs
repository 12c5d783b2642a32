//! Whether strangers can register names directly below a domain.
//!
//! A crate of its own for the sake of build times: the list is 11,600 generic functions, compiled wherever they are
//! first called. Here that happens beside everything else that a build script waits for.

/// True if `domain` is a suffix of the ICANN section of the public suffix list (<https://publicsuffix.org>), or all
/// names directly below it are (`*.kawasaki.jp`), or it is a top-level domain that is not listed. `domain` is in lower
/// case and in its ASCII form.
#[inline(never)]
pub fn is_public(domain: &str) -> bool {
    is_suffix(domain) || is_suffix(&format!("{UNLISTED}.{domain}"))
}

/// A label that no list has: a suffix that begins with it comes from a wildcard.
const UNLISTED: &str = "keyway--";

fn is_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes())
        .is_none_or(|suffix| suffix.as_bytes() == domain.as_bytes() && suffix.typ() != Some(psl::Type::Private))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_registries_sell_below_is_public_and_what_one_company_owns_is_not() {
        for (domain, expected) in [
            ("com", true),
            ("co.uk", true),
            ("kawasaki.jp", true),
            ("city.kawasaki.jp", false),
            ("unlisted-tld", true),
            ("example.com", false),
            ("github.io", false),
            ("api.example.co.uk", false),
        ] {
            assert_eq!(is_public(domain), expected, "{domain}");
        }
    }
}
