//! Lets a program's request through to its handler, or not: by rate, token and scope. Turns every error into a problem document.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::check::Checks;
use super::document::Document;
use super::op::{Api, Area, Op};
use super::rate::{Left, Rates};
use crate::Core;
use crate::error::{Error, Result};
use crate::identity::{second, token};
use crate::texts::Text;
use crate::web::{Visit, answer, twin, visit};

/// What all routes for programs share.
pub(super) struct Shared {
    pub(super) checks: Checks,
    rates: Rates,
}

/// One route's gate.
#[derive(Clone)]
struct Gate {
    core: Arc<Core>,
    op: Arc<Op>,
    shared: Arc<Shared>,
}

/// The router with the routes for programs, their document and its pages.
pub(crate) fn mount(core: &Arc<Core>, mut router: Router<Arc<Core>>, api: Api) -> Router<Arc<Core>> {
    let shared = Arc::new(Shared { checks: Checks::default(), rates: Rates::new(&core.settings, &core.clock) });
    let mut ops = Vec::with_capacity(api.list.len());
    for (op, handler) in api.list {
        let op = Arc::new(op);
        let gate = Gate { core: core.clone(), op: op.clone(), shared: shared.clone() };
        router = router.route(&op.path, handler.layer(axum::middleware::from_fn_with_state(gate, guard)));
        ops.push(op);
    }
    super::docs::mount(core, router, Document::of(core, ops))
}

/// What stands at an address of programs that nothing stands at.
pub(crate) async fn lost() -> Error {
    Error::NotFound
}

/// What stands at an address that takes other methods. Pages keep quiet about that.
pub(crate) async fn wrong_method(request: Request) -> Error {
    if request.uri().path().starts_with("/api/") { Error::Method } else { Error::NotFound }
}

async fn guard(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let mut visit = match Visit::program(&gate.core, crate::authz::Actor::Anonymous, path, request.headers(), peer) {
        Ok(visit) => visit,
        Err(error) => return answer::problem(&error, ""),
    };
    let sent = bearer(request.headers()).map(str::to_owned);
    let admitted = match visit::printable(&request) {
        Ok(()) => admit(&gate, &mut visit, sent.as_deref()).await,
        Err(error) => Err(error),
    };
    let left = match admitted {
        Ok(left) => left,
        Err(error) => return visit::finish(&visit, answer::error(&visit, error).await),
    };
    request.extensions_mut().insert(visit.clone());
    request.extensions_mut().insert(gate.op.clone());
    request.extensions_mut().insert(gate.shared.clone());
    let mut response = next.run(request).await;
    if gate.op.changes() {
        twin::remember(&visit, led(&response)).await;
    }
    if let Some(failed) = response.extensions_mut().remove::<answer::Failed>() {
        response = match failed.take() {
            Some(error) => told(&visit, error).await,
            None => response,
        };
    }
    if let Some(left) = left {
        left.tell(response.headers_mut());
    }
    visit::finish(&visit, response)
}

async fn admit(gate: &Gate, visit: &mut Visit, sent: Option<&str>) -> Result<Option<Left>> {
    let left = gate.shared.rates.address(&visit.address)?;
    if gate.op.area == Area::Public {
        return Ok(Some(left));
    }
    let sent = sent.ok_or(Error::SignedOut)?;
    let (actor, scopes) = token::resolve(&gate.core, sent).await?.ok_or(Error::SignedOut)?;
    let id = actor.signed_in()?.session.to_string();
    visit.cx.actor = actor;
    (gate.core.refresh)(&gate.core).await?;
    let left = gate.shared.rates.token(&id)?;
    if second::lacking(&gate.core, &visit.cx.actor).await? {
        return Err(Error::Conflict(Text::new("error-second-factor-first")));
    }
    if gate.op.ours && !visit.cx.actor.is_authority() {
        return Err(Error::NotFound);
    }
    let (area, change) = (gate.op.area, gate.op.writes());
    if area != Area::Own && !scopes.allow(area, change) {
        return Err(Error::Scope(area.scope(change)));
    }
    Ok(Some(left))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|t| !t.is_empty())
}

/// Where a changing request's answer says that its thing stands.
fn led(response: &Response) -> Option<String> {
    let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok());
    location.filter(|_| response.status().is_success()).map(str::to_owned)
}

/// The problem; of a repeated request, the way to what the first one made.
async fn told(visit: &Visit, error: Error) -> Response {
    match twin::led_to(visit, error).await {
        Error::Repeated(Some(to)) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        error => answer::error(visit, error).await,
    }
}
