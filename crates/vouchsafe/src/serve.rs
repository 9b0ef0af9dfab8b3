//! `vouchsafe serve`: pages, jobs, and what a machine asks after: `/healthz`, `/readyz`, `/metrics`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use platform::{Core, jobs, migrations};
use tokio::net::TcpListener;
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::watch;

use crate::{Common, Stop, logs, open, say};

/// How long requests under way may take when the service is stopped.
const LAST_REQUESTS: Duration = Duration::from_secs(20);
/// How long the database may take when a machine asks after it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// Upper bounds of the request times told apart, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What `serve` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  vouchsafe serve --data /srv/vouchsafe
  vouchsafe --config /etc/vouchsafe.toml serve --listen 127.0.0.1:9000

An empty data folder is set up first: database, master key and ledger key. Stops on SIGTERM or Ctrl-C, once requests under way are answered.
/healthz answers while the program runs, /readyz while its database does, /metrics gives figures to programs on this machine.")]
pub(crate) struct ServeArgs {
    /// Address and port; goes before the setting `listen`. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}

/// Serves until stopped.
pub(crate) fn run(common: &Common, args: &ServeArgs) -> Result<u8, Stop> {
    let mut settings = open::settings(common)?;
    if let Some(listen) = args.listen {
        settings.listen = listen.to_string();
    }
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let (core, first) = open::service(settings).await?;
        if first {
            tracing::info!("a new database and keys were made; run `vouchsafe doctor` and move the keys away");
        }
        serve(core).await?;
        Ok(0)
    })
}

/// Serves `core` until a signal comes.
pub(crate) async fn serve(core: Arc<Core>) -> Result<(), Stop> {
    // Before anything says that it runs: whoever reads that may ask it to stop at once.
    let asked = signals()?;
    let figures = figures()?;
    let listener = TcpListener::bind(&core.settings.listen)
        .await
        .map_err(|e| Stop::Failed(format!("cannot listen on {}: {e}", core.settings.listen)))?;
    let at = listener.local_addr()?;
    jobs::plan(&core).await?;
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(jobs::run(core.clone(), stopped.clone()));
    let watcher = tokio::spawn(app::intake::watch::run(core.clone(), stopped.clone()));
    let keeper = tokio::spawn(keep(figures.clone(), stopped.clone()));
    let mut end = stopped;
    let app = router(&core, figures).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        let _ = end.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(server.into_future());
    tracing::info!(%at, "serving");
    say(format!("Vouchsafe listens on http://{at}"))?;
    asked.await;
    tracing::info!("stopping");
    let _ = stop.send(true);
    if tokio::time::timeout(LAST_REQUESTS, server).await.is_err() {
        tracing::warn!("requests under way were cut off");
    }
    let _ = runner.await;
    let _ = watcher.await;
    let _ = keeper.await;
    if tokio::time::timeout(LAST_REQUESTS, core.refusals.settle()).await.is_err() {
        tracing::error!(lost = core.refusals.waiting(), "the database does not answer: refusals are lost");
    }
    core.db.clone().close().await?;
    Ok(())
}

/// Listens for the signals that ask the process to stop, from this call on; what it returns ends when one came.
fn signals() -> Result<impl Future<Output = ()>, Stop> {
    let mut terminate = unix::signal(SignalKind::terminate())?;
    let mut interrupt = unix::signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn figures() -> Result<PrometheusHandle, Stop> {
    let fail = |e: metrics_exporter_prometheus::BuildError| Stop::Failed(format!("figures cannot be kept: {e}"));
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("vouchsafe_request_seconds".to_owned()), &BUCKETS)
        .map_err(fail)?
        .install_recorder()
        .map_err(fail)
}

async fn keep(figures: PrometheusHandle, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        figures.run_upkeep();
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stop.changed() => {}
        }
    }
}

#[derive(Clone)]
struct Machine {
    core: Arc<Core>,
    figures: PrometheusHandle,
}

fn router(core: &Arc<Core>, figures: PrometheusHandle) -> Router {
    let machine = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Machine { core: core.clone(), figures });
    platform::web::router(core, app::service::routes()).merge(machine)
}

/// Whether the database answers, before whoever asks gives up.
async fn answers(core: &Core) -> bool {
    matches!(tokio::time::timeout(ANSWERS_WITHIN, core.db.ping()).await, Ok(Ok(())))
}

/// The same of the file store.
async fn store_answers(core: &Core) -> bool {
    matches!(tokio::time::timeout(ANSWERS_WITHIN, core.files.store().ping()).await, Ok(Ok(())))
}

/// Ready while the database answers and is just as new as the program. The file store is not asked after: without it all but uploads and
/// downloads goes on, and taking every node out would end the rest too. The figures tell of it.
async fn ready(State(machine): State<Machine>) -> Response {
    let status = async {
        if !answers(&machine.core).await {
            return Err(platform::Error::Unavailable);
        }
        migrations::status(&machine.core.db, app::migrations::migrations).await
    };
    match status.await {
        Ok(status) if status.pending == 0 => "ready\n".into_response(),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is older than the program\n").into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer, or is newer than the program\n").into_response()
        }
    }
}

/// Figures, for clients on this machine unless the settings open them. A request that came through a proxy is not from this machine.
async fn metrics(State(machine): State<Machine>, ConnectInfo(from): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    let passed_on = ["forwarded", "x-forwarded-for", "via"].iter().any(|name| headers.contains_key(*name));
    if !machine.core.settings.metrics_open && (!from.ip().is_loopback() || passed_on) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Figures from the database stand still while it does not answer; this one says so.
    let (up, store) = tokio::join!(answers(&machine.core), store_answers(&machine.core));
    metrics::gauge!("vouchsafe_database_up").set(u8::from(up));
    metrics::gauge!("vouchsafe_file_store_up").set(u8::from(store));
    if up && let Err(error) = measure(&machine.core).await {
        tracing::warn!(%error, "figures without the database's");
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], machine.figures.render()).into_response()
}

/// The figures that the database gives.
async fn measure(core: &Arc<Core>) -> platform::Result<()> {
    for (state, count) in jobs::counts(core).await? {
        metrics::gauge!("vouchsafe_jobs", "state" => state).set(count);
    }
    let size = platform::book::size(core.db.reader()).await?;
    metrics::gauge!("vouchsafe_ledger_size").set(u32::try_from(size).unwrap_or(u32::MAX));
    Ok(())
}
