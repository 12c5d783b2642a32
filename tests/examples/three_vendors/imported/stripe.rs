//! Operations of stripe.json, for the entry `stripe-api-key`.
//!
//! Above the marker this file is yours: `keyway import openapi --update` keeps it.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "the document has more than a program uses")]

use keyway_providers::stripe_api_key;

// Below this line `keyway import openapi --update` writes everything anew. Operations:
//   GetCharges
//   PostPaymentIntents
//   GetPaymentIntentsIntent
//   PostPaymentIntentsIntentConfirm
//   --trait Payments
//   --depth 2
//   --members Charge=id,amount,currency,paid,description
//   --members PaymentIntent=id,status,amount,currency,client_secret
//   --members PostPaymentIntentsBody=amount,currency,customer,description,metadata
//   --members PostPaymentIntentsBody=automatic_payment_methods,shipping,payment_method_types
//   --members PostPaymentIntentsIntentConfirmBody=payment_method,return_url
//   --members Error=error
//   --members ApiErrors=code,message,param,type

#[keyway::api(stripe_api_key)]
#[error(Error)]
pub trait Payments {
    /// `GetCharges`
    #[get("/v1/charges")]
    #[paginate(last = "id", as = "starting_after", more = "has_more", limit = "limit", items = "data")]
    fn get_charges(
        &self,
        #[query("created", style = "deep_object")] created: Option<&GetChargesCreated>,
        #[query("expand", style = "brackets")] expand: Option<&[&str]>,
        #[query] query: &GetChargesQuery,
    ) -> Vec<Charge>;

    /// `PostPaymentIntents`
    #[post("/v1/payment_intents")]
    #[idempotent("idempotency-key")]
    fn post_payment_intents(&self, #[body(form = "brackets")] body: &PostPaymentIntentsBody) -> PaymentIntent;

    /// `GetPaymentIntentsIntent`
    #[get("/v1/payment_intents/{intent}")]
    fn get_payment_intents_intent(
        &self,
        intent: &str,
        #[query("expand", style = "brackets")] expand: Option<&[&str]>,
        #[query] client_secret: Option<&str>,
    ) -> PaymentIntent;

    /// `PostPaymentIntentsIntentConfirm`
    #[post("/v1/payment_intents/{intent}/confirm")]
    #[idempotent("idempotency-key")]
    fn post_payment_intents_intent_confirm(
        &self,
        intent: &str,
        #[body(form = "brackets")] body: &PostPaymentIntentsIntentConfirmBody,
    ) -> PaymentIntent;
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct ApiErrors {
    pub code: Option<String>,
    pub message: Option<String>,
    pub param: Option<String>,
    #[serde(rename = "type")]
    pub type_: Option<ApiErrorsType>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, keyway::Deserialize)]
pub enum ApiErrorsType {
    #[serde(rename = "api_error")]
    ApiError,
    #[serde(rename = "card_error")]
    CardError,
    #[serde(rename = "idempotency_error")]
    IdempotencyError,
    #[serde(rename = "invalid_request_error")]
    InvalidRequestError,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct Charge {
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub description: Option<String>,
    pub id: String,
    pub paid: Option<bool>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct Error {
    pub error: Option<ApiErrors>,
}

#[derive(Clone, Debug, keyway::Serialize)]
#[serde(untagged)]
pub enum GetChargesCreated {
    Object(Box<GetChargesCreatedObject>),
    Integer(i64),
    /// Of a kind that the document does not list.
    Other(serde_json::Value),
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct GetChargesCreatedObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gt: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gte: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lt: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lte: Option<i64>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct GetChargesQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_intent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_group: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Deserialize)]
pub struct PaymentIntent {
    pub amount: Option<i64>,
    pub client_secret: Option<String>,
    pub currency: Option<String>,
    pub id: String,
    pub status: Option<PaymentIntentStatus>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, keyway::Deserialize)]
pub enum PaymentIntentStatus {
    #[serde(rename = "canceled")]
    Canceled,
    #[serde(rename = "processing")]
    Processing,
    #[serde(rename = "requires_action")]
    RequiresAction,
    #[serde(rename = "requires_capture")]
    RequiresCapture,
    #[serde(rename = "requires_confirmation")]
    RequiresConfirmation,
    #[serde(rename = "requires_payment_method")]
    RequiresPaymentMethod,
    #[serde(rename = "succeeded")]
    Succeeded,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct PostPaymentIntentsBody {
    pub amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_payment_methods: Option<PostPaymentIntentsBodyAutomaticPaymentMethods>,
    pub currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_types: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<PostPaymentIntentsBodyShipping>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct PostPaymentIntentsBodyAutomaticPaymentMethods {
    pub enabled: bool,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct PostPaymentIntentsBodyShipping {
    pub address: PostPaymentIntentsBodyShippingAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct PostPaymentIntentsBodyShippingAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

#[derive(Clone, Debug, Default, keyway::Serialize)]
pub struct PostPaymentIntentsIntentConfirmBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
}
