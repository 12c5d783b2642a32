//! The program. It is compiled twice, with the operations of the module around it.

use super::super::Accounts;
use super::github::{
    Issues, IssuesCreateBody, IssuesCreateBodyTitle, IssuesCreateCommentBody, IssuesListForRepoQuery,
    IssuesListForRepoState,
};
use super::stripe::{
    GetChargesQuery, Payments, PostPaymentIntentsBody, PostPaymentIntentsBodyAutomaticPaymentMethods,
    PostPaymentIntentsBodyShipping, PostPaymentIntentsBodyShippingAddress, PostPaymentIntentsIntentConfirmBody,
};
use super::zendesk::{
    TicketCreateRequest, TicketCreateRequestTicket, TicketCreateRequestTicketComment,
    TicketCreateRequestTicketPriority, Tickets,
};
use keyway::CallError;
use std::collections::BTreeMap;

const OWNER: &str = "acme";
const REPO: &str = "billing";
/// Items that are read of a list, at most.
const MAX_ITEMS: usize = 1_000;

/// Goes through all of it: what was done, in a line.
pub(crate) async fn run(accounts: &Accounts) -> Result<String, Box<dyn std::error::Error>> {
    let ticket = ticket(accounts).await?;
    let (charges, paid) = payment(accounts, ticket).await?;
    let issue = issue(accounts, ticket).await?;
    Ok(format!("ticket {ticket}, {charges} charges, {paid}, issue {issue}"))
}

/// The newest open ticket, with the follow-up that its customer gets.
async fn ticket(accounts: &Accounts) -> Result<i64, Box<dyn std::error::Error>> {
    let zendesk = &accounts.zendesk;
    let tickets = zendesk.list_tickets().limit(2).collect(MAX_ITEMS).await?;
    let newest = tickets.iter().map(|ticket| ticket.id).max().ok_or("there is no ticket")?;
    let ticket = zendesk.show_ticket(newest).await?.ticket.ok_or("an answer without a ticket")?;
    let upload = zendesk.upload_file("receipt #1.txt", b"2 x 10 EUR\n\xff".to_vec()).await?;
    let uploads = upload.upload.and_then(|upload| upload.token).map(|token| vec![token]);
    let request = TicketCreateRequest {
        ticket: TicketCreateRequestTicket {
            subject: ticket.subject.map(|subject| format!("Re: {subject}")),
            priority: Some(TicketCreateRequestTicketPriority::High),
            comment: TicketCreateRequestTicketComment {
                body: Some("We look into it.".to_owned()),
                uploads,
                ..Default::default()
            },
            ..Default::default()
        },
    };
    zendesk.create_ticket(&request).await?;
    Ok(newest)
}

/// The number of charges, and the state of the new payment.
async fn payment(accounts: &Accounts, ticket: i64) -> Result<(usize, String), Box<dyn std::error::Error>> {
    let stripe = &accounts.stripe;
    let of_customer = GetChargesQuery { customer: Some("cus_1&2".to_owned()), ..Default::default() };
    let charges = stripe.get_charges(None, None, &of_customer).limit(2).collect(MAX_ITEMS).await?;
    let paid: i64 = charges.iter().filter(|charge| charge.paid == Some(true)).filter_map(|charge| charge.amount).sum();
    let address = PostPaymentIntentsBodyShippingAddress {
        line1: Some("Unter den Linden 1".to_owned()),
        city: Some("Köln".to_owned()),
        ..Default::default()
    };
    let body = PostPaymentIntentsBody {
        amount: paid / 2,
        currency: "eur".to_owned(),
        automatic_payment_methods: Some(PostPaymentIntentsBodyAutomaticPaymentMethods { enabled: true }),
        metadata: Some(BTreeMap::from([("ticket".to_owned(), ticket.to_string())])),
        shipping: Some(PostPaymentIntentsBodyShipping {
            address,
            name: "Ada Lovelace".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let intent = match stripe.post_payment_intents(&body).await {
        Ok(intent) => intent,
        Err(CallError::Refused { body, .. }) => {
            let message = body.error.and_then(|error| error.message).unwrap_or_default();
            return Err(format!("Stripe refuses: {message}").into());
        }
        Err(error) => return Err(error.into()),
    };
    let seen = stripe.get_payment_intents_intent(&intent.id, None, None).await?;
    let confirm =
        PostPaymentIntentsIntentConfirmBody { payment_method: Some("pm_card_visa".to_owned()), ..Default::default() };
    let confirmed = stripe.post_payment_intents_intent_confirm(&seen.id, &confirm).await?;
    Ok((charges.len(), format!("{} {:?}", confirmed.id, confirmed.status)))
}

/// The number of the issue, which is made where there is none with such a title.
async fn issue(accounts: &Accounts, ticket: i64) -> Result<i64, Box<dyn std::error::Error>> {
    let github = &accounts.github;
    let title = format!("Charged twice (ticket {ticket})");
    let open = IssuesListForRepoQuery {
        state: Some(IssuesListForRepoState::Open),
        labels: Some("bug,billing".to_owned()),
        ..Default::default()
    };
    let issues = github.issues_list_for_repo(OWNER, REPO, &open).limit(2).collect(MAX_ITEMS).await?;
    let known = issues.iter().find(|issue| issue.title.as_deref() == Some(&title)).and_then(|issue| issue.number);
    let number = if let Some(number) = known {
        number
    } else {
        let body = IssuesCreateBody { title: Some(IssuesCreateBodyTitle::Text(title)), ..Default::default() };
        github.issues_create(OWNER, REPO, &body).await?.number.ok_or("an issue without a number")?
    };
    let comment = IssuesCreateCommentBody { body: "Refunded; see the ticket.".to_owned() };
    github.issues_create_comment(OWNER, REPO, number, &comment).await?;
    let seen = github.issues_get(OWNER, REPO, number, None).await?;
    let tag = seen.headers.get("etag").and_then(|tag| tag.to_str().ok());
    let again = github.issues_get(OWNER, REPO, number, tag).await?;
    match again.value {
        None => Ok(number), // 304: nobody else has written to it
        Some(_) => Err("the issue has changed meanwhile".into()),
    }
}
