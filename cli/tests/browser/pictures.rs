//! Pictures of the pages in light and in dark, for the book.
//!
//! ```sh
//! KEYWAY_SCREENSHOTS=docs/src/pictures/console cargo test -p keyway-cli --test browser -- in_a_dozen_clicks at_a_desk
//! ```

use crate::chromium::DESK;
use crate::person::Person;
use serde_json::json;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// The schemes of colours.
pub(crate) const SCHEMES: [&str; 2] = ["light", "dark"];

/// The largest picture, in bytes: they are in the repository.
const MAX_PICTURE: usize = 60_000;

/// Has the browser say that a scheme is preferred.
pub(crate) async fn prefer(person: &Person, scheme: &str) {
    // Without the transitions, in which colours are between two.
    let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    person.driver.cdp().send_raw("Emulation.setEmulatedMedia", json!({"features": features})).await.unwrap();
}

/// Takes the page in both schemes, where `KEYWAY_SCREENSHOTS` names a folder; a relative one is below the workspace.
pub(crate) async fn keep(person: &Person, name: &str) {
    take(person, name, (1100, 760)).await;
}

/// The same of a page of customers, which is narrow, as a whole.
pub(crate) async fn keep_whole(person: &Person, name: &str) {
    let bottom = "return Math.ceil(document.querySelector('main .card').getBoundingClientRect().bottom + scrollY)";
    let height = person.eval(bottom).await.as_u64().unwrap_or_default();
    take(person, name, (720, (height + 40).clamp(360, 1600))).await;
}

async fn take(person: &Person, name: &str, (width, height): (u64, u64)) {
    let Some(folder) = std::env::var_os("KEYWAY_SCREENSHOTS").map(PathBuf::from) else { return };
    if person.look.name != DESK.name {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    // Nothing has the focus, and nothing blinks.
    person.eval("document.activeElement?.blur(); scrollTo(0, 0)").await;
    let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    person.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await.unwrap();
    for scheme in SCHEMES {
        prefer(person, scheme).await;
        let picture = person.driver.screenshot_as_png().await.unwrap();
        let picture = packed(&picture);
        assert!(picture.len() <= MAX_PICTURE, "{name} in {scheme}: {} bytes", picture.len());
        std::fs::write(folder.join(format!("{name}-{scheme}.png")), &picture).unwrap();
    }
    prefer(person, "light").await;
    person.driver.cdp().send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await.unwrap();
}

/// The same picture in fewer bytes: a browser packs it in a hurry.
fn packed(picture: &[u8]) -> Vec<u8> {
    let mut read = png::Decoder::new(Cursor::new(picture)).read_info().unwrap();
    let mut pixels = vec![0; read.output_buffer_size().unwrap()];
    let frame = read.next_frame(&mut pixels).unwrap();
    let mut packed = Vec::new();
    let mut encoder = png::Encoder::new(&mut packed, frame.width, frame.height);
    encoder.set_color(frame.color_type);
    encoder.set_deflate_compression(png::DeflateCompression::Level(9));
    // Of a page, which is flat, the filters make more.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    packed
}
