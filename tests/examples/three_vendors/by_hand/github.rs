//! Four operations of GitHub.

use keyway_providers::github;
use serde::{Deserialize, Serialize};

#[keyway::api(github)]
pub(crate) trait Issues {
    #[get("/repos/{owner}/{repo}/issues")]
    #[paginate]
    fn issues_list_for_repo(&self, owner: &str, repo: &str, #[query] query: &IssuesListForRepoQuery) -> Vec<Issue>;

    #[post("/repos/{owner}/{repo}/issues")]
    fn issues_create(&self, owner: &str, repo: &str, #[body] body: &IssuesCreateBody) -> Issue;

    #[get("/repos/{owner}/{repo}/issues/{number}")]
    #[absent(304)]
    fn issues_get(
        &self,
        owner: &str,
        repo: &str,
        number: i64,
        #[header("if-none-match")] tag: Option<&str>,
    ) -> keyway::Answer<Option<Issue>>;

    #[post("/repos/{owner}/{repo}/issues/{number}/comments")]
    fn issues_create_comment(&self, owner: &str, repo: &str, number: i64, #[body] body: &IssuesCreateCommentBody);
}

#[derive(Deserialize)]
pub(crate) struct Issue {
    pub(crate) number: Option<i64>,
    pub(crate) title: Option<String>,
}

#[derive(Default, Serialize)]
pub(crate) struct IssuesListForRepoQuery {
    pub(crate) state: Option<IssuesListForRepoState>,
    pub(crate) labels: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IssuesListForRepoState {
    Open,
}

#[derive(Default, Serialize)]
pub(crate) struct IssuesCreateBody {
    pub(crate) title: Option<IssuesCreateBodyTitle>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum IssuesCreateBodyTitle {
    Text(String),
}

#[derive(Serialize)]
pub(crate) struct IssuesCreateCommentBody {
    pub(crate) body: String,
}
