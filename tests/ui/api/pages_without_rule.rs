use keyway_providers::openweather;

#[derive(serde::Deserialize)]
struct Item {
    _id: u64,
}

#[keyway::api(openweather)]
trait Items {
    #[get("/items")]
    #[paginate(items = "data")]
    fn list(&self) -> Vec<Item>;
}

fn main() {}
