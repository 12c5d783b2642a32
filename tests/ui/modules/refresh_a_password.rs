use keyway::Keyway;
use keyway_providers::jira_basic;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    let jira = keyway.integration::<jira_basic::JiraBasic>("jira-basic")?;
    jira.refresh("user-42").await?;
    Ok(())
}

fn main() {}
