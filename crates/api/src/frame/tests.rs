//! A handler that panics: its caller gets an answer like any other, and others are not disturbed.

use axum::{body::to_bytes, http::header::AUTHORIZATION};
use billing::problem::Problem;
use serde_json::{Value, json};
use testkit::on_server;
use tower::ServiceExt as _;

use super::*;

fn config() -> Config {
    Config {
        base_url: None,
        limits: Limits { per_minute: 10, per_day: 100 },
        pdf_per_minute: 10,
        body_bytes_max: 1_000,
        body_time_max: Duration::from_mins(1),
        bulk: bulk::Limits::default(),
    }
}

async fn panics(_call: Call) -> Result<Response, ApiError> {
    panic!("a defect");
}

/// As a large body may: on a thread that is not the call's own.
async fn panics_elsewhere(call: Call) -> Result<Response, ApiError> {
    let parse: fn(Value) -> Result<(), Vec<Problem>> = |_| panic!("a defect");
    call.parse_large(parse).await?;
    unreachable!("the panic goes on here")
}

async fn lives(_call: Call) -> Result<Response, ApiError> {
    Ok(StatusCode::OK.into_response())
}

#[tokio::test]
async fn a_panic_answers_as_an_error_and_nothing_else() {
    on_server(testkit::server::config(), async |server| {
        let key = server.account().await.key;
        assert_told_of_panics(service_of(server.app.clone(), config(), operations()), &key).await;
    })
    .await;
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/panics", "", panics),
        Operation::post("/panicsElsewhere", "", panics_elsewhere),
        Operation::get("/lives", "", lives),
    ]
}

async fn assert_told_of_panics(service: NormalisePath<Router>, key: &str) {
    let told = json!({
        "ErrorId": 0, "HttpStatusCode": 500,
        "Errors": [{ "Key": "Api Error", "Value": "The request could not be completed." }]
    });
    let calls = [("GET", "/panics", 500, "9"), ("POST", "/panicsElsewhere", 500, "8"), ("GET", "/lives", 200, "7")];
    for (method, path, status, left) in calls {
        let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, format!("Basic {key}"));
        let response = service.clone().oneshot(request.body(Body::from("{}")).unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()["x-rate-limit-remaining-minute"], left, "{path}");
        assert_eq!(response.headers()["access-control-allow-origin"], "*", "{path}");
        assert_eq!(response.headers()["access-control-expose-headers"], EXPOSED, "{path}");
        if status == 500 {
            assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
            let body = to_bytes(response.into_body(), 1_000).await.unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), told, "{path}");
        }
    }
}
