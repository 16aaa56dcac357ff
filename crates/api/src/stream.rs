//! The body of a request that is read as it arrives, and what its headers say of it.

use std::{sync::Mutex, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::{error::ApiError, wire::error::ErrorBody};

/// What is still taken of a body that is no good, so that its sender comes to read the answer, in bytes.
const DRAIN_BYTES_MAX: usize = 256 << 20;

/// A body, its media type and how it is packed.
pub(crate) struct Stream {
    /// Calls are shared between threads, and bodies cannot be.
    body: Mutex<Body>,
    content_type: Option<String>,
    content_encoding: Option<String>,
    time_max: Duration,
}

/// The parts of a body, in order.
pub(crate) struct Parts {
    body: Body,
    waited: Duration,
    time_max: Duration,
}

/// What comes next of a body.
pub(crate) enum Next {
    /// More of it.
    Bytes(Bytes),
    /// Nothing yet.
    Wait,
    /// Nothing more.
    End,
}

impl Stream {
    /// Nothing may take longer to arrive than `time_max`; all of it may.
    pub(crate) fn new(body: Body, headers: &HeaderMap, time_max: Duration) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            body: Mutex::new(body),
            content_type: text(header::CONTENT_TYPE),
            content_encoding: text(header::CONTENT_ENCODING),
            time_max,
        }
    }

    /// The media type in lower case, without parameters; a charset other than UTF-8 is refused.
    pub(crate) fn media_type(&self) -> Result<String, ApiError> {
        let mut parts = self.content_type.as_deref().unwrap_or_default().split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            let value = value.trim_matches('"');
            if name.eq_ignore_ascii_case("charset")
                && !["utf-8", "utf8", "us-ascii"].contains(&&*value.to_ascii_lowercase())
            {
                return Err(unsupported(format!("The charset {value} is not understood. Save the file as UTF-8.")));
            }
        }
        Ok(media_type)
    }

    /// Whether the headers say gzip; any other encoding is refused.
    pub(crate) fn is_packed(&self) -> Result<bool, ApiError> {
        match self.content_encoding.as_deref().map(str::trim) {
            None | Some("" | "identity") => Ok(false),
            Some(encoding) if encoding.eq_ignore_ascii_case("gzip") || encoding.eq_ignore_ascii_case("x-gzip") => {
                Ok(true)
            }
            Some(encoding) => Err(unsupported(format!("The Content-Encoding {encoding} is not understood; gzip is."))),
        }
    }

    /// The body itself, once.
    pub(crate) fn parts(&self) -> Parts {
        let mut body = self.body.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Parts { body: std::mem::take(&mut body), waited: Duration::ZERO, time_max: self.time_max }
    }
}

impl Parts {
    /// What comes next, or that nothing came in `pause`.
    pub(crate) async fn next(&mut self, pause: Duration) -> Result<Next, ApiError> {
        match timeout(pause, self.body.frame()).await {
            Ok(None) => Ok(Next::End),
            Ok(Some(Ok(frame))) => {
                self.waited = Duration::ZERO;
                Ok(Next::Bytes(frame.into_data().unwrap_or_default()))
            }
            Ok(Some(Err(_))) => {
                let text = "The request body could not be read to its end.";
                Err(ApiError::Answer(ErrorBody::api(StatusCode::BAD_REQUEST, text)))
            }
            Err(_) => {
                self.waited += pause;
                if self.waited < self.time_max {
                    return Ok(Next::Wait);
                }
                let text = format!("Nothing of the request body arrived within {} seconds.", self.time_max.as_secs());
                Err(ApiError::Answer(ErrorBody::api(StatusCode::REQUEST_TIMEOUT, text)))
            }
        }
    }

    /// Takes what is left and forgets it.
    pub(crate) async fn drain(mut self) {
        let mut left = DRAIN_BYTES_MAX;
        while let Ok(Some(Ok(frame))) = timeout(self.time_max, self.body.frame()).await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                return;
            }
        }
    }
}

/// The answer to a file in a form that is not read.
pub(crate) fn unsupported(text: String) -> ApiError {
    ApiError::Answer(ErrorBody::api(StatusCode::UNSUPPORTED_MEDIA_TYPE, text))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::stream;

    use super::*;

    fn with(name: HeaderName, value: &'static str) -> Stream {
        let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
        Stream::new(Body::empty(), &headers, Duration::from_millis(20))
    }

    #[test]
    fn headers_say_what_the_body_is() {
        for (value, media_type) in [
            ("text/csv", Some("text/csv")),
            ("Text/CSV; charset=UTF-8", Some("text/csv")),
            ("text/csv; header=present; charset=\"utf-8\"", Some("text/csv")),
            ("text/csv; charset=ISO-8859-1", None),
        ] {
            assert_eq!(with(header::CONTENT_TYPE, value).media_type().ok().as_deref(), media_type, "{value}");
        }
        for (value, is_packed) in [("gzip", Some(true)), ("GZIP", Some(true)), ("identity", Some(false)), ("br", None)]
        {
            assert_eq!(with(header::CONTENT_ENCODING, value).is_packed().ok(), is_packed, "{value}");
        }
    }

    #[tokio::test]
    async fn a_body_comes_in_parts_waits_and_ends() {
        let pause = Duration::from_millis(10);
        let parts = stream::iter(["a", "b"].map(Ok::<_, std::io::Error>));
        let slow = stream::once(async {
            pending::<()>().await;
            Ok("never")
        });
        let body = Body::from_stream(stream::StreamExt::chain(parts, slow));
        let mut parts = Stream::new(body, &HeaderMap::new(), Duration::from_millis(20)).parts();
        for expected in ["a", "b"] {
            assert!(matches!(parts.next(pause).await, Ok(Next::Bytes(bytes)) if bytes == expected));
        }
        assert!(matches!(parts.next(pause).await, Ok(Next::Wait)));
        assert!(matches!(parts.next(pause).await, Err(ApiError::Answer(told)) if told.status() == 408));
        let mut empty = Stream::new(Body::empty(), &HeaderMap::new(), pause).parts();
        assert!(matches!(empty.next(pause).await, Ok(Next::End)));
    }
}
