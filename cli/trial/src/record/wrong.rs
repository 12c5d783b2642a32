//! A credential that must be refused, made of the one that is right: of its form, so that it is not refused for that.

use keyway::{Credentials, Secret};
use keyway_spec::ProviderSpec;

/// Credentials of which every secret is another one. Names of users stay, lest the failed attempt is another account's.
/// With a token it is the token that is wrong, and there is none to renew it with.
pub(super) fn wrong(spec: &ProviderSpec, credentials: &Credentials) -> Credentials {
    let mut made = credentials.clone();
    if let Some(token) = &mut made.token {
        token.access = altered(&token.access);
        token.refresh = None;
        token.raw = None;
        made.obtained.values_mut().for_each(|value| *value = altered(value));
        return made;
    }
    let of_entry = spec.credentials.iter().filter(|field| field.secret).map(|field| field.name);
    let of_mode = spec.auth.facts().inputs.iter().filter(|input| input.secret).map(|input| input.name);
    let secret: Vec<&str> = of_entry.chain(of_mode).collect();
    let is_filled = |value: &Secret| !value.expose().is_empty();
    let has_secret = made.inputs.iter().any(|(name, value)| secret.contains(&name.as_str()) && is_filled(value));
    for (name, value) in &mut made.inputs {
        if is_filled(value) && (!has_secret || secret.contains(&name.as_str())) {
            *value = altered(value);
        }
    }
    made.assertion_options.values_mut().for_each(|value| *value = altered(value));
    made
}

/// A text of the same form: the second half of it has other letters and digits.
fn altered(secret: &Secret) -> Secret {
    let text = secret.expose();
    let from = text.chars().count() / 2;
    let other = |character: char| match character {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(character as u32 + 1).unwrap_or(character),
        same => same,
    };
    let made: String = text.chars().enumerate().map(|(at, c)| if at < from { c } else { other(c) }).collect();
    Secret::new(if made == text { format!("{text}0") } else { made })
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::connection::Token;

    #[test]
    fn a_wrong_credential_has_the_form_of_the_right_one() {
        for (text, expected) in
            [("sk_test_abcxyz19", "sk_test_bcdyza20"), ("AbZz", "AbAa"), ("--", "--0"), ("é1", "é2"), ("", "0")]
        {
            assert_eq!(altered(&Secret::from(text)).expose(), expected);
        }
    }

    #[test]
    fn the_user_stays_and_a_token_is_not_renewed() {
        let spec = ProviderSpec { auth: keyway_spec::Auth::Basic, ..ProviderSpec::EMPTY };
        let made = wrong(&spec, &Credentials::basic("ann", "pass"));
        assert_eq!((made.inputs["username"].expose(), made.inputs["password"].expose()), ("ann", "patt"));
        let made = wrong(&spec, &Credentials::basic("key", ""));
        assert_eq!(made.inputs["username"].expose(), "kfz");
        let token = Token::new("abcd").refresh(Secret::from("r"));
        let made = wrong(&spec, &Credentials::default().token(token)).token.unwrap();
        assert!(made.access.expose() == "abde" && made.refresh.is_none());
    }
}
