//! The one place where what went wrong becomes HTTP.

use app::Error;
use axum::{
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use billing::problem::Problem;

use crate::wire::error::ErrorBody;

/// Why a call is answered with an error.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// Wrong members of the body, below the action's parameter.
    Body(Vec<Problem>),
    /// An answer that is already made.
    Answer(ErrorBody),
    /// A path whose id is not one.
    Path,
    /// What `app` said.
    App(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl From<billing::refusal::Refusal> for ApiError {
    fn from(refusal: billing::refusal::Refusal) -> Self {
        Self::App(refusal.into())
    }
}

impl ApiError {
    /// What the caller did wrong, in words that can be kept; `None` where something failed.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Body(problems) | Self::App(Error::Invalid(problems)) => {
                Some(problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "))
            }
            Self::App(Error::Refused(refusal)) => Some(refusal.to_string()),
            Self::App(_) | Self::Answer(_) | Self::Path => None,
        }
    }

    /// The answer; `parameter` is the name under which the action takes its body.
    pub(crate) fn respond(self, parameter: &str) -> Response {
        match self {
            Self::Body(problems) | Self::App(Error::Invalid(problems)) => {
                ErrorBody::invalid(parameter, problems).into_response()
            }
            Self::Answer(body) => body.into_response(),
            Self::Path => no_resource(),
            Self::App(error) => {
                let status = status_of(&error);
                if error.is_busy() {
                    tracing::warn!(%error, "a call waited too long for others");
                    return busy();
                }
                if error.is_unknown() {
                    tracing::error!(%error, "nobody knows whether a call took effect");
                    return ErrorBody::api(status, UNKNOWN).into_response();
                }
                if let Error::Database(error) = &error {
                    tracing::error!(%error, "a call failed");
                    return ErrorBody::api(status, "The request could not be completed. Please try again.")
                        .into_response();
                }
                ErrorBody::api(status, error.to_string()).into_response()
            }
        }
    }
}

/// What is told of a call that may have had its effect. It is no 503, which clients repeat by themselves.
const UNKNOWN: &str = "The outcome of the request is not known: it may have taken effect. Read what it was to change before \
                       you repeat it, or repeat it under the same Idempotency-Key.";

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Unauthorized => StatusCode::UNAUTHORIZED,
        Error::NotFound { .. } | Error::Absent(_) | Error::NotEnabled(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) | Error::Refused(_) | Error::KeyReused(_) => StatusCode::BAD_REQUEST,
        Error::Database(db_error) if app::is_temporary(db_error) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Unsettled(_) | Error::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The answer to a call that could not get at its data in time, of which nothing was done.
fn busy() -> Response {
    let text = "Other calls are changing the same data. Nothing was changed; please try again.";
    let body = ErrorBody::api(StatusCode::SERVICE_UNAVAILABLE, text);
    ([(RETRY_AFTER, "1")], body).into_response()
}

/// The answer to a path that leads nowhere.
pub(crate) fn no_resource() -> Response {
    ErrorBody::api(StatusCode::NOT_FOUND, "No resource was found that matches the request URI.").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waited_too_long_is_told_when_to_come_again() {
        let response = busy();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[RETRY_AFTER], "1");
    }
}
