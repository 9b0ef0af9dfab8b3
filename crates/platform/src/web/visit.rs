//! A visit: one request by someone, with what pages and forms need to know of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::{Cookie, SameSite};

use super::{Access, answer, twin};
use crate::authz::Actor;
use crate::clock::SECOND;
use crate::error::{Error, Result};
use crate::{Core, Cx, identity, random, texts};

/// One request: who acts, on which page, with which token against forged requests.
#[derive(Clone)]
pub struct Visit {
    /// Who acts, when, on what.
    pub cx: Cx,
    /// The path asked for, with its query.
    pub path: String,
    /// Where to go once signed in: the page asked for, or, for a form sent, the page that it stood on.
    pub back: String,
    /// The token that forms carry.
    pub csrf: String,
    /// Whether the asker wants JSON rather than a page.
    pub json: bool,
    /// Where the request comes from: an address, a network of 64 bits for IPv6, or `unknown`.
    pub address: String,
    /// The browser, as it names itself.
    pub agent: String,
    /// The token under which accounts know this browser, if any does.
    pub device: Option<String>,
    /// The token of a sign-in that waits for its second step.
    pub step: Option<String>,
    set_cookie: Option<HeaderValue>,
    /// The idempotency key of the form that came with this request, once it was read.
    pub(crate) key: Arc<OnceLock<String>>,
    /// Where the request's one commit leads, once that was said.
    pub(crate) leads_to: Arc<OnceLock<String>>,
}

impl Visit {
    /// The service.
    pub fn core(&self) -> &Arc<Core> {
        self.cx.core()
    }

    /// The context for an act whose success leads to `location`, which its transaction remembers for whoever sends the same form again. For
    /// one act of a request.
    pub fn leading_to(&self, location: &str) -> Cx {
        match self.leads_to.set(location.to_owned()) {
            Ok(()) => self.cx.leading_to(location),
            Err(_) => self.cx.clone(),
        }
    }

    /// A fresh idempotency key for a form.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn once(&self) -> Result<String> {
        random::token()
    }

    /// The same visit, by nobody: for pages that sign someone out.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.cx.actor = Actor::Anonymous;
        self
    }

    /// Gives the browser the session's token, or takes it away.
    pub fn set_session(&self, response: &mut Response, token: Option<&str>) {
        self.put(response, CookieNames::of(self.core()).session, token, None);
    }

    /// Gives the browser the token under which accounts will know it.
    pub fn set_device(&self, response: &mut Response, token: &str) {
        self.put(response, CookieNames::of(self.core()).device, Some(token), Some(identity::device::KNOWN / SECOND));
    }

    /// Gives the browser the token of a sign-in's second step, or takes it away.
    pub fn set_step(&self, response: &mut Response, token: Option<&str>) {
        self.put(response, CookieNames::of(self.core()).step, token, None);
    }

    /// A program's visit: known by the token it sends, never by a cookie.
    pub(crate) fn program(core: &Arc<Core>, actor: Actor, path: String, headers: &HeaderMap, peer: Option<IpAddr>) -> Result<Self> {
        Ok(Self {
            cx: Cx::new(core, actor)?,
            back: path.clone(),
            path,
            csrf: String::new(),
            json: true,
            address: address(headers, peer, core.settings.trust_proxy),
            agent: headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned(),
            device: None,
            step: None,
            set_cookie: None,
            key: Arc::default(),
            leads_to: Arc::default(),
        })
    }

    fn put(&self, response: &mut Response, name: &'static str, value: Option<&str>, max_age: Option<i64>) {
        let age = if value.is_none() { Some(0) } else { max_age };
        response.headers_mut().append(header::SET_COOKIE, cookie_header(name, value.unwrap_or(""), self.core().settings.secure(), age));
    }

    async fn read(core: &Arc<Core>, method: &Method, path: String, headers: &HeaderMap, peer: Option<IpAddr>) -> Result<Self> {
        let names = CookieNames::of(core);
        let session = cookie_value(headers, names.session);
        let actor = match &session {
            Some(token) => identity::resolve(core, token).await?,
            None => Actor::Anonymous,
        };
        if !matches!(actor, Actor::Anonymous) {
            (core.refresh)(core).await?;
        }
        let mut set_cookie = None;
        let secret = if matches!(actor, Actor::Anonymous) {
            match cookie_value(headers, names.visitor).filter(|v| v.len() >= 43) {
                Some(secret) => secret,
                None => {
                    let secret = random::token()?;
                    if *method == Method::GET {
                        set_cookie = Some(cookie_header(names.visitor, &secret, core.settings.secure(), None));
                    }
                    secret
                }
            }
        } else {
            session.clone().unwrap_or_default()
        };
        let csrf = hex::encode(random::digest(format!("form/{secret}").as_bytes()));
        let json = for_programs(&path)
            || headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json") && !v.contains("text/html"));
        let back = if *method == Method::GET || *method == Method::HEAD {
            super::safe_next(&path).to_owned()
        } else {
            came_from(core, headers).unwrap_or_else(|| "/".to_owned())
        };
        Ok(Self {
            cx: Cx::new(core, actor)?,
            path,
            back,
            csrf,
            json,
            address: address(headers, peer, core.settings.trust_proxy),
            agent: headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned(),
            device: cookie_value(headers, names.device),
            step: cookie_value(headers, names.step),
            set_cookie,
            key: Arc::default(),
            leads_to: Arc::default(),
        })
    }
}

/// The names of our cookies: with the `__Host-` prefix where browsers honour it, over TLS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CookieNames {
    pub(crate) session: &'static str,
    visitor: &'static str,
    device: &'static str,
    step: &'static str,
}

impl CookieNames {
    pub(crate) fn of(core: &Core) -> Self {
        if core.settings.secure() {
            Self {
                session: "__Host-vouchsafe",
                visitor: "__Host-vouchsafe-visitor",
                device: "__Host-vouchsafe-device",
                step: "__Host-vouchsafe-step",
            }
        } else {
            Self { session: "vouchsafe", visitor: "vouchsafe-visitor", device: "vouchsafe-device", step: "vouchsafe-step" }
        }
    }
}

/// A `Set-Cookie` header: for this site alone, out of scripts' reach. `max_age` in seconds; none lasts as long as the browser.
pub(crate) fn cookie_header(name: &'static str, value: &str, secure: bool, max_age: Option<i64>) -> HeaderValue {
    let mut cookie = Cookie::build((name, value.to_owned())).path("/").http_only(true).same_site(SameSite::Lax).secure(secure);
    if let Some(seconds) = max_age {
        cookie = cookie.max_age(cookie::time::Duration::seconds(seconds));
    }
    HeaderValue::from_str(&cookie.build().to_string()).unwrap_or(HeaderValue::from_static(""))
}

fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(std::result::Result::ok)
        .find(|c| c.name() == name)
        .map(|c| c.value().to_owned())
}

/// Where a request comes from: the connection's other end, or, behind a proxy of ours, the last address of `X-Forwarded-For`, which is the
/// one that the proxy wrote. Whoever has an IPv6 address has 2^64 of them, so these count by network.
fn address(headers: &HeaderMap, peer: Option<IpAddr>, trust_proxy: bool) -> String {
    let forwarded = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse::<IpAddr>().ok()
    };
    match if trust_proxy { forwarded().or(peer) } else { peer }.map(|ip| ip.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Whether an address is one for programs. What explains those addresses is for people.
fn for_programs(path: &str) -> bool {
    let page = path.strip_prefix("/api/docs").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    path.starts_with("/api/") && !page
}

/// Lets a request through to its handler, or not; turns the handler's error into a page for this visitor.
pub(crate) async fn guard(State((core, access)): State<(Arc<Core>, Access)>, request: Request, next: Next) -> Response {
    let mut response = guarded(core, access, request, next).await;
    if access == Access::Holder {
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    response
}

async fn guarded(core: Arc<Core>, access: Access, mut request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    // What no route for programs takes is a program's all the same: no cookie is read or set there.
    let read = if for_programs(&path) {
        Visit::program(&core, Actor::Anonymous, path, request.headers(), peer)
    } else {
        Visit::read(&core, request.method(), path, request.headers(), peer).await
    };
    let visit = match read {
        Ok(visit) => visit,
        Err(error) => return answer::bare(&error),
    };
    if let Err(error) = admit(&visit, access, &request) {
        return finish(&visit, answer::error(&visit, error).await);
    }
    match enrolling(&visit).await {
        Ok(false) => {}
        Ok(true) => return finish(&visit, super::see_other(ENROL)),
        Err(error) => return finish(&visit, answer::error(&visit, error).await),
    }
    request.extensions_mut().insert(visit.clone());
    let changes = request.method() != Method::GET && request.method() != Method::HEAD;
    let mut response = next.run(request).await;
    if changes {
        twin::remember(&visit, twin::location(&response, access, &visit.path)).await;
    }
    if response.status() == StatusCode::BAD_REQUEST && response.extensions().get::<answer::Failed>().is_none() && is_plain(&response) {
        // The router's own words for a path or query that no link of ours has.
        response = Error::NotFound.into_response();
    }
    if let Some(failed) = response.extensions_mut().remove::<answer::Failed>() {
        response = match failed.take() {
            Some(error) => answer::error(&visit, twin::led_to(&visit, error).await).await,
            None => response,
        };
    }
    finish(&visit, response)
}

fn is_plain(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("text/plain"))
}

/// The page where a second factor is turned on.
const ENROL: &str = "/account/second-factor";

/// Whether the visitor must turn on a second factor before anything else. Doing that, and signing in and out, stays open.
async fn enrolling(visit: &Visit) -> Result<bool> {
    let open = [ENROL, "/sign-"].iter().any(|path| visit.path.starts_with(path));
    if open { Ok(false) } else { identity::second::lacking(visit.core(), &visit.cx.actor).await }
}

/// That no control character stands in the path: no database stores these, and no link of ours has them.
pub(crate) fn printable(request: &Request) -> Result<()> {
    let odd = percent_encoding::percent_decode_str(request.uri().path()).any(|b| b.is_ascii_control());
    if odd { Err(Error::NotFound) } else { Ok(()) }
}

fn admit(visit: &Visit, access: Access, request: &Request) -> Result<()> {
    printable(request)?;
    if request.method() != Method::GET && request.method() != Method::HEAD && foreign(visit.core(), request.headers()) {
        return Err(Error::BadRequest(texts::Text::new("error-foreign-form")));
    }
    match access {
        Access::Public | Access::Holder => Ok(()),
        Access::SignedIn => visit.cx.actor.signed_in().map(|_| ()),
        Access::Authority => match visit.cx.actor.signed_in() {
            Ok(_) if visit.cx.actor.is_authority() => Ok(()),
            Ok(_) => Err(Error::NotFound),
            Err(error) => Err(error),
        },
    }
}

/// Whether a browser says that a form comes from another site.
fn foreign(core: &Core, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let own = core.settings.public_url.trim_end_matches('/');
    text("origin").is_some_and(|origin| origin != own && text("host").is_none_or(|host| !origin.ends_with(&format!("://{host}"))))
}

/// The page of ours that a form stood on.
fn came_from(core: &Core, headers: &HeaderMap) -> Option<String> {
    let from = url::Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let own = url::Url::parse(&core.settings.public_url).ok()?;
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    if from.origin() != own.origin() && host != Some(&from[url::Position::BeforeHost..url::Position::AfterPort]) {
        return None;
    }
    Some(super::safe_next(&from[url::Position::BeforePath..url::Position::AfterQuery]).to_owned())
}

pub(crate) fn finish(visit: &Visit, mut response: Response) -> Response {
    if let Some(cookie) = &visit.set_cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    if let Ok(id) = HeaderValue::from_str(&visit.cx.request.to_string()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::internal("a handler outside the router").into_response())
    }
}

#[cfg(test)]
mod tests;
