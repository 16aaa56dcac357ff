//! Paths as clients write them: any case, doubled slashes, a slash at the end.

use std::borrow::Cow;
use std::task::{Context, Poll};

use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri};
use tower::Service;

/// The one form of a path that routes are written in: lower case, single slashes, none at the end. Escapes stay, so
/// that an escaped slash never becomes a separator.
pub fn normalise(path: &str) -> Cow<'_, str> {
    if is_normal(path) {
        return Cow::Borrowed(path);
    }
    let mut normal = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        normal.push('/');
        normal.push_str(segment);
    }
    if normal.is_empty() {
        normal.push('/');
    }
    normal.make_ascii_lowercase();
    Cow::Owned(normal)
}

fn is_normal(path: &str) -> bool {
    let is_single = !path.contains("//") && (path == "/" || !path.ends_with('/'));
    path.starts_with('/') && is_single && !path.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Normalises the path of every request before the inner service routes it; the query stays as it is.
#[derive(Debug, Clone)]
pub struct NormalisePath<S> {
    inner: S,
}

impl<S> NormalisePath<S> {
    /// Wraps a router: a layer added to the router itself would run after routing.
    pub fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S, B> Service<Request<B>> for NormalisePath<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(uri) = normalised(request.uri()) {
            *request.uri_mut() = uri;
        }
        self.inner.call(request)
    }
}

/// The URI with its path normalised, or nothing when there is nothing to change.
fn normalised(uri: &Uri) -> Option<Uri> {
    let Cow::Owned(path) = normalise(uri.path()) else { return None };
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Uri::from_parts(parts).ok()
}

/// The id that a segment of a path is: digits, and nothing else.
pub fn id(segment: &str) -> Option<i64> {
    if segment.bytes().all(|byte| byte.is_ascii_digit()) { segment.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;
    use tower::{ServiceExt, service_fn};

    use super::*;

    #[test]
    fn paths_of_the_samples_become_one() {
        for (path, normal) in [
            ("/v1/Purchases/BulkCreate", "/v1/purchases/bulkcreate"),
            ("/v1/purchases/bulkCreate/", "/v1/purchases/bulkcreate"),
            ("/v1//billingstatements/7", "/v1/billingstatements/7"),
            ("//v1///x//", "/v1/x"),
            ("/v1/a%2FB%20c", "/v1/a%2fb%20c"),
            ("/v1/Ä", "/v1/Ä"),
            ("/", "/"),
            ("//", "/"),
            ("", "/"),
            ("*", "/*"),
        ] {
            assert_eq!(normalise(path), normal, "{path}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing_more(path in "[/aB%2é.]{0,12}") {
            let once = normalise(&path).into_owned();
            prop_assert!(matches!(normalise(&once), Cow::Borrowed(same) if same == once));
        }
    }

    #[test]
    fn ids_are_digits() {
        assert_eq!(id("100002"), Some(100_002));
        for segment in ["", "+100002", "-1", " 1", "1.0", "0x1", "٣", "9223372036854775808"] {
            assert_eq!(id(segment), None, "{segment}");
        }
    }

    #[tokio::test]
    async fn the_query_and_the_host_stay() {
        let echo = service_fn(|request: Request<()>| async move { Ok::<_, Infallible>(request.uri().to_string()) });
        for (uri, seen) in [
            ("/v1/Plans/?query=Name:A%3bB", "/v1/plans?query=Name:A%3bB"),
            ("http://Host:80/v1//X/", "http://Host:80/v1/x"),
            ("/v1/x?A=B", "/v1/x?A=B"),
        ] {
            let request = Request::builder().uri(uri).body(()).unwrap();
            assert_eq!(NormalisePath::new(echo).oneshot(request).await, Ok(seen.to_owned()));
        }
    }
}
