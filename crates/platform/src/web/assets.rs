//! The built style sheet, script, icon and map, embedded in the binary and served under names that carry their content's hash.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::ui::Assets;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Built;

/// The names of the built files.
pub fn assets() -> &'static Assets {
    static NAMES: OnceLock<Assets> = OnceLock::new();
    NAMES.get_or_init(|| {
        let manifest = Built::get("manifest.json").map(|file| file.data).unwrap_or_default();
        Assets::from_manifest(&manifest, "/assets/").unwrap_or_else(|error| {
            tracing::error!(%error, "pages will look bare");
            Assets {
                style: "/assets/app.css".into(),
                script: "/assets/app.js".into(),
                icon: "/assets/icon.svg".into(),
                world: "/assets/world.svg".into(),
            }
        })
    })
}

pub(super) async fn serve(Path(name): Path<String>) -> Response {
    match Built::get(&name) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(file) => {
            let mut response = file.data.into_owned().into_response();
            let kind = HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            response
        }
    }
}
