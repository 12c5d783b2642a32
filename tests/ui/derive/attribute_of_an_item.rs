#[derive(keyway::Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue {
    html_url: String,
}

fn main() {}
