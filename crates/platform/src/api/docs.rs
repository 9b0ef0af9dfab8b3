//! The document as pages, by Swagger UI, which the binary carries. Its start is a script of our own, so that the content security policy
//! stays as strict as everywhere: no inline script, nothing from elsewhere.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use utoipa_swagger_ui::Config;

/// The page is a folder, so that its files are found beside it.
pub(super) async fn index() -> Redirect {
    Redirect::permanent("/api/docs/index.html")
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    let config = Config::from("/api/openapi.json").use_base_layout().validator_url("none").deep_linking(true).try_it_out_enabled(false);
    // There are hundreds of operations: a browser takes seconds to draw all of them.
    let config = config.doc_expansion("none").filter(true);
    match utoipa_swagger_ui::serve(&name, Arc::new(config)) {
        Ok(Some(file)) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            tracing::error!(%fault, "the pages of the API's document");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
