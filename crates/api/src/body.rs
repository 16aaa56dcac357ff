//! Reads the body of a request, within limits of size and time.

use std::{error::Error, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::StatusCode,
};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use crate::wire::error::ErrorBody;

/// The whole body, or what its sender is told.
pub(crate) async fn read(body: Body, bytes_max: usize, time_max: Duration) -> Result<Bytes, ErrorBody> {
    match timeout(time_max, to_bytes(body, bytes_max)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.source().is_some_and(<dyn Error>::is::<LengthLimitError>) => {
            let text = format!("The request body exceeds {bytes_max} bytes.");
            Err(ErrorBody::api(StatusCode::PAYLOAD_TOO_LARGE, text))
        }
        Ok(Err(_)) => Err(ErrorBody::api(StatusCode::BAD_REQUEST, "The request body could not be read to its end.")),
        Err(_) => {
            let text = format!("The request body did not arrive within {} seconds.", time_max.as_secs());
            Err(ErrorBody::api(StatusCode::REQUEST_TIMEOUT, text))
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn chunks(chunks: &'static [Result<&'static str, &'static str>]) -> Body {
        let chunks = chunks.iter().map(|chunk| chunk.map_err(std::io::Error::other));
        Body::from_stream(stream::iter(chunks))
    }

    #[tokio::test]
    async fn a_body_is_whole_too_long_or_broken() {
        assert_eq!(read(chunks(&[Ok("12"), Ok("34")]), 4, LONG).await, Ok(Bytes::from_static(b"1234")));
        for (body, status) in [
            (chunks(&[Ok("12"), Ok("345")]), StatusCode::PAYLOAD_TOO_LARGE),
            (chunks(&[Ok("12"), Err("the connection was reset")]), StatusCode::BAD_REQUEST),
        ] {
            assert_eq!(read(body, 4, LONG).await.map_err(|told| told.status()), Err(status));
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let told = read(never, 4, Duration::from_millis(1)).await;
        assert_eq!(told.map_err(|told| told.status()), Err(StatusCode::REQUEST_TIMEOUT));
    }
}
