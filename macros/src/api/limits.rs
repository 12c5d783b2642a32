//! Settings of a method's call besides the request: retries, a key, a time, a host, statuses, a link to its docs.

use super::{Found, argument, take};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, LitInt, LitStr, Token};

/// The settings of a method's call.
#[derive(Default)]
pub(super) struct CallSettings {
    /// `#[retries(2)]`
    pub(super) retries: Option<LitInt>,
    /// `#[idempotent("idempotency-key")]`
    pub(super) idempotent: Option<LitStr>,
    /// `#[timeout("30s")]`, in milliseconds.
    pub(super) timeout: Option<u64>,
    /// `#[host("uploads.example.com")]`
    pub(super) host: Option<LitStr>,
    /// `#[absent(404)]`
    pub(super) absent: Vec<LitInt>,
    /// `#[docs("https://docs.example.com/issues")]`
    pub(super) docs: Option<LitStr>,
}

/// Reads the attributes and takes them away.
pub(super) fn read(attributes: &mut Vec<Attribute>, found: &mut Found) -> CallSettings {
    CallSettings {
        retries: one(attributes, "retries", found, retries),
        idempotent: one(attributes, "idempotent", found, idempotent),
        timeout: one(attributes, "timeout", found, timeout),
        host: one(attributes, "host", found, host),
        absent: one(attributes, "absent", found, absent).unwrap_or_default(),
        docs: one(attributes, "docs", found, docs),
    }
}

/// The only attribute of a name.
fn one<T>(
    attributes: &mut Vec<Attribute>,
    name: &str,
    found: &mut Found,
    read: fn(&Attribute) -> syn::Result<T>,
) -> Option<T> {
    let mut ours = take(attributes, name).into_iter();
    let first = ours.next()?;
    if let Some(second) = ours.next() {
        found.push(syn::Error::new_spanned(second, format!("`#[{name}]` is said already: remove one of them")));
    }
    read(&first).map_err(|error| found.push(error)).ok()
}

fn retries(attribute: &Attribute) -> syn::Result<LitInt> {
    let number: Option<LitInt> = attribute.parse_args().ok();
    number.filter(|number| number.base10_parse::<u32>().is_ok()).ok_or_else(|| {
        syn::Error::new_spanned(attribute, "say how many times a failed call is tried again: `#[retries(2)]`")
    })
}

fn idempotent(attribute: &Attribute) -> syn::Result<LitStr> {
    let name: LitStr = attribute.parse_args().map_err(|_| {
        syn::Error::new_spanned(attribute, "name the header of the key: `#[idempotent(\"idempotency-key\")]`")
    })?;
    argument::header_name(&name)?;
    Ok(name)
}

fn timeout(attribute: &Attribute) -> syn::Result<u64> {
    let written: Option<LitStr> = attribute.parse_args().ok();
    let span = written.as_ref().map_or_else(|| attribute.span(), LitStr::span);
    written.and_then(|written| milliseconds(&written.value())).ok_or_else(|| {
        syn::Error::new(span, "say the longest time with its unit: `#[timeout(\"30s\")]`, `\"500ms\"` or `\"2m\"`")
    })
}

/// `30s`, `500ms` or `2m`; none for no time at all.
fn milliseconds(written: &str) -> Option<u64> {
    let unit = written.find(|sign: char| !sign.is_ascii_digit())?;
    let (number, unit) = written.split_at(unit);
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|time| *time > 0)
}

fn host(attribute: &Attribute) -> syn::Result<LitStr> {
    let host: LitStr = attribute
        .parse_args()
        .map_err(|_| syn::Error::new_spanned(attribute, "name the host: `#[host(\"uploads.example.com\")]`"))?;
    let text = host.value();
    let (name, port) = text.split_once(':').unwrap_or((&text, "443"));
    let is_label = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    if !name.split('.').all(is_label) || port.parse::<u16>().is_err() || !port.bytes().all(|byte| byte.is_ascii_digit())
    {
        let message = "a host is a name in lower case, without scheme and path: `#[host(\"uploads.example.com\")]`";
        return Err(syn::Error::new(host.span(), message));
    }
    Ok(host)
}

fn absent(attribute: &Attribute) -> syn::Result<Vec<LitInt>> {
    let statuses = attribute.parse_args_with(Punctuated::<LitInt, Token![,]>::parse_terminated).unwrap_or_default();
    if statuses.is_empty() {
        let message = "say which statuses mean that there is no value: `#[absent(404)]` or `#[absent(404, 410)]`";
        return Err(syn::Error::new_spanned(attribute, message));
    }
    statuses.into_iter().map(status).collect()
}

/// A status as a number without a type.
pub(super) fn status(number: LitInt) -> syn::Result<LitInt> {
    let is_status = number.suffix().is_empty() && number.base10_parse::<u16>().is_ok_and(|n| (100..600).contains(&n));
    if is_status { Ok(number) } else { Err(syn::Error::new(number.span(), "a status is a number from 100 to 599")) }
}

fn docs(attribute: &Attribute) -> syn::Result<LitStr> {
    let link: Option<LitStr> = attribute.parse_args().ok();
    let is_url = |link: &LitStr| {
        let text = link.value();
        let has_scheme = text.starts_with("https://") || text.starts_with("http://");
        has_scheme && text.chars().all(|sign| sign.is_ascii_graphic() && !matches!(sign, '<' | '>'))
    };
    let span = link.as_ref().map_or_else(|| attribute.span(), LitStr::span);
    link.filter(is_url).ok_or_else(|| {
        syn::Error::new(span, "say where the vendor describes it: `#[docs(\"https://docs.example.com/issues\")]`")
    })
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn a_time_has_a_unit() {
        for (written, expected) in [
            ("30s", Some(30_000)),
            ("500ms", Some(500)),
            ("2m", Some(120_000)),
            ("0s", None),
            ("30", None),
            ("s", None),
            ("1.5s", None),
            ("30 s", None),
            ("99999999999999999999s", None),
            ("18446744073709551615m", None),
        ] {
            assert_eq!(milliseconds(written), expected, "{written}");
        }
    }
}
