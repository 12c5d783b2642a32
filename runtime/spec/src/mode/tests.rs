//! The rows against each other, and against what forms ask.

use super::*;

#[test]
fn a_mode_is_found_by_the_name_in_its_row() {
    for mode in Mode::ALL {
        assert_eq!(Mode::parse(mode.name()), Some(*mode));
    }
    assert_eq!(Mode::ALL.len(), 17);
    for name in ["", "oauth2", "OAUTH", "APP_STORE"] {
        assert_eq!(Mode::parse(name), None, "{name}");
    }
}

#[test]
fn rows_do_not_contradict_themselves() {
    for mode in Mode::ALL {
        let row = mode.facts();
        assert!(!row.title.is_empty() && row.summary.ends_with('.'), "{mode}");
        let is_stored = |input: &Input| input.in_form == InForm::Never || row.stored.contains(&input.name);
        assert!(row.inputs.iter().all(is_stored), "{mode}: what is asked for is stored");
        let names = row.carried.submitted.iter().chain(row.carried.obtained);
        assert!(names.clone().all(|name| row.stored.contains(name)), "{mode}: what calls carry is stored");
        assert!(!row.code_flow || row.token == TokenFrom::Consent, "{mode}: a code needs consent");
        assert!(!row.app_page || row.connect == Connect::Interactive, "{mode}: an app page is a page");
        assert_ne!(row.connect, Connect::Outbound, "{mode}: an entry says so, not its mode");
    }
}

#[test]
fn a_form_asks_for_what_the_client_proves_itself_with() {
    let names = |mode: Mode, proof| -> [Option<&str>; 5] {
        let mut names = mode.facts().form_inputs(proof).map(|input| input.title);
        [names.next(), names.next(), names.next(), names.next(), names.next()]
    };
    let client = Mode::OAuth2ClientCredentials;
    for (mode, proof, expected) in [
        (Mode::ApiKey, ClientProof::Secret, [Some("API key"), None, None, None, None]),
        (Mode::OAuth2, ClientProof::Secret, [None; 5]),
        (client, ClientProof::Secret, [Some("Client ID"), Some("Client secret"), None, None, None]),
        (client, ClientProof::PrivateKey, [Some("Client ID"), Some("Private key"), None, None, None]),
        (
            client,
            ClientProof::Certificate,
            [
                Some("Client ID"),
                Some("Client secret"),
                Some("Client certificate"),
                Some("Private key of the certificate"),
                None,
            ],
        ),
        (Mode::AwsSigV4, ClientProof::Secret, [Some("Role ARN"), None, None, None, None]),
    ] {
        assert_eq!(names(mode, proof), expected, "{mode} {proof:?}");
    }
    assert!(Mode::AwsSigV4.facts().takes("external_id") && !Mode::AwsSigV4.facts().takes("apiKey"));
}
