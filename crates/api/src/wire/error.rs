//! The body of every error answer: `{"ErrorId":0,"HttpStatusCode":400,"Errors":[{"Key":"…","Value":"…"}]}`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use billing::problem::Problem;
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Json;

/// The key of everything that is not the validation of a body.
pub const API_ERROR: &str = "Api Error";

/// An error answer; its status line repeats `HttpStatusCode`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorBody {
    /// Always 0.
    error_id: i64,
    /// Equal to the status line.
    http_status_code: u16,
    /// At least one.
    errors: Vec<KeyValue>,
}

/// One error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KeyValue {
    /// `Api Error`, or the path of the wrong member, such as `bulkPurchase.Purchases[0]`.
    key: String,
    /// What is wrong.
    value: String,
}

impl ErrorBody {
    /// An error of these keys and values.
    pub fn new(status: StatusCode, errors: Vec<(String, String)>) -> Self {
        let errors = errors.into_iter().map(|(key, value)| KeyValue { key, value }).collect();
        Self { error_id: 0, http_status_code: status.as_u16(), errors }
    }

    /// One error with the key [`API_ERROR`].
    pub fn api(status: StatusCode, value: impl Into<String>) -> Self {
        Self::new(status, vec![(API_ERROR.to_owned(), value.into())])
    }

    /// Wrong members of a body; the keys begin with the name of the action's parameter, such as `bulkPurchase`.
    pub fn invalid(parameter: &str, problems: Vec<Problem>) -> Self {
        let key = |field: &str| match field {
            "" => parameter.to_owned(),
            field if field.starts_with('[') => format!("{parameter}{field}"),
            field => format!("{parameter}.{field}"),
        };
        let errors = problems.into_iter().map(|problem| (key(&problem.field), problem.message)).collect();
        Self::new(StatusCode::BAD_REQUEST, errors)
    }

    /// A refusal in several sentences, each with the key [`API_ERROR`].
    pub fn refused(texts: Vec<String>) -> Self {
        let errors = texts.into_iter().map(|text| (API_ERROR.to_owned(), text)).collect();
        Self::new(StatusCode::BAD_REQUEST, errors)
    }

    /// Wrong parameters of a query string, each with the key [`API_ERROR`].
    pub fn invalid_query(problems: Vec<Problem>) -> Self {
        let errors = problems.into_iter().map(|problem| (API_ERROR.to_owned(), problem.message)).collect();
        Self::new(StatusCode::BAD_REQUEST, errors)
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.http_status_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for ErrorBody {
    fn into_response(self) -> Response {
        (self.status(), Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_TYPE;

    use super::*;

    #[test]
    fn members_are_those_of_the_original() {
        let body = ErrorBody::api(StatusCode::NOT_FOUND, "Plan with id 5 not found.");
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"ErrorId":0,"HttpStatusCode":404,"Errors":[{"Key":"Api Error","Value":"Plan with id 5 not found."}]}"#
        );
    }

    #[test]
    fn keys_begin_with_the_parameter() {
        let fields = ["", "Purchases[0]", "Purchases[0].Quantity", "[3].Id"];
        let body = ErrorBody::invalid("bulkPurchase", fields.map(|field| Problem::new(field, "x")).into());
        let keys: Vec<_> = body.errors.iter().map(|error| error.key.as_str()).collect();
        assert_eq!(
            keys,
            ["bulkPurchase", "bulkPurchase.Purchases[0]", "bulkPurchase.Purchases[0].Quantity", "bulkPurchase[3].Id"]
        );
    }

    #[test]
    fn the_answer_has_the_status_and_media_type() {
        let response = ErrorBody::api(StatusCode::UNAUTHORIZED, "no key").into_response();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
    }
}
