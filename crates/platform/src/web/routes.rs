//! Routes, registered together with who may reach them, so that no route can lack an answer to that and a test can try each.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::{answer, visit};
use crate::Core;
use crate::api::{Api, Op, lost, mount, wrong_method};

/// Who may reach a route at all. What they may do there, permits decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Public,
    /// Everyone who knows the address, which holds a token that lets its holder in: it is told to no other page and stored nowhere.
    Holder,
    /// Whoever is signed in.
    SignedIn,
    /// Accounts of the authority; to others the page does not exist.
    Authority,
}

/// A route as tests and documents see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// GET or POST.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: Cow<'static, str>,
    /// Who may reach it.
    pub access: Access,
}

/// The routes of a feature.
#[derive(Default)]
pub struct Routes {
    list: Vec<(RouteInfo, MethodRouter<Arc<Core>>)>,
    api: Api,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page: it changes nothing.
    #[must_use]
    pub fn get<H, T>(self, path: impl Into<Cow<'static, str>>, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<Core>>,
        T: 'static,
    {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    /// A change. Its handler takes [`super::Posted`], which checks the token against forged requests.
    #[must_use]
    pub fn post<H, T>(self, path: impl Into<Cow<'static, str>>, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<Core>>,
        T: 'static,
    {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    fn add(mut self, method: Method, path: impl Into<Cow<'static, str>>, access: Access, handler: MethodRouter<Arc<Core>>) -> Self {
        self.list.push((RouteInfo { method, path: path.into(), access }, handler));
        self
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.api = self.api.and(other.api);
        self
    }

    /// With these routes for programs.
    #[must_use]
    pub fn api(mut self, api: Api) -> Self {
        self.api = self.api.and(api);
        self
    }

    /// The routes for programs.
    pub fn ops(&self) -> Vec<Op> {
        self.api.ops()
    }

    /// The pages and forms.
    pub fn infos(&self) -> Vec<RouteInfo> {
        self.list.iter().map(|(info, _)| info.clone()).collect()
    }
}

/// The whole router: routes with their guards, assets, and the layers that every answer passes.
pub fn router(core: &Arc<Core>, routes: Routes) -> Router {
    let mut router = Router::new();
    for (info, handler) in routes.list {
        let guard = axum::middleware::from_fn_with_state((core.clone(), info.access), visit::guard);
        router = router.route(&info.path, handler.layer(guard));
    }
    router = mount(core, router, routes.api);
    let wrong = axum::middleware::from_fn_with_state((core.clone(), Access::Public), visit::guard);
    let strayed = axum::middleware::from_fn_with_state((core.clone(), Access::Public), visit::guard);
    let router = router
        .route("/assets/{name}", axum::routing::get(super::assets::serve))
        .fallback_service(axum::routing::any(lost).layer(strayed).with_state(core.clone()))
        .method_not_allowed_fallback(Handler::<_, Arc<Core>>::layer(wrong_method, wrong));
    // Around the whole: which methods a path has is added outside of any layer, and is nobody's business where the page is hidden.
    let whole = answer::layers(core, router).with_state(core.clone());
    Router::new().fallback_service(whole).layer(axum::middleware::map_response(answer::without_methods))
}
