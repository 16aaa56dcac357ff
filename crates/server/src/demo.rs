//! `billfold demo`: the main job on a throw-away database, over HTTP like any other client, told step by step.

mod client;
mod story;
mod tell;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use api::{Config, Limits};
use app::{accounts::create::Order, bulk};
use calendar::Zone;
use money::Currency;
use tokio::net::TcpListener;

use self::{client::Client, story::Story};
use crate::{
    account,
    cli::{Database, Demo},
    connections::{self, Patience},
    failure::Failure,
    migrate, serve,
};

/// Where the demo listens when nothing else is said, as `serve` does.
const USUAL_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Tells the story and, unless asked to end, goes on serving its database.
pub(crate) async fn run(arguments: Demo) -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let database = Database { database: format!("sqlite:{}", directory.path().join("demo.db").display()) };
    let app = migrate::open(&database).await?;
    let order = Order {
        name: "Northwind Instruments".to_owned(),
        currency: Currency::USD,
        zone: Zone::utc(),
        may_write_off: true,
        may_reuse_references: false,
        drafts_invoices: false,
    };
    let (account, key) = account::insert(&app, order).await?;
    let listener = listen(&arguments).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let bulk = bulk::Limits::default();
    let worker = serve::Workers::start(&app, bulk).await?;
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let story = {
        let client = Client::new(&address, &key);
        let (app, address, key) = (app.clone(), address.clone(), key.clone());
        async move { Story { client, app, account, address, key, is_served_on: !arguments.exit }.tell().await }
    };
    let limits = Limits { per_minute: i64::MAX, per_day: i64::MAX };
    let config = Config {
        pdf_per_minute: i64::MAX,
        base_url: None,
        limits,
        body_bytes_max: 64 * 1024 * 1024,
        body_time_max: Duration::from_mins(2),
        bulk,
    };
    let patience = Patience { header: Duration::from_mins(2), shutdown: Duration::from_secs(5) };
    let stop = async move {
        // The sender is dropped when the story has ended badly; that, too, is an end.
        let _ = ended.await;
    };
    let service = api::service(app.clone(), config);
    let serving = async {
        connections::serve(listener, service, patience, stop).await;
        Ok(())
    };
    let showing = async move {
        story.await?;
        if !arguments.exit {
            println!("\nServing {address} until you press Ctrl-C; the database goes with it.");
            serve::asked_to_stop()?.await;
        }
        drop(end);
        Ok::<(), Failure>(())
    };
    tokio::try_join!(serving, showing)?;
    worker.stop().await;
    app.close().await;
    Ok(())
}

/// Listens where it was asked to; a story that is told and over is told on any port, unless one was asked for.
async fn listen(arguments: &Demo) -> Result<TcpListener, Failure> {
    if let Some(address) = arguments.listen {
        return serve::listen(address).await;
    }
    match serve::listen(USUAL_ADDRESS).await {
        Err(_) if arguments.exit => serve::listen(([127, 0, 0, 1], 0).into()).await,
        listener => listener,
    }
}
