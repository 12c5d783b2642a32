//! The credentials that a customer submits, and when a form asks for them.

/// A credential that a customer submits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// Its label in a form.
    pub title: &'static str,
    /// True if its value must not be shown.
    pub secret: bool,
    /// Whether a form asks for it.
    pub in_form: InForm,
}

/// When a form asks for an input that the entry does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForm {
    /// Always.
    Always,
    /// Never; a program may submit it.
    Never,
    /// When the client proves itself in one of these ways.
    For(&'static [ClientProof]),
}

/// The credential of a customer's client at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProof {
    /// A client secret (RFC 6749 section 2.3.1).
    Secret,
    /// A client secret, and a TLS client certificate (RFC 8705) that goes along with every call.
    Certificate,
    /// An assertion signed with a private key (RFC 7523 section 2.2).
    PrivateKey,
}

pub(super) const fn text(name: &'static str, title: &'static str) -> Input {
    Input { name, title, secret: false, in_form: InForm::Always }
}

pub(super) const fn secret(name: &'static str, title: &'static str) -> Input {
    Input { secret: true, ..text(name, title) }
}

pub(super) const fn never(input: Input) -> Input {
    Input { in_form: InForm::Never, ..input }
}

pub(super) const fn proof(proofs: &'static [ClientProof], input: Input) -> Input {
    Input { in_form: InForm::For(proofs), ..input }
}

pub(super) const USER: Input = text("username", "User name");
pub(super) const PASSWORD: Input = secret("password", "Password");
/// A client of the customer's own, in the place of the operator's.
pub(super) const OWN_ID: Input = never(text("oauth_client_id_override", "Client ID of your own app"));
pub(super) const OWN_SECRET: Input = never(secret("oauth_client_secret_override", "Client secret of your own app"));
pub(super) const OWN_REFRESH: Input = never(secret("oauth_refresh_token_override", "Refresh token of your own app"));
