//! Where AWS is asked: STS of a region or of the operator's own choice, and services in the region's partition.

use super::settings::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use keyway_spec::aws::{STANDARD, dns_suffix};
use std::borrow::Cow;
use std::collections::BTreeMap;
use url::Url;

/// The operator's setting with the URL of STS, for endpoints inside a private network, FIPS endpoints and the global
/// one.
pub(super) const STS_URL: &str = "stsUrl";

/// The region of the global endpoint's signatures (AWS IAM User Guide, "Manage AWS STS in an AWS Region").
const GLOBAL: (&str, &str) = ("sts.amazonaws.com", "us-east-1");

/// STS, and the region that requests to it are signed for.
pub(super) struct Sts<'s> {
    pub(super) url: Url,
    pub(super) region: Cow<'s, str>,
}

/// The endpoint that the operator set up, else the region's. The region was checked to be one.
pub(super) fn sts<'s>(settings: &Settings<'s>) -> Result<Sts<'s>> {
    let region = settings.region;
    let Some(own) = settings.get(STS_URL) else {
        let url = Url::parse(&format!("https://sts.{region}.{}/", dns_suffix(region)));
        let message = "`region` must be an AWS region, for example `us-east-1`";
        let url = url.map_err(|_| Error::new(ErrorKind::InvalidValue, message))?;
        return Ok(Sts { url, region: region.into() });
    };
    let url = parsed(own.expose())?;
    let region = region_of(url.host_str().unwrap_or_default()).map_or(region.into(), Cow::from);
    Ok(Sts { url, region })
}

/// Refuses a setting that is not a URL.
pub(super) fn check(custom: &BTreeMap<String, Secret>) -> Result<()> {
    let own = custom.get(STS_URL).filter(|url| !url.is_empty());
    own.map_or(Ok(()), |url| parsed(url.expose()).map(|_| ()))
}

/// A base URL in the partition of a region: an entry writes the domain of the standard one.
pub(super) fn in_partition<'b>(base: Cow<'b, str>, region: &str) -> Cow<'b, str> {
    let suffix = dns_suffix(region);
    let start = base.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = base.split_at(start);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match host.strip_suffix(STANDARD).filter(|_| suffix != STANDARD) {
        Some(name) if name.ends_with('.') => format!("{scheme}{name}{suffix}{path}").into(),
        _ => base,
    }
}

/// The region that an endpoint of STS names: `sts.us-east-1.amazonaws.com`, `vpce-1.sts.us-east-1.vpce.amazonaws.com`.
fn region_of(host: &str) -> Option<String> {
    if host == GLOBAL.0 {
        return Some(GLOBAL.1.to_owned());
    }
    let mut labels = host.split('.').skip_while(|label| !matches!(*label, "sts" | "sts-fips")).skip(1);
    let region = labels.next().filter(|_| host.contains("amazonaws."))?;
    (region.contains('-') && region.ends_with(|c: char| c.is_ascii_digit())).then(|| region.to_owned())
}

fn parsed(text: &str) -> Result<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.host().is_some());
    url.filter(|url| url.query().is_none() && url.fragment().is_none()).ok_or_else(|| {
        let message = format!("the setting `{STS_URL}` must be a URL such as `https://sts.us-east-1.amazonaws.com`");
        Error::new(ErrorKind::InvalidValue, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_in_the_partition_of_its_region() {
        for (base, region, expected) in [
            ("https://s3.us-east-1.amazonaws.com", "us-east-1", "https://s3.us-east-1.amazonaws.com"),
            ("https://s3.us-gov-west-1.amazonaws.com/a", "us-gov-west-1", "https://s3.us-gov-west-1.amazonaws.com/a"),
            ("https://s3.cn-north-1.amazonaws.com/a", "cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn/a"),
            ("https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn"),
            ("https://x.eusc-de-east-1.amazonaws.com", "eusc-de-east-1", "https://x.eusc-de-east-1.amazonaws.eu"),
            ("https://notamazonaws.com", "cn-north-1", "https://notamazonaws.com"),
            ("https://x.test/amazonaws.com", "cn-north-1", "https://x.test/amazonaws.com"),
        ] {
            assert_eq!(in_partition(base.into(), region), expected, "{base} {region}");
        }
    }

    #[test]
    fn the_region_of_an_endpoint_is_what_its_requests_are_signed_for() {
        for (host, expected) in [
            ("sts.amazonaws.com", Some("us-east-1")),
            ("sts.eu-central-1.amazonaws.com", Some("eu-central-1")),
            ("sts-fips.us-gov-west-1.amazonaws.com", Some("us-gov-west-1")),
            ("vpce-0a.sts.cn-north-1.vpce.amazonaws.com.cn", Some("cn-north-1")),
            ("sts.internal.test", None),
            ("sts.eu-1.test", None),
            ("127.0.0.1", None),
        ] {
            assert_eq!(region_of(host).as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn a_setting_that_is_no_url_is_refused() {
        for (url, fits) in [
            ("", true),
            ("https://sts.amazonaws.com", true),
            ("http://127.0.0.1:5000/", true),
            ("sts.amazonaws.com", false),
            ("ftp://sts.amazonaws.com", false),
            ("https://sts.amazonaws.com/?Action=x", false),
        ] {
            let custom = BTreeMap::from([(STS_URL.to_owned(), Secret::new(url))]);
            assert_eq!(check(&custom).is_ok(), fits, "{url}");
        }
    }
}
