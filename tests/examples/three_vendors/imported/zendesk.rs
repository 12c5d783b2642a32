//! Operations of zendesk.yaml, for the entry `zendesk-api-key`.
//!
//! Above the marker this file is yours: `keyway import openapi --update` keeps it.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "the document has more than a program uses")]

use keyway_providers::zendesk_api_key;

// Below this line `keyway import openapi --update` writes everything anew. Operations:
//   ListTickets
//   CreateTicket
//   ShowTicket
//   UploadFile
//   --trait Tickets

#[keyway::api(zendesk_api_key)]
pub trait Tickets {
    /// `ListTickets`
    #[get("/api/v2/tickets")]
    #[docs("https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets")]
    #[paginate(
        cursor = "page[after]",
        from = "meta.after_cursor",
        more = "meta.has_more",
        limit = "page[size]",
        items = "tickets"
    )]
    fn list_tickets(&self) -> Vec<Ticket>;

    /// `CreateTicket`
    #[post("/api/v2/tickets")]
    #[docs("https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket")]
    #[idempotent("idempotency-key")]
    #[error(Problem)]
    fn create_ticket(&self, #[body] body: &TicketCreateRequest) -> TicketResponse;

    /// `ShowTicket`
    #[get("/api/v2/tickets/{ticket_id}")]
    #[docs("https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-ticket")]
    fn show_ticket(&self, ticket_id: i64) -> TicketResponse;

    /// `UploadFile`
    #[post("/api/v2/uploads")]
    #[docs("https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/#upload-files")]
    fn upload_file(
        &self,
        #[query] filename: &str,
        #[body(bytes = "application/binary")] body: Vec<u8>,
    ) -> UploadResponse;
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct Problem {
    pub error: Option<String>,
    pub description: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct Ticket {
    pub id: i64,
    pub subject: Option<String>,
    pub status: Option<TicketStatus>,
    pub priority: Option<TicketPriority>,
    pub requester_id: Option<i64>,
    pub tags: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct TicketCreateRequest {
    pub ticket: TicketCreateRequestTicket,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct TicketCreateRequestTicket {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<TicketCreateRequestTicketPriority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    pub comment: TicketCreateRequestTicketComment,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct TicketCreateRequestTicketComment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uploads: Option<Vec<String>>,
}

#[derive(Clone, Debug, keyway::Serialize)]
pub enum TicketCreateRequestTicketPriority {
    #[serde(rename = "urgent")]
    Urgent,
    #[serde(rename = "high")]
    High,
    #[serde(rename = "normal")]
    Normal,
    #[serde(rename = "low")]
    Low,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, keyway::Deserialize)]
pub enum TicketPriority {
    #[serde(rename = "urgent")]
    Urgent,
    #[serde(rename = "high")]
    High,
    #[serde(rename = "normal")]
    Normal,
    #[serde(rename = "low")]
    Low,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct TicketResponse {
    pub ticket: Option<Ticket>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, keyway::Deserialize)]
pub enum TicketStatus {
    #[serde(rename = "new")]
    New,
    #[serde(rename = "open")]
    Open,
    #[serde(rename = "pending")]
    Pending,
    #[serde(rename = "hold")]
    Hold,
    #[serde(rename = "solved")]
    Solved,
    #[serde(rename = "closed")]
    Closed,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct UploadResponse {
    pub upload: Option<UploadResponseUpload>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct UploadResponseUpload {
    pub token: Option<String>,
    pub expires_at: Option<String>,
}
