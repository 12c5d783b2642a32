//! Compiles the providers of one category, with a file of the user's own laid over them.

fn main() -> Result<(), kwc::build::Failed> {
    kwc::build::providers("../providers.yaml").overlay("../staging.yaml").categories(["crm"]).compile()
}
