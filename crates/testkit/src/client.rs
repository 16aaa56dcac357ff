//! A caller of the test server.

use api::wire::path::NormalisePath;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody as _, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::numbers;

/// Sends requests with the same headers, to the service itself.
#[derive(Clone)]
pub struct Client {
    service: NormalisePath<Router>,
    headers: HeaderMap,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    pub(crate) fn new(service: NormalisePath<Router>) -> Self {
        Self { service, headers: HeaderMap::new() }
    }

    /// The same caller, who sends one more header or another value of it.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        let mut headers = self.headers.clone();
        headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        Self { service: self.service.clone(), headers }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").await
    }

    /// Sends a body that need not be strict JSON.
    pub async fn post(&self, path: &str, body: impl ToString) -> Reply {
        self.with_json().send("POST", path, &body.to_string()).await
    }

    /// Sends a body that need not be strict JSON.
    pub async fn put(&self, path: &str, body: impl ToString) -> Reply {
        self.with_json().send("PUT", path, &body.to_string()).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "").await
    }

    /// Sends a file of this media type.
    pub async fn upload(&self, path: &str, media_type: &str, file: impl Into<Body>) -> Reply {
        let client = self.with("content-type", media_type);
        let file = file.into();
        if file.size_hint().exact().is_none() {
            return client.send_body("POST", path, file).await;
        }
        let file = to_bytes(file, usize::MAX).await.expect("a file that is there");
        numbers::remember_all(&String::from_utf8_lossy(&file));
        client.send_body("POST", path, Body::from(file)).await
    }

    /// Sends anything.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        numbers::remember_all(body);
        self.send_body(method, path, Body::from(body.to_owned())).await
    }

    /// Reads, and leaves the body of the answer to be taken as it comes.
    pub async fn begin(&self, path: &str) -> Response {
        self.call("GET", path, Body::empty()).await
    }

    async fn send_body(&self, method: &str, path: &str, body: Body) -> Reply {
        let (parts, body) = self.call(method, path, body).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body that ends");
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn call(&self, method: &str, path: &str, body: Body) -> Response {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        match self.service.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    fn with_json(&self) -> Self {
        if self.headers.contains_key("content-type") {
            self.clone()
        } else {
            self.with("content-type", "application/json")
        }
    }
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("a body of text")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of text"))
    }

    /// The JSON of a success; anything else fails the test.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// What was created, by its id.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.ok()["id"].as_i64().expect("an object with an id")
    }

    /// Keys and values of the errors; a success fails the test.
    #[track_caller]
    pub fn errors(&self) -> Vec<(String, String)> {
        let body = self.json();
        assert_eq!(body["HttpStatusCode"], self.status, "{body}");
        assert_eq!(body["ErrorId"], 0, "{body}");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let errors = body["Errors"].as_array().expect("a list of errors").iter();
        errors.map(|error| (text(&error["Key"]), text(&error["Value"]))).collect()
    }

    /// Fails the test unless the answer is this status and this one error under `Api Error`.
    #[track_caller]
    pub fn assert_refused(&self, status: u16, value: &str) {
        self.assert_error(status, "Api Error", value);
    }

    /// Fails the test unless the answer is this status and this one error.
    #[track_caller]
    pub fn assert_error(&self, status: u16, key: &str, value: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.errors(), [(key.to_owned(), value.to_owned())]);
    }
}
