//! A client of the API as an integration would write it.

use std::sync::Arc;

use serde_json::Value;
use ureq::Agent;

use crate::failure::Failure;

/// Calls one server with one key.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
    address: Arc<str>,
    authorization: Arc<str>,
}

impl Client {
    /// Of the server at `address`.
    pub(super) fn new(address: &str, key: &str) -> Self {
        let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
        Self { agent, address: address.into(), authorization: format!("Basic {key}").into() }
    }

    /// `POST path` with a body.
    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        let (own, path) = (self.clone(), path.to_owned());
        blocking(move || own.post_now(&path, &body)).await
    }

    /// `GET path`.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        let (own, path) = (self.clone(), path.to_owned());
        blocking(move || {
            let request = own.agent.get(format!("{}{path}", own.address)).header("Authorization", &*own.authorization);
            read("GET", &path, request.call())
        })
        .await
    }

    /// `POST path` with a body, on this thread.
    pub(super) fn post_now(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.agent.post(format!("{}{path}", self.address)).header("Authorization", &*self.authorization);
        read("POST", path, request.send_json(body))
    }
}

fn read(
    method: &str,
    path: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Value, Failure> {
    let story = |error: ureq::Error| Failure::Story(format!("{method} {path}: {error}"));
    let mut answer = answer.map_err(story)?;
    let body: Value = answer.body_mut().read_json().map_err(story)?;
    if answer.status().is_success() {
        Ok(body)
    } else {
        Err(Failure::Story(format!("{method} {path} answered {}: {body}", answer.status())))
    }
}

/// Runs blocking work beside the server.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(Failure::Story(error.to_string())))
}
