//! Four operations of Zendesk.

use keyway_providers::zendesk_api_key;
use serde::{Deserialize, Serialize};

#[keyway::api(zendesk_api_key)]
pub(crate) trait Tickets {
    #[get("/api/v2/tickets")]
    #[paginate(
        cursor = "page[after]",
        from = "meta.after_cursor",
        more = "meta.has_more",
        limit = "page[size]",
        items = "tickets"
    )]
    fn list_tickets(&self) -> Vec<Ticket>;

    #[post("/api/v2/tickets")]
    #[idempotent("idempotency-key")]
    fn create_ticket(&self, #[body] body: &TicketCreateRequest) -> TicketResponse;

    #[get("/api/v2/tickets/{ticket_id}")]
    fn show_ticket(&self, ticket_id: i64) -> TicketResponse;

    #[post("/api/v2/uploads")]
    fn upload_file(
        &self,
        #[query] filename: &str,
        #[body(bytes = "application/binary")] body: Vec<u8>,
    ) -> UploadResponse;
}

#[derive(Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) subject: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct TicketResponse {
    pub(crate) ticket: Option<Ticket>,
}

#[derive(Serialize)]
pub(crate) struct TicketCreateRequest {
    pub(crate) ticket: TicketCreateRequestTicket,
}

#[derive(Default, Serialize)]
pub(crate) struct TicketCreateRequestTicket {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<TicketCreateRequestTicketPriority>,
    pub(crate) comment: TicketCreateRequestTicketComment,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TicketCreateRequestTicketPriority {
    High,
}

#[derive(Default, Serialize)]
pub(crate) struct TicketCreateRequestTicketComment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uploads: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(crate) struct UploadResponse {
    pub(crate) upload: Option<UploadResponseUpload>,
}

#[derive(Deserialize)]
pub(crate) struct UploadResponseUpload {
    pub(crate) token: Option<String>,
}
