//! What payment gateways send by themselves, outside of the API: no key, but a signature.

use std::time::Duration;

use app::{App, collection};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use billing::id::GatewayId;

use crate::{
    body,
    error::{ApiError, no_resource},
};

/// Where Stripe sends its notices, each gateway of an account its own.
pub(crate) const STRIPE: &str = "/webhooks/stripe/{gateway}";

/// Largest notice; Stripe's are far smaller.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Hears a notice of Stripe.
pub(crate) async fn stripe(app: App, gateway: String, headers: HeaderMap, body: Body, time_max: Duration) -> Response {
    let Ok(gateway) = gateway.parse().map(GatewayId) else { return no_resource() };
    let body = match body::read(body, BODY_BYTES_MAX, time_max).await {
        Ok(body) => body,
        Err(told) => return told.into_response(),
    };
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match collection::notice(&app, gateway, signature, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => ApiError::App(error).respond("notice"),
    }
}
