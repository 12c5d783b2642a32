//! `wsgidav`: the methods of RFC 4918 with their bodies through the proxy, Basic authentication, no dot segments.

use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::json;

fn dav(url: &str) -> String {
    let rest = format!(
        "    auth_mode: BASIC
    credentials:
        username:
            type: string
            title: User name
            description: The name you sign in with.
        password:
            type: string
            title: Password
            description: The password you sign in with.
            secret: true
    proxy:
        base_url: {url}
        verification:
            endpoints: [/]"
    );
    entry("dav", &rest)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_arrives_with_its_body() {
    let Some(installed) = installed() else { return };
    let peer = Peer::python(&installed, "webdav.py", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&dav(&url));
    let connection = |password: &str| json!({"integration": "dav", "connection_id": "user-1", "credentials": {"username": "someone", "password": password}});
    let refused = keyway.import(connection("wrong")).await;
    assert_eq!(refused.header("keyway-error"), "not_verified", "{}", refused.text());
    let made = keyway.import(connection("for tests")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let user = keyway.as_connection("dav", "user-1");
    let xml = user.with("content-type", "application/xml");

    let names = r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>"#;
    let set = r#"<?xml version="1.0"?><propertyupdate xmlns="DAV:"><set><prop><x xmlns="urn:x">kept</x></prop></set></propertyupdate>"#;
    let read = r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><x xmlns="urn:x"/></prop></propfind>"#;
    let lock = r#"<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>"#;
    let to = |path: &str| user.with("keyway-proxy-destination", &format!("{url}{path}"));
    let deep = xml.with("keyway-proxy-depth", "1");
    // Client, method, path, body; status, and what the answer holds.
    for (client, method, path, body, status, holds) in [
        (&user, "OPTIONS", "/", "", 200, ""),
        (&user, "MKCOL", "/folder", "", 201, ""),
        (&user, "MKCOL", "/folder", "", 405, ""),
        (&user, "PUT", "/folder/a.txt", "first", 201, ""),
        (&user, "PUT", "/folder/empty", "", 201, ""),
        (&user, "PUT", "/folder/a%20%C3%A9%2B(1)!.txt", "odd name", 201, ""),
        (&user, "GET", "/folder/a.txt", "", 200, "first"),
        (&user, "GET", "/folder/a%20%C3%A9%2B(1)!.txt", "", 200, "odd name"),
        (&user, "HEAD", "/folder/a.txt", "", 200, ""),
        (&deep, "PROPFIND", "/folder", names, 207, "<ns0:getcontentlength>5</ns0:getcontentlength>"),
        (&xml, "PROPPATCH", "/folder/a.txt", set, 207, "200 OK"),
        (&xml, "PROPFIND", "/folder/a.txt", read, 207, "kept"),
        (&to("/folder/b.txt"), "COPY", "/folder/a.txt", "", 201, ""),
        (&to("/folder/c.txt"), "MOVE", "/folder/b.txt", "", 201, ""),
        (&user, "GET", "/folder/c.txt", "", 200, "first"),
        (&user, "GET", "/folder/b.txt", "", 404, ""),
        (&user.with("range", "bytes=1-2"), "GET", "/folder/c.txt", "", 206, "ir"),
        (&user.with("if-none-match", "*"), "PUT", "/folder/c.txt", "second", 412, ""),
        (&xml, "LOCK", "/folder/c.txt", lock, 200, "opaquelocktoken:"),
        (&user, "DELETE", "/folder/c.txt", "", 423, ""),
        (&user, "DELETE", "/folder/a.txt", "", 204, ""),
    ] {
        let called = client.send(method, &format!("/proxy{path}"), body).await.unwrap();
        assert_eq!(called.status.as_u16(), status, "{method} {path}: {} {:?}", called.text(), called.headers);
        assert!(called.text().contains(holds), "{method} {path}: {}", called.text());
    }
    let head = user.send("HEAD", "/proxy/folder/c.txt", "").await.unwrap();
    assert_eq!(head.header("content-length"), "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dot_segment_is_refused_and_nothing_is_sent() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "webdav.py", &[]);
    let keyway = Keyway::start(&dav(peer.url()));
    let made = keyway
        .import(json!({"integration": "dav", "connection_id": "user-1", "credentials": {"username": "someone", "password": "for tests"}}))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let user = keyway.as_connection("dav", "user-1");
    for (method, path) in [("MKCOL", "/mine"), ("MKCOL", "/other"), ("PUT", "/other/kept")] {
        assert_eq!(user.send(method, &format!("/proxy{path}"), "").await.unwrap().status, 201, "{path}");
    }
    peer.ask("seen", json!({}));
    for path in [
        "/mine/../other/kept",
        "/mine/%2e%2e/other/kept",
        "/mine/.%2E/other/kept",
        "/mine/%2E%2E",
        "/mine/./../other",
        "/mine/.",
        "/..",
        "//other/kept",
        "/mine\\..\\other",
    ] {
        let called = user.send("DELETE", &format!("/proxy{path}"), "").await.unwrap();
        assert_eq!(called.status, 400, "{path}: {}", called.text());
        assert!(!called.header("keyway-error").is_empty(), "{path}: refused by the server, not by keyway");
    }
    assert_eq!(peer.ask("seen", json!({})), json!([]));
    assert_eq!(user.get("/proxy/other/kept").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_is_refused_until_the_new_one_is_stored() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "webdav.py", &[]);
    let keyway = Keyway::start(&dav(peer.url()));
    let connection = |password: &str| json!({"integration": "dav", "connection_id": "user-1", "credentials": {"username": "someone", "password": password}});
    assert_eq!(keyway.import(connection("for tests")).await.status, 201);
    let user = keyway.as_connection("dav", "user-1");
    assert_eq!(user.send("PROPFIND", "/proxy/", "").await.unwrap().status, 207);
    peer.ask("password", json!({"new": "another: one"}));
    let called = user.send("PROPFIND", "/proxy/", "").await.unwrap();
    assert_eq!((called.status.as_u16(), called.header("keyway-error")), (401, ""), "{}", called.text());
    assert_eq!(keyway.import(connection("for tests")).await.header("keyway-error"), "not_verified");
    assert!(keyway.import(connection("another: one")).await.status.is_success());
    assert_eq!(user.send("PROPFIND", "/proxy/", "").await.unwrap().status, 207);
}
