//! The fields that people fill in, with what an auth mode asks for by itself.
//!
//! The runtime checks values where they enter.

use super::lowering::Lowering;
use crate::model::oauth::ClientAuthMethod;
use crate::model::{self, Auth, Common, Map, Provider};
use keyway_spec::Mode;
use keyway_spec::auth::ClientAuth;
use keyway_spec::field::{Field, VisibleWhen};
use keyway_spec::mode::{ClientProof, InForm, Input};

/// `connection_config`, and after it what the authorization URL carries of it although it is not declared.
pub(super) fn config(lowering: &Lowering<'_>, common: &Common) -> &'static [Field] {
    let mut fields = declared(lowering, common.connection_config.as_ref(), false);
    let quirks = common.keyway.as_ref().and_then(|keyway| keyway.authorization.as_ref());
    for name in quirks.into_iter().flat_map(|quirks| quirks.config_params.iter().flatten()) {
        if !fields.iter().any(|field| field.name == name.as_str()) {
            let name = lowering.text(name);
            fields.push(Field { name, title: name, optional: true, ..Field::EMPTY });
        }
    }
    lowering.list(&fields)
}

/// `integration_config`.
pub(super) fn integration_config(lowering: &Lowering<'_>, common: &Common) -> &'static [Field] {
    lowering.list(&declared(lowering, common.integration_config.as_ref(), false))
}

/// `assertion_option`.
pub(super) fn assertion_option(lowering: &Lowering<'_>, provider: &Provider) -> &'static [Field] {
    let Auth::TwoStep(auth) = &provider.auth else { return &[] };
    lowering.list(&declared(lowering, auth.assertion_option.as_ref(), true))
}

/// `credentials`, and after them what the mode asks for although the entry does not relabel it.
pub(super) fn credentials(lowering: &Lowering<'_>, provider: &Provider) -> &'static [Field] {
    let mut fields = declared(lowering, provider.common.credentials.as_ref(), true);
    for input in provider.auth.mode().facts().form_inputs(proof(&provider.auth)) {
        let Input { name, title, secret, in_form: _ } = *input;
        if !fields.iter().any(|field| field.name == name) {
            fields.push(Field { name, title, secret, ..Field::EMPTY });
        }
    }
    lowering.list(&fields)
}

/// The inputs that entries of a mode may ask for without declaring them, whatever else they say.
pub(super) fn inputs(mode: Mode) -> Vec<&'static str> {
    let asked = mode.facts().inputs.iter().filter(|input| input.in_form != InForm::Never);
    let mut names: Vec<&'static str> = asked.map(|input| input.name).collect();
    names.dedup();
    names
}

/// The proof of the customer's own client, in the mode that has one.
fn proof(auth: &Auth) -> ClientProof {
    let Auth::OAuth2ClientCredentials(keys) = auth else { return ClientProof::Secret };
    if keys.token_request_auth_method.is_some_and(|method| method.value == ClientAuthMethod(ClientAuth::PrivateKeyJwt))
    {
        ClientProof::PrivateKey
    } else if keys.require_client_certificate.is_some_and(|flag| flag.value) {
        ClientProof::Certificate
    } else {
        ClientProof::Secret
    }
}

fn declared<N>(lowering: &Lowering<'_>, map: Option<&Map<model::Field, N>>, infer: bool) -> Vec<Field> {
    map.into_iter().flatten().map(|(key, field)| lower(lowering, &key.name, field, infer)).collect()
}

fn lower(lowering: &Lowering<'_>, name: &str, field: &model::Field, infer: bool) -> Field {
    let flag = |flag: Option<model::Spanned<bool>>| flag.is_some_and(|flag| flag.value);
    Field {
        name: lowering.str(name),
        title: lowering.text(&field.title),
        description: lowering.text(&field.description),
        example: lowering.optional(field.example.as_ref()),
        pattern: lowering.optional(field.pattern.as_ref()),
        format: field.format.map(|format| format.value),
        choices: lowering.texts(field.choices.as_ref()),
        default_value: lowering.optional(field.default_value.as_ref()),
        prefix: lowering.optional(field.prefix.as_ref()),
        suffix: lowering.optional(field.suffix.as_ref()),
        doc_section: field.doc_section.as_ref().map(|section| lowering.text(section)),
        order: field.order.map(|order| order.value),
        optional: flag(field.optional),
        hidden: flag(field.hidden),
        automated: flag(field.automated),
        secret: field.secret.map_or(infer && is_secret(name), |secret| secret.value),
        visible_when: field
            .visible_when
            .as_ref()
            .map(|when| VisibleWhen { field: lowering.text(&when.field), equals: lowering.text(&when.equals) }),
        warnings: lowering.pairs(warnings(field)),
    }
}

fn warnings(field: &model::Field) -> impl Iterator<Item = (&str, &str)> {
    field.warnings.iter().flatten().map(|(value, text)| (value.name.as_str(), text.as_str()))
}

/// True if the name of a credential says that its value must not be shown.
fn is_secret(name: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let says_so =
        ["secret", "password", "passwd", "passphrase", "passcode", "privatekey", "token", "certificate", "jwt"];
    let public = name.contains("public") || name.ends_with("id") || name.ends_with("url") || name.ends_with("name");
    !public && (says_so.iter().any(|word| name.contains(word)) || name.ends_with("key") || name.ends_with("pin"))
}

#[cfg(test)]
mod tests {
    use super::{inputs, is_secret};
    use crate::model::Mode;
    use crate::pipeline::compile;
    use crate::source::Sources;

    #[test]
    fn whatever_a_mode_asks_for_is_known_as_its_input() {
        let token = "token_url: 'https://a.example/t'";
        for (mode, rest, expected) in [
            ("API_KEY", String::new(), 1),
            ("BASIC", String::new(), 2),
            ("SIGNATURE", "signature: {protocol: WSSE}, token: {expires_in_ms: 60000}".to_owned(), 2),
            ("OAUTH2_CC", token.to_owned(), 2),
            ("OAUTH2_CC", format!("{token}, require_client_certificate: true"), 4),
            ("OAUTH2_CC", format!("{token}, token_request_auth_method: private_key_jwt"), 2),
            ("TBA", String::new(), 2),
            ("BILL", token.to_owned(), 4),
            ("AWS_SIGV4", String::new(), 1),
            ("NONE", String::new(), 0),
        ] {
            let text = format!(
                "a: {{display_name: A, docs: 'https://a.example', categories: [other], auth_mode: {mode}, \
                 proxy: {{base_url: 'https://api.a.example'}}, {rest}}}"
            );
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", text);
            let (checked, specs) = compile(&sources, file, &[]);
            let [spec] = specs.as_slice() else { panic!("{mode} {rest}: {:?}", checked.diagnostics) };
            let asked: Vec<&str> = spec.credentials.iter().map(|field| field.name).collect();
            let known = inputs(Mode::parse(mode).unwrap());
            assert_eq!(asked.len(), expected, "{mode} {rest}: {asked:?}");
            assert!(asked.iter().all(|name| known.contains(name)), "{mode} {rest}: {asked:?}");
            // A field that the entry declares is a secret by its name; one of the row, because the row says so.
            assert!(spec.credentials.iter().all(|field| field.secret == is_secret(field.name)), "{mode} {rest}");
        }
    }

    #[test]
    fn names_say_what_is_secret() {
        for name in ["apiKey", "password", "client_secret", "privateKey", "access_token", "dev_key", "securityToken"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["username", "client_id", "token_id", "publicKey", "keyId", "tokenUrl", "role_arn", "email"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
