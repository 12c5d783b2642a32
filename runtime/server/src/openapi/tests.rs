//! The table and the document against the rest of the server.

#[test]
fn dump() {
    std::fs::write("/tmp/h-e-doc.json", super::DOCUMENT.to_string()).unwrap();
}
