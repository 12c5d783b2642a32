//! Operations of github.json, for the entry `github`.
//!
//! Above the marker this file is yours: `keyway import openapi --update` keeps it.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "the document has more than a program uses")]

use keyway_providers::github;

// Below this line `keyway import openapi --update` writes everything anew. Operations:
//   issues/list-for-repo
//   issues/create
//   issues/get
//   issues/create-comment
//   --trait Issues
//   --depth 1
//   --conditional
//   --members Issue=id,number,title,state,html_url,user
//   --members IssueComment=id,html_url
//   --members NullableSimpleUser=id,login
//   --members IssuesCreateBody=title,body,labels
//   --members IssuesListForRepoQuery=state,labels,sort,direction,since

#[keyway::api(github)]
#[error(BasicError)]
pub trait Issues {
    /// `issues/list-for-repo`
    #[get("/repos/{owner}/{repo}/issues")]
    #[docs("https://docs.github.com/rest/issues/issues#list-repository-issues")]
    #[paginate(link, limit = "per_page")]
    fn issues_list_for_repo(&self, owner: &str, repo: &str, #[query] query: &IssuesListForRepoQuery) -> Vec<Issue>;

    /// `issues/create`
    #[post("/repos/{owner}/{repo}/issues")]
    #[docs("https://docs.github.com/rest/issues/issues#create-an-issue")]
    fn issues_create(&self, owner: &str, repo: &str, #[body] body: &IssuesCreateBody) -> Issue;

    /// `issues/get`
    #[get("/repos/{owner}/{repo}/issues/{issue_number}")]
    #[docs("https://docs.github.com/rest/issues/issues#get-an-issue")]
    #[absent(304)]
    fn issues_get(
        &self,
        owner: &str,
        repo: &str,
        issue_number: i64,
        #[header("if-none-match")] if_none_match: Option<&str>,
    ) -> keyway::Answer<Option<Issue>>;

    /// `issues/create-comment`
    #[post("/repos/{owner}/{repo}/issues/{issue_number}/comments")]
    #[docs("https://docs.github.com/rest/issues/comments#create-an-issue-comment")]
    fn issues_create_comment(
        &self,
        owner: &str,
        repo: &str,
        issue_number: i64,
        #[body] body: &IssuesCreateCommentBody,
    ) -> IssueComment;
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct BasicError {
    pub message: Option<String>,
    pub documentation_url: Option<String>,
    pub url: Option<String>,
    pub status: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct Issue {
    pub id: Option<i64>,
    pub html_url: Option<String>,
    pub number: Option<i64>,
    pub state: Option<String>,
    pub title: Option<String>,
    pub user: Option<NullableSimpleUser>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct IssueComment {
    pub id: i64,
    pub html_url: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct IssuesCreateBody {
    /// Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<IssuesCreateBodyTitle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<IssuesCreateBodyLabelsItem>>,
}

#[derive(Clone, Debug, keyway::Serialize)]
#[serde(untagged)]
pub enum IssuesCreateBodyLabelsItem {
    Text(String),
    Object(Box<IssuesCreateBodyLabelsItemObject>),
    /// Of a kind that the document does not list.
    Other(serde_json::Value),
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct IssuesCreateBodyLabelsItemObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

#[derive(Clone, Debug, keyway::Serialize)]
#[serde(untagged)]
pub enum IssuesCreateBodyTitle {
    Text(String),
    Integer(i64),
    /// Of a kind that the document does not list.
    Other(serde_json::Value),
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct IssuesCreateCommentBody {
    pub body: String,
}

#[derive(Clone, Debug, keyway::Serialize)]
pub enum IssuesListForRepoDirection {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "desc")]
    Desc,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct IssuesListForRepoQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<IssuesListForRepoState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<IssuesListForRepoSort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<IssuesListForRepoDirection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

#[derive(Clone, Debug, keyway::Serialize)]
pub enum IssuesListForRepoSort {
    #[serde(rename = "created")]
    Created,
    #[serde(rename = "updated")]
    Updated,
    #[serde(rename = "comments")]
    Comments,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, keyway::Serialize)]
pub enum IssuesListForRepoState {
    #[serde(rename = "open")]
    Open,
    #[serde(rename = "closed")]
    Closed,
    #[serde(rename = "all")]
    All,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct NullableSimpleUser {
    pub login: Option<String>,
    pub id: i64,
}
