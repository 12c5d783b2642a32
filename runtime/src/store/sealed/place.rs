//! Where a value is sealed for, and the ids that say it.

use crate::error::{Error, ErrorKind, Result};
use crate::seal::{SealContext, SealingKey, SealingKeys};
use crate::secret::Secret;
use crate::store::RegistrationKey;

/// Where the value that proves the key is sealed for.
pub(in crate::store) const CHECK: SealContext<'static> =
    SealContext { integration: "", connection: "", column: "check" };
/// What it says: that every value of the store is bound to its row.
pub(in crate::store) const CHECK_TEXT: &[u8] = b"keyway, rows bound";

/// An id for an integration that has none: 128 random bits. Never changed: what is sealed is sealed to it.
pub(in crate::store) fn new_id() -> Result<String> {
    // A fresh key's id is the hash of fresh randomness; two of them are an id that no generator of ours repeats.
    Ok([SealingKey::generate()?.id(), SealingKey::generate()?.id()].concat())
}

/// The place of a connection's metadata; `integration` is the internal id.
pub(in crate::store) fn metadata_place<'a>(integration: &'a str, connection: &'a str) -> SealContext<'a> {
    SealContext { integration, connection, column: "metadata" }
}

/// The place of a ticket's payload.
pub(in crate::store) fn ticket_place(id: &str) -> SealContext<'_> {
    SealContext { integration: "", connection: id, column: "payload" }
}

/// What a registered client's row is, inside its integration: what its sealed value is bound to.
pub(in crate::store) fn registration_row(key: &RegistrationKey, client_id: &str) -> String {
    format!("{} {} {client_id}", key.issuer, key.request)
}

/// The place of a registered client's answer; `row` is its [`registration_row`].
pub(in crate::store) fn registration_place<'a>(integration: &'a str, row: &'a str) -> SealContext<'a> {
    SealContext { integration, connection: row, column: "answer" }
}

/// Opens a value that is a text.
pub(in crate::store) fn open_text(
    keys: &SealingKeys,
    place: SealContext<'_>,
    beside: &[u8],
    sealed: &[u8],
) -> Result<Secret> {
    let opened = keys.open_beside(place, beside, sealed)?;
    let text = std::str::from_utf8(&opened)
        .map_err(|_| Error::new(ErrorKind::SealBroken, "a stored text is not UTF-8: restore a copy"))?;
    Ok(Secret::new(text))
}
