//! The frame around every call: path, limits of size, authentication, request limits, headers of every response.

use std::{
    collections::BTreeMap, num::NonZero, panic::AssertUnwindSafe, sync::Arc, thread::available_parallelism,
    time::Duration,
};

use app::{App, Caller, Error, Idempotency, bulk};
use axum::{
    Router,
    body::Body,
    extract::{Path, RawPathParams, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, get, post},
};
use futures_util::FutureExt;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;

use crate::{
    auth::{self, Malformed},
    body,
    call::Call,
    callers::Callers,
    error::{ApiError, no_resource},
    limits::{Allowance, Limits, Meter},
    links::Links,
    openapi,
    operation::Operation,
    routes,
    stream::Stream,
    webhooks,
    wire::{error::ErrorBody, path::NormalisePath, query::Query},
};

/// Longest idempotency key, in characters.
const IDEMPOTENCY_KEY_MAX: usize = 255;
/// Tells clients that it is the key that is wrong.
const AUTHORIZATION_FAILED: &str = "x-authorizationfailed";

/// How the server presents itself.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where callers reach it, for `uri` members; the request's `Host` when absent.
    pub base_url: Option<String>,
    /// Requests of an account.
    pub limits: Limits,
    /// PDF files that an account may read in one calendar minute (conventions.md §11).
    pub pdf_per_minute: i64,
    /// Largest request body.
    pub body_bytes_max: usize,
    /// How long a request body may take to arrive.
    pub body_time_max: Duration,
    /// Bulk jobs.
    pub bulk: bulk::Limits,
}

struct Frame {
    app: App,
    config: Config,
    meter: Meter,
    /// PDF files of an account, beside its calls.
    pdf_meter: Meter,
    desk: Arc<Semaphore>,
    operations: Vec<Arc<Operation>>,
    callers: Callers,
}

/// The service that answers HTTP requests.
pub fn service(app: App, config: Config) -> NormalisePath<Router> {
    service_of(app, config, routes::operations())
}

fn service_of(app: App, config: Config, operations: Vec<Operation>) -> NormalisePath<Router> {
    let meter = Meter::new(config.limits);
    let pdf_meter = Meter::new(Limits { per_minute: config.pdf_per_minute, per_day: i64::MAX });
    let desk = Arc::new(Semaphore::new(available_parallelism().map_or(1, NonZero::get)));
    let operations = operations.into_iter().map(Arc::new).collect();
    let frame = Arc::new(Frame { app, config, meter, pdf_meter, desk, operations, callers: Callers::new() });
    let mut paths: BTreeMap<String, MethodRouter> = BTreeMap::new();
    for (index, operation) in frame.operations.iter().enumerate() {
        let filter = MethodFilter::try_from(operation.method.clone());
        let filter = filter.unwrap_or_else(|error| unreachable!("every operation has a routable method: {error}"));
        let own = Arc::clone(&frame);
        let handler = move |request: Request| {
            let frame = Arc::clone(&own);
            async move { frame.answer(&frame.operations[index], request).await }
        };
        let path = operation.path.to_ascii_lowercase();
        let methods = paths.remove(&path).unwrap_or_default();
        paths.insert(path, methods.on(filter, handler));
    }
    let router = paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(&path, methods));
    let (finishing, hearing) = (Arc::clone(&frame), Arc::clone(&frame));
    let hear = move |Path(gateway): Path<String>, headers: HeaderMap, body: Body| async move {
        webhooks::stripe(hearing.app.clone(), gateway, headers, body, hearing.config.body_time_max).await
    };
    let router = router
        .route(webhooks::STRIPE, post(hear))
        .route("/openapi.json", get(async || crate::wire::answer::Json(openapi::document())))
        .route("/health", get(async || crate::wire::answer::Json(serde_json::json!({ "status": "ok" }))))
        .fallback(async || no_resource())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CompressionLayer::new().gzip(true))
        .layer(axum::middleware::from_fn(move |request: Request, next: axum::middleware::Next| {
            let frame = Arc::clone(&finishing);
            async move {
                let response = if request.method() == Method::OPTIONS { preflight() } else { next.run(request).await };
                frame.finish(response)
            }
        }));
    NormalisePath::new(router)
}

async fn method_not_allowed(request: Request) -> Response {
    // The original lists no bulk jobs, and says so with a 404 (bulk-jobs.md §2).
    if request.method() == Method::GET && request.uri().path() == "/v1/bulkapi" {
        return no_resource();
    }
    let text = format!("The requested resource does not support http method '{}'.", request.method());
    ErrorBody::api(StatusCode::METHOD_NOT_ALLOWED, text).into_response()
}

/// Any page may ask what it may send (conventions.md §1).
fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Idempotency-Key"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

impl Frame {
    /// Answers one call. It counts against its account's limits unless its key turns out to be none any more.
    async fn answer(&self, operation: &Arc<Operation>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let caller = match self.caller(&parts.headers).await {
            Ok(caller) => caller,
            Err(refusal) => return refusal,
        };
        let now = self.app.now();
        let allowance = self.meter.count(caller.account, now);
        if let Some(text) = allowance.exceeded() {
            return limited(ErrorBody::api(StatusCode::TOO_MANY_REQUESTS, text).into_response(), &allowance);
        }
        let answer = self.act(operation, parts, body, caller.clone()).await;
        match self.of_open_key(answer, &caller).await {
            Ok(response) => limited(response, &allowance),
            Err(closed @ ApiError::App(Error::Unauthorized)) => {
                self.callers.forget(&caller);
                self.meter.give_back(caller.account, now);
                closed.respond(operation.parameter)
            }
            Err(error) => limited(error.respond(operation.parameter), &allowance),
        }
    }

    /// Runs the operation; a panic answers as an error and nothing else.
    async fn act(
        &self,
        operation: &Arc<Operation>,
        parts: Parts,
        body: Body,
        caller: Caller,
    ) -> Result<Response, ApiError> {
        let answer = AssertUnwindSafe(self.run(operation, parts, body, caller)).catch_unwind().await;
        answer.unwrap_or_else(|_| {
            tracing::error!(path = operation.path, "a handler panicked");
            let text = "The request could not be completed.";
            Err(ApiError::Answer(ErrorBody::api(StatusCode::INTERNAL_SERVER_ERROR, text)))
        })
    }

    async fn run(
        &self,
        operation: &Arc<Operation>,
        mut parts: Parts,
        body: Body,
        caller: Caller,
    ) -> Result<Response, ApiError> {
        if operation.is_pdf() && self.pdf_meter.count(caller.account, self.app.now()).exceeded().is_some() {
            let per_minute = self.config.pdf_per_minute;
            let text = format!("API rate limit of {per_minute} PDF files per minute exceeded. HTML is not limited.");
            return Err(ApiError::Answer(ErrorBody::api(StatusCode::TOO_MANY_REQUESTS, text)));
        }
        let (stream, body) = if operation.streams.is_empty() { (Body::empty(), body) } else { (body, Body::empty()) };
        let stream = Stream::new(stream, &parts.headers, self.config.body_time_max);
        let body = body::read(body, self.config.body_bytes_max, self.config.body_time_max).await;
        let body = body.map_err(ApiError::Answer)?;
        let path = path_parameters(&mut parts).await;
        let idempotency = idempotency(&self.app, operation, &parts, &body)?;
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        refuse_vain_preview(operation, &query)?;
        let call = Call {
            operation: Arc::clone(operation),
            app: self.app.clone(),
            caller,
            links: Arc::new(self.links(&parts.headers)),
            query,
            path,
            body,
            stream,
            idempotency,
            bulk: self.config.bulk,
            desk: Arc::clone(&self.desk),
        };
        (operation.handler)(call).await
    }

    /// The answer, if the key of the call still opens its account. What is done or read has looked at the key itself; a refusal
    /// may have come before that, and a revoked key is told of nothing but itself.
    async fn of_open_key(&self, answer: Result<Response, ApiError>, caller: &Caller) -> Result<Response, ApiError> {
        match &answer {
            Ok(_) | Err(ApiError::App(Error::Unauthorized | Error::Database(_))) => {}
            Err(ApiError::App(_) | ApiError::Body(_) | ApiError::Answer(_) | ApiError::Path) => {
                self.callers.look_up(&self.app, vec![caller.key_hash.clone()]).await?;
            }
        }
        answer
    }

    async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Response> {
        let header = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        let keys = auth::candidates(header).map_err(|malformed| match malformed {
            Malformed::Absent => {
                ErrorBody::api(StatusCode::UNAUTHORIZED, "The Authorization header is missing.").into_response()
            }
            Malformed::Scheme => malformed_key(),
        })?;
        self.callers.find(&self.app, &keys).await.map_err(|error| ApiError::App(error).respond("request"))
    }

    fn links(&self, headers: &HeaderMap) -> Links {
        if let Some(base) = &self.config.base_url {
            return Links::below(base);
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        Links::below(&format!("http://{host}"))
    }

    /// The headers of every response: request limits and cross-origin permission.
    fn finish(&self, mut response: Response) -> Response {
        if !response.headers().contains_key("x-rate-limit-limit-minute") {
            self.meter.untouched(self.app.now()).write(response.headers_mut());
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(AUTHORIZATION_FAILED, HeaderValue::from_static("true"));
        }
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        response
    }
}

/// What a page may read of an answer, beside its body: every header that an answer may have for its caller.
const EXPOSED: &str = "X-Count, X-CurrentPage, X-PreviousPage, X-NextPage, X-MaxCount, X-PageSize, X-MaxPageIndex, \
                       X-SortExpression, X-SortOrder, X-AuthorizationFailed, X-Rate-Limit-Limit-Minute, \
                       X-Rate-Limit-Remaining-Minute, X-Rate-Limit-Reset-Minute, X-Rate-Limit-Limit-Day, \
                       X-Rate-Limit-Remaining-Day, X-Rate-Limit-Reset-Day, Idempotent-Replayed, Retry-After";

/// The one refusal of a key that is not 401 (conventions.md §2).
fn malformed_key() -> Response {
    let text = "Authorization key is not in the correct format.";
    let mut response = ErrorBody::api(StatusCode::BAD_REQUEST, text).into_response();
    response.headers_mut().insert(AUTHORIZATION_FAILED, HeaderValue::from_static("true"));
    response
}

fn limited(mut response: Response, allowance: &Allowance) -> Response {
    allowance.write(response.headers_mut());
    response
}

async fn path_parameters(parts: &mut Parts) -> Vec<(String, String)> {
    use axum::RequestPartsExt;
    let Ok(parameters) = parts.extract::<RawPathParams>().await else { return Vec::new() };
    parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Who asks for a preview wants nothing to happen: a write that has none must not be done instead.
fn refuse_vain_preview(operation: &Operation, query: &Query) -> Result<(), ApiError> {
    let has_preview = operation.query.iter().any(|parameter| parameter.name == "preview");
    if !operation.is_write() || has_preview || matches!(query.boolean("preview"), Ok(None | Some(false))) {
        return Ok(());
    }
    Err(crate::call::query_problem("This call has no preview; nothing was done."))
}

/// The caller's name for the effect of a write, bound to what the request says. An empty one is none: there are clients that
/// always send the header (conventions.md §11).
fn idempotency(app: &App, operation: &Operation, parts: &Parts, body: &[u8]) -> Result<Option<Idempotency>, ApiError> {
    let Some(value) = parts.headers.get("idempotency-key").filter(|_| operation.is_write()) else { return Ok(None) };
    let key = match value.to_str().map(str::trim) {
        Ok("") => return Ok(None),
        Ok(_) if !operation.takes_key() => {
            let text = "This call takes no Idempotency-Key: the same file within 24 hours is refused by its content.";
            return Err(crate::call::query_problem(text));
        }
        Ok(key) if key.len() <= IDEMPOTENCY_KEY_MAX => key,
        Ok(_) | Err(_) => {
            let text = format!("Idempotency-Key must have 1 to {IDEMPOTENCY_KEY_MAX} visible ASCII characters.");
            return Err(crate::call::query_problem(text));
        }
    };
    let query = parts.uri.query().unwrap_or_default();
    let head = [parts.method.as_str(), parts.uri.path(), query].join("\0");
    Ok(Some(app.idempotency(key, &[head.as_bytes(), b"\0", body])))
}

#[cfg(test)]
mod tests;
