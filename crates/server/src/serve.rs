//! `billfold serve` and `billfold worker`.

use std::{net::SocketAddr, time::Duration};

use api::{Config, Limits};
use app::{App, bulk, checkpoints, collection, dunning, payment_methods::forget, rounds};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    cli::{Serve, Worker},
    connections::{self, Patience},
    failure::Failure,
    gateways, migrate,
};

/// Answers the API until asked to stop; calls under way are answered first, if they end in time.
pub(crate) async fn serve(arguments: Serve) -> Result<(), Failure> {
    let gateways = gateways::open(&arguments.payments)?;
    let app = migrate::open(&arguments.database).await?.with_gateways(gateways);
    let app = app.with_collection_lease_ms(arguments.collecting.collection_lease_ms);
    let listener = listen(arguments.listen).await?;
    let bulk = arguments.bulk.limits();
    let worker = if arguments.no_workers { None } else { Some(Workers::start(&app, bulk).await?) };
    let config = Config {
        base_url: arguments.base_url,
        pdf_per_minute: arguments.rate_limit_pdf_minute,
        limits: Limits { per_minute: arguments.rate_limit_minute, per_day: arguments.rate_limit_day },
        body_bytes_max: arguments.body_bytes_max,
        body_time_max: Duration::from_secs(arguments.body_seconds_max),
        bulk,
    };
    let patience = Patience {
        header: Duration::from_secs(arguments.header_seconds_max),
        shutdown: Duration::from_secs(arguments.shutdown_seconds_max),
    };
    println!("Billfold listens on http://{}", listener.local_addr()?);
    connections::serve(listener, api::service(app.clone(), config), patience, asked_to_stop()?).await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    app.close().await;
    Ok(())
}

/// Does bulk and scheduled work until asked to stop.
pub(crate) async fn work(arguments: Worker) -> Result<(), Failure> {
    let gateways = gateways::open(&arguments.payments)?;
    let app = migrate::open(&arguments.database).await?.with_gateways(gateways);
    let app = app.with_collection_lease_ms(arguments.collecting.collection_lease_ms);
    let worker = Workers::start(&app, arguments.bulk.limits()).await?;
    println!("Billfold works on {:?}", app.db().backend());
    asked_to_stop()?.await;
    worker.stop().await;
    app.close().await;
    Ok(())
}

/// The workers of this process: one for bulk jobs, one for the daily rounds, which earn revenue and seal the books, one that
/// lets gateways forget deleted payment methods, one that finds out how payments ended whose callers are gone, one that asks
/// whether banks took payments back, one that collects what falls due.
pub(crate) struct Workers([jobs::Worker; 6]);

impl Workers {
    /// Starts to work.
    pub(crate) async fn start(app: &App, limits: bulk::Limits) -> Result<Self, Failure> {
        let now = app.now();
        app.db().write(move |tx| checkpoints::ensure_rounds(tx, now)).await?;
        Ok(Self([
            bulk::start_worker(app, api::record_parser(), limits),
            rounds::start_worker(app),
            forget::start_worker(app),
            collection::start_worker(app),
            collection::start_returns_worker(app),
            dunning::start_worker(app),
        ]))
    }

    /// Stops after the transactions under way.
    pub(crate) async fn stop(self) {
        for worker in self.0 {
            worker.stop().await;
        }
    }
}

/// Listens on an address.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::Listen { address, error })
}

/// Done when the process is interrupted or told to end.
pub(crate) fn asked_to_stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
