use keyway_providers::stripe_api_key;

#[derive(serde::Deserialize)]
struct Item {
    _id: u64,
}

#[keyway::api(stripe_api_key)]
trait Items {
    #[get("/items")]
    #[paginate(items = "data")]
    fn list(&self) -> Vec<Item>;
}

fn main() {}
