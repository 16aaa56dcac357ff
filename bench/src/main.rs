//! The floors that the product is measured against: nothing but the work that cannot be left out; no rules, no
//! authentication, no errors worth reading. `BulkCreate` over HTTP: JSON in, one read, twelve rows made durable under the keys
//! and the index that the product needs, JSON out. Write-offs: see [`write_offs`].

mod order;
mod postgres;
mod sqlite;
mod write_offs;

use std::error::Error;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
    serve::ListenerExt,
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::order::{Created, Order, Unit};

const USAGE: &str = "usage: floor DATABASE | floor DATABASE write-offs COUNT
DATABASE is sqlite:FILE or postgres://USER@HOST/NAME";

/// Where units of work wait for a thread of the database.
type Queue = std::sync::mpsc::Sender<Unit>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [url] => tokio::runtime::Runtime::new()?.block_on(serve(url.to_owned())),
        [url, "write-offs", count] => {
            println!("{}", write_offs::run(url, count.parse()?)?.as_millis());
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

async fn serve(url: String) -> Result<(), Box<dyn Error>> {
    let queue = match url.strip_prefix("sqlite:") {
        Some(file) => sqlite::start(file)?,
        None if url.starts_with("postgres:") => {
            tokio::task::spawn_blocking(move || postgres::start(&url)).await?.map_err(|error| error.to_string())?
        }
        None => return Err(USAGE.into()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("Floor listens on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // As the product does.
        let _ = stream.set_nodelay(true);
    });
    let routes = Router::new().route("/v1/purchases/bulkCreate", post(bulk_create)).with_state(queue);
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn bulk_create(State(queue): State<Queue>, body: Bytes) -> Response {
    match create(&queue, &body).await {
        Ok(answer) => ([(CONTENT_TYPE, "application/json")], answer).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn create(queue: &Queue, body: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let order: Order = serde_json::from_slice(body)?;
    let (sender, answer) = oneshot::channel();
    queue.send(Unit { order, answer: sender })?;
    let created: Created = answer.await??;
    Ok(serde_json::to_vec(&created)?)
}
