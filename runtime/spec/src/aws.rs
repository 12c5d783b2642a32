//! The partitions of AWS that are reached over the public internet, and the domains of their endpoints (AWS General
//! Reference, "AWS service endpoints"; AWS SDKs, `partitions.json`).
//!
//! Not listed: regions, which AWS keeps adding to, and the isolated partitions, which have no host on the internet.

/// The domain of the standard partition and of AWS GovCloud (US).
pub const STANDARD: &str = "amazonaws.com";

/// The prefixes of regions in other partitions, with their domains.
pub const PARTITIONS: [(&str, &str); 2] = [("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu")];

/// The domain of a region's endpoints.
pub fn dns_suffix(region: &str) -> &'static str {
    PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or(STANDARD, |(_, suffix)| suffix)
}

/// Every domain.
pub fn dns_suffixes() -> impl Iterator<Item = &'static str> {
    core::iter::once(STANDARD).chain(PARTITIONS.iter().map(|(_, suffix)| *suffix))
}
