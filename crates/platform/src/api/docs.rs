//! The document as pages: an overview of ours, and for each thing that operations are about a page by Swagger UI, which the binary carries. Its start is a
//! script of our own, so that the content security policy stays as strict as everywhere: no inline script, nothing from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get};
use maud::html;
use utoipa_swagger_ui::Config;

use super::document::{AREAS, Document, described};
use crate::web::{Access, Path, Visit, visit};
use crate::{Core, Error, Result, t, ui};

type Shared = Arc<Document>;

/// The router with the document, as one, thing by thing, and as pages.
pub(super) fn mount(core: &Arc<Core>, router: Router<Arc<Core>>, document: Document) -> Router<Arc<Core>> {
    let document = Arc::new(document);
    let page = |handler: MethodRouter<Shared>| -> MethodRouter<Arc<Core>> {
        let guard = axum::middleware::from_fn_with_state((core.clone(), Access::Public), visit::guard);
        handler.with_state(document.clone()).layer(guard)
    };
    router
        .route("/api/openapi.json", page(get(whole)))
        .route("/api/openapi/{file}", page(get(part)))
        .route("/api/docs", page(get(overview)))
        .route("/api/docs/{thing}", page(get(index)))
        .route("/api/docs/{thing}/{file}", page(get(file)))
}

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

async fn whole(State(document): State<Shared>) -> Result<Response> {
    let text = tokio::task::spawn_blocking(move || document.text()).await.map_err(Error::internal)?;
    Ok((JSON, text).into_response())
}

async fn part(State(document): State<Shared>, Path(file): Path<String>) -> Result<Response> {
    let thing = file.strip_suffix(".json").ok_or(Error::NotFound)?.to_owned();
    let part = tokio::task::spawn_blocking(move || document.part(&thing)).await.map_err(Error::internal)?.ok_or(Error::NotFound)?;
    Ok((JSON, part).into_response())
}

async fn overview(State(document): State<Shared>, visit: Visit) -> Response {
    let title = t!("api-title", authority = &visit.core().settings.authority.name);
    visit.page(&title).body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("api-about")))
        p .govuk-body { a .govuk-link href="/account/tokens" { (t!("api-docs-tokens")) } }
        p .govuk-body { a .govuk-link href="/api/openapi.json" { (t!("api-docs-whole")) } }
        @for area in AREAS {
            @let things: Vec<_> = document.things().iter().filter(|thing| thing.area == area).collect();
            @if !things.is_empty() {
                h2 .govuk-heading-m { (described(area)) }
                ul .govuk-list {
                    @for thing in things {
                        li {
                            a .govuk-link href={ "/api/docs/" (thing.name) "/index.html" } { (thing.name) }
                            " " span .govuk-hint { (t!("api-docs-operations", count = thing.operations)) }
                        }
                    }
                }
            }
        }
    })
}

/// The page is a folder, so that its files are found beside it.
async fn index(State(document): State<Shared>, Path(thing): Path<String>) -> Result<Redirect> {
    if !document.has(&thing) {
        return Err(Error::NotFound);
    }
    Ok(Redirect::permanent(&format!("/api/docs/{thing}/index.html")))
}

async fn file(State(document): State<Shared>, Path((thing, name)): Path<(String, String)>) -> Result<Response> {
    if !document.has(&thing) {
        return Err(Error::NotFound);
    }
    let config = Config::from(format!("/api/openapi/{thing}.json")).use_base_layout().validator_url("none");
    let config = config.deep_linking(true).try_it_out_enabled(false).doc_expansion("list");
    match utoipa_swagger_ui::serve(&name, Arc::new(config)) {
        Ok(Some(file)) => Ok(([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response()),
        Ok(None) => Err(Error::NotFound),
        Err(fault) => Err(Error::internal(format!("the pages of the API's document: {fault}"))),
    }
}
