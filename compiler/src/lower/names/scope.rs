//! Words of the format in Rust's spelling, and names that are distinct in one scope.

use super::reserved::KEYWORDS;

/// Hands out names that are distinct in one scope. Asked in the order of the file, it renames only latecomers.
#[derive(Debug)]
pub(super) struct NameScope {
    used: Vec<String>,
}

impl NameScope {
    /// A scope in which some names are taken.
    pub(super) fn new<'n>(taken: impl IntoIterator<Item = &'n str>) -> NameScope {
        NameScope { used: taken.into_iter().map(str::to_owned).collect() }
    }

    /// The name itself, or with a number that keeps its case: `us_2`, `Us2`, `_1_2`, `type_2`.
    pub(super) fn take(&mut self, base: &str) -> String {
        let stem = base.trim_end_matches('_');
        let is_type = stem.trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase())
            && stem.contains(|c: char| c.is_ascii_lowercase());
        let joint = if is_type && !stem.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "_" };
        let mut name = base.to_owned();
        let mut count = 2;
        while self.used.contains(&name) {
            name = format!("{stem}{joint}{count}");
            count += 1;
        }
        self.used.push(name.clone());
        name
    }

    /// The enum of a field: `Region`, or `FormatChoice` where `Format` means something else.
    pub(super) fn take_choice(&mut self, base: &str) -> String {
        if self.used.iter().any(|used| used == base) {
            return self.take(&format!("{}Choice", base.trim_end_matches('_')));
        }
        self.take(base)
    }
}

/// A struct field: `accountId` and `accounts-server` become `account_id` and `accounts_server`.
pub(super) fn field(name: &str) -> String {
    escape(&snake(name))
}

/// A constant: `apiVersion` becomes `API_VERSION`.
pub(super) fn constant(name: &str) -> String {
    escape(&snake(name).to_ascii_uppercase())
}

/// A variant: `us-east-1` becomes `UsEast1`, an empty value `Empty`.
pub(super) fn variant(value: &str) -> String {
    if value.is_empty() { "Empty".to_owned() } else { escape(&camel(value)) }
}

/// Words in lower case, joined by one `_` each.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for letter in name.chars() {
        let starts_word = letter.is_ascii_uppercase() && after_lower;
        if (starts_word || !letter.is_ascii_alphanumeric()) && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            snake.push(letter.to_ascii_lowercase());
        }
        after_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    let snake = snake.trim_end_matches('_');
    if snake.is_empty() { "unnamed".to_owned() } else { snake.to_owned() }
}

/// Words with a capital each; two digits that meet are kept apart.
pub fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let meets = camel.ends_with(|last: char| last.is_ascii_digit());
        if meets && word.starts_with(|first: char| first.is_ascii_digit()) {
            camel.push('_');
        }
        let shouts = word.len() > 1 && !word.contains(|letter: char| letter.is_ascii_lowercase());
        let (first, rest) = word.split_at(1);
        camel.push_str(&first.to_ascii_uppercase());
        if shouts { camel.push_str(&rest.to_ascii_lowercase()) } else { camel.push_str(rest) }
    }
    if camel.is_empty() { "Unnamed".to_owned() } else { camel }
}

/// Makes a word an identifier.
pub fn escape(word: &str) -> String {
    match word.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{word}"),
        Some(_) if KEYWORDS.contains(&word) => format!("{word}_"),
        Some(_) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_get_distinct_names() {
        let mut scope = NameScope::new(["SPEC"]);
        for (name, expected) in [
            ("accountId", "account_id"),
            ("account_id", "account_id_2"),
            ("accounts-server", "accounts_server"),
            ("installation.uuid", "installation_uuid"),
            ("a--b__c", "a_b_c"),
            ("gr\u{f6}\u{df}e", "gr_e"),
            ("type", "type_"),
            ("Type", "type_2"),
            ("URL", "url"),
            ("-", "unnamed"),
            ("oauth2Url", "oauth2_url"),
            ("2fa", "_2fa"),
        ] {
            assert_eq!(scope.take(&field(name)), expected);
        }
        assert_eq!(
            ["apiVersion", "spec", "type"].map(|name| scope.take(&constant(name))),
            ["API_VERSION", "SPEC_2", "TYPE"]
        );
    }

    #[test]
    fn values_become_variants() {
        let mut scope = NameScope::new([]);
        for (value, expected) in [
            ("us-east-1", "UsEast1"),
            ("us_east_1", "UsEast1_2"),
            ("events.acme.com", "EventsAcmeCom"),
            ("LIVE", "Live"),
            ("live", "Live2"),
            ("", "Empty"),
            ("1.2", "_1_2"),
            ("self", "Self_"),
            ("Self", "Self2"),
            ("*", "Unnamed"),
        ] {
            assert_eq!(scope.take(&variant(value)), expected, "{value}");
        }
    }

    #[test]
    fn an_enum_does_not_take_a_name_that_means_something_else() {
        let mut scope = NameScope::new(["Format", "Config"]);
        let names = ["Format", "Region", "Region", "Config"].map(|base| scope.take_choice(base));
        assert_eq!(names, ["FormatChoice", "Region", "RegionChoice", "ConfigChoice"]);
    }
}
