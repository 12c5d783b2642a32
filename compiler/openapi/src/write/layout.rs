//! Formatted text: what prettyplease makes of an item, with an empty line between methods.

/// The text of one item, formatted.
pub(super) fn formatted(text: &str) -> String {
    let Ok(file) = syn::parse_file(text) else { return text.to_owned() };
    let mut out = String::new();
    let mut ends_method = false;
    for line in prettyplease::unparse(&file).lines() {
        let is_member = line.starts_with("    ") && !line.starts_with("     ");
        if ends_method && is_member {
            out.push('\n');
        }
        ends_method = is_member && line.ends_with(';');
        out.push_str(line);
        out.push('\n');
    }
    out
}
