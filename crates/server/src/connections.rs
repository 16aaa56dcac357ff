//! The connections of the server: each has so long to say what it wants, and so long to be answered once the server ends.

use std::{convert::Infallible, pin::pin, time::Duration};

use axum::{extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::Service;

/// How long to wait before the next connection when the system has no room for one.
const NO_ROOM_PAUSE: Duration = Duration::from_secs(1);

/// How long is waited for clients.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For the headers of a request, or for the next request: then the connection is closed. Nothing can be answered to
    /// what was not asked.
    pub(crate) header: Duration,
    /// For the calls under way when the server is asked to stop: then their connections are closed.
    pub(crate) shutdown: Duration,
}

/// Serves connections until `stop` is done and the calls under way are answered.
pub(crate) async fn serve<S, F>(
    listener: TcpListener,
    service: S,
    patience: Patience,
    stop: impl Future<Output = ()> + Send,
) where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future = F> + Clone + Send + 'static,
    F: Future<Output = Result<Response, Infallible>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.header);
    let open = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            Some(_) = connections.join_next() => continue,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if timeout(patience.shutdown, open.shutdown()).await.is_err() {
        tracing::warn!("calls that were still under way are cut off");
    }
}

/// The next connection. One that failed is its client's loss; a want of room passes.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and complete: waiting for more to send only delays them.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(NO_ROOM_PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::oneshot,
    };

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_mins(2);
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    struct Served {
        stop: oneshot::Sender<()>,
        serving: JoinSet<()>,
        client: TcpStream,
    }

    /// A server that answers `/` after a while, and a connection to it.
    async fn served(patience: Patience, while_: Duration) -> Served {
        let answer = move || async move {
            sleep(while_).await;
            StatusCode::OK
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Router::new().route("/", get(answer)), patience, async {
            let _ = stopped.await;
        }));
        Served { stop, serving, client }
    }

    async fn all_that_comes(client: &mut TcpStream) -> String {
        let mut text = String::new();
        timeout(LONG, client.read_to_string(&mut text)).await.expect("the connection ends").unwrap_or_default();
        text
    }

    #[tokio::test]
    async fn half_a_head_is_not_waited_for() {
        let mut served = served(Patience { header: SHORT, shutdown: LONG }, Duration::ZERO).await;
        served.client.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        assert_eq!(all_that_comes(&mut served.client).await, "");
    }

    #[tokio::test]
    async fn a_connection_without_another_request_is_closed() {
        let mut served = served(Patience { header: SHORT, shutdown: LONG }, SHORT * 2).await;
        served.client.write_all(REQUEST).await.unwrap();
        assert!(all_that_comes(&mut served.client).await.starts_with("HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn a_call_under_way_is_answered_before_the_end() {
        let mut served = served(Patience { header: LONG, shutdown: LONG }, SHORT).await;
        served.client.write_all(REQUEST).await.unwrap();
        sleep(SHORT / 5).await;
        served.stop.send(()).unwrap();
        assert!(all_that_comes(&mut served.client).await.starts_with("HTTP/1.1 200 OK"));
        served.serving.join_next().await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_call_that_does_not_end_is_cut_off() {
        let mut served = served(Patience { header: LONG, shutdown: SHORT }, LONG).await;
        served.client.write_all(REQUEST).await.unwrap();
        sleep(SHORT).await;
        served.stop.send(()).unwrap();
        served.serving.join_next().await.unwrap().unwrap();
        assert_eq!(all_that_comes(&mut served.client).await, "");
    }
}
