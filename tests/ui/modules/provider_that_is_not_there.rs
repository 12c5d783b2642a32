use keyway_providers::githup::Githup;

fn name() {
    let _ = std::any::type_name::<Githup>();
}

fn main() {}
