//! Names of the built style sheet, script, icon and map.

use std::collections::BTreeMap;

/// Addresses of the built assets, read once at start from the bundler's manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// Address of the style sheet.
    pub style: String,
    /// Address of the script.
    pub script: String,
    /// Address of the icon.
    pub icon: String,
    /// Address of the countries' outlines.
    pub world: String,
}

/// The manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// It is not a JSON object of texts.
    #[error("the asset manifest is not a JSON object of names: {0}")]
    Malformed(#[from] serde_json::Error),
    /// An asset is not in it.
    #[error("the asset manifest does not name {0}; run `make assets`")]
    Missing(&'static str),
}

impl Assets {
    /// Reads `manifest.json` as `npm run build` writes it: plain name to name with its content
    /// hash. `base` is the path under which the files are served, such as `/assets/`.
    ///
    /// # Errors
    /// When it is no JSON object of texts, or lacks one of the four names.
    pub fn from_manifest(json: &[u8], base: &str) -> Result<Self, AssetsError> {
        let names: BTreeMap<String, String> = serde_json::from_slice(json)?;
        let of = |plain: &'static str| {
            let hashed = names.get(plain).ok_or(AssetsError::Missing(plain))?;
            Ok::<_, AssetsError>(format!("{base}{hashed}"))
        };
        Ok(Self { style: of("app.css")?, script: of("app.js")?, icon: of("icon.svg")?, world: of("world.svg")? })
    }
}
