//! Four operations of Stripe.

use keyway_providers::stripe_api_key;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[keyway::api(stripe_api_key)]
#[error(Error)]
pub(crate) trait Payments {
    #[get("/v1/charges")]
    #[paginate(last = "id", as = "starting_after", more = "has_more", limit = "limit", items = "data")]
    fn get_charges(
        &self,
        #[query("created", style = "deep_object")] created: Option<&BTreeMap<String, i64>>,
        #[query("expand", style = "brackets")] expand: Option<&[&str]>,
        #[query] query: &GetChargesQuery,
    ) -> Vec<Charge>;

    #[post("/v1/payment_intents")]
    #[idempotent("idempotency-key")]
    fn post_payment_intents(&self, #[body(form = "brackets")] body: &PostPaymentIntentsBody) -> PaymentIntent;

    #[get("/v1/payment_intents/{intent}")]
    fn get_payment_intents_intent(
        &self,
        intent: &str,
        #[query("expand", style = "brackets")] expand: Option<&[&str]>,
        #[query] client_secret: Option<&str>,
    ) -> PaymentIntent;

    #[post("/v1/payment_intents/{intent}/confirm")]
    #[idempotent("idempotency-key")]
    fn post_payment_intents_intent_confirm(
        &self,
        intent: &str,
        #[body(form = "brackets")] body: &PostPaymentIntentsIntentConfirmBody,
    ) -> PaymentIntent;
}

#[derive(Default, Serialize)]
pub(crate) struct GetChargesQuery {
    pub(crate) customer: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Charge {
    pub(crate) amount: Option<i64>,
    pub(crate) paid: Option<bool>,
}

#[derive(Deserialize)]
pub(crate) struct PaymentIntent {
    pub(crate) id: String,
    pub(crate) status: Option<PaymentIntentStatus>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentIntentStatus {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    RequiresCapture,
    Processing,
    Canceled,
    Succeeded,
    #[serde(untagged)]
    Other(#[allow(dead_code, reason = "it is printed")] String),
}

#[derive(Default, Serialize)]
pub(crate) struct PostPaymentIntentsBody {
    pub(crate) amount: i64,
    pub(crate) automatic_payment_methods: Option<PostPaymentIntentsBodyAutomaticPaymentMethods>,
    pub(crate) currency: String,
    pub(crate) metadata: Option<BTreeMap<String, String>>,
    pub(crate) shipping: Option<PostPaymentIntentsBodyShipping>,
}

#[derive(Serialize)]
pub(crate) struct PostPaymentIntentsBodyAutomaticPaymentMethods {
    pub(crate) enabled: bool,
}

#[derive(Default, Serialize)]
pub(crate) struct PostPaymentIntentsBodyShipping {
    pub(crate) address: PostPaymentIntentsBodyShippingAddress,
    pub(crate) name: String,
}

#[derive(Default, Serialize)]
pub(crate) struct PostPaymentIntentsBodyShippingAddress {
    pub(crate) city: Option<String>,
    pub(crate) line1: Option<String>,
}

#[derive(Default, Serialize)]
pub(crate) struct PostPaymentIntentsIntentConfirmBody {
    pub(crate) payment_method: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Error {
    pub(crate) error: Option<ApiErrors>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ApiErrors {
    pub(crate) message: Option<String>,
}
